"""What is nearly one event told twice, and therefore a question: nothing here is settled.

Looked for: an order and a P2P statement row that differ in time or slightly in amount; a payout (or a `mined` row) and
a receipt that nearly match it; rows of two files that agree in all but the details. Pairs of the same rooms make one
question together, so that a year of daily rows does not ask three hundred times.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.deals import told_in
from salyq.reconcile.model import Question
from salyq.reconcile.order import Content, content, source_key
from salyq.reconcile.payouts import PAYOUT_DAYS
from salyq.reconcile.places import places
from salyq.reconcile.told_twice import P2P_WINDOW, fee_in_kind
from salyq.records.model import Record, Source
from salyq.records.table import Records

LOOKED_AT = 32  # neighbours examined for one row
SAME_MOMENT = timedelta(seconds=60)
P2P_LATE = timedelta(days=3)


class Near(NamedTuple):
    """Two rows that might be one event."""

    one: Record
    other: Record


def ask(pairs: Iterable[Near]) -> list[Question]:
    """One question for all pairs of the same asset, kinds and accounts; its sources are the pairs, two by two."""
    groups: dict[tuple[str, ...], list[Near]] = defaultdict(list)
    for pair in pairs:
        a, b = pair
        groups[a.asset, a.kind, b.kind, a.account, b.account].append(pair)
    return [_question(found) for found in groups.values()]


def _question(found: list[Near]) -> Question:
    sources: list[Source] = []
    for pair in sorted(found, key=lambda p: source_key(p.one.source)):
        sources += [pair.one.source, pair.other.source]
    first = found[0].one
    quantity = sum(p.other.quantity for p in found)
    params = {
        "count": len(found),
        "asset": first.asset,
        "quantity": format_scaled(quantity),
        "one": f"{first.kind} ({first.account or '-'})",
        "other": f"{found[0].other.kind} ({found[0].other.account or '-'})",
        "places": places(list(dict.fromkeys(sources))),
    }
    return Question(
        "maybe_same_event",
        "warning",
        Message("maybe_same_event", params),
        tuple(sources),
        first.asset,
        quantity,
        min(p.other.day.year for p in found),
    )


def near_orders(orders: Sequence[Record], rows: Sequence[Record]) -> list[Near]:
    """P2P statement rows left over, and an order left over that one of them may tell: the nearest in time."""
    side = {"transfer_in": "buy", "transfer_out": "sell"}
    lists: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for r in orders:
        lists[r.account, r.asset, r.kind].append(r)
    found: list[Near] = []
    for row in rows:
        close = lists.get((row.account, row.asset, side[row.kind]), [])
        start = bisect_left(close, row.time - P2P_LATE, key=lambda r: r.time)
        fitting = [o for o in close[start : start + LOOKED_AT] if _near_order(o, row)]
        if fitting:
            found.append(Near(min(fitting, key=lambda o: (abs(o.time - row.time), o.time)), row))
    return found


def _near_order(order: Record, row: Record) -> bool:
    apart = abs(order.time - row.time)
    off = abs(order.quantity - row.quantity)
    return (apart <= P2P_LATE and off in (0, fee_in_kind(order))) or (apart <= P2P_WINDOW and off * 50 <= row.quantity)


def near_receipts(given: Sequence[Record], slack: Sequence[int], received: Sequence[Record]) -> list[Near]:
    """Payouts or `mined` rows, and transfers in within 2 days that differ by 1 % or by `slack` (a commission)."""
    days: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for n, r in enumerate(received):
        days[r.asset, r.day.toordinal()].append((r.quantity, n))
    for rows in days.values():
        rows.sort()
    taken: set[int] = set()
    found: list[Near] = []
    for r, more in zip(given, slack, strict=True):
        off = max(r.quantity // 100, more)
        best: list[tuple[int, int, int]] = []
        for apart in range(-PAYOUT_DAYS, PAYOUT_DAYS + 1):
            rows = days.get((r.asset, r.day.toordinal() + apart), [])
            start = bisect_left(rows, (r.quantity - off, -1))
            for quantity, n in rows[start : start + LOOKED_AT]:
                if quantity <= r.quantity + off and n not in taken:
                    best.append((abs(quantity - r.quantity), abs(apart), n))
        if best:
            taken.add(min(best)[2])
            found.append(Near(r, received[min(best)[2]]))
    return found


def near_rows(records: Records, files_of: Mapping[Content, frozenset[str]]) -> list[Near]:
    """Rows alike in account, kind, asset and quantity, within a minute, which no one file tells both of.

    `files_of`: the files of each content that stands in several. Two ids of a venue: two events.
    """

    def apart(a: Record, b: Record) -> bool:
        if told_in(a.source) == told_in(b.source):
            return False
        files = [files_of.get(content(r), frozenset((told_in(r.source),))) for r in (a, b)]
        return not files[0] & files[1]

    if len(set(records.column("file"))) < 2 and not any(records.column("origin")):
        return []
    groups: dict[tuple[str, str, str, int], list[Record]] = defaultdict(list)
    for r in records:
        groups[r.account, r.kind, r.asset, r.quantity].append(r)
    return [
        Near(a, b)
        for same in groups.values()
        for a, b in pairwise(same)
        if b.time - a.time <= SAME_MOMENT
        and (a.id is None or b.id is None)
        and (a.value is None or b.value is None or a.value == b.value)
        and apart(a, b)
    ]
