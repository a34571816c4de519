"""Movements as columns: what events say, number by number, of all of them at once; and what is made of them."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.facts.averages import resting_on
from salyq.facts.events import Events
from salyq.facts.few import NO_LOT, POOL, Divided, Fills, Joined, UsedPieces
from salyq.facts.said import Said, amounts_of, codes, stood
from salyq.lots import in_columns
from salyq.lots.kernel import kernel, packed, shortest
from salyq.reconcile.model import FirstFills
from salyq.records.arrays import kept, seen
from salyq.records.many import numbers_of
from salyq.rulebook.columns import Column, code, fits, product_ends, whole
from salyq.rulebook.one_columns import counted
from salyq.rulebook.stored import NONE

if TYPE_CHECKING:
    from salyq.facts.taken import Parts
    from salyq.facts.world import World


class Moved:
    """A row an event, in their order, which is that of their keys. Texts are codes, days ordinals; a column is made
    when it is first asked for."""

    def __init__(self, events: Events) -> None:
        self.events = events

    @cached_property
    def asset(self) -> Any:
        return codes(self.events.asset)

    @cached_property
    def kind(self) -> Any:
        return codes(self.events.kind)

    @cached_property
    def up(self) -> Any:
        return seen(self.events.acquisition).astype(bool)

    @cached_property
    def row(self) -> Any:
        return seen(self.events.row)

    @cached_property
    def sale(self) -> Any:
        """The record whose sale this is."""
        own, fills = np.arange(len(self.events.records)), self.events.sales
        if isinstance(fills, FirstFills):
            first = seen(fills.first)
            own = np.where(first >= 0, first, own)
        else:
            own[list(fills)] = list(fills.values())
        return own[self.row].astype(np.int32)

    @cached_property
    def said(self) -> Said:
        """What the records say."""
        return Said(self.events.records)

    @cached_property
    def account(self) -> Any:
        return self.said.codes("account")[self.row]

    @cached_property
    def day(self) -> Any:
        days, numbers = numbers_of(self.said.records.column("day"))
        return np.array([day.toordinal() for day in days], np.int32)[numbers[self.row]]

    @cached_property
    def quantity(self) -> Column:
        return amounts_of(self.events.quantity)

    @cached_property
    def _stood(self) -> tuple[Any, Column, Column]:
        """What stood against each movement (asset, quantity), and money stated; what is not there is unknown."""
        found = stood(self, self.events)
        self.said.forget()  # hardly anything else asks for it
        return found

    @property
    def counter(self) -> Any:
        return self._stood[0]

    @property
    def counter_quantity(self) -> Column:
        return self._stood[1]

    @property
    def value(self) -> Column:
        return self._stood[2]


def some(column: Column, rows: Any) -> Column:
    """A column of numbers for some rows, with the ends that they have."""
    mark = column.unknown
    mark = None if mark is None or not mark[rows].any() else mark[rows]
    made = whole(column.parts[0][rows], mark, grain=column.grain)
    return Column((made.parts[0], *[p[rows] for p in column.parts[1:]]), mark, made.ends, made.grain)


def added(values: Any, starts: Any) -> Any:
    """Sums of values from each start to the next, none of them empty, as Python integers where they may not fit."""
    if not len(starts):
        return values[:0]
    if values.dtype != object:
        longest = int(np.diff(np.append(starts, len(values))).max())
        if longest == 1:
            return values
        if not fits(product_ends((int(values.min()), int(values.max())), (0, longest))):
            values = values.astype(object)
    return np.add.reduceat(values, starts)


def grouped(keys: Iterable[Any], rows: Any) -> tuple[Any, Any]:
    """(the number of each row's group, the first row of each group): rows alike in all keys, groups numbered in the
    order in which they first come. `rows` rise."""
    keys = tuple(keys)
    order = np.lexsort((rows, *keys))
    new = np.zeros(len(rows), bool)
    new[:1] = True
    for key in keys:
        own = key[order]
        new[1:] |= own[1:] != own[:-1]
    first = rows[order][new]
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    number = np.empty(len(rows), np.int64)
    number[order] = rank[np.cumsum(new) - 1]
    return number, np.sort(first)


def starts_of(number: Any, count: int) -> Any:
    """Where the rows of each group begin when they stand by groups, and where the last ends."""
    return np.concatenate(([0], np.cumsum(np.bincount(number, minlength=count)))).astype(np.int64)


def join(sale: Any, disposal: Any, lot: Any, x0: Any, x1: Any, count: int) -> Joined:
    """Pieces of fills as matches of their sales: what fills took of one lot in a row is one match. A disposal's own
    pieces stand in the order consumed."""
    way = np.lexsort((np.arange(len(disposal)), disposal, sale))
    sale, lot, x0, x1 = sale[way], lot[way], x0[way], x1[way]
    if not _room(sale, x1 - x0):
        x0, x1 = x0.astype(object), x1.astype(object)
    new = np.ones(len(sale), bool)
    new[1:] = (sale[1:] != sale[:-1]) | (lot[1:] != lot[:-1]) | (x1[:-1] != x0[1:]).astype(bool)
    head = np.flatnonzero(new)
    tail = np.append(head[1:], len(sale)) - 1 if len(head) else head
    sale, x0, x1 = sale[head], x0[head], x1[tail]
    width = x1 - x0
    upto = np.cumsum(width) if len(width) else width  # may go round 64 bits: differences are right all the same
    begin = np.searchsorted(sale, np.arange(count))
    before = np.zeros(count, upto.dtype)
    later = begin > 0
    before[later] = upto[begin[later] - 1]
    y1 = upto - before[sale] if len(sale) else upto
    return Joined(sale, way[head], np.append(begin, len(sale)), x0, x1, y1 - width, y1)


def _room(sale: Any, width: Any) -> bool:
    """Whether all that the pieces of each sale are together is a number of 64 bits. `sale` rises."""
    if width.dtype == object or not len(width) or fits((0, int(width.max()) * int(np.bincount(sale).max()))):
        return True
    starts = np.flatnonzero(np.append(True, sale[1:] != sale[:-1]))
    high, low = (np.add.reduceat(half, starts) for half in (width >> 32, width & 0xFFFFFFFF))
    return bool((high + (low >> 32)).max() < 1 << 31)


# of one person: what few.py does of few movements -------------------------------------------------------------------
def fills(world: World, rows: Sequence[int]) -> Fills:
    own, m = np.asarray(rows, np.int64), world.moved
    number, first = grouped((m.asset[own], m.kind[own], m.sale[own]), own)
    return Fills(first, own[np.argsort(number, kind="stable")], starts_of(number, len(first)))


def matches(used: UsedPieces, sold: Fills) -> Joined:
    of = np.zeros(1 + int(sold.order.max(initial=0)), np.int32)
    of[sold.order] = np.repeat(np.arange(len(sold.first)), np.diff(sold.starts))
    lot = np.where(used.lot == POOL, POOL - used.pool, used.lot)  # pools differ by their number
    sale, x0, x1 = of[used.disposal], used.x0, used.x1
    return join(sale, used.disposal, lot, x0, x1, len(sold.first))


def parts(sale: Any, treated: Sequence[str], sales: Collection[int] | None) -> Divided:
    """`sales`: those to divide; None: all."""
    rows = np.arange(len(treated)) if sales is None else np.flatnonzero(np.isin(sale, list(sales)))
    number, first = grouped((codes(treated)[rows], sale[rows]), rows)
    ways = [treated[n] for n in first.tolist()]
    return Divided(sale[first], ways, rows[np.argsort(number, kind="stable")], starts_of(number, len(first)))


def taxed_and_fees(world: World, parts: Parts) -> tuple[list[int], list[int]]:
    """The parts that are sales in law, and of the others the fees that were paid in assets."""
    count = len(parts.treatment)
    none = np.fromiter(map("no_sale".__eq__, parts.treatment), bool, count)
    rest, m = np.flatnonzero(none), world.moved
    sale = parts.sold.fills.first[parts.sale[rest]]
    pegs = [code(name) for name in world.person.stablecoins]
    fees = rest[(m.kind[sale] == code("fee")) & ~np.isin(m.asset[sale], pegs)]
    return np.flatnonzero(~none).tolist(), fees.tolist()


def acquired_at(came: array[int]) -> tuple[array[int], array[int]]:
    """The keys of acquisitions, and the place of each movement among them; NONE: it is none."""
    up = seen(came).astype(bool)
    return kept(np.flatnonzero(up), "i"), kept(np.where(up, np.cumsum(up) - 1, NONE), "i")


def lots_of(keys: Any, places: array[int]) -> Any:
    """The acquisition of each key by its place; NONE: a shortage."""
    return np.where(keys >= 0, seen(places)[np.maximum(keys, 0)], NONE)


def in_order(moved: Moved, year: int) -> UsedPieces:
    """What disposals of the year used up, first in, first out."""
    order, group, up, wanted = _by_asset(moved, year)
    found = kernel().fifo(group, up, packed(moved.quantity.parts[0][order]), wanted)
    lot = np.where(found.lot < 0, NO_LOT, order[found.lot]).astype(np.int32)
    x = (shortest(found.x0), shortest(found.x1))
    disposal = order[found.disposal].astype(np.int32)
    return UsedPieces(disposal, lot, np.zeros(len(lot), np.int32), *x, moved.quantity.grain, [])


def averaged(moved: Moved, year: int) -> UsedPieces | None:
    """What disposals of the year used of moving averages; None where sums have no room in 64 bits."""
    quantity = moved.quantity.parts[0]
    if quantity.dtype == object or not in_columns.fits(quantity):
        return None
    order, group, up, wanted = _by_asset(moved, year)
    pools, (disposal, pool, x0, x1) = in_columns.pooled(group, up, quantity[order], wanted)
    used, places = np.unique(pool, return_inverse=True)
    some = used[used >= 0]
    held = resting_on(pools, order[pools.row], some, moved.quantity.grain)
    lot = np.where(pool < 0, NO_LOT, POOL)
    places = places - (len(used) - len(some))
    return UsedPieces(order[disposal], lot, np.maximum(places, 0), x0, x1, moved.quantity.grain, [], held)


def _by_asset(moved: Moved, year: int) -> tuple[Any, Any, Any, Any]:
    """(the order of movements by asset, their assets in it, whether each is an acquisition, whether it is a disposal of
    the year)."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    wanted = ~moved.up & (moved.day >= first) & (moved.day <= last)
    asset = moved.asset.astype(np.int64)
    order = kernel().order([asset])
    return order, asset[order], moved.up[order], wanted[order]


def used_of(used: UsedPieces) -> UsedPieces:
    """Columns of what was matched asset by asset."""
    both = counted([*used.x0, *used.x1])
    x0, x1 = np.split(both.parts[0], 2)
    disposal, lot, pool = (np.array(c, np.int64) for c in used[:3])
    return used._replace(disposal=disposal, lot=lot, pool=pool, x0=x0, x1=x1, grain=both.grain)
