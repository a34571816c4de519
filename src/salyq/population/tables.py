"""The tables of a population: which files there are, and their rows as batches of text (docs/population.md).

A table is our own format of that name with one column more, `person`. It stands as `records.parquet`, `records.csv`,
`records-*.parquet` or any files in a folder `records/`; several files of one table are one table.
"""

from __future__ import annotations

import csv as lines
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.records.reading import Yields
from salyq.sources.format import Format
from salyq.sources.registry import outlines

if TYPE_CHECKING:
    import pyarrow as pa

PERSON = "person"
PERSONS = "persons"
FILE, ROW = (
    "#file",
    "#row",
)  # where a row came from: the number of its file, its number in it (from 1, header not counted)
ENDINGS = (".parquet", ".csv")
MOMENTS, NUMBERS = ("time",), ("quantity", "value", "fee")  # columns of records that need not become text
_BLOCK = 1 << 22  # bytes of a CSV file read at once
_ROWS = 1 << 17  # rows of a batch
_CHUNK = 1 << 22
_SCALE, _WHOLE = 18, 20  # digits behind the point and before it, of a number that stays one


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file of a table. `number` names it within the run."""

    number: int
    table: str
    path: Path
    name: str


class Groups(NamedTuple):
    """Row groups of a Parquet file from `first` to before `last`; `above`: rows of the file before them."""

    first: int
    last: int
    above: int


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that is no row of its table: its number, its text, and why."""

    file: TableFile
    row: int
    text: str
    reason: Message


def own_tables() -> dict[str, Format]:
    """Our own formats by the name of their table, as outlines; readings may also be called `readings`."""
    found = {f.name: f for f in outlines() if f.own}
    energy = next(f for f in found.values() if f.yields == frozenset({Yields.ENERGY}))
    return {**found, "readings": energy}


def of_persons(form: Format) -> bool:
    """Whether its rows belong to one person; quotes serve all."""
    return form.yields != frozenset({Yields.QUOTES})


def find_tables(folder: Path) -> list[TableFile]:
    """The files of a population, in order of their names. InputError: no folder, no persons, a file of no table."""
    if not folder.is_dir():
        raise InputError(Message("folder_missing"), file=str(folder))
    found = tables_in(folder)
    if not any(file.table == PERSONS for file in found):
        raise InputError(
            Message("population_no_persons", {"name": f"{PERSONS}.parquet, {PERSONS}.csv"}), file=str(folder)
        )
    return found


def tables_in(folder: Path) -> list[TableFile]:
    """The files of tables below a folder, in order of their names. InputError: a file of no table."""
    known = (PERSONS, *own_tables())
    found: list[tuple[str, Path]] = []
    for path in _files_below(folder):
        relative = path.relative_to(folder)
        stem = relative.parts[0] if len(relative.parts) > 1 else path.stem.partition("-")[0]
        if path.suffix.lower() not in ENDINGS or stem not in known:
            raise InputError(Message("population_no_table", {"tables": ", ".join(sorted(known))}), file=str(relative))
        found.append((stem, path))
    return [TableFile(n, t, p, p.relative_to(folder).as_posix()) for n, (t, p) in enumerate(found)]


def _files_below(folder: Path) -> list[Path]:
    """All files, those behind links too, each once; files whose names begin with a point are left out. InputError: a
    link that leads nowhere, as rows would be lost without a word."""
    found: list[Path] = []
    seen = {folder.resolve()}

    def is_new(path: Path) -> bool:
        real = path.resolve()
        known = real in seen
        seen.add(real)
        return not known

    for name, folders, files in os.walk(folder, followlinks=True):
        here = Path(name)
        folders[:] = [f for f in sorted(folders) if is_new(here / f)]  # a link may lead back, or beside
        for path in (here / file for file in sorted(files) if not file.startswith(".")):
            if not path.is_file():
                raise InputError(Message("population_dead_link"), file=str(path.relative_to(folder)))
            if is_new(path):
                found.append(path)
    return sorted(found)


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def batches(
    file: TableFile, form: Format | None, bad: Callable[[BadRow], None],
    typed: Mapping[str, pa.DataType] | None = None, groups: Groups | None = None,
    coded: frozenset[str] = frozenset(),
) -> Iterator[pa.RecordBatch]:  # fmt: skip
    """Rows of a file as columns of text: those of its table (`form`; None for persons: every column), `#file`, `#row`.

    A cell without a value is "". Columns that are `typed` stay numbers and moments (`typed_columns`), null without a
    value. Of a Parquet file columns that are `coded` are numbers of their distinct cells, and only `groups` of it are
    read. Lines that are no rows go to `bad`. InputError where the file as a
    whole is unusable.
    """
    with readable(file):
        yield from (
            _parquet(file, form, typed or {}, groups, coded)
            if file.path.suffix.lower() == ".parquet"
            else _csv(file, form, bad)
        )


@contextmanager
def readable(file: TableFile) -> Iterator[None]:
    """InputError where a file is not what its name says: cut off, damaged, of types that have no place here."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        if not of_arrow(error):
            raise
        why = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise InputError(Message("population_unreadable", {"why": why}), file=file.name) from None


def of_arrow(error: Exception) -> bool:
    """Whether an error of reading is one of what was read: Arrow's own but a want of memory, which it counts among
    them; one of the system has a number."""
    return error.errno is None if isinstance(error, OSError) else not isinstance(error, MemoryError)


def names_in(files: Sequence[TableFile]) -> frozenset[str]:
    """The columns that some of the files have; of one that cannot be read whoever reads it says so."""
    found: set[str] = set()
    for file in files:
        with suppress(InputError):
            found.update(_names_of(file))
    return frozenset(found)


def _names_of(file: TableFile) -> list[str]:
    import pyarrow.parquet as pq

    with readable(file):
        return pq.read_schema(file.path).names if file.path.suffix.lower() == ".parquet" else _header(file)


def typed_columns(files: Sequence[TableFile], table: str) -> Mapping[str, pa.DataType]:
    """Columns of a table that are numbers or moments in all its files, so that they need not become text, and the type
    that holds all of them: decimals with room in 38 digits of which 18 are behind the point, moments of a zone of at
    most microseconds."""
    import pyarrow.parquet as pq

    found: list[dict[str, pa.DataType]] = []
    for file in files:
        if file.table != table:
            continue
        if file.path.suffix.lower() != ".parquet":
            return {}
        try:
            with readable(file):
                schema = pq.read_schema(file.path)
        except InputError:  # whoever reads it says so
            return {}
        found.append({field.name: field.type for field in schema if _fits(field.name, field.type)})
    shared = set.intersection(*map(set, found)) if found else set()
    made = {name: _holding([types[name] for types in found]) for name in shared}
    return {name: kind for name, kind in made.items() if kind is not None}


def _holding(types: Sequence[pa.DataType]) -> pa.DataType | None:
    """The type that holds all of these; None where some are moments and some are numbers."""
    import pyarrow as pa

    if all(pa.types.is_timestamp(t) for t in types):
        return pa.timestamp("us", "UTC")
    if any(pa.types.is_timestamp(t) for t in types):
        return None
    return pa.decimal128(_SCALE + _WHOLE, max(t.scale for t in types))


def _fits(name: str, kind: pa.DataType) -> bool:
    """Whether a column of numbers holds numbers that fit, or one of moments such moments; others are text."""
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        return name in MOMENTS and kind.tz is not None and kind.unit in ("s", "ms", "us")
    room = pa.types.is_decimal128(kind) and 0 <= kind.scale <= _SCALE and kind.precision - kind.scale <= _WHOLE
    return bool(name in NUMBERS and room)


def _checked(file: TableFile, form: Format | None, names: Sequence[str]) -> list[str]:
    """The columns to keep. InputError: one that is missing, unknown or there twice."""
    for name in names:
        if names.count(name) > 1:
            raise InputError(Message("population_column_twice"), file=file.name, column=name)
    needed = [] if form is None else [c.name for c in form.columns if c.required]
    lead = [PERSON] if form is None or of_persons(form) else []
    for name in (*lead, *needed):
        if name not in names:
            raise InputError(Message("population_column_missing", {"column": name}), file=file.name)
    if form is not None:
        allowed = {*lead, *(c.name for c in form.columns)}
        for name in names:
            if name not in allowed:
                told = ", ".join((*lead, *(c.name for c in form.columns)))
                raise InputError(Message("population_column_unknown", {"columns": told}), file=file.name, column=name)
    return list(names)


def _csv(file: TableFile, form: Format | None, bad: Callable[[BadRow], None]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import csv

    skipped: list[int] = []

    def broken(row: csv.InvalidRow) -> str:
        number = (row.number or 2) - 1
        skipped.append(number)
        params = {"cells": row.actual_columns, "columns": row.expected_columns}
        bad(BadRow(file, number, row.text[:200], Message("row_too_long", params)))
        return "skip"

    names = _checked(file, form, _header(file))
    reader = csv.open_csv(
        file.path,
        read_options=csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names, skip_rows=1),
        parse_options=csv.ParseOptions(newlines_in_values=True, invalid_row_handler=broken),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    done = 0
    for batch in reader:
        rows = _numbers(done, batch.num_rows, skipped)
        done = rows[-1] if rows else done
        yield _with_place(batch, file, rows)


def _header(file: TableFile) -> list[str]:
    """The first line of a CSV file."""
    with file.path.open("rb") as raw:
        head = raw.readline(1 << 16).decode("utf-8-sig", "replace").strip()
    return [cell.strip() for cell in next(lines.reader(head.splitlines()[:1], skipinitialspace=True), [])]


def columns_of(file: TableFile) -> list[str]:
    """The columns of a file of persons. InputError where the file as a whole is unusable."""
    return _checked(file, None, _names_of(file))


def _numbers(done: int, count: int, skipped: list[int]) -> list[int]:
    """The numbers of the next `count` rows after row `done`, without those that were no rows."""
    found: list[int] = []
    out, at = set(skipped), done
    while len(found) < count:
        at += 1
        if at not in out:
            found.append(at)
    return found


def _parquet(
    file: TableFile, form: Format | None, keep: Mapping[str, pa.DataType], groups: Groups | None, coded: frozenset[str]
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = pq.ParquetFile(file.path, page_checksum_verification=True)
    names = _checked(file, form, source.schema_arrow.names)
    for field in source.schema_arrow:
        if pa.types.is_floating(field.type):
            raise InputError(Message("population_float"), file=file.name, column=field.name)
    done = 0 if groups is None else groups.above
    some = None if groups is None else range(groups.first, groups.last)
    flat = {source.schema.column(n).path for n in range(len(source.schema))}
    source = pq.ParquetFile(
        file.path, metadata=source.metadata, read_dictionary=sorted(coded & flat), page_checksum_verification=True
    )
    for batch in source.iter_batches(_ROWS, row_groups=some, columns=names, use_threads=False):
        batch.validate(full=True)  # a damaged file can hold text that is none
        columns = [
            batch.column(n).cast(keep[n]) if n in keep else (in_codes if n in coded else text_of)(batch.column(n))
            for n in names
        ]
        texts = pa.RecordBatch.from_arrays(columns, names=names)
        yield _with_place(texts, file, range(done + 1, done + 1 + batch.num_rows))
        done += batch.num_rows


def text_of(column: pa.Array) -> pa.Array:
    """A column of any exact type as text, the way our own formats write it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_boolean(column.type):
        column = pc.if_else(column, "yes", "no")
    elif pa.types.is_timestamp(column.type):
        tz = column.type.tz and "UTC"
        column = column.cast(pa.timestamp("us", tz))
        form = f"%Y-%m-%dT%H:%M:%S{'Z' if tz else ''}"
        second = pc.floor_temporal(column, unit="second").cast(pa.timestamp("s", tz))
        whole = pc.equal(pc.subsecond(column), 0)  # a fraction is written only where there is one
        column = pc.if_else(whole, pc.strftime(second, form), pc.strftime(column, form))
    text = pc.fill_null(column.cast(pa.string()), "")
    return _written_out(text) if pa.types.is_decimal(column.type) else text


def in_codes(column: pa.Array) -> pa.DictionaryArray:
    """A column of any exact type as numbers of its distinct cells; a cell without a value is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.type == pa.dictionary(pa.int32(), pa.string()) and not column.null_count:
        cells = column.dictionary
        if not cells.null_count and len(pc.unique(cells)) == len(cells):  # a file may have one twice
            return column
    return text_of(column).dictionary_encode()


def _written_out(text: pa.Array) -> pa.Array:
    """Arrow writes small decimals with an exponent, 1.8E-7; our own formats write them out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    short = pc.match_substring(text, "E")
    if not pc.any(short).as_py():
        return text
    full = [format(Decimal(cell), "f") for cell in text.filter(short).to_pylist()]
    return pc.replace_with_mask(text, short, pa.array(full, pa.string()))


def _with_place(batch: pa.RecordBatch, file: TableFile, rows: Sequence[int]) -> pa.RecordBatch:
    import numpy as np
    import pyarrow as pa

    places = [pa.array(np.full(len(rows), file.number, np.int32)), pa.array(np.asarray(rows, np.int64))]
    return pa.RecordBatch.from_arrays([*batch.columns, *places], names=[*batch.schema.names, FILE, ROW])
