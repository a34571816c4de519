"""The movements of many records by columns: as legs.py makes them of few."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np

from salyq.civil.currencies import CODES
from salyq.reconcile.signs import DEALS, SIGNS
from salyq.records.arrays import kept, seen
from salyq.records.columns import NONE, Amounts, Coded
from salyq.records.many import numbers_of
from salyq.records.table import Records

_RESULT = 2  # in place of the sign of a derivative's result, which its value says


def legs_of(
    records: Records, quantity: array[int], value: array[int], fee: array[int], grain: int
) -> tuple[array[int], Coded, Amounts, Coded, array[int]]:
    """The columns of `Legs`. Amounts are in one grain, NONE where there is none."""
    kinds, kind = numbers_of(records.column("kind"))
    names, (asset, currency, paid) = _together(records, "asset", "currency", "fee_asset")
    none, money = np.array([not name for name in names]), np.array([name in CODES for name in names])
    amounts, values, fees = seen(quantity), seen(value), seen(fee)
    way = np.array([SIGNS.get(name, _RESULT) for name in kinds])[kind]
    way = np.where(way == _RESULT, np.where((values == NONE) | (values >= 0), 1, -1), way)
    main = way != 0
    swaps = main & np.array([name in DEALS for name in kinds])[kind] & (values != NONE) & ~money[currency]
    counter = swaps & (values != 0) & ~none[currency]
    paid = np.where(none[paid], asset, paid)
    fees_too = main & (fees != NONE) & (fees != 0) & ((paid == asset) | ~money[paid])

    starts = np.zeros(len(kind) + 1, np.int64)
    np.cumsum(main.astype(np.int64) + counter + fees_too, out=starts[1:])
    count = int(starts[-1])
    assets, numbers, told = np.empty(count, np.int32), np.empty(count, np.int64), np.empty(count, np.int32)
    tells = [*kinds, *sorted({name for deal in DEALS.values() for name in deal[1:]} | {"fee"} - set(kinds))]
    at = {name: n for n, name in enumerate(tells)}
    deals = [DEALS.get(name, (0, name, name)) for name in kinds]
    sign, of_main, of_counter = (
        np.array(column) for column in zip(*[(s, at[m], at[c]) for s, m, c in deals], strict=True)
    )
    for rows, place, own, amount, tell in (
        (main, starts[:-1], asset, way * amounts, np.where(swaps, of_main[kind], kind)),
        (counter, starts[:-1] + 1, currency, sign[kind] * values, of_counter[kind]),
        (fees_too, starts[1:] - 1, paid, -fees, np.full(len(kind), at["fee"])),
    ):
        to = place[rows]
        assets[to], numbers[to], told[to] = own[rows], amount[rows], tell[rows]
    row = np.repeat(np.arange(len(kind), dtype=np.int32), np.diff(starts))
    quantities = Amounts(kept(numbers), grain, False)
    return kept(row, "i"), Coded(names, kept(assets, "i")), quantities, Coded(tells, kept(told, "i")), kept(starts)


def _together(records: Records, *columns: str) -> tuple[list[Any], list[Any]]:
    """All values of some columns, each once (none is empty), and of each column the numbers of its rows."""
    own: dict[Any, int] = {}
    found = []
    for column in columns:
        values, numbers = numbers_of(records.column(column))
        found.append(np.array([own.setdefault(value or "", len(own)) for value in values], np.int64)[numbers])
    return [*own], found
