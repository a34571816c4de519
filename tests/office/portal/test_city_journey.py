"""The city in a real browser by its forms alone: a merchant makes an invoice, a resident pays it, and what may not be
is refused in words. With script and without, in Kazakh and in Russian.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.browser import browser
from tests.office.conftest import Portal
from tests.office.portal.journey import Visitor, listening, visitor

from salyq.office.ledger.gate import Gate
from salyq.office.pilots import demo, events
from salyq.office.pilots.city.invoices import City

WAYS = [("kk", True, 320), ("ru", False, 1100)]
MAKE = {"kk": "Шот ұсыну", "ru": "Выставить счёт"}
PAY = {"kk": "Төлеу", "ru": "Оплатить"}
PAID = {"kk": "төленді", "ru": "оплачен"}
TWICE = {"kk": "шот төленген", "ru": "счёт уже оплачен"}
LATE = {"kk": "шоттың мерзімі өтті", "ru": "срок счёта истёк"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as made:
        yield made


def alert(here: Visitor) -> str:
    return str(here.page.locator('[role="alert"]').inner_text())


def soon_late(country: Portal) -> str:
    """An invoice of twenty minutes: nobody is signed out before it is late."""
    place = country.demo["city"]
    with Gate(country.work.url, country.work.clock) as gate:
        city = City(country.work, gate, place["contract"])
        return city.invoice(place["merchants"][0]["id"], 90_000, "tea", "soon late", timedelta(minutes=20)).number


def invoiced(shop: Visitor, lang: str, amount: str) -> str:
    shop.go("/pilot/city")
    shop.fill("amount", amount)
    shop.fill("what", "кофе & «чай»")
    shop.press(MAKE[lang], "main button")
    return str(shop.page.url).rpartition("/")[2]


@pytest.mark.parametrize(("lang", "script", "width"), WAYS)
def test_an_invoice_is_made_and_paid_by_forms(
    country: Portal, chromium: Any, lang: str, script: bool, width: int
) -> None:
    faults: list[str] = []
    forgotten = soon_late(country)
    with listening(country) as address:

        def come(who: str) -> Any:
            return visitor(chromium, country, address, lang, who, script=script, width=width)

        with come("city_merchant") as shop:
            shop.go("/pilot/city")
            for wrong in ("0", "1,555", "-5", "он", "9" * 19):
                shop.fill("amount", wrong)
                shop.fill("what", "чай")
                shop.press(MAKE[lang], "main button")
                assert alert(shop)
                assert shop.page.locator('[name="amount"]').input_value() == wrong
            faults += shop.faults()
            number, dear = invoiced(shop, lang, "1 850,00"), invoiced(shop, lang, "900000000")
            shop.go(f"/pilot/city/invoices/{number}")
            assert "1 850,00" in shop.main()
            assert "кофе & «чай»" in shop.main()
            assert shop.page.locator("main button").count() == 0  # a firm has no coins of its own here
        with come("") as stranger:
            stranger.go(f"/pilot/city/invoices/{number}")
            assert stranger.page.locator("main button").count() == 0
            assert stranger.page.locator('main a[href$="/sign-in"]').count() == 1
            stranger.go("/pilot/city")
            assert stranger.page.locator('[name="amount"]').count() == 0
            faults += stranger.faults(leaving=True)
        with come("city_payer") as payer:
            payer.go(f"/pilot/city/invoices/{dear}")
            payer.press(PAY[lang], "main button")
            assert alert(payer)  # above a limit, or more than he has
            tabs = [Visitor(payer.page.context.new_page(), address, lang, script=script) for _ in range(3)]
            for tab, of in zip(tabs, (number, number, forgotten), strict=True):
                tab.go(f"/pilot/city/invoices/{of}")
            tabs[0].press(PAY[lang], "main button")
            assert PAID[lang] in tabs[0].main()
            tabs[1].press(PAY[lang], "main button")  # the page that was opened before
            assert TWICE[lang] in alert(tabs[1])
            faults += tabs[1].faults()
            country.work.move_clock(country.work.clock.now() + timedelta(minutes=21))
            with country.work.transaction() as tx:
                demo.feed(tx, ["USDT", "BTC"], tx.now)
            tabs[2].press(PAY[lang], "main button")
            assert LATE[lang] in alert(tabs[2])
            assert tabs[2].page.locator("main button").count() == 0
    assert faults == []
    with country.work.transaction() as tx:
        kept = [events.by_id(tx, f"city/{x}/paid") is not None for x in (number, forgotten, dear)]
    assert kept == [True, False, False]
