"""Amounts as venues and spreadsheets write them: currency signs glued on, a plus, thousands marks, a decimal comma."""

from __future__ import annotations

import re

from salyq.sources.format import RowError
from salyq.sources.habits.cells import venue_number

_LONGEST = 200  # characters
_DECIMALS = 18  # of what we count in
_SIGNS = "$€£¥₸₽₴₺₹₩₿"
_SPACES = str.maketrans("", "", " \u00a0\u202f'")
_UNCLEAR = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)  # 1,234: a thousands mark or a decimal comma


def amount(text: str, column: str, *, thousands: bool = False) -> int:
    """A number of either sign in 10⁻¹⁸, exactly.

    `thousands`: this venue writes thousands commas, so 1,234 is 1234; elsewhere it could be either and is rejected.
    RowError: empty, no number, more than 18 decimals, or a comma that can be read in two ways.
    """
    if not text:
        raise RowError(column, None, "row_cell_missing", column=column)
    if len(text) > _LONGEST:
        raise RowError(column, text, "number_not_plain")
    if text.isascii() and text.replace(".", "", 1).replace("-", "", 1).isdigit():
        return venue_number(text, column)  # most cells
    body = text.translate(_SPACES).replace("\u2212", "-").strip(_SIGNS)
    sign, body = (body[:1], body[1:]) if body[:1] in ("-", "+") else ("", body)
    body = body.strip(_SIGNS)
    if body[:1] in ("-", "+"):
        raise RowError(column, text, "number_not_plain")
    if _UNCLEAR.fullmatch(body) and not thousands:
        raise RowError(column, text, "number_comma_unclear")
    try:
        number = venue_number(_with_point(body), column)
    except RowError as error:
        raise RowError(column, text, error.message.code, **error.message.params) from None
    return -number if sign == "-" else number


def _with_point(body: str) -> str:
    """Where the last mark is a comma that cannot part thousands, it is the decimal mark, and points part thousands."""
    comma, point = body.rfind(","), body.rfind(".")
    if comma < 0 or body.count(",") > 1:
        return body
    if point > comma or (point < 0 and _UNCLEAR.fullmatch(body)):
        return body
    whole, tail = body[:comma], body[comma + 1 :]
    if point >= 0 and re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", whole, re.ASCII) is None:
        return body
    return f"{whole.replace('.', '')}.{tail}"


def optional_amount(text: str, column: str, *, thousands: bool = False) -> int:
    """As `amount`; an empty cell or a dash is zero."""
    return 0 if text in ("", "-", "--", "—", "N/A", "null", "None") else amount(text, column, thousands=thousands)


def shown_amount(text: str, column: str, *, thousands: bool = False) -> int:
    """As `amount`, of a column that only informs (a balance, a price beside its total): what stands behind the
    eighteenth decimal is cut, where a quantity with as many would be rejected."""
    whole, point, part = text.partition(".")
    if len(part) > _DECIMALS and len(text) <= _LONGEST and part.isascii() and part.isdigit():
        text = whole + point + part[:_DECIMALS]
    return amount(text, column, thousands=thousands)


def above_zero(number: int, text: str, column: str) -> int:
    """`number` where it is above zero; RowError otherwise."""
    if number <= 0:
        raise RowError(column, text, "row_not_positive")
    return number
