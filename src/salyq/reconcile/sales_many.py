"""Fills of one sale among many records, found by columns: as sales.py joins few of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from salyq.reconcile.model import FirstFills
from salyq.records.arrays import kept, seen
from salyq.records.many import numbers_of
from salyq.records.table import Records


def join(records: Records, deals: Collection[str], pairs: Mapping[int, tuple[str, ...]], second: int) -> FirstFills:
    """Index of each joined fill -> index of the first fill of its sale. `deals`: the kinds that one order or one second
    joins; `pairs`: what was received for each other disposal that one second joins; `second` in microseconds."""
    kinds, kind = numbers_of(records.column("kind"))
    deal = np.array([name in deals for name in kinds])[kind]
    deal[list(pairs)] = True
    rows = np.flatnonzero(deal)
    days, day = numbers_of(records.column("day"))
    year = np.array([d.year for d in days])[day[rows]]
    near = _near(records, rows, pairs, second)
    keys = [near, kind[rows], *(numbers_of(records.column(name))[1][rows] for name in ("account", "asset"))]
    keys += [_against(records, rows, pairs), year]
    order = np.lexsort(keys[::-1])
    new = np.ones(len(rows), bool)
    new[1:] = np.logical_or.reduce([key[order][1:] != key[order][:-1] for key in keys])
    alone = new & np.append(new[1:], True)
    first = rows[order[new]][np.cumsum(new) - 1]  # rows rise within a group: lexsort is stable
    found = np.full(len(records), -1, np.int32)
    found[rows[order][~alone]] = first[~alone]
    return FirstFills(kept(found, "i"))


def _near(records: Records, rows: Any, pairs: Mapping[int, tuple[str, ...]], second: int) -> Any:
    """One order, or one second: an order has a number below zero."""
    near = seen(records.micros)[rows] // second
    own: dict[str, int] = {}
    told = records.told(rows.tolist(), "group")
    orders = np.array([own.setdefault(group, -len(own) - 1) if group else 0 for (group,) in told], np.int64)
    if pairs:
        orders[np.searchsorted(rows, list(pairs))] = 0  # the group of a swap only ties its legs
    return np.where(orders < 0, orders - 2**62, near)


def _against(records: Records, rows: Any, pairs: Mapping[int, tuple[str, ...]]) -> Any:
    """The currency of a deal, or what was received, which is below zero."""
    against = numbers_of(records.column("currency"))[1][rows].astype(np.int64)
    if pairs:
        got = {assets: -n - 1 for n, assets in enumerate(dict.fromkeys(pairs.values()))}
        against[np.searchsorted(rows, list(pairs))] = [got[assets] for assets in pairs.values()]
    return against
