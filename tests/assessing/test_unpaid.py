"""What is still unpaid bears interest to the day that is asked for; before it nothing is said to be settled."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import salyq
from salyq.app.read_back import read_result
from salyq.cli.main import main
from salyq.present.as_json import assessment_json, dumps

PERSON = """
id = "210140000016"
kind = "company"
resident = true
[[licence]]
kind = "mining_I"
from = 2025-04-01
until = 2025-06-30
"""
ENERGY = "start,end,kwh\n2025-04-01,2025-07-01,500000\n"  # a fee of 1,000,000, due on 25 August 2025


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    (folder / "energy.csv").write_text(ENERGY, encoding="utf-8")
    return folder


def interest(folder: Path, day: str | None) -> str:
    as_of = None if day is None else date.fromisoformat(day)
    result = salyq.assess(salyq.read_case(folder), year=2025, as_of=as_of)
    return str(result["late_interest.due"].value)


@pytest.mark.parametrize(
    ("day", "owed"),
    [
        ("2025-08-24", "0.00"),
        ("2025-08-25", "0.00"),  # the day it falls due
        ("2025-08-26", "565.07"),  # 1,000,000 × 16.5 % × 1.25 ÷ 365
        ("2025-08-27", "1130.14"),
        ("2025-10-12", "27123.29"),  # 48 days at 16.5 %
        ("2025-10-13", "27739.73"),  # and one at 18 %
    ],
)
def test_nothing_paid(case: Path, day: str, owed: str) -> None:
    assert interest(case, day) == owed


def test_a_quarter_under_a_licence_without_readings_leaves_what_is_known_as_the_least(case: Path) -> None:
    """What was used in the first quarter is not known, so neither is what is unpaid of it; of the second it is."""
    (case / "person.toml").write_text(PERSON.replace("from = 2025-04-01", "from = 2025-01-01"), encoding="utf-8")
    (case / "payments.csv").write_text("date,name,period,amount\n2025-08-26,mining_fee,2025-Q2,1000000\n")
    read = salyq.read_case(case)
    result = salyq.assess(read, year=2025)
    fees = {p: result["mining_fee.due", f"2025-{p}"] for p in ("Q1", "Q2", "Q3")}
    assert [(p, f.status) for p, f in fees.items()] == [("Q1", "unknown"), ("Q2", "known"), ("Q3", "known")]
    assert [m.code for m in fees["Q1"].missing] == ["licence_without_readings"]
    assert str(result["late_interest.due"].value) == "565.07"  # of what was paid late all is known
    to_day = salyq.assess(read, year=2025, as_of=date(2025, 9, 1))["late_interest.due"]
    assert (to_day.status, str(to_day.so_far)) == ("unknown", "565.07")


def test_a_part_paid(case: Path) -> None:
    """600,000 in time: the rest bears interest, from the day after it fell due."""
    text = "date,name,period,amount\n2025-08-25,mining_fee,2025-Q2,600000\n"
    (case / "payments.csv").write_text(text, encoding="utf-8")
    assert interest(case, None) == "0.00"
    assert interest(case, "2025-08-26") == "226.03"


def test_it_is_said_what_is_open(case: Path) -> None:
    text = "date,name,period,amount\n2025-08-25,mining_fee,2025-Q2,600000\n"
    (case / "payments.csv").write_text(text, encoding="utf-8")
    read = salyq.read_case(case)
    without = {f.code: f.message.text("en") for f in salyq.assess(read, year=2025).findings}
    assert "--as-of DAY" in without["payment_still_open"]
    told = {f.code: f for f in salyq.assess(read, year=2025, as_of=date(2025, 9, 1)).findings}
    assert told["unpaid_to_a_day"].message.params["amount"] == "400000.00"
    assert "2025-09-01" in told["unpaid_to_a_day"].message.text("en")
    assert "payment_still_open" not in told


def test_days_whose_rate_is_not_known_are_a_lower_bound(case: Path) -> None:
    """Levels of 2026 were not read: what the days of 2025 bear is the least."""
    result = salyq.assess(salyq.read_case(case), year=2025, as_of=date(2026, 2, 1))
    figure = result["late_interest.due"]
    assert figure.status == "unknown"
    assert figure.bounds is not None
    low, high = figure.bounds
    assert (str(low), high) == (interest(case, "2025-12-31"), None)


def test_two_payments_of_one_name_are_paid_in_turn(tmp_path: Path) -> None:
    """A sole proprietor owes income tax for the business and for own coins: one sum paid serves the first, and only
    what is left the second."""
    (tmp_path / "person.toml").write_text(
        'id = "900101300017"\nkind = "sole_proprietor"\nresident = true\n'
        '[[account]]\nname = "firm"\nin_books = true\ncountry = "KZ"\n[[account]]\nname = "own"\ncountry = "KZ"\n',
        encoding="utf-8",
    )
    rows = [
        "time,kind,asset,quantity,value,currency,document,account",
        "2024-02-03T10:00:00+05:00,buy,BTC,1,20000000,KZT,receipt,firm",
        "2024-02-03T10:00:00+05:00,buy,BTC,1,20000000,KZT,receipt,own",
        "2024-03-03T10:00:00+05:00,sell,BTC,1,30000000,KZT,,firm",
        "2024-03-03T10:00:00+05:00,sell,BTC,1,24000000,KZT,,own",
    ]
    (tmp_path / "records.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    paid = "date,name,period,amount\n2025-04-10,personal_income_tax,2024,{}\n"
    for amount, owed in (("1400000", "0.00"), ("1399999.99", "0.00"), ("1000000", "13335.62")):
        (tmp_path / "payments.csv").write_text(paid.format(amount), encoding="utf-8")
        result = salyq.assess(salyq.read_case(tmp_path), year=2024, as_of=date(2025, 6, 8))
        dues = [o.amount for o in result.obligations if o.name == "personal_income_tax.payment"]
        assert sorted(str(d) for d in dues) == ["1000000.00", "400000.00"]
        assert str(result["late_interest.due"].value) == owed


def test_the_command_and_its_result_say_the_day(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", str(case), "--year", "2025", "--as-of", "2025-08-26", "--format", "json"]) == 0
    text = capsys.readouterr().out
    told = json.loads(text)
    assert told["run"]["as_of"] == "2025-08-26"
    assert {f["name"]: f["value"] for f in told["figures"]}["late_interest.due"] == "565.07"
    file = tmp_path / "result.json"
    file.write_text(text, encoding="utf-8")
    assert dumps(assessment_json(read_result(file))) == text
    assert main(["replay", str(file), "--lang", "en"]) == 0
