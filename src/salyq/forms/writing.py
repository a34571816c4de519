"""How a form writes a value, and how it is read back: exact both ways."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, format_scaled, parse_scaled, round_half_up
from salyq.forms.model import NUMERIC, Cell

FINEST = 18


def places(cell: Cell, rounding: str) -> int:
    """Decimals a number of this cell keeps."""
    if cell.decimals is not None:
        return cell.decimals
    if cell.kind == "amount":
        return 0 if rounding == "tenge" else 2
    return 2 if cell.kind == "money" else FINEST


def rounded(value: Fraction, cell: Cell, rounding: str) -> Fraction:
    """The value as the form keeps it, half up."""
    scale = 10 ** places(cell, rounding)
    exact = value * scale
    return Fraction(round_half_up(exact.numerator, exact.denominator), scale)


def written(value: Any, cell: Cell, rounding: str) -> str:
    """The value in the form's own writing: plain decimals, dd.mm.yyyy, true/false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction | int):
        kept = places(cell, rounding)
        scaled = Fraction(value) * 10**kept
        number = round_half_up(scaled.numerator, scaled.denominator)
        if cell.kind in ("amount", "money") and kept:
            sign = "-" if number < 0 else ""
            whole, tail = divmod(abs(number), 10**kept)
            return f"{sign}{whole}.{tail:0{kept}d}"
        return format_scaled(number, kept)
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    return str(value)


def read_text(text: str, cell: Cell) -> tuple[Any, Message | None]:
    """The value that a written text stands for, or what is wrong with it."""
    if cell.kind in NUMERIC:
        try:
            return Fraction(parse_scaled(text), 10**FINEST), None
        except NumberError as error:
            return None, error.message
    if cell.kind == "tick":
        return text == "true", None if text in ("true", "false") else Message("form_not_a_tick")
    if cell.kind == "day":
        return _day(text)
    if cell.kind == "id":
        return text, check_id(text)
    return text, None


def _day(text: str) -> tuple[date | None, Message | None]:
    parts = text.split(".")
    if [len(p) for p in parts] != [2, 2, 4] or not all(p.isascii() and p.isdigit() for p in parts):
        return None, Message("form_not_a_day")
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0])), None
    except ValueError:
        return None, Message("form_not_a_day")
