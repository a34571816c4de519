"""Which acquisition a disposal consumed, walked one event at a time (architecture §6, semantics 3 and 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from oracle_days import grid_of, part
from oracle_events import Gain, Out
from oracle_quotes import Amount

ZERO = Fraction(0)


@dataclass
class Lot:
    gain: Gain | None  # None: a pool of several acquisitions
    day: date
    asset: str
    quantity: Fraction
    cost: Amount | None  # None: unknown
    used: Fraction = ZERO

    @property
    def left(self) -> Fraction:
        return self.quantity - self.used

    def cost_of(self, x0: Fraction, x1: Fraction) -> Amount | None:
        if self.cost is None:
            return None
        return part(self.cost[0], self.quantity, x0, x1, grid_of(self.cost[1])), self.cost[1]


@dataclass
class Match:
    """(y0, y1] of the disposal came from (x0, x1] of the lot; `lot` None is a shortage."""

    lot: Lot | None
    y0: Fraction
    y1: Fraction
    x0: Fraction
    x1: Fraction
    cost: Amount | None


def walk(
    gains: list[Gain], outs: list[Out], cost: Callable[[Gain], Amount | None], method: Callable[[int], str]
) -> list[tuple[Out, list[Match]]]:
    """Every event out with its matches, in order. `method(year)` is fifo or average."""
    events: list[tuple[tuple[object, ...], Gain | Out]] = [((g.time, 0, g.account, g.id), g) for g in gains]
    events += [((o.time, 2 if o.kind == "fee" else 1, o.account, o.id), o) for o in outs]
    events.sort(key=lambda e: e[0])
    lots: dict[str, list[Lot]] = {}
    result = []
    year = 0
    for _, event in events:
        if year and event.day.year != year:
            _new_year(lots, method, year, event.day.year)
        year = event.day.year
        queue = lots.setdefault(event.asset, [])
        if isinstance(event, Gain):
            queue.append(Lot(event, event.day, event.asset, event.quantity, cost(event)))
            if method(year) == "average":
                lots[event.asset] = _pooled(queue, event.day)
        else:
            result.append((event, _consume(queue, event.quantity)))
    return result


def _new_year(lots: dict[str, list[Lot]], method: Callable[[int], str], old: int, new: int) -> None:
    """Average to first-in: the pool stands as one lot of 31 December. First-in to average: open lots are pooled."""
    for year in range(old + 1, new + 1):
        for asset, queue in lots.items():
            if (method(year) == "average") != (method(year - 1) == "average"):
                lots[asset] = _pooled(queue, date(year - 1, 12, 31), restart=True)


def _pooled(queue: list[Lot], day: date, restart: bool = False) -> list[Lot]:
    live = [lot for lot in queue if lot.left > 0]
    if not live or (len(live) == 1 and not restart):
        return live
    total: Amount | None = (ZERO, "")
    for lot in live:
        rest = lot.cost_of(lot.used, lot.quantity)
        if total is None or rest is None:
            total = None
        elif not rest[0] or not total[0]:
            total = total if total[0] else rest
        else:
            assert rest[1] == total[1], "the oracle averages costs of one currency only"
            total = (total[0] + rest[0], total[1])
    return [Lot(None, day, live[0].asset, sum((x.left for x in live), ZERO), total)]


def _consume(queue: list[Lot], wanted: Fraction) -> list[Match]:
    matches = []
    y = ZERO
    for lot in queue:
        take = min(lot.left, wanted - y)
        if take <= 0:
            continue
        x0, x1 = lot.used, lot.used + take
        matches.append(Match(lot, y, y + take, x0, x1, lot.cost_of(x0, x1)))
        lot.used, y = x1, y + take
    if y < wanted:
        matches.append(Match(None, y, wanted, ZERO, ZERO, None))
    return matches
