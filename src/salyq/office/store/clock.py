"""The one clock of the office. Nothing else in the office reads the time.

`SystemClock` is the machine's; `FixedClock` stands where it was put (`--now`, the demonstration, tests); `ManualClock`
(SALYQ_CLOCK=manual) stands in the database, so that every process agrees and only `office tick` moves it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Protocol

from salyq.civil.days import kz_day


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """Stands until it is moved; it never moves back."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def move(self, moment: datetime) -> None:
        """Forward to `moment`; an earlier one changes nothing."""
        self._moment = max(self._moment, moment.astimezone(UTC))


class ManualClock:
    """The clock that stands in the database; `read` asks for it, and answers None where it was never set."""

    def __init__(self, read: Callable[[], datetime | None]) -> None:
        self._read = read

    def now(self) -> datetime:
        return self._read() or datetime.now(UTC)


def today(clock: Clock) -> date:
    """The day in Kazakhstan."""
    return kz_day(clock.now())
