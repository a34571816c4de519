"""Moving averages by whole columns: the same pieces and costs as the matcher of one asset after another gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.lots.cost import Costs
from salyq.lots.in_columns import Pools, chained, fits, needed, pooled
from salyq.lots.match import match
from salyq.lots.model import Movement

MOVES = st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 40), st.booleans()), max_size=50)
COSTS = st.dictionaries(st.integers(0, 49), st.one_of(st.none(), st.integers(0, 10**30)), max_size=50)


@settings(max_examples=300, deadline=None)
@given(moves=MOVES, costs=COSTS)
def test_averages_and_their_costs_as_the_matcher_has_them(moves, costs):
    rows = sorted(moves, key=lambda m: m[0])
    expected = []
    for own in range(3):
        movements = [Movement(n, m[2], m[1], 2024) for n, m in enumerate(rows) if m[0] == own]
        done = match(movements, {2024: "average"})
        told = Costs(done.lots, lambda key: (costs.get(key, key),))
        for piece in done.pieces:
            if rows[piece.disposal][3]:
                newest = piece.lot if piece.lot is None else done.lots[done.lots[piece.lot].parts[-1].lot].key
                cost = None if piece.lot is None else told.lot(piece.lot)[0]
                expected.append((piece.disposal, newest, piece.x0, piece.x1, cost))
    group = np.array([m[0] for m in rows], np.int64)
    up, wanted = (np.array([m[k] for m in rows], bool) for k in (1, 3))
    pools, pieces = pooled(group, up, np.array([m[2] for m in rows], np.int64), wanted)
    disposal, pool, x0, x1 = (column.tolist() for column in pieces)
    used = np.unique(np.array([p for p in pool if p >= 0], np.int64))
    kept = needed(pools, used)
    own = Pools(*(column[kept] for column in pools))
    made = dict(zip(kept.tolist(), chained([costs.get(n, n) for n in own.row.tolist()], own), strict=True))
    newest = [None if p < 0 else int(pools.row[p]) for p in pool]
    found = list(zip(disposal, newest, x0, x1, [made.get(p) for p in pool], strict=True))
    assert found == expected
    assert set(used.tolist()) <= set(kept.tolist())


def test_sums_that_have_no_room_are_seen_before():
    assert fits(np.array([2**61, 2**61 - 1], np.int64))
    assert not fits(np.array([2**62, 1], np.int64))
    assert fits(np.zeros(0, np.int64))
    assert fits(np.array([2**61, *[2**40] * 99], np.int64))  # the greatest so many times has none
    assert not fits(np.array([2**62 - 1, 2**32, 1], np.int64))
