"""Runs the lot queues: one for each asset over all own accounts (semantics 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from salyq.civil.numbers import NumberError, parse_scaled
from salyq.facts import few
from salyq.facts.events import Events
from salyq.facts.few import NO_LOT, POOL, UsedPieces
from salyq.lots.match import fifo, match, pooled
from salyq.lots.model import Lot, Matched, Movement, Piece

if TYPE_CHECKING:
    from salyq.facts.world import World


class Queues:
    """Matched lots of each asset, an asset matched when it is first asked about; pieces of the disposals of `year`."""

    def __init__(self, world: World, classes: bool) -> None:
        """`classes`: lots of an asset may be of several, which the world tells."""
        self.world, self.methods, self.year, self.classes = world, world.methods, world.year_number, classes
        self.events: Events = world.events
        self._ways = {method for y, method in world.methods.items() if y <= world.year_number}
        self._matched: dict[str, Matched] = {}
        self._pieces: dict[str, dict[int, list[Piece]]] = {}
        self._invalid: dict[str, list[int]] = {}
        self._used: UsedPieces | None = None

    @cached_property
    def keys(self) -> dict[str, list[int]]:
        """Of each asset's movements, in order of time."""
        found: dict[str, list[int]] = defaultdict(list)
        for key, asset in enumerate(self.events.asset):
            found[asset].append(key)
        return found

    def matched(self, asset: str) -> Matched:
        """All lots of an asset, and what each disposal used up."""
        if asset not in self._matched:
            self._match(asset)
        return self._matched[asset]

    def lot(self, asset: str, number: int) -> Lot:
        return self.matched(asset).lots[number]

    def pieces(self, asset: str, key: int) -> Sequence[Piece]:
        """What a disposal of the year used up."""
        self.matched(asset)
        return self._pieces[asset].get(key, ())

    def used(self) -> UsedPieces:
        """What the disposals of the year used up; of many movements as columns."""
        if self._used is None:
            if len(self.events) < few.LEAST:
                self._used = self._in_rows()
                return self._used
            from salyq.facts.moved import averaged, in_order, used_of

            made = None
            if self._ways == {"fifo"}:
                made = in_order(self.world.moved, self.year)
            elif self._ways == {"average"} and not self.classes and not self.world.unsure:
                made = averaged(self.world.moved, self.year)
            self._used = made or used_of(self._in_rows())
        return self._used

    def _in_rows(self) -> UsedPieces:
        """Asset by asset."""
        rows: list[tuple[int, int, int, int, int]] = []
        pools: dict[tuple[str, int], int] = {}
        for asset in self.keys:
            lots = self.matched(asset).lots
            for pieces in self._pieces[asset].values():
                for disposal, number, x0, x1 in pieces:
                    key, at = NO_LOT if number is None else lots[number][1], 0
                    if key is None:
                        key, at = POOL, pools.setdefault((asset, number), len(pools))  # type: ignore[arg-type]
                    rows.append((disposal, key, at, x0, x1))
        disposals, keys, places, begin, end = map(list, zip(*rows, strict=True)) if rows else ([] for _ in range(5))
        return UsedPieces(disposals, keys, places, begin, end, 1, list(pools))

    def used_in_year(self, asset: str) -> list[int]:
        """The lots that disposals of the year used, each once."""
        self.matched(asset)
        own = self._pieces[asset].values()
        return list(dict.fromkeys([p.lot for pieces in own for p in pieces if p.lot is not None]))

    def averaged_of(self) -> list[int]:
        """The acquisitions that the moving averages of the year's disposals rest on."""
        found: list[int] = []
        for asset in self.keys:
            lots = self.matched(asset).lots
            waiting = [n for n in self.used_in_year(asset) if lots[n].key is None]
            seen = set(waiting)
            for number in waiting:
                for piece in lots[number].parts:
                    if piece.lot not in seen:
                        seen.add(piece.lot)
                        waiting.append(piece.lot)
            found += sorted([k for k in [lots[n].key for n in seen] if k is not None])
        return found

    @property
    def invalid_picks(self) -> list[int]:
        """Disposals of the year that name a lot which is not there."""
        if "specific" in self.methods.values():
            for asset in self.keys:
                self.matched(asset)
        return [key for keys in self._invalid.values() for key in keys]

    def _match(self, asset: str) -> None:
        own, events = self.keys.get(asset, []), self.events
        wanted, came, quantity = events.of_year(self.year), events.acquisition, events.quantity
        if self._ways == {"fifo"}:
            lots, self._pieces[asset], open_ = fifo([(key, quantity[key], came[key], key in wanted) for key in own])
            self._matched[asset] = Matched([p for own in self._pieces[asset].values() for p in own], lots, open_, [])
            self._invalid[asset] = []
            return
        if self._ways == {"average"} and not self.classes:
            self._matched[asset], self._pieces[asset] = pooled(
                [(key, quantity[key], came[key], key in wanted) for key in own]
            )
            self._invalid[asset] = []
            return
        specific = "specific" in self.methods.values()
        ids = _ids(events, own) if specific else {}
        movements = [
            Movement(
                key,
                quantity[key],
                came[key],
                events.year(key),
                self.world.lot_class(key) if self.classes and came[key] else "",
                _picks(events, key, ids) if specific and not came[key] else (),
            )
            for key in own
        ]
        done = self._matched[asset] = match(movements, self.methods)
        pieces = self._pieces[asset] = defaultdict(list)
        for piece in done.pieces:
            if piece.disposal in wanted:
                pieces[piece.disposal].append(piece)
        self._invalid[asset] = [key for key in done.invalid_picks if key in wanted]


def _ids(events: Events, own: Sequence[int]) -> dict[str, int]:
    """Record id -> event key of the acquisition it names."""
    came = [key for key in own if events.acquisition[key]]
    named = zip(events.said(came, "id"), came, strict=True)
    return {name: key for name, key in named if name}


def _picks(events: Events, key: int, ids: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    """`id:quantity;…` of the record's `lot` as (lot key, quantity); an unreadable one names no lot that exists."""
    lot = events.record(key).lot
    if not lot or events.kind[key] == "fee":
        return ()
    found: list[tuple[int, int]] = []
    for item in lot.split(";"):
        name, _, quantity = item.strip().rpartition(":")
        try:
            found.append((ids.get(name, -1), parse_scaled(quantity)))
        except NumberError:
            return ((-1, events.quantity[key]),)
    return tuple(found)
