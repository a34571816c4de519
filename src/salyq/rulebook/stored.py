"""Rows of one kind kept as columns: a row is made when somebody asks for it, once.

Rows of other kinds are told by number: `refs` leads from a row to one of another list, `below` to the rows that belong
to it. Columns of many (one_many.py) are read straight from here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from salyq.rulebook.scopes import Columns, RowOf, RowSet, Scope

NONE = -1  # no row
Numbers = Any  # a sequence or an array of whole numbers


class Refs(NamedTuple):
    """Where a reference of each row leads; NONE: nowhere."""

    rows: Stored
    numbers: Numbers


class Below(NamedTuple):
    """Rows that belong to each row n: order[starts[n]:starts[n + 1]] of `rows`."""

    rows: Stored
    order: Numbers
    starts: Numbers


class StoredRow(RowOf):
    """A row of a stored list, and its number there."""

    __slots__ = ("number", "stored")

    def __init__(self, stored: Stored, number: int) -> None:
        refs: dict[str, Scope] = {}
        for name, there in stored.refs.items():
            if not isinstance(there, Refs):
                found = there[number]
                if found is not None:
                    refs[name] = found
            elif there.numbers[number] != NONE:
                refs[name] = there.rows[there.numbers[number]]
        rows = {name: RowSet(stored.belonging(name, number)) for name in stored.below}
        super().__init__(stored.kind, stored.columns, stored.items[number], stored.parent, refs, rows)
        self.stored, self.number = stored, number


class Stored(Sequence[Scope]):
    """`items`: what each row is of. `made` is told of each row that is made. A reference that leads to rows of several
    lists is a list of rows itself."""

    def __init__(
        self,
        kind: str,
        columns: Columns,
        items: Sequence[Any],
        parent: Scope,
        made: Callable[[StoredRow], None] | None = None,
    ) -> None:
        self.kind, self.columns, self.items, self.parent = kind, columns, items, parent
        self.refs: dict[str, Refs | Sequence[Scope | None]] = {}
        self.below: dict[str, Below] = {}
        self._made: dict[int, StoredRow] = {}
        self._tell = made

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, n: Any) -> Any:
        if isinstance(n, slice):
            return Some(self, range(len(self))[n])
        row = self._made.get(n)
        if row is None:
            number = range(len(self))[n]
            row = self._made.get(number)
            if row is None:
                row = self._made[number] = StoredRow(self, number)
                if self._tell is not None:
                    self._tell(row)
        return row

    def belonging(self, name: str, number: int) -> Some:
        """The rows that belong to one row."""
        rows, order, starts = self.below[name]
        return Some(rows, order[starts[number] : starts[number + 1]])


class Some(Sequence[Scope]):
    """Some rows of a stored list, by their numbers."""

    def __init__(self, stored: Stored, numbers: Numbers) -> None:
        self.stored, self.numbers = stored, numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, n: Any) -> Any:
        if isinstance(n, slice):
            return Some(self.stored, self.numbers[n])
        return self.stored[self.numbers[n]]

    def where(self, test: Callable[[Any], bool]) -> Some:
        """The rows whose item passes a test."""
        items = self.stored.items
        return Some(self.stored, [n for n in self.numbers if test(items[n])])


class Joined(Sequence[Scope]):
    """Rows of several lists, one after another."""

    def __init__(self, parts: Sequence[Sequence[Scope]]) -> None:
        self.parts = [p for p in parts if len(p)]

    def __len__(self) -> int:
        return sum([len(p) for p in self.parts])

    def __iter__(self) -> Iterator[Scope]:
        for part in self.parts:
            yield from part

    def __getitem__(self, n: Any) -> Any:
        if isinstance(n, slice):
            return [self[m] for m in range(len(self))[n]]
        place: int = range(len(self))[n]
        for part in self.parts:
            if place < len(part):
                return part[place]
            place -= len(part)
        raise AssertionError(n)  # range has refused it


class Places(Mapping[int, int]):
    """The place of each key among keys that rise."""

    def __init__(self, keys: Sequence[int]) -> None:
        self.keys_ = keys

    def __getitem__(self, key: int) -> int:
        place = bisect_left(self.keys_, key)
        if place == len(self.keys_) or self.keys_[place] != key:
            raise KeyError(key)
        return place

    def __iter__(self) -> Iterator[int]:
        return iter(self.keys_)

    def __len__(self) -> int:
        return len(self.keys_)


class ByKey(Mapping[int, Any]):
    """What is found by the number that a key has, made when it is asked for."""

    def __init__(self, numbers: Mapping[int, int], of: Callable[[int], Any]) -> None:
        self.numbers, self.of = numbers, of

    def __getitem__(self, key: int) -> Any:
        return self.of(self.numbers[key])

    def __iter__(self) -> Iterator[int]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


def below(rows: Sequence[Scope], name: str) -> Sequence[Scope]:
    """The rows that belong to these, one after another."""
    found = rows if isinstance(rows, Some) else Some(rows, range(len(rows))) if isinstance(rows, Stored) else None
    if found is None:
        return [s for row in rows for s in row.rows[name].rows]
    there, order, starts = found.stored.below[name]
    return Some(there, _in_a_line(order, starts, found.numbers))


def _in_a_line(order: Numbers, starts: Numbers, numbers: Numbers) -> Numbers:
    """order[starts[n]:starts[n + 1]] of each number, one after another."""
    if isinstance(order, list):
        return [m for n in numbers for m in order[starts[n] : starts[n + 1]]]
    import numpy as np

    own = np.asarray(numbers, np.int64)
    lengths = starts[own + 1] - starts[own]
    ends = np.cumsum(lengths)
    return order[np.repeat(starts[own] - (ends - lengths), lengths) + np.arange(lengths.sum())]


def pick(rows: Sequence[Scope], numbers: Sequence[int]) -> Sequence[Scope]:
    """The rows at some places of a list."""
    if isinstance(rows, Stored):
        return Some(rows, numbers)
    if isinstance(rows, Some):
        return Some(rows.stored, [rows.numbers[n] for n in numbers])
    return [rows[n] for n in numbers]


def joined(*lists: Sequence[Scope]) -> Sequence[Scope]:
    """Several lists as one."""
    kept = [rows for rows in lists if len(rows)]
    return kept[0] if len(kept) == 1 else [s for rows in kept for s in rows]
