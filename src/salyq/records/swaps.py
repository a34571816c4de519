"""Swaps of two legs, and which of them may only give a coin for its new name (semantics 42)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from salyq.civil.numbers import round_half_up
from salyq.records.model import UNIT, Record
from salyq.records.table import Records

_ROUNDED = UNIT // 10**8  # what a venue may round


class TwoLegs(NamedTuple):
    """A swap that is told in two rows; `key`: (file, group)."""

    key: tuple[str, str]
    given: Record
    taken: Record

    def at(self, ratio: int) -> bool:
        """Whether `ratio` (10⁻¹⁸) was taken for one."""
        return abs(self.taken.quantity - round_half_up(self.given.quantity * ratio, UNIT)) <= _ROUNDED


def two_legs(records: Records) -> Iterator[TwoLegs]:
    """The swaps of which one row is given and one taken."""
    legs: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for r in records.some(records.of_kinds("swap_in", "swap_out")):
        if r.group is not None:
            legs[r.source.file, r.group].append(r)
    for key, own in legs.items():
        sides = {r.kind: r for r in own}
        if len(own) == 2 and len(sides) == 2:
            yield TwoLegs(key, sides["swap_out"], sides["swap_in"])
