"""What is held where at the end of a day, and where the books say that less than nothing was held."""

from __future__ import annotations

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
    held: dict[tuple[str, str], int] = defaultdict(int)
    found: list[list[Holding]] = []
    for r, moved in zip(ledger.records, ledger.legs(), strict=True):
        while len(found) < len(days) and r.day > days[len(found)]:
            found.append(_with_sent(ledger, dict(held), days[len(found)]))
        if len(found) == len(days):
            break
        account = r.account
        for asset, quantity, _ in moved:
            held[account, asset] += quantity
    return found + [_with_sent(ledger, dict(held), day) for day in days[len(found) :]]


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
    held: dict[tuple[str, str], int] = defaultdict(int)
    found: dict[tuple[str, str], NegativeBalance] = {}
    suspects: dict[tuple[str, str], Record] = {}
    last = len(ledger.records) - 1
    for n, (r, moved) in enumerate(zip(ledger.records, ledger.legs(), strict=True)):
        for asset, quantity, _ in moved:
            key = (r.account, asset)
            held[key] += quantity
            if held[key] < 0 and key not in found:
                suspects.setdefault(key, r)
        if suspects and (n == last or ledger.records[n + 1].time != r.time):
            for key, suspect in suspects.items():
                if held[key] < 0:
                    found[key] = NegativeBalance(*key, suspect, held[key])
            suspects.clear()
    return list(found.values())
