"""Movements as columns are what records say one by one: their order, what each is, and where less than nothing is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from reconcile_world import PERSON, START, reading
from test_reconcile_properties import FILES, PAYOUTS, Files

from salyq.civil.currencies import is_currency
from salyq.facts import events as events_module
from salyq.facts.events import Events
from salyq.reconcile import reconcile
from salyq.reconcile.holdings import NegativeBalance, holdings_at, negative_balances
from salyq.reconcile.legs import legs
from salyq.reconcile.model import Ledger
from salyq.reconcile.order import sort_key
from salyq.records import columns
from salyq.records.model import Payout

MANY = settings(max_examples=50, deadline=None)
Movement = tuple[int, str, str, int, bool]  # record, kind, asset, quantity, whether it comes in


def told(ledger: Ledger, n: int) -> list[tuple[str, str, int]]:
    """(kind, asset, signed quantity) of what one record moves: the plain words of the rules."""
    r = ledger.records[n]
    settled = [t.sent for t in ledger.transfers] + [t.received for t in ledger.transfers] + ledger.unmatched_out
    found = []
    for leg in legs(r):
        if leg.kind == "move":
            if leg.quantity > 0 and r not in settled:
                found.append(("transfer_in", leg.asset, leg.quantity))
        elif leg.kind == "fee":
            found.append(("fee", leg.asset, leg.quantity))
        elif r.kind in ("buy", "sell") and r.value is not None and not is_currency(r.currency or ""):
            found.append(("swap_in" if leg.quantity > 0 else "swap_out", leg.asset, leg.quantity))
        else:
            found.append((r.kind, leg.asset, leg.quantity))
    fees = [t.network_fee for t in ledger.transfers if t.sent == r]
    return found + [("fee", r.asset, -fee) for fee in fees[-1:] if fee]


def in_turn(ledger: Ledger, last_year: int) -> list[Movement]:
    """One instant after another: what comes in, what goes out, fees; in each by the content of its record."""
    made: list[Movement] = []
    own = [n for n, r in enumerate(ledger.records) if r.day.year <= last_year]
    for _, rows in groupby(own, lambda n: ledger.records[n].time):
        moved = [(n, *m) for n in rows for m in told(ledger, n)]
        moved.sort(key=lambda m: (2 if m[1] == "fee" else 0 if m[3] > 0 else 1, sort_key(ledger.records[m[0]])[2:]))
        made += [(n, kind, asset, abs(quantity), quantity > 0) for n, kind, asset, quantity in moved]
    return made


def walked(ledger: Ledger) -> list[NegativeBalance]:
    """Every balance after every instant, record by record."""
    held: dict[tuple[str, str], int] = defaultdict(int)
    found: dict[tuple[str, str], NegativeBalance] = {}
    for _, rows in groupby(ledger.records, lambda r: r.time):
        first = {}
        for r in rows:
            for leg in legs(r):
                held[r.account, leg.asset] += leg.quantity
                if held[r.account, leg.asset] < 0:
                    first.setdefault((r.account, leg.asset), r)
        for place, r in first.items():
            if held[place] < 0 and place not in found:
                found[place] = NegativeBalance(*place, r, held[place])
    return list(found.values())


@MANY
@given(FILES, PAYOUTS)
def test_columns_say_what_records_say_in_turn(files: Files, payouts: list[Payout]) -> None:
    ledger = reconcile(reading(files, {"payouts.csv": payouts}), PERSON)
    for year in (START.year - 1, START.year, START.year + 1):
        events = Events(ledger, PERSON, year)
        told_by = zip(events.row, events.kind, events.asset, events.quantity, events.acquisition, strict=True)
        right = in_turn(ledger, year)
        assert list(told_by) == right
        assert [e.key for e in events] == list(range(len(right)))
        for e, (n, kind, asset, quantity, came) in zip(events, right, strict=True):
            assert (e.kind, e.asset, e.quantity, e.acquisition) == (kind, asset, quantity, came)
            assert e.record == ledger.records[n]
            assert e is events[e.key]
            assert (e.key in events.of_year(START.year)) is (e.record.day.year == START.year)
        left = {ledger.records[n].day.year for n, *_, came in right if not came}
        assert events.years_left() == left


@MANY
@given(FILES, PAYOUTS)
def test_less_than_nothing_is_found_where_a_walk_finds_it(files: Files, payouts: list[Payout]) -> None:
    ledger = reconcile(reading(files, {"payouts.csv": payouts}), PERSON)
    assert negative_balances(ledger) == walked(ledger)


@MANY
@given(FILES)
def test_movements_of_some_records_are_numbered_anew(files: Files) -> None:
    ledger = reconcile(reading(files), PERSON)
    whole = Events(ledger, PERSON, START.year + 1)
    some = whole.only(lambda r: r.account == "okx")
    assert [e._replace(key=0) for e in some] == [e._replace(key=0) for e in whole if e.record.account == "okx"]
    assert [e.key for e in some] == list(range(len(some)))
    own = [key for key in range(len(whole)) if whole.kind[key] == "fee"]
    assert list(whole.some(own)) == [e for e in whole if e.kind == "fee"] == whole.made(own)


def told_with(most: int, files: Files, payouts: list[Payout]) -> list[object]:
    """The ledger, movements, holdings and what is below zero, made as of few or of many rows."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(columns, "MANY", most)
        patched.setattr(events_module, "LEAST", most)
        ledger = reconcile(reading(files, {"payouts.csv": payouts}), PERSON)
        events = Events(ledger, PERSON, START.year)
        legs_of = ledger.legs()
        days = [START.date(), START.date() + timedelta(days=2), date(START.year, 12, 31)]
        return [
            list(ledger.records),
            ledger.sales,
            [list(column) for column in legs_of],
            list(events),
            negative_balances(ledger),
            holdings_at(ledger, days),
            [list(column) for column in legs_of.upto(len(ledger.records) // 2)],
        ]


@MANY
@given(FILES, PAYOUTS)
def test_many_records_are_settled_as_few(files: Files, payouts: list[Payout]) -> None:
    assert told_with(1, files, payouts) == told_with(10**6, files, payouts)
