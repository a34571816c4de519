"""Numbers written by a known habit: which mark parts decimals, which thousands, and what unit is glued on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from salyq.civil.numbers import expand_exponent
from salyq.sources.format import RowError
from salyq.sources.habits.cells import SIGNS, number

_BEFORE = r"([^\W\d_]{1,12}\.?|[₸$€£¥₽₿])?"
_PARTS = re.compile(
    _BEFORE + r" ?([+-]?) ?" + _BEFORE + r" ?([\d., '_]*\d(?:[eE][+-]?\d{1,3})?) ?([^\W\d_][^\W_]{0,30}\.?|[₸$€£¥₽₿])?"
)
_LONGEST = 120
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2019": "'"})


def written_number(
    text: str, column: str, decimal: str = ".", thousands: str = "", coins: Iterable[str] = ()
) -> tuple[int, str]:
    """(number in 10⁻¹⁸, unit or "") of "1 234,50", "$12.30", "(5.00)", "-0.5BTC", exactly.

    `coins` are cut off first, so "5.11INCH" is 5.1 of 1INCH where the row says so. Currency signs become ISO codes.
    RowError where the number is not written so: a mark in the wrong place is never passed over.
    """
    plain = " ".join(text.translate(_BLANKS).split())
    if not plain or len(plain) > _LONGEST:
        raise RowError(column, text or None, "number_not_so", decimal=decimal, thousands=thousands or "—")
    negative = plain.startswith("(") and plain.endswith(")")
    plain = plain[1:-1].strip() if negative else plain
    unit = ""
    for coin in sorted({c for c in coins if c}, key=len, reverse=True):
        if plain.upper().endswith(coin) and len(plain) > len(coin):
            plain, unit = plain[: -len(coin)].rstrip(), coin
            break
    found = _PARTS.fullmatch(plain)
    if found is None:
        raise RowError(column, text, "number_not_so", decimal=decimal, thousands=thousands or "—")
    before, sign, between, digits, after = (part or "" for part in found.groups())
    glued = (before or between or after).rstrip(".")
    glued = SIGNS.get(glued.casefold(), glued.upper())
    body = _without_marks(digits, decimal, thousands)
    if body is None or bool(before) + bool(between) + bool(after) > 1 or (unit and glued and glued != unit):
        raise RowError(column, text, "number_not_so", decimal=decimal, thousands=thousands or "—")
    amount = number(expand_exponent(body), column)
    return (-amount if negative != (sign == "-") else amount), unit or glued


def _without_marks(digits: str, decimal: str, thousands: str) -> str | None:
    """A plain decimal, or None where a mark stands where it cannot."""
    mantissa, e, power = digits.replace("e", "E").partition("E")
    whole, point, tail = mantissa.partition(decimal)
    if thousands and thousands in whole:
        first, *groups = whole.split(thousands)
        if not (1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)):
            return None
        whole = first + "".join(groups)
    if not ((whole or tail).isascii() and (whole.isdigit() or not whole) and (tail.isdigit() or not tail)):
        return None
    if not whole and not tail:
        return None
    return (whole or "0") + ("." + tail if point and tail else "") + e + power
