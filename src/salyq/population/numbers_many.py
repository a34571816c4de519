"""Columns of decimals as whole numbers in one grain: 64 bits where all of them fit, else Python integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.lots.kernel import narrow, unpacked

if TYPE_CHECKING:
    import pyarrow as pa

PLACES = 18  # behind the point, at most
NARROW = (8, 12)  # places in which columns are tried to fit into 64 bits
_NUMBER = r"^[0-9]{1,20}(\.[0-9]{1,18})?$"


@dataclass(slots=True)
class Numbers:
    """Whole numbers (0 where there is none), marks of those given, and of those that are no plain decimals."""

    values: Any
    given: Any
    wrong: Any


def read_numbers(columns: Sequence[pa.Array]) -> tuple[dict[str, Numbers], int]:
    """(quantity, value and fee of records by name, the grain of all three: so many 10⁻¹⁸ is one of them)."""
    found, grain = numbers_of(columns)
    return dict(zip(("quantity", "value", "fee"), found, strict=True)), grain


def numbers_of(columns: Sequence[pa.Array]) -> tuple[list[Numbers], int]:
    """Numbers of several columns in one grain, and the grain."""
    read = [_typed(c) if _is_decimal(c) else _written(c) for c in columns]
    for places in NARROW:
        found = [_narrow(decimals, places) for decimals, _, _ in read]
        if all(values is not None for values in found):
            return _marked(found, read), 10 ** (PLACES - places)
    return _marked([unpacked(_words(_scaled(decimals, PLACES))) for decimals, _, _ in read], read), 1


def is_plain(cells: pa.Array) -> Any:
    """Marks of the cells of text that are plain decimals."""
    import pyarrow.compute as pc

    return pc.match_substring_regex(cells, _NUMBER).to_numpy(zero_copy_only=False)


def _marked(values: Sequence[Any], read: Sequence[Any]) -> list[Numbers]:
    return [Numbers(v, given, wrong) for v, (_, given, wrong) in zip(values, read, strict=True)]


def _is_decimal(column: pa.Array) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_decimal(column.type))


def _scaled(decimals: pa.Array, places: int) -> pa.Array:
    """With so many places. ArrowInvalid where digits would be lost."""
    import pyarrow as pa

    return decimals if decimals.type.scale == places else decimals.cast(pa.decimal128(38, places))


def _narrow(decimals: pa.Array, places: int) -> Any:
    """Counts of 10⁻places in 64 bits; None where one of them does not fit."""
    import pyarrow as pa

    try:
        return narrow(_words(_scaled(decimals, places)))
    except pa.ArrowInvalid:
        return None


def _words(numbers: pa.Array) -> Any:
    words = np.frombuffer(numbers.buffers()[1], np.int64).reshape(-1, 2)
    return words[numbers.offset : numbers.offset + len(numbers)].view(np.uint64)


def _typed(column: pa.Array) -> tuple[pa.Array, Any, Any]:
    """(decimals, marks of those given, marks of those below zero, which are for the reader to refuse)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    given = pc.is_valid(column).to_numpy(zero_copy_only=False)
    filled = column if not column.null_count else pc.fill_null(column, pa.scalar(0, column.type))
    return filled, given, _words(filled)[:, 1].view(np.int64) < 0


def _written(column: pa.Array) -> tuple[pa.Array, Any, Any]:
    """The same of text; `wrong` is what is no plain decimal."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(column, pa.DictionaryArray):
        column = column.dictionary_decode()
    given = pc.not_equal(column, "").to_numpy(zero_copy_only=False)
    nothing = np.zeros(len(column), bool)
    if not given.any():
        return pa.repeat(pa.scalar(0, pa.decimal128(38, PLACES)), len(column)), given, nothing
    try:
        return _decimals(column if given.all() else pc.if_else(given, column, "0")), given, nothing
    except pa.ArrowInvalid:  # some are no plain decimals: find out which
        plain = pc.match_substring_regex(column, _NUMBER)
        decimals = pc.if_else(plain, column, "0").cast(pa.decimal128(38, PLACES))
        return decimals, given, given & ~plain.to_numpy(zero_copy_only=False)


def _decimals(column: pa.Array) -> pa.Array:
    """Decimals of a column in which all are plain. ArrowInvalid where one is not: Arrow by itself would take ` 5`,
    `+5`, `.5` and `5e-1` too."""
    import pyarrow as pa
    import pyarrow.compute as pc

    strange = pc.max(pc.binary_length(pc.ascii_trim(column, "0123456789."))).as_py()
    if strange or pc.any(pc.or_(pc.starts_with(column, "."), pc.ends_with(column, "."))).as_py():
        raise pa.ArrowInvalid("no plain decimal")
    return column.cast(pa.decimal128(38, PLACES))
