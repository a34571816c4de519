from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salyq.civil import days

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2024-02-29T17:59:59", date(2024, 2, 29)),  # UTC+6 until the end of February 2024
        ("2024-02-29T18:30:00", date(2024, 2, 29)),  # the clock went back: still the 29th
        ("2024-02-29T19:00:00", date(2024, 3, 1)),
        ("2023-12-31T18:00:00", date(2024, 1, 1)),
        ("2025-12-31T18:59:59", date(2025, 12, 31)),
        ("2025-12-31T19:00:00", date(2026, 1, 1)),
    ],
)
def test_the_day_is_kazakhstans(utc: str, day: date) -> None:
    assert days.kz_day(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == day


def test_the_zone_is_not_the_systems() -> None:
    code = "from salyq.civil.days import *; print(kz_midnight(date(2025, 1, 1)).isoformat())"
    env = {"PYTHONTZPATH": "/nowhere", "TZ": "America/New_York"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2024-12-31T19:00:00+00:00"


@given(st.dates(date(1995, 1, 1), date(2150, 1, 1)))
def test_midnight_begins_the_day(day: date) -> None:
    start = days.kz_midnight(day)
    assert days.kz_day(start) == day
    assert days.kz_day(start - timedelta(seconds=1)) == day - timedelta(days=1)


@given(st.integers(10**9 // 2, 5 * 10**9), st.integers(0, 999_999))
def test_times_come_back(seconds: int, micros: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
    assert days.parse_time(moment.isoformat()) == (moment, True)


def test_a_time_without_an_offset_is_kazakhstans() -> None:
    assert days.parse_time("2025-05-01 12:00") == (datetime(2025, 5, 1, 7, tzinfo=UTC), False)
    assert days.parse_time("2023-05-01T12:00:00") == (datetime(2023, 5, 1, 6, tzinfo=UTC), False)
    assert days.parse_time("2025-05-01T12:00:00+03:00") == (datetime(2025, 5, 1, 9, tzinfo=UTC), True)
    assert days.parse_time("2025-05-01T12:00:00Z")[1] is True


NO_TIMES = "soon 01.05.2025 20250501T120000 2025-W01-1 2025-13-01 2025-02-30T00:00 2025-05-01x12:00 2025-05-01T25:00"
TOO_FAR = "0001-01-01T00:00+05:00 9999-12-31T23:59:59-05:00 1969-12-31T00:00Z 2200-01-01T00:00Z ２０２５-05-01"


@pytest.mark.parametrize("text", ["", *NO_TIMES.split(), *TOO_FAR.split()])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        days.parse_time(text)


def test_days_are_dates_alone() -> None:
    assert days.parse_day("2025-05-01") == date(2025, 5, 1)
    for text in ("2025-5-1", "2025-05-01T00:00", "01.05.2025", ""):
        with pytest.raises(ValueError):  # noqa: PT011
            days.parse_day(text)


def test_the_official_calendar_of_2026() -> None:
    whole = [date(2026, 1, 1) + timedelta(n) for n in range(365)]
    assert sum(days.is_working_day(d) for d in whole) == 246
    assert days.calendar()[2026].basis == "official"
    assert not days.is_working_day(date(2026, 8, 31))


# Working days by month, as the official tables of 2024 and 2026 print them (five-day week).
MONTHS = {
    2024: (21, 21, 17, 22, 20, 19, 22, 21, 21, 22, 21, 21),
    2026: (19, 20, 18, 22, 17, 22, 22, 20, 22, 21, 21, 22),
}


@pytest.mark.parametrize("year", MONTHS)
def test_each_month_has_as_many_working_days_as_the_official_table(year: int) -> None:
    whole = [date(year, 1, 1) + timedelta(n) for n in range(366)]
    counted = [sum(d.year == year and d.month == m and days.is_working_day(d) for d in whole) for m in range(1, 13)]
    assert tuple(counted) == MONTHS[year]


@pytest.mark.parametrize("moved", [date(2022, 7, 11), date(2024, 6, 17), date(2027, 5, 17)])
def test_kurban_ait_on_a_weekend_moves_to_monday(moved: date) -> None:
    assert not days.is_working_day(moved)
    assert days.last_working_day(moved) == moved - timedelta(3)


def test_moved_days() -> None:
    assert days.is_working_day(date(2024, 5, 4))  # a Saturday worked for 8 May
    assert not days.is_working_day(date(2024, 5, 8))
    assert days.last_working_day(date(2026, 1, 2)) == date(2025, 12, 31)
    assert days.last_working_day(date(2025, 12, 31)) == date(2025, 12, 31)
    assert days.working_day_before(date(2025, 12, 31)) == date(2025, 12, 30)


def test_the_frozen_calendar_is_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    holidays = pytest.importorskip("holidays")
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import make_working_days

    for year, frozen in days.calendar().items():
        if frozen.source.startswith(f"holidays {holidays.__version__}"):
            off, worked, *_ = make_working_days.year_days(year)
            assert (frozen.off, frozen.worked) == (set(off), set(worked))


@given(st.dates(date(2012, 1, 1), date(2027, 12, 31)))
def test_the_working_day_before(day: date) -> None:
    before = days.working_day_before(day)
    assert before < day
    assert days.is_working_day(before)
    between = (day - before).days
    assert not any(days.is_working_day(before + timedelta(n)) for n in range(1, between))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_periods(period: str, first: date, last: date) -> None:
    assert days.period_days(period) == (first, last)


@pytest.mark.parametrize("period", ["", "2026-", "26", "2026-Q5", "2026-13", "2026-00", "2026-1", "2026-Q", "२०२६"])
def test_what_is_no_period(period: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        days.period_days(period)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_lies_in_its_quarter(day: date) -> None:
    first, last = days.period_days(days.quarter(day))
    assert first <= day <= last
