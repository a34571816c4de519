"""Amounts and times as explorers' lists of JSON objects have them: smallest parts, seconds and milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from salyq.civil.numbers import format_scaled
from salyq.records.model import UNIT

_MOST_DECIMALS, _LONGEST = 36, 80
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def whole_units(value: str, decimals: str) -> str:
    """Units of a token from its smallest parts; what is no whole number, or finer than anything here counts, is told
    as it is written, which the reader refuses."""
    written = f"{value} / 10^{decimals}"
    if not (value.isascii() and value.isdigit() and decimals.isascii() and decimals.isdigit()):
        return written
    places = int(decimals[:3])
    if places > _MOST_DECIMALS or len(value) > _LONGEST:
        return written
    exact, rest = divmod(int(value) * UNIT, 10**places)
    return written if rest else format_scaled(exact)


def of_milliseconds(text: str) -> str:
    """A UTC time from milliseconds since 1970; anything else as it is written."""
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        return text
    return (_EPOCH + timedelta(milliseconds=int(text))).strftime("%Y-%m-%d %H:%M:%S")
