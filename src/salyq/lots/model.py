"""Lot matching speaks of quantities only: no law, price or currency enters (architecture §6).

A movement is an acquisition or a disposal of one asset of one person, given in time order. Quantities are whole
10⁻¹⁸ units. The result is a list of pieces: disposal `d` consumed positions (x0, x1] of lot `l` (or of nothing: a
shortage). A moving-average pool is a lot made of slices of other lots.
"""

from __future__ import annotations

from typing import NamedTuple


class Movement(NamedTuple):
    """`key` names the movement for the caller. `lot_class` keeps unlike lots apart in a moving average.

    `picks` (specific identification): ((lot key, quantity), …) of a disposal."""

    key: int
    quantity: int
    acquisition: bool
    year: int
    lot_class: str = ""
    picks: tuple[tuple[int, int], ...] = ()


class Slice(NamedTuple):
    """Positions (x0, x1] of lot number `lot`."""

    lot: int
    x0: int
    x1: int


class Lot(NamedTuple):
    """`key` is the acquisition's key; a pool has key None and `parts`. `number` is its index in Matched.lots."""

    number: int
    key: int | None
    quantity: int
    lot_class: str
    parts: tuple[Slice, ...] = ()


class Piece(NamedTuple):
    """`lot` None is a shortage: x1 - x0 units had no acquisition. Pieces of a disposal stand in the order consumed."""

    disposal: int
    lot: int | None
    x0: int
    x1: int


class Matched(NamedTuple):
    """Pieces in order of disposals, all lots, and what is still open at the end as slices."""

    pieces: list[Piece]
    lots: list[Lot]
    open: list[Slice]
    invalid_picks: list[int]  # keys of disposals whose `picks` could not be followed
