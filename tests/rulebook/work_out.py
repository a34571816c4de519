"""Works a figure out again from the tree of its explanation alone, by the rules of arithmetic that `how` names.

Nothing of the product's arithmetic is used: a reader with pencil and paper would do the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

UNIT, TIYN = 10**18, 100
PASSED_ON = ("rule", "row", "amount", "currency")  # the value is that of the last step below
LEAVES = ("constant", "value", "input", "lookup", "missing", "election", "rest", "see_above", "not_in_force")


def number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def wrong_steps(why: Any) -> Iterator[str]:
    """A line for every step whose value does not follow from what stands below it."""
    for step in why.inputs:
        yield from wrong_steps(step)
    if why.value is None or why.how in LEAVES or any(w.value is None for w in operands(why)):
        return
    found = worked_out(why)
    if found is not None and found != meant(why.value):
        yield f"{why.name} [{why.how}] {why.place}: {why.value}, but below it stands {found}"


def meant(value: str) -> Any:
    """A number where it is one; a worth as (amount, currency); else the text."""
    amount, _, currency = value.partition(" ")
    plain = number(value)
    if plain is not None:
        return plain
    return (number(amount), currency) if currency and number(amount) is not None else value


def operands(why: Any) -> list[Any]:
    """What the value is made of: conditions and choices only led there."""
    return [w for w in why.inputs if w.how not in ("condition", "election") and w.value not in ("yes", "no")]


def worked_out(why: Any) -> Any:
    below = [meant(w.value) for w in operands(why)]
    if why.how == "condition":
        return condition(why)
    if not below and why.how == "sum":
        return Fraction(0)  # rows that add nothing are not told
    if not below:
        return None if why.value in ("yes", "no", "") else ("nothing below", why.value)
    if why.how in PASSED_ON:
        return passed_on(why, below[-1])
    return ARITHMETIC[why.how](why, below)


def passed_on(why: Any, last: Any) -> Any:
    if why.how == "amount" and isinstance(last, tuple):
        return last[0]
    if why.how == "currency" and isinstance(last, tuple):
        return last[1]
    if why.how == "rule" and why.value in ("yes", "no"):
        return None
    return last


def condition(why: Any) -> str | None:
    """A comparison of two known things; the others only repeat what decided."""
    values = [meant(w.value) for w in why.inputs if w.value is not None]
    if why.name not in ("eq", "lt", "le") or len(why.inputs) != 2 or len(values) != 2:
        return None
    a, b = values
    if type(a) is not type(b):
        return None
    holds = {"eq": lambda: a == b, "lt": lambda: a < b, "le": lambda: a <= b}[why.name]()
    return "yes" if holds else "no"


def half_up(x: Fraction) -> Fraction:
    n = (2 * abs(x.numerator) + x.denominator) // (2 * x.denominator)
    return Fraction(n if x >= 0 else -n)


def rounding(why: Any, below: list[Any]) -> Fraction:
    smallest = Fraction(1, TIYN if why.unit == "KZT" else UNIT)
    grain = smallest * (below[1] if len(below) > 1 else 1)
    return half_up(below[0] / grain) * grain


def part(why: Any, below: list[Any]) -> Fraction:
    total, quantity, x0, x1, grains = below
    grain = Fraction(1, TIYN if why.unit == "KZT" else UNIT) * grains
    return (half_up(total * x1 / quantity / grain) - half_up(total * x0 / quantity / grain)) * grain


def table(why: Any, below: list[Any]) -> Fraction:
    """The first step that holds what is looked for; beyond the last bound, the last entry."""
    x, steps = below[0], operands(why)[-1].value.split("; ")
    for step in steps:
        bound, _, entry = step[1:].partition(": ")
        if step[0] == ">" or x <= Fraction(bound):
            return Fraction(entry)
    raise AssertionError(steps)


def of_slices(why: Any, below: list[Any]) -> Fraction:
    return sum((Fraction(w.value) for w in why.inputs if w.how == "slice"), Fraction(0))


def taken_away(why: Any, below: list[Any]) -> Fraction:
    return below[0] - below[1]  # type: ignore[no-any-return]


ARITHMETIC: dict[str, Any] = {
    "sum": lambda why, below: sum(below, Fraction(0)),
    "add": lambda why, below: sum(below, Fraction(0)),
    "subtract": taken_away,
    "multiply": lambda why, below: below[0] * below[1],
    "slice": lambda why, below: below[0] * below[1],
    "share": lambda why, below: below[0] / below[1] if below[1] else Fraction(0),
    "max": lambda why, below: max(below),
    "min": lambda why, below: min(below),
    "worth": lambda why, below: (below[0], below[1]),
    "round": rounding,
    "part": part,
    "table": table,
    "scale": of_slices,
}
