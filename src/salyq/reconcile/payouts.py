"""Payouts of pools as records, and the rows that tell the same payouts again (interfaces §3).

A payout, a `mined` row of the same asset and quantity within 2 days, and the wallet's `transfer_in` of it are one
event. The payout stays, with the day on which the pool distributed it; where a row says in which account the coins
arrived, they are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from salyq.civil.days import kz_midnight
from salyq.reconcile.order import sort_key
from salyq.reconcile.told_twice import Pairs, earliest
from salyq.records.model import Payout, Record

PAYOUT_DAYS = 2
NO_POOL = "pool"  # account of a payout that names neither wallet nor pool


def mined(payout: Payout) -> Record:
    """The one record a payout makes: at Kazakhstan's midnight of its day, in its wallet."""
    return Record(
        time=kz_midnight(payout.day),
        day=payout.day,
        kind="mined",
        asset=payout.asset,
        quantity=payout.quantity,
        account=payout.wallet or payout.pool or NO_POOL,
        counterparty=payout.pool,
        source=payout.source,
    )


class PayoutRecords:
    """One `mined` record a payout, in order of time, and which of them has found its rows."""

    def __init__(self, payouts: Sequence[Payout]) -> None:
        both = sorted(((mined(p), p.commission or 0) for p in payouts), key=lambda x: sort_key(x[0]))
        self.records = [r for r, _ in both]
        self.commissions = [c for _, c in both]
        self.told: dict[str, set[int]] = {"mined": set(), "transfer_in": set()}

    def match(self, records: Sequence[Record], rows: Sequence[int], where: str) -> Pairs:
        """(payout, row) pairs, each side once. `rows` index `records`, in order, and are of one kind.

        `where`: mined (rows are `mined`) | wallet (transfers into the payout's own account) | anywhere.
        """
        kind = "mined" if where == "mined" else "transfer_in"
        buckets: dict[tuple[str, int, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for n, r in enumerate(self.records):
            if n not in self.told[kind]:
                buckets[r.asset, r.quantity, r.account if where == "wallet" else ""][0].append(n)
        for n in rows:
            key = (records[n].asset, records[n].quantity, records[n].account if where == "wallet" else "")
            if key in buckets:
                buckets[key][1].append(n)

        def apart(payout: int, row: int) -> int:
            return records[row].day.toordinal() - self.records[payout].day.toordinal()

        pairs: Pairs = []
        for ours, theirs in buckets.values():
            pairs += earliest(ours, theirs, apart, -PAYOUT_DAYS, PAYOUT_DAYS)
        for payout, row in pairs:
            self.told[kind].add(payout)
            if records[row].account:
                self.records[payout] = self.records[payout]._replace(account=records[row].account)
        return sorted(pairs)

    def open(self) -> tuple[list[Record], list[int]]:
        """Payouts whose receipt was not found, and their commissions (10⁻¹⁸ of the asset)."""
        free = [n for n in range(len(self.records)) if n not in self.told["transfer_in"]]
        return [self.records[n] for n in free], [self.commissions[n] for n in free]
