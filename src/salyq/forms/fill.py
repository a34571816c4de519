"""Fills an edition from a case: leaves first, formulas exactly, tables, then the checks of the form."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from salyq.assessing.result import Figure
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message, Words
from salyq.forms import formula
from salyq.forms.arithmetic import Arithmetic
from salyq.forms.asked import Asked
from salyq.forms.facts import FACTS
from salyq.forms.filled import Blank, Choice, Line, Return, Row, Sheet, SheetData, Table
from salyq.forms.load import edition_for
from salyq.forms.model import Annex, Cell, Edition
from salyq.forms.rows import ROWS, SHEETS
from salyq.forms.writing import places, rounded, written

ANNEX_FACT = "annex:"  # a tick that says whether an annex is part of the return
DEPENDS_SHOWN = 3


def fill(asked: Asked, form: str, edition: Edition | None = None) -> Return:
    """A return of one period. UsageError where the form, its edition or the period is not known, or the form is not one
    of this kind of person."""
    chosen = edition or edition_for(form, asked.year)
    asked.period = asked.period or str(asked.year)
    check_period(chosen, asked)
    result = asked.assessment
    duty = asked.duty(chosen.duty) if chosen.duty else None
    made = Return(
        chosen,
        asked.year,
        asked.period,
        asked.case.person.id,
        asked.case.person.name or "",
        chosen.draft,
        [],
        duty.due if duty else None,
        result.fingerprint,
        result.version,
    )
    filler = _Filler(asked, chosen, made)
    filler.sheets()
    filler.formulas()
    filler.tables()
    filler.annexes()
    filler.checks()
    return made


def check_period(edition: Edition, asked: Asked) -> None:
    """UsageError where the period does not suit the form, or the form is not for this kind of person."""
    if not suits(edition, asked.period) or not asked.period.startswith(str(asked.year)):
        params = {"form": edition.form, "per": Message(f"form_per_{edition.periods.per}"), "year": asked.year}
        raise UsageError(Message("form_period", params), column="--period", value=asked.period)
    kind = asked.case.person.kind
    if kind not in edition.persons:
        params = {"form": edition.form, "kinds": ", ".join(edition.persons)}
        raise UsageError(Message("form_person", params), column="--form", value=kind)


def suits(edition: Edition, period: str) -> bool:
    """Whether a period is one of those that the form is for."""
    year = period[:4]
    return year.isdigit() and period in periods(edition, int(year))


def periods(edition: Edition, year: int) -> list[str]:
    """The periods of a form in a year."""
    if edition.periods.per == "quarter":
        return [f"{year}-Q{q}" for q in (1, 2, 3, 4)]
    if edition.periods.per == "half":
        return [f"{year}-H1", f"{year}-H2"]
    if edition.periods.per == "month":
        return [f"{year}-{m:02d}" for m in range(1, 13)]
    return [str(year)]


class _Filler:
    def __init__(self, asked: Asked, edition: Edition, made: Return) -> None:
        self.asked, self.edition, self.made = asked, edition, made

    # ---- leaves ------------------------------------------------------------------------------------------------------
    def sheets(self) -> None:
        for annex in self.edition.annex:
            capacity = {g.source: len(g.codes) for g in annex.grid}
            many = SHEETS[annex.sheet_source](self.asked, capacity) if annex.sheet_source else []
            for number, data in enumerate(many or [SheetData()], start=1):
                name = annex.code if number == 1 else f"{annex.code}[{number}]"
                lines = {x.name: x for x in self._lines(annex, data, name)}
                self.made.sheets.append(Sheet(annex, number, name, lines, [], data.about))

    def _lines(self, annex: Annex, data: SheetData, sheet: str) -> list[Line]:
        found: list[Line] = []
        for grid in annex.grid:
            rows = data.grids.get(grid.source, [])
            for n, code in enumerate(grid.codes):
                row = rows[n] if n < len(rows) else None
                found += [self._grid_cell(f"{sheet}.{code}.{c.code}", c, row) for c in grid.columns]
        for cell in annex.line:
            line = Line(f"{sheet}.{cell.code}", cell)
            if cell.row:
                self._put(line, data.lines.get(cell.row), data.blanks.get(cell.row))
            else:
                self._leaf(line)
            found.append(line)
        return found

    def _grid_cell(self, name: str, cell: Cell, row: Row | None) -> Line:
        line = Line(name, cell)
        if row is not None and not cell.formula:
            self._put(line, row.values.get(cell.row or cell.code), row.blanks.get(cell.row or cell.code))
        return line

    def _leaf(self, line: Line) -> None:
        cell = line.cell
        if cell.figure:
            self._figure(line)
        elif cell.fact and not cell.fact.startswith(ANNEX_FACT):
            value = FACTS[cell.fact](self.asked)
            if isinstance(value, Blank):
                line.unknown, line.why = True, value.why
            else:
                self._put(line, value, cell.by_hand or (Message("form_no_id") if cell.kind == "id" else None))
            line.source = cell.fact
        elif cell.by_hand is not None and not cell.formula:
            line.why = cell.by_hand

    def _put(self, line: Line, value: Any, why: Any = None) -> None:
        if value is None:
            line.why = why
            line.unknown = why is not None and bool(line.cell.row)
            return
        exact = isinstance(value, Fraction | int) and not isinstance(value, bool)
        line.value = rounded(Fraction(value), line.cell, self.edition.rounding) if exact else value
        line.text = written(line.value, line.cell, self.edition.rounding)
        line.source = line.source or line.cell.row

    def _figure(self, line: Line) -> None:
        cell = line.cell
        own = self.asked.figures(cell.figure) + (self.asked.figures(cell.plus) if cell.plus else [])
        less = self.asked.figures(cell.less) if cell.less else []
        applying = [f for f in own if f.status != "not_applicable"]
        if not applying:
            line.why = cell.by_hand
            return
        line.source, line.period = cell.figure, ", ".join(f.period for f in applying)
        line.cites = tuple(dict.fromkeys(c for f in (*applying, *less) for c in f.cites))
        line.basis = applying[0].basis
        unknown = next((f for f in (*applying, *less) if f.status == "unknown"), None)
        if unknown is not None:
            line.unknown, line.why = True, _why_unknown(unknown)
            return
        self._put(line, _sum(applying) - _sum(less))
        line.choices = tuple(self._choices(cell, applying)) if not less else ()

    def _choices(self, cell: Cell, figures: list[Figure]) -> list[Choice]:
        found = []
        for a in figures[0].alternatives if len(figures) == 1 else ():
            text = None if a.value is None else written(Fraction(a.value), cell, self.edition.rounding)
            found.append(Choice(a.election, a.choice, text))
        return found

    # ---- formulas ----------------------------------------------------------------------------------------------------
    def formulas(self) -> None:
        Arithmetic(self.edition, self.made.sheets).run(self._computed)

    def _computed(self, line: Line, value: formula.Value) -> None:
        line.source = "formula"
        if isinstance(value, formula.Unknown):
            named = ", ".join(value.lines[:DEPENDS_SHOWN]) + (" …" if len(value.lines) > DEPENDS_SHOWN else "")
            line.unknown, line.why = True, Message("form_depends", {"lines": named})
        else:
            self._put(line, value)
            line.why = None
        if line.cell.agrees:
            self._agree(line)

    def _agree(self, line: Line) -> None:
        """A formula and the figure it must come to: where they differ by more than rounding, both are told."""
        own = [f for f in self.asked.figures(line.cell.agrees) if f.status != "not_applicable"]
        apart = [f for f in self.asked.figures(line.cell.apart) if f.status != "not_applicable"]
        if not own or any(f.status != "known" for f in apart):
            return
        line.source, line.period = line.cell.agrees, ", ".join(f.period for f in own)
        line.cites = tuple(dict.fromkeys(c for f in own for c in f.cites))
        line.basis, line.choices = own[0].basis, tuple(self._choices(line.cell, own))
        unknown = next((f for f in own if f.status != "known"), None)
        if unknown is not None:  # what the lines come to is not all that law asks for
            line.value = line.text = None
            line.unknown, line.why = True, line.why or _why_unknown(unknown)
            return
        if line.value is None and not line.unknown:
            return
        figure, unit = _sum(own) - _sum(apart), Fraction(1, 10 ** places(line.cell, self.edition.rounding))
        if isinstance(line.value, Fraction) and abs(figure - line.value) <= unit:
            return
        value = written(figure, line.cell, "tiyn")
        if self.edition.draft is not None:  # another law's arithmetic: its result is not for this form's line
            line.value = line.text = None
            line.unknown = True
            line.why = Message("form_draft_differs", {"figure": _label(own[0].label) or own[0].name, "value": value})
        elif line.value is not None:
            params = {"line": line.name, "text": line.text, "figure": line.cell.agrees, "value": value}
            self.made.notes.append(Message("form_disagrees", params))

    # ---- tables, annexes, checks -------------------------------------------------------------------------------------
    def tables(self) -> None:
        for sheet in self.made.sheets:
            if sheet.number > 1:
                continue
            for rows in sheet.annex.rows:
                filled = ROWS[rows.source](self.asked, self.edition) if rows.source else []
                for row in filled:
                    row.blanks = {c.code: row.blanks[c.row] for c in rows.columns if c.row in row.blanks}
                    for column in rows.columns:
                        value = row.values.get(column.row or column.code)
                        if value is not None:
                            row.texts[column.code] = written(value, column, self.edition.rounding)
                sheet.tables.append(Table(rows, filled))

    def annexes(self) -> None:
        """Which annexes are part of the return, and the ticks that say so."""
        self.made.used = [a.code for a in self.edition.annex if a.required or self._says_something(a)]
        for line in self.made.lines():
            if line.cell.fact.startswith(ANNEX_FACT):
                line.source = line.cell.fact
                self._put(line, line.cell.fact.removeprefix(ANNEX_FACT) in self.made.used)
        self.made.sheets = [s for s in self.made.sheets if s.annex.code in self.made.used]

    def _says_something(self, annex: Annex) -> bool:
        sheets = [s for s in self.made.sheets if s.annex is annex]
        lines = [x for s in sheets for x in s.lines.values() if _own(x)]
        told = any(x.unknown or (x.text is not None and x.source != "") for x in lines)
        return told or any(t.filled for s in sheets for t in s.tables)

    def checks(self) -> None:
        self.made.failed = Arithmetic(self.edition, self.made.sheets).failed()


def _own(line: Line) -> bool:
    """A line that can say that its annex is needed: what the case tells, or what it lacks to tell."""
    cell = line.cell
    return bool(cell.figure or cell.formula or cell.row or (cell.fact and line.unknown))


def _sum(figures: list[Figure]) -> Fraction:
    return sum((Fraction(f.value) for f in figures if f.value is not None), Fraction(0))


def _why_unknown(figure: Figure) -> Message:
    first: Any = figure.missing[0] if figure.missing else Message("form_no_reason")
    params: dict[str, object] = {"figure": _label(figure.label) or figure.name, "why": first}
    low, high = figure.bounds or (None, None)
    if low is not None and high is not None:
        return Message("form_unknown_between", {**params, "low": low, "high": high})
    if high is not None:
        return Message("form_unknown_most", {**params, "high": high})
    if low:
        return Message("form_unknown_least", {**params, "low": low})
    return Message("form_unknown_figure", params)


def _label(label: Mapping[str, str]) -> Words | None:
    return Words(label["kk"], label["ru"], label["en"]) if label else None
