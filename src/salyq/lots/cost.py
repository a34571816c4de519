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
        if number in known:
            return known[number]
        seen, waiting = {number}, [number]
        for at in waiting:
            for piece in self._lots[at].parts:
                if piece.lot not in known and piece.lot not in seen:
                    seen.add(piece.lot)
                    waiting.append(piece.lot)
        for at in sorted(seen):  # the parts of a pool have smaller numbers
            _, key, _, _, parts = self._lots[at]
            if key is not None:
                known[at] = self._of_acquisition(key)
            elif len(parts) == 1:
                known[at] = self.slice(*parts[0])
            else:
                known[at] = total([self.slice(*piece) for piece in parts])
        return known[number]

    def slice(self, number: int, x0: int, x1: int) -> Cost:
        """Cost of positions (x0, x1] of a lot: the slices of a lot sum to its cost exactly."""
        whole = self._known.get(number) or self.lot(number)
        quantity = self._lots[number][2]
        if x0 == 0 and x1 == quantity:
            return whole  # also the one slice of a lot of quantity 0
        return tuple([None if cost is None else part(cost, quantity, x0, x1) for cost in whole])


def total(costs: Iterable[Cost]) -> Cost:
    """The sum, track by track; unknown where one is. The sum of nothing has no tracks."""
    return tuple([_sum(track) for track in zip(*costs, strict=True)])


def _sum(track: Sequence[int | None]) -> int | None:
    return None if None in track else sum(track)  # type: ignore[arg-type]
