"""Columns of what rows were given, and back: the sum of one, a value that all rows share (one_many.py)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from salyq.rulebook import many_leaves as leaves
from salyq.rulebook.columns import Column, code, column_of, fits, is_array, whole
from salyq.rulebook.states import Unknown
from salyq.rulebook.units import UNITS

GRAINS = (10**12, 10**10, 10**6)  # steps counted together; coins have 6 or 8 places as a rule
FEW = 64  # rows that tell whether a grain is worth trying


def given(values: list[Any], unit: str) -> Column:
    """A column of what rows were given; what is None or Unknown is unknown."""
    known = [None if type(v) is Unknown else v for v in values] if unit in ("worth", "amount", "KZT") else values
    if unit == "worth":
        nothing = (0, "")
        amounts, currencies = zip(*[v or nothing for v in known], strict=True) if known else ((), ())
        found = counted(amounts, [v is None for v in known])
        codes = {text: code(text) for text in set(currencies)}
        paid = np.array([codes[text] for text in currencies], np.int64)
        return Column((found.parts[0], paid), found.unknown, found.ends, found.grain)
    if unit in ("flag", "text", "day") or not UNITS[unit].number:
        return column_of(known, unit)
    if any(type(v) is Fraction for v in known):
        return column_of(known, unit)
    return counted([v or 0 for v in known], [v is None for v in known])


def counted(numbers: Sequence[int], missing: Sequence[bool] = ()) -> Column:
    """Whole numbers in 64 bits, counted in a grain that all of them are whole in where they need it; else wide."""
    marks = np.array(missing, bool) if True in missing else None
    try:
        return whole(np.array(numbers, np.int64), marks)
    except OverflowError:
        pass
    for grain in GRAINS:
        if any(n % grain for n in numbers[:FEW]):
            continue
        quotients = [n // grain for n in numbers]
        if sum(quotients) * grain != sum(numbers):  # what is left of a division is never below zero
            continue
        try:
            return whole(np.array(quotients, np.int64), marks, grain=grain)
        except OverflowError:
            break
    return whole(np.array(numbers, object), marks)


def summed(found: Column, count: int, zero: Any) -> Any:
    """The sum of a column without marks, as `for_one` adds it up."""
    if is_array(found.denominator):
        below = found.denominator.tolist()
        pairs = zip(found.parts[0].tolist(), below, strict=True)
        return zero + found.grain * sum([Fraction(int(a), int(b)) for a, b in pairs])
    values = found.parts[0]
    ends = found.ends
    if not is_array(values):
        top = int(values) * count
    elif values.dtype != object and ends is not None and fits((ends[0] * count, ends[1] * count)):
        top = int(values.sum())
    else:
        top = sum([int(v) for v in values.tolist()])
    top, below = top * found.grain, int(found.denominator)
    return zero + (top if below == 1 and type(zero) is int else Fraction(top, below))


def single(value: Any, unit: str) -> Column:
    """A value of what all rows stand in."""
    if value is None or type(value) is Unknown:
        return leaves.nothing(unit)
    made = column_of([value], unit)
    return Column(tuple([p[0] if is_array(p) else p for p in made.parts]), None, made.ends, made.grain)
