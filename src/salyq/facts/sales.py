"""A sale of the year: its row, the pieces of lots that it used up, how law treats each, and its fee."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from salyq.civil.numbers import format_scaled
from salyq.facts.acquisitions import Came, Pool
from salyq.facts.events import Event, Money, money
from salyq.facts.stated import of_account
from salyq.law.facts import Charge, Disposal, Match, Sale
from salyq.lots.model import Piece
from salyq.rulebook.rows import kind_of
from salyq.rulebook.scopes import Scope
from salyq.rulebook.states import Unknown, missing
from salyq.rulebook.stored import NONE, Below, Refs, Some, Stored

if TYPE_CHECKING:
    from salyq.facts.world import World

Fills = list[Event]


class Sales:
    """The columns of sales of one world: what their fills sold, for what, and where."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pegs: Mapping[str, str] = world.person.stablecoins
        self._of_account: dict[str, dict[str, Any]] = {}
        self._resident: dict[Any, bool] = {}

    def row(self, fills: Fills) -> Any:
        one = (fills,)
        return Sale.given(**{name: self.column(name, one)[0] for name in kind_of(Sale).columns})

    def column(self, name: str, items: Sequence[Fills]) -> list[Any]:
        made = _COLUMNS.get(name)
        if made is not None:
            return made(self, items)
        told = self.told
        return [told(f[0].record.account).get(name) for f in items]

    @staticmethod
    def place(fills: Fills) -> str:
        places = ", ".join(dict.fromkeys(str(e.record.source) for e in fills[:5]))
        return places + (f" +{len(fills) - 5}" if len(fills) > 5 else "")

    def told(self, name: str) -> dict[str, Any]:
        """What an account states of what is sold from it."""
        found = self._of_account.get(name)
        if found is None:
            account = self.world.account(name)
            low_tax = bool(account.facts.get("low_tax"))
            found = of_account(Sale, account)
            found["foreign_account"] = low_tax or account.country not in (None, "KZ")
            found["account_stated"] = low_tax or account.country is not None
            self._of_account[name] = found
        return found

    def resident(self, day: Any) -> bool:
        found = self._resident.get(day)
        if found is None:
            found = self._resident[day] = self.world.resident(day)
        return found


def _unpriced(fills: Fills) -> Unknown | None:
    """The money of a sale for which nobody says what was paid, not even in what currency; it was nothing at least."""
    own = [e for e in fills if e.kind == "sell" and e.record.value is None]
    if not own:
        return None
    why = frozenset(
        missing("sale_price_unknown", place=e.record.source.place, quantity=format_scaled(e.quantity), asset=e.asset)
        for e in own
    )
    return Unknown(why, low=(0, "KZT"))


def _stated(fills: Fills) -> Money | None:
    """The money stated for all of a sale, where each fill states it in one currency."""
    if len(fills) == 1:
        return fills[0].value
    known = [e.value for e in fills if e.value is not None]
    if len(known) != len(fills) or len({c for _, c in known}) != 1:
        return None
    return sum([v[0] for v in known]), known[0][1]


def _counter(fills: Fills) -> int | None:
    if len(fills) == 1:
        return fills[0].counter_quantity
    counters = [e.counter_quantity for e in fills if e.counter_quantity is not None]
    return sum(counters) if counters else None


def _capital(fills: Fills) -> tuple[int, str] | None:
    """The charter capital that a contribution pays, where every part of it says so."""
    paid = [e.record.capital_paid for e in fills]
    known = [p for p in paid if p is not None]
    return (sum(known), fills[0].record.currency or "KZT") if len(known) == len(paid) else None


_COLUMNS: dict[str, Callable[[Sales, Sequence[Fills]], list[Any]]] = {
    "kind": lambda _, fs: [f[0].kind for f in fs],
    "day": lambda _, fs: [f[0].record.day for f in fs],
    "asset": lambda _, fs: [f[0].asset for f in fs],
    "quantity": lambda _, fs: [f[0].quantity if len(f) == 1 else sum([e.quantity for e in f]) for f in fs],
    "value": lambda _, fs: [_unpriced(f) or _stated(f) for f in fs],
    "value_is_money": lambda _, fs: [(_unpriced(f) or _stated(f)) is not None for f in fs],
    "counter_asset": lambda _, fs: [f[0].counter_asset for f in fs],
    "counter_quantity": lambda _, fs: [_counter(f) for f in fs],
    "peg": lambda s, fs: [s.pegs.get(f[0].asset, "") for f in fs],
    "counter_peg": lambda s, fs: [s.pegs.get(f[0].counter_asset, "") for f in fs],
    "resident": lambda s, fs: [s.resident(f[0].record.day) for f in fs],
    "purpose": lambda _, fs: [f[0].record.purpose or "" for f in fs],
    "abroad": lambda s, fs: [s.world.abroad(f[0].record) for f in fs],
    "capital_paid": lambda _, fs: [_capital(f) for f in fs],
}


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


NO_LOT, POOL = -1, -2  # in place of the key of an acquisition


class Taken(Sequence[Used]):
    """What sales used up, a row a match: those of sale n are starts[n] to starts[n + 1]; what its fills took of one lot
    in a row is one match. `key`: of the acquisition, NO_LOT, or POOL with the scope in `pools`."""

    def __init__(self, world: World, groups: Sequence[Fills]) -> None:
        self.world, self.groups = world, groups
        self.sale: list[int] = []
        self.key: list[int] = []
        self.x0: list[int] = []
        self.x1: list[int] = []
        self.y0: list[int] = []
        self.y1: list[int] = []
        self.pools: dict[int, Scope] = {}
        self.starts = [0]
        for number, fills in enumerate(groups):
            keys, pieces = world.queues.taken(fills[0].asset)
            if len(fills) == 1:
                self._add(number, keys, pieces.get(fills[0].key, ()))
            else:
                self._add(number, keys, _joined([p for e in fills for p in pieces.get(e.key, ())]))
            self.starts.append(len(self.sale))

    def _add(self, number: int, keys: Sequence[int | None], pieces: Sequence[Piece]) -> None:
        y = 0
        for _, lot, x0, x1 in pieces:
            self.sale.append(number)
            key = NO_LOT if lot is None else keys[lot]
            if key is None:
                key = POOL
                self.pools[len(self.key)] = self.world.lot(self.groups[number][0].asset, lot)  # type: ignore[arg-type]
            self.key.append(key)
            self.x0.append(x0)
            self.x1.append(x1)
            self.y0.append(y)
            y += x1 - x0
            self.y1.append(y)

    def __len__(self) -> int:
        return len(self.sale)

    def __getitem__(self, n: Any) -> Any:
        x0, x1, y0, y1 = self.x0[n], self.x1[n], self.y0[n], self.y1[n]
        return Used(self.groups[self.sale[n]], self.came(n), x0, x1, y0, y1, self.world.year_number)

    def came(self, n: int) -> Came | None:
        """What the lot of a match is; None: a shortage."""
        key = self.key[n]
        if key == POOL:
            return self.pools[n].item  # type: ignore[attr-defined, no-any-return]
        return None if key == NO_LOT else self.world.events[key]

    def column(self, name: str) -> list[Any]:
        if name == "day":
            days = [fills[0].record.day for fills in self.groups]
            return [days[sale] for sale in self.sale]
        if name == "found":
            return [key != NO_LOT for key in self.key]
        if name == "mined_this_year":
            return self._mined_now()
        made: list[Any] = getattr(self, name)
        return made

    def _mined_now(self) -> list[bool]:
        year = self.world.year_number
        own = {e.key for e in self.world.events if e.kind == "mined" and e.record.day.year == year}
        found = [key in own for key in self.key]
        for n, pool in self.pools.items():
            found[n] = pool.item.newest.key in own  # type: ignore[attr-defined]
        return found

    def rows(self, sales: Stored, acquired: Stored, number_of: Sequence[int]) -> Stored:
        """The matches as rows."""
        made = Stored("match", MATCHES, self, self.world.year)
        made.refs["sale"] = Refs(sales, self.sale)
        if self.pools:
            lots = [
                self.pools[n] if k == POOL else acquired[number_of[k]] if k >= 0 else None
                for n, k in enumerate(self.key)
            ]
            made.refs["lot"] = lots
        else:
            made.refs["lot"] = Refs(acquired, [number_of[k] if k >= 0 else NONE for k in self.key])
        return made


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of fills that follow one another, as one where they go on in the same lot."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is not None and last.lot == piece.lot and last.x1 == piece.x0:
            found[-1] = last._replace(x1=piece.x1)
        else:
            found.append(piece)
    return found


class Matches:
    """The columns of matches."""

    def row(self, used: Used) -> Any:
        one = (used,)
        return Match.given(**{name: self.column(name, one)[0] for name in kind_of(Match).columns})

    @staticmethod
    def column(name: str, items: Sequence[Used]) -> list[Any]:
        if isinstance(items, Taken):
            return items.column(name)
        if name == "day":
            return [u.sale[0].record.day for u in items]
        if name == "found":
            return [u.lot is not None for u in items]
        if name == "mined_this_year":
            return [u.mined_now() for u in items]
        place = Used._fields.index(name)
        return [u[place] for u in items]

    @staticmethod
    def place(used: Used) -> str:
        if used.lot is None:
            return Sales.place(used.sale)
        return "" if isinstance(used.lot, Pool) else str(used.lot.record.source)


class Parts(Sequence[tuple[Fills, Sequence[int]]]):
    """Sales divided by how law treats their matches (architecture §5.5): the sale of each part, its treatment, and its
    matches: order[starts[n]:starts[n + 1]]."""

    def __init__(self, taken: Taken, treated: Sequence[str], sales: Iterable[int]) -> None:
        self.taken = taken
        self.sale: list[int] = []
        self.treatment: list[str] = []
        self.order: list[int] = []
        self.starts = [0]
        for number in sales:
            first, last = taken.starts[number], taken.starts[number + 1]
            ways = treated[first:last]
            for way in dict.fromkeys(ways):
                self.sale.append(number)
                self.treatment.append(way)
                self.order += [first + n for n, own in enumerate(ways) if own == way]
                self.starts.append(len(self.order))

    def __len__(self) -> int:
        return len(self.sale)

    def __getitem__(self, n: Any) -> Any:
        return self.taken.groups[self.sale[n]], self.order[self.starts[n] : self.starts[n + 1]]

    def column(self, name: str) -> list[Any]:
        groups = self.taken.groups
        if name == "day":
            return [groups[n][0].record.day for n in self.sale]
        if name == "asset":
            return [groups[n][0].asset for n in self.sale]
        assert name == "quantity"
        own = [b - a for a, b in zip(self.taken.y0, self.taken.y1, strict=True)]
        upto = [0, *accumulate([own[m] for m in self.order])]
        return [upto[b] - upto[a] for a, b in pairwise(self.starts)]

    def rows(self, sales: Stored, matches: Stored, year: Scope) -> Stored:
        """The disposals as rows."""
        made = Stored("disposal", Disposals(self.taken), self, year)
        made.refs["sale"] = Refs(sales, self.sale)
        made.refs["first"] = Refs(matches, [self.order[n] for n in self.starts[:-1]])
        made.below["matches"] = Below(matches, self.order, self.starts)
        return made


class Disposals:
    """The columns of disposals: what law treats alike of a sale."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken

    def row(self, own: tuple[Fills, Sequence[int]]) -> Any:
        fills, matches = own
        quantity = sum([self.taken.y1[m] - self.taken.y0[m] for m in matches])
        return Disposal.given(day=fills[0].record.day, asset=fills[0].asset, quantity=quantity)

    def column(self, name: str, items: Sequence[tuple[Fills, Sequence[int]]]) -> list[Any]:
        if isinstance(items, Parts):
            return items.column(name)
        return [getattr(self.row(own), name) for own in items]

    @staticmethod
    def place(own: tuple[Fills, Sequence[int]]) -> str:
        return Sales.place(own[0])


MATCHES = Matches()


def shortages(disposals: Sequence[Scope]) -> Iterable[tuple[Scope, int]]:
    """Matches of disposals that no known purchase covers, each with its disposal, as quantities."""
    for n, numbers in enumerate(_matches_of(disposals)):
        for taken, m in numbers:
            came = taken.came(m)
            if came is None or (came.newest if isinstance(came, Pool) else came).kind == "transfer_in":
                yield disposals[n], taken.x1[m] - taken.x0[m]


def _matches_of(disposals: Sequence[Scope]) -> Iterable[list[tuple[Taken, int]]]:
    """The matches of each disposal by number."""
    if isinstance(disposals, Some):
        parts = disposals.stored.items
        assert isinstance(parts, Parts)
        for n in disposals.numbers:
            yield [(parts.taken, m) for m in parts.order[parts.starts[n] : parts.starts[n + 1]]]
        return
    for row in disposals:
        taken = row.columns.taken  # type: ignore[attr-defined]
        yield [(taken, m) for m in row.item[1]]  # type: ignore[attr-defined]


def selling_fees(world: World, own: list[Event]) -> Iterable[Scope]:
    """Fees of sales that were paid in money, of the movements given."""
    for e in own:
        r = e.record
        fee = money(r.fee, r.fee_asset, world.person)
        if fee and e.kind in ("sell", "swap_out", "spend") and e.asset == r.asset and r.kind != "buy":
            yield Scope("charge", Charge.given(day=r.day, worth=fee), world.year, place=str(r.source))
