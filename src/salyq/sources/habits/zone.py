"""Which zone the times of a file are in: its header, a line above it or its name says so; else UTC, with a notice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from salyq.sources.book import Book
from salyq.sources.format import Facts
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.times import utc_time

_OWN = re.compile(r"(?:[+-]\d{2}:?\d{2}|Z|UTC)$", re.ASCII)  # an offset of the time itself
_STATED = re.compile(r"(?:UTC|GMT)(?:\s*[+-]\s*\d{1,2}(?::?\d{2})?)?(?![\w:]|--|-\+)", re.ASCII | re.IGNORECASE)


def is_stated(file: str) -> bool:
    """Whether the name of a file states a zone."""
    return _STATED.search(file.rpartition("/")[2]) is not None


def zone_time(file: str) -> Callable[[str], datetime]:
    """A parser like `utc_time` for the zone that the name of a file states, else for UTC."""
    found = _STATED.search(file.rpartition("/")[2])
    offset = header_zone(found[0]).utcoffset(None) if found else None
    if not offset:
        return utc_time
    return lambda text: utc_time(text) - (timedelta() if _OWN.search(text) else offset)


class VenueClock:
    """Times of one file. The header may give a fact `zone`: what stands in its time column, e.g. "UTC+8"."""

    def __init__(self, book: Book, facts: Facts) -> None:
        self.book = book
        places = (facts.get("zone"), facts.get("preamble"), book.report.file.rpartition("/")[2])
        found = next((match[0] for place in places if place and (match := _STATED.search(place))), None)
        self.stated = found is not None
        self.parse = clock(header_zone(found))

    def read(self, text: str, column: str, line: int) -> tuple[datetime, date]:
        """A time in UTC and its Kazakhstan day. RowError: no time, or an order of day and month that cannot be told."""
        moment = self.book.venue_time(text, self.parse, column)
        if not self.stated:
            self.book.notice(line, "notice_zone_assumed")
        return moment
