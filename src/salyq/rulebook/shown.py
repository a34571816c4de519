"""Values of law as exact text, for explanations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from salyq.civil.days import kz_time
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled, format_tiyn
from salyq.rulebook.law import Value
from salyq.rulebook.states import Unknown, settled
from salyq.rulebook.terms import Term, parse_term
from salyq.rulebook.units import UNITS

_POWERS = {10**n: n for n in range(1, 40)}


def shown(value: Any, unit: str) -> str | None:
    """A value as exact text: money with its decimals, plain decimals, or a fraction where no decimal is exact."""
    value = settled(value)
    if value is None or type(value) is Unknown:
        return None
    if unit == "worth":
        return f"{format_scaled(value[0])} {value[1]}"
    if unit == "flag":
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return kz_time(value).isoformat(timespec="seconds")
    if isinstance(value, frozenset | tuple) and unit == "set":
        return ", ".join(sorted(value))
    if isinstance(value, int | Fraction):
        return _number(value, unit)
    return str(value)


def ends_shown(value: Any, unit: str, *, falls: bool | None = None) -> tuple[str | None, str | None] | None:
    """The least and the greatest value of a number that is not known, as exact text. One end alone is told of a figure,
    of which it is known whether it falls as the tax rises."""
    if type(value) is not Unknown or unit not in UNITS or not UNITS[unit].number:
        return None
    ends = [value.low, value.high]
    if None not in ends:
        ends.sort()
    elif falls is None or ends == [None, None]:
        return None
    elif falls:
        ends.reverse()
    low, high = (None if x is None else shown(x, unit) for x in ends)
    return low, high


def _number(value: int | Fraction, unit: str) -> str:
    found = UNITS.get(unit)
    if found is None or found.scale == 1:
        return str(value) if type(value) is int else fraction_shown(Fraction(value))
    if found.decimals == 2 and isinstance(value, int):
        return format_tiyn(value)
    if type(value) is int and found.scale in _POWERS:
        return format_scaled(value, _POWERS[found.scale])
    return fraction_shown(Fraction(value) / found.scale)


def fraction_shown(x: Fraction) -> str:
    """A plain decimal where one is exact, else numerator/denominator."""
    rest, decimals = x.denominator, 0
    for prime in (2, 5):
        times = 0
        while rest % prime == 0:
            rest //= prime
            times += 1
        decimals = max(decimals, times)
    if rest != 1:
        return f"{x.numerator}/{x.denominator}"
    whole = x.numerator * (10**decimals // x.denominator)
    return format_scaled(whole, decimals) if decimals else str(whole)


def percent_in(share: Fraction | int | str, lang: str) -> str:
    """A share in per cent as a language writes it; "" where no decimal says it exactly."""
    text = fraction_shown(Fraction(share) * 100)
    if "/" in text:
        return ""
    return f"{text}%" if lang == "en" else f"{text.replace('.', ',')}\N{NO-BREAK SPACE}%"


def said(value: Any, unit: str) -> Mapping[str, str] | None:
    """A share below one in per cent, a term in words, in every language; None for anything else."""
    if unit in ("term", "text") and (term := _term(value)):
        return Message(f"term_{term.unit.replace(' ', '_')}", {"number": term.number}).texts()
    if unit != "ratio" or not isinstance(value, int | Fraction) or not 0 < value < 1:
        return None
    percent = Fraction(value) * 100
    if (percent * 100).denominator != 1:
        return None
    text = fraction_shown(percent)
    return {
        "kk": f"{text.replace('.', ',')}\N{NO-BREAK SPACE}%",
        "ru": f"{text.replace('.', ',')}\N{NO-BREAK SPACE}%",
        "en": f"{text}\N{NO-BREAK SPACE}%",
    }


def _term(value: Any) -> Term | None:
    """A term, also where a table of words holds one ("5 years" of prison)."""
    try:
        return value if isinstance(value, Term) else parse_term(value) if isinstance(value, str) else None
    except ValueError:
        return None


def unit_shown(unit: str) -> str:
    """The unit by its code, as people know it; civil.unit_words has it in words of a language."""
    found = UNITS.get(unit)
    return unit if found is None else found.shown


def data_shown(found: Value, unit: str) -> str | None:
    """A dated value as exact text: a number, or the steps of a scale or table; None where it is not known."""
    return None if found.data is None else plain_data(found.data, unit)


def plain_data(data: Any, unit: str) -> str | None:
    """The data of a value as exact text."""
    if isinstance(data, Mapping):
        if "over" in data:
            pairs = zip(data["over"], data["rate"], strict=True)
            return "; ".join(f">{shown(o, 'ratio')}: {shown(r, 'ratio')}" for o, r in pairs)
        if "upto" in data:
            pairs = zip(data["upto"], data["is"], strict=False)
            steps = [f"≤{shown(o, 'ratio')}: {shown(r, 'ratio')}" for o, r in pairs]
            above = f">{shown(data['upto'][-1], 'ratio')}: {shown(data['is'][-1], 'ratio')}"
            return "; ".join([*steps, above])
        if unit == "deadline":  # the month after the period, and its day
            return f"{data['month']:02}-{data['day']:02}"
        if unit == "election":
            return " | ".join(f"{c} *" if c == data["default"] else c for c in data["choices"])
        return "; ".join(f"{word}: {_entry(entry, unit)}" for word, entry in data.items())
    return shown(data, unit)


def _entry(entry: Any, unit: str) -> str:
    if isinstance(entry, Mapping):
        return f"({plain_data(entry, unit)})"
    return "?" if entry is None else shown(entry, unit) or "?"
