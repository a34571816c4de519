"""`salyq prices missing --to`: the table filled in by hand, as Excel of any locale saves it, is used as it stands."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from salyq.app.api import assess
from salyq.cli.main import main
from salyq.facts.case import read_case

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
ROWS = """time,account,kind,asset,quantity,value,currency,group
2025-02-03T10:00:00+05:00,x,buy,BTC,1,20000,USD,
2025-03-04T10:00:00+05:00,x,swap_out,BTC,0.5,,,g1
2025-03-04T10:00:00+05:00,x,swap_in,ETH,10,,,g1
2025-05-06T10:00:00+05:00,x,sell,ETH,5,30000,USD,
"""
WORTH = {"BTC": "90000.5", "ETH": "2345.67", "USD": "519.14"}


def rows_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.splitlines()[0] else ","))
    return list(rows[0]), rows


def filled(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The template with each value said in tenge, and where it is from."""
    head, rows = rows_of(path)
    for row in rows:
        value = "value" if "value" in row else "rate"
        row[value] = WORTH[row["asset" if "asset" in row else "currency"]]
        row["source"] = "выписка"
        if value == "value":
            row["currency"] = "KZT"
    return head, rows


def as_csv(head: list[str], rows: list[dict[str, str]], to: Path, *, russian: bool) -> None:
    """As Excel saves it: semicolons, decimal commas, thousands apart, days first; or as it was written."""
    for row in rows:
        if russian:
            value = "value" if "value" in row else "rate"
            whole, _, part = row[value].partition(".")
            row[value] = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}") + f",{part}"
            row["date"] = ".".join(reversed(row["date"].split("-")))
    with to.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, head, delimiter=";" if russian else ",", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def as_xlsx(head: list[str], rows: list[dict[str, str]], to: Path) -> None:
    """Days and numbers as Excel keeps them."""
    book = Workbook(str(to.with_suffix(".xlsx")))
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, head)
    for n, row in enumerate(rows, start=1):
        for k, name in enumerate(head):
            if name == "date":
                sheet.write_datetime(n, k, date.fromisoformat(row[name]), day)
            elif name in ("value", "rate", "quantity") and row[name]:
                sheet.write_number(n, k, float(row[name]))
            else:
                sheet.write_string(n, k, row[name])
    book.close()


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("form", ["as it was", "russian", "xlsx"])
def test_what_was_filled_in_is_used(tmp_path: Path, lang: str, form: str) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (case / "person.toml").write_text(PERSON)
    (case / "r.csv").write_text(ROWS)
    for n in range(3):  # what is filled in may need a rate in its turn
        template = tmp_path / f"{n}.csv"
        assert main(["prices", "missing", str(case), "--to", str(template), "--lang", lang]) == 0
        for path in sorted(tmp_path.glob(f"{n}*.csv")):
            head, rows = filled(path)
            if form == "xlsx":
                as_xlsx(head, rows, case / path.name)
            else:
                as_csv(head, rows, case / path.name, russian=form == "russian")
    assert not list(tmp_path.glob("2*.csv")), "nothing is missing any more"
    read = read_case(case)
    assert not [r for f in read.reading.files for r in f.rejected]
    result = assess(read, 2025)
    assert result.verdict.complete, result.verdict
    gain = next(f.value for f in result.figures if f.name == "personal_income_tax.digital_asset_income")
    assert gain == Decimal("15562471.65")  # 30,000 USD at 519.14, less half of ten ETH at 2,345.67


def test_kazakh_and_russian_tables_open_as_columns_in_excel(tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (case / "r.csv").write_text(ROWS)
    (case / "person.toml").write_text(PERSON)
    main(["prices", "missing", str(case), "--to", str(tmp_path / "t.csv"), "--lang", "kk"])
    text = (tmp_path / "t.csv").read_bytes().decode()
    assert text.startswith("\ufeff")
    assert text.splitlines()[0].count(";") == 7
