"""Days and times as Kazakhstan counts them (architecture §3).

The day of an event is its day in Asia/Almaty, read from the pinned `tzdata` package and never from the system
(UTC+6 to 29.02.2024, +5 after). Working days come from `working_days.toml`, frozen year by year with its basis.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

from salyq.civil.compiled import toml_of

FIRST_YEAR, LAST_YEAR = 1970, 2199  # a time outside is a slip of the pen, not an event

_DAY = timedelta(days=1)


class WorkingYear(NamedTuple):
    """`off` are weekdays that are not worked, `worked` days of a weekend that are. Basis: official | secondary."""

    off: frozenset[date]
    worked: frozenset[date]
    basis: str
    source: str


@cache
def zone() -> ZoneInfo:
    """Kazakhstan's time zone from the pinned data (one zone for the whole country: a convention)."""
    with (files("tzdata") / "zoneinfo" / "Asia" / "Almaty").open("rb") as file:
        return ZoneInfo.from_file(file, key="Asia/Almaty")


def kz_day(moment: datetime) -> date:
    """The day in Kazakhstan of an aware time."""
    return moment.astimezone(zone()).date()


def kz_midnight(day: date) -> datetime:
    """The first moment of a Kazakhstan day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone()).astimezone(UTC)


def parse_time(text: str) -> tuple[datetime, bool]:
    """An ISO 8601 time as (UTC time, whether it named an offset); without one it is Kazakhstan time.

    A bare date is its Kazakhstan midnight. ValueError for anything else, and for years outside 1970-2199.
    """
    text = text.strip()
    if len(text) < 10 or text[4] != "-" or text[7] != "-" or (len(text) > 10 and text[10] not in "Tt "):
        raise ValueError("no ISO 8601 time")
    moment = datetime.fromisoformat(text)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("year out of range")
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone()).astimezone(UTC), False
    return moment.astimezone(UTC), True


def parse_day(text: str) -> date:
    """A date written YYYY-MM-DD; ValueError for anything else, and for years outside 1970-2199."""
    text = text.strip()
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError("no ISO 8601 date")
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("year out of range")
    return day


@cache
def calendar() -> dict[int, WorkingYear]:
    """The frozen working calendar, by year."""
    text = (files("salyq.civil") / "working_days.toml").read_text(encoding="utf-8")
    return {
        int(year): WorkingYear(frozenset(v["off"]), frozenset(v["worked"]), v["basis"], v["source"])
        for year, v in toml_of(text).items()
    }


@cache
def is_working_day(day: date) -> bool:
    """Whether `day` is worked in Kazakhstan. A year that the calendar lacks: Monday to Friday."""
    year = calendar().get(day.year)
    if day.weekday() < 5:
        return year is None or day not in year.off
    return year is not None and day in year.worked


def last_working_day(day: date) -> date:
    """The last working day on or before `day`."""
    while not is_working_day(day):
        day -= _DAY
    return day


def working_day_before(day: date) -> date:
    """The last working day strictly before `day`."""
    return last_working_day(day - _DAY)


class NoCalendar(LookupError):
    """Working days are asked of a year whose calendar was not read. `year` says which."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no working calendar of {year}")
        self.year = year


def is_worked(day: date) -> bool:
    """Whether `day` is worked; NoCalendar where the year's calendar was not read. The calendar is set anew each year,
    so a term never runs through a year that nobody has read."""
    if day.year not in calendar():
        raise NoCalendar(day.year)
    return is_working_day(day)


def next_working_day(day: date) -> date:
    """The first working day on or after `day`; NoCalendar as above."""
    while not is_worked(day):
        day += _DAY
    return day


def previous_working_day(day: date) -> date:
    """The last working day on or before `day`; NoCalendar as above."""
    while not is_worked(day):
        day -= _DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day` (before it, where negative); `day` itself for nought."""
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_worked(day):
            day += step
    return day


def working_days_between(first: date, last: date) -> int:
    """Working days in (first, last]; negative where `last` comes before."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_worked(first + timedelta(days=i)) for i in range(1, (last - first).days + 1))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or the last day of it where it has none such."""
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def kz_time(moment: datetime) -> datetime:
    """An aware time as clocks in Kazakhstan showed it."""
    return moment.astimezone(zone())


def quarter(day: date) -> str:
    """The quarter a day belongs to, as "2026-Q1"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def period_days(period: str) -> tuple[date, date]:
    """First and last day of "2026", "2026-H1", "2026-Q1" or "2026-05"; ValueError for anything else."""
    year_text, _, rest = period.partition("-")
    if not (period.isascii() and len(year_text) == 4 and year_text.isdigit()):
        raise ValueError(f"not a period: {period!r}")
    year = int(year_text)
    if rest == "" and "-" not in period:
        first_month, months = 1, 12
    elif len(rest) == 2 and rest[0] == "H" and rest[1] in "12":
        first_month, months = 6 * int(rest[1]) - 5, 6
    elif len(rest) == 2 and rest[0] == "Q" and rest[1] in "1234":
        first_month, months = 3 * int(rest[1]) - 2, 3
    elif len(rest) == 2 and rest.isdigit() and 1 <= int(rest) <= 12:
        first_month, months = int(rest), 1
    else:
        raise ValueError(f"not a period: {period!r}")
    after = first_month + months
    end = date(year + 1, 1, 1) if after > 12 else date(year, after, 1)
    return date(year, first_month, 1), end - _DAY
