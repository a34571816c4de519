"""Where many records of one instant may stand in the wrong order, found by columns."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

import numpy as np

from salyq.records.arrays import kept, seen
from salyq.records.many import below, numbers_of, ranks_of
from salyq.records.table import Records


def unsorted(records: Records, count: int, rank: Callable[[str, int | None], int] | None) -> list[tuple[int, int]]:
    """(start, end) of the runs of equal times among the first `count` records in which a record does not come after the
    one before it by rank, account, id, kind and asset."""
    times = seen(records.micros)[:count]
    later = np.flatnonzero(times[1:] == times[:-1]) + 1
    tie, after = np.ones(len(later), bool), np.zeros(len(later), bool)

    def by(key: Any) -> None:
        nonlocal tie, after
        own, before = key[later], key[later - 1]
        after |= tie & (own > before)
        tie = tie & (own == before)

    if rank is not None:
        by(_ranks(records, rank))
    by(ranks_of(records.column("account")))
    rows = later[tie]
    own, before = ([own_id or "" for (own_id,) in records.told(n.tolist(), "id")] for n in (rows, rows - 1))
    after[tie] = [a > b for a, b in zip(own, before, strict=True)]
    tie[tie] = [a == b for a, b in zip(own, before, strict=True)]
    by(ranks_of(records.column("kind")))
    by(ranks_of(records.column("asset")))
    starts = np.flatnonzero(np.append(True, times[1:] != times[:-1]))
    runs = np.unique(np.searchsorted(starts, later[~after], "right") - 1)
    ends = np.append(starts[1:], count)
    return list(zip(starts[runs].tolist(), ends[runs].tolist(), strict=True))


def firsts(times: array[int]) -> array[int]:
    """Of each place the first of its run of equal times."""
    own = seen(times)
    new = np.append(True, own[1:] != own[:-1])
    return kept(np.flatnonzero(new)[np.cumsum(new) - 1])


def _ranks(records: Records, rank: Callable[[str, int | None], int]) -> Any:
    """Ranks by kind; of some kinds a value below zero makes another one."""
    kinds, kind = numbers_of(records.column("kind"))
    lost = below(records.amounts("value"))
    won_or_not = np.array([[rank(name, 0) for name in kinds], [rank(name, -1) for name in kinds]])
    return won_or_not[lost.astype(np.int64), kind]
