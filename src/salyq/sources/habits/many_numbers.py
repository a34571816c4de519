"""Plain decimals of many cells in one pass of NumPy; by_columns.py reads few of them, and those that 64 bits do not
hold."""

from __future__ import annotations

from array import array

import numpy as np

from salyq.records.columns import GRAINS, NONE, Amounts

_ROOM = 18  # decimal digits that always fit into 64 bits
_POINT, _END = b".\n"


def read(cells: str) -> Amounts | None:
    """Amounts of cells that are plain decimals or empty, each ended by a line end; None where 64 bits have no room."""
    letters = np.frombuffer(cells.encode("ascii"), np.uint8)
    ends, points = np.flatnonzero(letters == _END), np.flatnonzero(letters == _POINT)
    length = np.diff(ends, prepend=-1) - 1
    decimals = np.zeros(len(ends), np.int64)
    cell = np.searchsorted(ends, points)
    decimals[cell] = ends[cell] - points - 1
    whole = length - decimals
    whole[cell] -= 1
    grain = next(g for g in GRAINS if 10 ** (_ROOM - int(decimals.max(initial=0))) % g == 0)
    places = len(str(10**_ROOM // grain)) - 1
    if int(whole.max(initial=0)) + places > _ROOM:
        return None
    numbers, filled = np.full(len(ends), NONE, np.int64), length > 0
    tens = 10 ** np.arange(places + 1, dtype=np.int64)
    read = np.fromstring(cells.replace(".", ""), np.int64, sep="\n")
    numbers[filled] = read * tens[places - decimals[filled]]
    return Amounts(array("q", numbers.tobytes()), grain, not bool(filled.all()))
