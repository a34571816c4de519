"""Moving averages of one person as columns: made anew at each acquisition, each of what is left of the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from salyq.facts.pool import NEVER, Pool
from salyq.lots.in_columns import Pools, chained, needed
from salyq.records.model import UNIT
from salyq.rulebook.columns import Column, code, whole
from salyq.rulebook.one_columns import counted
from salyq.rulebook.states import because

if TYPE_CHECKING:
    from salyq.facts.world import World

TIYN = UNIT // 100


class Averaged(NamedTuple):
    """The pools that disposals of a year rest on; `newest`: the keys of their acquisitions. `used`: the places here of
    those that disposals themselves used. Quantities in grains."""

    pools: Pools
    newest: Any
    used: Any
    grain: int


def resting_on(pools: Pools, keys: Any, used: Any, grain: int) -> Averaged:
    """`used`: numbers of pools, rising; `keys`: of the acquisitions of all pools."""
    rows = needed(pools, used)
    kept = Pools(*(column[rows] for column in pools))
    return Averaged(kept, keys[rows], np.searchsorted(rows, used), grain)


class Averages(Sequence[Pool]):
    """The pools that disposals used, with what each cost."""

    def __init__(self, world: World, averaged: Averaged, currencies: dict[str, str]) -> None:
        self.world, self.grain = world, averaged.grain
        worths, tenge = world.priced(averaged.newest.tolist())
        costs = [None if w is None else w[0] for w in worths], [None if t is None else t for t in tenge]
        at = averaged.used.tolist()
        own, self.tenge = ([made[n] for n in at] for made in (chained(c, averaged.pools) for c in costs))
        self.newest, self.size = averaged.newest[averaged.used], averaged.pools.size[averaged.used]
        self.paid = [currencies[world.events.asset[key]] for key in self.newest.tolist()]
        known = [None if t is None else t * TIYN for t in self.tenge]
        self.own = [known[n] if paid == "KZT" else own[n] for n, paid in enumerate(self.paid)]

    def __len__(self) -> int:
        return len(self.paid)

    def __getitem__(self, n: Any) -> Any:
        if isinstance(n, slice):
            return [self[m] for m in range(len(self))[n]]
        newest = self.world.events[int(self.newest[n])]
        unknown = because("missing_acquisition", place=newest.asset)
        own, tenge = self.own[n], self.tenge[n]
        value = unknown if own is None else (own, self.paid[n])
        return Pool(newest, int(self.size[n]) * self.grain, value, unknown if tenge is None else tenge * TIYN)

    def column(self, name: str) -> Column | None:
        """A column of all pools; None where it is told row by row."""
        made = _COLUMNS.get(name)
        return None if made is None else made(self)

    def _value(self) -> Column:
        paid = {text: code(text) for text in set(self.paid)}
        amounts = _amounts(self.own)
        currencies = np.array([paid[text] for text in self.paid], np.int64)
        return Column((amounts.parts[0], currencies), amounts.unknown, amounts.ends, amounts.grain)

    def _all(self, value: bool) -> Column:
        return Column((np.full(len(self), value),))

    def _empty(self) -> Column:
        return Column((np.full(len(self), code("")),))


def _amounts(values: Sequence[int | None], grain: int = 1) -> Column:
    made = counted([v or 0 for v in values], [v is None for v in values])
    return Column(made.parts, made.unknown, made.ends, made.grain * grain)


_NOT, _YES, _EMPTY = (lambda p: p._all(False)), (lambda p: p._all(True)), Averages._empty
_COLUMNS: dict[str, Callable[[Averages], Column]] = {
    "kind": lambda p: Column((p.world.moved.kind[p.newest],)),
    "day": lambda p: Column((p.world.moved.day[p.newest],)),
    "asset": lambda p: Column((p.world.moved.asset[p.newest],)),
    "quantity": lambda p: whole(p.size, grain=p.grain),
    "value": Averages._value,
    "pool_tenge": lambda p: _amounts(p.tenge, TIYN),
    "purchase_fee": lambda p: Column((np.zeros(len(p), np.int64), np.full(len(p), code("KZT"))), None, (0, 0)),
    **dict.fromkeys(("value_is_money", "pool", "documented", "resident"), _YES),
    **dict.fromkeys(("counter_asset", "peg", "counter_peg", "account_country"), _EMPTY),
    **dict.fromkeys(NEVER, _NOT),
}
