"""What the sales of a year used up, and how law divides them: matches and disposals as columns, and one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from salyq.facts.acquisitions import Came
from salyq.facts.events import Event
from salyq.facts.few import NO_LOT, POOL
from salyq.facts.pool import Pool
from salyq.facts.sales import Fills, Sales, Sold
from salyq.facts.unsure import without_lots
from salyq.law.facts import Disposal, Match
from salyq.rulebook.rows import kind_of
from salyq.rulebook.scopes import Scope
from salyq.rulebook.stored import NONE, Below, Refs, Some, Stored

if TYPE_CHECKING:
    from salyq.facts.world import World
    from salyq.rulebook.columns import Column


class Used(NamedTuple):
    """What a sale used of one lot: positions x0 to x1 of the lot, y0 to y1 of the sale. `lot` None: a shortage."""

    sale: Fills
    lot: Came | None
    x0: int
    x1: int
    y0: int
    y1: int
    year: int

    def mined_now(self) -> bool:
        lot = self.lot
        if lot is None:
            return False
        came = lot.newest if isinstance(lot, Pool) else lot
        return came.kind == "mined" and came.record.day.year == self.year


class Taken(Sequence[Used]):
    """What sales used up, a row a match: those of sale n are starts[n] to starts[n + 1]. `key`: of the acquisition,
    NO_LOT, or POOL with the number of its row among `pools`. Positions are counted in grains."""

    def __init__(self, world: World, sold: Sold) -> None:
        self.world, self.sold = world, sold
        used = without_lots(world, world.queues.used(), sold) if world.unsure else world.queues.used()
        found = sold.make.matches(used, sold.fills)
        self.sale, self.starts, self.grain = found.sale, found.starts, used.grain
        self.x0, self.x1, self.y0, self.y1 = found.x0, found.x1, found.y0, found.y1
        if sold.many:
            self.key, self.pool = used.lot[found.piece], used.pool[found.piece]
        else:
            self.key, self.pool = [used.lot[n] for n in found.piece], [used.pool[n] for n in found.piece]
        self.pools: Stored | None = world.pool_rows(used)

    def __len__(self) -> int:
        return len(self.sale)

    def __getitem__(self, n: Any) -> Any:
        x0, x1, y0, y1 = [int(column[n]) * self.grain for column in (self.x0, self.x1, self.y0, self.y1)]
        return Used(self.sold[int(self.sale[n])], self.came(n), x0, x1, y0, y1, self.world.year_number)

    def came(self, n: int) -> Came | None:
        """What the lot of a match is; None: a shortage."""
        key = int(self.key[n])
        if key == POOL:
            assert self.pools is not None
            return self.pools.items[int(self.pool[n])]  # type: ignore[no-any-return]
        return None if key == NO_LOT else self.world.events[key]

    def newest(self, n: int) -> Event | None:
        """The acquisition of a match, of a moving average the last; None: a shortage."""
        came = self.came(n)
        return came.newest if isinstance(came, Pool) else came

    @cached_property
    def short(self) -> frozenset[int]:
        """The matches that no known purchase covers."""
        if self.sold.many:
            from salyq.facts.filled import short_of

            return frozenset(short_of(self))
        odd = [n for n, key in enumerate(self.key) if key < 0 or self.world.events.kind[key] == "transfer_in"]
        return frozenset([n for n in odd if (came := self.newest(n)) is None or came.kind == "transfer_in"])

    def rows(self, sales: Stored, acquired: Stored, number_of: Any) -> Stored:
        """The matches as rows."""
        made = Stored("match", MATCHES, self, self.world.year)
        made.refs["sale"] = Refs(sales, self.sale)
        if self.pools is None:
            if self.sold.many:
                from salyq.facts.moved import lots_of

                made.refs["lot"] = Refs(acquired, lots_of(self.key, number_of))
            else:
                made.refs["lot"] = Refs(acquired, [number_of[key] if key >= 0 else NONE for key in self.key])
            return made
        lots = list(zip(map(int, self.key), map(int, self.pool), strict=True))
        if not any(key >= 0 for key, _ in lots):
            made.refs["lot"] = Refs(self.pools, [at if key == POOL else NONE for key, at in lots])
        else:
            made.refs["lot"] = [
                self.pools[at] if key == POOL else acquired[number_of[key]] if key >= 0 else None for key, at in lots
            ]
        return made


class Matches:
    """The columns of matches."""

    def row(self, used: Used) -> Any:
        one = (used,)
        return Match.given(**{name: self.column(name, one)[0] for name in kind_of(Match).columns})

    @staticmethod
    def column(name: str, items: Sequence[Used]) -> list[Any]:
        if name == "day":
            return [u.sale[0].record.day for u in items]
        if name == "found":
            return [u.lot is not None for u in items]
        if name == "mined_this_year":
            return [u.mined_now() for u in items]
        place = Used._fields.index(name)
        return [u[place] for u in items]

    @staticmethod
    def filled(name: str, items: Sequence[Used]) -> Column | None:
        return _filled(name, items) if isinstance(items, Taken) else None

    @staticmethod
    def place(used: Used) -> str:
        if used.lot is None:
            return Sales.place(used.sale)
        return "" if isinstance(used.lot, Pool) else str(used.lot.record.source)


class Parts(Sequence[tuple[Fills, Sequence[int]]]):
    """Sales divided by how law treats their matches (architecture §5.5): the sale of each part, its treatment, and
    its matches: order[starts[n]:starts[n + 1]]."""

    def __init__(self, taken: Taken, treated: Sequence[str], sales: Collection[int] | None = None) -> None:
        self.taken, self.sold = taken, taken.sold
        self.sale, self.treatment, self.order, self.starts = taken.sold.make.parts(taken.sale, treated, sales)

    def __len__(self) -> int:
        return len(self.sale)

    def __getitem__(self, n: Any) -> Any:
        return self.taken.sold[int(self.sale[n])], [int(m) for m in self.order[self.starts[n] : self.starts[n + 1]]]

    def rows(self, sales: Stored, matches: Stored, year: Scope) -> Stored:
        """The disposals as rows."""
        made = Stored("disposal", Disposals(self.taken), self, year)
        made.refs["sale"] = Refs(sales, self.sale)
        starts = self.starts[:-1]
        made.refs["first"] = Refs(matches, self.order[starts] if self.sold.many else [self.order[n] for n in starts])
        made.below["matches"] = Below(matches, self.order, self.starts)
        return made


class Disposals:
    """The columns of disposals: what law treats alike of a sale."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken

    def row(self, own: tuple[Fills, Sequence[int]]) -> Any:
        fills, matches = own
        quantity = sum([int(self.taken.x1[m]) - int(self.taken.x0[m]) for m in matches]) * self.taken.grain
        return Disposal.given(day=fills[0].record.day, asset=fills[0].asset, quantity=quantity)

    def column(self, name: str, items: Sequence[tuple[Fills, Sequence[int]]]) -> list[Any]:
        return [getattr(self.row(own), name) for own in items]

    @staticmethod
    def filled(name: str, items: Sequence[tuple[Fills, Sequence[int]]]) -> Column | None:
        return _filled(name, items) if isinstance(items, Parts) else None

    @staticmethod
    def place(own: tuple[Fills, Sequence[int]]) -> str:
        return Sales.place(own[0])


MATCHES = Matches()


def _filled(name: str, rows: Taken | Parts) -> Column | None:
    """A column of all rows, where there are columns of movements."""
    if not rows.sold.many:
        return None
    from salyq.facts.filled import of_disposals, of_matches

    return of_matches(name, rows) if isinstance(rows, Taken) else of_disposals(name, rows)


def shortages(disposals: Sequence[Scope]) -> Iterable[tuple[Scope, int]]:
    """Matches of disposals that no known purchase covers, each with its disposal, as quantities."""
    for n, taken, numbers in matches_of(disposals):
        for m in numbers:
            if m in taken.short:
                yield disposals[n], (int(taken.x1[m]) - int(taken.x0[m])) * taken.grain


def matches_of(disposals: Sequence[Scope]) -> Iterable[tuple[int, Taken, Sequence[int]]]:
    """The matches of each disposal by number, as far as there is a shortage."""
    if isinstance(disposals, Some):
        parts = disposals.stored.items
        assert isinstance(parts, Parts)
        starts, order, short = parts.starts, list(parts.order), parts.taken.short
        for n, number in enumerate(disposals.numbers if short else ()):
            yield n, parts.taken, order[starts[number] : starts[number + 1]]
        return
    for n, row in enumerate(disposals):
        yield n, row.columns.taken, row.item[1]  # type: ignore[attr-defined]
