"""The benchmark's own histories are fair: exact in length, the same every time, and nothing sold that is not held."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from benchmarks.floor import read_only, scaled, walk_lots
from benchmarks.histories import write_case, write_overlap
from benchmarks.measure import Measured, Run, measure
from benchmarks.plan import History, Import, Report
from benchmarks.report import BEGIN, END, growth_lines, import_table, markdown, write_between

from benchmarks import cluster, country
from salyq.app.api import read_case
from salyq.population.run import assess_population


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moves(row: dict[str, str], binance: bool) -> list[tuple[str, Decimal]]:
    if binance:
        return [(row["Coin"], Decimal(row["Change"]))]
    sign = -1 if row["kind"] == "sell" else 1
    legs = [(row["asset"], sign * Decimal(row["quantity"]))]
    if row["value"]:
        legs.append((row["currency"], -sign * Decimal(row["value"])))
    if row["fee"]:
        legs.append((row["fee_asset"], -Decimal(row["fee"])))
    return legs


@pytest.mark.parametrize("binance", [False, True])
@pytest.mark.parametrize("count", [1, 7, 3000])
def test_a_history_has_exactly_the_rows_asked_for_and_no_debts(tmp_path: Path, binance: bool, count: int) -> None:
    made = rows(write_case(tmp_path, count, binance))
    assert len(made) == count
    balance: Counter[str] = Counter()
    for n, row in enumerate(made):
        for asset, quantity in moves(row, binance):
            balance[asset] += quantity  # type: ignore[assignment]
        # Fee legs stand last in their second: look between events only.
        if not binance or n + 1 == count or made[n + 1]["UTC_Time"] != row["UTC_Time"]:
            assert all(held >= 0 for asset, held in balance.items() if asset != "KZT"), (n, row, balance)


@pytest.mark.parametrize("binance", [False, True])
def test_a_history_is_the_same_every_time(tmp_path: Path, binance: bool) -> None:
    first, second = write_case(tmp_path / "a", 500, binance), write_case(tmp_path / "b", 500, binance)
    assert first.read_bytes() == second.read_bytes()
    assert write_case(tmp_path / "c", 500, binance, seed=1).read_bytes() != first.read_bytes()


def test_the_floor_walks_real_queues(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(
        "time,kind,asset,quantity,value,currency,fee,fee_asset,account,group,id\n"
        "t,buy,BTC,1,100,KZT,,,a,,\nt,buy,BTC,2,100,KZT,,,a,,\nt,sell,BTC,2.5,100,KZT,,,a,,\n"
    )
    assert walk_lots(path) == 2  # all of the first lot, part of the second
    assert read_only(path) == 4
    assert scaled("2.5") == 25 * 10**17


def test_a_process_is_measured_and_a_failure_is_told(tmp_path: Path) -> None:
    good = measure("good", [sys.executable, "-c", "x = bytearray(50_000_000)"], 1, tmp_path)
    assert not good.failed
    assert good.wall > 0
    assert good.peak > 50_000_000
    bad = measure("bad", [sys.executable, "-c", "import sys; sys.exit('no such case')"], 3, tmp_path)
    assert bad.failed == "exit 1: no such case"
    late = measure("late", [sys.executable, "-c", "import time; time.sleep(30)"], 1, tmp_path, timeout=0.3)
    assert "stopped" in late.failed


def timed(seconds: float) -> Measured:
    return Measured("x", [Run(seconds, seconds, 2**20)])


def test_growth_is_the_slope_between_the_two_sizes() -> None:
    linear = [History("records", n, timed(n / 10_000), timed(1), timed(1)) for n in (10_000, 100_000)]
    square = [History("binance", n, timed((n / 10_000) ** 2), timed(1), timed(1)) for n in (10_000, 100_000)]
    text = " ".join(growth_lines(linear + square))
    assert "rows^1.00" in text
    assert "rows^2.00" in text


def test_a_broken_promise_is_shown() -> None:
    slow = Report(start=[Measured("import salyq", [Run(0.2, 0.2, 2**20)])])
    assert "**no**" in markdown(slow, "0")
    quick = Report(start=[Measured("import salyq", [Run(0.05, 0.05, 2**20)])])
    assert "**no**" not in markdown(quick, "0")


def test_only_the_marked_place_of_a_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_between(page, "new\n")
    assert page.read_text() == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    page.write_text("no marks\n")
    with pytest.raises(SystemExit):
        write_between(page, "new\n")


def test_the_second_statement_is_the_later_half_of_the_first(tmp_path: Path) -> None:
    whole, again = write_overlap(tmp_path, 900)
    lines, later = whole.read_text().splitlines(), again.read_text().splitlines()
    assert later == [lines[0], *lines[-(len(later) - 1) :]]
    assert 400 < len(later) < 460
    case = read_case(tmp_path)
    fewer = read_case([whole])
    assert [r[:-1] for r in case.ledger.records] == [r[:-1] for r in fewer.ledger.records]
    assert sum(f.ignored["repeat"] for f in case.reading.files) == len(later) - 1


def test_imports_are_reported_against_what_was_promised() -> None:
    fast, slow = Run(1.0, 1.0, 2**20), Run(9.0, 90.0, 2**30)
    table = "\n".join(import_table([Import(10_000, Measured("a", [fast])), Import(100_000, Measured("b", [slow]))]))
    assert "| 5.00 s, 400 MB | **no** |" in table
    assert "rows^1.95" in table
    assert "kept: **no**" in table


def test_a_cluster_grows_with_the_country(capsys, monkeypatch):
    one, two = (cluster.size(n * 10**6, n * 10**9, cluster.Rates()) for n in (1, 2))
    assert abs(two.core_hours - 2 * one.core_hours) <= 1
    assert two.disk == 2 * one.disk
    monkeypatch.setattr("sys.argv", ["cluster"])
    cluster.main()
    page = (Path(__file__).parents[2] / "docs" / "population.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip() in page


def test_a_large_country_is_one_that_can_be_assessed(tmp_path):
    made = country.make(tmp_path / "in", 60)
    done = assess_population(tmp_path / "in", tmp_path / "out", 2025, workers=1)
    assert done["rows"]["records"]["used"] == made["records"]
    assert done["worked_out"]["columns"] == 60
    assert done["persons"]["unknown"] >= 1
    country.make(tmp_path / "mixed", 60, files=2)
    again = assess_population(tmp_path / "mixed", tmp_path / "other", 2025, workers=1)
    assert again["figures"] == done["figures"]
