"""What holds for every case, through the whole house: nothing lost, no order matters, nothing below zero."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from random import Random

from house_cases import QUICK, Row, answer, assessed, busy_year, histories, shuffled, split
from hypothesis import given
from hypothesis import strategies as st

import salyq

BROKEN = (  # column -> a cell that no row may have
    ("quantity", "0"),
    ("quantity", "-1"),
    ("quantity", "1e3"),
    ("quantity", "1" * 40),
    ("quantity", "0.1234567890123456789"),
    ("kind", "purchase"),
    ("time", "yesterday"),
    ("asset", ""),
)


@QUICK
@given(histories(), st.integers(0, 2**16))
def test_every_row_ends_in_exactly_one_of_used_ignored_rejected(case: Row, seed: int) -> None:
    order, year = Random(seed), busy_year(case)
    records = [dict(r) for r in case["records"]]
    spoilt = order.sample(range(len(records)), min(len(records), order.randrange(4)))
    for number in spoilt:
        column, cell = order.choice(BROKEN)
        records[number][column] = cell
    case = {**case, "records": records}
    with tempfile.TemporaryDirectory() as folder:
        result = assessed(case, Path(folder) / "case", year)
        files = salyq.read_case(Path(folder) / "case").reading.files
    rows = result.rows
    written = sum(len(case.get(n, [])) for n in ("records", "energy", "payouts", "expenses", "payments"))
    assert rows.read == written
    assert rows.read == rows.used + rows.ignored + rows.rejected
    assert rows.rejected == len(spoilt)
    assert all(f.read == f.used + sum(f.ignored.values()) + len(f.rejected) for f in files)
    said = {p for f in result.findings if f.code == "row_rejected" for p in f.records}
    own = {str(x.source) for f in files for x in f.rejected if x.year in (None, result.year)}
    assert said == own


@QUICK
@given(histories(), st.integers(0, 2**16))
def test_no_order_of_rows_and_no_split_into_files_changes_anything(case: Row, seed: int) -> None:
    order, year = Random(seed), busy_year(case)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first = answer(assessed(case, folder / "one", year))
        second = answer(assessed(shuffled(case, order), folder / "two", year))
        third = answer(salyq.assess(salyq.read_case(split(shuffled(case, order), folder / "three", order)), year=year))
    assert second == first
    assert third == first


SIGNED = {"corporate_income_tax.trading_income", "corporate_income_tax.derivative_income"}  # below zero before 2026


@QUICK
@given(histories())
def test_no_tax_income_or_end_is_below_zero(case: Row) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for year in (busy_year(case), 2026):
            result = assessed(case, Path(folder) / str(year), year)
            for f in result.figures:
                own = [] if f.name in SIGNED and year < 2026 else [f.value, *(f.bounds or ())]
                others = [] if f.name in SIGNED and year < 2026 else [a.value for a in f.alternatives]
                assert all(x is None or x >= 0 for x in own + others), (f.name, f.period)
                assert (f.status == "known") == (f.value is not None)
                assert f.status != "unknown" or f.missing
                if f.bounds and None not in f.bounds:
                    assert f.bounds[0] <= f.bounds[1]
            assert all(o.amount is None or o.amount > 0 for o in result.obligations if o.name.endswith(".payment"))


@QUICK
@given(histories())
def test_the_list_of_matches_sums_to_the_income(case: Row) -> None:
    """Each disposal's positive difference, added up from `salyq matches` by hand."""
    if case["person"]["kind"] != "individual":
        return
    year = busy_year(case)
    with tempfile.TemporaryDirectory() as folder:
        result = assessed(case, Path(folder) / "case", year)
        rows = salyq.matches(salyq.read_case(Path(folder) / "case"), year=year)
    income = next((f for f in result.figures if f.name == "personal_income_tax.digital_asset_income"), None)
    if income is None or income.status != "known":
        return
    gains: dict[str, Decimal] = {}
    for row in rows:
        if row["status"] in ("matched", "whole_price"):
            gains[row["disposal"]] = gains.get(row["disposal"], Decimal(0)) + Decimal(row["gain_kzt"])
        else:
            assert row["status"] in ("no_sale", "missing_acquisition"), row
    assert sum((max(Decimal(0), g) for g in gains.values()), Decimal(0)) == income.value
