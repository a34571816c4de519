"""`for_many`: reads the same graph as `for_one`, over columns of rows of many persons at once (architecture §4.8).

A rule's column is filled only for the rows that are really asked, under the version that each row's day picks, once.
Lookups are asked once for each distinct question. A row that depends on something unknown keeps a mark and no value:
what it could be is for `for_one` to say, of that row alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from salyq.rulebook.columns import OBJECT, Column, aligned, is_array, kind_of, measured, spread
from salyq.rulebook.graph import Graph
from salyq.rulebook.many_ops import STEPS
from salyq.rulebook.many_spans import ByDay
from salyq.rulebook.many_tables import Lookup, Memo, Rows, Step, Table
from salyq.rulebook.node import Node, NotInForce
from salyq.rulebook.units import LawError


class Many:
    """Evaluates rules over tables. `elections` answers (name, day) -> choice, the same for every row of the tables."""

    def __init__(self, graph: Graph, lookups: Mapping[str, Lookup], elections: Callable[[str, date], str]) -> None:
        self.graph, self.law, self.lookups, self.elections = graph, graph.law, lookups, elections
        self.by_day = ByDay(graph)
        self.steps: Mapping[str, Step] = STEPS

    # asking ---------------------------------------------------------------------------------------------------------
    def key(self, name: str) -> str:
        """What a rule's column is kept under in the memo of a table."""
        return name

    def rule(self, name: str, table: Table, rows: Rows = None) -> Column:
        """The value of a rule for rows of its kind (all: None). NotInForce where no version counts for one of them."""
        key = self.key(name)
        memo = table.memo.get(key)
        if memo is None:
            memo = table.memo[key] = Memo(None, None)
        if not memo.all:
            if memo.done is None and rows is None:  # all at once
                if table.count:
                    for some, day in self._by_span(name, table, None):
                        self._fill(memo, name, table, some, day)
            else:
                self._more(memo, name, table, rows)
            memo.all = memo.all or rows is None
        if memo.column is None:  # a table without rows
            return Column((np.zeros(0, np.int64),), None, (0, 0))
        return memo.column if rows is None else memo.column.take(rows)

    def _more(self, memo: Memo, name: str, table: Table, rows: Rows) -> None:
        """Fills the rows that were not asked before."""
        if memo.done is None:
            memo.done, needed = np.zeros(table.count, bool), rows
        else:
            needed = np.flatnonzero(~memo.done) if rows is None else rows[~memo.done[rows]]
        if bool((needed[1:] <= needed[:-1]).any()):  # each once
            needed = np.flatnonzero(_marked(table.count, needed))
        if len(needed):
            for some, day in self._by_span(name, table, needed):
                self._fill(memo, name, table, some, day)
            memo.done[needed] = True
            memo.all = len(needed) == table.count

    def in_force(self, name: str, table: Table) -> Any:
        """Marks of the rows for which a version of the rule counts."""
        found = np.zeros(table.count, bool)
        for some, day in self._by_span(name, table, np.arange(table.count)):
            found[some] = self.graph.rule_at(name, day) is not None
        return found

    def _by_span(self, name: str, table: Table, rows: Rows) -> Iterator[tuple[Any, date]]:
        """Rows (some, or all: None) by the law that a rule rests on, each with a day under it."""
        return self.by_day.rows(name, table, rows)

    def _fill(self, memo: Memo, name: str, table: Table, rows: Rows, day: date) -> None:
        version = self.graph.rule_at(name, day)
        if version is None:
            raise NotInForce(f"{name} is not in force on {day}, where it is needed ({table.kind})")
        every = rows is None or len(rows) == table.count
        got = measured(self.value(self.graph.trees[version], table, None if every else rows, day))
        if every:
            memo.column = _settled(got, table.count)
        else:
            memo.column = _written(memo.column, got, table.count, rows)

    # steps ----------------------------------------------------------------------------------------------------------
    def value(self, node: Node, table: Table, rows: Rows, day: date) -> Column:
        """The value of one step for rows of a table, under the law of `day`."""
        return self.steps[node.op](self, node, table, rows, day)

    def values(self, node: Node, table: Table, rows: Rows, day: date) -> list[Column]:
        return [self.value(a, table, rows, day) for a in node.args]

    def climb(self, table: Table, rows: Rows, kind: str) -> tuple[Table, Rows]:
        """The rows of `kind` that these rows stand in, one for each."""
        while table.kind != kind:
            if table.parent is None:
                raise LawError(f"a {table.kind} stands in no {kind}")
            above, places = table.parent
            table, rows = above, places if rows is None else places[rows]
        return table, rows


def _marked(count: int, rows: Any) -> Any:
    marks = np.zeros(count, bool)
    marks[rows] = True
    return marks


def _settled(got: Column, count: int) -> Column:
    """Every part a column of its own length, so that rows can be taken from it; data stay what they are."""
    if count and not isinstance(got.parts[0], np.ndarray | int | np.integer | np.bool_):
        return got
    unknown = np.ones(count, bool) if got.unknown is True else got.unknown
    if unknown is False:
        unknown = None
    return Column(tuple([spread(p, count) for p in got.parts]), unknown, got.ends, got.grain)


def _written(had: Column | None, got: Column, count: int, rows: Any) -> Column:
    """`got` written into the column of all rows at `rows`."""
    if had is None:
        blank = [np.ones(count, kind_of(p)) if n else np.zeros(count, kind_of(p)) for n, p in enumerate(got.parts)]
        had = Column(tuple(blank), None, got.ends, got.grain)  # rows that were not asked: 0 / 1
    had, got = aligned((had, got))
    parts = []
    for n in range(max(len(had.parts), len(got.parts))):
        old: Any = had.parts[n] if n < len(had.parts) else np.ones(count, np.int64)
        new: Any = got.parts[n] if n < len(got.parts) else 1
        if not is_array(old):
            old = np.full(count, old, kind_of(old))
        if old.dtype != OBJECT and kind_of(new) == OBJECT:
            old = old.astype(object)
        old[rows] = new
        parts.append(old)
    unknown = had.unknown
    if got.unknown is not None:
        unknown = np.zeros(count, bool) if unknown is None else unknown
        unknown[rows] = got.unknown
    ends = None
    if got.ends is not None and had.ends is not None:
        ends = (min(had.ends[0], got.ends[0], 0), max(had.ends[1], got.ends[1], 0))
    return Column(tuple(parts), unknown, ends, got.grain)
