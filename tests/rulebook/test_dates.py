"""Terms, working days, clocks that stop, windows: against the calendar and against a plain count of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_law import law_of, series, value

from salyq.civil.days import is_working_day, kz_day
from salyq.rulebook.asking import Door
from salyq.rulebook.law import Kind
from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    LawError,
    Node,
    Rows,
    Set,
    Symbols,
    Term,
    Text,
    Time,
    add_days,
    add_hours,
    add_months,
    add_working_days,
    add_years,
    after,
    before,
    by_word,
    day_of,
    days_between,
    deadline_of,
    last_working_day,
    midnight,
    next_working_day,
    working_days_between,
    year_of,
)
from salyq.rulebook.nodes import (
    is_working_day as worked,
)
from salyq.rulebook.rules import figure
from salyq.rulebook.terms import Term as Length
from salyq.rulebook.terms import parse_term

COLUMNS = {"law_day": "day", "filed": "day", "at": "time", "n": "count", "word": "text", "other": "text"}
KINDS = {
    "event": Kind("event", None, COLUMNS, {"stops": "stop", "breaches": "breach"}, {}),
    "stop": Kind("stop", "event", {"first": "day", "last": "day"}, {}, {}),
    "breach": Kind("breach", "event", {"day": "day", "grave": "flag"}, {}, {}),
}
ON = date(2026, 6, 15)


def door(*functions: Any, values: Any = ()) -> Door:
    return Door(law_of(*functions, values=values, kinds=KINDS))


def asked(function: Any, facts: dict[str, Any], values: Any = ()) -> Any:
    """What a rule of an event gives; why it is unknown where it is."""
    found = door(function, values=values).ask(f"tax.{function.__name__.rstrip('_')}", facts, ON)
    return found.value if found.status == "known" else sorted(m.code for m in found.reasons) or found.missing[0].name


def law(function: Any) -> Any:
    return figure(cite="code:1", per="event", since="2000-01-01")(function)


@law
def due(filed: Day, term: Term, stops: Rows[Symbols]) -> Day:
    return after(filed, term, stops.spans(lambda s: s.first, lambda s: s.last))


@law
def simply_due(filed: Day, term: Term) -> Day:
    return after(filed, term)


@law
def return_due(filed: Day, deadline: Node) -> Day:
    return deadline_of(filed, deadline)


@law
def hold_until(at: Time, term: Term) -> Time:
    return after(at, term)


def of(text: str) -> Any:
    return [series("term", "term", value(parse_term(text), "2000-01-01", enacted="2000-01-01"))]


# 2026: 1, 7 and 11 May, 27 May and 6 July are days off; Saturdays and Sundays are not worked.
@pytest.mark.parametrize(
    ("filed", "term", "wanted"),
    [
        ("2026-05-01", "1 working day", date(2026, 5, 4)),
        ("2026-04-30", "1 working day", date(2026, 5, 4)),
        ("2026-05-06", "1 working day", date(2026, 5, 8)),
        ("2026-05-08", "1 working day", date(2026, 5, 12)),
        ("2026-06-15", "15 working days", date(2026, 7, 7)),
        ("2026-06-15", "0 days", date(2026, 6, 15)),
        ("2026-06-15", "30 days", date(2026, 7, 15)),
        ("2026-01-31", "1 month", date(2026, 2, 28)),
        ("2024-02-29", "1 year", date(2025, 2, 28)),
        ("2026-11-30", "3 months", date(2027, 2, 28)),
        ("2027-12-30", "5 working days", ["missing_calendar"]),
        ("2026-06-15", "9999 years", ["day_out_of_range"]),
    ],
)
def test_the_last_day_of_a_term(filed: str, term: str, wanted: Any) -> None:
    assert asked(simply_due, {"filed": filed}, of(term)) == wanted


@pytest.mark.parametrize(
    ("ends", "month", "day", "wanted"),
    [
        ("2026-03-31", 2, 15, date(2026, 5, 15)),
        ("2026-12-31", 3, 31, date(2027, 3, 31)),
        ("2026-12-31", -4, 20, date(2026, 8, 20)),
        ("2026-12-31", 2, 30, ["day_out_of_range"]),  # there is no 30 February
    ],
)
def test_a_deadline_is_a_day_of_a_month_after_the_period(ends: str, month: int, day: int, wanted: Any) -> None:
    found = [series("deadline", "deadline", value({"month": month, "day": day}, "2000-01-01", enacted="2000-01-01"))]
    assert asked(return_due, {"filed": ends}, found) == wanted


@pytest.mark.parametrize(
    ("stops", "term", "wanted"),
    [
        ([], "5 working days", date(2026, 6, 22)),
        ([("2026-06-17", "2026-06-18")], "5 working days", date(2026, 6, 24)),
        ([("2026-06-20", "2026-06-21")], "5 working days", date(2026, 6, 22)),  # a weekend stops nothing
        ([("2026-06-17", "2026-06-18"), ("2026-06-18", "2026-06-19")], "5 working days", date(2026, 6, 25)),
        ([("2026-06-17", "2026-06-18")], "10 days", date(2026, 6, 27)),
        ([("2026-06-17", "2026-06-18")], "1 month", date(2026, 7, 17)),
        ([("2026-07-20", "2026-07-21")], "1 month", date(2026, 7, 15)),  # after its end
        ([("2026-06-17", None)], "10 days", ["clock_stopped"]),
        ([("2026-08-01", None)], "10 days", date(2026, 6, 25)),
    ],
)
def test_a_clock_that_stops(stops: list[tuple[str, str | None]], term: str, wanted: Any) -> None:
    rows = [{"first": a, "last": b} for a, b in stops]
    assert asked(due, {"filed": "2026-06-15", "stops": rows}, of(term)) == wanted


def test_hours_and_days_after_a_time_keep_the_clock_of_kazakhstan() -> None:
    at = "2024-02-28T22:00:00+06:00"  # on 1 March 2024 the clock went back an hour
    assert asked(hold_until, {"at": at}, of("48 hours")) == datetime(2024, 3, 1, 16, tzinfo=UTC)
    assert asked(hold_until, {"at": at}, of("2 days")) == datetime(2024, 3, 1, 17, tzinfo=UTC)
    assert asked(hold_until, {"at": at}, of("1 working day")) == datetime(2024, 2, 29, 16, tzinfo=UTC)
    assert asked(hold_until, {}, of("48 hours")) == "at"


def test_hours_do_not_run_from_a_day() -> None:
    with pytest.raises(LawError, match="hours run from a time"):
        asked(simply_due, {"filed": "2026-06-15"}, of("24 hours"))
    with pytest.raises(LawError, match="hours run from a time"):
        add_hours(Node("input", (), ("event", "filed"), "day"), 24)


@given(st.dates(date(2022, 1, 1), date(2025, 12, 31)), st.integers(-40, 40))
def test_working_days_are_counted_one_by_one(start: date, count: int) -> None:
    @law
    def moved(filed: Day, n: Count) -> Day:
        return add_working_days(filed, n)

    @law
    def between(filed: Day, n: Count) -> Count:
        return working_days_between(filed, add_working_days(filed, n))

    found = asked(moved, {"filed": start, "n": count})
    step = timedelta(days=1 if count > 0 else -1)
    at, left = start, abs(count)
    while left:
        at += step
        left -= is_working_day(at)
    assert found == at
    if count >= 0:
        assert asked(between, {"filed": start, "n": count}) == count


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-30, 30))
def test_months_years_and_days(start: date, n: int) -> None:
    @law
    def months(filed: Day, n: Count) -> Day:
        return add_months(filed, n)

    @law
    def years(filed: Day, n: Count) -> Day:
        return add_years(filed, n)

    @law
    def apart(filed: Day, n: Count) -> Count:
        return days_between(filed, add_days(filed, n))

    later = asked(months, {"filed": start, "n": n})
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == n
    assert later.day == start.day or ((later + timedelta(days=1)).day == 1 and later.day < start.day)
    assert asked(years, {"filed": start, "n": n}).year == start.year + n
    assert asked(apart, {"filed": start, "n": n}) == n


def test_days_of_times_and_working_days() -> None:
    @law
    def the_day(at: Time) -> Day:
        return day_of(at)

    @law
    def start(filed: Day) -> Time:
        return midnight(filed)

    @law
    def next_(filed: Day) -> Day:
        return next_working_day(filed)

    @law
    def last(filed: Day) -> Day:
        return last_working_day(filed)

    @law
    def is_worked(filed: Day) -> Flag:
        return worked(filed)

    @law
    def year(at: Time) -> Count:
        return year_of(at)

    late = datetime(2025, 12, 31, 20, tzinfo=UTC)
    assert asked(the_day, {"at": late}) == kz_day(late) == date(2026, 1, 1)
    assert asked(year, {"at": late}) == 2026
    assert asked(start, {"filed": "2026-05-01"}) == datetime(2026, 4, 30, 19, tzinfo=UTC)
    assert asked(next_, {"filed": "2026-05-01"}) == date(2026, 5, 4)
    assert asked(last, {"filed": "2026-05-11"}) == date(2026, 5, 8)
    assert asked(is_worked, {"filed": "2026-05-11"}) is False
    assert asked(is_worked, {"filed": "2030-05-11"}) == ["missing_calendar"]


def test_a_window_has_its_first_day_outside_and_its_last_inside() -> None:
    @law
    def repeated(law_day: Day, term: Term, breaches: Rows[Symbols]) -> Count:
        return breaches.where(lambda b: b.grave).within(term, law_day, lambda b: b.day).count()

    def count(*days: str, grave: str = "yes") -> Any:
        rows = [{"day": d, "grave": grave} for d in days]
        return asked(repeated, {"breaches": rows}, of("12 months"))

    assert count("2025-06-15", "2025-06-16", "2026-06-15", "2026-06-16") == 2
    assert count("2026-06-15", grave="no") == 0
    assert count() == 0
    assert asked(repeated, {"breaches": [{"day": "2026-06-01"}]}, of("12 months")) == "grave"


def test_before_least_and_most() -> None:
    @law
    def earlier(filed: Day, term: Term) -> Day:
        return before(filed, term)

    @law
    def first(breaches: Rows[Symbols]) -> Day:
        return breaches.least(lambda b: b.day)

    @law
    def newest(breaches: Rows[Symbols]) -> Day:
        return breaches.most(lambda b: b.day)

    rows = [{"day": "2026-03-01"}, {"day": "2026-02-01"}]
    assert asked(earlier, {"filed": "2026-05-12"}, of("1 working day")) == date(2026, 5, 8)
    assert asked(first, {"breaches": rows}) == date(2026, 2, 1)
    assert asked(newest, {"breaches": rows}) == date(2026, 3, 1)
    assert asked(first, {"breaches": []}) == ["no_rows"]


@pytest.mark.parametrize("text", ["15", "15 workdays", "fifteen days", "1.5 days", "-3 days", ""])
def test_a_term_is_a_whole_number_and_a_unit(text: str) -> None:
    with pytest.raises(ValueError, match="a term is"):
        parse_term(text)


def test_terms_read_as_they_are_written() -> None:
    for text in ("15 working days", "1 month", "24 hours", "3 years", "1 day"):
        assert str(parse_term(text)) == text
    assert parse_term("1 years") == Length(1, "years")


# tables by a word, dated sets ---------------------------------------------------------------------------------------
def test_a_table_by_a_word() -> None:
    @law
    def fine(word: Text, other: Text, fines: Any) -> Count:
        return by_word(fines, word, other)

    entries = {"a": {"small": Fraction(20), "large": None}, "b": Fraction(5), "others": {"small": Fraction(1)}}
    table = [series("fines", "count", value(entries, "2000-01-01", enacted="2000-01-01"))]
    assert asked(fine, {"word": "a", "other": "small"}, table) == 20
    assert asked(fine, {"word": "a", "other": "large"}, table) == ["missing_entry"]
    assert asked(fine, {"word": "a", "other": "huge"}, table) == ["missing_entry"]
    assert asked(fine, {"word": "b", "other": "huge"}, table) == 5
    assert asked(fine, {"word": "z", "other": "small"}, table) == 1
    assert asked(fine, {"word": "a"}, table) == "other"
    why = str(door(fine, values=table).ask("tax.fine", {"word": "a", "other": "small"}, ON).explain())
    assert "20" in why
    assert "large" not in why


def test_a_dated_set() -> None:
    @law
    def listed(word: Text, codes: Set) -> Flag:
        return word.isin(codes)

    old = value(frozenset({"BTC"}), "2000-01-01", enacted="2000-01-01")
    codes = [series("codes", "set", old, value(frozenset({"BTC", "ETH"}), "2026-06-15"))]
    the = door(listed, values=codes)
    for on, word, wanted in (
        (date(2026, 6, 14), "ETH", False),
        (ON, "ETH", True),
        (ON, "BTC", True),
        (ON, "btc", False),
    ):
        assert the.ask("tax.listed", {"word": word}, on).value is wanted


def test_an_interval_needs_days() -> None:
    rows = Rows("stops", "event", "stop", lambda kind: SimpleNamespace(a=Node("input", (), (kind, "a"), "KZT")))  # type: ignore[arg-type,return-value]
    with pytest.raises(LawError, match="from a day to a day"):
        rows.spans(lambda s: s.a, lambda s: s.a)  # type: ignore[attr-defined]
