"""Faults found by attack: no row is lost, counted twice, or handed over outside the contract of records."""

from __future__ import annotations

import csv
import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from salyq.civil.days import kz_day
from salyq.civil.errors import InputError
from salyq.reconcile import reconcile
from salyq.records.contract import breach
from salyq.records.model import UNIT, Record, Source
from salyq.records.person import Person
from salyq.records.reading import FileReport, Reading
from salyq.records.table import Records
from salyq.sources import read_files, read_folder
from salyq.sources.book import Book

SAMPLES = Path(__file__).parent / "samples"
PERSON = Person("900101300017", "individual")
Read = Callable[..., Reading]


def read(folder: Path, name: str, text: str | bytes) -> Reading:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_files([path], base=folder)


def codes(reading: Reading) -> list[tuple[int, str]]:
    return [(r.source.line, r.reason.code) for f in reading.files for r in f.rejected]


def test_overlapping_sheets_of_one_workbook_merge_as_files_do(tmp_path: Path) -> None:
    out = io.BytesIO()
    head = ["time", "kind", "asset", "quantity", "value", "currency"]
    rows = [[f"2025-03-0{n}T12:00:00Z", "buy", "BTC", str(n), "100", "KZT"] for n in range(1, 5)]
    with xlsxwriter.Workbook(out) as book:
        for title, own in (("first", rows[:3]), ("second", rows[1:])):
            sheet = book.add_worksheet(title)
            for line, cells in enumerate([head, *own]):
                sheet.write_row(line, 0, cells)
    reading = read(tmp_path, "r.xlsx", out.getvalue())
    assert len({f.sha256 for f in reading.files}) == 1
    assert len({f.identity for f in reading.files}) == 2
    ledger = reconcile(reading, PERSON)
    assert [r.quantity // UNIT for r in ledger.records] == [1, 2, 3, 4]


def test_a_row_that_the_handler_forgets_is_rejected_and_the_rest_of_the_case_stands(tmp_path: Path) -> None:
    dust = "Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,"
    dust += "Native Amount,Native Amount (in USD),Transaction Kind\n"
    row = "2025-01-01 10:00:00,Dust,{},{},,,USD,{},0,{}\n"
    dust += row.format("DOGE", "0", "0", "dust_conversion_debited")
    dust += row.format("BTC", "-1", "-1", "dust_conversion_debited")
    dust += row.format("CRO", "10", "1", "dust_conversion_credited")
    reading = read(tmp_path, "crypto.csv", dust)
    (report,) = reading.files
    assert report.balanced()
    assert len(reading.records) == 2
    assert dict(report.ignored) == {"zero_change": 1}


def test_books_count_a_row_once_whatever_a_handler_says() -> None:
    book = Book(Reading(), FileReport("f.csv", "x", ""))
    for line in (2, 3, 4):
        book.wait(line)
    book.use(2, 2)
    book.use(2)
    book.reject(3, None, None, breach(_record(quantity=0))[1], None)  # type: ignore[index]
    book.use(3)
    assert (book.report.used, len(book.report.rejected)) == (1, 1)


def _record(**changes: object) -> Record:
    when = datetime(2025, 1, 1, tzinfo=UTC)
    made = Record(when, kz_day(when), "buy", "BTC", UNIT, UNIT, "KZT", account="a", source=Source("f.csv", 2))
    return made._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("quantity", {"quantity": -1}),
        ("quantity", {"quantity": 0}),
        ("fee", {"fee": -1, "fee_asset": "BTC"}),
        ("fee_asset", {"fee": 1}),
        ("value", {"value": -1}),
        ("currency", {"value": None}),
        ("kind", {"kind": "bought"}),
        ("group", {"kind": "swap_in"}),
        ("value", {"value": None, "currency": None}),
    ],
)
def test_a_record_outside_the_contract_is_withdrawn_with_its_row(field: str, changes: dict[str, object]) -> None:
    reading = Reading()
    book = Book(reading, FileReport("f.csv", "x", "", read=2, used=2))
    reading.records = Records([_record(source=Source("f.csv", 3)), _record(**changes)])
    book.withdraw()
    assert [r.source.line for r in reading.records] == [3]
    ((line, column),) = [(r.source.line, r.column) for r in book.report.rejected]
    assert (line, column) == (2, field)
    assert book.report.balanced()
    assert breach(_record()) is None


def test_a_time_of_endless_blanks_is_none_at_once(tmp_path: Path) -> None:
    table = "Timestamp,Transaction Type,Asset,Quantity Transacted,Notes\n"
    table += f"2024-01-01{' ' * 60_000}x,Buy,BTC,1,n\n"
    start = time.process_time()
    reading = read(tmp_path, "coinbase.csv", table)
    assert time.process_time() - start < 2
    assert codes(reading) == [(2, "row_bad_venue_time")]


SWALLOW = """time,kind,asset,quantity,account,note
2025-01-01T00:00:00Z,gift_in,BTC,1,a,x
2025-01-02T00:00:00Z,gift_in,BTC,2,a,"said
2025-01-03T00:00:00Z,gift_in,BTC,3,a,
2025-01-04T00:00:00Z,gift_in,BTC,4,a,and more"
2025-01-05T00:00:00Z,gift_in,BTC,5,a,y
"""


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_below_an_unclosed_quote_are_rows(tmp_path: Path, delimiter: str) -> None:
    reading = read(tmp_path, "r.csv", SWALLOW.replace(",", delimiter))
    assert codes(reading) == [(3, "row_swallows_lines")]
    assert [r.quantity // UNIT for r in reading.records] == [1, 3, 4, 5]


def test_a_note_of_several_lines_is_a_note(tmp_path: Path) -> None:
    text = SWALLOW.replace('"said\n', '"said:\nfor A, B and C,\nat home"\n').replace('more"', "more")
    assert codes(read(tmp_path, "r.csv", text)) == []


STATEMENT = """Oldest rows last,,,
{above}UTC_Time,Account,Operation,Coin,Change,Remark
2025-01-01 00:00:00,Spot,Deposit,BTC,1,
"""
ROW = "2025-02-02 00:00:00,Spot,Deposit,BTC,2,\n"


@pytest.mark.parametrize("above", ["", ROW, ROW * 3])
def test_rows_above_the_header_are_rows(tmp_path: Path, above: str) -> None:
    reading = read(tmp_path, "s.csv", STATEMENT.format(above=above))
    assert len(reading.records) == 1 + above.count("\n")
    assert reading.files[0].read == 1 + above.count("\n")
    assert ("notice_rows_above_header" in {m.code for _, m in reading.notices}) == bool(above)
    assert [r.source.line for r in reading.records] == sorted(r.source.line for r in reading.records)


def test_no_reader_takes_a_line_above_its_header_for_a_row(tmp_path: Path) -> None:
    """Titles, account lines and dates of making above a table are its preamble."""
    samples = Path(__file__).parent / "samples"
    reading, _ = read_folder(samples)
    assert "notice_rows_above_header" not in {m.code for _, m in reading.notices}


def test_a_linked_hidden_folder_is_read_and_once(tmp_path: Path) -> None:
    rows = "time,kind,asset,quantity\n2025-01-01T00:00:00Z,gift_in,BTC,1\n"
    (tmp_path / ".store").mkdir()
    (tmp_path / ".store" / "r.csv").write_text(rows, encoding="utf-8")
    (tmp_path / ".store" / "round").symlink_to(tmp_path / ".store")
    (tmp_path / "a").symlink_to(tmp_path / ".store")
    (tmp_path / "b").symlink_to(tmp_path / ".store")
    (tmp_path / "own.csv").write_text(rows, encoding="utf-8")
    reading, _ = read_folder(tmp_path)
    assert sorted(f.file for f in reading.files) == ["a/r.csv", "own.csv"] or [f.file for f in reading.files] == [
        "b/r.csv",
        "own.csv",
    ]


def test_sheets_of_one_part_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for title in ("one", "two"):
            book.add_worksheet(title).write_row(0, 0, ["time", "kind", "asset", "quantity"])
    packed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("workbook.xml.rels"):
                data = data.replace(b"sheet2.xml", b"sheet1.xml")
            new.writestr(name, data)
    with pytest.raises(InputError, match="part"):
        read(tmp_path, "r.xlsx", packed.getvalue())


def test_names_that_are_no_text_are_told_apart(tmp_path: Path) -> None:
    rows = b"time,kind,asset,quantity\n2025-01-01T00:00:00Z,gift_in,BTC,1\n"
    for name in (b"a\xff.csv", b"a\xfe.csv"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(rows)
    reading, _ = read_folder(tmp_path)
    assert len({f.file for f in reading.files}) == 2
    reconcile(reading, PERSON)
    assert sorted(f.used for f in reading.files) == [0, 1]


LONG = 9_000  # characters; what goes back and forth over them takes seconds
ENDLESS = (" ", "0", "0,", "a", "a ", "( ", "-")


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.csv")), ids=lambda p: p.stem)
def test_no_cell_makes_a_reader_hang(tmp_path: Path, path: Path) -> None:
    """Each cell of a row of every sample, endless: a pattern of ours is never shown one of any length."""
    text = path.read_text(encoding="utf-8-sig")
    rows = [line for line in text.splitlines() if line]
    widest = max(rows, key=len)
    delimiter = max(",;", key=widest.count)
    table = list(csv.reader(rows, delimiter=delimiter))
    row = table[-1] if len(table[-1]) == len(table[-2]) else table[-2]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    for place in range(len(row)):
        for filling in ENDLESS:
            cell = "1" + filling * (LONG // len(filling)) + "\u2603"
            writer.writerow([*row[:place], cell, *row[place + 1 :]])
    start = time.process_time()
    reading = read(tmp_path, path.name, text.rstrip("\n") + "\n" + out.getvalue())
    assert time.process_time() - start < 2.5
    assert all(report.balanced() for report in reading.files)


def test_no_header_makes_the_recognition_hang(tmp_path: Path) -> None:
    cells = [filling * (LONG // len(filling)) + "\u2603" for filling in (*ENDLESS, "[ ", "дата ", "UTC+")]
    start = time.process_time()
    with pytest.raises(InputError):
        read(tmp_path, "x.csv", ";".join(cells) + "\n1;2\n")
    assert time.process_time() - start < 2.5
