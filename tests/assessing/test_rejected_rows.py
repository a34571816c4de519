"""What a rejected row can touch, and nothing else (semantics 5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from salyq.app.api import assess
from salyq.facts.case import read_case

PERSON = 'id = "990540000011"\nkind = "company"\nresident = true\n[[licence]]\nkind = "mining"\nfrom = 2020-01-01\n'


def made(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def status(folder: Path, year: int) -> dict[str, str]:
    result = assess(read_case(folder), year)
    return {f"{f.name}@{f.period}": f.status for f in result.figures}


def rejected(folder: Path, year: int) -> dict[str, tuple[str, bool]]:
    """The state of each figure but for what meters leave out, and whether a rejected row is to blame."""
    result = assess(read_case(folder), year)
    found = {}
    for f in result.figures:
        codes = {m.code for m in f.missing} - {"meter_gap"}
        found[f"{f.name}@{f.period}"] = ("unknown" if codes else "known", "row_rejected" in codes)
    return found


OWN = """start,end,kwh
2026-01-01,2026-04-01,1000
2026-04-01,2026-07-01,{bad}
2026-07-01,2026-10-01,1000
2026-10-01,2027-01-01,1000
"""
HOURS = "time,kWh,meter\n2026-01-05 00:00,1,m\n2026-01-05 01:00,1,m\n2026-04-05 00:00,{bad},m\n2026-04-05 01:00,1,m\n"
DAYS = "date," + ",".join(f"{h:02d}:00" for h in range(24)) + "\n2026-01-05," + ",".join(["1"] * 24) + "\n"
DAYS += "2026-04-05,{bad}," + ",".join(["1"] * 23) + "\n"


@pytest.mark.parametrize("table", [OWN, HOURS, DAYS], ids=["own", "hours", "days"])
def test_a_rejected_meter_row_makes_the_fee_of_its_quarter_unknown_and_nothing_else(tmp_path: Path, table: str) -> None:
    good = rejected(made(tmp_path, person__toml=PERSON, meter__csv=table.format(bad=1)), 2026)
    bad = rejected(made(tmp_path, meter__csv=table.format(bad="abc")), 2026)
    changed = {name for name in good if good[name] != bad[name]}
    assert changed, bad
    assert all(name.startswith("mining_fee.") for name in changed)
    assert all(name.endswith(("-Q2", "@2026")) for name in changed)
    assert bad["mining_fee.due@2026-Q2"] == ("unknown", True)


TRADES = """time,kind,asset,quantity,value,currency
2023-05-01T12:00:00Z,buy,BTC,1,1000,KZT
2023-05-01T12:00:00Z,buy,ETH,1,1000,KZT
2023-06-01T12:00:00Z,{kind},BTC,{quantity},2000,KZT
2025-06-01T12:00:00Z,sell,{sold},0.1,5000,KZT
"""


@pytest.mark.parametrize(("sold", "expected"), [("BTC", "unknown"), ("ETH", "known")])
def test_a_rejected_row_of_an_earlier_year_touches_the_lots_of_its_asset_alone(
    tmp_path: Path, sold: str, expected: str
) -> None:
    person = 'id = "930417400007"\nkind = "individual"\nresident = true\n'
    table = TRADES.format(kind="sell", quantity="many", sold=sold)
    found = status(made(tmp_path, person__toml=person, r__csv=table), 2025)
    assert found["personal_income_tax.digital_asset_income@2025"] == expected
