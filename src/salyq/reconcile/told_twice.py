"""One event told twice: a P2P order and its statement row (architecture §5.3); payouts are in payouts.py.

Equal rows are paired earliest with earliest: whichever of them is dropped, the same is kept. What is nearly the same is
a question (near_events.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta

from salyq.civil.currencies import is_currency
from salyq.reconcile.transfers import is_p2p
from salyq.records.model import Record
from salyq.records.table import Records

P2P_WINDOW = timedelta(hours=2)

Pairs = list[tuple[int, int]]


def earliest(
    left: Sequence[int], right: Sequence[int], distance: Callable[[int, int], int], low: int, high: int
) -> Pairs:
    """Pairs with low <= distance(l, r) <= high, earliest with earliest: the most pairs there can be, in linear time.

    Both sides stand in order of time, and `distance` is the time from l to r."""
    pairs: Pairs = []
    a = b = 0
    while a < len(left) and b < len(right):
        apart = distance(left[a], right[b])
        if apart < low:
            b += 1
        elif apart > high:
            a += 1
        else:
            pairs.append((left[a], right[b]))
            a, b = a + 1, b + 1
    return pairs


def p2p_rows(records: Records) -> list[int]:
    """Statement rows of P2P deals: they move the asset and know no price."""
    return [n for n in records.of_kinds("transfer_in", "transfer_out") if is_p2p(records[n])]


def is_order(record: Record) -> bool:
    """Whether a record can be a P2P order: bought or sold for money, under an id of the venue."""
    return (
        record.kind in ("buy", "sell")
        and record.id is not None
        and record.currency is not None
        and is_currency(record.currency)
    )


def p2p(records: Sequence[Record], rows: Sequence[int]) -> Pairs:
    """(order, statement row) pairs: same account, asset, side and quantity (net or gross of the fee), in 2 hours."""
    orders = [n for n, r in enumerate(records) if is_order(r)] if rows else []
    window = P2P_WINDOW // timedelta(seconds=1)

    def apart(order: int, row: int) -> int:
        return (records[row].time - records[order].time) // timedelta(seconds=1)

    pairs: Pairs = []
    for sign in (0, -1, 1):  # the quantity itself first
        paired = {n for pair in pairs for n in pair}
        open_rows = [n for n in rows if n not in paired]
        open_orders = [n for n in orders if n not in paired and (fee_in_kind(records[n]) or not sign)]
        for ours, theirs in _buckets(records, open_orders, open_rows, sign):
            pairs += earliest(ours, theirs, apart, -window, window)
    return pairs


def _buckets(
    records: Sequence[Record], orders: Sequence[int], rows: Sequence[int], sign: int
) -> list[tuple[list[int], list[int]]]:
    """Orders and statement rows alike in account, asset, side and quantity (`sign` fees added)."""
    found: dict[tuple[str, str, str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for n in rows:
        r = records[n]
        found[r.account, r.asset, "buy" if r.kind == "transfer_in" else "sell", r.quantity][1].append(n)
    for n in orders:
        r = records[n]
        key = (r.account, r.asset, r.kind, r.quantity + sign * fee_in_kind(r))
        if key in found:
            found[key][0].append(n)
    return list(found.values())


def fee_in_kind(record: Record) -> int:
    """The fee of a record as far as it is in the record's own asset."""
    return record.fee or 0 if record.fee_asset in (None, record.asset) else 0
