"""Rows of one person that are not known, many at once: their scenarios by columns, where nobody asks what was used.

`OneMany` leaves a row that meets an unknown on its way to `for_one`, which notes what it used and what is missing. What
another choice would give asks for amounts alone: here such rows are read exactly as `for_one` reads them, scenario by
scenario (ends_many.py), and nothing is noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from salyq.rulebook import ends_many
from salyq.rulebook.columns import Column, is_array
from salyq.rulebook.many import Many
from salyq.rulebook.many_ops import STEPS
from salyq.rulebook.many_tables import NotInColumns, Rows, Table
from salyq.rulebook.node import Node, NotInForce
from salyq.rulebook.one_columns import single, summed
from salyq.rulebook.one_many import OF_ONE, OneMany, above
from salyq.rulebook.one_tables import Columns, OneTable
from salyq.rulebook.scopes import Scope
from salyq.rulebook.states import ENDS, Unknown, end_of

LOGIC = ("and", "or", "known_or", "any")  # OneMany is careful with these for the sake of what is noted


class Exact(OneMany):
    """Over the tables of `many`; what it works out stands beside, and goes with it."""

    def __init__(self, many: OneMany) -> None:
        super().__init__(many.asker, many.like)
        self.tables, self.of_stored = many.tables, many.of_stored
        self.steps = {**STEPS, **{name: step for name, step in OF_ONE.items() if name not in LOGIC}}

    def key(self, name: str) -> str:
        return f"{name} (exact)"

    def rule(self, name: str, table: Table, rows: Rows = None) -> Column:
        return Many.rule(self, name, table, rows)

    def _fill(self, memo: Any, name: str, table: Table, rows: Any, day: date) -> None:
        self.touched.append((table, self.key(name)))
        Many._fill(self, memo, name, table, rows, day)

    def climb(self, table: Table, rows: Rows, kind: str) -> tuple[Table, Rows]:
        if table.kind != kind:
            raise NotInColumns(f"rows of what a {table.kind} stands in")
        return table, rows


class OneScenario(ends_many.Ends, Exact):
    """One end of what `Exact` does not know."""

    def __init__(self, base: Exact, end: str) -> None:
        super().__init__(base, end)
        self.steps = {**self.steps, "input": _input, "rule": _rule}


def _input(m: OneScenario, node: Node, t: Table, r: Rows, _d: date) -> Column:
    """What was given may be unknown with ends."""
    kind, name = node.data
    if kind != t.kind:
        return single(end_of(getattr(above(t, kind).given, name), m.end), node.unit)
    assert isinstance(t.columns, Columns)
    found = t.columns.end(name, m.end)
    return found if r is None else found.take(r)


def _rule(m: OneScenario, node: Node, t: Table, r: Rows, d: date) -> Column:
    """A rule of what the rows stand in is asked of it, and may have ends of its own."""
    name, kind = node.data
    if kind == t.kind:
        return OF_ONE["rule"](m, node, t, r, d)  # type: ignore[no-any-return]
    scope = above(t, kind)
    value = end_of(m.asker.value(name, scope), m.end)
    if value is None and m.asker.version(name, scope) is None:
        raise NotInForce(f"{name} is not in force where it is needed")
    return single(value, node.unit)


class Open:
    """Sums over rows that `OneMany` left open."""

    def __init__(self, many: OneMany) -> None:
        self.many, self.exact = many, Exact(many)
        self.ends = {end: OneScenario(self.exact, end) for end in ENDS}

    def total(self, node: Node, scopes: Sequence[Scope], day: date, zero: Any) -> tuple[Any, Unknown | None]:
        """(Σ of the rows that are known after all, the ends of the others' sum; None: there are no others). What is
        missing is not said."""
        table, rows = self.many.placed(scopes)
        sure, open_ = np.ones(len(rows), bool), np.zeros(len(rows), bool)
        if len(node.args) > 1:
            keep = self.exact.value(node.args[1], table, rows, day)
            open_ |= False if keep.unknown is None else keep.unknown
            sure = np.broadcast_to(np.asarray(keep.parts[0], bool), len(rows)) & ~open_
        known = zero
        chosen = np.flatnonzero(sure)
        if len(chosen):
            found = _spread(self.exact.value(node.args[0], table, rows[chosen], day), len(chosen))
            marks = np.zeros(len(chosen), bool) if found.unknown is None else found.unknown
            told = np.flatnonzero(~marks)
            if len(told):
                known = summed(found.marked(None).take(told), len(told), zero)
            open_[chosen[marks]] = True
        left = np.flatnonzero(open_)
        if not len(left):
            return known, None
        return known, Unknown(frozenset(), *self._ends(node, table, rows[left], ~sure[left], day, zero))

    def _ends(self, node: Node, table: OneTable, rows: Any, doubt: Any, day: date, zero: Any) -> list[Any]:
        found: list[Any] = []
        for scenario in self.ends.values():
            parts = ends_many.parts(scenario, node, table, rows, doubt, day)
            nowhere = parts.unknown is not None and bool(np.any(parts.unknown))
            found.append(None if nowhere else summed(parts.marked(None), len(rows), zero))
        return found

    def close(self) -> None:
        self.exact.close()


def _spread(found: Column, count: int) -> Column:
    """Every part and the marks as columns, so that rows can be taken."""
    parts = tuple([p if is_array(p) else np.broadcast_to(np.asarray(p), count) for p in found.parts])
    marks = None if found.unknown is None else np.broadcast_to(found.unknown, count)
    return Column(parts, marks, found.ends, found.grain)
