"""Times by a pattern that a person writes, such as "DD.MM.YYYY HH:mm:ss": no code, and no free regular expression.

Tokens: YYYY YY · MMM (month by name) MM M · DD D · HH H (24 hours) hh h (12 hours, with A for AM or PM) · mm m ·
ss s · SSS (a fraction of any length) · Z (an offset such as +05:00, UTC or Z). Other letters stand in 'quotes', only
T may stand bare; a blank is any white space. Instead of a pattern: iso, unix, unix_ms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from salyq.sources.habits.clock import named_zone

LONGEST = 64
_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short_year>\d{2})",
    "MMM": r"(?P<name>[^\W\d_]{3,9})\.?",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "hh": r"(?P<half_hour>\d{2})",
    "h": r"(?P<half_hour>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "m": r"(?P<minute>\d{1,2})",
    "ss": r"(?P<second>\d{2})",
    "s": r"(?P<second>\d{1,2})",
    "SSS": r"(?P<fraction>\d{1,9})",
    "A": r"(?P<half>[AaPp])\.?[Mm]\.?",
    "Z": r"(?P<offset>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)",
}
_PIECE = re.compile(r"YYYY|YY|MMM|MM|M|DD|D|HH|H|hh|h|mm|m|SSS|ss|s|A|Z|T|'[^']*'|\s+|[^\w\s']")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII)
_MONTHS = (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "қаң ақп нау сәу мам мау шіл там қыр қаз қар жел",
)
_MONTH = {name: n for names in _MONTHS for n, name in enumerate(names.split(), 1)} | {"май": 5}
Parse = Callable[[str], datetime]


def zone_of(text: str) -> tzinfo | None:
    """The zone of "UTC", "+05:00", "UTC+5" or an IANA name such as "Asia/Almaty"; None for anything else."""
    plain = text.strip()
    found = _OFFSET.fullmatch(plain)
    if found is None:
        return named_zone(plain)
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if found[1] == "-" else offset)


def time_parser(pattern: str) -> Parse | None:
    """A parser of times so written; it gives an aware time where the text or the pattern says a zone, else a naive
    one, and raises ValueError for other texts. None: the pattern itself is not right."""
    if pattern == "iso":
        return _iso
    if pattern in ("unix", "unix_ms"):
        return lambda text: _epoch(text, 1000 if pattern == "unix_ms" else 1)
    if len(pattern) > LONGEST:
        return None
    pieces, place = [], 0
    while place < len(pattern):
        found = _PIECE.match(pattern, place)
        if found is None:
            return None
        piece, place = found.group(), found.end()
        if piece.isspace():
            pieces.append(r"\s+")
        else:
            pieces.append(_TOKENS.get(piece) or re.escape(piece.strip("'")))
    try:
        shape = re.compile("".join(pieces))
    except re.error:  # the same part twice
        return None
    names = set(shape.groupindex)
    if not ({"year", "short_year"} & names and {"month", "name"} & names and "day" in names):
        return None
    if ("half_hour" in names) != ("half" in names):
        return None
    return lambda text: _by_shape(shape, text)


def _by_shape(shape: re.Pattern[str], text: str) -> datetime:
    found = shape.fullmatch(text.strip())
    if found is None:
        raise ValueError("not so written")
    said = {name: value for name, value in found.groupdict().items() if value is not None}
    month = int(said["month"]) if "month" in said else _MONTH[said["name"][:3].casefold()]
    year = int(said["year"]) if "year" in said else 2000 + int(said["short_year"])
    hour = int(said.get("hour", 0))
    if "half" in said:
        hour = int(said["half_hour"])
        if not 1 <= hour <= 12:
            raise ValueError("no hour of a twelve-hour clock")
        hour = hour % 12 + (12 if said["half"] in "Pp" else 0)
    micro = int(said.get("fraction", "0").ljust(6, "0")[:6])
    zone = zone_of("UTC" if said["offset"] == "Z" else said["offset"]) if "offset" in said else None
    minute, second = int(said.get("minute", 0)), int(said.get("second", 0))
    return datetime(year, month, int(said["day"]), hour, minute, second, micro, tzinfo=zone)


def _iso(text: str) -> datetime:
    plain = text.strip()
    if len(plain) < 10 or plain[4] != "-" or plain[7] != "-":
        raise ValueError("no ISO 8601 time")
    return datetime.fromisoformat(plain.removesuffix(" UTC") + ("+00:00" if plain.endswith(" UTC") else ""))


def _epoch(text: str, a_second: int) -> datetime:
    whole, _, tail = text.strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 14 and (tail.isdigit() or not tail)):
        raise ValueError("no count of seconds")
    micro = int(whole + tail[:6].ljust(6, "0")) // a_second
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)


_YEAR_MONTH = re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})(?:[-./]\d{1,2})?", re.ASCII)
_MONTH_YEAR = re.compile(r"(?:\d{1,2}[.])?(?P<month>\d{1,2})[./](?P<year>\d{4})", re.ASCII)
_NAMED = re.compile(
    r"(?P<name>[^\W\d_]{3,9})\.?\s+(?P<year>\d{4})\s*(?:г\.?|года?|ж\.?|жыл\w{0,9})?|"
    r"(?P<y>\d{4})\s*(?:ж\.?|жыл\w{0,9})?\s*(?P<n>[^\W\d_]{3,9})"
)


def month_of(text: str) -> tuple[str, str] | None:
    """(first day, first day of the next month) of "2025-01", "01.2025", "Январь 2025 г.", "2025 ж. қаңтар".

    None for anything else."""
    plain = " ".join(text.split())[:LONGEST]
    found = _YEAR_MONTH.fullmatch(plain) or _MONTH_YEAR.fullmatch(plain)
    if found is not None:
        year, month = int(found["year"]), int(found["month"])
    else:
        named = _NAMED.fullmatch(plain)
        if named is None:
            return None
        year = int(named["year"] or named["y"])
        month = _MONTH.get((named["name"] or named["n"])[:3].casefold(), 0)
    if not (1 <= month <= 12 and 1970 <= year <= 2199):
        return None
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return f"{year}-{month:02}-01", f"{after[0]}-{after[1]:02}-01"
