"""Text of a large table as numbers of its distinct cells, so that no row carries its text from file to file.

Parquet keeps text so by itself; rows laid aside keep it so too, and columns of records begin with it (texts_many.py).
Numbers and moments that are written as text are cut into digits anyway, and stay text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.population.tables import FILE, MOMENTS, NUMBERS, PERSON, PERSONS, ROW

if TYPE_CHECKING:
    import pyarrow as pa

RECORDS = "records"
_AS_TEXT: Mapping[str, frozenset[str]] = {RECORDS: frozenset({*MOMENTS, *NUMBERS, FILE, ROW})}
_ALIKE = frozenset({"kind", "region", "resident", "toml"})  # of persons
_FEW = 256  # distinct cells that each part may take along


def coded_columns(table: str, names: Sequence[str]) -> frozenset[str]:
    """The columns of a table that are kept so."""
    if table in _AS_TEXT:
        return frozenset(names) - _AS_TEXT[table]
    return frozenset({PERSON, *(_ALIKE if table == PERSONS else ())}).intersection(names)


def missing(count: int) -> pa.Array:
    """A column of text that no file has."""
    import pyarrow as pa

    nothing = pa.array(np.zeros(count, np.int32))
    return pa.DictionaryArray.from_arrays(nothing, pa.array([""], pa.string()))


def as_text(column: Any) -> Any:
    """A column as text again."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return column
    made = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return made.dictionary_decode()


def by_part(batch: pa.RecordBatch, part_of: Callable[[pa.Array], Any]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """(part, its rows of a batch): each with the names of its own persons, and not many more cells than it needs.
    `part_of`: the parts of names."""
    import pyarrow as pa

    place = batch.schema.get_field_index(PERSON)
    column = batch.column(place)
    part = part_of(column.dictionary)
    order = np.argsort(part, kind="stable")
    names, part = column.dictionary.take(pa.array(order)), part[order]
    number = np.empty(len(order), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    person = number[column.indices.to_numpy()]
    rows = np.argsort(part[person], kind="stable")
    person = person[rows]
    sorted_rows = batch.take(pa.array(rows))
    distinct, first = np.unique(part, return_index=True)
    starts: list[int] = [*first.tolist(), len(part)]
    ends: list[int] = np.searchsorted(person, starts).tolist()
    for n, own_part in enumerate(distinct.tolist()):
        low, high = ends[n], ends[n + 1]
        if high > low:
            own = pa.array(person[low:high] - np.int32(starts[n]))
            named = pa.DictionaryArray.from_arrays(own, names.slice(starts[n], starts[n + 1] - starts[n]))
            yield own_part, _cut(sorted_rows.slice(low, high - low)).set_column(place, PERSON, named)


def _cut(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows with no more distinct cells than they need."""
    import pyarrow as pa

    for n, column in enumerate(rows.columns):
        if pa.types.is_dictionary(column.type) and len(column.dictionary) > max(_FEW, rows.num_rows):
            rows = rows.set_column(n, rows.schema.names[n], column.dictionary_decode().dictionary_encode())
    return rows


def ranks(texts: Sequence[Any]) -> Any:
    """The place of each in the order of all."""
    found = np.empty(len(texts), np.int64)
    found[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return found


def ranked(column: Any) -> Any:
    """Numbers of cells that stand in the order of their texts."""
    encoded = column.combine_chunks().dictionary_encode()
    return ranks(encoded.dictionary.to_pylist())[encoded.indices.to_numpy()]
