"""A filled return as a workbook: a sheet an annex, a sheet for what is left to the person."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.forms.as_pdf import source_of
from salyq.forms.filled import Return, Sheet, Table
from salyq.forms.model import NUMERIC, Cell
from salyq.forms.writing import written

EPOCH = datetime(2020, 1, 1)  # noqa: DTZ001 - a workbook's property has no zone; fixed, so that bytes repeat
DIGITS = 15  # a spreadsheet keeps no more: longer numbers are written as text
FORMATS = {"amount": "#,##0.00", "money": "#,##0.00"}


def return_xlsx(made: Return, lang: str) -> bytes:
    """The workbook; the same return gives the same bytes."""
    book, data = workbook()
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "draft": book.add_format({"bold": True, "font_color": "#9b1c1c"}),
    }
    for kind in ("0", "#,##0", "#,##0.00", "General"):
        styles[kind] = book.add_format({"num_format": kind, "valign": "top"})
    for sheet in made.sheets:
        _sheet(book, styles, made, sheet, lang)
    _by_hand(book, styles, made, lang)
    book.close()
    return data.getvalue()


def workbook() -> tuple[Any, BytesIO]:
    """An empty workbook that never turns text into formulas or links, and where it is kept."""
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError(Message("form_needs_package", {"package": "xlsxwriter"})) from None
    data = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(data, options)
    book.set_properties({"created": EPOCH})
    return book, data


def _sheet(book: Any, styles: dict[str, Any], made: Return, sheet: Sheet, lang: str) -> None:
    page = book.add_worksheet(sheet.name.replace("[", "(").replace("]", ")"))
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 60)
    page.set_column(2, 2, 20)
    page.set_column(3, 4, 50)
    row = 0
    if made.draft is not None:
        page.write_string(row, 0, made.draft.text(lang), styles["draft"])
        row += 1
    page.write_string(row, 0, f"{made.edition.form} · {made.edition.title.text(lang)} · {made.period}", styles["head"])
    row += 2
    for column, name in enumerate(("line", "words", "value", "source", "why")):
        page.write_string(row, column, Message(f"form_pdf_{name}").text(lang), styles["head"])
    for line in sheet.lines.values():
        row += 1
        page.write_string(row, 0, line.name)
        page.write_string(row, 1, line.cell.words.text(lang), styles["wrap"])
        write_value(page, styles, row, 2, line.value, line.cell, made.edition.rounding)
        page.write_string(row, 3, source_of(line, lang), styles["wrap"])
        if line.text is None and line.why is not None:
            page.write_string(row, 4, line.why.text(lang), styles["wrap"])
    for table in sheet.tables:
        if table.filled:
            row = _table(page, styles, table, row + 2, made.edition.rounding, lang)


def _table(page: Any, styles: dict[str, Any], table: Table, row: int, rounding: str, lang: str) -> int:
    page.write_string(row, 0, f"{table.rows.code}. {table.rows.words.text(lang)}", styles["head"])
    row += 1
    extras = list(dict.fromkeys(k for r in table.filled for k in r.extra))
    names = [f"{c.code} {c.words.text(lang)}" for c in table.rows.columns]
    for column, name in enumerate([*names, *extras]):
        page.write_string(row, column, name, styles["head"])
    for filled in table.filled:
        row += 1
        for column, cell in enumerate(table.rows.columns):
            write_value(page, styles, row, column, filled.values.get(cell.row or cell.code), cell, rounding)
        for column, name in enumerate(extras, start=len(names)):
            page.write_string(row, column, filled.extra.get(name, ""))
    return row


def write_value(
    page: Any, styles: dict[str, Any], row: int, column: int, value: Any, cell: Cell, rounding: str
) -> None:
    """A number as a number where a spreadsheet can hold it exactly, anything else as text."""
    if value is None:
        return
    text = written(value, cell, rounding)
    if cell.kind in NUMERIC and isinstance(value, Fraction) and len(text.strip("-0.").replace(".", "")) <= DIGITS:
        from decimal import Decimal

        style = "#,##0" if cell.kind == "amount" and rounding == "tenge" else FORMATS.get(cell.kind, "General")
        page.write_number(row, column, Decimal(text), styles[style])
    else:
        page.write_string(row, column, text)


def _by_hand(book: Any, styles: dict[str, Any], made: Return, lang: str) -> None:
    page = book.add_worksheet(Message("form_pdf_byhand").text(lang)[:31])
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 100)
    rows = [(name, why.text(lang)) for name, why in made.by_hand()]
    rows += [("", n.text(lang)) for n in (made.edition.note, *made.notes) if n is not None]
    rows += [(f.annex, f.words.text(lang)) for f in made.failed]
    for row, (name, text) in enumerate(rows):
        page.write_string(row, 0, name)
        page.write_string(row, 1, text, styles["wrap"])
