"""What a venue takes back: a reward corrected downwards, a cashback reversed, a withdrawal that came back.

It is neither a sale nor a loss: the receipt was smaller, or never was. Of the receipts of this file with the same kind
and asset, the last one of exactly that amount is meant; else the last ones before it, as far as the amount goes.
A receipt may hold a fee in its own asset: that goes with it where what is taken back is just what it left, else stays.
Of a transfer only one of exactly that amount is meant; the fee of a withdrawal goes with it where it came back too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.records.kinds import KINDS, OUT
from salyq.records.model import Balance, Record

Group = tuple[str, str, str]  # account, kind, asset
Cut = tuple[int, int]  # index of a record, how much of it


class TakenBack(NamedTuple):
    """A row that takes back `quantity` (above zero, 10⁻¹⁸). `otherwise`: what it is where no receipt of the file can be
    meant; None: rejected for `reason`."""

    line: int
    time: datetime
    day: date
    group: Group
    quantity: int
    column: str
    value: str
    reason: Message
    otherwise: Record | None = None

    @property
    def way(self) -> int:
        """1: it gives back something that left, -1: it takes something that came in."""
        return 1 if KINDS[self.group[1]].direction == OUT else -1

    @property
    def whole(self) -> bool:
        """Whether it can only mean one row of exactly that amount."""
        return self.group[1] in ("transfer_in", "transfer_out")


class Undoing(NamedTuple):
    """What becomes of the records of a file: index -> quantity left; and the receipts that each row shortened."""

    left: dict[int, int]
    fees: set[int]  # of receipts taken back wholly, those whose fee was paid all the same
    shortened: dict[int, list[Cut]]  # index in the list of what is taken back -> what it took of which records


def undoing(records: Sequence[Record], first: int, rows: Sequence[TakenBack]) -> Undoing:
    """Which records (from `first` on) are shortened by `rows`, which are in order of time."""
    wanted = {row.group for row in rows}
    receipts: dict[Group, list[int]] = defaultdict(list)
    for n in range(first, len(records)):
        r = records[n]
        if r.fee_asset in (None, r.asset) and (r.account, r.kind, r.asset) in wanted:
            receipts[r.account, r.kind, r.asset].append(n)
    found = Undoing({}, set(), {})
    for group in receipts:
        receipts[group].sort(key=lambda n: (records[n].time, records[n].source.line))
        _undo(group, receipts[group], records, rows, found)
    return found


def _undo(group: Group, own: list[int], records: Sequence[Record], rows: Sequence[TakenBack], found: Undoing) -> None:
    came: list[int] = []  # receipts so far with something left, the last one at the end
    exact: dict[int, list[int]] = defaultdict(list)
    without: dict[int, list[int]] = defaultdict(list)  # by what left without the fee
    ahead = iter(own)
    coming = next(ahead, None)
    for place, row in enumerate(rows):
        if row.group != group:
            continue
        while coming is not None and records[coming].time <= row.time:
            found.left[coming] = records[coming].quantity
            came.append(coming)
            exact[records[coming].quantity + row.way * (records[coming].fee or 0)].append(coming)
            if row.way > 0 and records[coming].fee:
                without[records[coming].quantity].append(coming)
            coming = next(ahead, None)
        taken = _same(exact[row.quantity], row.quantity, records, found.left)
        if not taken and row.whole:
            taken = _same(without[row.quantity], row.quantity, records, found.left)
            found.fees.update(n for n, _ in taken)
        elif not taken:
            taken = _last(came, row.quantity, found.left)
            found.fees.update(n for n, _ in taken if not found.left[n] and records[n].fee)
        if taken:
            found.shortened[place] = taken


def _same(candidates: list[int], quantity: int, records: Sequence[Record], left: dict[int, int]) -> list[Cut]:
    while candidates:
        n = candidates.pop()
        if left[n] == records[n].quantity:
            left[n] = 0
            return [(n, quantity)]
    return []


def _last(came: list[int], quantity: int, left: dict[int, int]) -> list[Cut]:
    """The last receipts, whole but for the one that is only shortened; none of them where they do not suffice."""
    place, rest = len(came), quantity
    while rest > 0 and place:
        place -= 1
        rest -= left[came[place]]
    if rest > 0:
        return []
    taken = [(n, left[n]) for n in came[place:] if left[n]]
    for n, _ in taken[1:]:
        left[n] = 0
    first, had = taken[0]
    taken[0] = first, had + rest
    left[first] = -rest
    del came[place + (1 if rest else 0) :]
    return taken


def fee_of(receipt: Record) -> Record:
    """The fee of a receipt that was taken back, as a record of its own."""
    return receipt._replace(kind="fee", quantity=receipt.fee or 0, fee=None, fee_asset=None)


def shown_without(
    balances: Sequence[Balance], file: str, records: Sequence[Record], rows: Sequence[TakenBack], found: Undoing
) -> list[Balance]:
    """The balances, those that `file` shows between a receipt and the row that takes it back as they would have been
    without it: that is what the records tell."""
    steps: dict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
    for place, taken in found.shortened.items():
        row = rows[place]
        for n, amount in taken:
            own = steps[row.group[0], row.group[2]]
            own += [(records[n].time, row.way * amount), (row.time, -row.way * amount)]
    sums: dict[tuple[str, str], tuple[list[datetime], list[int]]] = {}
    for key, own in steps.items():
        own.sort()
        sums[key] = [time for time, _ in own], [*accumulate(amount for _, amount in own)]
    made: list[Balance] = []
    for b in balances:
        times, totals = sums.get((b.account, b.asset), ([], [])) if b.source.file == file else ([], [])
        before = bisect_right(times, b.time)
        made.append(b._replace(quantity=b.quantity + totals[before - 1]) if before else b)
    return made
