"""Columns of many numbers in NumPy: what columns.py does of few in plain Python."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np


def seen(column: array[int]) -> Any:
    """The same numbers as a NumPy array, which is not to be written to."""
    made = np.frombuffer(column, column.typecode) if len(column) else np.zeros(0, column.typecode)
    made.flags.writeable = False
    return made


def kept(numbers: Any, typecode: str = "q") -> array[int]:
    """Numbers as a column of their own."""
    made = array(typecode)
    made.frombytes(np.ascontiguousarray(numbers, typecode).tobytes())
    return made


def picked(numbers: array[int], rows: Sequence[int]) -> array[int]:
    """The numbers of some rows, in their order."""
    own = seen(rows) if isinstance(rows, array) else np.asarray(rows, np.int64)
    return kept(seen(numbers)[own], numbers.typecode)


def above_zero(numbers: array[int]) -> array[int]:
    return kept(seen(numbers) > 0, "b")


def sizes(numbers: array[int]) -> array[int]:
    """Without their signs."""
    return kept(np.abs(seen(numbers)))


def renumbered(table: Sequence[int], numbers: Any) -> array[int]:
    return kept(np.array(table, np.int32)[numbers], "i")


def since(begins: Sequence[int], number: Any, micros: Any) -> array[int]:
    return kept(np.array(begins, np.int64)[number] + micros)
