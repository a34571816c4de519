"""Values of law as exact text, for explanations."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from salyq.civil.numbers import format_scaled, format_tiyn
from salyq.rulebook.arithmetic import CURRENCY_UNIT, TIYN
from salyq.rulebook.law import Value
from salyq.rulebook.states import Unknown, settled


def shown(value: Any, unit: str) -> str | None:
    """A value as exact text: tenge with two decimals, plain decimals, or a fraction where no decimal is exact."""
    value = settled(value)
    if value is None or type(value) is Unknown:
        return None
    if unit == "KZT":
        return format_tiyn(value)
    if unit == "KZT*":
        return fraction_shown(Fraction(value) / TIYN)
    if unit in ("amount", "quantity", "kWh"):
        return format_scaled(value)
    if unit == "amount*":
        return fraction_shown(Fraction(value) / CURRENCY_UNIT)
    if unit == "worth":
        return f"{format_scaled(value[0])} {value[1]}"
    if unit == "flag":
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return fraction_shown(value)
    return str(value)


def fraction_shown(x: Fraction) -> str:
    """A plain decimal where one is exact, else numerator/denominator."""
    rest = x.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{x.numerator}/{x.denominator}"
    decimals = 0
    while (x * 10**decimals).denominator != 1:
        decimals += 1
    return format_scaled(int(x * 10**decimals), decimals) if decimals else str(int(x))


def unit_shown(unit: str) -> str:
    """The unit as people read it."""
    plain = {"KZT*": "KZT", "flag": "", "text": "", "ratio": "", "day": "", "worth": "", "amount": "", "amount*": ""}
    return plain.get(unit, "" if unit in ("quantity", "count", "price", "rate") else unit)


def data_shown(found: Value, unit: str) -> str | None:
    """A dated value as exact text: a number, or the steps of a scale or table; None where it is not known."""
    if found.data is None:
        return None
    if isinstance(found.data, dict):
        if "over" in found.data:
            pairs = zip(found.data["over"], found.data["rate"], strict=True)
            return "; ".join(f">{shown(o, 'ratio')}: {shown(r, 'ratio')}" for o, r in pairs)
        if "upto" in found.data:
            pairs = zip(found.data["upto"], found.data["is"], strict=False)
            steps = [f"≤{shown(o, 'ratio')}: {shown(r, 'ratio')}" for o, r in pairs]
            above = f">{shown(found.data['upto'][-1], 'ratio')}: {shown(found.data['is'][-1], 'ratio')}"
            return "; ".join([*steps, above])
        return str(found.data)
    return shown(found.data, unit)
