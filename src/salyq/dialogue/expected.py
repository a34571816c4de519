"""Which open transfer is the likely other side of another one (semantics 43): proposed, never settled by itself.

What is expected to arrive is what was sent less the fee that the row states; where it states none, up to 2 % less. It
arrives in another account within seven days.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from salyq.records.model import Record

WITHIN = timedelta(days=7)
UNTOLD = 50  # one part in so many may be a fee that no row tells
LOOKED_AT = 200  # open rows of one asset within the seven days


class Expected:
    """The open transfers of a case, by place of their row."""

    def __init__(self, outs: Iterable[Record], ins: Iterable[Record]) -> None:
        self._rows: dict[str, Record] = {}
        self._by_asset: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for r in (*outs, *ins):
            self._rows[r.source.place] = r
            self._by_asset[r.kind, r.asset].append(r)
        for rows in self._by_asset.values():
            rows.sort(key=lambda r: r.time)

    def other_side(self, place: str) -> str | None:
        """The row that fits best: the nearest amount, then the nearest time; None where none fits."""
        row = self._rows.get(place)
        if row is None:
            return None
        sent = row.kind == "transfer_out"
        others = self._by_asset.get(("transfer_in" if sent else "transfer_out", row.asset), [])
        start = bisect_left(others, row.time if sent else row.time - WITHIN, key=lambda r: r.time)
        found = []
        for other in others[start : start + LOOKED_AT]:
            if other.time > (row.time + WITHIN if sent else row.time):
                break
            out, into = (row, other) if sent else (other, row)
            if fits(out, into):
                found.append((out.quantity - into.quantity, into.time - out.time, other.source.place))
        return min(found)[2] if found else None


def fits(out: Record, into: Record) -> bool:
    """Whether what arrived is what was expected of what was sent."""
    if out.account == into.account or not timedelta(0) <= into.time - out.time <= WITHIN:
        return False
    fee = out.fee if out.fee is not None and out.fee_asset == out.asset else None
    if fee:
        return into.quantity in (out.quantity, out.quantity - fee)
    return out.quantity - out.quantity // UNTOLD <= into.quantity <= out.quantity
