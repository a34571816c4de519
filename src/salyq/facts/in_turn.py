"""The order of many movements, as events.py orders few of them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np

from salyq.reconcile.legs import Legs


def in_turn(legs: Legs, first: Sequence[int], place: Sequence[int], taken: Sequence[int]) -> array[int]:
    """Some legs by instant; what comes in, what goes out, fees; and the place of their record in its instant."""
    told, own = legs.quantity.told, np.array(taken, np.int64)
    row = _numbers(legs.row)[own]
    fee = np.fromiter(map("fee".__eq__, legs.told), bool, len(legs.told))[own]
    out = (_numbers(told) if isinstance(told, array) else np.array(told, object))[own] <= 0
    ranks = np.where(fee, 2, out.astype(np.int64))
    order = np.argsort((3 * _numbers(first)[row] + ranks) * len(first) + _numbers(place)[row], kind="stable")
    return array("q", own[order].tobytes())


def _numbers(column: Any) -> Any:
    return np.frombuffer(column, np.int64) if len(column) else np.zeros(0, np.int64)
