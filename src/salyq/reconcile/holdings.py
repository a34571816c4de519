"""What is held where at the end of a day, and where the books say that less than nothing was held."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from salyq.civil.numbers import format_scaled
from salyq.reconcile.model import Ledger
from salyq.records import columns
from salyq.records.columns import Amounts, Coded, picked
from salyq.records.model import Record

SENT = "(sent, still owned)"  # transfers whose other side is unknown (semantics 3)
ON_THE_WAY = "(on the way)"  # transfers between own accounts that arrive on a later day


class Holding(NamedTuple):
    """`quantity` in 10⁻¹⁸ units of `asset`; below zero where an acquisition is missing from the books."""

    account: str
    asset: str
    quantity: int

    def to_row(self) -> dict[str, object]:
        """account, asset, quantity in whole units (Decimal)."""
        return {"account": self.account, "asset": self.asset, "quantity": Decimal(format_scaled(self.quantity))}


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
    held = [0] * len(places)
    found: list[list[Holding]] = []
    own_days = ledger.records.column("day")
    start = 0
    for day in days:
        end = bisect_right(own_days, day, start)  # times, and so days, only go on
        own = slice(legs.starts[start], legs.starts[end])
        held = [
            before + more for before, more in zip(held, _sums(keys[own], legs.quantity[own], len(places)), strict=True)
        ]
        start = end
        found.append(_with_sent(ledger, dict(zip(places, held, strict=True)), day))
    return found


def _sums(keys: array[int], quantities: Amounts, count: int) -> list[int]:
    """The sum of the quantities of each place."""
    if len(keys) >= columns.MANY and quantities.wide is None:
        from salyq.reconcile.holdings_many import sums

        return [n * quantities.grain for n in sums(keys, quantities.numbers, count)]
    held = [0] * count
    for key, quantity in zip(keys, quantities, strict=True):
        held[key] += quantity
    return held


def _places(ledger: Ledger) -> tuple[array[int], list[tuple[str, str]]]:
    """The number of the place where each movement is, and the (account, asset) of each number."""
    asset, accounts = ledger.legs().asset, Coded.from_column(ledger.records.column("account"))
    if len(accounts.values) == 1:
        return asset.numbers, [(accounts.values[0], name) for name in asset.values]
    own, width = picked(accounts.numbers, ledger.legs().row), len(asset.values)
    # those alone that occur: of thousands of addresses and tokens few pairs do
    found = Coded.of(account * width + n for account, n in zip(own, asset.numbers, strict=True))
    return found.numbers, [(accounts.values[key // width], asset.values[key % width]) for key in found.values]


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
    below = _below(keys, legs.quantity, len(places))
    return _first_below(ledger, keys, {key: places[key] for key in below}) if below else []


def _below(keys: array[int], quantities: Amounts, count: int) -> set[int]:
    """The places that are below zero after a movement; within an instant perhaps."""
    if len(keys) >= columns.MANY and quantities.wide is None:
        from salyq.reconcile.holdings_many import below

        found = below(keys, quantities.numbers, count)
        if found is not None:
            return found
    held, under = [0] * count, set()
    for key, quantity in zip(keys, quantities.told, strict=True):
        left = held[key] = held[key] + quantity
        if left < 0:
            under.add(key)
    return under


def _first_below(ledger: Ledger, keys: array[int], below: Mapping[int, tuple[str, str]]) -> list[NegativeBalance]:
    """Of places that are below zero after a movement: those that are at the end of an instant, and when first."""
    held: dict[int, int] = defaultdict(int)
    found: dict[int, NegativeBalance] = {}
    suspects: dict[int, int] = {}
    records, times, legs = ledger.records, ledger.records.micros, ledger.legs()

    def settle() -> None:
        for key, suspect in suspects.items():
            if held[key] < 0:
                found[key] = NegativeBalance(*below[key], records[suspect], held[key])
        suspects.clear()

    time: int | None = None
    for m in [m for m, key in enumerate(keys) if key in below]:
        n, key, quantity = legs.row[m], keys[m], legs.quantity[m]
        if times[n] != time:
            settle()
            time = times[n]
        held[key] += quantity
        if held[key] < 0 and key not in found:
            suspects.setdefault(key, n)
    settle()
    return list(found.values())
