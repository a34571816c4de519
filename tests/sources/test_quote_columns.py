"""Quotes by columns say what their rows say one by one, whatever stands in the cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salyq.records import columns
from salyq.records.reading import Reading
from salyq.sources import read_folder

DAYS = st.sampled_from(["2024-01-01", "2024-01-02", "2024-01-02", "02.01.2024", "2024-13-01", ""])
NUMBERS = st.sampled_from(["1", "450.05", "450.0500", "100", "0", "-1", "1 000", "1e3", "", "x", "9" * 25])
KINDS = st.sampled_from(["official", "market", "", "day_average", "year_mean", "официальный", "sometimes"])
CODES = st.sampled_from(["USD", "usd", " eur", "", "BTC"])
VALUES = st.lists(st.tuples(DAYS, CODES, NUMBERS, CODES, st.sampled_from(["", "nb"]), KINDS), max_size=9)
RATES = st.lists(st.tuples(DAYS, CODES, NUMBERS, NUMBERS, st.sampled_from(["", "nb"]), KINDS), max_size=9)
VALUE, RATE = "date,asset,value,currency,source,kind", "date,currency,rate,quantity,source,kind"


def read(folder: Path) -> Reading:
    reading, _ = read_folder(folder)
    return reading


@pytest.mark.parametrize("left_out", [0, 1, 2])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=VALUES, rates=RATES)
def test_columns_say_what_rows_say(
    tmp_path: Path,
    left_out: int,
    values: list[tuple[str, ...]],
    rates: list[tuple[str, ...]],
) -> None:
    plain = ("2024-01-03", "USD", "450", "USD", "nb", "official"), ("2024-01-03", "USD", "450", "1", "nb", "official")
    for name, header, rows, usual in (("v.csv", VALUE, values, plain[0]), ("r.csv", RATE, rates, plain[1])):
        table = [header.split(","), *rows, *[usual] * (5 * len(rows))]  # enough clean rows for columns to be worth it
        text = "\n".join(",".join(row[: 6 - left_out]) for row in table)
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as many:
        many.setattr(columns, "MANY", 1)
        by_columns = read(tmp_path)
    with pytest.MonkeyPatch.context() as without:
        without.setattr("salyq.sources.tables.run.ManyRows", ())
        by_rows = read(tmp_path)
    assert by_columns == by_rows
