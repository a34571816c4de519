"""What the city tells its people: its rules in a reader's days, and where a merchant who sold nothing yet sells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.office.pilots.test_city import Place

from salyq.cli.main import main
from salyq.office.ledger.gate import Gate
from salyq.office.pilots.city.invoices import CityRefused, place_of
from salyq.office.pilots.sandbox import contracts
from salyq.office.store.store import Store


@pytest.fixture
def gate(store: Store) -> Iterator[Gate]:
    with Gate(store.url, store.clock) as made:
        yield made


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ("2026-07-01 – 2026-12-31: ", "Since 2027-01-01: ", "Begins on 2027-07-01: ", "286-VIII, art. 47")),
        ("ru", ("01.07.2026 – 31.12.2026: ", "С 01.01.2027: ", "Начнётся 01.07.2027: ", "286-VIII, ст. 47")),
        ("kk", ("01.07.2026 – 31.12.2026: ", "01.01.2027 бастап: ", "01.07.2027 басталады: ", "286-VIII Конст")),
    ],
)
def test_the_citys_rules_in_a_readers_days(
    lang: str, told: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """What was, what is since when and what begins; articles as lawyers write them."""
    assert main(["pilot", "city", "rules", "--on", "2027-03-01", "--lang", lang]) == 0
    page = capsys.readouterr().out
    assert [t for t in told if t not in page] == []
    assert "law-286" not in page
    assert ("2027-0" in page) is (lang == "en")
    for day, begun in (("2026-06-30", 0), ("2027-07-01", 3)):
        assert main(["pilot", "city", "rules", "--on", day, "--lang", "en"]) == 0
        assert capsys.readouterr().out.count("Begins on") == 3 - begun


def test_a_merchant_who_sold_nothing_yet_sells_where_he_may(store: Store, gate: Gate) -> None:
    """Under the contract that names him, until it is stopped; a stranger nowhere."""
    place = Place(store, gate, datetime(2026, 8, 3, 6, tzinfo=UTC))
    shop = place.shops[0].id
    with store.transaction() as tx:
        assert place_of(tx, ["990140000136"]) is None
        assert place_of(tx, ["990140000136", shop]) == (shop, "SB-2026-CITY")
        contracts.say(tx, "SB-2026-CITY", "stopped", "order-1")
    with store.transaction() as tx:
        assert place_of(tx, [shop]) is None
    with pytest.raises(CityRefused) as caught:
        place.city.invoice(shop, 100, "x", "k")
    told = {lang: caught.value.shown(lang) for lang in ("kk", "ru", "en")}
    assert "остановлен [" in told["ru"]
    assert ["51-5" in told[lang] and "nbk-law" not in told[lang] for lang in told] == [True] * 3
