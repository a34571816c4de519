"""Tables of order 817 (deals of residents, rewards) that an exchange hands in: our `.lines.json`, the workbook, or rows
of ours as CSV.

The columns are the forms room's (forms/tables); every row, or every fault with its row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from salyq.civil.days import quarter
from salyq.civil.errors import InputError
from salyq.civil.messages import LANGUAGES, Message
from salyq.forms.tables.report import Column, TableForm, cell_of, forms
from salyq.office.intake import reports_xml
from salyq.office.intake.model import Fault, Kind, Received
from salyq.office.intake.pool_table import HEAD_ROWS, MOST_ROWS, table_rows, too_long

Cells = dict[str, str]


def kinds() -> list[Kind]:
    """A kind a table that an exchange owed by the quarter."""
    tables = [f for f in forms().values() if f.reporter == "exchange"]
    return [Kind(f.name, f.title, ("tax",), read, reports_xml.compare) for f in tables]


def read(path: Path, name: str) -> Received:
    form, received = forms()[name], Received()
    days: list[date] = []
    for line, cells in _rows(path, form, received):
        for column in form.column:
            if column.kind == "row":
                continue
            told, wrong = cell_of(column, _iso(column, cells.get(column.name, "")))
            if wrong is not None:
                received.faults.append(Fault(f"{line}:{column.name}", cells.get(column.name, "")[:60], wrong))
            elif column.name == form.day:
                days.append(datetime.strptime(told, "%d.%m.%Y").date())  # noqa: DTZ007 - a day has no zone
    if not days and not received.faults:
        received.faults.append(Fault("", "", Message("intake_no_rows")))
    _period(form, received, days)
    received.summary |= {"form": form.index, "rows": len(days)}
    received.rows += [{"day": max(days)}] if days else []
    return received


def _iso(column: Column, text: str) -> str:
    """A day as the form writes it (dd.mm.yyyy) in ISO; anything else stays."""
    if column.kind != "day":
        return text
    try:
        return datetime.strptime(text, "%d.%m.%Y").date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return text


def _period(form: TableForm, received: Received, days: list[date]) -> None:
    """The quarter of the rows: one, the one that the file states, and one of the form."""
    quarters = sorted({quarter(day) for day in days})
    if len(quarters) > 1:
        received.faults.append(Fault(form.day, " … ".join((quarters[0], quarters[-1])), Message("intake_two_quarters")))
    stated = received.period
    if stated and quarters and quarters[0] != stated:
        received.faults.append(Fault("period", stated, Message("intake_other_quarter"), quarters[0]))
    received.period = stated or (quarters[0] if quarters else None)
    period = received.period or ""
    if period and not form.first <= period <= (form.until or period):
        params = {"form": form.index, "years": f"{form.first}–{form.until}"}
        received.faults.append(Fault("period", period, Message("form_no_edition", params)))


def _rows(path: Path, form: TableForm, received: Received) -> Iterator[tuple[int, Cells]]:
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return _of_json(path, form, received) if start.startswith(b"{") else _of_table(path, form)


def _of_json(path: Path, form: TableForm, received: Received) -> Iterator[tuple[int, Cells]]:
    try:
        told: Any = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise InputError(Message("intake_no_header"), file=path.name) from None
    rows = told.get("rows")
    if told.get("form") != form.index or not isinstance(rows, list):
        raise InputError(Message("intake_other_form", {"form": form.index}), file=path.name, column="form")
    received.period, received.about = str(told.get("period") or "")[:7] or None, str(told.get("reporter") or "") or None
    by_number = {str(c.number): c.name for c in form.column}
    if len(rows) > MOST_ROWS:
        raise too_long(path)
    for line, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise InputError(Message("intake_no_header"), file=path.name, line=line)
        yield line, {by_number[k]: str(v).strip() for k, v in row.items() if k in by_number}


def _of_table(path: Path, form: TableForm) -> Iterator[tuple[int, Cells]]:
    rows = table_rows(path)
    heads = [_names(form, [h.strip() for h in cells]) for _, cells in rows[:HEAD_ROWS]]
    at = next((n for n, names in enumerate(heads) if names is not None), None)
    if at is None:
        raise InputError(Message("intake_no_header"), file=path.name)
    numbers = [str(c.number) for c in form.column]
    for line, cells in rows[at + 1 :]:
        told = [c.strip() for c in cells]
        if told != numbers:  # the line of column numbers below the heads
            yield line, dict(zip(heads[at] or (), told, strict=False))


def _names(form: TableForm, head: list[str]) -> list[str] | None:
    """The columns of a head: our names in any order, or the form's own words in a language."""
    known = {c.name for c in form.column}
    needed = {c.name for c in form.column if c.needed}
    if needed <= set(head) <= known:
        return head
    for lang in LANGUAGES:
        if head[: len(form.column)] == [c.words.text(lang) for c in form.column]:
            return [c.name for c in form.column]
    return None
