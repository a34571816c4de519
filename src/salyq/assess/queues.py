"""Runs the lot queues: one for each asset over all own accounts (semantics 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple

from salyq.assess.events import Event
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.lots.match import match
from salyq.lots.model import Lot, Matched, Movement, Piece


class Queues(NamedTuple):
    """Matched lots of each asset; pieces of the disposals asked for, by event key."""

    by_asset: Mapping[str, Matched]
    pieces: Mapping[int, list[Piece]]
    invalid_picks: list[int]

    def lot(self, asset: str, number: int) -> Lot:
        return self.by_asset[asset].lots[number]


def run_queues(
    all_events: list[Event],
    methods: Mapping[int, str],
    lot_class: Callable[[Event], str],
    year: int,
) -> Queues:
    """Matches every asset; keeps the pieces of disposals in `year`."""
    by_asset: dict[str, list[Event]] = defaultdict(list)
    for event in all_events:
        by_asset[event.asset].append(event)
    matched: dict[str, Matched] = {}
    pieces: dict[int, list[Piece]] = defaultdict(list)
    invalid: list[int] = []
    specific = "specific" in methods.values()
    for asset, own in by_asset.items():
        ids = _ids(own) if specific else {}
        movements = [
            Movement(
                e.key,
                e.quantity,
                e.acquisition,
                e.record.day.year,
                lot_class(e) if e.acquisition else "",
                _picks(e, ids) if specific and not e.acquisition else (),
            )
            for e in own
        ]
        done = matched[asset] = match(movements, methods)
        wanted = {e.key for e in own if not e.acquisition and e.record.day.year == year}
        for piece in done.pieces:
            if piece.disposal in wanted:
                pieces[piece.disposal].append(piece)
        invalid += [key for key in done.invalid_picks if key in wanted]
    return Queues(matched, pieces, invalid)


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
