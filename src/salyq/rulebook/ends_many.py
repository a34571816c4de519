"""What is not known, scenario by scenario, over columns: what `rulebook/states.py` says of one unknown value.

The reader of columns (many.py) marks rows whose value is not known. Here the same rules are asked once more, of those
rows alone, for each end: of least tax, of most tax, and with the facts so far. Rows that are known are what they are;
a row without such an end keeps its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from salyq.rulebook import many_leaves as leaves
from salyq.rulebook.columns import Column, common, merged
from salyq.rulebook.many_rows import children_of, summed
from salyq.rulebook.many_tables import Rows, Table, counted
from salyq.rulebook.node import Node
from salyq.rulebook.states import ENDS, Unknown
from salyq.rulebook.units import UNITS

LOW, HIGH, SO_FAR = ENDS


class Ends:
    """One end of what `base` does not know: a reader over what `base` is, which shares all that it holds."""

    base: Any
    end: str
    steps: Mapping[str, Any]

    def __init__(self, base: Any, end: str) -> None:
        self.__dict__.update(base.__dict__)
        self.base, self.end = base, end
        self.steps = {**base.steps, **_STEPS}

    def key(self, name: str) -> str:
        return f"{name} ({self.end})"

    def rule(self, name: str, table: Table, rows: Rows = None) -> Column:
        """As `base` says where it knows; the end of the others."""
        sure: Column = self.base.rule(name, table, rows)
        if sure.unknown is None:
            return sure
        count = counted(table, rows)
        marks = np.broadcast_to(sure.unknown, count)
        open_ = np.flatnonzero(marks)
        if not len(open_):
            return sure
        asked = open_ if rows is None else rows[open_]
        found: Column = super().rule(name, table, asked)  # type: ignore[misc]
        known = np.flatnonzero(~marks)
        got = [(open_, found)]
        if len(known):
            got.append((known, sure.marked(None).take(known)))
        return merged(count, got, None, self.law.rules[name][0].unit)  # type: ignore[attr-defined]


def _of(rows: Rows, chosen: Any) -> Any:
    return chosen if rows is None else rows[chosen]


def _marks(c: Column, count: int) -> Any:
    return np.zeros(count, bool) if c.unknown is None else np.array(np.broadcast_to(c.unknown, count))


def _flags(c: Column, count: int) -> Any:
    return np.array(np.broadcast_to(np.asarray(c.parts[0], bool), count))


# conditions ---------------------------------------------------------------------------------------------------------
def _and(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    return _logic(m, node, t, r, d, False)


def _or(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    return _logic(m, node, t, r, d, True)


def _logic(m: Any, node: Node, t: Table, r: Rows, d: date, stop: bool) -> Column:
    """A known operand decides; two that are not known are joined end by end."""
    first, second = node.args
    count = counted(t, r)
    sure = m.base.value(first, t, r, d)
    open_ = _marks(sure, count)
    made, marks = np.full(count, stop), np.zeros(count, bool)
    go = np.flatnonzero(open_ | (_flags(sure, count) != stop))
    if not len(go):
        return Column((made,))
    a, b = m.value(first, t, _of(r, go), d), m.value(second, t, _of(r, go), d)
    x, y, no_x, no_y = _flags(a, len(go)), _flags(b, len(go)), _marks(a, len(go)), _marks(b, len(go))
    open_ = open_[go]
    decided = np.zeros(len(go), bool)
    doubt = np.flatnonzero(open_)
    if len(doubt):
        other = m.base.value(second, t, _of(r, go[doubt]), d)
        decided[doubt] = ~_marks(other, len(doubt)) & (_flags(other, len(doubt)) == stop)
    joined = (x | y) if stop else (x & y)
    made[go] = np.where(decided, stop, np.where(open_, joined, y))
    marks[go] = ~decided & np.where(open_, no_x | no_y, no_y)
    return Column((made,), marks if marks.any() else None)


def _when(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    """Each scenario takes its own branch; branches that are alike need no condition."""
    test, then, otherwise = node.args
    count = counted(t, r)
    sure = m.base.value(test, t, r, d)
    open_, holds = _marks(sure, count), _flags(sure, count)
    got: list[tuple[Any, Column]] = []
    for chosen, branch in ((~open_ & holds, then), (~open_ & ~holds, otherwise)):
        rows = np.flatnonzero(chosen)
        if len(rows):
            got.append((rows, m.value(branch, t, _of(r, rows), d)))
    doubt = np.flatnonzero(open_)
    if len(doubt):
        there = _of(r, doubt)
        found, yes, no = (m.value(n, t, there, d) for n in (test, then, otherwise))
        got.append((doubt, _picked(found, yes, no, len(doubt), node.unit)))
    return merged(count, got, None, node.unit)


def _picked(test: Column, yes: Column, no: Column, count: int, unit: str) -> Column:
    holds, nowhere = _flags(test, count), _marks(test, count)
    first, second = np.flatnonzero(holds | nowhere), np.flatnonzero(~holds & ~nowhere)
    got = [(rows, _spread(c, count).take(rows)) for rows, c in ((first, yes), (second, no)) if len(rows)]
    made = merged(count, got, None, unit)
    if not nowhere.any():
        return made
    marks = _marks(made, count) | (nowhere & ~_alike(yes, no, count, unit))
    return made.marked(marks if marks.any() else None)


def _spread(c: Column, count: int) -> Column:
    """Marks as a column, so that rows can be taken."""
    return c.marked(None if c.unknown is None else _marks(c, count))


def _alike(a: Column, b: Column, count: int, unit: str) -> Any:
    """Rows in which two columns say the same."""
    known = ~_marks(a, count) & ~_marks(b, count)
    if UNITS[unit].number and a.ends is not None and b.ends is not None:
        a, b, _ = common(a, b)
        return known & (np.zeros(count, bool) | np.asarray(a.parts[0] == b.parts[0], bool))
    for x, y in zip(a.parts, b.parts, strict=True):
        known = known & np.asarray(x == y, bool)
    return known


def _known_or(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    sure = m.base.value(node.args[0], t, r, d)
    count = counted(t, r)
    open_ = _marks(sure, count)
    got: list[tuple[Any, Column]] = []
    known, doubt = np.flatnonzero(~open_), np.flatnonzero(open_)
    if len(known):
        got.append((known, sure.marked(None).take(known)))
    if len(doubt):
        got.append((doubt, m.value(node.args[1], t, _of(r, doubt), d)))
    return merged(count, got, None, node.unit)


def _bounded(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    """The end that an unknown lacks; one that it has stays."""
    found: Column = m.value(node.args[0], t, r, d)
    has_least, has_most = node.data
    if found.unknown is None or not {LOW: has_least, HIGH: has_most, SO_FAR: False}[m.end]:
        return found
    count = counted(t, r)
    marks = _marks(found, count)
    known, without = np.flatnonzero(~marks), np.flatnonzero(marks)
    got: list[tuple[Any, Column]] = []
    if len(without):
        got.append((without, m.value(node.args[1 if m.end == LOW else -1], t, _of(r, without), d)))
    if len(known):
        got.append((known, found.marked(None).take(known)))
    return merged(count, got, None, node.unit)


def _widened(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    """The ends of an unknown are those of the last operands, where the second has two ends."""
    x, where, least, most = node.args
    found: Column = m.value(x, t, r, d)
    open_ = np.flatnonzero(_marks(m.base.value(x, t, r, d), counted(t, r)))
    if m.end == SO_FAR or not len(open_):
        return found
    low, high = (type(m)(m.base, end).value(where, t, _of(r, open_), d) for end in (LOW, HIGH))
    apart = np.zeros(counted(t, r), bool)
    apart[open_] = ~_alike(low, high, len(open_), where.unit)
    wide, same = np.flatnonzero(apart), np.flatnonzero(~apart)
    got: list[tuple[Any, Column]] = []
    if len(wide):
        got.append((wide, m.value(least if m.end == LOW else most, t, _of(r, wide), d)))
    if len(same):
        got.append((same, _spread(found, len(apart)).take(same)))
    return merged(len(apart), got, None, node.unit)


# leaves -------------------------------------------------------------------------------------------------------------
def _given(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    found: Column = m.base.value(node, t, r, d)
    return found


def _lookup(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    """A question with an unknown part has no answer in any scenario; a year that is not over has one so far."""
    if m.end != SO_FAR:
        return _given(m, node, t, r, d)
    ask: Callable[..., Any] = m.lookups[node.data]

    def answer(*key: Any) -> Any:
        found = ask(*key)
        return found.so_far if isinstance(found, Unknown) else found.value

    return leaves.distinct(m.base, node, t, r, d, answer)


# rows ---------------------------------------------------------------------------------------------------------------
def _sum(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    owners, below, rows, starts = children_of(m, node, t, r)
    if not len(rows) or len(node.args) == 1:
        return summed(m.value(node.args[0], below, rows, d), owners, starts) if len(rows) else _nothing(owners)
    sure = m.base.value(node.args[1], below, rows, d)
    open_ = _marks(sure, len(rows))
    kept = np.flatnonzero(open_ | _flags(sure, len(rows)))
    starts = np.concatenate(([0], np.cumsum(open_ | _flags(sure, len(rows)))))[starts]
    rows, open_ = rows[kept], open_[kept]
    if not len(rows):
        return _nothing(owners)
    return summed(parts(m, node, below, rows, open_, d), owners, starts)


def parts(m: Any, node: Node, t: Table, rows: Any, open_: Any, d: date) -> Column:
    """What each row adds to a sum in this scenario; of rows that are perhaps not in it (`open_`), where they are."""
    found: Column = m.value(node.args[0], t, rows, d)
    doubt = np.flatnonzero(open_)
    if not len(doubt):
        return found
    keep = m.value(node.args[1], t, rows[doubt], d)
    own = _spread(found, len(rows)).take(doubt)
    got = [(doubt, _picked(keep, own, Column((0,), None, (0, 0)), len(doubt), node.unit))]
    others = np.flatnonzero(~open_)
    if len(others):
        got.append((others, _spread(found, len(rows)).take(others)))
    return merged(len(rows), got, None, node.unit)


def _nothing(owners: int) -> Column:
    return Column((np.zeros(owners, np.int64),), None, (0, 0))


def _any(m: Any, node: Node, t: Table, r: Rows, d: date) -> Column:
    """Where no row is sure to hold, none does in the one scenario and one does in the other."""
    sure: Column = m.base.value(node, t, r, d)
    if sure.unknown is None:
        return sure
    count = counted(t, r)
    marks = _marks(sure, count)
    if m.end == SO_FAR:
        return sure
    return Column((np.where(marks, m.end == HIGH, _flags(sure, count)),))


_STEPS = {
    "and": _and,
    "or": _or,
    "when": _when,
    "known_or": _known_or,
    "bounded": _bounded,
    "widened": _widened,
    "given": _given,
    "lookup": _lookup,
    "sum": _sum,
    "any": _any,
}
