"""Persons as columns, and how columns and lists of rows are made of NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from salyq.facts.moved import added as added
from salyq.records.person import Person
from salyq.rulebook.columns import Column, code, whole
from salyq.rulebook.many_tables import Children, Table


@dataclass(slots=True)
class Roll:
    """Persons of one walk. `alike` is the number of each one's template, `templates` persons who are alike but for the
    facts of the year; `facts`: name -> (values, marks of those who stated it)."""

    alike: Any
    templates: Sequence[Person]
    facts: Mapping[str, tuple[Any, Any]]

    @property
    def count(self) -> int:
        return len(self.alike)

    def each(self, of: Callable[[Person], Any], kind: Any = bool) -> Any:
        """What is the same for all who are alike, for each person."""
        return np.array([of(t) for t in self.templates], kind)[self.alike]

    def on(self, of: Callable[[Person, date], bool], persons: Any, days: Any) -> Any:
        """Marks of what holds of persons on days (ordinals); of persons without a licence nothing does."""
        found = np.zeros(len(persons), bool)
        rows = np.flatnonzero(self.each(lambda p: bool(p.licences))[persons])
        alike, own = self.alike[persons[rows]], days[rows]
        _, first, places = np.unique(alike * 2**22 + own, return_index=True, return_inverse=True)
        pairs = zip(alike[first].tolist(), own[first].tolist(), strict=True)
        said = np.array([of(self.templates[a], date.fromordinal(d)) for a, d in pairs], bool)
        found[rows] = said[places]
        return found


def flags(values: Any) -> Column:
    return Column((np.asarray(values, bool),))


def codes(values: Any) -> Column:
    return Column((values,))


def same(value: Any, count: int) -> Column:
    """One value for all rows of a table."""
    kind = bool if isinstance(value, bool) else np.int64
    return Column((np.full(count, value, kind),), None, (int(value), int(value)))


def stated(values: Any, given: Any, grain: int = 1) -> Column:
    """Whole numbers that some rows have."""
    made = whole(np.where(given, values, 0), grain=grain)
    return made.marked(None if given.all() else ~given)


def worths(amounts: Any, currencies: Any, given: Any, grain: int) -> Column:
    made = stated(amounts, given, grain)
    return Column((made.parts[0], np.where(given, currencies, code(""))), made.unknown, made.ends, grain)


def children(table: Table, owner: Any, count: int, rows: Any = None) -> Children:
    """Rows of a table (all, or some) by their owners, in their order."""
    rows = np.arange(table.count) if rows is None else rows
    own = owner[rows]
    order = np.argsort(own, kind="stable")
    return Children(table, rows[order], np.searchsorted(own[order], np.arange(count + 1)))
