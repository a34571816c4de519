"""Which legs of one second make a trade. Nothing is guessed: what cannot be told apart is given back as unclear.

A statement has no trade id. Legs of one (second, sub-account, family) are paired by asset: one asset out and one in
is one trade, however many fills; several trades are kept apart by side (buys, sells), by equal remarks, or where only
one pairing of single legs gives nobody their own coin back. Rows may stand in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import permutations
from typing import NamedTuple

from salyq.civil.currencies import is_currency


class Leg(NamedTuple):
    """One statement row: signed `change` in 10⁻¹⁸ of `coin`; `side` buy | sell | related | fee | family name."""

    line: int
    time: datetime
    day: date
    coin: str
    change: int
    side: str
    operation: str
    remark: str


Trade = tuple[list[Leg], list[Leg]]  # (legs out of one coin, legs in of another)
_MOST_TO_TRY = 5  # single legs a side whose pairings are enumerated


def pair(legs: Sequence[Leg]) -> list[Trade] | None:
    """The trades that `legs` (no fees) make, or None where they cannot be told."""
    by_side = _sides(legs)
    if len(by_side) > 1:
        trades: list[Trade] = []
        for side in by_side:
            found = _pair_side(side)
            if found is None:
                break
            trades.extend(found)
        else:
            return trades
    return _pair_side(legs)


def _sides(legs: Sequence[Leg]) -> list[list[Leg]]:
    """Buys and sells apart; a related leg pays for a buy (out) or comes from a sell (in)."""
    buys = [leg for leg in legs if leg.side == "buy"]
    sells = [leg for leg in legs if leg.side == "sell"]
    if not buys or not sells:
        return [list(legs)]
    for leg in legs:
        if leg.side == "related":
            (buys if leg.change < 0 else sells).append(leg)
    return [buys, sells]


def _pair_side(legs: Sequence[Leg]) -> list[Trade] | None:
    outs, ins = by_coin(x for x in legs if x.change < 0), by_coin(x for x in legs if x.change > 0)
    if len(outs) == 1 and len(ins) == 1:
        return None if outs.keys() == ins.keys() else [(next(iter(outs.values())), next(iter(ins.values())))]
    if not outs or not ins:
        return None
    return _by_remark(legs) or _only_pairing(outs, ins)


def lines_of(legs: Iterable[Leg]) -> list[int]:
    """Their lines."""
    return [leg.line for leg in legs]


def by_coin(legs: Iterable[Leg]) -> dict[str, list[Leg]]:
    """Legs by coin."""
    found: dict[str, list[Leg]] = {}
    for leg in legs:
        found.setdefault(leg.coin, []).append(leg)
    return found


def _by_remark(legs: Sequence[Leg]) -> list[Trade] | None:
    """Legs with the same remark are one trade, if every leg has one and each remark has one coin out and one in."""
    remarks: dict[str, list[Leg]] = {}
    for leg in legs:
        remarks.setdefault(leg.remark, []).append(leg)
    if "" in remarks or len(remarks) < 2:
        return None
    trades: list[Trade] = []
    for group in remarks.values():
        outs, ins = by_coin(x for x in group if x.change < 0), by_coin(x for x in group if x.change > 0)
        if len(outs) != 1 or len(ins) != 1 or outs.keys() == ins.keys():
            return None
        trades.append((next(iter(outs.values())), next(iter(ins.values()))))
    return trades


def _only_pairing(outs: dict[str, list[Leg]], ins: dict[str, list[Leg]]) -> list[Trade] | None:
    """One leg a coin on either side, and only one way to pair them without giving a coin for itself."""
    if len(outs) != len(ins) or len(outs) > _MOST_TO_TRY or any(len(x) > 1 for x in [*outs.values(), *ins.values()]):
        return None
    given = sorted(outs)
    ways = [way for way in permutations(sorted(ins)) if all(a != b for a, b in zip(given, way, strict=True))]
    if len(ways) != 1:
        return None
    return [(outs[a], ins[b]) for a, b in zip(given, ways[0], strict=True)]


def one_sided(legs: Sequence[Leg]) -> bool:
    """Whether the legs lack a counterpart: one coin, one direction."""
    return len({leg.coin for leg in legs}) == 1 and len({leg.change > 0 for leg in legs}) == 1


def several(legs: Sequence[Leg]) -> bool:
    """Whether coins went out and others came in, though not which for which. Money is no leg of a swap."""
    outs, ins = {leg.coin for leg in legs if leg.change < 0}, {leg.coin for leg in legs if leg.change > 0}
    return bool(outs - ins and ins - outs) and not any(is_currency(coin) for coin in outs | ins)
