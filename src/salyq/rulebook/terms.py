"""Terms: so many days, working days, hours, months or years; and clocks that stop.

The day after an event is the first day of a term, and its last day is the last on which it runs. Working days are the
country's (civil.days); a year whose calendar was not read gives no answer. Where a clock stops, days inside a stop
(both ends inclusive) do not count: a term of months is then as many days as it had, less those.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from salyq.civil.days import (
    NoCalendar,
    add_months,
    add_working_days,
    is_worked,
    kz_time,
    working_days_between,
)
from salyq.rulebook.states import Unknown, because
from salyq.rulebook.units import LawError

UNITS_OF_TERMS = ("days", "working days", "hours", "months", "years")
Span = tuple[date, date | None]  # first and last day, both inclusive; None: not ended yet

_WRITTEN = re.compile(r"(\d+) (days?|working days?|hours?|months?|years?)")
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


class Term(NamedTuple):
    """A length of time as law states it."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number} {self.unit if self.number != 1 else self.unit.removesuffix('s')}"


def parse_term(text: str) -> Term:
    """ "15 working days" as a term; ValueError for anything else."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"a term is a whole number and one of {', '.join(UNITS_OF_TERMS)}")
    unit = found[2] if found[2].endswith("s") else found[2] + "s"
    return Term(int(found[1]), unit)


def shifted(start: date | datetime, term: Term, sign: int = 1) -> Any:
    """`start` later by a term (earlier where `sign` is −1), of the kind that `start` is. A time keeps its clock in
    Kazakhstan unless hours are added. Unknown where a year has no working calendar, or beyond all calendars."""
    count = term.number * sign
    if isinstance(start, datetime):
        if term.unit == "hours":
            return counted(lambda: start + count * _HOUR)
        local = kz_time(start)
        day = shifted(local.date(), term, sign)
        return day if type(day) is Unknown else _at_clock(day, local)
    if term.unit == "hours":
        raise LawError("hours run from a time, not from a day")
    if term.unit == "days":
        return counted(lambda: start + count * _DAY)
    if term.unit == "working days":
        return counted(lambda: add_working_days(start, count))
    return counted(lambda: add_months(start, count * (12 if term.unit == "years" else 1)))


def counted(count: Callable[[], Any]) -> Any:
    """What a count of days gives; unknown where a year has no calendar, or a day lies beyond all calendars."""
    try:
        return count()
    except NoCalendar as error:
        return because("missing_calendar", year=error.year)
    except (OverflowError, ValueError):
        return because("day_out_of_range")


def stopped(start: date | datetime, term: Term, stops: Sequence[Span]) -> Any:
    """The end of a term whose clock stands still inside `stops`. Unknown while the clock stands."""
    if isinstance(start, datetime):
        local = kz_time(start)
        day = stopped(local.date(), term, stops)
        return day if type(day) is Unknown else _at_clock(day, local)
    if term.unit == "hours":
        raise LawError("the clock of a term in hours does not stop")
    working = term.unit == "working days"
    end = shifted(start, term)
    if type(end) is Unknown:
        return end
    left = term.number if working else (end - start).days

    def walk() -> Any:
        nonlocal left
        day = start
        while left:
            day += _DAY
            stop = next((s for s in stops if s[0] <= day and (s[1] is None or day <= s[1])), None)
            if stop is not None and stop[1] is None:
                return because("clock_stopped", day=stop[0])
            if stop is None and (not working or is_worked(day)):
                left -= 1
        return day

    return counted(walk)


def worked_between(first: date, last: date) -> Any:
    """Working days in (first, last]."""
    return counted(lambda: working_days_between(first, last))


def _at_clock(day: date, local: datetime) -> datetime:
    return datetime.combine(day, local.timetz())
