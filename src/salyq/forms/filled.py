"""A filled form: every line with its value as the form writes it, where it came from, and why it is blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from salyq.civil.messages import Message
from salyq.forms.model import Annex, Cell, Edition, Rows, Words

Plain = Message | Words


@dataclass(frozen=True, slots=True)
class Blank:
    """A value that is not known, and why."""

    why: Plain


@dataclass(frozen=True, slots=True)
class Choice:
    """What the line would say under another choice that law leaves open."""

    election: str
    choice: str
    text: str | None


@dataclass(slots=True)
class Line:
    """One cell of a form. `value`: exact number, text, flag or day; None is blank. `text`: as the form writes it."""

    name: str
    cell: Cell
    value: Any = None
    text: str | None = None
    source: str = ""
    period: str = ""
    why: Plain | None = None
    cites: tuple[str, ...] = ()
    basis: str = ""
    choices: tuple[Choice, ...] = ()
    unknown: bool = False


@dataclass(slots=True)
class Row:
    """One row of a table. `values` by column code; `extra`: what the form does not ask but a reader wants (lower case);
    `blanks`: why a column that should be filled is not."""

    values: dict[str, Any]
    extra: dict[str, str] = field(default_factory=dict)
    blanks: dict[str, Plain] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """The rows of one section of one sheet."""

    rows: Rows
    filled: list[Row]


@dataclass(slots=True)
class Sheet:
    """One sheet of an annex: its lines by full name, in the form's order, and its tables."""

    annex: Annex
    number: int
    name: str
    lines: dict[str, Line]
    tables: list[Table]
    about: str = ""


@dataclass(slots=True)
class Return:
    """A filled return. `draft`: why it is not the official edition; `used`: annexes that are part of it."""

    edition: Edition
    year: int
    period: str
    person_id: str
    person_name: str
    draft: Words | None
    sheets: list[Sheet]
    due: date | None
    fingerprint: str
    version: str
    used: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    notes: list[Plain] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        """Every line of every sheet that is part of the return."""
        for sheet in self.sheets:
            yield from sheet.lines.values()

    def line(self, name: str) -> Line | None:
        """A line by its full name."""
        return next((s.lines[name] for s in self.sheets if name in s.lines), None)

    def by_hand(self) -> list[tuple[str, Plain]]:
        """(line, why) of everything that a person must still fill."""
        found: list[tuple[str, Plain]] = []
        for sheet in self.sheets:
            found += [(x.name, x.why) for x in sheet.lines.values() if x.text is None and x.why is not None]
            for table in sheet.tables:
                found += _by_hand_of(sheet, table)
        return found


@dataclass(frozen=True, slots=True)
class Failed:
    """A check of the form that does not hold."""

    annex: str
    rule: str
    words: Words


@dataclass(slots=True)
class SheetData:
    """What a source of sheets says of one sheet: values of lines by their `row` name, rows of grids by `source`."""

    about: str = ""
    lines: Mapping[str, Any] = field(default_factory=dict)
    blanks: Mapping[str, Plain] = field(default_factory=dict)
    grids: Mapping[str, list[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exact:
    """A number with the figure it came from."""

    value: Fraction
    source: str


def _by_hand_of(sheet: Sheet, table: Table) -> list[tuple[str, Plain]]:
    """One entry a column and reason, with the rows it concerns."""
    found: dict[tuple[str, str], tuple[Plain, list[int]]] = {}
    for number, row in enumerate(table.filled, start=1):
        for column, why in row.blanks.items():
            found.setdefault((column, repr(why)), (why, []))[1].append(number)
    return [
        (
            f"{sheet.name}.{table.rows.code}.{column}",
            Message("form_rows_blank" if len(rows) > 1 else "form_row_blank", {"rows": _spans(rows), "why": why}),
        )
        for (column, _), (why, rows) in found.items()
    ]


def _spans(numbers: list[int]) -> str:
    """1, 2, 3, 7 as «1–3, 7»."""
    spans: list[list[int]] = []
    for n in numbers:
        if spans and spans[-1][1] == n - 1:
            spans[-1][1] = n
        else:
            spans.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)


__all__ = ["Blank", "Choice", "Exact", "Failed", "Line", "Plain", "Return", "Row", "Sheet", "SheetData", "Table"]
