"""What a slice of a lot cost: A(x1) − A(x0) of the lot's cost (architecture §3), through any chain of pools.

A cost is a tuple of tracks counted side by side, say the deal's own currency in 10⁻¹⁸ and tenge in tiyn; None in a
track is unknown. A pool's cost is the sum of its parts' costs, and unknown when one of them is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from salyq.civil.numbers import part
from salyq.lots.model import Lot

Cost = tuple[int | None, ...]


class Costs:
    """Costs of lots and slices. `of_acquisition(key)` is asked once for each acquisition that a question touches.

    Every answer of `of_acquisition` has the same number of tracks.
    """

    def __init__(self, lots: Sequence[Lot], of_acquisition: Callable[[int], Cost]) -> None:
        self._lots = lots
        self._of_acquisition = of_acquisition
        self._known: dict[int, Cost] = {}

    def lot(self, number: int) -> Cost:
        """Cost of the whole lot. Not recursive: pools chain as long as the history."""
        known = self._known
        waiting = [number]
        while waiting:
            lot = self._lots[waiting[-1]]
            missing = [p.lot for p in lot.parts if p.lot not in known] if lot.number not in known else []
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if lot.number not in known:
                known[lot.number] = self._work_out(lot)
        return known[number]

    def _work_out(self, lot: Lot) -> Cost:
        if lot.key is not None:
            return self._of_acquisition(lot.key)
        return total(self.slice(p.lot, p.x0, p.x1) for p in lot.parts)

    def slice(self, number: int, x0: int, x1: int) -> Cost:
        """Cost of positions (x0, x1] of a lot: the slices of a lot sum to its cost exactly."""
        whole = self._known.get(number) or self.lot(number)
        if x0 == 0 and x1 == self._lots[number].quantity:
            return whole  # also the one slice of a lot of quantity 0
        quantity = self._lots[number].quantity
        return tuple([None if cost is None else part(cost, quantity, x0, x1) for cost in whole])


def total(costs: Iterable[Cost]) -> Cost:
    """The sum, track by track; unknown where one is. The sum of nothing has no tracks."""
    return tuple([_sum(track) for track in zip(*costs, strict=True)])


def _sum(track: Sequence[int | None]) -> int | None:
    known = [cost for cost in track if cost is not None]
    return sum(known) if len(known) == len(track) else None
