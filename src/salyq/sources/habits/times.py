"""How venues spell times: ISO-like, with two-digit years, with slashes; UTC where the header or the docs say so."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from salyq.sources.habits.clock import clock

_SAVED_AGAIN = clock(UTC)  # how spreadsheets write times: day first with points, or month first with AM and PM
_LOOSE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)


def utc_time(text: str) -> datetime:
    """ "2024-01-05 10:20:30", "24-01-05 10:20:30", "2024/1/5 9:20", "05.01.2024 09:20" or "1/5/2024 9:20 AM" as UTC; an
    offset in the text is honoured.

    ValueError for anything else: an order of day and month that would have to be guessed is not guessed.
    """
    plain = text.removesuffix(" UTC")
    if plain[2:3] == "-" and len(plain) >= 14 and plain[:2].isdigit():
        plain = "20" + plain
    if len(plain) >= 16 and plain[4] == "-" and plain[7] == "-":
        moment = datetime.fromisoformat(plain)
    else:
        loose = _LOOSE.fullmatch(plain)
        if loose is None:
            return _SAVED_AGAIN(text)
        year, month, day, hour, minute, second = (int(part or 0) for part in loose.groups())
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    if not 2009 <= moment.year <= 2199:  # no coin is older
        raise ValueError("year out of range")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
