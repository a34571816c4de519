"""Leaves, conditions and plain functions over columns (many.py); one function an operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.rulebook.columns import (
    Column,
    code,
    column_of,
    either,
    is_array,
    is_data,
    literal,
    merged,
    spread,
    text_of,
    values_of,
)
from salyq.rulebook.many_tables import NotInColumns, Rows, Table, counted
from salyq.rulebook.node import OPS, Node, NotInForce
from salyq.rulebook.op import Plain
from salyq.rulebook.states import Unknown

if TYPE_CHECKING:
    from salyq.rulebook.many import Many


# leaves -------------------------------------------------------------------------------------------------------------
def const(_m: Many, node: Node, _t: Table, _r: Rows, _d: date) -> Column:
    if node.unit == "text":
        return Column((code(node.data),))
    if node.unit == "flag":
        return Column((bool(node.data),))
    return literal(node.data)


def unknown(_m: Many, node: Node, _t: Table, _r: Rows, _d: date) -> Column:
    return nothing(node.unit)


def nothing(unit: str) -> Column:
    if unit == "worth":
        return Column((0, code("")), True, (0, 0))
    return Column((False,) if unit == "flag" else (0,), True, (0, 0))


def column(m: Many, node: Node, t: Table, r: Rows, _d: date) -> Column:
    kind, name = node.data
    t, r = m.climb(t, r, kind)
    if name not in t.columns:
        raise NotInColumns(f"{kind}.{name} is in no table")
    found = t.columns[name]
    return _single(found) if t.count == 1 else found if r is None else found.take(r)


def _single(c: Column) -> Column:
    """The column of a table of one row as one value."""
    parts = tuple([p[0] if is_array(p) else p for p in c.parts])
    mark = c.unknown
    return Column(parts, (bool(mark[0]) or None) if is_array(mark) else mark, c.ends, c.grain)


def given(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    mark = column(m, node.args[0], t, r, d).unknown
    return Column((True,) if mark is None else (~mark,) if is_array(mark) else (not mark,))


def rule(m: Many, node: Node, t: Table, r: Rows, _d: date) -> Column:
    name, kind = node.data
    t, r = m.climb(t, r, kind)
    return _single(m.rule(name, t)) if t.count == 1 else m.rule(name, t, r)


def value(m: Many, node: Node, _t: Table, _r: Rows, d: date) -> Column:
    found = m.graph.value_at(node.data, d)
    if found is None:
        raise NotInForce(f"{node.data} has no value on {d}")
    data = found.data
    if data is None:
        return nothing(node.unit)
    if isinstance(data, bool):
        return Column((data,))
    if isinstance(data, int | Fraction):
        return literal(data)
    if isinstance(data, str):
        return Column((code(data),))
    return Column((data,))  # scales, tables, terms, sets: data of the law, the same for all rows


def election(m: Many, node: Node, _t: Table, _r: Rows, d: date) -> Column:
    return Column((code(m.elections(node.data, d)),))


def choose(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    choice = text_of(int(m.value(node.args[0], t, r, d).parts[0]))
    return m.value(node.args[1 + node.data.index(choice)], t, r, d)


def at(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    there, places = t.refs[node.data]
    return m.value(node.args[0], there, places if r is None else places[r], d)


def same(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    """What matters to explanations alone: an article of its own, ends of an unknown."""
    return m.value(node.args[0], t, r, d)


def lookup(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    """The world is asked once for each distinct question about a row whose operands are known."""
    ask = m.lookups[node.data]

    def answer(*key: Any) -> Any:
        found = ask(*key)
        return None if type(found) is Unknown else found.value  # type: ignore[union-attr]

    return distinct(m, node, t, r, d, answer)


def distinct(
    m: Many,
    node: Node,
    t: Table,
    r: Rows,
    d: date,
    function: Callable[..., Any],
    done: Callable[[Any], None] = lambda _: None,
) -> Column:
    """`function` of the operands, once for each distinct row of them; None is unknown. `done` is told the number of
    each row's call, in the order of calls (−1: none was made, as an operand is unknown)."""
    count = counted(t, r)
    operands = m.values(node, t, r, d)
    unknown = either(*[c.unknown for c in operands])
    if not any(is_array(p) for c in operands for p in c.parts) and not is_array(unknown):
        if unknown:
            return nothing(node.unit)
        alone = [values_of(c, a.unit, 1)[0] for c, a in zip(operands, node.args, strict=True)]
        found = _single_of(column_of([function(*alone)], node.unit))
        done(np.zeros(count, np.int64))
        return found
    places, examples = _alike(operands, unknown, count)
    # Data of the law are the same for all rows, and cannot be looked up by: they stand aside.
    keys = [
        [c.parts[0]] * len(examples) if is_data(c) else values_of(c.take(examples), a.unit, len(examples))
        for c, a in zip(operands, node.args, strict=True)
    ]
    answers = [function(*key) for key in zip(*keys, strict=True)]
    done(places)
    return column_of([*answers, None], node.unit).take(places)


def _alike(operands: list[Column], unknown: Any, count: int) -> tuple[Any, Any]:
    """(the number of each row's distinct operands, −1 where one is unknown; a row of each)."""
    parts = [p for c in operands if not is_data(c) for p in c.parts if is_array(p)]
    known = np.arange(count) if unknown is None else np.flatnonzero(~np.broadcast_to(unknown, count))
    places = np.full(count, -1, np.int64)
    if any(p.dtype == object for p in parts):
        seen: dict[Any, int] = {}
        rows: list[int] = []
        for row, cells in zip(known.tolist(), zip(*[p[known].tolist() for p in parts], strict=True), strict=True):
            place = seen.get(cells)
            if place is None:
                place = seen[cells] = len(rows)
                rows.append(row)
            places[row] = place
        return places, np.array(rows, np.int64)
    key: Any = np.zeros(len(known), np.int64)
    size = 1
    for part in parts:
        own: Any = part[known].astype(np.int64)
        least = int(own.min()) if len(own) else 0
        width = int(own.max()) - least + 1 if len(own) else 1
        if size * width > 4 * len(known) + 4096:  # too sparse to count: number what is there
            _, own = np.unique(own, return_inverse=True)
            least, width = 0, int(own.max()) + 1 if len(own) else 1
            if size * width > 1 << 62:
                _, key = np.unique(key, return_inverse=True)
                size = int(key.max()) + 1
        key, size = key * width + (own - least), size * width
    if size <= 4 * len(known) + 4096:
        rows_of = np.full(size, -1, np.int64)
        rows_of[key] = known
        there = rows_of >= 0
        places[known] = (np.cumsum(there) - 1)[key]
        return places, rows_of[there]
    _, first, places[known] = np.unique(key, return_index=True, return_inverse=True)
    return places, known[first]


def _single_of(c: Column) -> Column:
    parts = tuple([p[0] if is_array(p) else p for p in c.parts])
    return Column(parts, True if c.unknown is not None else None, c.ends, c.grain)


def plain(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    """An operation that is a function of its operands: as `for_one` applies it."""
    op = OPS[node.op]
    assert isinstance(op, Plain)
    function = op.function(node)

    def known(*key: Any) -> Any:
        found = function(*key)
        return None if type(found) is Unknown else found

    return distinct(m, node, t, r, d, known)


def one_by_one(_m: Many, node: Node, _t: Table, _r: Rows, _d: date) -> Column:
    raise NotInColumns(f"{node.op} is told of one row at a time")


# conditions ---------------------------------------------------------------------------------------------------------
def both(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    return _logic(m, node, t, r, d, False)


def any_of(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    return _logic(m, node, t, r, d, True)


def _logic(m: Many, node: Node, t: Table, r: Rows, d: date, stop: bool) -> Column:
    """`and` stops at False, `or` at True; the second operand is asked of the other rows only."""
    a = m.value(node.args[0], t, r, d)
    if a.unknown is None and not is_array(a.parts[0]):
        return Column((stop,)) if bool(a.parts[0]) is stop else m.value(node.args[1], t, r, d)
    count = counted(t, r)
    first = np.broadcast_to(np.asarray(a.parts[0], bool), count)
    in_doubt = np.zeros(count, bool) if a.unknown is None else np.broadcast_to(a.unknown, count)
    go = (first != stop) | in_doubt
    if not go.any():
        return Column((np.full(count, stop),))
    chosen = np.flatnonzero(go)
    b = m.value(node.args[1], t, chosen if r is None else r[chosen], d)
    made = np.full(count, stop)
    made[chosen] = np.asarray(b.parts[0], bool)
    marks = np.zeros(count, bool)
    marks[chosen] = False if b.unknown is None else b.unknown
    # An operand in doubt matters only where the other does not decide.
    decided = np.zeros(count, bool)
    decided[chosen] = (np.broadcast_to(np.asarray(b.parts[0], bool), len(chosen)) == stop) & ~marks[chosen]
    marks = (marks | in_doubt) & ~decided
    return Column((made,), marks if marks.any() else None)


def negation(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a = m.value(node.args[0], t, r, d)
    flags = np.asarray(a.parts[0], bool)
    return Column((~flags if is_array(a.parts[0]) else not flags,), a.unknown)


def isin(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a = m.value(node.args[0], t, r, d)
    codes = [code(x) for x in node.data]
    inside = np.isin(a.parts[0], codes)
    return Column((inside if is_array(a.parts[0]) else bool(inside),), a.unknown)


def when(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    test = m.value(node.args[0], t, r, d)
    count = counted(t, r)
    flags, marks = test.parts[0], test.unknown
    if marks is None and (not is_array(flags) or flags.all() or not flags.any()):
        holds = bool(flags.all()) if is_array(flags) else bool(flags)
        return m.value(node.args[1 if holds else 2], t, r, d)
    flags = np.broadcast_to(np.asarray(flags, bool), count)
    doubt = np.zeros(count, bool) if marks is None else np.broadcast_to(marks, count)
    got = []
    for sure, branch in ((flags & ~doubt, node.args[1]), (~flags & ~doubt, node.args[2])):
        chosen = np.flatnonzero(sure)
        if len(chosen):
            got.append((chosen, m.value(branch, t, chosen if r is None else r[chosen], d)))
    if not got:
        return nothing(node.unit)
    return merged(count, got, doubt if doubt.any() else None, node.unit)


def alone(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    """No value where two of the grounds hold, or may hold."""
    count = counted(t, r)
    met = np.zeros(count, np.int64)
    for ground in node.args[1:]:
        found = m.value(ground, t, r, d)
        met += np.asarray(found.parts[0], bool) | (False if found.unknown is None else found.unknown)
    inner = m.value(node.args[0], t, r, d)
    if not (met > 1).any():
        return inner
    marks = met > 1 if inner.unknown is None else (met > 1) | inner.unknown
    return Column(tuple(spread(p, count) for p in inner.parts), marks, inner.ends, inner.grain)


def known_or(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a = m.value(node.args[0], t, r, d)
    if a.unknown is None:
        return a
    count = counted(t, r)
    marks = np.broadcast_to(a.unknown, count)
    other = node.args[1]
    if other.op == "const" and other.data == 0 and len(a.parts) == 1 and node.unit not in ("flag", "text"):
        assert a.ends is not None
        ends = (min(0, a.ends[0]), max(0, a.ends[1]))
        return Column((np.where(marks, 0, a.parts[0]),), None, ends, a.grain)
    open_, sure = np.flatnonzero(marks), np.flatnonzero(~marks)
    got = []
    if len(open_):
        got.append((open_, m.value(node.args[1], t, open_ if r is None else r[open_], d)))
    if len(sure):
        got.append((sure, a.marked(None).take(sure)))
    return merged(count, got, None, node.unit)
