"""A published list becomes proposed entries against the state of its day, with the file as evidence.

Two sources that disagree are both kept and shown; no row is invented. What a list does not say (a record of ours that
it lacks) is shown as `missing`, never taken for an end.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.office.registry import names
from salyq.office.registry.book import register
from salyq.office.registry.check import wrong_value
from salyq.office.registry.model import STATUSES, Field, Register
from salyq.office.registry.read import AsOf, Record, Wanted, records
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction
from salyq.sources.tables.xlsx import Workbook

SQL = Statements("salyq.office.registry", "imports")
LARGEST_FILE, MOST_ROWS = 50_000_000, 200_000
_FIXED = ("number", "status", "subject_id", "subject_name", "valid_from")
_YES = {"yes": True, "true": True, "1": True, "иә": True, "да": True, "no": False, "false": False, "0": False,
        "жоқ": False, "нет": False}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    sha256: str
    rows: list[tuple[int, dict[str, Any]]]  # physical line, values by column


@dataclass(frozen=True, slots=True)
class Compared:
    """`verdict`: new (not in the register that day), same, differs (what, ours and theirs), missing (not in the
    list).
    """

    number: str
    verdict: str
    line: int
    row: Mapping[str, Any]
    differs: Mapping[str, Any] = field(default_factory=dict)


def read_list(code: str, path: Path) -> Table:
    """The rows of a CSV or XLSX list with columns named as in an export of ours; InputError names the row and cell."""
    spec = register(code)
    data = path.read_bytes()
    if len(data) > LARGEST_FILE:
        raise InputError(Message("import_too_large"), file=str(path))
    cells = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(data, path)
    if not cells:
        raise InputError(Message("import_empty"), file=str(path))
    head = [str(c).strip().lower() for c in cells[0][1]]
    known = {*_FIXED, *(f.name for f in spec.fields)}
    for column in head:
        if column not in known:
            right = Message("import_unknown_column", {"columns": ", ".join(sorted(known))})
            raise InputError(right, file=str(path), line=1, column=column)
    for needed in ("number", "subject_name"):
        if needed not in head:
            raise InputError(Message("import_no_column", {"column": needed}), file=str(path), line=1)
    rows = [(line, _row(spec, path, line, dict(zip(head, values, strict=False)))) for line, values in cells[1:]]
    seen: dict[str, int] = {}
    for line, row in rows:
        if row["number"] in seen:
            again = Message("import_twice", {"line": seen[row["number"]]})
            raise InputError(again, file=str(path), line=line, column="number", value=row["number"])
        seen[row["number"]] = line
    return Table(path.name, hashlib.sha256(data).hexdigest(), rows)


def compare(tx: Transaction, code: str, table: Table, on: date) -> list[Compared]:
    """Every row against the state of the day, then what the list lacks."""
    ours: dict[str, Record] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = records(tx, code, Wanted(limit=500, cursor=cursor), AsOf(on))
        ours |= {r.number: r for r in page.items}
        cursor = page.next
    found = []
    for line, row in table.rows:
        mine = ours.pop(row["number"], None)
        if mine is None:
            found.append(Compared(row["number"], "new", line, row))
            continue
        differs = _differences(mine, row)
        found.append(Compared(row["number"], "differs" if differs else "same", line, row, differs))
    found += [Compared(n, "missing", 0, {}) for n, r in ours.items() if r.status == "active"]
    return found


def keep(tx: Transaction, code: str, found: Sequence[Compared], on: date, source: str, table: Table) -> None:
    """The comparison as proposals, each with its file and line; a person confirms what becomes an entry."""
    office = register(code).keepers_on(on)[0]
    base = {"register": code, "on_day": on, "source": source, "file_name": table.name, "file_sha256": table.sha256}
    tx.run_many(
        SQL["add"],
        [
            {
                **base,
                "id": tx.store.ids.uuid(tx.now),
                "number": f.number,
                "line": f.line,
                "row": Jsonb(dict(f.row)),
                "verdict": f.verdict,
                "differs": Jsonb(dict(f.differs)),
                "at": tx.now,
                "office": office,
                "by": tx.access.user,
                "corrects": None,
            }
            for f in found
        ],
    )


def ours_of(mine: Record, column: str) -> Any:
    """What the register says in a column of a list."""
    if column == "valid_from":
        return mine.valid_from.isoformat()
    return getattr(mine, column) if column in ("status", "subject_id", "subject_name") else mine.fields.get(column)


def _differences(mine: Record, row: Mapping[str, Any]) -> dict[str, Any]:
    """{column: {ours, theirs}} for what the list says otherwise; names are compared as they are searched."""
    found: dict[str, Any] = {}
    for column, theirs in row.items():
        if column == "number" or theirs is None:
            continue
        ours = ours_of(mine, column)
        same = names.key(ours) == names.key(theirs) if column == "subject_name" else ours == theirs
        if not same:
            found[column] = {"ours": ours, "theirs": theirs}
    return found


def _row(spec: Register, path: Path, line: int, cells: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, text in cells.items():
        value = text.strip().removeprefix("'") if isinstance(text, str) else text
        if value == "":
            continue
        field_ = spec.field(column)
        made = _value(field_, value) if field_ is not None else value
        if wrong := _wrong(column, field_, made):
            raise InputError(wrong, file=str(path), line=line, column=column, value=str(value))
        found[column] = made
    for needed in ("number", "subject_name"):
        if not found.get(needed):
            raise InputError(Message("registry_field_missing"), file=str(path), line=line, column=needed)
    return found


def _value(field_: Field, text: str) -> Any:
    if field_.type == "flag":
        return _YES.get(text.casefold(), text)
    if field_.type == "whole":
        return int(text) if text.isascii() and text.isdigit() else text
    return [part.strip() for part in text.split(";")] if field_.type == "list" else text


def _wrong(column: str, field_: Field | None, value: Any) -> Message | None:
    if field_ is not None:
        return wrong_value(field_, value)
    if column == "subject_id":
        return check_id(value)
    if column == "status" and value not in STATUSES:
        return Message("registry_not_a_choice", {"choices": ", ".join(STATUSES)})
    if column == "valid_from":
        return wrong_value(Field(name=column, type="day", basis="statute"), value)
    return None


def _csv(data: bytes, path: Path) -> list[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Message("import_not_utf8"), file=str(path)) from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                found.append((reader.line_num, cells))
            if len(found) > MOST_ROWS:
                raise InputError(Message("import_too_large"), file=str(path))
    except csv.Error:
        raise InputError(Message("import_not_a_table"), file=str(path), line=reader.line_num) from None
    return found


def _xlsx(path: Path) -> list[tuple[int, list[str]]]:
    """The first sheet by the house's own exact reader."""
    book = Workbook(path, path.name)
    try:
        rows = ((n, cells) for n, cells in book.rows(book.sheets[0]) if any(c.strip() for c in cells))
        found = list(islice(rows, MOST_ROWS + 1))
        if len(found) > MOST_ROWS:
            raise InputError(Message("import_too_large"), file=str(path))
        return found
    finally:
        book.close()
