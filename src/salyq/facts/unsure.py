"""Sales of coins of which nobody can say which lots they were: a row of an earlier year that could have moved those
was rejected. Their cost is in doubt, and law gives its ends as of any cost that is not known (semantics 5, 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salyq.facts.few import POOL, UsedPieces
from salyq.facts.pool import Pool
from salyq.rulebook.states import Unknown

if TYPE_CHECKING:
    from salyq.facts.sales import Sold
    from salyq.facts.world import World


def without_lots(world: World, used: UsedPieces, sold: Sold) -> UsedPieces:
    """What the disposals used up, those of assets in doubt out of one lot an asset that nobody knows.

    Its number in `pools` is below zero: the key of the first disposal that used it, less one, negated."""
    assets, unsure = world.events.asset, world.unsure
    lots: dict[str, int] = {}  # asset -> place in `pools`
    pools, upto = list(used.pools), dict.fromkeys(unsure, 0)
    rows: list[tuple[int, int, int, int, int]] = []
    for disposal, lot, pool, x0, x1 in zip(*used[:5], strict=True):
        asset = assets[disposal]
        if asset not in unsure:
            rows.append((int(disposal), int(lot), int(pool), int(x0) * used.grain, int(x1) * used.grain))
            continue
        if asset not in lots:
            lots[asset] = len(pools)
            pools.append((asset, -1 - int(disposal)))
        begin = upto[asset]
        upto[asset] += (int(x1) - int(x0)) * used.grain
        rows.append((int(disposal), POOL, lots[asset], begin, upto[asset]))
    columns = map(list, zip(*rows, strict=True)) if rows else ([] for _ in range(5))
    disposal, lot, pool, x0, x1 = columns
    made = UsedPieces(disposal, lot, pool, x0, x1, 1, pools)
    if not sold.many:
        return made
    from salyq.facts.moved import used_of

    return used_of(made)


def unsure_lot(world: World, asset: str, number: int) -> Pool:
    """The lot that nobody knows, as if bought; `number`: of without_lots, negated."""
    sale = world.events[number - 1]
    quantity = sum(world.events.quantity[key] for key in world.events.of_year(world.year_number))
    cost = Unknown(world.unsure[asset])
    return Pool(sale._replace(kind="buy"), quantity, cost, cost, known=False)
