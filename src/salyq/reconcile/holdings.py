"""What is held where at the end of a day, and where the books say that less than nothing was held."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
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
    legs, (keys, places) = ledger.legs(), _places(ledger)
    held: dict[Hashable, int] = defaultdict(int)
    found: list[list[Holding]] = []
    own_days = ledger.records.column("day")
    start = 0
    for day in days:
        end = bisect_right(own_days, day, start)  # times, and so days, only go on
        own = slice(legs.starts[start], legs.starts[end])
        for key, quantity in zip(keys[own], legs.quantity[own], strict=True):
            held[key] += quantity
        start = end
        found.append(_with_sent(ledger, {places[key]: quantity for key, quantity in held.items()}, day))
    return found


def _places(ledger: Ledger) -> tuple[Sequence[Hashable], Mapping[Hashable, tuple[str, str]]]:
    """A key of where each movement is, and the (account, asset) of each key."""
    legs, accounts = ledger.legs(), ledger.records.column("account")
    if len(set(accounts)) == 1:
        return legs.asset, {asset: (accounts[0], asset) for asset in set(legs.asset)}
    keys = list(zip([accounts[n] for n in legs.row], legs.asset, strict=True))
    return keys, {key: key for key in set(keys)}


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
    legs, (keys, places) = ledger.legs(), _places(ledger)
    held: dict[Hashable, int] = dict.fromkeys(places, 0)
    below: set[Hashable] = set()  # after a movement; within an instant perhaps
    for key, quantity in zip(keys, legs.quantity.told, strict=True):
        left = held[key] = held[key] + quantity
        if left < 0:
            below.add(key)
    return _first_below(ledger, keys, {key: places[key] for key in below}) if below else []


def _first_below(
    ledger: Ledger, keys: Sequence[Hashable], below: Mapping[Hashable, tuple[str, str]]
) -> list[NegativeBalance]:
    """Of places that are below zero after a movement: those that are at the end of an instant, and when first."""
    held: dict[Hashable, int] = defaultdict(int)
    found: dict[Hashable, NegativeBalance] = {}
    suspects: dict[Hashable, int] = {}
    records, times, legs = ledger.records, ledger.records.micros, ledger.legs()

    def settle() -> None:
        for key, suspect in suspects.items():
            if held[key] < 0:
                found[key] = NegativeBalance(*below[key], records[suspect], held[key])
        suspects.clear()

    time: int | None = None
    for n, key, quantity in zip(legs.row, keys, legs.quantity, strict=True):
        if key not in below:
            continue
        if times[n] != time:
            settle()
            time = times[n]
        held[key] += quantity
        if held[key] < 0 and key not in found:
            suspects.setdefault(key, n)
    settle()
    return list(found.values())
