"""One part of a population: its persons one after another, and what is written of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.law import shipped
from salyq.population.engine import (
    Refused,
    Rows,
    Setting,
    assess_person,
    cells_of,
    person_of,
    refused_whole,
    setting,
)
from salyq.population.outputs import Outputs, has_room
from salyq.population.part_many import serve
from salyq.population.spill import load
from salyq.population.tables import FILE, PERSON, PERSONS, ROW, BadRow, TableFile, batches, of_persons, own_tables
from salyq.records.person import Person
from salyq.records.reading import Reading
from salyq.rulebook.evaluate import Evaluator
from salyq.rulebook.graph import Graph
from salyq.sources.tables.table import read_rows

if TYPE_CHECKING:
    import pyarrow as pa

ROWS, DONE, QUOTES = "rows", "done", "quotes"


class Plan(NamedTuple):
    """What a worker needs to know: plain data, so that it can be sent."""

    out: Path
    files: tuple[TableFile, ...]
    year: int
    settings: tuple[tuple[str, str], ...]
    lang: str
    parts: int
    alone: bool = False  # everybody one by one, as a check of the columns
    matches: bool = False  # every disposal × lot is written too


class Stated(NamedTuple):
    """A row of persons: its place and its cells."""

    file: int
    row: int
    cells: Mapping[str, str]


def quotes_of(files: Sequence[TableFile]) -> Reading:
    """The quotes that all persons share. InputError at the first row that cannot be used: a lost quote changes many."""
    reading = Reading()
    for file in files:
        form = own_tables().get(file.table)
        if form is None or of_persons(form):
            continue
        refused: list[BadRow] = []
        for batch in batches(file, form, refused.append):
            names = [n for n in batch.schema.names if n not in (FILE, ROW)]
            rows = cells_of(batch, names, 0, batch.num_rows)
            above = 1 if file.path.suffix.lower() == ".csv" else 0  # the header is a line too
            lines = [row + above for row in batch.column(ROW).to_pylist()]
            read_rows(form.whole(), file.name, names, zip(lines, rows, strict=True), reading)
        for bad in refused:
            raise InputError(bad.reason, file=file.name, line=bad.row + 1)
    for report in reading.files:
        for r in report.rejected:
            raise InputError(r.reason, file=report.file, line=r.source.line, column=r.column, value=r.value)
    reading.files.clear()
    return reading


@lru_cache(maxsize=1)
def setting_of(files: tuple[TableFile, ...], year: int, settings: tuple[tuple[str, str], ...]) -> Setting:
    """Read once a worker: quotes serve all its parts."""
    return setting(year, quotes_of(files), dict(settings))


@lru_cache(maxsize=1)
def _graph() -> Graph:
    return Graph(shipped())


@lru_cache(maxsize=1)
def _evaluator() -> Evaluator:
    """Serves one person after another: the steps of law are compiled once a worker."""
    return Evaluator(_graph(), {}, lambda name, _: name)


def work(plan: Plan, part: int) -> dict[str, object]:
    """Assesses one part and writes it. Returns its account."""
    common = setting_of(plan.files, plan.year, plan.settings)
    tables = dict(load(plan.out / ROWS, part))
    found = Outputs(plan.lang, [f.name for f in plan.files], plan.matches)
    stated = stated_in(tables.pop(PERSONS, None), found)
    served: set[str] = set()
    if not plan.alone:
        for by_columns in serve(tables, (stated.table, stated.at), common, _graph(), matches=plan.matches):
            served |= found.add_many(by_columns)
        tables = without(tables, served)
    for person, rows in persons(tables, [n for n in stated if n not in served]):
        own = stated.get(person)
        if own is None:
            result = refused_whole(rows, Message("population_person_unknown", {"person": person}))
            found.add(person, "", "", result)
            continue
        who = _person(person, own, plan.year, found)
        if who is None:
            found.add(person, own.cells.get("kind", ""), "", refused_whole(rows, Message("population_person_refused")))
            continue
        try:
            result = assess_person(who, rows, common, _evaluator())
            if not has_room(result):
                result = refused_whole(rows, Message("population_too_large"))
        except InputError as error:  # a choice that law does not have
            found.refuse(person, Refused(PERSONS, own.file, own.row, error.column, error.value, error.message))
            result = refused_whole(rows, Message("population_person_refused"))
        found.add(person, who.kind, who.region or "", result)
    found.write(plan.out, part)
    account = {"part": part, **found.account()}
    _mark(plan.out, part, account)
    return account


def without(tables: Mapping[str, pa.Table], served: set[str]) -> dict[str, pa.Table]:
    """The rows of those who were not served."""
    import numpy as np
    import pyarrow as pa

    def left(rows: pa.Table) -> pa.Table:
        names = rows.column(PERSON).combine_chunks()
        marks = np.array([name not in served for name in names.dictionary.to_pylist()], bool)
        if not marks.any():
            return rows.slice(0, 0)
        return rows.filter(pa.array(marks[names.indices.to_numpy()])).combine_chunks()

    return {name: left(rows) for name, rows in tables.items()}


def _mark(out: Path, part: int, account: dict[str, object]) -> None:
    """A part counts as done when its account is there; it is written last."""
    target = out / DONE / f"part-{part:05d}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    made = target.with_suffix(".tmp")
    made.write_text(json.dumps(account, ensure_ascii=False), encoding="utf-8")
    os.replace(made, target)


class StatedRows(Mapping[str, Stated]):
    """Persons by name, in the order of their rows; cells are read when they are asked for."""

    def __init__(self, table: pa.Table, at: Mapping[str, int]) -> None:
        self.table, self.at = table, at
        self.columns = [n for n in table.column_names if n not in (PERSON, FILE, ROW)]

    def __getitem__(self, person: str) -> Stated:
        row = self.at[person]
        file, line = (self.table.column(n)[row].as_py() for n in (FILE, ROW))
        (cells,) = cells_of(self.table, self.columns, row, row + 1)
        return Stated(file, line, dict(zip(self.columns, cells, strict=True)))

    def __iter__(self) -> Iterator[str]:
        return iter(self.at)

    def __len__(self) -> int:
        return len(self.at)

    def __contains__(self, person: object) -> bool:
        return person in self.at


def stated_in(table: pa.Table | None, found: Outputs) -> StatedRows:
    """Persons by name; one who stands there twice is told, and the first row counts."""
    import pyarrow as pa

    if table is None:
        return StatedRows(pa.table({PERSON: pa.array([], pa.string())}), {})
    names = table.column(PERSON).to_pylist()
    at = dict(zip(reversed(names), range(len(names) - 1, -1, -1), strict=True))
    at = {name: at[name] for name in dict.fromkeys(names)}
    for n, person in enumerate(names) if len(at) < len(names) else ():
        if at[person] != n:
            file, row, first = (table.column(c)[r].as_py() for c, r in ((FILE, n), (ROW, n), (ROW, at[person])))
            reason = Message("population_person_twice", {"row": first})
            found.refuse(person, Refused(PERSONS, file, row, PERSON, person, reason))
    return StatedRows(table, at)


def _person(name: str, own: Stated, year: int, found: Outputs) -> Person | None:
    try:
        return person_of(own.cells, year, name)
    except InputError as error:
        refused = Refused(PERSONS, own.file, own.row, error.column, error.value, error.message)
        found.refuse(name, refused)
        return None


def persons(tables: Mapping[str, pa.Table], stated: Iterable[str]) -> Iterator[tuple[str, dict[str, Rows]]]:
    """Every person of a part with their rows, in order of names; those without rows too."""
    spans: dict[str, dict[str, tuple[int, int]]] = {name: {} for name in stated}
    for table, rows in tables.items():
        at = rows.column(PERSON).to_pylist()
        first = 0
        for n in range(1, len(at) + 1):
            if n == len(at) or at[n] != at[first]:
                spans.setdefault(at[first], {})[table] = (first, n)
                first = n
    for person in sorted(spans):
        found: dict[str, Rows] = {}
        for table, (first, last) in spans[person].items():
            rows = tables[table]
            names = [n for n in rows.column_names if n not in (PERSON, FILE, ROW)]
            places = zip(
                rows.column(FILE).slice(first, last - first).to_pylist(),
                rows.column(ROW).slice(first, last - first).to_pylist(),
                strict=True,
            )
            found[table] = Rows(names, list(zip(places, cells_of(rows, names, first, last), strict=True)))
        yield person, found
