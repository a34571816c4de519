"""Sums and questions over the rows that belong to others (many.py)."""

from __future__ import annotations

from datetime import date
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.rulebook.columns import Column, either, exact, is_array, number, spread, wide
from salyq.rulebook.many_tables import Rows, Table
from salyq.rulebook.node import Node

if TYPE_CHECKING:
    from salyq.rulebook.many import Many


# rows ---------------------------------------------------------------------------------------------------------------
def children_of(m: Many, node: Node, t: Table, r: Rows) -> tuple[int, Table, Any, Any]:
    """(owners, table of the rows, the rows of all owners in a line, where those of each owner begin)."""
    owner, name, _ = node.data
    t, r = m.climb(t, r, owner)
    found = t.rows[name]
    if r is None:
        return t.count, found.table, found.order, found.starts
    first, last = found.starts[r], found.starts[r + 1]
    lengths = last - first
    starts = np.concatenate(([0], np.cumsum(lengths)))
    places = np.repeat(first - starts[:-1], lengths) + np.arange(starts[-1])
    return len(r), found.table, found.order[places], starts


def _kept(m: Many, node: Node, below: Table, rows: Any, starts: Any, d: date) -> tuple[Any, Any, Any]:
    """(rows kept or in doubt, where each owner's begin, marks of those in doubt)."""
    keep = m.value(node.args[1], below, rows, d)
    flags = np.broadcast_to(np.asarray(keep.parts[0], bool), len(rows))
    doubt = np.zeros(len(rows), bool) if keep.unknown is None else np.broadcast_to(keep.unknown, len(rows))
    kept = (flags | doubt) & (flags | doubt)
    return rows[kept], np.concatenate(([0], np.cumsum(kept)))[starts], doubt[kept]


def total(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    owners, below, rows, starts = children_of(m, node, t, r)
    doubt = None
    if len(node.args) > 1 and len(rows):
        rows, starts, doubt = _kept(m, node, below, rows, starts, d)
    if not len(rows):
        return Column((np.zeros(owners, np.int64),), None, (0, 0))
    found = m.value(node.args[0], below, rows, d)
    return summed(found, owners, starts, doubt)


def summed(found: Column, owners: int, starts: Any, doubt: Any = None) -> Column:
    """The sums of owners whose rows stand in a line, from starts[n] to starts[n + 1]; `doubt`: rows that perhaps do
    not count."""
    count = int(starts[-1])
    if is_array(found.denominator):
        found = _one_denominator(found)
    values = spread(found.parts[0], count)
    longest = int((starts[1:] - starts[:-1]).max())
    assert found.ends is not None
    ends = (min(0, found.ends[0] * longest), max(0, found.ends[1] * longest))
    values = exact(lambda x: x, ends, values)
    some = starts[1:] > starts[:-1]
    made = np.zeros(owners, values.dtype)
    made[some] = np.add.reduceat(values, starts[:-1][some])
    marks = either(found.unknown, doubt)
    unknown = None
    if marks is not None:
        unknown = np.zeros(owners, bool)
        unknown[some] = np.logical_or.reduceat(np.broadcast_to(marks, count), starts[:-1][some])
    return number(made, found.denominator, unknown, ends, found.grain)


def _one_denominator(c: Column) -> Column:
    """Fractions of several denominators over one, so that they can be added."""
    below = wide(c.denominator)
    shared = lcm(*set(below.tolist()))
    factor = shared // below
    made = wide(c.parts[0]) * factor
    ends = (int(made.min()), int(made.max()))
    return number(made, shared, c.unknown, ends, c.grain)


def any_row(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    """One sure row decides; else one in doubt leaves it open."""
    owners, below, rows, starts = children_of(m, node, t, r)
    doubt: Any = np.zeros(len(rows), bool)
    if len(node.args) > 1 and len(rows):
        rows, starts, doubt = _kept(m, node, below, rows, starts, d)
    if not len(rows):
        return Column((np.zeros(owners, bool),))
    found = m.value(node.args[0], below, rows, d)
    holds = np.broadcast_to(np.asarray(found.parts[0], bool), len(rows))
    open_ = doubt if found.unknown is None else doubt | np.broadcast_to(found.unknown, len(rows))
    maybe = open_ & (holds | (np.broadcast_to(found.unknown, len(rows)) if found.unknown is not None else False))
    some = starts[1:] > starts[:-1]
    sure, marks = np.zeros(owners, bool), np.zeros(owners, bool)
    sure[some] = np.logical_or.reduceat(holds & ~open_, starts[:-1][some])
    marks[some] = np.logical_or.reduceat(maybe, starts[:-1][some])
    marks &= ~sure
    return Column((sure,), marks if marks.any() else None)
