"""Formulas of the workbook, worked out anew as a spreadsheet does, in binary numbers, give what the assessment says."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import salyq
from salyq.present.words import Words
from salyq.report.material import Material, gather
from salyq.report.xlsx import report_xlsx

EXAMPLES = Path(__file__).parents[2] / "examples"
DIFFERENCE = re.compile(r"=([A-Z]+\d+)-([A-Z]+\d+)")
SUM = re.compile(r"=SUM\(([A-Z]+)(\d+):([A-Z]+)(\d+)\)")
LONG = (
    "time,kind,asset,quantity,value,currency\n"
    "2025-03-01T10:00:00Z,buy,ETH,2,100.123456789012345678,USD\n"
    "2025-03-02T10:00:00Z,sell,ETH,1,300.00,USD\n"
    "2025-03-03T10:00:00Z,buy,BTC,1,12345678901234.56,KZT\n"
    "2025-03-04T10:00:00Z,sell,BTC,1,99999999999999.99,KZT\n"
)


def worked_out(sheet: Worksheet, formula: str) -> float:
    """Text in a difference is an error (in another locale it is no number), in a sum it counts for nothing."""
    found = DIFFERENCE.fullmatch(formula)
    if found:
        one, other = (sheet[name].value for name in found.groups())
        assert isinstance(one, int | float), (formula, one)
        assert isinstance(other, int | float), (formula, other)
        return one - other
    summed = SUM.fullmatch(formula)
    assert summed, f"a formula that this test does not know: {formula}"
    column, first, last, end = summed[1], int(summed[2]), summed[3], int(summed[4])
    assert column == last
    cells = [sheet[f"{column}{row}"].value for row in range(first, end + 1)]
    cells = [worked_out(sheet, c) if isinstance(c, str) and c.startswith("=") else c for c in cells]
    return sum(c for c in cells if isinstance(c, int | float))


def cases(tmp_path: Path) -> list[Material]:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n')
    (tmp_path / "r.csv").write_text(LONG)
    rates = "".join(f"2025-03-0{n},USD,500.5,x,market\n" for n in range(1, 5))
    (tmp_path / "rates.csv").write_text("date,currency,rate,source,kind\n" + rates)
    return [gather(salyq.read_case(tmp_path), 2025)]


@pytest.mark.parametrize("name", ["aliya", "temir-mining", "long numbers"])
def test_formulas_give_what_the_assessment_says(name: str, tmp_path: Path) -> None:
    years = cases(tmp_path) if name == "long numbers" else [gather(salyq.read_case(EXAMPLES / name), 2025)]
    book = openpyxl.load_workbook(BytesIO(report_xlsx(years, "ru")))
    cached = openpyxl.load_workbook(BytesIO(report_xlsx(years, "ru")), data_only=True)
    formulas = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    formulas += 1
                    kept = cached[sheet.title][cell.coordinate].value
                    assert worked_out(sheet, cell.value) == pytest.approx(kept, rel=1e-9, abs=1e-6)
    matches = years[0].matches
    sheet = book[Words("ru")("sheet_matches")[:31]]
    for n, match in enumerate(matches, start=2):
        shown = sheet[f"H{n}"].value
        if match["gain"] and shown is not None:
            value = worked_out(sheet, shown) if str(shown).startswith("=") else Decimal(str(shown))
            assert float(value) == pytest.approx(float(match["gain"]), rel=1e-9, abs=1e-6)
    total = sum((Decimal(m["gain_kzt"]) for m in matches if m["gain_kzt"]), Decimal(0))
    last = sheet[f"I{len(matches) + 2}"].value
    value = worked_out(sheet, last) if str(last).startswith("=") else Decimal(str(last))
    assert float(value) == pytest.approx(float(total), rel=1e-12)
    assert formulas > 1 or name == "long numbers"  # none of its numbers fits a spreadsheet
