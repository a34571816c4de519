"""Exact arithmetic over columns (many.py); one function an operation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.rulebook.columns import (
    Column,
    Ends,
    aligned,
    common,
    either,
    exact,
    half_up,
    in_words,
    is_array,
    kind_of,
    least,
    merged,
    number,
    plain,
    product_ends,
    regrained,
    rounded_ends,
    wide,
)
from salyq.rulebook.many_leaves import nothing, one_by_one
from salyq.rulebook.many_tables import Rows, Step, Table, counted
from salyq.rulebook.node import Node
from salyq.rulebook.ops.numbers import steps_of
from salyq.rulebook.units import UNITS

if TYPE_CHECKING:
    from salyq.rulebook.many import Many


# numbers ------------------------------------------------------------------------------------------------------------
def add(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a, b, below = common(*m.values(node, t, r, d))
    assert a.ends is not None
    assert b.ends is not None
    ends = (a.ends[0] + b.ends[0], a.ends[1] + b.ends[1])
    made = exact(operator.add, ends, a.parts[0], b.parts[0])
    return number(made, below, either(a.unknown, b.unknown), ends, a.grain)


def sub(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a, b, below = common(*m.values(node, t, r, d))
    assert a.ends is not None
    assert b.ends is not None
    ends = (a.ends[0] - b.ends[1], a.ends[1] - b.ends[0])
    made = exact(operator.sub, ends, a.parts[0], b.parts[0])
    return number(made, below, either(a.unknown, b.unknown), ends, a.grain)


def mul(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a, b = m.values(node, t, r, d)
    over, under = steps_of(node)
    assert a.ends is not None
    assert b.ends is not None
    ends = product_ends(a.ends, b.ends)
    top = exact(operator.mul, ends, a.parts[0], b.parts[0])
    below = wide(a.denominator) * wide(b.denominator) * under
    grain = a.grain * b.grain * over
    below, grain = _cancelled(below, grain)
    return number(top, below, either(a.unknown, b.unknown), ends, grain)


def _cancelled(below: Any, grain: int) -> tuple[Any, int]:
    """A denominator and a grain without what they share."""
    if is_array(below) or grain == 1:
        return below, grain
    shared = gcd(below, grain)
    return below // shared, grain // shared


def share(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    """a of b; a share of nothing is nothing. A whole below zero keeps the denominator above it."""
    a, b, _ = common(*m.values(node, t, r, d))
    assert a.ends is not None
    top, below = np.asarray(wide(a.parts[0]), object), np.asarray(wide(b.parts[0]), object)
    none, minus = below == 0, below < 0
    made = np.where(none, 0, np.where(minus, -top, top))
    size = np.where(none, 1, np.where(minus, -below, below))
    ends = (min(a.ends[0], -a.ends[1], 0), max(a.ends[1], -a.ends[0], 0))
    unknown = either(a.unknown, b.unknown)
    if made.ndim == 0:
        return number(int(made), int(size), unknown, ends)
    return number(made, size, unknown, ends)


def rounding(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a = m.value(node.args[0], t, r, d)
    if len(node.args) == 1:
        return _rounded(a, 1)
    grain = m.value(node.args[1], t, r, d)
    grains = grain.parts[0]
    if not is_array(grains):
        return _rounded(a, int(grains) or 1, grain.unknown)
    count = counted(t, r)
    if count and (grains == grains[0]).all():
        return _rounded(a, int(grains[0]) or 1, grain.unknown)
    got = []
    for size in np.unique(grains).tolist():
        chosen = np.flatnonzero(grains == size)
        own = a.marked(None).take(chosen)
        got.append((chosen, _rounded(own, int(size) or 1)))  # 0: a row that is not known
    return merged(count, got, either(a.unknown, grain.unknown), node.unit)


def _rounded(a: Column, step: int, unknown: Any = None) -> Column:
    assert a.ends is not None
    below, grain = _cancelled(wide(a.denominator) * step, a.grain)
    a = regrained(Column(a.parts, a.unknown, a.ends, grain), 1)
    assert a.ends is not None
    made = half_up(a.parts[0], below, a.ends)
    return Column((made,), either(a.unknown, unknown), rounded_ends(a.ends, least(below)), step)


def extreme(pick: Callable[..., Any], columns: Callable[..., Any]) -> Step:
    def step(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
        found, *others = m.values(node, t, r, d)
        for other in others:
            a, b, below = common(found, other)
            assert a.ends is not None
            assert b.ends is not None
            x, y = a.parts[0], b.parts[0]
            if is_array(x) or is_array(y):
                if np.dtype(object) in (kind_of(x), kind_of(y)):
                    x, y = wide(x), wide(y)
                made = columns(x, y)
            else:
                made = pick(x, y)
            ends = (pick(a.ends[0], b.ends[0]), pick(a.ends[1], b.ends[1]))
            found = number(made, below, either(a.unknown, b.unknown), ends, a.grain)
        return found

    return step


def compare(test: Callable[[Any, Any], Any]) -> Step:
    def step(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
        a, b = m.values(node, t, r, d)
        if UNITS[node.args[0].unit].number:
            a, b, _ = common(a, b)
        x, y = a.parts[0], b.parts[0]
        made = test(x, y)
        return Column((np.asarray(made, bool) if is_array(made) else bool(made),), either(a.unknown, b.unknown))

    return step


def worth(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a, b = m.values(node, t, r, d)
    return Column((a.parts[0], b.parts[0]), either(a.unknown, b.unknown), a.ends, a.grain)


def amount_of(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a = m.value(node.args[0], t, r, d)
    return Column((a.parts[0],), a.unknown, a.ends, a.grain)


def currency_of(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    a = m.value(node.args[0], t, r, d)
    return Column((a.parts[1],), a.unknown)


def scale(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    x, brackets, index = map(plain, m.values(node, t, r, d))
    data: Mapping[str, Any] = brackets.parts[0]
    if brackets.unknown or index.unknown or is_array(index.parts[0]):
        return nothing(node.unit) if not is_array(index.parts[0]) else one_by_one(m, node, t, r, d)
    assert x.ends is not None
    unit = Fraction(int(index.parts[0]), int(index.denominator))
    lows = [Fraction(o) * unit for o in data["over"]]
    rates = [Fraction(rate) for rate in data["rate"]]
    below = lcm(*[low.denominator for low in lows], int(x.denominator))
    rate_below = lcm(*[rate.denominator for rate in rates])
    factor = below // int(x.denominator)
    top = max(x.ends[1], 0) * factor
    largest = top * sum(abs(int((b - a) * rate_below)) for a, b in zip([Fraction(0), *rates], rates, strict=False))
    reach = max(largest, top, max(int(low * below) for low in lows) + abs(x.ends[0]) * factor)

    def slices(column: Any) -> Any:
        base, total, before = column * factor, 0, Fraction(0)
        for low, rate in zip(lows, rates, strict=True):
            inside = np.maximum(base - int(low * below), 0) if is_array(base) else max(base - int(low * below), 0)
            total, before = total + inside * int((rate - before) * rate_below), rate
        return total

    return number(exact(slices, (-reach, reach), x.parts[0]), below * rate_below, x.unknown, (0, largest))


def part(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    """A(x1) − A(x0), A(x) = half up of total · x / (quantity · grain), in grains (architecture §3)."""
    total, quantity, x0, x1, grain = m.values(node, t, r, d)
    return carried(total, aligned((quantity, x0, x1)), plain(grain))


def carried(total: Column, positions: Sequence[Column], grain: Column) -> Column:
    """`part` of positions that are in one grain, which cancels."""
    quantity, x0, x1 = positions
    assert total.ends is not None
    assert x1.ends is not None
    assert x0.ends is not None
    size = grain.parts[0]
    shared = gcd(total.grain, *(np.unique(size).tolist() if is_array(size) else [int(size)]))
    total, size = regrained(total, shared), size // shared
    assert total.ends is not None
    whole: Ends = (min(0, total.ends[0]), max(0, total.ends[1]))
    unknown = either(total.unknown, quantity.unknown, x0.unknown, x1.unknown, grain.unknown)
    shares = in_words(total, quantity, (x0, x1), size)
    if shares is not None:
        return Column(((shares[1] - shares[0]) * size,), unknown, whole, shared)
    below = wide(quantity.parts[0]) * wide(size)
    ends = product_ends(total.ends, (min(0, x0.ends[0]), max(x0.ends[1], x1.ends[1])))
    none = below == 0
    if is_array(below):
        below = np.where(none, 1, below)
    elif none:
        below = 1

    def upto(x: Any) -> Any:
        return half_up(exact(operator.mul, ends, total.parts[0], x), below, ends)

    made = (wide(upto(x1.parts[0])) - wide(upto(x0.parts[0]))) * wide(size)
    if is_array(made) and whole[0] > -(2**62) and whole[1] < 2**62:
        made = made.astype(np.int64)
    return Column((made,), unknown, whole, shared)
