"""Reads the editions that are shipped, and those of a folder of the user's; every slip is told with file and line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from salyq.civil.compiled import toml_of
from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.forms import formula
from salyq.forms.model import KINDS, NUMERIC, Annex, Cell, Edition

SOURCES_OF_A_CELL = ("figure", "formula", "fact", "row", "by_hand")


@cache
def editions() -> tuple[Edition, ...]:
    """All shipped editions, by form and first period."""
    found = [read_edition(path.read_text(encoding="utf-8"), name) for path, name in _files()]
    return tuple(sorted(found, key=lambda e: (e.form, e.periods.first)))


def _files() -> Iterator[tuple[Traversable, str]]:
    for folder in sorted(files("salyq.forms").iterdir(), key=lambda f: f.name):
        if folder.name[:1].isdigit() and folder.is_dir():
            for path in sorted(folder.iterdir(), key=lambda f: f.name):
                if path.name.endswith(".toml"):
                    yield path, f"forms/{folder.name}/{path.name}"


def of_form(form: str) -> list[Edition]:
    """The editions of a form, oldest first. UsageError where there is no such form."""
    found = [e for e in editions() if e.form == form]
    if not found:
        known = ", ".join(dict.fromkeys(e.form for e in editions()))
        raise UsageError(Message("form_unknown", {"known": known}), column="--form", value=form)
    return found


def edition_for(form: str, year: int) -> Edition:
    """The edition for a year; for a year after the last one read, that one, marked as a draft. UsageError where the
    form did not exist in that year, or no edition of it was read."""
    own = of_form(form)
    for edition in own:
        if edition.periods.first <= year <= edition.periods.until:
            return edition
    last = own[-1]
    if year > last.periods.until and last.draft_after is not None:
        return msgspec.structs.replace(last, draft=last.draft_after)
    params = {"form": form, "years": ", ".join(f"{e.periods.first}–{e.periods.until}" for e in own)}
    raise UsageError(Message("form_no_edition", params), column="--year", value=str(year))


def read_edition(text: str, file: str) -> Edition:
    """One edition from its TOML. InputError with file and what is wrong."""
    try:
        edition = msgspec.convert(toml_of(text), Edition)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(Message("form_file", {"why": str(error)}), file=file) from None
    _check(edition, file)
    return edition


def read_edition_file(path: Path) -> Edition:
    """An edition file that is not shipped, for whoever writes the next one."""
    try:
        return read_edition(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Message("form_file", {"why": str(error)}), file=str(path)) from None


# ---- checks ----------------------------------------------------------------------------------------------------------
def _check(edition: Edition, file: str) -> None:
    seen: set[str] = set()
    for annex in edition.annex:
        for name, cell in lines_of(annex):
            full = f"{annex.code}.{name}"
            if full in seen:
                raise _fault("form_line_twice", file, full)
            seen.add(full)
            _check_cell(edition, annex, cell, full, file)
        for rows in annex.rows:
            for column in rows.columns:
                _check_cell(edition, annex, column, f"{annex.code}.{rows.code}.{column.code}", file)
        for check in annex.check:
            _check_references(edition, annex, check.holds, annex.code, file)
    _check_cycles(edition, file)


def _check_cell(edition: Edition, annex: Annex, cell: Cell, name: str, file: str) -> None:
    if cell.kind not in KINDS:
        raise _fault("form_kind", file, name, value=cell.kind, known=", ".join(KINDS))
    told = [s for s in SOURCES_OF_A_CELL if getattr(cell, s)]
    if len([s for s in told if s != "by_hand"]) > 1 or ((cell.less or cell.plus) and not cell.figure):
        raise _fault("form_two_sources", file, name, value=", ".join(told))
    if (cell.formula or cell.figure) and cell.kind not in NUMERIC:
        raise _fault("form_kind", file, name, value=cell.kind, known=", ".join(NUMERIC))
    if cell.formula:
        _check_references(edition, annex, cell.formula, name, file)


def _check_references(edition: Edition, annex: Annex, text: str, name: str, file: str) -> None:
    for reference in formula.references(formula.parse(text, f"{file}: {name}")):
        if resolve(edition, annex, reference, name) is None:
            raise _fault("form_reference", file, name, value=reference)


def _check_cycles(edition: Edition, file: str) -> None:
    needs: dict[str, list[str]] = {}
    for annex in edition.annex:
        for name, cell in lines_of(annex):
            full = f"{annex.code}.{name}"
            tree = formula.parse(cell.formula) if cell.formula else None
            references = [] if tree is None else formula.references(tree)
            needs[full] = [x for r in references for x in resolve(edition, annex, r, full) or []]
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise _fault("form_circle", file, name, value=" → ".join((*above, name)))
        if name not in done:
            for other in needs[name]:
                walk(other, (*above, name))
            done.add(name)

    for name in needs:
        walk(name, ())


def _fault(code: str, file: str, name: str, value: str | None = None, **params: object) -> InputError:
    return InputError(Message(code, params), file=file, column=name, value=value)


# ---- names -----------------------------------------------------------------------------------------------------------
def lines_of(annex: Annex) -> list[tuple[str, Cell]]:
    """(name within the annex, cell) of lines and grid cells; grids stand before the lines that follow their numbers."""
    grids = [(f"{code}.{c.code}", c) for g in annex.grid for code in g.codes for c in g.columns]
    return [*grids, *((c.code, c) for c in annex.line)]


def resolve(edition: Edition, annex: Annex, reference: str, at: str) -> list[str] | None:
    """The full names that a reference means, None where it names nothing. Within a grid's own formula a bare column is
    the column of the same row."""
    other, colon, rest = reference.partition(":")
    target = edition.annex_of(other) if colon else annex
    if target is None:
        return None
    names = [n for n, _ in lines_of(target)]
    start, dots, end = (rest if colon else reference).partition("..")
    if dots:
        if start not in names or end not in names:
            return None
        ends = {n.rpartition(".")[2] for n in (start, end)}
        column = ends.pop() if len(ends) == 1 else ""  # 001.E..010.E: the cells of that column alone
        kinds = dict(lines_of(target))
        span = names[names.index(start) : names.index(end) + 1]
        own = [n for n in span if kinds[n].kind in NUMERIC and (not column or n.rpartition(".")[2] == column)]
        return [f"{target.code}.{n}" for n in own]
    if start in names:
        return [f"{target.code}.{start}"]
    row = at.removeprefix(f"{annex.code}.").rpartition(".")[0]
    return [f"{annex.code}.{row}.{start}"] if not colon and f"{row}.{start}" in names else None
