"""What a cell of a workbook says, as text: numbers without binary noise, dates in ISO 8601. Whole numbers only.

A workbook keeps numbers as binary fractions written out in decimal. Somebody who typed 0.29 may find
0.28999999999999998 in the file; somebody who summed 0.1 and 0.2 finds 0.30000000000000004. Fifteen digits are what a
spreadsheet keeps and shows, so a number of 16 or 17 digits is taken as the number that was meant where that can be
told; any other text is taken exactly as it stands.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

_NUMBER = re.compile(r"([+-]?)(\d{1,60})?(?:\.(\d{1,60})?)?(?:[eE]([+-]?\d{1,3}))?", re.ASCII)
_KEPT = 15  # digits that a spreadsheet keeps and shows
_BINARY = 17  # digits that tell one binary number from the next: no such number is written with more
_PLAIN = 12  # digits of a number so plain that a neighbour a hair away is noise
_FARTHEST = 60  # a power of ten beyond is no amount
_MS_A_DAY = 86_400_000
_BUILT_IN_DATES = frozenset({14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)})
_BUILT_IN_TIMES = frozenset({18, 19, 20, 21, 22, *range(32, 36), 45, 46, 47})
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)


class DateStyle(NamedTuple):
    """Whether a number format shows a day, and whether it shows a clock."""

    day: bool
    clock: bool


def date_style(format_id: int, code: str | None) -> DateStyle | None:
    """What a number format shows of a date; None for a format of plain numbers. `code`: a format of the file's own."""
    if code is None:
        if format_id in _BUILT_IN_DATES:
            return DateStyle(True, False)
        return DateStyle(format_id == 22, True) if format_id in _BUILT_IN_TIMES else None
    shown = _NOT_SHOWN.sub("", code.partition(";")[0]).lower()
    clock = "h" in shown or "s" in shown
    day = "y" in shown or "d" in shown or ("m" in shown and not clock)
    return DateStyle(day, clock) if day or clock else None


def number_text(raw: str) -> tuple[str, bool]:
    """The plain decimal of a stored number, and whether it was rounded by more than a spreadsheet can tell.

    Text that is no number stays as it is, for the reader of the row to refuse.
    """
    parts = _split(raw)
    if parts is None:
        return raw, False
    sign, digits, power = parts
    if len(digits) <= _KEPT or len(digits) > _BINARY or (raw.isascii() and raw.lstrip("+-").isdigit()):
        return _plain(sign, digits, power), False
    whole = int(digits)
    for keep in (_KEPT, _KEPT + 1):
        cut = len(digits) - keep
        if cut <= 0:
            break
        step = 10**cut
        near = (whole + step // 2) // step * step
        change = abs(near - whole)
        rounded = len(digits) == _BINARY  # the last digit of so many may be off by half
        if (2 * change - rounded) << 53 <= 2 * whole:  # the same binary number
            return _plain(sign, *_trim(near, power)), False
        if change * 10**15 <= whole and len(str(near).rstrip("0")) <= _PLAIN:
            return _plain(sign, *_trim(near, power)), True
    return _plain(sign, digits, power), False


def _split(raw: str) -> tuple[str, str, int] | None:
    """(sign, significant digits, power of ten of the last one) of a decimal text."""
    found = _NUMBER.fullmatch(raw)
    if found is None or not (found[2] or found[3]):
        return None
    whole, tail, power = found[2] or "", found[3] or "", int(found[4] or 0)
    if abs(power) > _FARTHEST:
        return None
    digits = (whole + tail).lstrip("0")
    short = digits.rstrip("0")
    return "-" if found[1] == "-" else "", short or "0", power - len(tail) + len(digits) - len(short) if short else 0


def _trim(number: int, power: int) -> tuple[str, int]:
    text = str(number)
    short = text.rstrip("0")
    return short or "0", power + len(text) - len(short)


def _plain(sign: str, digits: str, power: int) -> str:
    if power >= 0:
        text = digits + "0" * power
    else:
        padded = digits.rjust(1 - power, "0")
        text = f"{padded[:power]}.{padded[power:]}"
    return text if text == "0" else sign + text


def date_text(raw: str, style: DateStyle, from_1904: bool) -> str | None:
    """A stored day number as ISO 8601, to the millisecond; None where it is no day number.

    A day shows no clock where its format shows none and it is midnight; a clock without a day stays a clock.
    """
    parts = _split(raw)
    if parts is None or parts[0]:
        return None
    _, digits, power = parts
    if len(digits) + power > 7:
        return None
    scaled = int(digits) * _MS_A_DAY
    whole = 10 ** abs(power)
    ms = scaled * whole if power >= 0 else (2 * scaled + whole) // (2 * whole)
    days, rest = divmod(ms, _MS_A_DAY)
    moment = datetime(1900, 1, 1) + timedelta(milliseconds=rest)  # noqa: DTZ001
    clock = moment.strftime("%H:%M:%S") + (f".{rest % 1000:03d}" if rest % 1000 else "")
    if days == 0 and style.clock and not style.day:
        return clock
    if not from_1904 and days <= 60:  # the file format believes in 29 February 1900
        days += 1
    try:
        day = (date(1904, 1, 1) if from_1904 else date(1899, 12, 30)) + timedelta(days=days)
    except OverflowError:
        return None
    return f"{day.isoformat()} {clock}" if rest or style.clock else day.isoformat()
