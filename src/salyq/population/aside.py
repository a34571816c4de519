"""The first kind of task of a run: the rows of a piece of a file laid aside by person.

A task writes under a name of its own and renames, so that one that is tried again, or twice at once, leaves the same
rows. Which pieces there are hangs on the input alone, never on who works.
"""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.population.part import ROWS, Plan
from salyq.population.spill import Shape, shapes_of, spill
from salyq.population.tables import PERSONS, BadRow, Groups, TableFile, columns_of, of_persons, own_tables, readable

TASKS = ".tasks"  # below rows/: what a task has not finished
LEAST, MOST = 1 << 20, 64  # rows of a piece, about; pieces of one large file among all rows, about
_LINE = 64  # bytes of a line of text, about

Laid = tuple[Counter[str], list[BadRow]]  # rows by table; lines that are none


class Piece(NamedTuple):
    """Row groups of a file, or all of it (`groups` None). `rows`: how many, about where it is text."""

    number: int
    file: TableFile
    rows: int
    shape: Shape
    groups: Groups | None = None


def pieces(files: Sequence[TableFile]) -> list[Piece]:
    """All rows of a run but quotes, which serve everybody, in pieces."""
    forms = own_tables()
    own = [f for f in files if f.table == PERSONS or of_persons(forms[f.table])]
    groups, shapes = [_groups(f) for f in own], shapes_of(own)
    large = max(LEAST, sum(map(sum, groups)) // MOST)
    found: list[Piece] = []
    for file, sizes in zip(own, groups, strict=True):
        first = above = 0
        for n in range(len(sizes)):
            rows = sum(sizes[first : n + 1])
            if rows >= large or n == len(sizes) - 1:
                part = None if first == 0 and n == len(sizes) - 1 else Groups(first, n + 1, above)
                found.append(Piece(len(found), file, rows, shapes[file.table], part))
                first, above = n + 1, above + rows
    return found


def _groups(file: TableFile) -> list[int]:
    """Rows of each row group; text is one. Of a file that cannot be read whoever reads it says so."""
    import pyarrow.parquet as pq

    if file.path.suffix.lower() == ".parquet":
        with suppress(InputError), readable(file):
            told = pq.read_metadata(file.path)
            return [told.row_group(n).num_rows for n in range(told.num_row_groups)] or [0]
        return [0]
    return [file.path.stat().st_size // _LINE]


def persons_alike(files: Sequence[TableFile]) -> None:
    """A task sees one file, so that all files of persons have the same columns is looked at before."""
    first: list[str] | None = None
    for file in files:
        if file.table == PERSONS:
            names = columns_of(file)
            first = first or names
            if names != first:
                raise InputError(Message("population_columns_differ", {"columns": ", ".join(first)}), file=file.name)


def lay_aside_one(plan: Plan, piece: Piece) -> Laid:
    """The rows of one piece, each part's in a file of its own: rows/TABLE/PART-PIECE.arrow."""
    own = plan.out / ROWS / TASKS / f"{piece.number}-{uuid.uuid4().hex}"
    bad: list[BadRow] = []
    counted = spill(piece.file, own, plan.parts, bad.append, piece.shape, piece.groups)
    for made in sorted(own.glob("*/*.arrow")) if own.exists() else []:
        target = plan.out / ROWS / made.parent.name / f"{made.stem}-{piece.number:05d}.arrow"
        target.parent.mkdir(parents=True, exist_ok=True)
        made.replace(target)
    shutil.rmtree(own, ignore_errors=True)
    return counted, bad


def together(plan: Plan, laid: Sequence[Laid]) -> Laid:
    """What all tasks counted; nothing of theirs is left that is not in its place."""
    shutil.rmtree(plan.out / ROWS / TASKS, ignore_errors=True)
    rows: Counter[str] = Counter()
    for counted, _ in laid:
        rows.update(counted)
    return rows, [line for _, bad in laid for line in bad]
