"""Journeys through the pilots in a real browser, in three languages: an invoice is paid, a holder looks at a coffee,
the supervisor at the corridor and a contract; axe finds nothing, nothing is wider than a phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser import browser
from tests.office.conftest import Portal
from tests.office.portal.journey import listening, visitor

WAYS = [("kk", True, "light", 320), ("ru", True, "dark", 1100), ("en", False, "light", 1100)]
PAY = {"kk": ("Төлеу", "төленді"), "ru": ("Оплатить", "оплачен"), "en": ("Pay", "paid")}
CASES = {
    "kk": ("Неге рұқсат етілді", "жылғы салық"),
    "ru": ("Что это разрешило", "Налог за"),
    "en": ("What allowed it", "Tax of"),
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as made:
        yield made


@pytest.mark.parametrize(("lang", "script", "theme", "width"), WAYS)
def test_pilots_in_a_browser(country: Portal, chromium: Any, lang: str, script: bool, theme: str, width: int) -> None:
    faults: list[str] = []
    with listening(country) as address:

        def come(who: str) -> Any:
            return visitor(chromium, country, address, lang, who, script=script, theme=theme, width=width)

        merchant, contract = country.demo["city"]["merchants"][0]["id"], country.demo["city"]["contract"]
        asked = {"contract": contract, "merchant": merchant, "amount_kzt": "1850.00", "what": "coffee"}
        made = country.browser.post("/api/v1/city/invoices", json=asked, headers=country.key("city_merchant"))
        number = made.json()["number"]
        with come("") as here:
            faults += here.looked_at("/pilot")
            faults += here.looked_at("/pilot/city")
        with come("city_payer") as here:
            here.go(f"/pilot/city/invoices/{number}")
            faults += here.faults()
            here.press(PAY[lang][0], "main button")
            assert PAY[lang][1] in here.main()
            faults += here.faults(leaving=True)
        with come("card_holder") as here:
            here.go("/pilot/card")
            faults += here.faults()
            here.press("2026-11-27" if lang == "en" else "27.11.2026", "main td a")
            for words in CASES[lang]:
                assert words in here.main()
            assert "363" in here.main()  # the article of the tax
            faults += here.faults(leaving=True)
        with come("officer") as here:
            for page in ("/pilot/corridor", "/pilot/sandbox", f"/pilot/sandbox/{contract}", "/pilot/card"):
                faults += here.looked_at(page)
    assert faults == []
