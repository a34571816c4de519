"""The rows of one person, many at once: what `for_one` asks of hundreds of rows is read from columns (many.py).

Sums over rows, and a rule asked of every row of a list, take a column where there are many rows. What columns know is
exactly what `for_one` would say, and is noted as used exactly as `for_one` notes it. A row that meets anything unknown
on its way is left to `for_one`, whole: its scenarios, what is missing and what it used are said there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.rulebook import many_leaves as leaves
from salyq.rulebook import many_rows
from salyq.rulebook.columns import Column, code, is_array, values_of
from salyq.rulebook.graph import leaves as leaves_of
from salyq.rulebook.many import Many
from salyq.rulebook.many_tables import NotInColumns, Rows, Step, Table, counted
from salyq.rulebook.node import Node, NotInForce
from salyq.rulebook.one_columns import single, summed
from salyq.rulebook.one_tables import OneTable
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Article, Scope, day_of, home
from salyq.rulebook.stored import Some, Stored, StoredRow

if TYPE_CHECKING:
    from salyq.rulebook.evaluate import Evaluator

YEARS = range(1990, 2101)  # elections may be other each year: no span reaches over a year's end
Parts = tuple[Any, list[int]]  # a sum over the rows that are known, and the numbers of the others


class OneMany(Many):
    """Columns for one evaluator. A variant computes anew what hangs on its choices, and asks `like` for the rest."""

    def __init__(self, evaluator: Evaluator, like: OneMany | None = None) -> None:
        super().__init__(evaluator.graph, evaluator.lookups, evaluator.elections)  # type: ignore[arg-type]
        self.asker, self.like = evaluator, like
        starts = {date(y, 1, 1).toordinal() for y in YEARS}
        self.changes = np.array(sorted(starts | {d.toordinal() for d in self.law.changes}), np.int64)
        self.steps = {**self.steps, **OF_ONE}
        self.tables: list[OneTable] = []
        self.of_stored: dict[int, OneTable] = {}
        self.touched: list[tuple[Table, str]] = []

    # rows ---------------------------------------------------------------------------------------------------------
    def placed(self, scopes: Sequence[Scope]) -> tuple[OneTable, Any]:
        """The table that holds these rows, and their numbers in it; a new one where none does."""
        if isinstance(scopes, Stored):
            return self.stored(scopes), np.arange(len(scopes))
        if isinstance(scopes, Some):
            return self.stored(scopes.stored), np.array(scopes.numbers, np.int64)
        first = scopes[0]
        if isinstance(first, StoredRow):
            rows = first.stored
            own = [s.number for s in scopes if isinstance(s, StoredRow) and s.stored is rows]
            if len(own) == len(scopes):
                return self.stored(rows), np.array(own, np.int64)
        known = [*self.tables, *(self.like.tables if self.like else ())]
        for table in known:
            if table.kind == scopes[0].kind and id(scopes[0]) in table.numbers:
                numbers = table.numbers
                found = [numbers.get(id(s), -1) for s in scopes]
                if -1 not in found:
                    return table, np.array(found, np.int64)
        table = OneTable(self, list({id(s): s for s in scopes}.values()))
        self.tables.append(table)
        if table.count == len(scopes):
            return table, np.arange(table.count)
        return table, np.array([table.numbers[id(s)] for s in scopes], np.int64)

    def stored(self, rows: Stored) -> OneTable:
        """The table of a stored list."""
        for reader in (self, self.like):
            made = reader.of_stored.get(id(rows)) if reader else None
            if made is not None:
                return made
        made = self.of_stored[id(rows)] = OneTable(self, rows)
        return made

    # asking -------------------------------------------------------------------------------------------------------
    def total(self, node: Node, scopes: Sequence[Scope], day: date, zero: Any) -> Parts:
        """Σ of a node's first operand over the rows that its second keeps, as far as both are known; and the rows that
        are left to `for_one`. NotInColumns, NotInForce: they are all."""
        table, rows = self.placed(scopes)
        places = np.arange(len(rows))
        doubt: list[int] = []
        if len(node.args) > 1:
            keep = self.value(node.args[1], table, rows, day)
            marks = np.broadcast_to(False if keep.unknown is None else keep.unknown, len(rows))
            flags = np.broadcast_to(np.asarray(keep.parts[0], bool), len(rows))
            doubt = np.flatnonzero(marks).tolist()
            places = np.flatnonzero(flags & ~marks)
        if not len(places):
            return zero, doubt
        found = self.value(node.args[0], table, rows[places], day)
        if found.unknown is not None:
            marks = np.broadcast_to(found.unknown, len(places))
            doubt = sorted([*doubt, *places[marks].tolist()])
            sure = np.flatnonzero(~marks)
            parts = tuple([np.broadcast_to(np.asarray(p), len(places)) for p in found.parts])
            found = Column(parts, None, found.ends, found.grain)
            found, places = found.take(sure), places[sure]
        return summed(found, len(places), zero), doubt

    def every(self, name: str, scopes: Sequence[Scope]) -> list[Any]:
        """The value of a rule for each row, None where no version is in force; what columns do not know, `for_one`
        says."""
        table, rows = self.placed(scopes)
        there = np.flatnonzero(self.in_force(name, table)[rows])
        values: list[Any] = [None] * len(rows)
        if not len(there):
            return values
        asked = rows[there]
        unit = self.law.rules[name][0].unit
        found = values_of(self.rule(name, table, asked), unit, len(asked))
        for place, value in zip(there.tolist(), found, strict=True):
            values[place] = self.asker.value(name, scopes[place]) if value is None else value
        return values

    def where(self, name: str, scopes: Sequence[Scope]) -> list[int]:
        """The numbers of the rows for which a flag holds."""
        table, rows = self.placed(scopes)
        there = np.flatnonzero(self.in_force(name, table)[rows])
        if not len(there):
            return []
        found = self.rule(name, table, rows[there])
        flags = np.array(np.broadcast_to(np.asarray(found.parts[0], bool), len(there)))
        if found.unknown is not None:
            for n in np.flatnonzero(np.broadcast_to(found.unknown, len(there))).tolist():
                flags[n] = self.asker.value(name, scopes[there[n]]) is True
        return there[flags].tolist()  # type: ignore[no-any-return]

    def step_values(self, node: Node, scopes: Sequence[Scope], day: date) -> list[Any]:
        """The value of a step for each row; None where columns do not know it."""
        table, rows = self.placed(scopes)
        return values_of(self.value(node, table, rows, day), node.unit, len(rows))

    def value(self, node: Node, table: Table, rows: Rows, day: date) -> Column:
        step = self.steps.get(node.op)
        if step is None:
            raise NotInColumns(f"{node.op} is told of one row at a time")
        return step(self, node, table, rows, day)

    def rule(self, name: str, table: Table, rows: Rows = None) -> Column:
        if self.like is not None and name not in self.asker.anew:  # type: ignore[attr-defined]
            return self.like.rule(name, table, rows)
        return super().rule(name, table, rows)

    def key(self, name: str) -> str:
        return self.asker.key(name)

    def _fill(self, memo: Any, name: str, table: Table, rows: Any, day: date) -> None:
        assert isinstance(table, OneTable)
        version = self.graph.rule_at(name, day)
        if version is None:
            raise NotInForce(f"{name} is not in force on {day}, where it is needed ({table.kind})")
        if self.like is not None:
            self.touched.append((table, self.key(name)))
        asker = self.asker
        outer, asker.current = asker.current, asker.uses.setdefault((version, table.group), set())
        try:
            super()._fill(memo, name, table, rows, day)
        finally:
            asker.current = outer

    def close(self) -> None:
        """Lets go of what was computed anew."""
        for table, key in self.touched:
            table.memo.pop(key, None)
        self.touched.clear()
        self.tables.clear()
        self.of_stored.clear()

    def upward(self, column: str, table: Table, rows: Any) -> Any:
        assert isinstance(table, OneTable)
        if column in table.columns:
            days = table.columns[column]
            if days.unknown is not None:
                raise NotInColumns(f"a {table.kind} without {column}")
            return days.parts[0][rows]
        assert table.above is not None
        return day_of(table.above, column).toordinal()

    def _spans(self, column: str, table: OneTable) -> Any:
        """The span without a change of law in which each row stands; one for all where it is the same."""
        spans = table.spans.get(column)
        if spans is None:
            days = self.upward(column, table, np.arange(table.count))
            spans = np.atleast_1d(np.searchsorted(self.changes, days, "right"))
            if len(spans) and (spans == spans[0]).all():
                spans = spans[:1]
            table.spans[column] = spans
        return spans

    def _day_in(self, span: int) -> date:
        return date.fromordinal(int(self.changes[span - 1])) if span else date.min

    def _by_span(self, name: str, table: Table, rows: Rows) -> Iterator[tuple[Any, date]]:
        assert isinstance(table, OneTable)
        spans = self._spans(self.law.rules[name][0].date, table)
        if len(spans) == 1:
            yield rows, self._day_in(int(spans[0]))
            return
        own = spans if rows is None else spans[rows]
        found = np.flatnonzero(np.bincount(own)).tolist()
        for span in found:
            chosen = np.flatnonzero(own == span) if len(found) > 1 else None
            yield rows if chosen is None else chosen if rows is None else rows[chosen], self._day_in(span)

    def versions(self, name: str, table: OneTable, rows: Rows) -> Iterator[RuleVersion]:
        """The versions of a rule that count for some of the rows."""
        spans = self._spans(self.law.rules[name][0].date, table)
        own = spans if rows is None or len(spans) == 1 else spans[rows]
        for span in np.flatnonzero(np.bincount(own)).tolist():
            version = self.graph.rule_at(name, self._day_in(span))
            if version is not None:
                yield version


# steps --------------------------------------------------------------------------------------------------------------
def _column(_m: OneMany, node: Node, t: Table, r: Rows, _d: date) -> Column:
    kind, name = node.data
    if kind == t.kind:
        return t.columns[name] if r is None else t.columns[name].take(r)
    return single(getattr(above(t, kind).given, name), node.unit)


def _given_mark(m: OneMany, node: Node, t: Table, r: Rows, d: date) -> Column:
    mark = _column(m, node.args[0], t, r, d).unknown
    return Column((True,) if mark is None else (~mark,) if is_array(mark) else (not mark,))


def above(t: Table, kind: str) -> Scope:
    """What the rows of a table stand in."""
    assert isinstance(t, OneTable)
    assert t.above is not None
    return home(t.above, kind)


def _rule(m: OneMany, node: Node, t: Table, r: Rows, _d: date) -> Column:
    name, kind = node.data
    assert isinstance(t, OneTable)
    if kind == t.kind:
        if counted(t, r) == 0:
            return Column((np.zeros(0, np.int64),), None, (0, 0))
        got = m.rule(name, t, r)
        m.asker.current.update([(v, t.group) for v in m.versions(name, t, r)])
        return got
    scope = above(t, kind)
    value = m.asker.value(name, scope)
    if value is None and m.asker.version(name, scope) is None:
        raise NotInForce(f"{name} is not in force where it is needed")
    return single(value, node.unit)


def _value(m: OneMany, node: Node, t: Table, r: Rows, d: date) -> Column:
    assert isinstance(t, OneTable)
    found = m.graph.value_at(node.data, d)
    if found is None:
        if m.law.series[node.data].renews:
            return leaves.nothing(node.unit)
        raise NotInForce(f"{node.data} has no value on {d}")
    if counted(t, r):
        m.asker.current.add((found, t.group))
    return leaves.value(m, node, t, r, d)


def _election(m: OneMany, node: Node, t: Table, r: Rows, d: date) -> Column:
    assert isinstance(t, OneTable)
    choice = m.elections(node.data, d)
    if not isinstance(choice, str):
        raise NotInColumns(f"{node.data}: nobody has chosen")
    if counted(t, r):
        m.asker.elected.add((node.data, choice, d.year))
        found = m.graph.value_at(node.data, d)
        if found is not None:
            m.asker.current.add((found, t.group))
    return Column((code(choice),))


def _cited(m: OneMany, node: Node, t: Table, r: Rows, d: date) -> Column:
    assert isinstance(t, OneTable)
    if counted(t, r):
        m.asker.current.add((Article(*node.data), t.group))
    return leaves.same(m, node, t, r, d)


def _at(m: OneMany, node: Node, t: Table, r: Rows, d: date) -> Column:
    """What stands below is read under the law of the row that is led to: only what picks its law itself can be."""
    if any(True for op in ("value", "election") for _ in leaves_of(node.args[0], op)):
        raise NotInColumns("a value of law behind a reference")
    there, places = t.refs[node.data]
    places = places if r is None else places[r]
    if len(places) and int(places.min()) < 0:
        raise NotInColumns(f"a row without {node.data}")
    return m.value(node.args[0], there, places, d)


def _logic(stop: bool) -> Step:
    """A doubt that the other operand settles is still a doubt met on the way: `for_one` notes what it used."""

    def step(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
        a = m.value(node.args[0], t, r, d)
        if a.unknown is None and not is_array(a.parts[0]):
            return Column((stop,)) if bool(a.parts[0]) is stop else m.value(node.args[1], t, r, d)
        count = counted(t, r)
        first = np.broadcast_to(np.asarray(a.parts[0], bool), count)
        doubt = np.zeros(count, bool) if a.unknown is None else np.broadcast_to(a.unknown, count)
        chosen = np.flatnonzero((first != stop) & ~doubt)
        made = np.full(count, stop)
        marks = np.array(doubt)
        if len(chosen):
            b = m.value(node.args[1], t, chosen if r is None else r[chosen], d)
            made[chosen] = np.asarray(b.parts[0], bool)
            if b.unknown is not None:
                marks[chosen] = b.unknown
        return Column((made,), marks if marks.any() else None)

    return step


def _known_or(m: OneMany, node: Node, t: Table, r: Rows, d: date) -> Column:
    """Where the first is not known, what `for_one` found out about it counts as used: it is left to it."""
    return m.value(node.args[0], t, r, d)


def _total(m: OneMany, node: Node, t: Table, r: Rows, d: date) -> Column:
    if node.data[0] != t.kind:
        raise NotInColumns("a sum over rows of what rows stand in")
    return many_rows.total(m, node, t, r, d)


def _any(m: OneMany, node: Node, t: Table, r: Rows, d: date) -> Column:
    """The first rows of all owners, then the second ones of those still open …: no row is asked that `for_one` would
    not ask."""
    owner, name, _ = node.data
    if owner != t.kind or len(node.args) > 1:
        raise NotInColumns("a question about rows of what rows stand in")
    found = t.rows[name]
    rows = np.arange(t.count) if r is None else r
    at, last = found.starts[rows].copy(), found.starts[rows + 1]
    made, marks = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    open_ = np.flatnonzero(at < last)
    while len(open_):
        c = m.value(node.args[0], found.table, found.order[at[open_]], d)
        holds = np.broadcast_to(np.asarray(c.parts[0], bool), len(open_))
        doubt = np.zeros(len(open_), bool) if c.unknown is None else np.broadcast_to(c.unknown, len(open_))
        made[open_] = holds & ~doubt
        marks[open_] = doubt
        at[open_] += 1
        open_ = open_[~holds & ~doubt & (at[open_] < last[open_])]
    return Column((made,), marks if marks.any() else None)


OF_ONE: dict[str, Any] = {
    "input": _column,
    "given": _given_mark,
    "rule": _rule,
    "value": _value,
    "election": _election,
    "cited": _cited,
    "at": _at,
    "and": _logic(False),
    "or": _logic(True),
    "known_or": _known_or,
    "sum": _total,
    "any": _any,
}
