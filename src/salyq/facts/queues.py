"""Runs the lot queues: one for each asset over all own accounts (semantics 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from salyq.civil.numbers import NumberError, parse_scaled
from salyq.facts.events import Event
from salyq.lots.match import fifo, match
from salyq.lots.model import Lot, Matched, Movement, Piece


class Queues:
    """Matched lots of each asset, an asset matched when it is first asked about; pieces of the disposals of `year`."""

    def __init__(
        self, all_events: list[Event], methods: Mapping[int, str], lot_class: Callable[[Event], str], year: int
    ) -> None:
        self.methods, self.lot_class, self.year = methods, lot_class, year
        self.events: dict[str, list[Event]] = defaultdict(list)
        for event in all_events:
            self.events[event.asset].append(event)
        self._matched: dict[str, Matched] = {}
        self._pieces: dict[str, dict[int, list[Piece]]] = {}
        self._keys: dict[str, list[int | None]] = {}
        self._invalid: dict[str, list[int]] = {}

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

    def taken(self, asset: str) -> tuple[list[int | None], Mapping[int, Sequence[Piece]]]:
        """(the acquisition of each lot by its number, None for a pool; the pieces of the year's disposals)."""
        keys = self._keys.get(asset)
        if keys is None:
            keys = self._keys[asset] = [lot[1] for lot in self.matched(asset).lots]
        return keys, self._pieces[asset]

    def used_in_year(self, asset: str) -> list[int]:
        """The lots that disposals of the year used, each once."""
        self.matched(asset)
        own = self._pieces[asset].values()
        return list(dict.fromkeys([p.lot for pieces in own for p in pieces if p.lot is not None]))

    @property
    def invalid_picks(self) -> list[int]:
        """Disposals of the year that name a lot which is not there."""
        if "specific" in self.methods.values():
            for asset in self.events:
                self.matched(asset)
        return [key for keys in self._invalid.values() for key in keys]

    def _match(self, asset: str) -> None:
        own, year = self.events[asset], self.year
        if set(self.methods.values()) == {"fifo"}:
            lots, self._pieces[asset], open_ = fifo(
                [(e.key, e.quantity, e.acquisition, e.record.day.year == year) for e in own]
            )
            self._matched[asset] = Matched([p for own in self._pieces[asset].values() for p in own], lots, open_, [])
            self._invalid[asset] = []
            return
        specific = "specific" in self.methods.values()
        ids = _ids(own) if specific else {}
        movements = [
            Movement(
                e.key,
                e.quantity,
                e.acquisition,
                e.record.day.year,
                self.lot_class(e) if e.acquisition else "",
                _picks(e, ids) if specific and not e.acquisition else (),
            )
            for e in own
        ]
        done = self._matched[asset] = match(movements, self.methods)
        wanted = {e.key for e in own if not e.acquisition and e.record.day.year == self.year}
        pieces = self._pieces[asset] = defaultdict(list)
        for piece in done.pieces:
            if piece.disposal in wanted:
                pieces[piece.disposal].append(piece)
        self._invalid[asset] = [key for key in done.invalid_picks if key in wanted]


def _ids(own: list[Event]) -> dict[str, int]:
    """Record id -> event key of the acquisition it names."""
    return {e.record.id: e.key for e in own if e.acquisition and e.record.id}


def _picks(event: Event, ids: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    """`id:quantity;…` of the record's `lot` as (lot key, quantity); an unreadable one names no lot that exists."""
    if not event.record.lot or event.kind == "fee":
        return ()
    found: list[tuple[int, int]] = []
    for item in event.record.lot.split(";"):
        name, _, quantity = item.strip().rpartition(":")
        try:
            found.append((ids.get(name, -1), parse_scaled(quantity)))
        except NumberError:
            return ((-1, event.quantity),)
    return tuple(found)
