"""The clock of a procedure (P2): it starts with the filing, stands while papers are mended, and ends with the decision.

Days on which it stood are working days after the day of the return, up to and including the day on which the papers
came back; law adds them to its term (the term itself is law's, and is asked). It stands only where an article says so
(`Procedure.stops`): elsewhere it runs on while papers are mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from salyq.civil.days import is_working_day
from salyq.office.procedures.book import step_of
from salyq.office.procedures.model import Case, Clock, Procedure, Taken

_DAY = timedelta(days=1)


def clock_of(spec: Procedure, case: Case) -> Clock:
    """As it stands after the last step."""
    started, stopped, since, ended = started_and_stopped(spec, case.steps)
    last = case.steps[-1]
    due = None if ended else last.due
    late = case.last("overdue")
    overdue = late is not None and not ended and due is not None and late.content["due"] == due.isoformat()
    return Clock(started, stopped, since is None and not ended, due, overdue)


def started_and_stopped(spec: Procedure, steps: Sequence[Taken]) -> tuple[date, int, date | None, bool]:
    """(first day, working days that it stood, the day since which it stands, whether it is over)."""
    started, stopped, since, ended = steps[0].day, 0, None, False
    for taken in steps:
        step = step_of(spec, taken.name)
        if step is None:
            continue
        if step.clock == "stop" and spec.stops:
            since = taken.day
        elif step.clock == "go" and since is not None:
            stopped += stood(since, taken.day)
            since = None
        elif step.clock == "end":
            ended = True
    return started, stopped, since, ended


def stood(returned: date, came_back: date) -> int:
    """Working days in (returned, came_back]."""
    count, day = 0, returned + _DAY
    while day <= came_back:
        count += is_working_day(day)
        day += _DAY
    return count
