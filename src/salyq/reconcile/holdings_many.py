"""What many movements leave of each asset where it is held, by columns."""

from __future__ import annotations

from array import array

import numpy as np

from salyq.records.arrays import seen

_HALF = 32  # bits: sums of halves have room in 64 bits


def sums(keys: array[int], quantities: array[int], count: int) -> list[int]:
    """The sum of the quantities of each place, exactly."""
    own, amounts = seen(keys), seen(quantities)
    order = np.argsort(own, kind="stable")
    starts = np.searchsorted(own[order], np.arange(count))
    found = []
    for part in (amounts >> _HALF, amounts & (2**_HALF - 1)):
        upto = np.append(0, np.cumsum(part[order]))
        found.append(np.diff(upto[np.append(starts, len(own))]).tolist())
    return [(high << _HALF) + low for high, low in zip(*found, strict=True)]


def below(keys: array[int], quantities: array[int], count: int) -> set[int] | None:
    """The places that are below zero after a movement; None where 64 bits may have no room for what is held."""
    own, amounts = seen(keys), seen(quantities)
    sizes = np.abs(amounts)
    if (int((sizes >> _HALF).sum()) + len(sizes)) >> (63 - _HALF):
        return None
    order = np.argsort(own, kind="stable")
    held = np.cumsum(amounts[order])
    starts = np.searchsorted(own[order], np.arange(count))
    before = np.append(0, held)[starts]
    held -= np.repeat(before, np.diff(np.append(starts, len(own))))
    return set(np.unique(own[order][held < 0]).tolist())
