"""Exact numbers: plain decimals as whole 10⁻¹⁸ (or tiyn), rounding half up, cumulative rule (architecture §3)."""

from __future__ import annotations

import re

from salyq.civil.messages import Message

DIGITS = 38  # decimal(38,18)
_TENS = tuple([int("1" + "0" * n) for n in range(DIGITS + 1)])
_LONGEST = 120  # a cell longer than this is no number, zeros or not

# A number with marks that can be read in one way only: blanks and apostrophes part thousands, a comma parts decimals
# where it cannot part thousands, and two kinds of marks tell each other apart.
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2019": "'"})
_SPACED = re.compile(r"-?\d{1,3}(?:( |')\d{3})(?:\1\d{3})*(?:[.,]\d+)?", re.ASCII)
_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)
_UNCLEAR = re.compile(r"-?[1-9]\d{0,2},\d{3}", re.ASCII)
_POINTS = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+|-?\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
_COMMAS = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+|-?\d{1,3}(?:,\d{3}){2,}", re.ASCII)


class NumberError(ValueError):
    """A text that is no plain decimal, or does not fit. `.message` says what would be right."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.message = Message(code, params)


def parse_scaled(text: str, decimals: int = 18) -> int:
    """A plain decimal ("12.5", "-3") as a whole number of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ, exactly.

    NumberError for an exponent, thousands sign, sign "+", more than `decimals` decimals (unless the tail is zeros)
    or more than 38 digits in all.
    """
    whole, _, tail = text.partition(".")
    if len(tail) <= decimals < DIGITS - len(whole) and tail.isdigit() and whole.isdigit() and text.isascii():
        return int(whole + tail) * _TENS[decimals - len(tail)]  # most numbers of a file
    body = text[1:] if text[:1] == "-" else text
    whole, point, tail = body.partition(".")
    if not (text.isascii() and (whole.isdigit() or (whole == "" and tail)) and (tail.isdigit() or not point)):
        raise _why_not_plain(text)
    if len(text) > _LONGEST:
        raise NumberError("number_too_long", digits=DIGITS, decimals=decimals)
    if len(tail) > decimals:
        if tail[decimals:].strip("0"):
            raise NumberError("number_too_many_decimals", decimals=decimals)
        tail = tail[:decimals]
    number = int((whole + tail) or "0") * _TENS[decimals - len(tail)]
    if number >= 10**DIGITS:
        raise NumberError("number_too_long", digits=DIGITS, decimals=decimals)
    return -number if text[0] == "-" else number


def parse_written(text: str, decimals: int = 18) -> int:
    """A number as people write it, as a whole number of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ: plain, or with marks that can be read in one way
    only ("1 000,50", "1'000.50", "1.000,50", "0,5"; the blank may be a no-break or a narrow one).

    NumberError as `parse_scaled`, and for a comma that could part thousands as well as decimals ("1,234")."""
    try:
        return parse_scaled(text, decimals)
    except NumberError:
        plain = _unmarked(text)
        if plain is None:
            raise
    return parse_scaled(plain, decimals)


def _unmarked(text: str) -> str | None:
    """A plain decimal, or None where the marks are no marks of a number."""
    if len(text) > _LONGEST:
        return None
    body = text.translate(_BLANKS)
    if _UNCLEAR.fullmatch(body):
        raise NumberError("number_comma_unclear")
    if _SPACED.fullmatch(body) or _COMMA.fullmatch(body):
        return body.replace(" ", "").replace("'", "").replace(",", ".")
    if _POINTS.fullmatch(body):
        return body.replace(".", "").replace(",", ".")
    return body.replace(",", "") if _COMMAS.fullmatch(body) else None


def _why_not_plain(text: str) -> NumberError:
    """The error that names the commonest slips: exponent, comma or blank, letters."""
    rest = text.lstrip("+-").replace(".", "", 1)
    mantissa, e, exponent = rest.lower().partition("e")
    if e and mantissa.isdigit() and exponent.lstrip("+-").isdigit():
        return NumberError("number_exponent")
    marks = " ,'\u00a0\u202f_"
    if any(m in text for m in marks) and rest.translate({ord(m): None for m in marks}).isdigit():
        return NumberError("number_thousands")
    return NumberError("number_not_plain")


def expand_exponent(text: str) -> str:
    """ "9.3E-7" as "0.00000093", exactly; any other text as it is. For exports whose venue writes exponents."""
    mantissa, e, power_text = text.replace("e", "E").partition("E")
    digits = power_text[1:] if power_text[:1] in ("-", "+") else power_text
    if not e or not text.isascii() or not digits.isdigit() or len(digits) > 3:
        return text
    power = -int(digits) if power_text[0] == "-" else int(digits)
    sign, body = ("-", mantissa[1:]) if mantissa[:1] == "-" else ("", mantissa)
    whole, _, tail = body.partition(".")
    if not (whole.isdigit() and (tail.isdigit() or not tail)) or abs(power) > 60:
        return text
    figures = whole + tail
    place = len(whole) + power  # where the point stands, counted from the left of `figures`
    if place <= 0:
        return f"{sign}0.{'0' * -place}{figures}"
    if place >= len(figures):
        return sign + figures + "0" * (place - len(figures))
    return f"{sign}{figures[:place]}.{figures[place:]}"


def format_scaled(n: int, decimals: int = 18) -> str:
    """The plain decimal of a whole number of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ: no exponent, no trailing zeros."""
    whole, tail = divmod(abs(n), 10**decimals)
    sign = "-" if n < 0 else ""
    if not tail:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{tail:0{decimals}d}".rstrip("0")


def format_tiyn(n: int) -> str:
    """Tiyn as tenge with two decimals: 20000000 -> "200000.00"."""
    whole, tail = divmod(abs(n), 100)
    return f"{'-' if n < 0 else ''}{whole}.{tail:02d}"


def round_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator; a half goes away from zero. Exact.

    ZeroDivisionError for a zero denominator."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def part(total: int, quantity: int, x0: int, x1: int) -> int:
    """What positions (x0, x1] of `quantity` carry of `total`: A(x1) - A(x0), A(x) = round_half_up(total·x/quantity).

    Parts are never negative, sum to `total` exactly and do not depend on how a sale is split. `quantity` > 0.
    """
    return round_half_up(total * x1, quantity) - round_half_up(total * x0, quantity)
