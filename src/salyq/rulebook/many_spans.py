"""Which law counts for which rows (many.py): a rule is worked out at once for all rows under one version of it and of
every value that it names, however often other law changes between their days."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date
from typing import Any

import numpy as np

from salyq.rulebook.columns import is_array
from salyq.rulebook.graph import Graph
from salyq.rulebook.many_tables import Rows, Table
from salyq.rulebook.node import Node
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.units import LawError

Spans = tuple[int, int, Any]  # the first and the last of all rows, and that of each (one number where they are one)


class ByDay:
    """Rows of tables by the days that pick the law of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.changes = np.array([d.toordinal() for d in graph.law.changes], np.int64)
        self._groups: dict[tuple[str, int, int, bool], Any] = {}
        self._named: dict[RuleVersion, tuple[list[str], bool]] = {}

    def rows(self, name: str, table: Table, rows: Rows) -> Iterator[tuple[Any, date]]:
        """Rows (some, or all: None) by the law that a rule rests on, each with the day of the first of them."""
        column = self.graph.law.rules[name][0].date
        for chosen in self._parts(name, table, rows, False):
            own = chosen if rows is None else rows if chosen is None else rows[chosen]
            yield own, date.fromordinal(int(upward(column, table, 0 if own is None else own[0])))

    def versions(self, name: str, table: Table, rows: Rows) -> Iterator[tuple[Any, RuleVersion | None]]:
        """The versions of a rule that count for rows of a table, with the numbers of those rows (None: all)."""
        _, _, spans = self.spans(self.graph.law.rules[name][0].date, table)
        for chosen in self._parts(name, table, rows, True):
            own = chosen if rows is None else rows if chosen is None else rows[chosen]
            span = spans[0 if own is None else own[0]] if is_array(spans) else spans
            yield chosen, self.graph.rule_at(name, self._day(int(span)))

    def _parts(self, name: str, table: Table, rows: Rows, alone: bool) -> Iterator[Any]:
        """Numbers of the rows under one law, for each law that counts for some; None: all of them. `alone`: values that
        a rule names may be others."""
        if not (table.count if rows is None else len(rows)):
            return
        low, high, spans = self.spans(self.graph.law.rules[name][0].date, table)
        groups = self._alike(name, low, high, alone)
        if groups is None:
            yield None
            return
        own = groups[(spans if rows is None else spans[rows]) - low]
        there = np.flatnonzero(np.bincount(own)).tolist()
        for group in there:
            yield np.flatnonzero(own == group) if len(there) > 1 else None

    def spans(self, column: str, table: Table) -> Spans:
        """The spans without a change of law in which the days of all rows lie; asked once a table."""
        found: Spans
        changes, found = table.by_day.get(column, (None, (0, 0, 0)))
        if changes is not self.changes:
            spans: Any = np.searchsorted(self.changes, upward(column, table, slice(None)), "right")
            ends = (int(spans.min()), int(spans.max())) if np.size(spans) else (0, 0)
            found = (*ends, ends[0] if ends[0] == ends[1] else spans)
            table.by_day[column] = (self.changes, found)
        return found

    def _alike(self, name: str, low: int, high: int, alone: bool) -> Any:
        """A number for each span from `low` to `high`, the same where a rule rests on the same law; None where all
        are."""
        if low == high:
            return None
        key = (name, low, high, alone)
        if key not in self._groups:
            seen: dict[Hashable, int] = {}
            law = [self._law(name, span, alone) for span in range(low, high + 1)]
            groups = [seen.setdefault(own, len(seen)) for own in law]
            self._groups[key] = np.array(groups, np.int64) if len(seen) > 1 else None
        return self._groups[key]

    def _law(self, name: str, span: int, alone: bool) -> Hashable:
        """What a rule rests on in a span. A choice may be another on each day, so that none is like another."""
        day = self._day(span)
        version = self.graph.rule_at(name, day)
        if version is None or alone:
            return id(version)
        if version not in self._named:
            self._named[version] = _named(self.graph.trees[version])
        values, chooses = self._named[version]
        return (id(version), span if chooses else -1, *(id(self.graph.value_at(v, day)) for v in values))

    def _day(self, span: int) -> date:
        return date.fromordinal(int(self.changes[span - 1])) if span else date.min


def upward(column: str, table: Table, rows: Any) -> Any:
    """A column of the rows, or of what they stand in."""
    at, places = table, rows
    while column not in at.columns:
        if at.parent is None:
            raise LawError(f"no {column!r} to pick a version by")
        at, above = at.parent
        places = above[places]
    values = at.columns[column].parts[0]
    if not is_array(values):
        return values
    return values[0] if at.count == 1 else values[places]


def _named(tree: Node) -> tuple[list[str], bool]:
    """The values that a rule names itself, and whether it hangs on a choice."""
    values: dict[str, None] = {}
    chooses, seen, stack = False, set(), [tree]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        stack += node.args
        chooses = chooses or node.op == "election"
        if node.op == "value":
            values[node.data] = None
    return [*values], chooses
