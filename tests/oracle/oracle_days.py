"""Days and rounding for the oracle. Its own code: nothing of salyq is imported, so that an error there shows here.

Money, quantities and rates are Fractions of whole units (tenge, coins, kWh); a grid is the smallest unit of an amount.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

TIYN = Fraction(1, 100)
TINY = Fraction(1, 10**18)

# Kazakhstan was UTC+6 (Almaty) to 29.02.2024 and is UTC+5 since; the clock went back at this instant.
_SWITCH = datetime(2024, 2, 29, 18, tzinfo=UTC)

# Days off besides Saturday and Sunday (month-day), and Saturdays or Sundays that were worked.
# 2021-2025: the `holidays` package, Kurban Ait moved from a Sunday by the official tables of months; 2026: the official
# calendar (246 working days), which moves 30 August to the 31st.
_OFF = {
    2021: "01-01 01-02 01-04 01-07 03-08 03-22 03-23 03-24 05-01 05-03 05-07 05-10 07-05 07-06 07-20 08-30 12-01 "
    "12-16 12-17",
    2022: "01-03 01-04 01-07 03-07 03-08 03-21 03-22 03-23 05-02 05-09 05-10 07-06 07-11 08-29 08-30 10-24 10-25 12-16",
    2023: "01-02 01-03 03-08 03-21 03-22 03-23 05-01 05-08 05-09 06-28 07-06 07-07 08-30 10-25 12-18",
    2024: "01-01 01-02 03-08 03-21 03-22 03-25 05-01 05-07 05-08 05-09 06-17 07-08 08-30 10-25 12-16",
    2025: "01-01 01-02 01-03 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16",
    2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 08-31 10-26 12-16",
    2027: "01-01 01-04 01-07",
}
_WORKED = {"2021-07-03", "2022-03-05", "2022-08-27", "2022-10-22", "2023-07-01", "2024-05-04", "2025-01-05"}


def moment(text: str) -> datetime:
    """An ISO time as UTC; without an offset it is Kazakhstan time (interfaces §3)."""
    stamp = datetime.fromisoformat(text)
    if stamp.tzinfo is not None:
        return stamp.astimezone(UTC)
    early = stamp.replace(tzinfo=UTC) - timedelta(hours=6)
    return early if early < _SWITCH else stamp.replace(tzinfo=UTC) - timedelta(hours=5)


def kz_day(when: datetime) -> date:
    return (when + timedelta(hours=6 if when < _SWITCH else 5)).date()


def kz_midnight(day: date) -> datetime:
    return moment(f"{day.isoformat()}T00:00:00")


def works(day: date) -> bool:
    if day.isoformat() in _WORKED:
        return True
    return day.weekday() < 5 and f"{day:%m-%d}" not in _OFF.get(day.year, "").split()


def last_working(day: date) -> date:
    """`day`, or the last working day before it."""
    while not works(day):
        day -= timedelta(days=1)
    return day


def working_before(day: date) -> date:
    """The last working day strictly before `day`."""
    return last_working(day - timedelta(days=1))


def quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def round_to(x: Fraction, grid: Fraction = TIYN) -> Fraction:
    """Half up (half away from zero for a negative number) to a multiple of `grid`."""
    steps = abs(x) / grid
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return whole * grid if x >= 0 else -whole * grid


def part(total: Fraction, quantity: Fraction, x0: Fraction, x1: Fraction, grid: Fraction) -> Fraction:
    """The cumulative rule of architecture §3: A(x1) - A(x0), A(x) = round(total * x / quantity)."""
    return round_to(total * x1 / quantity, grid) - round_to(total * x0 / quantity, grid)


def grid_of(currency: str) -> Fraction:
    return TIYN if currency == "KZT" else TINY
