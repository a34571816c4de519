"""Columns of few values that many records say, as NumPy arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from salyq.records.arrays import seen
from salyq.records.columns import Coded, Same


def numbers_of(column: Sequence[Any]) -> tuple[list[Any], Any]:
    """The values of a column, and of each row the number of its value."""
    if isinstance(column, Same):
        return [column.value], np.zeros(len(column), np.int32)
    own = Coded.from_column(column)
    return own.values, seen(own.numbers)


def ranks_of(column: Sequence[Any]) -> Any:
    """Of each row where its value stands among all of them, sorted."""
    values, numbers = numbers_of(column)
    place = np.empty(len(values), np.int64)
    place[sorted(range(len(values)), key=values.__getitem__)] = np.arange(len(values))
    return place[numbers]
