"""Runs the lot queues: one for each asset over all own accounts (semantics 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from salyq.civil.numbers import NumberError, parse_scaled
from salyq.facts.events import Events
from salyq.lots.match import fifo, match
from salyq.lots.model import Lot, Matched, Movement, Piece


class Queues:
    """Matched lots of each asset, an asset matched when it is first asked about; pieces of the disposals of `year`."""

    def __init__(self, events: Events, methods: Mapping[int, str], lot_class: Callable[[int], str], year: int) -> None:
        """`lot_class`: of an acquisition by its key."""
        self.events, self.methods, self.lot_class, self.year = events, methods, lot_class, year
        self.keys: dict[str, list[int]] = defaultdict(list)  # of each asset's movements, in order of time
        for key, asset in enumerate(events.asset):
            self.keys[asset].append(key)
        self._matched: dict[str, Matched] = {}
        self._pieces: dict[str, dict[int, list[Piece]]] = {}
        self._lots: dict[str, list[int | None]] = {}
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
        keys = self._lots.get(asset)
        if keys is None:
            keys = self._lots[asset] = [lot[1] for lot in self.matched(asset).lots]
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
            for asset in self.keys:
                self.matched(asset)
        return [key for keys in self._invalid.values() for key in keys]

    def _match(self, asset: str) -> None:
        own, events = self.keys.get(asset, []), self.events
        wanted, came, quantity = events.of_year(self.year), events.acquisition, events.quantity
        if set(self.methods.values()) == {"fifo"}:
            lots, self._pieces[asset], open_ = fifo([(key, quantity[key], came[key], key in wanted) for key in own])
            self._matched[asset] = Matched([p for own in self._pieces[asset].values() for p in own], lots, open_, [])
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
                self.lot_class(key) if came[key] else "",
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
    named = [(events.record(key).id, key) for key in own if events.acquisition[key]]
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
