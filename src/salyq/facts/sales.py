"""A sale of the year: its row, the pieces of lots that it used up, how law treats each, and its fee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from salyq.civil.numbers import format_scaled
from salyq.facts.acquisitions import Came, Pool
from salyq.facts.events import Event, Money, money
from salyq.facts.stated import of_account
from salyq.law.facts import Charge, Disposal, Match, Sale
from salyq.lots.model import Piece
from salyq.rulebook.rows import kind_of
from salyq.rulebook.scopes import NONE_BELOW, RowOf, RowSet, Scope
from salyq.rulebook.states import Unknown, missing

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
    def place(used: Used) -> str:
        if used.lot is None:
            return Sales.place(used.sale)
        return "" if isinstance(used.lot, Pool) else str(used.lot.record.source)


class Disposals:
    """The columns of disposals: what law treats alike of a sale."""

    def row(self, own: tuple[Fills, list[Scope]]) -> Any:
        one = (own,)
        return Disposal.given(**{name: self.column(name, one)[0] for name in kind_of(Disposal).columns})

    @staticmethod
    def column(name: str, items: Sequence[tuple[Fills, list[Scope]]]) -> list[Any]:
        if name == "day":
            return [sale[0].record.day for sale, _ in items]
        if name == "asset":
            return [sale[0].asset for sale, _ in items]
        assert name == "quantity"
        return [sum([m.item.y1 - m.item.y0 for m in own]) for _, own in items]  # type: ignore[attr-defined]

    @staticmethod
    def place(own: tuple[Fills, list[Scope]]) -> str:
        return Sales.place(own[0])


MATCHES, DISPOSALS = Matches(), Disposals()


def match_scopes(world: World, sale: RowOf, fills: Fills) -> list[Scope]:
    """The pieces of a sale; what its fills took of one lot in a row is one match."""
    pieces: list[tuple[Event, Piece]] = []
    for e in fills:
        for piece in world.queues.pieces(e.asset, e.key):
            last = pieces[-1][1] if pieces else None
            if last is not None and last.lot == piece.lot and last.x1 == piece.x0:
                pieces[-1] = (e, last._replace(x1=piece.x1))
            else:
                pieces.append((e, piece))
    found: list[Scope] = []
    y, year = 0, world.year_number
    for e, (_, number, x0, x1) in pieces:
        refs: dict[str, Scope] = {"sale": sale}
        came = None
        if number is not None:
            lot = refs["lot"] = world.lot(e.asset, number)
            came = lot.item
        used = Used(fills, came, x0, x1, y, y + x1 - x0, year)
        found.append(RowOf("match", MATCHES, used, world.year, refs, NONE_BELOW))
        y = used.y1
    return found


def disposal_scope(world: World, sale: RowOf, matches: list[Scope]) -> Scope:
    """What law treats alike of a sale."""
    refs = {"sale": sale, "first": matches[0]}
    return RowOf("disposal", DISPOSALS, (sale.item, matches), world.year, refs, {"matches": RowSet(matches)})


def by_treatment(treated: Mapping[int, str], matches: list[Scope]) -> dict[str, list[Scope]]:
    """Matches of one sale by how law treats each: where lots differ, the disposal is divided (architecture §5.5)."""
    found: dict[str, list[Scope]] = defaultdict(list)
    for match in matches:
        found[treated[id(match)]].append(match)
    return found


def selling_fees(world: World, own: list[Event]) -> Iterable[Scope]:
    """Fees of sales that were paid in money, of the movements given."""
    for e in own:
        r = e.record
        fee = money(r.fee, r.fee_asset, world.person)
        if fee and e.kind in ("sell", "swap_out", "spend") and e.asset == r.asset and r.kind != "buy":
            yield Scope("charge", Charge.given(day=r.day, worth=fee), world.year, place=str(r.source))
