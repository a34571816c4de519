"""A report as a workbook: summary, figures, disposals × lots with formulas, holdings, expenses, fee, questions, inputs.

A spreadsheet keeps fifteen digits: a longer number is written as text, so that nothing is cut. Formulas have English
names and commas inside the file, as the format wants; Excel of any locale shows them in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from salyq.assessing.result import Figure
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.law import shipped
from salyq.present.words import Words
from salyq.report.blocks import Section, Table
from salyq.report.document import document
from salyq.report.material import Material

_DIGITS = 15
_EPOCH = datetime(2020, 1, 1)  # noqa: DTZ001 - a property without a zone; fixed, so that bytes repeat
_WIDEST = 60
_MOST_ROWS = 1_000_000
MATCHES = (
    *("disposal", "lot", "asset", "quantity", "proceeds", "cost", "currency", "gain", "gain_kzt"),
    *("disposal_day", "lot_day", "method", "status"),
)
MONEY, QUANTITY, DAY = "#,##0.00", "0.##################", "dd.mm.yyyy"


def report_xlsx(years: Sequence[Material], lang: str) -> bytes:
    """The workbook; the same report gives the same bytes. UsageError where xlsxwriter is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError(Message("report_needs_package", {"package": "xlsxwriter"})) from None
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = document(years, lang)
    book.set_properties({"title": made.title, "created": _EPOCH})
    writer = _Writer(book, Words(lang, shipped().acts))
    writer.summary(made.title, made.facts, [s for s in made.sections if s.key == "summary"])
    writer.figures(years)
    writer.matches(years)
    writer.holdings(years)
    writer.expenses(years)
    for key, code in (("energy", "sheet_energy"), ("duties", "sheet_duties"), ("questions", "sheet_questions")):
        writer.tables(code, [s for s in made.sections if s.key == key])
    writer.tables("sheet_inputs", [s for s in made.sections if s.key in ("inputs", "notices")])
    book.close()
    return data.getvalue()


class _Writer:
    def __init__(self, book: Any, say: Words) -> None:
        self.book, self.say = book, say
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.strong = book.add_format({"bold": True})
        self.sum = book.add_format({"bold": True, "top": 1, "num_format": MONEY})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.shapes = {f: book.add_format({"num_format": f}) for f in (MONEY, QUANTITY, DAY)}

    def sheet(self, code: str, head: Sequence[str], widths: Sequence[int], top: int = 0) -> Any:
        sheet = self.book.add_worksheet(self.say(code)[:31])
        for n, width in enumerate(widths):
            sheet.set_column(n, n, width)
        if head:
            sheet.write_row(top, 0, head, self.head)
            sheet.freeze_panes(top + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        return sheet

    def summary(self, title: str, facts: Sequence[tuple[str, str]], sections: Sequence[Section]) -> None:
        sheet = self.sheet("sheet_summary", (), (42, 22, 18, 22))
        sheet.write(0, 0, title, self.title)
        row = 2
        for name, value in facts:
            sheet.write(row, 0, name)
            sheet.write(row, 1, value)
            row += 1
        for section in sections:
            row = self.blocks(sheet, section, row + 1)

    def blocks(self, sheet: Any, section: Section, row: int) -> int:
        sheet.write(row, 0, section.heading, self.title)
        row += 1
        for block in section.blocks:
            table = block if isinstance(block, Table) else getattr(block, "table", None)
            if isinstance(table, Table):
                told = table.caption if not section.heading.startswith(table.caption) else ""  # once is enough
                sheet.write(row, 0, told, self.strong)
                sheet.write_row(row + 1, 0, table.head, self.head)
                for n, cells in enumerate(table.rows):
                    sheet.write_row(row + 2 + n, 0, cells, self.wrap)
                row += 3 + len(table.rows)
            elif hasattr(block, "text"):
                sheet.write(row, 0, block.text)
                row += 2
        return row

    def tables(self, code: str, sections: Sequence[Section]) -> None:
        if not sections:
            return
        sheet = self.sheet(code, (), (46, 26, 18, 20, 30, 40))
        row = 0
        for section in sections:
            row = self.blocks(sheet, section, row) + 1

    def number(self, sheet: Any, row: int, column: int, value: Decimal | None, shape: str) -> None:
        """A number that a spreadsheet can keep; else its digits as text; an unknown one is an empty cell."""
        if value is None:
            return
        if _fits(value):
            sheet.write_number(row, column, value.normalize(), self.shapes[shape])
        else:
            sheet.write_string(row, column, format(value, "f"))

    def figures(self, years: Sequence[Material]) -> None:
        say = self.say
        head = [
            say(c) for c in ("col_figure", "col_period", "col_value", "col_unit", "col_status", "col_low", "col_high")
        ]
        head += [say(c) for c in ("col_basis", "col_article", "col_name")]
        sheet = self.sheet("sheet_figures", head, (44, 12, 20, 8, 16, 18, 18, 20, 36, 44))
        row = 1
        for f in (f for m in years for f in m.result.figures):
            self.figure(sheet, row, f)
            row += 1
        sheet.autofilter(0, 0, max(row - 1, 1), len(head) - 1)

    def figure(self, sheet: Any, row: int, f: Figure) -> None:
        say = self.say
        low, high = f.bounds or (None, None)
        sheet.write(row, 0, say.label(f.label, f.name))
        sheet.write(row, 1, say.period(f.period))
        for column, value in ((2, f.value), (5, low), (6, high)):
            self.number(sheet, row, column, value, MONEY if f.unit == "KZT" else QUANTITY)
        sheet.write(row, 3, f.unit)
        sheet.write(row, 4, say.known(f"status_{f.status}", f.status))
        sheet.write_row(row, 7, [say.known(f"basis_{f.basis}", f.basis), say.cites(f.cites), f.name])

    def matches(self, years: Sequence[Material]) -> None:
        """Each disposal × lot; gain = proceeds − cost as a formula where both stand there as numbers."""
        say = self.say
        sheet = self.sheet(
            "sheet_matches", [say(f"col_{n}") for n in MATCHES], (26, 26, 9, 22, 18, 18, 9, 18, 18, 12, 12, 10, 20)
        )
        row = 1
        for m in years:
            for match in m.matches:
                if row >= _MOST_ROWS:
                    break
                self.match(sheet, row, match)
                row += 1
        if row > 1:
            sheet.write(row, 0, say("report_sum"), self.strong)
            gains = [Decimal(r["gain_kzt"]) for m in years for r in m.matches if r["gain_kzt"]]
            if all(map(_fits, gains)):
                sheet.write_formula(row, 8, f"=SUM(I2:I{row})", self.sum, _cell(sum(gains, Decimal(0))))
            else:  # a formula would leave out what is written as text
                self.number(sheet, row, 8, sum(gains, Decimal(0)), MONEY)
        sheet.autofilter(0, 0, max(row - 1, 1), len(MATCHES) - 1)

    def match(self, sheet: Any, row: int, match: dict[str, str]) -> None:
        for column, name in (
            (0, "disposal"),
            (1, "lot"),
            (2, "asset"),
            (6, "currency"),
        ):
            sheet.write_string(row, column, match[name])
        for column, name in ((11, "method"), (12, "status")):
            sheet.write_string(row, column, self.say.known(f"match_{name}_{match[name]}", match[name]))
        for column, name, shape in (
            (3, "quantity", QUANTITY),
            (4, "proceeds", MONEY),
            (5, "cost", MONEY),
            (8, "gain_kzt", MONEY),
        ):
            self.number(sheet, row, column, Decimal(match[name]) if match[name] else None, shape)
        if match["gain"] and all(match[n] and _fits(Decimal(match[n])) for n in ("proceeds", "cost")):
            sheet.write_formula(row, 7, f"=E{row + 1}-F{row + 1}", self.shapes[MONEY], _cell(Decimal(match["gain"])))
        else:
            self.number(sheet, row, 7, Decimal(match["gain"]) if match["gain"] else None, MONEY)
        for column, name in ((9, "disposal_day"), (10, "lot_day")):
            if match[name]:
                sheet.write_datetime(row, column, date.fromisoformat(match[name]), self.shapes[DAY])

    def holdings(self, years: Sequence[Material]) -> None:
        head = [self.say(c) for c in ("col_day", "col_asset", "col_quantity", "report_cost", "col_worth")]
        sheet = self.sheet("sheet_holdings", head, (12, 10, 28, 20, 20))
        row = 1
        for h in (h for m in years for h in m.held):
            sheet.write_datetime(row, 0, h.day, self.shapes[DAY])
            sheet.write(row, 1, h.asset)
            self.number(sheet, row, 2, Decimal(format_scaled(h.quantity)), QUANTITY)
            for column, value in ((3, h.cost), (4, h.worth)):
                self.number(sheet, row, column, None if value is None else Decimal(value).scaleb(-2), MONEY)
            row += 1

    def expenses(self, years: Sequence[Material]) -> None:
        rows = [x for m in years for x in m.case.ledger.expenses if x.day.year == m.year]
        if not rows:
            return
        head = [
            self.say(c) for c in ("col_day", "col_category", "col_amount", "col_currency", "col_document", "col_source")
        ]
        sheet = self.sheet("sheet_expenses", head, (12, 18, 18, 10, 30, 30))
        for row, x in enumerate(rows, start=1):
            sheet.write_datetime(row, 0, x.day, self.shapes[DAY])
            sheet.write(row, 1, self.say.code("category", x.category))
            self.number(sheet, row, 2, Decimal(format_scaled(x.amount)), MONEY)
            sheet.write_row(row, 3, [x.currency, x.document or "", str(x.source)])


def _fits(value: Decimal) -> bool:
    """Whether a spreadsheet can keep the number whole."""
    return len(value.normalize().as_tuple().digits) <= _DIGITS


def _cell(value: Decimal) -> Decimal | str:
    """The result kept beside a formula, for programs that do not compute."""
    return value if _fits(value) else ""
