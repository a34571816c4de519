"""How venues spell times: ISO-like, with two-digit years, with slashes; UTC where the header or the docs say so."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_time(text: str) -> datetime:
    """ "2024-01-05 10:20:30", "24-01-05 10:20:30" or "2024/01/05 10:20" as UTC; an offset in the text is honoured.

    ValueError for anything else: a day-month order that would have to be guessed is not guessed.
    """
    plain = text.replace("/", "-") if text[4:5] == "/" else text
    if plain[2:3] == "-" and len(plain) >= 14 and plain[:2].isdigit():
        plain = "20" + plain
    if len(plain) < 16 or plain[4] != "-" or plain[7] != "-":
        raise ValueError("no time")
    moment = datetime.fromisoformat(plain.removesuffix(" UTC"))
    if not 2009 <= moment.year <= 2199:  # no coin is older
        raise ValueError("year out of range")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
