"""Clocks of venues: times in the zone that the file, its header or the venue's documents name, as UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z][A-Za-z0-9_+-]*){0,2}", re.ASCII)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.ASCII)
_CLOCK = r"(?:,?[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
_YEAR_FIRST = re.compile(r"(?P<year>\d{4}|\d{2}(?=-))[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK, re.ASCII)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + _CLOCK, re.ASCII)
_US = re.compile(
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})" + _CLOCK + r"\s*(?P<half>[AaPp])\.?[Mm]\.?", re.ASCII
)
_WRONG_YEAR = "year out of range"


def header_zone(text: str | None) -> tzinfo:
    """The zone of "UTC+08:00", "UTC+8" or "UTC", as a header cell says it; UTC where it says none."""
    found = _OFFSET.fullmatch((text or "").strip())
    if found is None:
        return UTC
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(offset if sign == "+" else -offset) if offset < timedelta(hours=24) else UTC


@cache
def named_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name from the pinned data, or None for a name that it lacks."""
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if _NAME.fullmatch(name) is None:
        return None
    path = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not path.is_file():
        return None
    with path.open("rb") as file:
        try:
            return ZoneInfo.from_file(file, key=name)
        except ValueError:  # a file of the package that is no zone
            return None


def clock(zone: tzinfo) -> Callable[[str], datetime]:
    """A parser of times of `zone`: year first, day first with points, or US with AM/PM; an offset in the text wins.

    It gives UTC and raises ValueError for anything else: 03/04/2024 without AM or PM could be either and is not read.
    """

    def parse(text: str) -> datetime:
        plain = text.strip().replace("\u202f", " ").replace("\u00a0", " ")
        here = zone
        for mark in (" UTC", " GMT", "Z"):
            if plain.endswith(mark):
                plain, here = plain.removesuffix(mark), UTC
        moment = _iso(plain) or _loose(plain)
        if not 2009 <= moment.year <= 2199:  # no coin is older
            raise ValueError(_WRONG_YEAR)
        return (moment.replace(tzinfo=here) if moment.tzinfo is None else moment).astimezone(UTC)

    return parse


def _iso(text: str) -> datetime | None:
    if len(text) < 10 or text[4:5] != "-" or text[7:8] != "-":
        return None
    joined = re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", text).replace(", ", " ")
    try:
        return datetime.fromisoformat(joined)
    except ValueError:
        return None


def _loose(text: str) -> datetime:
    found = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text) or _US.fullmatch(text)
    if found is None:
        raise ValueError("no time")
    parts = {name: int(value or 0) for name, value in found.groupdict().items() if name != "half"}
    half = (found.groupdict().get("half") or "").lower()
    hour = parts["hour"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of a twelve-hour clock")
        hour = hour % 12 + (12 if half == "p" else 0)
    year = parts["year"] + (2000 if parts["year"] < 100 else 0)
    return datetime(year, parts["month"], parts["day"], hour, parts["minute"], parts["second"])  # noqa: DTZ001


def epoch(text: str) -> datetime:
    """Whole seconds or milliseconds since 1970, as UTC. ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and 9 <= len(text) <= 13):
        raise ValueError("no count of seconds")
    number = int(text)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + (
        timedelta(milliseconds=number) if len(text) > 10 else timedelta(seconds=number)
    )
    if not 2009 <= moment.year <= 2199:
        raise ValueError(_WRONG_YEAR)
    return moment
