"""Which purchases an authorisation locks: coins leave in the order in which they came, and what is held stands in that
order too, so a hold covers a span of the purchases that no other payment can take.

This is what was locked. What a sale's cost is in law is the engine's to say, from the year's file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from salyq.office.pilots import events
from salyq.office.store.store import Transaction

_ALL = 100_000


class Lot(NamedTuple):
    """A purchase: its event, whole units and whole tiyn paid for them."""

    event: str
    units: int
    tiyn: int


class Locked(NamedTuple):
    """Of a purchase, so many units; `tiyn` is their share of what was paid, downwards."""

    event: str
    units: int
    tiyn: int

    def told(self) -> list[str]:
        return [self.event, str(self.units), str(self.tiyn)]


def bought(tx: Transaction, holder: str, asset: str, until: datetime | None = None) -> list[Lot]:
    """A holder's purchases of an asset, the first first."""
    found = events.of_holder_kind(tx, holder, ["bought"], _ALL)
    last = until or datetime.max.replace(tzinfo=UTC)
    kept = [e for e in reversed(found) if e.body["asset"] == asset and e.at <= last]
    return [Lot(e.id, int(e.body["units"]), int(e.body["tiyn"])) for e in kept]


def span(lots: Sequence[Lot], first: int, units: int) -> list[Locked]:
    """The purchases that cover `units` units after the first `first`."""
    found: list[Locked] = []
    at, left = 0, units
    for lot in lots:
        skip = max(0, first - at)
        if skip < lot.units and left:
            take = min(lot.units - skip, left)
            found.append(Locked(lot.event, take, _share(lot, skip, take)))
            left -= take
            first += take
        at += lot.units
    return found


def _share(lot: Lot, skip: int, take: int) -> int:
    """Shares of a purchase add up to what was paid for it."""
    return lot.tiyn * (skip + take) // lot.units - lot.tiyn * skip // lot.units
