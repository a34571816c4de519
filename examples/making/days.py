"""Kazakhstan's working days 2023-2026, as the made-up quotes need them (quotes stand on working days).

The list is kept here so that the generator needs nothing but Python; a test compares it with `salyq.civil.days`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

_ONE = timedelta(days=1)

# Days off that fall on Monday to Friday, as MM-DD.
_OFF = {
    2023: "01-02 01-03 03-08 03-21 03-22 03-23 05-01 05-08 05-09 06-28 07-06 07-07 08-30 10-25 12-18",
    2024: "01-01 01-02 03-08 03-21 03-22 03-25 05-01 05-07 05-08 05-09 06-17 07-08 08-30 10-25 12-16",
    2025: "01-01 01-02 01-03 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16",
    2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 08-31 10-26 12-16",
}
# Saturdays and Sundays on which people worked instead of a moved day.
_WORKED = {date(2023, 7, 1), date(2024, 5, 4), date(2025, 1, 5)}
_OFF_DAYS = {date.fromisoformat(f"{year}-{day}") for year, days in _OFF.items() for day in days.split()}


def is_working(day: date) -> bool:
    """Whether banks and authorities worked on `day`."""
    return day in _WORKED or (day.weekday() < 5 and day not in _OFF_DAYS)


def last_working(day: date) -> date:
    """`day` itself, or the last working day before it."""
    while not is_working(day):
        day -= _ONE
    return day


def working_days(first: date, last: date) -> Iterator[date]:
    """All working days from `first` to `last` inclusive."""
    return (day for day in each_day(first, last) if is_working(day))


def each_day(first: date, last: date) -> Iterator[date]:
    """All calendar days from `first` to `last` inclusive."""
    while first <= last:
        yield first
        first += _ONE


def at(text: str) -> datetime:
    """A UTC time from `2024-01-15 09:12:44`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def offset_hours(moment: datetime) -> int:
    """Almaty was UTC+6 to 29.02.2024 and is UTC+5 since."""
    return 6 if moment < at("2024-02-29 18:00:00") else 5


def kz_day(moment: datetime) -> date:
    """The day in Almaty at a UTC moment."""
    return (moment + timedelta(hours=offset_hours(moment))).date()


def kz_text(moment: datetime) -> str:
    """A UTC moment as Almaty time with its offset, ISO 8601."""
    hours = offset_hours(moment)
    local = (moment + timedelta(hours=hours)).replace(tzinfo=None)
    return f"{local.isoformat()}+{hours:02d}:00"


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """(first day, first day of the next month) of every month that begins from `first` to `last`."""
    while first <= last:
        following = next_month(first)
        yield first, following
        first = following


def next_month(day: date) -> date:
    """The first day of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def quarter(day: date) -> str:
    """`2026-Q1`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
