"""One table of a firm: rows checked against its columns, kept to the period, written as workbook and lines."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from salyq.civil.currencies import is_currency
from salyq.civil.days import parse_day, period_days
from salyq.civil.errors import InputError, UsageError, nearest
from salyq.civil.ids import check_id
from salyq.civil.messages import Message, Words
from salyq.civil.numbers import NumberError, format_scaled, parse_written
from salyq.forms.as_xlsx import DIGITS, workbook
from salyq.forms.countries import countries
from salyq.forms.fm1.rows import rows
from salyq.law.asked.asking import ask_act


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`kind`: row | id | id_or_blank | text | day | quantity | money | currency | country."""

    number: int
    name: str
    words: Words
    kind: str
    needed: bool = False
    choices: list[str] = []


class TableForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One form. `first`/`until`: periods (`until` "" : still in force); `day`: the column that decides the period;
    `duty`: the duty of law whose day is told."""

    name: str
    index: str
    title: Words
    act: Words
    per: str
    first: str
    until: str
    day: str
    reporter: str
    duty: str
    column: list[Column]
    draft_after: Words | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled table. `draft`: why it is not the form of its period; `left_out`: rows of other periods."""

    form: TableForm
    period: str
    draft: Words | None
    rows: list[dict[str, str]]
    left_out: int
    due: str


@cache
def forms() -> dict[str, TableForm]:
    """All tables by name."""
    found = {}
    for path in sorted((files("salyq.forms") / "tables").iterdir(), key=lambda f: f.name):
        if path.name.endswith(".toml"):
            form = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), TableForm)
            found[form.name] = form
    return found


def fill(name: str, path: Path, period: str) -> Filled:
    """A table of one period from rows of ours. UsageError for an unknown table or period, InputError for a row that is
    not as it should be."""
    form = forms().get(name)
    if form is None:
        told = Message("form_unknown", {"known": ", ".join(forms())})
        raise UsageError(told, column="TABLE", value=name, near=nearest(name, forms()))
    first, last = _days(form, period)
    draft = form.draft_after if form.until and period > form.until else None
    if period < form.first or (form.until and period > form.until and draft is None):
        params = {"form": form.index, "years": f"{form.first}–{form.until}"}
        raise UsageError(Message("form_no_edition", params), column="--period", value=period)
    kept: list[dict[str, str]] = []
    left_out = 0
    names = [c.name for c in form.column if c.kind != "row"]
    for line, cells in rows(path, names, [c.name for c in form.column if c.needed]):
        own = {c.name: _cell(path, line, c, cells[c.name]) for c in form.column if c.kind != "row"}
        day = parse_day(cells[form.day])
        if first <= day <= last:
            kept.append(own)
        else:
            left_out += 1
    for number, row in enumerate(kept, start=1):
        row["row"] = str(number)
    duty = ask_act("report", {"reporter": form.reporter, "period": period}).duty(form.duty)
    return Filled(form, period, draft, kept, left_out, (duty.due or "") if duty else "")


def _days(form: TableForm, period: str) -> tuple[date, date]:
    shape = {"quarter": "-Q" in period, "month": "-" in period and "-Q" not in period}[form.per]
    try:
        if shape:
            return period_days(period)
    except ValueError:
        pass
    year = period[:4] if period[:4].isdigit() else "2025"
    params = {"form": form.index, "per": Message(f"form_per_{form.per}"), "year": year}
    raise UsageError(Message("form_period", params), column="--period", value=period)


def _cell(path: Path, line: int, column: Column, text: str) -> str:
    """A cell as the form writes it. InputError with file, line, column, value, what would be right."""
    told, wrong = cell_of(column, text)
    if wrong is not None:
        raise InputError(wrong, file=str(path), line=line, column=column.name, value=text)
    return told


def cell_of(column: Column, text: str) -> tuple[str, Message | None]:
    """(the cell as the form writes it, what is wrong with it)."""
    wrong: Message | None = None
    if not text:
        wrong = Message("carf_blank") if column.needed else None
    elif column.kind in ("id", "id_or_blank"):
        wrong = check_id(text)
    elif column.kind == "day":
        return _day_cell(text)
    elif column.kind in ("quantity", "money"):
        try:
            value = parse_written(text)
        except NumberError as error:
            return text, error.message
        return (format_scaled(value), None) if value >= 0 else (text, Message("carf_negative"))
    elif column.kind == "currency" and not is_currency(text):
        wrong = Message("carf_currency")
    elif column.kind == "country" and text not in countries():
        wrong = Message("carf_country")
    elif column.choices and text not in column.choices:
        wrong = Message("carf_choice", {"choices": ", ".join(column.choices)})
    return text, wrong


def _day_cell(text: str) -> tuple[str, Message | None]:
    try:
        return parse_day(text).strftime("%d.%m.%Y"), None
    except ValueError:
        return text, Message("form_iso_day")


def table_json(filled: Filled, reporter: str) -> dict[str, Any]:
    """The table as data: columns by their numbers."""
    return {
        "form": filled.form.index,
        "period": filled.period,
        "reporter": reporter,
        "draft": filled.draft is not None,
        "due": filled.due or None,
        "columns": {str(c.number): c.name for c in filled.form.column},
        "rows": [{str(c.number): row[c.name] for c in filled.form.column} for row in filled.rows],
        "left_out": filled.left_out,
        "notes": [
            {lang: n.text(lang) for lang in ("kk", "ru", "en")}
            for n in (filled.draft, filled.form.note)
            if n is not None
        ],
    }


def table_xlsx(filled: Filled, reporter: str, name: str, lang: str) -> bytes:
    """The workbook that is handed over."""
    from decimal import Decimal

    book, data = workbook()
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    red = book.add_format({"bold": True, "font_color": "#9b1c1c"})
    page = book.add_worksheet(filled.form.index)
    page.set_column(0, 0, 6)
    page.set_column(1, len(filled.form.column), 18)
    at = 0
    if filled.draft is not None:
        page.write_string(at, 0, filled.draft.text(lang), red)
        at += 1
    page.write_string(at, 0, f"{filled.form.index} · {filled.form.title.text(lang)}")
    page.write_string(at + 1, 0, f"{filled.period} · {reporter} · {name}")
    at += 3
    for n, column in enumerate(filled.form.column):
        page.write_string(at, n, column.words.text(lang), head)
        page.write_number(at + 1, n, column.number)
    at += 1
    for row in filled.rows:
        at += 1
        for n, column in enumerate(filled.form.column):
            text = row[column.name]
            short = len(text.replace(".", "").lstrip("0")) <= DIGITS
            if text and column.kind in ("row", "quantity", "money") and short:
                page.write_number(at, n, Decimal(text))
            elif text:
                page.write_string(at, n, text)
    book.close()
    whole: bytes = data.getvalue()
    return whole


def total(filled: Filled, column: str) -> Fraction:
    """The sum of a column of numbers."""
    return sum((Fraction(r[column]) for r in filled.rows if r[column]), Fraction(0))
