"""Costs of slices: exact, never negative, unknown where a part is, and not recursive over long chains of pools."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.lots.cost import Costs, total
from salyq.lots.match import match
from salyq.lots.model import Lot, Movement, Slice

AVERAGE = {2024: "average"}


def test_parts_follow_the_cumulative_rule():
    costs = Costs([Lot(0, 7, 3, "")], {7: (100,)}.__getitem__)
    assert [costs.slice(0, x, x + 1) for x in range(3)] == [(33,), (34,), (33,)]


def test_tracks_run_side_by_side_and_one_may_be_unknown():
    costs = Costs([Lot(0, 7, 2, "")], {7: (101, None)}.__getitem__)
    assert costs.lot(0) == (101, None)
    assert costs.slice(0, 0, 1) == (51, None)
    assert costs.slice(0, 1, 2) == (50, None)


def test_a_pool_with_an_unknown_part_is_unknown_in_that_track_only():
    lots = [Lot(0, 1, 2, ""), Lot(1, 2, 2, ""), Lot(2, None, 3, "", (Slice(0, 1, 2), Slice(1, 0, 2)))]
    costs = Costs(lots, {1: (10, None), 2: (7, 9)}.__getitem__)
    assert costs.lot(2) == (12, None)
    assert costs.slice(2, 0, 1) == (4, None)


def test_total_adds_track_by_track():
    assert total([(1, None), (2, 5), (3, 6)]) == (6, None)
    assert total([]) == ()


def test_each_acquisition_is_asked_once_and_only_if_needed():
    asked = []

    def of_acquisition(key):
        asked.append(key)
        return (key,)

    found = match([Movement(k, 5, True, 2024) for k in range(4)], {2024: "fifo"})
    costs = Costs(found.lots, of_acquisition)
    assert asked == []
    for _ in range(3):
        costs.slice(2, 1, 4)
    assert asked == [2]


def test_a_chain_of_a_hundred_thousand_pools():
    movements = [Movement(k, 10, True, 2024) for k in range(100_000)]
    found = match([*movements, Movement(100_000, 500_000, False, 2024)], AVERAGE)
    assert len(found.lots) == 200_000
    costs = Costs(found.lots, lambda key: (key,))
    whole = sum(range(100_000))
    (piece,) = found.pieces
    assert costs.slice(piece.lot, piece.x0, piece.x1) == (whole // 2,)
    assert costs.slice(piece.lot, 0, 1_000_000) == (whole,)


def test_a_lot_of_nothing_keeps_its_cost():
    assert Costs([Lot(0, 1, 0, "")], {1: (5,)}.__getitem__).slice(0, 0, 0) == (5,)


wide = st.integers(0, 10**38 - 1)


@settings(max_examples=150, deadline=None)
@given(wide, st.integers(1, 10**38 - 1), st.lists(wide, max_size=8))
def test_slices_sum_to_the_cost_and_never_drift(cost, quantity, cuts):
    costs = Costs([Lot(0, 1, quantity, "")], {1: (cost,)}.__getitem__)
    edges = sorted({0, quantity, *(c % (quantity + 1) for c in cuts)})
    parts = [costs.slice(0, a, b)[0] for a, b in pairwise(edges)]
    assert sum(parts) == cost
    assert min(parts) >= 0
    reached = 0
    for edge, piece in zip(edges[1:], parts, strict=True):
        reached += piece
        assert abs(reached - Fraction(cost * edge, quantity)) <= Fraction(1, 2)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**20), st.integers(0, 10**24)), min_size=1, max_size=25))
def test_all_cost_is_consumed_or_still_open(rows):
    """Over every chain of pools the cost of what was acquired is neither lost nor made."""
    movements = [Movement(k, quantity, acquired, 2024, "ab"[k % 2]) for k, (acquired, quantity, _) in enumerate(rows)]
    for method in ("fifo", "average"):
        found = match(movements, {2024: method})
        costs = Costs(found.lots, lambda key: (rows[key][2],))
        used = [costs.slice(p.lot, p.x0, p.x1)[0] for p in found.pieces if p.lot is not None]
        still = [costs.slice(s.lot, s.x0, s.x1)[0] for s in found.open]
        assert min([0, *used, *still]) >= 0
        assert sum(used) + sum(still) == sum(cost for acquired, _, cost in rows if acquired)
