"""The shipped example cases as files: made up and saying so, reproducible, coherent."""

from __future__ import annotations

import ast
import csv
import os
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from salyq.civil.days import is_working_day, last_working_day
from salyq.civil.ids import check_id

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = ("aliya", "temir-mining")
Row = dict[str, str]


def rows(path: str) -> list[Row]:
    with (EXAMPLES / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def csv_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


@pytest.fixture
def making_days(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from making import days

    return days


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_generator_reproduces_every_file_byte_for_byte(tmp_path: Path, hash_seed: str) -> None:
    """`-S` leaves out installed packages: the script needs nothing but Python."""
    command = [sys.executable, "-S", str(EXAMPLES / "make_examples.py"), "--to", str(tmp_path)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "America/New_York", "LC_ALL": "C"}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    for case in CASES:
        assert csv_files(tmp_path / case) == csv_files(EXAMPLES / case)


def test_the_generator_writes_no_float() -> None:
    for path in EXAMPLES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.Name) and node.id == "float"), path


@pytest.mark.parametrize("case", CASES)
def test_a_case_says_that_it_is_made_up(case: str) -> None:
    person = (EXAMPLES / case / "person.toml").read_text(encoding="utf-8")
    assert "Made up for the example" in person
    named = tomllib.loads(person)["name"]
    assert all(words in named for words in ("ойдан шығарылған", "вымышленный", "made-up"))
    assert "**Made up for the example." in (EXAMPLES / case / "README.md").read_text(encoding="utf-8")
    for path in (EXAMPLES / case / "prices").glob("*.csv"):
        assert {row["source"] for row in rows(f"{case}/prices/{path.name}")} == {"made-up example"}


@pytest.mark.parametrize(("case", "kind"), [("aliya", "individual"), ("temir-mining", "company")])
def test_identity_numbers_have_a_valid_check_digit(case: str, kind: str) -> None:
    person = tomllib.loads((EXAMPLES / case / "person.toml").read_text(encoding="utf-8"))
    assert person["kind"] == kind
    assert check_id(person["id"]) is None
    assert check_id(person["id"][:-1] + str((int(person["id"][-1]) + 1) % 10)) is not None


def test_the_pool_has_a_valid_number() -> None:
    assert all(check_id(row["pool_bin"]) is None for row in rows("temir-mining/payouts.csv"))


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_some_hundred_rows_of_events(case: str) -> None:
    files = [path for path in (EXAMPLES / case).rglob("*.csv") if path.parent.name != "prices"]
    assert 200 <= sum(path.read_bytes().count(b"\n") - 1 for path in files) <= 900


@pytest.mark.parametrize("case", CASES)
def test_the_readme_names_every_file(case: str) -> None:
    words = (EXAMPLES / case / "README.md").read_text(encoding="utf-8")
    for path in (EXAMPLES / case).rglob("*.csv"):
        if path.parent.name != "prices":
            # The three statements are listed in one row: `transactions_2024.csv`, `…_2025.csv`, `…_2026.csv`.
            assert path.name in words or "…_" + path.name.rsplit("_", 1)[1] in words, path.name


def test_the_calendar_of_the_generator_is_that_of_salyq(making_days: ModuleType) -> None:
    day = date(2023, 1, 1)
    while day.year < 2027:
        assert making_days.is_working(day) == is_working_day(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(("case", "first_year"), [("aliya", 2024), ("temir-mining", 2023)])
def test_official_rates_stand_on_every_working_day_and_on_the_first_of_january(case: str, first_year: int) -> None:
    found = rows(f"{case}/prices/exchange_rates_official.csv")
    days = {date.fromisoformat(row["date"]) for row in found}
    assert len(days) == len(found)
    day = date(first_year, 1, 4)
    while day.year < 2027:
        assert (day in days) == (is_working_day(day) or (day.month, day.day) == (1, 1)), day
        day += timedelta(days=1)
    assert max(days) == date(2026, 12, 31)
    assert all(430 <= Decimal(row["rate"]) <= 560 for row in found)


def test_the_market_rates_of_aliya_stop_so_that_official_ones_stand_in() -> None:
    assert max(row["date"] for row in rows("aliya/prices/exchange_rates_market.csv")) == "2025-12-31"


def test_every_payout_has_the_official_value_of_its_day() -> None:
    """The day itself at first; since 15.04.2024 the last working day. Both kinds of day off occur."""
    values = {(row["date"], row["asset"]): row for row in rows("temir-mining/prices/asset_values.csv")}
    used, moved = set(), 0
    for row in rows("temir-mining/payouts.csv"):
        day = date.fromisoformat(row["date"])
        wanted = day if day < date(2024, 4, 15) else last_working_day(day)
        moved += wanted != day
        used.add((wanted.isoformat(), row["asset"]))
        assert values[wanted.isoformat(), row["asset"]]["kind"] == "official"
    assert moved >= 10
    assert used == set(values)
    assert {row["currency"] for row in values.values()} == {"USD", "KZT"}


def test_binance_balances_never_fall_below_zero() -> None:
    """Rows of the overlap are taken once (the larger count of equal rows)."""
    merged: Counter[tuple[str, ...]] = Counter()
    for year in (2024, 2025, 2026):
        merged |= Counter(tuple(row.values()) for row in rows(f"aliya/binance/transactions_{year}.csv"))
    seconds: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for (_, time, account, _, coin, change, _), count in merged.items():
        seconds[time][account, coin] += int(Decimal(change).scaleb(8)) * count
    held: Counter[tuple[str, str]] = Counter()
    for time in sorted(seconds):
        held.update(seconds[time])
        assert min(held.values()) >= 0, (time, held)


def test_each_completed_p2p_order_is_also_a_row_of_the_statement() -> None:
    orders = rows("aliya/binance/p2p_orders.csv")
    done = [row for row in orders if row["Status"] == "Completed"]
    assert {row["Status"] for row in orders} == {"Completed", "Cancelled"}
    assert {row["Order Type"] for row in done} == {"Buy", "Sell"}
    told = {
        (row["UTC_Time"][:10], Decimal(row["Change"]))
        for year in (2024, 2025, 2026)
        for row in rows(f"aliya/binance/transactions_{year}.csv")
        if row["Operation"] == "P2P Trading"
    }
    expected = set()
    for row in done:
        quantity, fee = Decimal(row["Quantity"]), Decimal(row["Maker Fee"])
        change = quantity if row["Order Type"] == "Buy" else -quantity - fee
        expected.add((row["Created Time"][:10], change))
        assert abs(Decimal(row["Price"]) * quantity - Decimal(row["Total Price"])) <= Decimal("0.005")
    assert told == expected


def test_the_electricity_bought_is_the_electricity_read() -> None:
    read = {row["start"][:7]: row for row in rows("temir-mining/energy.csv") if row["site"] == "ekibastuz"}
    bills = [row for row in rows("temir-mining/expenses.csv") if row["category"] == "electricity"]
    assert len(bills) == 47
    for bill in bills:
        reading = read[bill["date"][:7]]
        assert Decimal(bill["amount"]) == Decimal(reading["kwh"]) * Decimal(reading["price_per_kwh"])


def test_the_fee_that_was_paid_is_the_fee_that_was_expensed() -> None:
    paid = {(row["date"], row["amount"]) for row in rows("temir-mining/payments.csv")}
    fees = [row for row in rows("temir-mining/expenses.csv") if row["category"] == "mining_fee"]
    assert {(row["date"], row["amount"]) for row in fees} == paid
    assert len(paid) == 15
