"""Days and moments as a reader of a language has them, in Kazakhstan's time; files and calls keep ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime

from salyq.civil import reader
from salyq.civil.days import zone


def shown_day(value: date | str | None, lang: str) -> str:
    """15.06.2026; in English 2026-06-15, as the engine's own pages have it."""
    if value is None or value == "":
        return "—"
    return reader.shown_day(date.fromisoformat(value) if isinstance(value, str) else value, lang)


def due_day(value: str, lang: str) -> str:
    """The day or the moment by which something is due, given as text."""
    return shown_day(value, lang) if len(value) == len("2026-11-29") else shown_at(value, lang)


def shown_moment(value: datetime | None, lang: str) -> str:
    """15.06.2026 11:05."""
    if value is None:
        return "—"
    here = value.astimezone(zone())
    return f"{reader.shown_day(here.date(), lang)} {here:%H:%M}"


def shown_at(value: str, lang: str) -> str:
    """A moment given as text."""
    return shown_moment(datetime.fromisoformat(value), lang) if value else "—"


_PLACE = re.compile(r"\s*\([^()]*\bKIND\b[^()]*\)")  # what a command has in its place; a page has a field


def without_places(text: str) -> str:
    """The way to answer without what is to be typed on a command line."""
    return _PLACE.sub("", text)
