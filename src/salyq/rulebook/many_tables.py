"""Rows of many persons as tables: columns, what they refer to, what stands in them, and what was worked out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from salyq.rulebook.columns import Column
from salyq.rulebook.node import Node
from salyq.rulebook.scopes import Found
from salyq.rulebook.states import Unknown
from salyq.rulebook.units import LawError

Rows = Any  # an index array, or None for all rows of a table
Lookup = Callable[..., Found | Unknown]
Step = Callable[[Any, Node, "Table", Rows, date], Column]  # one operation: of a Many, for rows of a table, on a day


@dataclass(slots=True)
class Children:
    """Rows of another table that belong to rows of this one: those of row r are order[starts[r]:starts[r + 1]]."""

    table: Table
    order: Any
    starts: Any


@dataclass(slots=True)
class Table:
    """Rows of one kind. `refs`: name -> (table, row in it by row of this one). `parent`: the table that these rows
    stand in, with the row of each there. A table of one row answers for all rows below it."""

    kind: str
    count: int
    columns: dict[str, Column]
    refs: dict[str, tuple[Table, Any]] = field(default_factory=dict)
    rows: dict[str, Children] = field(default_factory=dict)
    parent: tuple[Table, Any] | None = None
    memo: dict[str, Memo] = field(default_factory=dict)
    by_day: dict[str, Any] = field(default_factory=dict)  # what law its rows' days pick (many_spans.py)

    def given(self, name: str, column: Column) -> None:
        """States the value of a rule for all rows, so that it is not worked out."""
        self.memo[name] = Memo(column, np.ones(self.count, bool), True)


def let_go(table: Table) -> None:
    """Takes tables apart that hang together: as they refer to each other, their columns would stay in memory until
    somebody looks for such rings."""
    waiting = [table]
    while waiting:
        one = waiting.pop()
        waiting += [there for there, _ in one.refs.values()] + [below.table for below in one.rows.values()]
        waiting += [] if one.parent is None else [one.parent[0]]
        one.refs, one.rows, one.parent = {}, {}, None
        one.memo, one.by_day = {}, {}


@dataclass(slots=True)
class Memo:
    """What was worked out of a rule for the rows of a table."""

    column: Column | None
    done: Any  # marks of the rows that were asked; None: nobody was
    all: bool = False


class NotInColumns(LawError):
    """A step that is told of one row at a time only."""


def counted(table: Table, rows: Rows) -> int:
    return table.count if rows is None else len(rows)
