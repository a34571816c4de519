"""What positions of a quantity carry of a total, by the kernel: 128 bits hold what 64 are too few for."""

from __future__ import annotations

from datetime import date
from math import gcd
from typing import Any

import numpy as np

from salyq.lots.kernel import InC, KernelError, kernel, packed, shortest
from salyq.rulebook import many_numbers
from salyq.rulebook.columns import OBJECT, Column, aligned, either, is_array, plain, spread
from salyq.rulebook.many import Many
from salyq.rulebook.many_tables import Rows, Table, counted
from salyq.rulebook.node import Node

_LARGEST = 2**62  # a factor that leaves room for its number in 128 bits


def part(m: Many, node: Node, t: Table, r: Rows, d: date) -> Column:
    """As `many_numbers.part`; what the kernel has no room for is left to that."""
    total, quantity, x0, x1, grain = m.values(node, t, r, d)
    positions, grain = aligned((quantity, x0, x1)), plain(grain)
    return _by_kernel(total, positions, grain, counted(t, r)) or many_numbers.carried(total, positions, grain)


def _by_kernel(total: Column, positions: list[Column], grain: Column, count: int) -> Column | None:
    """None where there is no kernel in C, or numbers are below zero or too large for it."""
    size = grain.parts[0]
    if not count or not isinstance(kernel(), InC) or not all(c.ends is not None for c in (total, *positions)):
        return None
    shared = gcd(total.grain, *(np.unique(size).tolist() if is_array(size) else [int(size)]))
    assert total.ends is not None
    factor = total.grain // shared
    ends = (min(0, total.ends[0] * factor), max(0, total.ends[1] * factor))
    columns = [spread(c.parts[0], count) for c in (total, *positions)]
    sizes = spread(size // shared, count)
    if total.ends[0] < 0 or factor >= _LARGEST or any(c.dtype == OBJECT for c in (*columns, sizes)):
        return None
    none = (columns[1] <= 0) | (sizes <= 0)  # rows that are not known
    if none.any():
        columns = [np.where(none, one, c) for one, c in zip((0, 1, 0, 0), columns, strict=True)]
        sizes = np.where(none, 1, sizes)
    try:
        of, x0, x1 = map(packed, columns[1:])
        made = kernel().part(_times(columns[0], factor), of, x0, x1, sizes)
    except KernelError:
        return None
    unknown = either(total.unknown, *[c.unknown for c in positions], grain.unknown)
    return Column((shortest(made),), unknown, ends, shared)


def _times(values: Any, factor: int) -> Any:
    """Numbers of 64 bits, none below zero, times a factor as a 128-bit column."""
    half, low_half = np.uint64(32), np.uint64(2**32 - 1)
    given = values.view(np.uint64)
    low, high = given & low_half, given >> half
    small, great = np.uint64(factor % 2**32), np.uint64(factor >> 32)
    first, second, third = low * small, low * great, high * small
    middle = (first >> half) + (second & low_half) + (third & low_half)
    made = np.empty((len(values), 2), np.uint64)
    made[:, 0] = (first & low_half) | (middle << half)
    made[:, 1] = high * great + (second >> half) + (third >> half) + (middle >> half)
    return made


def with_kernel(steps: Any) -> dict[str, Any]:
    """The operations of columns with this one."""
    return {**steps, "part": part}
