"""Workbooks: what their cells say, which sheets are read, what is refused in one line."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.fuzz.books import book, packed, parts_of, sheet_xml
from tests.fuzz.giants import GIANTS, READ, Giant, check_giant

from salyq.civil.errors import InputError
from salyq.records.reading import Reading
from salyq.sources import read_files, read_folder
from salyq.sources.tables.xlsx import Workbook
from salyq.sources.tables.xlsx_cells import DateStyle, date_style, date_text, number_text

Read = Callable[..., Reading]
UNIT = 10**18
HEADER = ["time", "kind", "asset", "quantity", "note"]
GIFT = ["2025-03-01T12:00:00Z", "gift_in", "BTC"]


def refused(read: Read, data: bytes, code: str, **where: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(data, "book.xlsx")
    assert caught.value.message.code == code
    for name, value in where.items():
        assert getattr(caught.value, name) == value
    assert all(caught.value.text(lang).isprintable() for lang in ("kk", "ru", "en"))
    return caught.value


def quantities(reading: Reading) -> list[int]:
    return [record.quantity for record in reading.records]


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "said", "rounded"),
    [
        ("3", "3", False),
        ("0.28999999999999998", "0.29", False),  # how 0.29 is stored
        ("0.30000000000000004", "0.3", True),  # how 0.1 + 0.2 is stored
        ("1234.567890123456", "1234.567890123456", False),
        ("1E-8", "0.00000001", False),
        ("-1.5E+3", "-1500", False),
        ("1.23456789012345E+18", "1234567890123450000", False),
        ("12345678901234567890", "12345678901234567890", False),  # a whole number is the text it is
        ("0.123456789012345678", "0.123456789012345678", False),  # no binary number has so many digits
        ("-0.0", "0", False),
        ("1e400", "1e400", False),
        ("", "", False),
        ("NaN", "NaN", False),
    ],
)
def test_stored_numbers(stored: str, said: str, rounded: bool) -> None:
    assert number_text(stored) == (said, rounded)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=0, max_value=999))
@example(Decimal("0.000000000001"))
@example(Decimal("999.999999999999"))
@example(Decimal("17.592186044417"))  # stored as 17.592186044417002
def test_what_was_typed_is_what_is_read(typed: Decimal) -> None:
    """Fifteen digits survive the binary number that a spreadsheet makes of them, however it is written out."""
    for stored in (repr(float(typed)), f"{float(typed):.17g}"):
        text, _ = number_text(stored)
        assert Fraction(text) == Fraction(typed)


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_any_number_stays_within_a_hair(number: float) -> None:
    said, _ = number_text(repr(number))
    assert abs(Fraction(said) - Fraction(repr(number))) * 10**15 <= Fraction(repr(number))


def test_rounding_is_told_once(read: Read) -> None:
    rows = [HEADER, [*GIFT, "=n0.30000000000000004"], [*GIFT, "=n0.7000000000000001"], [*GIFT, "=n2"]]
    reading = read(book(rows), "book.xlsx")
    assert quantities(reading) == [3 * UNIT // 10, 7 * UNIT // 10, 2 * UNIT]
    told = [m for _, m in reading.notices if m.code == "notice_xlsx_rounded"]
    assert [m.params["numbers"] for m in told] == [2]


# --- dates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code", "style"),
    [
        (0, None, None),
        (14, None, DateStyle(True, False)),
        (22, None, DateStyle(True, True)),
        (21, None, DateStyle(False, True)),
        (164, 'dd"/"mm"/"yyyy', DateStyle(True, False)),
        (164, "[$-419]d mmmm yyyy;@", DateStyle(True, False)),
        (164, "yyyy\\-mm\\-dd\\ hh:mm:ss", DateStyle(True, True)),
        (164, "[h]:mm", DateStyle(False, True)),
        (164, '#,##0.00" тг"', None),
        (164, '0.00" days"', None),
        (164, "[$₸-43F]#,##0.00", None),
        (164, "[Red]0.00", None),
        (164, "General", None),
    ],
)
def test_number_formats(number: int, code: str | None, style: DateStyle | None) -> None:
    assert date_style(number, code) == style


DAY, CLOCK, BOTH = DateStyle(True, False), DateStyle(False, True), DateStyle(True, True)


@pytest.mark.parametrize(
    ("stored", "style", "said"),
    [
        ("45717", DAY, "2025-03-01"),
        ("45717", BOTH, "2025-03-01 00:00:00"),
        ("45717.5", DAY, "2025-03-01 12:00:00"),
        ("45717.524259259259", BOTH, "2025-03-01 12:34:56"),
        ("45717.999999999", BOTH, "2025-03-02 00:00:00"),
        ("4.5717E+4", DAY, "2025-03-01"),
        ("0.5", CLOCK, "12:00:00"),
        ("-1", DAY, None),
        ("99999999", DAY, None),
        ("words", DAY, None),
    ],
)
def test_stored_days(stored: str, style: DateStyle, said: str | None) -> None:
    assert date_text(stored, style, from_1904=False) == said


def test_days_from_1904() -> None:
    assert date_text("44255", DAY, from_1904=True) == "2025-03-01"


# --- whole books ----------------------------------------------------------------------------------------------------


def test_a_book_that_another_program_wrote(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["time", "kind", "asset", "quantity", "value", "currency", "note"])
    sheet.append([datetime(2025, 3, 1, 12, 0, 5), "buy", "BTC", 0.1, 29000.29, "KZT", "Әлия"])  # noqa: DTZ001
    sheet.append([])
    sheet.append([date(2025, 3, 2), "gift_in", "ETH", 3, None, None, True])
    sheet.append(["2025-03-03T12:00:00Z", "buy", "BTC", "0.000000000000000001", "x", "KZT"])
    made.save(tmp_path / "one.xlsx")
    reading = read_files([tmp_path / "one.xlsx"], base=tmp_path)
    first, second = reading.records
    assert (first.time, first.quantity, first.value) == (
        datetime(2025, 3, 1, 7, 0, 5, tzinfo=UTC),
        UNIT // 10,
        2900029 * 10**16,
    )
    assert (first.note, first.source.file, first.source.line) == ("Әлия", "one.xlsx", 2)
    assert (second.day, second.quantity, second.note, second.source.line) == (date(2025, 3, 2), 3 * UNIT, "TRUE", 4)
    (report,) = reading.files
    (bad,) = report.rejected
    assert (report.read, report.used, bad.source.line, bad.column, bad.value) == (3, 2, 5, "value", "x")


def test_a_venue_export_saved_as_a_workbook(read: Read) -> None:
    rows = [
        ["Statement of user 5"],
        [],
        ["User_ID", "UTC_Time", "Account", "Operation", "Coin", "Change", "Remark"],
        ["=n5", "=s245717.5", "Spot", "Deposit", "BTC", "=n0.28999999999999998", ""],
    ]
    reading = read(book(rows), "book.xlsx")
    (record,) = reading.records
    assert (record.time, record.quantity) == (datetime(2025, 3, 1, 12, tzinfo=UTC), 29 * UNIT // 100)
    assert record.source.line == 4


def test_several_sheets(read: Read) -> None:
    parts = parts_of(
        {
            "Trades": sheet_xml([HEADER, [*GIFT, "=n1"]]),
            "Empty": sheet_xml([]),
            "Notes": sheet_xml([["some words"], ["more words"]]),
            "Old trades": sheet_xml([HEADER, [*GIFT, "=n2"], [*GIFT, "=n-1"]]),
        }
    )
    reading = read(packed(parts), "book.xlsx")
    assert [f.file for f in reading.files] == ["book.xlsx [Trades]", "book.xlsx [Old trades]"]
    assert quantities(reading) == [UNIT, 2 * UNIT]
    assert [str(s) for s, m in reading.notices if m.code == "notice_sheet_skipped"] == ["book.xlsx [Notes]:1"]
    assert len({f.sha256 for f in reading.files}) == 1


def test_cells_of_every_kind(read: Read) -> None:
    row = [*GIFT, "=n1", '<c r="REF" t="s"><v>1</v></c>']
    formula = [*GIFT, '<c r="REF"><f>1+1</f><v>2</v></c>', '<c r="REF" t="str"><f>A1</f><v>so</v></c>']
    rich = [
        *GIFT,
        "=n3",
        '<c r="REF" t="inlineStr"><is><r><t>in </t></r><r><t>bits</t></r><rPh><t>no</t></rPh></is></c>',
    ]
    error = [*GIFT, '<c r="REF" t="e"><v>#DIV/0!</v></c>']
    flag = [*GIFT, "=n5", '<c r="REF" t="b"><v>0</v></c>']
    reading = read(book([HEADER, row, formula, rich, error, flag]), "book.xlsx")
    assert [(r.quantity // UNIT, r.note) for r in reading.records] == [
        (1, "in pieces"),
        (2, "so"),
        (3, "in bits"),
        (5, "FALSE"),
    ]
    assert [(r.source.line, r.value) for r in reading.files[0].rejected] == [(5, "#DIV/0!")]


def test_cells_without_values_count_for_nothing(read: Read) -> None:
    """Spreadsheets keep formats of thousands of empty cells."""
    reading = read(book([HEADER, [*GIFT, "=n1", '<c r="REF" s="1"/><c r="XFD2" s="1"/>']]), "book.xlsx")
    assert quantities(reading) == [UNIT]


def test_folders_have_books_too(tmp_path: Path) -> None:
    (tmp_path / "a.XLSX").write_bytes(book([HEADER, [*GIFT, "=n1"]]))
    (tmp_path / "b.csv").write_text(",".join(HEADER) + "\n" + ",".join(GIFT) + ",2,\n")
    assert sorted(quantities(read_folder(tmp_path)[0])) == [UNIT, 2 * UNIT]


# --- what is refused ------------------------------------------------------------------------------------------------


def test_what_is_no_book(read: Read) -> None:
    refused(read, b"time,kind\n", "xlsx_none", file="book.xlsx")
    refused(read, b"", "xlsx_none")
    refused(read, b"\xd0\xcf\x11\xe0" + bytes(600), "xlsx_locked")
    refused(read, b"PK\x03\x04" + bytes(100), "xlsx_broken")
    refused(read, packed({"a.txt": "words"}), "xlsx_broken")
    refused(read, book([]), "file_empty")
    refused(read, book([["name", "age"]]), "file_no_reader", line=1)


def test_a_misspelt_table_of_our_own_is_told(read: Read) -> None:
    parts = parts_of({"A": sheet_xml([HEADER, [*GIFT, "=n1"]]), "B": sheet_xml([[*HEADER[:4], "valu"]])})
    refused(read, packed(parts), "header_column_like", file="book.xlsx [B]", column="valu")


def test_parts_that_are_wrong(read: Read) -> None:
    good = parts_of({"Sheet1": sheet_xml([HEADER, [*GIFT, "=n1"]])})
    sheet = "xl/worksheets/sheet1.xml"
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", sheet):
        refused(read, packed({k: v for k, v in good.items() if k != name}), "xlsx_broken")
        refused(read, packed({**good, name: good[name][:-9]}), "xlsx_broken")
    refused(read, packed({**good, "xl/vbaProject.bin": "x"}), "xlsx_macros")
    dtd = '<!DOCTYPE x [<!ENTITY a "b">]>'
    for name in (sheet, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"):
        refused(read, packed({**good, name: dtd + good[name].removeprefix('<?xml version="1.0"?>')}), "xlsx_broken")


def test_cells_that_are_wrong(read: Read) -> None:
    uncounted = '<c r="REF"><f>SUM(A1:A9)</f></c>'
    refused(read, book([HEADER, [*GIFT, uncounted]]), "xlsx_formula_without_value", line=2, column="D")
    refused(read, book([HEADER, [*GIFT, '<c r="REF" t="s"><v>7</v></c>']]), "xlsx_broken", line=2, column="D")
    refused(read, book([HEADER, [*GIFT, '<c r="A2"><v>7</v></c>']]), "xlsx_broken", line=2)
    refused(read, book([HEADER, ['<c r="IV2"><v>7</v></c>']]), "xlsx_too_many_columns", column="IV")
    refused(read, book([HEADER, [*GIFT, "=n1", "x" * 40_000]]), "xlsx_cell_too_long", line=2, column="E")
    refused(read, book([HEADER, ['</row><row r="1048577">']]), "xlsx_too_many_rows")


def test_names_inside_lead_nowhere(read: Read, tmp_path: Path) -> None:
    """A relation to a file outside, or of another part's name, opens nothing but a part of the package."""
    (tmp_path / "secret.xml").write_text(sheet_xml([HEADER, [*GIFT, "=n1"]]))
    good = parts_of({"Sheet1": sheet_xml([])})
    rels = good["xl/_rels/workbook.xml.rels"]
    for target in ("../../../secret.xml", "/../secret.xml", (tmp_path / "secret.xml").as_posix(), "file:///secret.xml"):
        bad = {**good, "xl/_rels/workbook.xml.rels": rels.replace("worksheets/sheet1.xml", target)}
        refused(read, packed(bad), "xlsx_broken")


def test_other_ways_of_packing_are_refused(read: Read, tmp_path: Path) -> None:
    """LZMA may ask for gigabytes to unpack a few bytes; the format allows stored and deflated parts only."""
    path = tmp_path / "lzma.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as package:
        for name, content in parts_of({"Sheet1": sheet_xml([HEADER])}).items():
            package.writestr(name, content)
    refused(read, path.read_bytes(), "xlsx_broken")


@pytest.mark.parametrize("giant", GIANTS, ids=lambda giant: giant.__name__)
def test_giants(tmp_path: Path, giant: Giant) -> None:
    assert check_giant(tmp_path, giant, small=True) == ("read" if giant in READ else "refused")


def test_a_book_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(book([HEADER, [*GIFT, "=n1"]]))
    opened = Workbook(path, "x.xlsx")
    opened.close()
    assert opened.package.zip.fp is None
