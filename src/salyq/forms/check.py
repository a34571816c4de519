"""`salyq forms check`: a filled file is read back, its kinds and formulas checked, and it is compared with a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from salyq.civil.messages import Message
from salyq.forms import formula, heads
from salyq.forms.arithmetic import Arithmetic
from salyq.forms.filled import Line, Return, Sheet
from salyq.forms.load import lines_of
from salyq.forms.model import NUMERIC, Cell
from salyq.forms.read_back import ReadBack
from salyq.forms.writing import read_text, rounded, written


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of a file that is not as it should be. `right`: what would be right, "" where only a person knows."""

    line: str
    value: str
    message: Message
    right: str = ""


def check_file(read: ReadBack) -> list[Problem]:
    """Head, kinds of values, formulas and the form's own checks."""
    sheets, problems = _sheets(read)
    problems = [*(Problem(*differs) for differs in heads.differing(read)), *problems]
    edition = read.edition

    def computed(line: Line, value: formula.Value) -> None:
        if isinstance(value, formula.Unknown):
            return
        right = None if value is None else rounded(value, line.cell, edition.rounding)
        told = line.value if isinstance(line.value, Fraction) else None
        unstated = told is None and (right == 0 or line.name not in read.lines)
        if told != right and not (told == 0 and right is None) and not (unstated and _computed_elsewhere(line)):
            text = "" if right is None else written(right, line.cell, edition.rounding)
            if told is not None or right:
                shown = read.lines.get(line.name, "")
                problems.append(
                    Problem(line.name, shown, Message("form_formula_fails", {"formula": line.cell.formula}), text)
                )
        line.value = right

    arithmetic = Arithmetic(edition, sheets)
    arithmetic.run(computed)
    problems += [Problem(f.annex, f.rule, Message("form_check_fails", {"why": f.words})) for f in arithmetic.failed()]
    return problems


def _computed_elsewhere(line: Line) -> bool:
    """A formula that a draft leaves blank on purpose (its law counts otherwise)."""
    return bool(line.cell.agrees)


def compare(read: ReadBack, made: Return) -> Iterator[Problem]:
    """Lines and rows of a file against the case as it is now."""
    mine = {x.name: x for x in made.lines()}
    for name, line in mine.items():
        stated, text = read.lines.get(name), line.text
        if line.cell.kind == "tick" or (read.how != "lines" and not _kept(read, line.cell)):
            continue
        if not _same(stated, text, line.cell) and line.cell.by_hand is None:
            yield Problem(name, stated or "", Message("form_differs"), text or "")
    for sheet in made.sheets:
        for table in sheet.tables:
            section = f"{sheet.name}.{table.rows.code}"
            theirs = read.rows.get(section, [])
            if len(theirs) != len(table.filled):
                params = {"there": len(theirs), "here": len(table.filled)}
                yield Problem(section, str(len(theirs)), Message("form_rows_differ", params), str(len(table.filled)))
                continue
            for n, (own, other) in enumerate(zip(table.filled, theirs, strict=True), start=1):
                for column in table.rows.columns:
                    if (read.how == "lines" or _kept(read, column)) and not _same(
                        other.get(column.code), own.texts.get(column.code), column
                    ):
                        name = f"{section}.{column.code} {n}"
                        right = own.texts.get(column.code, "")
                        yield Problem(name, other.get(column.code, ""), Message("form_differs"), right)


def _kept(read: ReadBack, cell: Cell) -> bool:
    return bool(cell.json) if read.how == "cabinet" else cell.xml != "-"


def _same(one: str | None, two: str | None, cell: Cell) -> bool:
    if (one or "") == (two or ""):
        return True
    if cell.kind in NUMERIC:
        values = [Fraction(0) if not t else read_text(t, cell)[0] for t in (one, two)]
        return values[0] == values[1] and None not in values
    return False


def _sheets(read: ReadBack) -> tuple[list[Sheet], list[Problem]]:
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for annex in read.edition.annex:
        number = 1
        while True:
            name = annex.code if number == 1 else f"{annex.code}[{number}]"
            own = [k for k in read.lines if k.startswith(f"{name}.")]
            if number > 1 and not own:
                break
            lines: dict[str, Line] = {}
            for code, cell in lines_of(annex):
                line = lines[f"{name}.{code}"] = Line(f"{name}.{code}", cell)
                text = read.lines.get(line.name)
                if text is not None:
                    line.value, wrong = read_text(text, cell)
                    line.text = text
                    seen.add(line.name)
                    if wrong is not None:
                        problems.append(Problem(line.name, text, wrong))
            sheets.append(Sheet(annex, number, name, lines, []))
            number += 1
        for table in annex.rows:
            section = f"{annex.code}.{table.code}"
            for n, row in enumerate(read.rows.get(section, []), start=1):
                problems += _row_problems(f"{section} {n}", row, {c.code: c for c in table.columns})
    problems += [Problem(k, read.lines[k], Message("form_reference")) for k in read.lines if k not in seen]
    return sheets, problems


def _row_problems(at: str, row: dict[str, str], columns: dict[str, Cell]) -> Iterator[Problem]:
    for code, text in row.items():
        if code in columns:
            _, wrong = read_text(text, columns[code])
            if wrong is not None:
                yield Problem(f"{at}.{code}", text, wrong)
        elif not code.islower():  # lower case: a remark of ours
            yield Problem(f"{at}.{code}", text, Message("form_reference"))
