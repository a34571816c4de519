"""What records say, field by field, as columns; and what stood against each movement of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.civil.currencies import is_currency
from salyq.records.columns import NONE, Amounts, Coded, Same
from salyq.records.many import numbers_of
from salyq.records.table import Records
from salyq.rulebook.columns import Column, aligned, code, merged, text_of, whole
from salyq.rulebook.one_columns import counted

if TYPE_CHECKING:
    from salyq.facts.events import Events
    from salyq.facts.moved import Moved

NOTHING = code("")


def codes(texts: Sequence[str | None]) -> Any:
    """The codes of texts; none is empty."""
    if isinstance(texts, Coded | Same):
        values, numbers = numbers_of(texts)
        return np.array([code(text or "") for text in values], np.int32)[numbers]
    known = {text: code(text or "") for text in set(texts)}
    return np.fromiter(map(known.__getitem__, texts), np.int32, len(texts))


def each(column: Any, of: Callable[[Any], Any], kind: Any, back: Callable[[int], Any] = text_of) -> Any:
    """What `of` says of each row of a column of codes (or of what `back` makes of a number), asked once for each."""
    distinct, places = np.unique(column, return_inverse=True)
    return np.array([of(back(n)) for n in distinct.tolist()], kind)[places] if len(distinct) else np.zeros(0, kind)


class Said:
    """A row a record; each field is read once, when it is first asked for."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._codes: dict[str, Any] = {}
        self._amounts: dict[str, Column] = {}

    def codes(self, name: str) -> Any:
        """A field of texts; None is empty."""
        if name not in self._codes:
            self._codes[name] = codes(self.records.column(name))
        return self._codes[name]

    def amounts(self, name: str) -> Column:
        """A field of numbers; what is not said is unknown."""
        if name not in self._amounts:
            self._amounts[name] = amounts_of(self.records.amounts(name))
        return self._amounts[name]

    def forget(self) -> None:
        """Lets go of what was read; what is asked again is read anew."""
        self._codes.clear()
        self._amounts.clear()

    def nowhere(self, name: str) -> bool:
        """Whether no record says it."""
        return self.records.distinct(name) <= {None}

    def flags(self, names: Sequence[str], of: Callable[..., bool]) -> Any:
        """What follows from fields of each record, worked out once for what they say together."""
        said = [column.value for name in names if isinstance(column := self.records.column(name), Same)]
        if len(said) == len(names):  # all records say the same
            return np.full(len(self.records), of(*said), bool)
        values = list(self.records.rows(*names))
        known = {value: of(*value) for value in set(values)}
        return np.fromiter(map(known.__getitem__, values), bool, len(values))


def amounts_of(amounts: Amounts) -> Column:
    """Amounts as a column of numbers; one that is not there is unknown."""
    if amounts.wide is not None:
        return counted([n or 0 for n in amounts.wide], [n is None for n in amounts.wide])
    numbers = np.frombuffer(amounts.numbers, np.int64)
    missing = numbers == NONE if amounts.gaps else None
    if missing is None or not missing.any():
        return whole(numbers, grain=amounts.grain)
    return whole(np.where(missing, 0, numbers), missing, grain=amounts.grain)


def paid_in(said: Said, name: str, pegs: Any) -> Any:
    """The code of the money that a field names, in its own name or by an asset pegged to one; −1: it is no money."""

    def money(text: str) -> int:
        currency = text if text and is_currency(text) else pegs.get(text, "")
        return code(currency) if currency else -1

    return each(said.codes(name), money, np.int32)


def stood(moved: Moved, events: Events) -> tuple[Any, Column, Column]:
    """What stood against each movement (asset, quantity), and money stated; what is not there is unknown. As
    `Events` tells it of one movement."""
    said, row, count = moved.said, moved.row, len(events)
    kind, asset = said.codes("kind")[row], said.codes("asset")[row]
    swaps = _of(moved.kind, "swap_in", "swap_out")
    deals = swaps & _of(kind, "buy", "sell")
    value, given = said.amounts("value"), ~_none(said.amounts("value"), count, row)
    paid = paid_in(said, "currency", events.pegs)[row]
    stated = given & (paid >= 0) & ~swaps & (moved.kind != code("fee"))
    main = deals & (moved.asset == asset)
    counter = np.where(main, said.codes("currency")[row], np.where(deals, asset, NOTHING))
    against, quantities = (c.marked(None) for c in aligned((value, said.amounts("quantity"))))
    mains, others, plain = np.flatnonzero(main), np.flatnonzero(deals & ~main), np.flatnonzero(stated)
    sides = [(mains, against.take(row[mains])), (others, quantities.take(row[others]))]
    money = [(plain, Column((value.parts[0][row[plain]], paid[plain]), None, value.ends, value.grain))]
    groups = np.flatnonzero(swaps & ~deals)
    if len(groups):
        found = events.stood_against(groups.tolist())
        counter[groups] = codes([name for (name, _), _ in found])
        numbers = [n for (_, n), _ in found]
        sides.append((groups, counted([n or 0 for n in numbers], [n is None for n in numbers])))
        sums = [v for _, v in found]
        amounts = counted([0 if v is None else v[0] for v in sums], [v is None for v in sums])
        names = codes(["" if v is None else v[1] for v in sums])
        money.append((groups, Column((amounts.parts[0], names), amounts.unknown, amounts.ends, amounts.grain)))
    return counter, _laid(count, sides, "amount"), _laid(count, money, "worth")


def _laid(count: int, parts: Sequence[tuple[Any, Column]], unit: str) -> Column:
    """A column of all movements from columns of some; the others are unknown."""
    kept = [(rows, c) for rows, c in parts if len(rows)]
    marks = np.ones(count, bool)
    for rows, _ in kept:
        marks[rows] = False
    if not kept:
        nothing = np.zeros(count, np.int64)
        return Column((nothing, nothing) if unit == "worth" else (nothing,), marks, (0, 0))
    made = merged(count, kept, marks, unit)
    numbers = whole(made.parts[0], grain=made.grain)
    mark = made.unknown if made.unknown.any() else None
    return Column((numbers.parts[0], *made.parts[1:]), mark, numbers.ends, made.grain)


def _of(column: Any, *names: str) -> Any:
    return np.isin(column, [code(name) for name in names])


def _none(column: Column, count: int, row: Any) -> Any:
    return np.zeros(count, bool) if column.unknown is None else column.unknown[row]
