"""Hours of a meter's day: which hour a column of a wide table is, by its title and its place among the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RANGE = re.compile(r"(\d{1,2})(?:[:.]00)?\s*[-–—]\s*(\d{1,2})(?:[:.]00)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:.]00(?::00)?", re.ASCII)
_PLAIN = re.compile(r"(?:h|hour|час|сағат|ч\.?)?\s*(\d{1,2})(?:\s*(?:h|ч\.?|час|сағ\.?|сағат|hour))?", re.IGNORECASE)


def hour_columns(header: Sequence[str]) -> tuple[int, ...] | None:
    """The places of the hours 0 to 23, or None where the header is no table of 24 hours.

    Titles: 00:00-01:00 …; 00:00 … 23:00 (an hour by its start); 01:00 … 24:00 or 01:00 … 00:00 (by its end); 0 … 23 (by
    its start); 1 … 24 (by its number).
    """
    for reading in (_ranges, _clocks, _numbers):
        found = reading(header)
        if found is not None:
            return found
    return None


def _ranges(header: Sequence[str]) -> tuple[int, ...] | None:
    hours: dict[int, int] = {}
    for place, title in enumerate(header):
        found = _RANGE.fullmatch(title)
        if found is not None and (int(found[1]) + 1) % 24 == int(found[2]) % 24:
            hours[int(found[1])] = place
    return _whole(hours)


def _clocks(header: Sequence[str]) -> tuple[int, ...] | None:
    return _by_start_or_end([(int(m[1]), n) for n, title in enumerate(header) if (m := _CLOCK.fullmatch(title))])


def _numbers(header: Sequence[str]) -> tuple[int, ...] | None:
    return _by_start_or_end([(int(m[1]), n) for n, title in enumerate(header) if (m := _PLAIN.fullmatch(title))])


def _by_start_or_end(found: list[tuple[int, int]]) -> tuple[int, ...] | None:
    """Labels 0 … 23 name an hour's start; 1 … 24 its end, and so does a 0 that stands after 23."""
    if len(found) != 24:
        return None
    labels = dict(found)
    if sorted(labels) == list(range(1, 25)):
        return _whole({label - 1: place for label, place in labels.items()})
    if sorted(labels) == list(range(24)):
        if labels[0] > labels[23] and labels[1] < labels[23]:
            return _whole({(label - 1) % 24: place for label, place in labels.items()})
        return _whole(labels)
    return None


def _whole(hours: dict[int, int]) -> tuple[int, ...] | None:
    return tuple(hours[hour] for hour in range(24)) if sorted(hours) == list(range(24)) else None
