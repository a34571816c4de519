"""What is held where at the end of a day, and where the books say that less than nothing was held."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
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
    held: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    found: list[list[Holding]] = []
    own_days = [r.day for r in ledger.records]
    start = 0
    for day in days:
        end = bisect_right(own_days, day, start)  # times, and so days, only go on
        for r, moved in zip(ledger.records[start:end], ledger.legs()[start:end], strict=True):
            own = held[r.account]
            for asset, quantity, _ in moved:
                own[asset] += quantity
        start = end
        found.append(_with_sent(ledger, {(a, x): n for a, own in held.items() for x, n in own.items()}, day))
    return found


def _with_sent(ledger: Ledger, on_accounts: dict[tuple[str, str], int], on: date) -> list[Holding]:
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
    held: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    found: dict[tuple[str, str], NegativeBalance] = {}
    suspects: dict[tuple[str, str], Record] = {}
    last = len(ledger.records) - 1
    for n, (r, moved) in enumerate(zip(ledger.records, ledger.legs(), strict=True)):
        own = held[r.account]
        for asset, quantity, _ in moved:
            left = own[asset] = own[asset] + quantity
            if left < 0 and (r.account, asset) not in found:
                suspects.setdefault((r.account, asset), r)
        if suspects and (n == last or ledger.records[n + 1].time != r.time):
            for (account, asset), suspect in suspects.items():
                left = held[account][asset]
                if left < 0:
                    found[account, asset] = NegativeBalance(account, asset, suspect, left)
            suspects.clear()
    return list(found.values())
