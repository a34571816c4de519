"""Days and times: terms after a day, clocks that stop, days between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from salyq.civil import days as civil
from salyq.rulebook.explain import Why
from salyq.rulebook.node import Node, lift, made
from salyq.rulebook.op import At, Plain, Teller
from salyq.rulebook.terms import Term, counted, shifted, stopped, worked_between
from salyq.rulebook.units import LawError


# builders -----------------------------------------------------------------------------------------------------------
def after(start: Node, term: Node, stops: Node | None = None) -> Node:
    """The day (or time) that a term after `start` ends on; `stops` (Rows.spans) are days that do not count."""
    return made("after", start, term) if stops is None else made("after_stops", start, term, stops)


def before(start: Node, term: Node) -> Node:
    """The day (or time) that lies a term before `start`."""
    return made("back", start, term)


def add_days(start: Node, count: Any) -> Node:
    return made("add_term", start, lift(count, "count"), data="days")


def add_working_days(start: Node, count: Any) -> Node:
    """The count-th working day after `start`."""
    return made("add_term", start, lift(count, "count"), data="working days")


def add_hours(start: Node, count: Any) -> Node:
    """A time so many hours later."""
    return made("add_term", start, lift(count, "count"), data="hours")


def add_months(start: Node, count: Any) -> Node:
    """The same day of a later month, or its last day."""
    return made("add_term", start, lift(count, "count"), data="months")


def add_years(start: Node, count: Any) -> Node:
    return made("add_term", start, lift(count, "count"), data="years")


def next_working_day(day: Node) -> Node:
    """`day` itself where it is worked, else the next that is."""
    return made("next_working_day", day)


def last_working_day(day: Node) -> Node:
    """`day` itself where it is worked, else the last that was."""
    return made("last_working_day", day)


def is_working_day(day: Node) -> Node:
    return made("is_working_day", day)


def day_of(time: Node) -> Node:
    """The day in Kazakhstan of a time."""
    return made("day_of", time)


def midnight(day: Node) -> Node:
    """The first moment of a day."""
    return made("midnight", day)


def days_between(first: Node, last: Node) -> Node:
    """last − first, in days."""
    return made("days_between", first, last)


def working_days_between(first: Node, last: Node) -> Node:
    """Working days in (first, last]."""
    return made("working_days_between", first, last)


def year_of(day: Node) -> Node:
    return made("year_of", day)


def deadline_of(period_end: Node, deadline: Node) -> Node:
    """The day that a deadline (so many months after the end of a period, on a day of the month) falls on."""
    return made("deadline_of", period_end, deadline)


# operations ---------------------------------------------------------------------------------------------------------
class _FromDay(Plain):
    """Something of a day or time, with whole counts or a term beside it."""

    takes: tuple[str, ...] = ("day",)
    beside: tuple[str, ...] = ()
    gives: str = ""  # empty: what it takes

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        first, *rest = args
        if first.unit not in self.takes:
            raise LawError(f"{self.name} is asked of a {' or '.join(self.takes)}, not of {first.unit}")
        for arg, wanted in zip(rest, self.beside, strict=True):
            if arg.unit != wanted:
                raise LawError(f"{self.name} needs a {wanted}, not {arg.unit}")
        return self.gives or first.unit


class After(_FromDay):
    """The end of a term that begins after a day or time."""

    name, takes, beside = "after", ("day", "time"), ("term",)

    def function(self, node: Node) -> Callable[..., Any]:
        return shifted


class Back(_FromDay):
    name, takes, beside = "back", ("day", "time"), ("term",)

    def function(self, node: Node) -> Callable[..., Any]:
        return lambda start, term: shifted(start, term, -1)


class AfterStops(_FromDay):
    """The end of a term whose clock stands still inside intervals."""

    name, takes, beside = "after_stops", ("day", "time"), ("term", "spans")

    def function(self, node: Node) -> Callable[..., Any]:
        return stopped


class AddTerm(_FromDay):
    """A count of days, working days, hours, months or years later; a negative one goes back."""

    name, takes, beside = "add_term", ("day", "time"), ("count",)

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        if data == "hours" and args[0].unit != "time":
            raise LawError("hours run from a time, not from a day")
        return super().unit(args, data)

    def function(self, node: Node) -> Callable[..., Any]:
        unit = node.data
        return lambda start, count: shifted(start, Term(int(count), unit))

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        why = self.plain(node, at, teller)
        why.detail = str(node.data)
        return [why]


class NextWorkingDay(_FromDay):
    name = "next_working_day"

    def function(self, node: Node) -> Callable[..., Any]:
        return lambda day: counted(lambda: civil.next_working_day(day))


class LastWorkingDay(_FromDay):
    name = "last_working_day"

    def function(self, node: Node) -> Callable[..., Any]:
        return lambda day: counted(lambda: civil.previous_working_day(day))


class IsWorkingDay(_FromDay):
    name, gives = "is_working_day", "flag"

    def function(self, node: Node) -> Callable[..., Any]:
        return lambda day: counted(lambda: civil.is_worked(day))


class DayOf(_FromDay):
    name, takes, gives = "day_of", ("time",), "day"

    def function(self, node: Node) -> Callable[..., Any]:
        return civil.kz_day


class Midnight(_FromDay):
    name, gives = "midnight", "time"

    def function(self, node: Node) -> Callable[..., Any]:
        return civil.kz_midnight


class DaysBetween(_FromDay):
    name, beside, gives = "days_between", ("day",), "count"

    def function(self, node: Node) -> Callable[..., Any]:
        return lambda first, last: (last - first).days


class WorkingDaysBetween(_FromDay):
    name, beside, gives = "working_days_between", ("day",), "count"

    def function(self, node: Node) -> Callable[..., Any]:
        return worked_between


class YearOf(_FromDay):
    name, takes, gives = "year_of", ("day", "time"), "count"

    def function(self, node: Node) -> Callable[..., Any]:
        return lambda day: (civil.kz_day(day) if isinstance(day, datetime) else day).year


class DeadlineOf(_FromDay):
    """So many months after the month a period ends in (before it, where negative), on a day of that month."""

    name, beside = "deadline_of", ("deadline",)

    def function(self, node: Node) -> Callable[..., Any]:
        return deadline_on


def deadline_on(period_end: date, deadline: Mapping[str, int]) -> Any:
    """The day that {month, day} falls on for a period that ends on `period_end`."""
    first = civil.add_months(period_end.replace(day=1), deadline["month"])
    return counted(lambda: first.replace(day=deadline["day"]))
