"""Which zone the times of a file are in: its header, a line above it or its name says so; else UTC, with a notice."""

from __future__ import annotations

import re
from datetime import date, datetime

from salyq.sources.book import Book
from salyq.sources.format import Facts
from salyq.sources.venue_clock import clock, header_zone

_STATED = re.compile(r"(?:UTC|GMT)(?:\s*[+-]\s*\d{1,2}(?::?\d{2})?)?(?![\w:])", re.ASCII | re.IGNORECASE)


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
