"""What is held where at the end of a day, and where the books say that less than nothing was held."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import NamedTuple

from salyq.reconcile.model import Ledger
from salyq.records.model import Record

SENT = "(sent, still owned)"  # transfers whose other side is unknown (semantics 3)
ON_THE_WAY = "(on the way)"  # transfers between own accounts that arrive on a later day


class Holding(NamedTuple):
    """`quantity` in 10⁻¹⁸ units of `asset`; below zero where an acquisition is missing from the books."""

    account: str
    asset: str
    quantity: int


class NegativeBalance(NamedTuple):
    """The first record after which `account` owes `asset` at that instant; `balance` (below zero) in 10⁻¹⁸."""

    account: str
    asset: str
    record: Record
    balance: int


def holdings(ledger: Ledger, on: date) -> list[Holding]:
    """Balances at the end of Kazakhstan day `on`, by account and asset, without zeros.

    What an unmatched transfer sent away stands under SENT; what travels between two own accounts that night, under
    ON_THE_WAY.
    """
    return holdings_at(ledger, [on])[0]


def holdings_at(ledger: Ledger, days: Sequence[date]) -> list[list[Holding]]:
    """The holdings of several days, earlier ones first, in one walk over the records (which stand in order of time)."""
    legs, places = ledger.legs(), _places(ledger)
    held: dict[tuple[str, str], int] = defaultdict(int)
    found: list[list[Holding]] = []
    own_days = [r.day for r in ledger.records]
    start = 0
    for day in days:
        end = bisect_right(own_days, day, start)  # times, and so days, only go on
        own = slice(legs.starts[start], legs.starts[end])
        for place, quantity in zip(places[own], legs.quantity[own], strict=True):
            held[place] += quantity
        start = end
        found.append(_with_sent(ledger, held, day))
    return found


def _places(ledger: Ledger) -> list[tuple[str, str]]:
    """(account, asset) of each movement; each pair is one object."""
    legs, accounts = ledger.legs(), [r.account for r in ledger.records]
    if len(set(accounts)) == 1:
        only = {asset: (accounts[0], asset) for asset in set(legs.asset)}
        return [only[asset] for asset in legs.asset]
    made: dict[tuple[str, str], tuple[str, str]] = {}
    return [made.setdefault(place, place) for place in zip([accounts[n] for n in legs.row], legs.asset, strict=True)]


def _with_sent(ledger: Ledger, on_accounts: Mapping[tuple[str, str], int], on: date) -> list[Holding]:
    held = defaultdict(int, on_accounts)
    for r in ledger.unmatched_out:
        if r.day <= on:
            held[SENT, r.asset] += r.quantity
    for t in ledger.transfers:
        if t.how == "own":  # back from where no file looks: part of what was sent there
            if t.received.day <= on:
                held[SENT, t.sent.asset] -= t.received.quantity
            continue
        left, arrived = t.sent.day <= on, t.received.day <= on
        held[ON_THE_WAY, t.sent.asset] += t.received.quantity * (left - arrived)
    return [Holding(account, asset, held[account, asset]) for account, asset in sorted(held) if held[account, asset]]


def negative_balances(ledger: Ledger) -> list[NegativeBalance]:
    """For each account and asset, the first time it goes below zero; records of one instant count together."""
    legs, places = ledger.legs(), _places(ledger)
    moved: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, quantity in zip(places, legs.quantity, strict=True):
        moved[place].append(quantity)
    below = {place for place, own in moved.items() if min(accumulate(own)) < 0}  # within an instant perhaps
    return _first_below(ledger, places, below) if below else []


def _first_below(
    ledger: Ledger, places: Sequence[tuple[str, str]], below: set[tuple[str, str]]
) -> list[NegativeBalance]:
    """Of places that are below zero after a movement: those that are at the end of an instant, and when first."""
    held: dict[tuple[str, str], int] = defaultdict(int)
    found: dict[tuple[str, str], NegativeBalance] = {}
    suspects: dict[tuple[str, str], Record] = {}
    records, legs = ledger.records, ledger.legs()

    def settle() -> None:
        for place, suspect in suspects.items():
            if held[place] < 0:
                found[place] = NegativeBalance(*place, suspect, held[place])
        suspects.clear()

    time: datetime | None = None
    for n, place, quantity in zip(legs.row, places, legs.quantity, strict=True):
        if place not in below:
            continue
        if records[n].time != time:
            settle()
            time = records[n].time
        held[place] += quantity
        if held[place] < 0 and place not in found:
            suspects.setdefault(place, records[n])
    settle()
    return list(found.values())
