"""What followed from an invoice of the city: the ledger alone says what was written, all of them what accounts say."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.office.pilots.test_city import Place, gate, place

from salyq.office.ledger import books
from salyq.office.ledger.assets import shown
from salyq.office.pilots import demo as card_demo
from salyq.office.pilots.city import accounts
from salyq.office.pilots.city.invoices import City, CityRefused, read
from salyq.office.pilots.consequences import consequences

__all__ = ("gate", "place")  # fixtures
_numbers = count()
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["invoice", "invoice", "pay", "pay", "pay", "again", "other", "dies", "late", "silent", "next day"]
        ),
        st.integers(1, 25_000_000),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=12,
)


class DiedError(BaseException):
    """The process ended between what was meant and the ledger."""


class Mortal(City):
    """Dies after it wrote down what is meant."""

    def _carry_out(self, number: str, meant: Any) -> None:
        raise DiedError


def play(p: Place, steps: list[tuple[str, int, int]]) -> tuple[list[str], Counter[str]]:
    """Does these steps; the invoices' numbers, and how payments were answered."""
    made: list[str] = []
    said: Counter[str] = Counter()
    last: tuple[str, str, str, str] | None = None
    for what, tiyn, which in steps:
        if what == "invoice" or not made:
            shop = p.shops[which % len(p.shops)]
            made.append(p.city.invoice(shop.id, tiyn, "", f"c{next(_numbers)}").number)
        elif what == "next day":
            p.at(p.store.clock.now() + timedelta(hours=20))
        elif what == "late":
            p.at(p.store.clock.now() + timedelta(hours=5 + tiyn % 30))
        elif what == "silent":  # no price comes: the next payment is refused
            p.store.move_clock(p.store.clock.now() + timedelta(minutes=30))
        else:
            if what == "again" and last is not None:
                asked = last
            else:
                asset = "BTC" if which == 5 else "USDT"
                number = made[-1] if what != "other" else made[which % len(made)]
                asked = (number, p.people[which % 2], asset, f"k{next(_numbers)}")
            last = asked
            city = Mortal(p.store, p.gate, p.city.contract) if what == "dies" else p.city
            try:
                said[city.pay(*asked).state] += 1
            except CityRefused as refused:
                said[refused.reason] += 1
            except DiedError:
                said["died"] += 1
    return made, said


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_from_the_ledger_alone_as_written_at_the_time(place: Place, steps: list[tuple[str, int, int]]) -> None:
    place.at(place.store.clock.now() + timedelta(days=1))
    before = totals(place)
    made, said = play(place, steps)
    summed: Counter[str] = Counter()
    with place.store.transaction() as tx:
        for number in made:
            invoice = read(tx, number)
            told = consequences(tx, f"city/{number}")
            assert invoice is not None
            assert told is not None
            assert told["from_ledger"] == told["written"], told["happened"]
            assert told["agree"]
            paid = invoice.state == "paid"
            assert told["from_ledger"]["settled_kzt"] == shown(invoice.tiyn if paid else 0, "KZT")
            used = {row["used_kzt"] for row in told["limits_used"]}
            assert used == ({shown(invoice.tiyn, "KZT")} if paid else set())
            assert [len(told["sales"]), len(told["reports"])] == [int(paid)] * 2
            assert (told["tax"] is not None) is paid
            assert told["allowed_by"]["city"]["stage"]
            summed["settled"] += round_tiyn(told["from_ledger"]["settled_kzt"])
            summed["fees"] += round_tiyn(told["from_ledger"]["fees_kzt"])
            summed["paid"] += paid
    assert summed["paid"] <= said["paid"]  # asked again, one payment is answered paid twice
    after = totals(place)
    assert {k: after[k] - before[k] for k in after} == {k: summed[k] for k in after}


def round_tiyn(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(f"{part:0<2}")


def totals(p: Place) -> dict[str, int]:
    tills = sum(place_balance(p, accounts.merchant(shop.id)) for shop in p.shops)
    return {"settled": tills, "fees": place_balance(p, accounts.fees(p.city.contract))}


def place_balance(p: Place, name: str) -> int:
    with p.store.transaction() as tx:
        found = books.account(tx, name)
    return 0 if found is None else int(found.credits) - int(found.debits)


def test_a_death_before_the_ledger_left_nothing_and_is_gone_on_from(place: Place) -> None:
    number = place.city.invoice(place.shops[0].id, 200_000, "", "x").number
    with pytest.raises(DiedError):
        Mortal(place.store, place.gate, place.city.contract).pay(number, place.people[0], "USDT", "k")
    for state, settled in (("open", "0.00"), ("paid", "2000.00")):
        with place.store.transaction() as tx:
            told = consequences(tx, f"city/{number}")
            invoice = read(tx, number)
        assert told is not None
        assert invoice is not None
        assert (invoice.state, told["from_ledger"]["settled_kzt"], told["agree"]) == (state, settled, True)
        place.city.pay(number, place.people[0], "USDT", "k")


PLANTED = [
    "update pilots.event set body = body || '{\"settled\": \"1\"}' where kind = 'paid'",
    "update pilots.event set body = body || '{\"fee\": \"0\"}' where kind = 'paid'",
    "update pilots.event set body = body || '{\"units\": \"1\"}' where kind = 'paid'",
    "delete from pilots.event where kind = 'paid'",
    "update ledger.transfer set amount = amount + 1 where code = 'settle'",
    "update ledger.transfer set amount = amount - 1 where code = 'city'",
    "delete from ledger.transfer where code = 'fee'",
]


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_seen(place: Place, planted: str) -> None:
    number = place.city.invoice(place.shops[0].id, 200_000, "", "x").number
    place.city.pay(number, place.people[0], "USDT", "k")
    with psycopg.connect(place.store.url, autocommit=True) as owner:
        owner.execute(b"set session_replication_role = replica")
        assert owner.execute(planted.encode()).rowcount > 0
    with place.store.transaction() as tx:
        told = consequences(tx, f"city/{number}")
    assert told is not None
    assert not told["agree"]


def test_from_2027_the_city_s_own_rules_stand_in_what_followed(place: Place) -> None:
    """By whose rules it was allowed is told as it was on the day, also when asked years later."""
    first = place.city.invoice(place.shops[0].id, 100_000, "", "before").number
    place.at(datetime(2027, 8, 2, 6, tzinfo=UTC))
    with place.store.transaction() as tx:
        card_demo.feed(tx, ["USDT"], tx.now)
        told = consequences(tx, f"city/{first}")
    assert told is not None
    assert told["allowed_by"]["city"]["stage"] == "national"
