"""Rows of one person as a table: columns, references and rows below are read when they are asked for (one_many.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.rulebook.columns import Column
from salyq.rulebook.many_tables import Children, NotInColumns, Table
from salyq.rulebook.one_columns import given
from salyq.rulebook.scopes import RowOf, Scope
from salyq.rulebook.states import Unknown, end_of
from salyq.rulebook.stored import Refs, Stored

if TYPE_CHECKING:
    from salyq.rulebook.one_many import OneMany


class OneTable(Table):
    """Rows of one kind that stand in one scope. Columns, references and rows below are read when they are asked for."""

    __slots__ = ("above", "group", "numbers", "scopes", "spans")

    def __init__(self, many: OneMany, scopes: Sequence[Scope]) -> None:
        if isinstance(scopes, Stored):
            kind, group = scopes.kind, scopes.parent.group
            parent: Scope | None = scopes.parent
            self.numbers: dict[int, int] = {}
        else:
            kind, parent, group = scopes[0].kind, scopes[0].parent, scopes[0].group
            if any(s.parent is not parent or s.group != group for s in scopes):
                raise NotInColumns(f"rows of several {kind}s together")
            self.numbers = {id(s): n for n, s in enumerate(scopes)}
        super().__init__(kind, len(scopes), Columns(self, many.law.kinds[kind].columns))
        self.scopes = scopes
        self.above, self.group = parent, group
        self.spans: dict[str, Any] = {}
        self.refs = _Refs(self, many)
        self.rows = _Below(self, many)


class Columns(dict[str, Column]):
    """The given columns, each made when it is first asked for."""

    def __init__(self, table: OneTable, units: Any) -> None:
        self.table, self.units = table, units
        self.with_ends: set[str] = set()
        self.ends: dict[tuple[str, str], Column] = {}

    def __contains__(self, name: object) -> bool:
        return name in self.units

    def __missing__(self, name: str) -> Column:
        scopes = self.table.scopes
        filled = scopes.columns.filled(name, scopes.items) if isinstance(scopes, Stored) else None
        if filled is not None:
            self[name] = filled
            return filled
        values = self.values_of(name)
        if any(type(v) is Unknown and (v.low, v.high, v.so_far) != (None, None, None) for v in values):
            self.with_ends.add(name)
        made = self[name] = given(values, self.units[name])
        return made

    def values_of(self, name: str) -> list[Any]:
        """What the rows were given."""
        scopes = self.table.scopes
        if isinstance(scopes, Stored):
            return scopes.columns.column(name, scopes.items)
        maker = getattr(scopes[0], "columns", None)
        if maker is not None and all(isinstance(s, RowOf) and s.columns is maker for s in scopes):
            return maker.column(name, [s.item for s in scopes])  # type: ignore[attr-defined,no-any-return]
        return [getattr(s.given, name) for s in scopes]

    def end(self, name: str, end: str) -> Column:
        """A column in one scenario of what is not known."""
        sure = self[name]
        if name not in self.with_ends:
            return sure
        made = self.ends.get((name, end))
        if made is None:
            made = self.ends[name, end] = given([end_of(v, end) for v in self.values_of(name)], self.units[name])
        return made


class _Refs(dict[str, tuple[Table, Any]]):
    def __init__(self, table: OneTable, many: OneMany) -> None:
        self.table, self.many = table, many

    def __missing__(self, name: str) -> tuple[Table, Any]:
        """Rows without the reference have −1: they may not be asked through it."""
        scopes = self.table.scopes
        refs = scopes.refs.get(name, ()) if isinstance(scopes, Stored) else None
        if isinstance(refs, Refs):
            numbers = np.array(refs.numbers, np.int64)
            if not len(numbers) or int(numbers.max()) < 0:
                raise NotInColumns(f"no row has a {name}")
            led = self[name] = (self.many.stored(refs.rows), numbers)
            return led
        found = [s.refs.get(name) for s in scopes] if refs is None else list(refs)
        distinct = list({id(s): s for s in found if s is not None}.values())
        if not distinct:
            raise NotInColumns(f"no row has a {name}")
        there, numbers = self.many.placed(distinct)
        place = {id(s): n for s, n in zip(distinct, numbers.tolist(), strict=True)}
        made = self[name] = (there, np.array([-1 if s is None else place[id(s)] for s in found], np.int64))
        return made


class _Below(dict[str, Children]):
    def __init__(self, table: OneTable, many: OneMany) -> None:
        self.table, self.many = table, many

    def __missing__(self, name: str) -> Children:
        scopes = self.table.scopes
        if isinstance(scopes, Stored):
            if name not in scopes.below:
                raise NotInColumns(f"no row has {name}")
            rows, order, starts = scopes.below[name]
            own = (np.array(order, np.int64), np.array(starts, np.int64))
            stored = self[name] = Children(self.many.stored(rows), *own)
            return stored
        lists = [s.rows.get(name) for s in scopes]
        if any(x is not None and x.incomplete for x in lists):
            raise NotInColumns(f"{name}: rows that could not be read")
        below = [s for x in lists if x is not None for s in x.rows]
        if not below:
            raise NotInColumns(f"no row has {name}")
        there, numbers = self.many.placed(below)
        lengths = [0 if x is None else len(x.rows) for x in lists]
        made = self[name] = Children(there, numbers, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))
        return made
