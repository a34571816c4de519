"""Deadlines: each duty once, on its day, with what is known so far; the same calendar gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from tests.forms.shipped import shipped_case

from salyq.civil.errors import SalyqError
from salyq.cli.main import main
from salyq.forms.asked import Asked
from salyq.forms.calendar import case_of_person, entries, icalendar
from salyq.forms.formula import Unknown, evaluate, parse

PERSON = """
id = "221140000000"
kind = "company"
resident = true
[[licence]]
kind = "mining_I"
number = "MI-1"
from = 2025-01-01
"""
POWER = """
start,end,kwh,meter,meter_state,own_plant,renewable,grid_connected,price_per_kwh,max_power_kw,site,hosted
2025-01-01,2025-04-01,1000,A,ok,no,no,yes,20.00,10,one,no
"""


def test_duties_stand_on_their_days_with_form_and_amount(made_up: Callable[..., Asked]) -> None:
    case = made_up(PERSON, 2025, {"energy.csv": POWER}).case
    found = {(e.name, e.period): e for e in entries(case, date(2025, 1, 1), date(2026, 4, 30))}
    fee = found["mining_fee.payment", "2025-Q1"]
    # 1,000 kWh × 2 tenge, by the 25th of the second month after the quarter
    assert (fee.day, fee.form, str(fee.amount), fee.sure) == (date(2025, 5, 25), "880.00", "2000.00", True)
    assert found["mining_fee.return", "2025-Q1"].day == date(2025, 5, 15)
    assert found["corporate_income_tax.return", "2025"].form == "100.00"
    unmetered = found["mining_fee.return", "2025-Q2"]  # the licence runs on and no reading says how much was used
    assert (unmetered.day, unmetered.sure) == (date(2025, 8, 15), False)
    assert unmetered.note is not None
    assert unmetered.note.code == "licence_without_readings"
    days = [e.day for e in entries(case, date(2025, 1, 1), date(2026, 4, 30))]
    assert days == sorted(days)


def test_no_duty_is_told_outside_its_days_and_none_twice() -> None:
    case = shipped_case("temir-mining")
    whole = entries(case, date(2025, 1, 1), date(2026, 12, 31))
    keys = [(e.name, e.period) for e in whole]
    assert len(keys) == len(set(keys))
    halves = entries(case, date(2025, 1, 1), date(2025, 12, 31)) + entries(case, date(2026, 1, 1), date(2026, 12, 31))
    assert [(e.name, e.period, e.day) for e in halves] == [(e.name, e.period, e.day) for e in whole]


def test_a_person_without_files_has_duties_that_may_arise(tmp_path: Path) -> None:
    path = tmp_path / "person.toml"
    path.write_text(PERSON, encoding="utf-8")
    found = {e.name: e for e in entries(case_of_person(path), date(2025, 5, 1), date(2025, 5, 31))}
    assert not found["mining_fee.return"].sure
    path.write_text('id = "230340000007"\nkind = "pool"\nresident = true\n', encoding="utf-8")
    found = {e.name: e for e in entries(case_of_person(path), date(2026, 6, 1), date(2026, 6, 30))}
    assert found["reporting.pool"].day == date(2026, 6, 25)


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_calendar_is_read_by_another_reader(lang: str) -> None:
    case = shipped_case("temir-mining")
    found = entries(case, date(2026, 1, 1), date(2026, 12, 31))
    data = icalendar(found, case.person, lang)
    assert data == icalendar(found, case.person, lang)
    events = list(Calendar.from_ical(data).walk("VEVENT"))
    assert [e["DTSTART"].dt for e in events] == [x.day for x in found]
    assert len({str(e["UID"]) for e in events}) == len(found)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


@pytest.mark.parametrize(("first", "last"), [("2026-12-31", "2026-01-01"), ("1970-01-01", "2199-01-01")])
def test_days_that_make_no_calendar(first: str, last: str) -> None:
    with pytest.raises(SalyqError):
        entries(shipped_case("temir-mining"), date.fromisoformat(first), date.fromisoformat(last))


def test_the_calendar_on_the_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "person.toml"
    path.write_text(PERSON, encoding="utf-8")
    words = ["calendar", "--person", str(path), "--from", "2025-01-01", "--to", "2025-12-31", "--lang", "en"]
    assert main([*words, "--to-file", str(tmp_path / "out" / "c.ics")]) == 0
    assert "880.00" in capfd.readouterr().out
    assert (tmp_path / "out" / "c.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert main([*words, "--to-file", str(tmp_path / "c.txt")]) == 2
    assert main(["calendar", "--from", "2025-01-01", "--to", "2025-12-31"]) == 2


# ---- formulas --------------------------------------------------------------------------------------------------------
def test_blank_and_unknown_lines_in_formulas() -> None:
    from fractions import Fraction

    values = {"a": Fraction(5), "b": None, "c": Unknown(("c",)), "d": Fraction(3)}

    def told(text: str) -> object:
        return evaluate(parse(text), lambda name: [values[name]])  # type: ignore[list-item]

    assert told("{a} - {b} - {d}") == 2  # a blank line is nothing
    assert told("{b} + {b}") is None  # nothing but blanks is blank
    assert isinstance(told("max(0, {a} + {c})"), Unknown)  # what rests on an unknown line is unknown
    assert told("{a} * 0.10") == Fraction(1, 2)  # exactly
    assert told("-{a} + min({a}, {d}) / 2") == Fraction(-7, 2)
    assert told("{a} / {b}") is None  # a share of nothing
