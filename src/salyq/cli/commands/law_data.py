"""A value of the law as text: numbers exact, scales and tables spelled out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from salyq.rulebook.units import UNITS


def decimal_text(value: Fraction) -> str:
    """`0.15` where it ends, else `2/37`; exact either way."""
    places = 0
    while places <= 18 and (value * 10**places).denominator != 1:
        places += 1
    if places > 18:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return "-" + text if value < 0 else text


def data_text(data: object, unit: str) -> str:
    """The data of one version, in the unit of its series; nothing for an unknown one."""
    if data is None:
        return ""
    if isinstance(data, bool):
        return "yes" if data else "no"
    if isinstance(data, int) and unit in UNITS:  # whole steps: tiyn, 10⁻¹⁸ kWh
        return decimal_text(Fraction(data, UNITS[unit].scale))
    if isinstance(data, frozenset):
        return ", ".join(sorted(data))
    if isinstance(data, int | Fraction):
        return decimal_text(Fraction(data))
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, Mapping):
        return _mapping(data, unit)
    if isinstance(data, frozenset):
        return ", ".join(sorted(map(str, data)))
    return str(data)


def _mapping(data: Mapping[str, object], unit: str) -> str:
    if "over" in data:
        return _steps("> ", data["over"], data["rate"])
    if "upto" in data:
        bounds, values = data["upto"], data["is"]
        assert isinstance(bounds, Sequence)
        assert isinstance(values, Sequence)
        return _steps("≤ ", bounds, values[: len(bounds)]) + f", > {decimal_text(bounds[-1])}: {_last(values)}"
    if "default" in data:
        choices = data["choices"]
        assert isinstance(choices, Sequence)
        return " | ".join(f"{c} *" if c == data["default"] else str(c) for c in choices)
    if all(isinstance(entry, Mapping) for entry in data.values()):  # a table by two words
        return "; ".join(f"{word} ({data_text(entry, unit)})" for word, entry in data.items())
    return ", ".join(f"{word} {data_text(entry, unit) or '?'}" for word, entry in data.items())


def _steps(sign: str, bounds: object, values: object) -> str:
    assert isinstance(bounds, Sequence)
    assert isinstance(values, Sequence)
    pairs = zip(bounds, values, strict=True)
    return ", ".join(f"{sign}{decimal_text(b)}: {decimal_text(v)}" for b, v in pairs)


def _last(values: Sequence[Fraction]) -> str:
    return decimal_text(values[-1])
