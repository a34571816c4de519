"""The order of many movements, as events.py orders few of them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from salyq.reconcile.legs import Legs
from salyq.records.arrays import kept, seen
from salyq.records.many import numbers_of


def in_turn(legs: Legs, first: array[int], place: array[int], taken: Sequence[int]) -> array[int]:
    """Some legs by instant; what comes in, what goes out, fees; and the place of their record in its instant."""
    told, own = legs.quantity.told, np.array(taken, np.int64)
    row = seen(legs.row)[own]
    fee = np.array([kind == "fee" for kind in legs.told.values])[numbers_of(legs.told)[1][own]]
    out = (seen(told) if isinstance(told, array) else np.array(told, object))[own] <= 0
    ranks = np.where(fee, 2, out.astype(np.int64))
    order = np.argsort((3 * seen(first)[row] + ranks) * len(first) + seen(place)[row], kind="stable")
    return kept(own[order])
