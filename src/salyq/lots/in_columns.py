"""Lots by whole columns, first in, first out and as moving averages: what is used up only grows.

With A(t) acquired and D(t) disposed of up to row t of a group, C(t) = D(t) + min(0, min over s ≤ t of A(s) − D(s)) is
what disposals could use up: where they would go beyond what is there, nothing more is taken, and nothing that comes
later fills it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from salyq.civil.numbers import round_half_up

ROOM = 2**62


class Consumed(NamedTuple):
    """Of each row of movements sorted by group, by positions of its group: acquired up to and with it; used up before
    it and with it. `base`: acquired in the groups before, so that positions of all groups stand in one line."""

    acquired: Any
    before: Any
    upto: Any
    base: Any


def fits(quantity: Any) -> bool:
    """Whether sums of these quantities, none below zero, have room in 64 bits: first by the greatest, then by halves of
    32 bits, whose own sums have."""
    if not len(quantity) or int(quantity.max()) <= ROOM // len(quantity):
        return True
    return (int((quantity >> 32).sum()) << 32) + int((quantity & 0xFFFFFFFF).sum()) <= ROOM


def consumed(group: Any, up: Any, quantity: Any) -> Consumed:
    """`fits` holds."""
    begins = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else np.zeros(0, np.int64)
    came, went = np.cumsum(np.where(up, quantity, 0)), np.cumsum(np.where(up, 0, quantity))
    lengths = np.diff(np.append(begins, len(group)))
    base, gone = (np.repeat(np.append(0, c[begins[1:] - 1])[: len(begins)], lengths) for c in (came, went))
    left = (came - base) - (went - gone)
    for begin, end in zip(begins.tolist(), (begins + lengths).tolist(), strict=True):
        np.minimum.accumulate(left[begin:end], out=left[begin:end])
    upto = (went - gone) + np.minimum(left, 0)
    before = np.zeros_like(upto)
    before[1:] = upto[:-1]
    before[begins] = 0
    return Consumed(came - base, before, upto, base)


def first_in(group: Any, up: Any, quantity: Any, wanted: Any) -> tuple[Any, Any, Any, Any]:
    """(row of the disposal, row of its lot or −1 for a shortage, positions x0 and x1 in the lot) of the wanted
    disposals, those of each in the order consumed."""
    used = consumed(group, up, quantity)
    lots = np.flatnonzero(up)
    ends = (used.base + used.acquired)[lots]
    rows = np.flatnonzero(~np.asarray(up, bool) & np.asarray(wanted, bool))
    start, stop = (used.base + used.before)[rows], (used.base + used.upto)[rows]
    first = np.searchsorted(ends, start, "right")
    count = np.where(stop > start, np.searchsorted(ends, stop, "left") - first + 1, 0)
    of = np.repeat(np.arange(len(rows)), count)
    place = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(len(of))
    begin = ends[place] - quantity[lots[place]]
    x0, x1 = np.maximum(start[of], begin) - begin, np.minimum(stop[of], ends[place]) - begin
    taken = x1 > x0  # a lot of nothing has no piece
    short = quantity[rows] - (stop - start)
    lacking = np.flatnonzero(short)
    disposal = np.concatenate((of[taken], lacking))
    order = np.argsort(disposal, kind="stable")
    none = np.zeros(len(lacking), np.int64)
    lot = np.concatenate((lots[place[taken]], none - 1))
    x0, x1 = np.concatenate((x0[taken], none)), np.concatenate((x1[taken], short[lacking]))
    return rows[disposal][order], lot[order], x0[order], x1[order]


class Pools(NamedTuple):
    """Moving averages, one made anew at each acquisition of something, in order. `row`: of the acquisition; `size`: the
    quantity then; `before`: how much of it was left of the average before, which is the one above in the list; 0: the
    asset is held anew."""

    row: Any
    size: Any
    before: Any


def pooled(group: Any, up: Any, quantity: Any, wanted: Any) -> tuple[Pools, tuple[Any, Any, Any, Any]]:
    """All pools; and of the wanted disposals, as `first_in` has them, with the number of a pool in place of a lot."""
    used = consumed(group, up, quantity)
    left = used.acquired - used.upto
    row = np.flatnonzero(np.asarray(up, bool) & (quantity > 0))
    pools = Pools(row, left[row], left[row] - quantity[row])
    rows = np.flatnonzero(~np.asarray(up, bool) & np.asarray(wanted, bool))
    sold = (used.upto - used.before)[rows]
    some, lacking = np.flatnonzero(sold), np.flatnonzero(quantity[rows] - sold)
    pool = np.searchsorted(row, rows[some]) - 1
    begin = pools.size[pool] - (used.acquired - used.before)[rows[some]]
    none = np.zeros(len(lacking), np.int64)
    disposal = np.concatenate((some, lacking))
    order = np.argsort(disposal, kind="stable")
    lot, x0 = np.concatenate((pool, none - 1)), np.concatenate((begin, none))
    x1 = np.concatenate((begin + sold[some], (quantity[rows] - sold)[lacking]))
    return pools, (rows[disposal][order], lot[order], x0[order], x1[order])


def needed(pools: Pools, used: Any) -> Any:
    """The pools that some of them rest on: back to where the asset was held anew."""
    if not len(pools.row):
        return np.zeros(0, np.int64)
    spell = np.cumsum(pools.before == 0) - 1
    last = np.full(int(spell[-1]) + 1, -1)
    np.maximum.at(last, spell[used], used)
    return np.flatnonzero(np.arange(len(spell)) <= last[spell])


def chained(costs: Sequence[int | None], pools: Pools) -> list[int | None]:
    """What pools cost, of what their acquisitions cost: what is left of the one above, by the cumulative rule
    (`civil.numbers.part`), and the acquisition; unknown where one is. `pools`: each with all that it rests on."""
    made: list[int | None] = []
    carried: int | None = 0
    size = 1
    for own, now, kept in zip(costs, pools.size.tolist(), pools.before.tolist(), strict=True):
        if kept:
            if own is None or carried is None:
                carried = None
            elif kept == size:
                carried += own
            else:
                carried += own - round_half_up(carried * (size - kept), size)
        else:
            carried = own
        size = now
        made.append(carried)
    return made
