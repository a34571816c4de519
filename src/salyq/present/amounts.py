"""Amounts as people of each language write them: 1 234 567,89 ₸ in kk and ru, 1,234,567.89 KZT in en."""

from __future__ import annotations

from decimal import Decimal

from salyq.civil.unit_words import unit_in

_NO_BREAK = "\u00a0"


def number(value: Decimal, lang: str, *, decimals: int | None = None) -> str:
    """Digits in groups of three, exact; `decimals` pads with zeros and never rounds what stands behind."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # an amount is never NaN or infinite
    shift = max(exponent, 0)
    text = "".join(map(str, digits)) + "0" * shift
    places = max(-exponent, 0)
    text = text.rjust(places + 1, "0")
    whole, part = (text[:-places], text[-places:]) if places else (text, "")
    part = part.rstrip("0").ljust(decimals or 0, "0")
    groups = f"{int(whole):,}".replace(",", get_group_symbol(lang))
    minus = "-" if sign and any(digits) else ""
    return minus + groups + (get_decimal_symbol(lang) + part if part else "")


def money(value: Decimal, lang: str) -> str:
    """Tenge with two decimals and the sign of the currency, held together by no-break spaces."""
    return number(value, lang, decimals=2) + _NO_BREAK + ("KZT" if lang == "en" else "₸")


def measure(value: Decimal, unit: str, lang: str) -> str:
    """A figure's value with its unit: tenge, kWh, or the unit's own name."""
    if unit == "KZT":
        return money(value, lang)
    shown = unit_in(unit, lang)
    return number(value, lang) + (_NO_BREAK + shown if shown else "")


def plain(value: Decimal, unit: str) -> str:
    """For machines: no exponent; tenge always with two decimals (more would be a defect, so it is never rounded)."""
    text = format(value, "f")
    if unit != "KZT":
        return text
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(2, '0')}"
