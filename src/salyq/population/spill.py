"""Rows laid aside by person: each part holds all rows of its persons, and is small enough to be worked on in memory."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.population.coded import RECORDS, by_part, coded_columns, ranked
from salyq.population.tables import (
    FILE,
    PERSON,
    PERSONS,
    ROW,
    BadRow,
    Groups,
    TableFile,
    batches,
    in_codes,
    names_in,
    of_arrow,
    own_tables,
    typed_columns,
)
from salyq.sources.format import Format

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str, int, int | None], None]
_ROWS_OF_A_FILE = 44  # bits
_HELD = 1 << 16  # rows of one table and part held before they are written
_ALL = 1 << 20  # rows of all of them held
_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"  # of a stream that was written whole


def part_of(person: str, parts: int) -> int:
    """The part that a person's rows lie in; the same on every machine."""
    return zlib.crc32(person.encode()) % parts


def parts_of(persons: pa.Array, parts: int) -> Any:
    """The same of many names."""
    import numpy as np
    import pyarrow as pa

    return np.array([*map(zlib.crc32, persons.cast(pa.binary()).to_pylist())], np.int64) % parts


class Spill:
    """Writes rows into `folder`/TABLE/PART.arrow. `rows` counts what was laid aside, by table."""

    def __init__(self, folder: Path, parts: int) -> None:
        self.folder, self.parts = folder, parts
        self.rows: Counter[str] = Counter()
        self._held: dict[tuple[str, int], list[pa.RecordBatch]] = {}
        self._count: Counter[tuple[str, int]] = Counter()
        self._writers: dict[tuple[str, int], pa.RecordBatchStreamWriter] = {}

    def add(self, table: str, batch: pa.RecordBatch) -> None:
        """Lays the rows of a batch aside, each with its person's part."""
        for part, rows in by_part(batch, lambda names: parts_of(names, self.parts)):
            self._hold(table, part, rows)
        self.rows[table] += batch.num_rows
        if sum(self._count.values()) >= _ALL:
            for key in list(self._held):
                self._write(key)

    def _hold(self, table: str, part: int, rows: pa.RecordBatch) -> None:
        key = (table, part)
        self._held.setdefault(key, []).append(rows)
        self._count[key] += rows.num_rows
        if self._count[key] >= _HELD:
            self._write(key)

    def _write(self, key: tuple[str, int]) -> None:
        import pyarrow as pa

        held = pa.Table.from_batches(self._held.pop(key)).combine_chunks()
        writer = self._writers.get(key)
        if writer is None:
            path = self.folder / key[0] / f"{key[1]:05d}.arrow"
            path.parent.mkdir(parents=True, exist_ok=True)
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            writer = self._writers[key] = pa.ipc.new_stream(path, held.schema, options=options)
        writer.write_table(held)
        self._count[key] = 0

    def close(self) -> None:
        for key in list(self._held):
            self._write(key)
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()


class Shape(NamedTuple):
    """What all files of a table are laid aside with: the columns that one of them has, and those that are `typed` in
    each (`typed_columns`). Asked once a run: it looks into every file."""

    names: frozenset[str]
    typed: Mapping[str, pa.DataType]


def shapes_of(files: Sequence[TableFile]) -> dict[str, Shape]:
    """By table."""
    tables: dict[str, list[TableFile]] = {}
    for file in files:
        tables.setdefault(file.table, []).append(file)
    return {
        table: Shape(names_in(own), typed_columns(own, RECORDS) if table == RECORDS else {})
        for table, own in tables.items()
    }


def spill(
    file: TableFile,
    folder: Path,
    parts: int,
    bad: Callable[[BadRow], None],
    shape: Shape,
    groups: Groups | None = None,
) -> Counter[str]:
    """Lays aside the rows of a file, or of some of its row groups. Returns how many, by table."""
    form = None if file.table == PERSONS else own_tables()[file.table]
    out = Spill(folder, parts)
    table = PERSONS if form is None else form.name
    names: list[str] = []
    short = coded_columns(table, sorted(shape.names))
    for batch in batches(file, form, bad, shape.typed, groups, short):
        names = names or _names(batch, form, shape.names)
        out.add(table, _shaped(batch, names, short))
    out.close()
    return out.rows


def _names(batch: pa.RecordBatch, form: Format | None, there: frozenset[str]) -> list[str]:
    """The columns of a table in the order of our format; of persons as they stand."""
    own: list[str] = list(batch.schema.names)
    return own if form is None else [PERSON, *(c.name for c in form.columns if c.name in there), *own[-2:]]


def _shaped(batch: pa.RecordBatch, names: Sequence[str], short: frozenset[str]) -> pa.RecordBatch:
    """A file may lack optional columns that another of its table has: empty here. Those that are `short` are coded."""
    import pyarrow as pa

    have = set(batch.schema.names)
    columns = [batch.column(n) if n in have else pa.repeat("", batch.num_rows) for n in names]
    made = [in_codes(c) if n in short else c for n, c in zip(names, columns, strict=True)]
    return pa.RecordBatch.from_arrays(made, names=list(names))


@contextmanager
def laid(path: Path) -> Iterator[pa.MemoryMappedFile]:
    """A file of rows laid aside. InputError where it is damaged, or cut off."""
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as source:
            yield source
            size = source.size()
            if size < len(_END) or source.read_at(len(_END), size - len(_END)) != _END:
                raise pa.ArrowInvalid("no end")
    except (pa.ArrowException, OSError) as error:
        if not of_arrow(error):
            raise
        raise InputError(Message("population_left_damaged"), file=str(path)) from None


def load(folder: Path, part: int) -> Mapping[str, pa.Table]:
    """The rows of one part by table, in order of person and place; who laid them aside leaves no trace. InputError: a
    file of them is damaged."""
    import pyarrow as pa

    tables: dict[str, list[pa.Table]] = {}
    for path in sorted(folder.glob(f"*/{part:05d}*.arrow")):
        with laid(path) as source:
            tables.setdefault(path.parent.name, []).append(pa.ipc.open_stream(source).read_all())
    return {name: _sorted(pa.concat_tables(own).combine_chunks()) for name, own in tables.items()}


def _sorted(rows: pa.Table) -> pa.Table:
    """Rows in order of person and place; those that are so already, as rows of sorted files are, stay."""
    import numpy as np
    import pyarrow as pa

    person = ranked(rows.column(PERSON))
    place = rows.column(FILE).to_numpy().astype("int64") << _ROWS_OF_A_FILE | rows.column(ROW).to_numpy()
    ahead = person[:-1] < person[1:]
    if bool((ahead | ((person[:-1] == person[1:]) & (place[:-1] < place[1:]))).all()):
        return rows
    return rows.take(pa.array(np.lexsort((place, person)))).combine_chunks()
