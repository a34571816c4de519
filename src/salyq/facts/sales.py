"""A sale of the year: its row, one by one and as columns, and its fee."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from salyq.civil.numbers import format_scaled
from salyq.facts import few
from salyq.facts.events import Event, Money, money
from salyq.facts.stated import of_account
from salyq.law.facts import Charge, Sale
from salyq.rulebook.rows import kind_of
from salyq.rulebook.scopes import Scope
from salyq.rulebook.states import Unknown, missing

if TYPE_CHECKING:
    from salyq.facts.world import World
    from salyq.rulebook.columns import Column

Fills = list[Event]


class Sold(Sequence[Fills]):
    """The disposals of a year by sale (few.Fills). `many`: there are columns of movements."""

    def __init__(self, world: World, rows: Sequence[int]) -> None:
        self.events, self.many = world.events, len(world.events) >= few.LEAST
        self.make: Any = few
        if self.many:
            from salyq.facts import moved

            self.make = moved
        self.fills: few.Fills = self.make.fills(world, rows)

    def __len__(self) -> int:
        return len(self.fills.first)

    def __getitem__(self, n: Any) -> Any:
        events, (_, order, starts) = self.events, self.fills
        number = range(len(self))[n]
        return [events[k] for k in order[starts[number] : starts[number + 1]]]


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
        made = COLUMNS.get(name)
        if made is not None:
            return made(self, items)
        told = self.told
        return [told(f[0].record.account).get(name) for f in items]

    def filled(self, name: str, items: Sequence[Fills]) -> Column | None:
        """A column of all sales from the columns of movements; None where it is told row by row."""
        if not isinstance(items, Sold) or not items.many:
            return None
        from salyq.facts.filled import of_accounts, of_sales

        return of_sales(name, self, items) if name in COLUMNS else of_accounts(name, self, items.fills.first)

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


COLUMNS: dict[str, Callable[[Sales, Sequence[Fills]], list[Any]]] = {
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


def selling_fees(world: World, own: Iterable[Event]) -> Iterable[Scope]:
    """Fees of sales that were paid in money, of the movements given."""
    for e in own:
        r = e.record
        fee = money(r.fee, r.fee_asset, world.person)
        if fee and e.kind in ("sell", "swap_out", "spend") and e.asset == r.asset and r.kind != "buy":
            yield Scope("charge", Charge.given(day=r.day, worth=fee), world.year, place=str(r.source))
