"""Lots over columns: the kernel in C where one was built, and the same in Python integers everywhere.

`SALYQ_KERNEL=off` keeps to Python. Both give the same numbers and the same errors; tests run both.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from salyq.lots import in_columns

FINE, UNSORTED, NEGATIVE, FULL, TOO_LARGE, NO_QUANTITY, NO_MEMORY = range(7)
WHY = {
    UNSORTED: "rows are not sorted by group",
    NEGATIVE: "a number is below zero where none may be",
    TOO_LARGE: "a number has no room in 126 bits",
    NO_QUANTITY: "a share of nothing",
    NO_MEMORY: "no memory",
}
_LIMIT = 1 << 126
_WORD = 1 << 64


class KernelError(ValueError):
    """`code` says why (WHY), `row` where: a defect of the caller, or numbers that no person's files hold."""

    def __init__(self, code: int, row: int) -> None:
        super().__init__(f"row {row}: {WHY.get(code, code)}")
        self.code, self.row = code, row


class Pieces(NamedTuple):
    """Row of the disposal, row of its lot (-1: a shortage), positions x0 to x1 (128-bit columns)."""

    disposal: Any
    lot: Any
    x0: Any
    x1: Any


class Kernel(Protocol):
    """What both do. Quantities and amounts are 128-bit columns (`packed`), groups and keys int64."""

    def fifo(self, group: Any, up: Any, quantity: Any, wanted: Any) -> Pieces:
        """First in, first out, of movements sorted by group and then by order."""

    def part(self, total: Any, quantity: Any, x0: Any, x1: Any, grain: Any) -> Any:
        """A(x1) − A(x0), A(x) = half up of total · x / (quantity · grain), times grain (architecture §3)."""

    def round_mul(self, amount: Any, numerator: Any, denominator: int) -> Any:
        """amount · numerator / denominator, half up, into int64."""

    def order(self, keys: Sequence[Any]) -> Any:
        """The order of rows by keys, the first one deciding; stable."""


# 128-bit columns ------------------------------------------------------------------------------------------
def packed(values: Any) -> Any:
    """Python integers (or int64) as a 128-bit column: pairs of words, the low one first."""
    column = np.asarray(values)
    if column.dtype == np.int64:
        made = np.empty((len(column), 2), np.uint64)
        made[:, 0] = column.view(np.uint64)
        made[:, 1] = (column >> 63).view(np.uint64)
        return made
    words = np.empty((len(column), 2), np.uint64)
    if len(column):
        words[:, 0] = (column & (_WORD - 1)).astype(np.uint64)
        words[:, 1] = (column >> 64).astype(np.int64).view(np.uint64)
    return words


def unpacked(column: Any) -> Any:
    """A 128-bit column as Python integers."""
    found, high = column[:, 0].astype(object), column[:, 1].view(np.int64)
    rows = np.flatnonzero(high)
    if len(rows):
        found[rows] += high[rows].astype(object) * _WORD
    return found


def narrow(column: Any) -> Any:
    """A 128-bit column in 64 bits; None where not all of it fits."""
    low, high = column[:, 0].view(np.int64), column[:, 1].view(np.int64)
    return np.ascontiguousarray(low) if bool((high == low >> 63).all()) else None


def shortest(column: Any) -> Any:
    """A 128-bit column in 64 bits where all of it fits, else as Python integers."""
    found = narrow(column)
    return unpacked(column) if found is None else found


# Python ------------------------------------------------------------------------------------------
class InPython:
    """The specification."""

    def fifo(self, group: Any, up: Any, quantity: Any, wanted: Any) -> Pieces:
        small = narrow(quantity)
        if small is None or not in_columns.fits(small):
            return self._fifo(group, up, quantity, wanted)
        faults = [(np.flatnonzero(small < 0), NEGATIVE), (np.flatnonzero(group[1:] < group[:-1]) + 1, UNSORTED)]
        first = [(int(rows[0]), code) for rows, code in faults if len(rows)]
        if first:
            row, why = min(first, key=lambda f: f[0])  # of one row: what is below zero
            raise KernelError(why, row)
        disposal, lot, x0, x1 = in_columns.first_in(group, up, small, wanted)
        return Pieces(disposal, lot, packed(x0), packed(x1))

    def _fifo(self, group: Any, up: Any, quantity: Any, wanted: Any) -> Pieces:
        """Row by row, of quantities that sums of 64 bits have no room for."""
        found: list[tuple[int, int, int, int]] = []
        amounts = unpacked(quantity).tolist()
        lots: list[list[int]] = []  # [row, left]
        head, before = 0, None
        rows = zip(group.tolist(), up.tolist(), amounts, wanted.tolist(), strict=True)
        for n, (own, acquired, need, want) in enumerate(rows):
            if need < 0:
                raise KernelError(NEGATIVE, n)
            if before is not None and own < before:
                raise KernelError(UNSORTED, n)
            if own != before:
                lots, head, before = [], 0, own
            if acquired:
                lots.append([n, need])
                continue
            while need:
                while head < len(lots) and not lots[head][1]:
                    head += 1
                if head == len(lots):
                    if want:
                        found.append((n, -1, 0, need))
                    break
                row, left = lots[head]
                taken = min(need, left)
                start = amounts[row] - left
                if want:
                    found.append((n, row, start, start + taken))
                lots[head][1] -= taken
                need -= taken
        columns = list(zip(*found, strict=True)) or [(), (), (), ()]
        disposal, lot = (np.array(c, np.int64) for c in columns[:2])
        return Pieces(disposal, lot, packed(np.array(columns[2], object)), packed(np.array(columns[3], object)))

    def part(self, total: Any, quantity: Any, x0: Any, x1: Any, grain: Any) -> Any:
        found = []
        columns = [unpacked(c).tolist() for c in (total, quantity, x0, x1)]
        for n, (t, q, a, b, g) in enumerate(zip(*columns, grain.tolist(), strict=True)):
            if min(t, q, a, b) < 0 or g <= 0:
                raise KernelError(NEGATIVE, n)
            if q == 0:
                raise KernelError(NO_QUANTITY, n)
            if q >= _LIMIT // g:
                raise KernelError(TOO_LARGE, n)
            upper, lower = _half_up(t * b, q * g), _half_up(t * a, q * g)
            if max(upper, lower) >= _LIMIT or abs(upper - lower) >= _LIMIT // g:
                raise KernelError(TOO_LARGE, n)
            found.append((upper - lower) * g)
        return packed(np.array(found, object))

    def round_mul(self, amount: Any, numerator: Any, denominator: int) -> Any:
        if not 0 < denominator < _LIMIT:
            raise KernelError(NO_QUANTITY, 0)
        found = []
        for n, (a, k) in enumerate(zip(unpacked(amount).tolist(), numerator.tolist(), strict=True)):
            if k < 0:
                raise KernelError(NEGATIVE, n)
            size = _half_up(abs(a) * k, denominator)
            if size >= 1 << 63:
                raise KernelError(TOO_LARGE, n)
            found.append(-size if a < 0 else size)
        return np.array(found, np.int64)

    def order(self, keys: Sequence[Any]) -> Any:
        return np.lexsort(tuple(reversed(list(keys))))


def _half_up(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)


# C ------------------------------------------------------------------------------------------
class InC:
    """The library; every call hands whole columns over."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self.library = library

    def _call(self, name: str, *args: Any) -> None:
        bad = ctypes.c_int64(0)
        code = getattr(self.library, name)(*args, ctypes.byref(bad))
        if code != FINE:
            raise KernelError(int(code), int(bad.value))

    def fifo(self, group: Any, up: Any, quantity: Any, wanted: Any) -> Pieces:
        rows = len(group)
        given = (_column(group, np.int64), _column(up, np.int8), _column(quantity, np.uint64), _column(wanted, np.int8))
        room = rows + int(np.count_nonzero(given[3])) + 1
        disposal, lot = np.empty(room, np.int64), np.empty(room, np.int64)
        x0, x1 = np.empty((room, 2), np.uint64), np.empty((room, 2), np.uint64)
        made = ctypes.c_int64(0)
        ends = (ctypes.c_int64(room), _at(disposal), _at(lot), _at(x0), _at(x1), ctypes.byref(made))
        self._call("salyq_fifo", ctypes.c_int64(rows), *map(_at, given), *ends)
        n = made.value
        return Pieces(disposal[:n].copy(), lot[:n].copy(), x0[:n].copy(), x1[:n].copy())

    def part(self, total: Any, quantity: Any, x0: Any, x1: Any, grain: Any) -> Any:
        out = np.empty((len(grain), 2), np.uint64)
        given = [_column(c, np.uint64) for c in (total, quantity, x0, x1)] + [_column(grain, np.int64)]
        self._call("salyq_part", ctypes.c_int64(len(grain)), *map(_at, given), _at(out))
        return out

    def round_mul(self, amount: Any, numerator: Any, denominator: int) -> Any:
        if not 0 < denominator < _LIMIT:
            raise KernelError(NO_QUANTITY, 0)
        out = np.empty(len(numerator), np.int64)
        below = packed(np.array([denominator], object))
        given = (_column(amount, np.uint64), _column(numerator, np.int64), below)
        self._call("salyq_round_mul", ctypes.c_int64(len(numerator)), *map(_at, given), _at(out))
        return out

    def order(self, keys: Sequence[Any]) -> Any:
        columns = [_column(k, np.int64) for k in keys]
        out = np.empty(len(columns[0]), np.int64)
        pointers = (ctypes.c_void_p * len(columns))(*[c.ctypes.data for c in columns])
        self._call("salyq_order", ctypes.c_int64(len(out)), ctypes.c_int64(len(columns)), pointers, _at(out))
        return out


def _column(values: Any, kind: Any) -> Any:
    return np.ascontiguousarray(values, dtype=kind)


def _at(column: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(column.ctypes.data)


def built() -> Path | None:
    """The library beside this module, where a compiler was there when Salyq was installed."""
    here = Path(__file__).parent
    return next((p for s in EXTENSION_SUFFIXES if (p := here / f"_kernel{s}").is_file()), None)


@cache
def kernel() -> Kernel:
    """The kernel in C where there is one that loads, else in Python."""
    path = None if os.environ.get("SALYQ_KERNEL") == "off" else built()
    if path is None:
        return InPython()
    try:
        return InC(ctypes.CDLL(str(path)))
    except OSError:  # built for another machine
        return InPython()
