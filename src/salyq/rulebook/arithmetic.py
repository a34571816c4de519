"""The exact arithmetic of the nodes: named rounding, marginal scales, tables of steps, parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from salyq.civil.numbers import round_half_up


def round_whole(x: Any) -> int:
    """Half up to a whole number, exactly (salyq:rounding)."""
    return round_half_up(x.numerator, x.denominator)


def round_grain(x: Any, grain: int | Fraction) -> int:
    """Half up to a whole number of grains, exactly."""
    step = int(grain)
    return round_half_up(x.numerator, x.denominator * step) * step


def slices(
    x: int | Fraction, over: Sequence[Fraction], rate: Sequence[Fraction], unit: int
) -> list[tuple[Fraction, Fraction]]:
    """(the slice of x inside a bracket, its rate), lowest first; thresholds are multiples of `unit`."""
    found: list[tuple[Fraction, Fraction]] = []
    for i, (start, r) in enumerate(zip(over, rate, strict=True)):
        low = start * unit
        if x <= low:
            break
        top = Fraction(x)
        if i + 1 < len(over):
            top = min(top, over[i + 1] * unit)
        found.append((top - low, r))
    return found


def marginal(x: int | Fraction, over: Sequence[Fraction], rate: Sequence[Fraction], unit: int) -> Fraction:
    """Σ over brackets of (the slice of x inside) × rate."""
    return sum((part * r for part, r in slices(x, over, rate, unit)), Fraction(0))


def stepped(x: Fraction, upto: Sequence[Fraction], entries: Sequence[Any]) -> Any:
    """The entry for x in steps with inclusive upper bounds; the last entry is for all above."""
    for bound, entry in zip(upto, entries, strict=False):
        if x <= bound:
            return entry
    return entries[-1]


def divided(total: int, quantity: int, x0: int, x1: int, grain: int | Fraction) -> int:
    """A(x1) − A(x0) with A(x) = half up of total · x / quantity, in whole grains (architecture §3)."""
    step = int(grain)
    whole = quantity * step
    return (round_half_up(total * x1, whole) - round_half_up(total * x0, whole)) * step


def times(a: Any, b: Any) -> Any:
    """A product of two exact numbers, at least one of them a fraction in meaning."""
    return b * a if type(b) is Fraction else a * Fraction(b)


def rounded_product(a: int | Fraction, b: int | Fraction, over: int, under: int) -> int:
    """Half up of a · b · over / under, without reducing the fraction in between."""
    return round_half_up(a.numerator * b.numerator * over, a.denominator * b.denominator * under)


def share(a: int | Fraction, b: int | Fraction) -> Fraction:
    """a of b; a share of nothing is nothing."""
    return Fraction(a) / b if b else Fraction(0)
