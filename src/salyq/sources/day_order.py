"""Days such as 03/04/2024: which number is the day, as far as the whole file tells.

A spreadsheet writes days in the order of its country. 13/02/2024 has its day first and 02/13/2024 its month: each can
be read in one way only. A file is of one order, so where some of its rows allow one order only, and all the same, it
holds for the others too; where none does, or they differ, a day that can be read in two ways is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

ORDERS = ("dmy", "mdy", "ymd")
_LONGEST_DAY = 40  # characters
_WRITTEN = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[/-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{4}|\d{2}(?!\d))"
    r"(?:,?[ T]+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)\s*(?:(?P<half>[AaPp])\.?\s?[Mm]\.?)?)?"
    r"(?P<zone>\s*(?:UTC|GMT|Z|[+-]\d{2}:?\d{2}))?",
    re.ASCII,
)


def is_unclear(text: str) -> bool:
    """Whether a text is a day or time whose order of day and month has to be told."""
    found = _WRITTEN.fullmatch(text.strip())
    return found is not None and not (found["mark"] == "-" and len(found["c"]) == 2)  # 24-01-31 is year first


def orders(text: str) -> frozenset[str]:
    """The orders in which a day can be read; none where the text is not so written."""
    found = _WRITTEN.fullmatch(text.strip())
    return frozenset() if found is None else frozenset(order for order in ORDERS if _day(found, order) is not None)


def order_of(texts: Iterable[str]) -> str | None:
    """The one order of all these days: of those that allow only one, each allows it, and so do the others."""
    left = frozenset(ORDERS)
    told = False
    for text in set(texts):
        allowed = orders(text)
        if allowed:
            told = told or len(allowed) == 1
            left &= allowed
    return next(iter(left)) if told and len(left) == 1 else None


def plain(text: str, order: str | None) -> str:
    """The same time with its year first and a clock of 24 hours, where its order is known; else as it is.

    A clock with AM or PM and no other sign is American: month first. ValueError: an hour beyond twelve with AM or PM.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or (found["mark"] == "-" and len(found["c"]) == 2):
        return text
    allowed = orders(text)
    if len(allowed) != 1:
        usual = "mdy" if found["half"] and len(found["c"]) == 4 else None
        chosen = order or usual
        allowed = frozenset({chosen}) if chosen in allowed else frozenset()
    if not allowed:
        return text
    day = _day(found, next(iter(allowed)))
    zone = (found["zone"] or "").strip()
    return text if day is None else f"{day.isoformat()}{_clock(found)} {zone}".rstrip()


def _clock(found: re.Match[str]) -> str:
    if found["clock"] is None:
        return ""
    hour_text, colon, rest = found["clock"].partition(":")
    hour = int(hour_text)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of a twelve-hour clock")
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    return f" {hour:02d}{colon}{rest}"


def _day(found: re.Match[str], order: str) -> date | None:
    a, b, c = (int(found[name]) for name in "abc")
    long = len(found["c"]) == 4
    if order == "ymd":
        year, month, day = 2000 + a, b, c
        if long or len(found["a"]) != 2:
            return None
    else:
        day, month = (a, b) if order == "dmy" else (b, a)
        year = c if long else 2000 + c
    try:
        return date(year, month, day) if 2009 <= year <= (2199 if long else 2035) else None  # no coin is older
    except ValueError:
        return None


_POINTED = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?[ T]+(\d{1,2}):(\d{2})(:\d{2})?([+-]\d{2}:?\d{2}|Z)?)?", re.ASCII
)


def year_first(text: str) -> str:
    """ "25.05.2026" as "2026-05-25", "25.05.2026 9:05" as "2026-05-25T09:05"; any other text as it is.

    Points stand between days and months that way round alone."""
    found = _POINTED.fullmatch(text.strip()) if len(text) <= 40 else None
    if found is None:
        return text
    day, month, year, hour, minute, second, zone = found.groups()
    bare = f"{year}-{int(month):02}-{int(day):02}"
    return f"{bare}T{int(hour):02}:{minute}{second or ''}{zone or ''}" if hour else bare


_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?", re.ASCII)
_BY_YEAR = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_YEAR_THEN_DAY = re.compile(r"(\d{4})\s?(?:жылғы|жылдың|жыл|ж\.?)\s(\d{1,2})\s([^\W\d_]+)", re.IGNORECASE)
_QUOTES = dict.fromkeys(map(ord, '«»“”„"'))
_OF_YEAR = re.compile(r"\s*(?:г|года|ж|жыл)\.?$", re.IGNORECASE)


def day_first_told(text: str) -> str:
    """A day as people write it, as "2026-05-25", where it can be read in one way only; any other text as it is.

    "25.05.2026 г.", "25/05/2026", "2026/5/25", "«25» мая 2026", "2026 жылғы 25 мамыр", also with a time of day, whose
    clock is Kazakhstan's."""
    if len(text) > _LONGEST_DAY:
        return text
    bare = year_first(_OF_YEAR.sub("", text.strip().translate(_QUOTES)))
    in_kazakh = _YEAR_THEN_DAY.fullmatch(bare)
    if in_kazakh is not None:
        bare = f"{in_kazakh[2]} {in_kazakh[3]} {in_kazakh[1]}"
    found = _BY_YEAR.fullmatch(bare)
    if found is not None:
        return f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}"
    if len(orders(bare)) == 1:
        bare = plain(bare, None)
    iso = _ISO.fullmatch(bare)
    return iso[1] if iso is not None else _named(bare) or bare


def _named(text: str) -> str | None:
    """The day of "25 мая 2026"."""
    from salyq.sources.habits.time_pattern import time_parser

    for pattern in ("D MMM YYYY", "MMM D, YYYY"):
        parser = time_parser(pattern)
        try:
            return None if parser is None else parser(text).date().isoformat()
        except (ValueError, KeyError):
            continue
    return None
