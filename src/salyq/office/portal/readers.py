"""Days, moments and numbers as a reader has them; files and calls keep ISO 8601 and a point."""

from __future__ import annotations

import re
from datetime import date, datetime

from salyq.civil.days import zone

# Not inside a name of a file, an address or a number of a document; and what is quoted stays as the file has it.
_DAY = re.compile(r"(?<![\w./-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w/-]|\.\w)")
_QUOTED = re.compile(r"(«[^»]*»|“[^”]*”|\"[^\"]*\")")
_MOMENT = re.compile(r"(?<![\w./-])\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")


def shown_day(value: date | str | None) -> str:
    """15.06.2026."""
    if value is None or value == "":
        return "—"
    return (date.fromisoformat(value) if isinstance(value, str) else value).strftime("%d.%m.%Y")


def due_day(value: str) -> str:
    """The day or the moment by which something is due, given as text."""
    return shown_day(value) if len(value) == len("2026-11-29") else shown_moment(datetime.fromisoformat(value))


def shown_moment(value: datetime | None) -> str:
    """Kazakhstan's time: 15.06.2026 11:05."""
    return "—" if value is None else value.astimezone(zone()).strftime("%d.%m.%Y %H:%M")


_PLACE = re.compile(r"\s*\([^()]*\bKIND\b[^()]*\)")  # what a command has in its place; a page has a field


def without_places(text: str) -> str:
    """The way to answer without what is to be typed on a command line."""
    return _PLACE.sub("", text)


def readable(text: str) -> str:
    """The same text with a reader's days and moments."""
    return "".join(part if n % 2 else _told(part) for n, part in enumerate(_QUOTED.split(text)))


def _moment(text: str) -> str:
    try:
        return shown_moment(datetime.fromisoformat(text.replace("Z", "+00:00")))
    except (ValueError, OverflowError):
        return text  # a file may hold what is no moment


def _told(text: str) -> str:
    text = _MOMENT.sub(lambda m: _moment(m[0]), text)
    return _DAY.sub(lambda m: f"{m[3]}.{m[2]}.{m[1]}", text)
