"""Which halves of conversions belong to one moment, where a venue gives them no number.

Rows of one second are one moment. A venue may book the sides seconds apart: what lacks a counterpart goes on into the
next moment two seconds later at most; and two lone halves, one out and one in, are one conversion up to ten seconds
apart where no other half is as near. Nothing else is joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar

_GOES_ON = timedelta(seconds=2)
_LONE = timedelta(seconds=10)
T = TypeVar("T")


class Half(NamedTuple):
    """What a row says of itself: signed `change` in 10⁻¹⁸ of `coin`."""

    time: datetime
    coin: str
    change: int
    line: int


def moments(rows: Iterable[T], told: Callable[[T], Half]) -> list[list[T]]:
    """`rows` of one place and kind, by moment, in order of time; rows may come in any order."""
    found: list[list[tuple[Half, T]]] = []
    for half, row in sorted(((told(row), row) for row in rows), key=lambda pair: _order(pair[0])):
        if found and (half.time == found[-1][-1][0].time or _goes_on(found[-1], half)):
            found[-1].append((half, row))
        else:
            found.append([(half, row)])
    return [[row for _, row in moment] for moment in _lone_halves(found)]


def _order(half: Half) -> tuple[datetime, str, int, int]:
    return half.time, half.coin, half.change, half.line


def _goes_on(moment: Sequence[tuple[Half, T]], half: Half) -> bool:
    ways = {x.change > 0 for x, _ in moment if x.change}
    return len(ways) <= 1 and half.time - moment[0][0].time <= _GOES_ON


def _lone_halves(found: list[list[tuple[Half, T]]]) -> list[list[tuple[Half, T]]]:
    """Two neighbours that lack each other, if neither has another such neighbour."""
    lone = [len({(x.coin, x.change > 0) for x, _ in moment}) == 1 and moment[0][0].change != 0 for moment in found]
    near = [
        lone[n] and lone[n + 1] and then[0][0].time - first[-1][0].time <= _LONE
        for n, (first, then) in enumerate(pairwise(found))
    ]
    joined: list[list[tuple[Half, T]]] = []
    for n, moment in enumerate(found):
        alone = n > 0 and near[n - 1] and not (n > 1 and near[n - 2]) and not (n < len(near) and near[n])
        if alone and _other_side(found[n - 1][0][0], moment[0][0]):
            joined[-1].extend(moment)
        else:
            joined.append(list(moment))
    return joined


def _other_side(first: Half, then: Half) -> bool:
    return first.coin != then.coin and (first.change > 0) != (then.change > 0)
