"""What lies between the ends of an unknown cost comes out between the ends of tax due, at the threshold too from which
a salary is added: there tax due falls where more was withheld than the tax on the salary (NTC 411(1), 412(3))."""

from __future__ import annotations

from pathlib import Path

import pytest

from salyq.app.api import assess
from salyq.assessing.result import Figure
from salyq.facts.case import read_case

SALARY = 10_000_000
THRESHOLD = 36_762_500  # 8,500 MCI of January 2026
HEADER = "time,kind,asset,quantity,value,currency,document,account\n"
SOLD = "2026-06-11T12:00:00+05:00,sell,BTC,1,{proceeds},KZT,,wallet\n"
BOUGHT = "2026-02-03T12:00:00+05:00,buy,BTC,1,{cost},KZT,contract,wallet\n"


def tax_due(folder: Path, withheld: int, proceeds: int, cost: int | None) -> Figure:
    folder.mkdir()
    (folder / "person.toml").write_text(
        'id = "900101300017"\nkind = "individual"\nresident = true\n[[year]]\nyear = 2026\n'
        f'employment_income_taxable = "{SALARY}"\npersonal_income_tax_withheld = "{withheld}"\n',
        encoding="utf-8",
    )
    bought = "" if cost is None else BOUGHT.format(cost=cost)
    (folder / "records.csv").write_text(HEADER + bought + SOLD.format(proceeds=proceeds), encoding="utf-8")
    (found,) = (f for f in assess(read_case(folder), 2026).figures if f.name == "personal_income_tax.tax_due")
    return found


@pytest.mark.parametrize("withheld", [0, 1_000_000, 1_500_000, 3_000_000])
@pytest.mark.parametrize("proceeds", [20_000_000, 27_000_000, 30_000_000, 90_000_000])
def test_every_cost_gives_what_lies_between_the_ends(tmp_path: Path, withheld: int, proceeds: int) -> None:
    open_ = tax_due(tmp_path / "open", withheld, proceeds, None)
    low, high = open_.bounds or (open_.value, open_.value)
    assert low is not None
    assert high is not None

    at_threshold = proceeds + SALARY - THRESHOLD
    for cost in {0, proceeds, at_threshold, at_threshold - 1, at_threshold + 1, proceeds // 2}:
        if 0 <= cost <= proceeds:
            sure = tax_due(tmp_path / f"cost-{cost}", withheld, proceeds, cost)
            assert sure.value is not None
            assert low <= sure.value <= high, cost


def test_the_ends_reach_no_further_than_the_threshold_does(tmp_path: Path) -> None:
    """26,762,500 of other income is the most to which no salary is added: 2,676,250 of tax, and nothing credited."""
    found = tax_due(tmp_path / "open", 1_500_000, 30_000_000, None)
    just_below = tax_due(tmp_path / "below", 1_500_000, 30_000_000, 30_000_000 + SALARY - THRESHOLD)

    assert just_below.value == 2_676_250
    assert tax_due(tmp_path / "all", 1_500_000, 30_000_000, 0).value == 2_661_875
    assert found.bounds == (0, 3_000_000)
