"""Columns of exact values: what a step of law is for many rows at once.

Whole numbers are int64 where interval arithmetic proves that nothing overflows, else columns of Python integers
("wide"). A column may count in grains, a power of ten of its unit: tenge of 10⁻¹⁸ are whole tiyn of 10¹⁶, and fit.
Fractions are numerators over one denominator (or a column of them). Texts are codes, days are ordinals. A
row whose value is not known keeps a mark; its number says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np

Numbers = Any  # a NumPy array (int64, bool or Python integers), or one value for all rows
Ends = tuple[int, int]
_LARGEST = 2**63 - 1
_WORD_BITS, _LEAST_BITS = 62, 8  # of a product and its remainder; of a factor, taken at once in a long division
_FIRST = 64  # numbers that are looked at before all are
_ROOMY = 2**53  # less can still be multiplied by a rate in 64 bits
OBJECT = np.dtype(object)

_CODES: dict[str, int] = {}
_TEXTS: list[str] = []


def code(text: str) -> int:
    """The code of a text; the same text has the same code for the life of the process."""
    found = _CODES.get(text)
    if found is None:
        found = _CODES[text] = len(_TEXTS)
        _TEXTS.append(text)
    return found


def text_of(number: int) -> str:
    return _TEXTS[number]


@dataclass(slots=True)
class Column:
    """`parts`: (number, denominator) of numbers; (amount, currency code) of a worth; (codes,), (ordinals,), (flags,),
    (data,) of others. `unknown`: None, marks by row, or True for all. `ends`: least and greatest numerator, proven.
    `grain`: numbers and amounts are so many times what stands in parts[0]."""

    parts: tuple[Numbers, ...]
    unknown: Any = None
    ends: Ends | None = None
    grain: int = 1

    def take(self, rows: Any) -> Column:
        """The column of some rows."""
        parts = tuple([p[rows] if is_array(p) else p for p in self.parts])
        return Column(parts, self.unknown[rows] if is_array(self.unknown) else self.unknown, self.ends, self.grain)

    def marked(self, unknown: Any) -> Column:
        """The same numbers with other marks."""
        return Column(self.parts, unknown, self.ends, self.grain)

    @property
    def denominator(self) -> Numbers:
        return self.parts[1] if len(self.parts) == 2 else 1


def is_array(x: Any) -> bool:
    return isinstance(x, np.ndarray)


def whole(values: Numbers, unknown: Any = None, ends: Ends | None = None, grain: int = 1) -> Column:
    """A column of whole numbers; its ends are measured where they are not given."""
    if ends is None:
        if is_array(values):
            ends = (int(values.min()), int(values.max())) if len(values) else (0, 0)
        else:
            ends = (int(values), int(values))
    if is_array(values) and values.dtype == object and fits(ends):
        values = values.astype(np.int64)
    return Column((values,), unknown, ends, grain)


def measured(column: Column) -> Column:
    """With the ends that its numbers really have, where the proven ones leave little room in 64 bits or none; Python
    integers become numbers of 64 bits, in grains where they share one, wherever they fit."""
    top, ends = column.parts[0], column.ends
    if ends is None or not is_array(top) or not len(top):
        return column
    if top.dtype != OBJECT and max(abs(ends[0]), abs(ends[1])) < _ROOMY:
        return column
    made = whole(top)
    if made.parts[0].dtype == OBJECT:
        made = _in_grains(made)
    return Column((made.parts[0], *column.parts[1:]), column.unknown, made.ends, column.grain * made.grain)


def _in_grains(column: Column) -> Column:
    """Wide numbers in the largest power of ten that all of them share, if 64 bits hold them then; else as they are."""
    top, ends = column.parts[0], column.ends
    assert ends is not None
    shared = gcd(*top[:_FIRST].tolist(), *ends)
    if shared % 10 == 0:
        shared = gcd(shared, int(np.gcd.reduce(top)))
    grain = 10 ** (len(str(shared)) - 1)
    while shared % grain:
        grain //= 10
    ends = ends[0] // grain, ends[1] // grain
    return Column(((top // grain).astype(np.int64),), None, ends, grain) if grain > 1 and fits(ends) else column


def literal(x: int | Fraction) -> Column:
    if isinstance(x, Fraction) and x.denominator != 1:
        return Column((x.numerator, x.denominator), None, (x.numerator, x.numerator))
    return Column((int(x),), None, (int(x), int(x)))


def fits(ends: Ends | None) -> bool:
    return ends is not None and ends[0] >= -_LARGEST and ends[1] <= _LARGEST


def wide(x: Numbers) -> Numbers:
    """As Python integers, which have no end."""
    if is_array(x):
        return x.astype(object) if x.dtype != object else x
    return int(x)


def exact(function: Callable[..., Numbers], ends: Ends, *operands: Numbers) -> Numbers:
    """`function` on int64 where its result, and all in between, lie within `ends`; else on Python integers. A great
    number times nothing is small, and is still a great number to begin with."""
    if fits(ends) and all(is_array(x) or fits((x, x)) for x in operands):
        return function(*operands)
    return function(*[wide(x) for x in operands])


def either(*marks: Any) -> Any:
    """Unknown where one of the operands is."""
    found = None
    for mark in marks:
        if mark is not None:
            found = mark if found is None else found | mark
    return found


def product_ends(a: Ends, b: Ends) -> Ends:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def kind_of(x: Numbers) -> Any:
    """The NumPy type that a value or column has."""
    if is_array(x):
        return x.dtype
    if isinstance(x, bool | np.bool_):
        return np.dtype(bool)
    small = isinstance(x, int | np.integer) and -_LARGEST <= x <= _LARGEST
    return np.dtype(np.int64) if small else np.dtype(object)


def spread(x: Numbers, count: int) -> Numbers:
    """One value for all rows as a column of its own."""
    return x if is_array(x) else np.full(count, x, dtype=kind_of(x))


# rounding -----------------------------------------------------------------------------------------------------------
def half_up(numerator: Numbers, denominator: Numbers, ends: Ends) -> Numbers:
    """numerator / denominator (above zero), half up, away from zero; `ends` hold the numerator."""
    most = int(denominator.max()) if is_array(denominator) and len(denominator) else denominator
    if is_array(denominator) and not len(denominator):
        return numerator
    largest = max(abs(ends[0]), abs(ends[1])) * 2 + int(most)
    n, d = numerator, denominator
    if largest > _LARGEST or 2 * int(most) > _LARGEST or OBJECT in (kind_of(n), kind_of(d)):
        n, d = wide(n), wide(d)
    if ends[0] >= 0:
        return _half_up(n, d)
    quotient = _half_up(np.abs(n) if is_array(n) else abs(n), d)
    if is_array(quotient):
        return np.where(n < 0, -quotient, quotient)
    return -quotient if n < 0 else quotient


def _half_up(size: Numbers, d: Numbers) -> Numbers:
    """Of what is not below zero; an even number divides in one step less."""
    if is_array(d) or d % 2:
        return (2 * size + d) // (2 * d)
    return (size + d // 2) // d


def in_words(total: Column, quantity: Column, positions: Sequence[Column], size: Numbers) -> list[Numbers] | None:
    """total · x / (quantity · size), half up, of each x from 0 to `quantity`, by long division in 64 bits, which need
    not hold the products; None where something is below zero, no column of 64 bits, or leaves no room to divide."""
    columns = (total, quantity, *positions)
    if any(not is_array(c.parts[0]) or c.parts[0].dtype != np.int64 or not c.ends or c.ends[0] < 0 for c in columns):
        return None
    if quantity.ends is None or not len(quantity.parts[0]):
        return None
    most = int(size.max()) if is_array(size) else int(size)
    bits = _WORD_BITS - (quantity.ends[1] * most).bit_length()
    if bits < _LEAST_BITS or (is_array(size) and size.dtype != np.int64):
        return None
    below = np.maximum(quantity.parts[0] * size, 1)
    often, rest = np.divmod(total.parts[0], below)
    return [_in_words(often, rest, x.parts[0], below, bits) for x in positions]


def _in_words(often: Numbers, rest: Numbers, x: Numbers, below: Numbers, bits: int) -> Numbers:
    """(often · below + rest) · x / below, half up: `bits` of x at a time, the highest first."""
    found, left = np.zeros_like(x), np.zeros_like(x)
    for shift in reversed(range(0, max(int(x.max()).bit_length(), 1), bits)):
        left = (left << bits) + rest * ((x >> shift) & ((1 << bits) - 1))
        more, left = np.divmod(left, below)
        found = (found << bits) + more
    return often * x + found + (left >= below - left)


def rounded_ends(ends: Ends, denominator: int) -> Ends:
    """The ends of the rounded quotients by `denominator`, the least that occurs."""
    size = [(2 * abs(x) + denominator) // (2 * denominator) for x in ends]
    return -size[0] if ends[0] < 0 else size[0], size[1] if ends[1] >= 0 else -size[1]


def least(denominator: Numbers) -> int:
    if is_array(denominator):
        return int(denominator.min()) if len(denominator) else 1
    return int(denominator)


# grains -------------------------------------------------------------------------------------------------------------
def regrained(column: Column, grain: int) -> Column:
    """The same numbers in smaller grains."""
    factor = column.grain // grain
    if factor == 1:
        return column
    made = _times(column, factor)
    return Column((made.parts[0], *column.parts[1:]), column.unknown, made.ends, grain)


def plain(column: Column) -> Column:
    """The same numbers, in the smallest steps of their unit."""
    return column if column.grain == 1 else regrained(column, 1)


def aligned(columns: Sequence[Column]) -> list[Column]:
    """Columns of numbers in the largest grain that all of them share; nothing at all is whole in every grain."""
    if len({c.grain for c in columns}) <= 1:
        return list(columns)
    grain = gcd(*[c.grain for c in columns if c.ends != (0, 0)]) or 1
    return [Column(c.parts, c.unknown, c.ends, grain) if c.ends == (0, 0) else regrained(c, grain) for c in columns]


# two columns together -----------------------------------------------------------------------------------------------
def common(a: Column, b: Column) -> tuple[Column, Column, Numbers]:
    """Both in one grain and over one denominator."""
    if a.grain != b.grain:
        a, b = aligned((a, b))
    da, db = a.denominator, b.denominator
    if not is_array(da) and not is_array(db):
        if da == db:
            return a, b, da
        shared = lcm(int(da), int(db))
        return _times(a, shared // int(da)), _times(b, shared // int(db)), shared
    return _times(a, wide(db)), _times(b, wide(da)), wide(da) * wide(db)


def _times(column: Column, factor: Numbers) -> Column:
    most = int(factor.max()) if is_array(factor) and len(factor) else (1 if is_array(factor) else int(factor))
    assert column.ends is not None
    ends = product_ends(column.ends, (min(1, most), most))
    if is_array(factor):
        return Column((wide(column.parts[0]) * wide(factor),), column.unknown, ends, column.grain)
    return Column((exact(lambda x: x * factor, ends, column.parts[0]),), column.unknown, ends, column.grain)


def number(values: Numbers, denominator: Numbers, unknown: Any, ends: Ends | None, grain: int = 1) -> Column:
    one = not is_array(denominator) and denominator == 1
    return Column((values,) if one else (values, denominator), unknown, ends, grain)


def merged(count: int, got: Sequence[tuple[Any, Column]], unknown: Any, unit: str) -> Column:
    """One column from columns of some rows each (rows that none of them has are unknown)."""
    worth = unit == "worth"
    got = list(zip([rows for rows, _ in got], aligned([c for _, c in got]), strict=True))
    if not worth and any(len(c.parts) == 2 for _, c in got):
        if any(is_array(c.denominator) for _, c in got):
            got = [
                (rows, Column((c.parts[0], spread(wide(c.denominator), len(rows))), c.unknown, c.ends, c.grain))
                for rows, c in got
            ]
        else:
            shared = lcm(*[int(c.denominator) for _, c in got])
            got = [(rows, _times(c, shared // int(c.denominator))) for rows, c in got]
            top = merged(count, got, unknown, unit)
            return Column((top.parts[0], shared), top.unknown, top.ends, top.grain)
    parts = []
    for place in range(max((len(c.parts) for _, c in got), default=1)):
        kinds = {kind_of(c.parts[place]) for _, c in got}
        kind = np.dtype(object) if np.dtype(object) in kinds else kinds.pop() if kinds else np.dtype(np.int64)
        made = np.ones(count, kind) if place and not worth else np.zeros(count, kind)
        for rows, c in got:
            made[rows] = c.parts[place]
        parts.append(made)
    marks = None if unknown is None else np.array(np.broadcast_to(unknown, count))
    for rows, c in got:
        if c.unknown is not None:
            if marks is None:
                marks = np.zeros(count, bool)
            marks[rows] = c.unknown
    ends = [c.ends for _, c in got]
    known = [e for e in ends if e is not None]
    joined = (
        (min(0, *(e[0] for e in known)), max(0, *(e[1] for e in known))) if known and len(known) == len(ends) else None
    )
    return Column(tuple(parts), marks, joined, got[0][1].grain if got else 1)


# Python values ------------------------------------------------------------------------------------------------------
def values_of(column: Column, unit: str, count: int) -> list[Any]:
    """What `for_one` would hold for each row; rows that are unknown have None."""
    column = plain(column)
    first = spread(column.parts[0], count).tolist() if not is_data(column) else [column.parts[0]] * count
    if unit == "flag":
        found: list[Any] = [bool(x) for x in first]
    elif unit == "text" or unit == "election":
        found = [text_of(int(x)) for x in first]
    elif unit == "day":
        found = [date.fromordinal(int(x)) if x else None for x in first]
    elif unit == "worth":
        second = spread(column.parts[1], count).tolist()
        found = [(int(a), text_of(int(c))) for a, c in zip(first, second, strict=True)]
    elif len(column.parts) == 2:
        below = spread(column.parts[1], count).tolist()
        found = [Fraction(int(a), int(d)) for a, d in zip(first, below, strict=True)]
    elif is_data(column):
        found = first
    else:
        found = [int(x) for x in first]
    if column.unknown is None:
        return found
    marks = spread(column.unknown, count).tolist()
    return [None if mark else x for x, mark in zip(found, marks, strict=True)]


def is_data(column: Column) -> bool:
    """Whether it holds data of the law (a scale, a table, a set), the same for all rows."""
    return not is_array(column.parts[0]) and not isinstance(column.parts[0], int | np.integer | np.bool_)


def column_of(values: Sequence[Any], unit: str) -> Column:
    """A column of Python values of a unit; None is unknown."""
    missing = np.array([v is None for v in values], bool)
    unknown = missing if missing.any() else None
    if unit == "flag":
        return Column((np.array([bool(v) for v in values], bool),), unknown)
    if unit == "text":
        codes = {v: code(v or "") for v in set(values)}
        return Column((np.array([codes[v] for v in values], np.int64),), unknown)
    if unit == "day":
        days = {v: v.toordinal() if v else 0 for v in set(values)}
        return Column((np.array([days[v] for v in values], np.int64),), unknown)
    if unit == "worth":
        amounts = whole(np.array([v[0] if v else 0 for v in values], object))
        texts = [v[1] if v else "" for v in values]
        codes = {text: code(text) for text in set(texts)}
        currencies = np.array([codes[text] for text in texts], np.int64)
        return Column((amounts.parts[0], currencies), unknown, amounts.ends)
    fractions = [Fraction(v or 0) for v in values]
    shared = lcm(*[f.denominator for f in fractions]) if fractions else 1
    found = whole(np.array([f.numerator * (shared // f.denominator) for f in fractions], object))
    return number(found.parts[0], shared, unknown, found.ends)
