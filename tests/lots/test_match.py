"""Lot matching: known small histories, then every promise of salyq.lots.match on random ones."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_lots import slow_match

from salyq.lots.cost import Costs
from salyq.lots.match import fifo, match, pooled
from salyq.lots.model import Movement, Piece, Slice


def buy(key, quantity, year=2024, lot_class=""):
    return Movement(key, quantity, True, year, lot_class)


def sell(key, quantity, year=2024, picks=()):
    return Movement(key, quantity, False, year, "", picks)


FIFO = dict.fromkeys(range(2020, 2030), "fifo")
AVERAGE = dict.fromkeys(range(2020, 2030), "average")
SPECIFIC = dict.fromkeys(range(2020, 2030), "specific")


# Known histories


def test_fifo_takes_the_oldest_and_walks_over_lots():
    found = match([buy(1, 10), buy(2, 5), sell(3, 12), sell(4, 3)], FIFO)
    assert found.pieces == [Piece(3, 0, 0, 10), Piece(3, 1, 0, 2), Piece(4, 1, 2, 5)]
    assert found.open == []
    assert [lot.key for lot in found.lots] == [1, 2]


def test_shortage_is_a_piece_without_a_lot_and_is_not_filled_later():
    found = match([buy(1, 4), sell(2, 10), buy(3, 9), sell(4, 1)], FIFO)
    assert found.pieces == [Piece(2, 0, 0, 4), Piece(2, None, 0, 6), Piece(4, 1, 0, 1)]
    assert found.open == [Slice(1, 1, 9)]


def test_selling_with_nothing_held_is_a_shortage_in_every_method():
    for methods in (FIFO, AVERAGE, SPECIFIC):
        assert match([sell(1, 7, picks=((9, 7),))], methods).pieces == [Piece(1, None, 0, 7)]


def test_order_as_given_decides_at_equal_instants():
    # semantics 4 puts acquisitions before disposals: the caller sorts so, and then the lot serves.
    assert match([buy(1, 5), sell(2, 5)], FIFO).pieces == [Piece(2, 0, 0, 5)]
    late = match([sell(2, 5), buy(1, 5)], FIFO)
    assert late.pieces == [Piece(2, None, 0, 5)]
    assert late.open == [Slice(0, 0, 5)]


def test_average_restarts_the_pool_at_each_acquisition():
    found = match([buy(1, 10), sell(2, 4), buy(3, 6), sell(4, 12)], AVERAGE)
    lots = found.lots
    assert [(lot.key, lot.quantity, lot.parts) for lot in lots] == [
        (1, 10, ()),
        (None, 10, (Slice(0, 0, 10),)),
        (3, 6, ()),
        (None, 12, (Slice(1, 4, 10), Slice(2, 0, 6))),
    ]
    assert found.pieces == [Piece(2, 1, 0, 4), Piece(4, 3, 0, 12)]
    # 10 for 1000, 4 sold: 400; 600 + 6 for 1800 = 2400 over 12
    costs = Costs(lots, {1: (1000,), 3: (1800,)}.__getitem__)
    assert [costs.slice(p.lot, p.x0, p.x1) for p in found.pieces] == [(400,), (2400,)]


def test_average_keeps_classes_apart_and_divides_in_proportion():
    found = match([buy(1, 100, lot_class="mined"), buy(2, 50, lot_class="bought"), sell(3, 10)], AVERAGE)
    taken = {found.lots[p.lot].lot_class: p.x1 - p.x0 for p in found.pieces}
    assert taken == {"mined": 7, "bought": 3}  # 6.67 and 3.33, by cumulative rounding
    assert sum(s.x1 - s.x0 for s in found.open) == 140


def test_average_to_fifo_puts_the_pool_first_in_the_queue():
    methods = {2024: "average", 2025: "fifo"}
    found = match([buy(1, 5), buy(2, 5), sell(3, 4), buy(4, 9, 2025), sell(5, 7, 2025)], methods)
    pool = 3
    assert found.lots[pool].parts == (Slice(1, 0, 5), Slice(2, 0, 5))
    left = 4  # what is left of the pool is one lot of 31 December
    assert found.lots[left].parts == (Slice(pool, 4, 10),)
    assert found.pieces == [Piece(3, pool, 0, 4), Piece(5, left, 0, 6), Piece(5, 5, 0, 1)]


def test_fifo_to_average_pools_what_is_open():
    methods = {2024: "fifo", 2025: "average"}
    found = match([buy(1, 5), buy(2, 5), sell(3, 6), sell(4, 2, 2025)], methods)
    assert found.lots[2].parts == (Slice(1, 1, 5),)
    assert found.pieces == [Piece(3, 0, 0, 5), Piece(3, 1, 0, 1), Piece(4, 2, 0, 2)]
    assert found.open == [Slice(2, 2, 4)]


def test_an_average_year_without_movements_still_pools():
    methods = {2024: "fifo", 2025: "average", 2026: "fifo"}
    found = match([buy(1, 5), buy(2, 5), sell(3, 6, 2026)], methods)
    assert found.lots[2].parts == (Slice(0, 0, 5), Slice(1, 0, 5))
    assert found.pieces == [Piece(3, 2, 0, 6)]


def test_a_class_sold_out_and_held_anew_queues_behind_the_others():
    methods = {2024: "average", 2025: "fifo"}
    history = [
        buy(1, 1, lot_class="a"),
        sell(2, 1),
        buy(3, 2, lot_class="b"),
        buy(4, 2, lot_class="a"),
        sell(5, 3, 2025),
    ]
    found = match(history, methods)
    assert [found.lots[p.lot].lot_class for p in found.pieces if p.disposal == 5] == ["b", "a"]


def test_specific_follows_picks_and_holes_stay_out_of_fifo():
    found = match(
        [buy(1, 5), buy(2, 5), buy(3, 5), sell(4, 7, picks=((2, 5), (3, 2))), sell(5, 7)],
        SPECIFIC,
    )
    assert found.invalid_picks == []
    assert found.pieces == [Piece(4, 1, 0, 5), Piece(4, 2, 0, 2), Piece(5, 0, 0, 5), Piece(5, 2, 2, 4)]


def test_specific_joins_a_lot_picked_twice():
    found = match([buy(1, 5), sell(2, 4, picks=((1, 3), (1, 1)))], SPECIFIC)
    assert found.pieces == [Piece(2, 0, 0, 4)]


@pytest.mark.parametrize(
    "picks",
    [
        ((9, 4),),  # unknown lot
        ((6, 4),),  # acquired only later
        ((2, 6),),  # another sum
        ((2, 3),),
        ((2, 2), (2, 2), (3, 0)),  # nothing picked of a lot
        ((2, 5), (3, -1)),
        ((1, 4),),  # more than left: 3 of 5 are gone
        ((1, 2), (1, 2)),
    ],
)
def test_impossible_picks_are_listed_and_matched_by_fifo(picks):
    history = [buy(1, 5), buy(2, 5), buy(3, 5), sell(4, 3), sell(5, 4, picks=picks), buy(6, 5)]
    found = match(history, SPECIFIC)
    assert found.invalid_picks == [5]
    assert found.pieces == [Piece(4, 0, 0, 3), Piece(5, 0, 3, 5), Piece(5, 1, 0, 2)]


def test_lots_that_went_into_a_pool_cannot_be_picked():
    methods = {2024: "average", 2025: "specific"}
    found = match([buy(1, 5), sell(2, 3, 2025, picks=((1, 3),))], methods)
    assert found.invalid_picks == [2]
    assert found.pieces == [Piece(2, 1, 0, 3)]


def test_picks_say_nothing_in_other_methods():
    history = [buy(1, 5), buy(2, 5), sell(3, 5, picks=((2, 5),))]
    assert match(history, FIFO).pieces == [Piece(3, 0, 0, 5)]
    assert match(history, FIFO).invalid_picks == []


def test_quantities_of_38_digits_stay_exact():
    huge = 10**38 - 1
    found = match([buy(1, huge), buy(2, huge), sell(3, huge + 2), buy(4, 1)], AVERAGE)
    assert found.pieces == [Piece(3, 3, 0, huge + 2)]
    assert found.lots[3].quantity == 2 * huge
    assert match([buy(1, huge), sell(2, huge + 1)], FIFO).pieces == [Piece(2, 0, 0, huge), Piece(2, None, 0, 1)]


def test_a_movement_of_nothing_leaves_nothing():
    for methods in (FIFO, AVERAGE, SPECIFIC):
        found = match([buy(1, 0), sell(2, 0), buy(3, 2), buy(4, 0), sell(5, 2)], methods)
        assert [p.disposal for p in found.pieces] == [5]
        assert found.open == []


def test_no_movements():
    assert match([], FIFO) == ([], [], [], [])


@pytest.mark.parametrize(
    ("movements", "methods"),
    [
        ([buy(1, -1)], FIFO),
        ([buy(1, 1, 2025), buy(2, 1, 2024)], FIFO),
        ([buy(1, 1, 2031)], FIFO),
        ([buy(1, 1)], {2024: "lifo"}),
    ],
)
def test_defects_of_a_caller_are_refused(movements, methods):
    with pytest.raises(ValueError, match=r"quantity|order|method"):
        match(movements, methods)


# Random histories


@st.composite
def histories(draw, biggest=30, classes=("", "mined", "reward"), years=(2022, 2025), length=24):
    count = draw(st.integers(0, length))
    when = sorted(draw(st.lists(st.integers(*years), min_size=count, max_size=count)))
    movements = []
    for key, year in enumerate(when):
        quantity = draw(st.integers(1, biggest))
        acquired = [m.key for m in movements if m.acquisition]
        if draw(st.booleans()):
            movements.append(Movement(key, quantity, True, year, draw(st.sampled_from(classes))))
            continue
        picks = ()
        if acquired and draw(st.booleans()):
            chosen = draw(st.lists(st.sampled_from(acquired), min_size=1, max_size=3))
            bits = [draw(st.integers(1, biggest)) for _ in chosen]
            picks = tuple(zip(chosen, bits, strict=True))
            quantity = sum(bits) if draw(st.integers(0, 5)) else quantity
        movements.append(Movement(key, quantity, False, year, "", picks))
    return movements


methods_by_year = st.fixed_dictionaries(
    {year: st.sampled_from(["fifo", "average", "specific"]) for year in range(2022, 2026)}
)
cost_or_unknown = st.one_of(st.none(), st.integers(0, 10**6), st.integers(0, 10**6))


@settings(max_examples=250, deadline=None)
@given(histories(), methods_by_year, st.data())
def test_equals_the_slow_oracle(movements, methods, data):
    costs = {m.key: data.draw(cost_or_unknown) for m in movements if m.acquisition}
    expected, still = slow_match(movements, methods, costs)
    found = match(movements, methods)
    table = Costs(found.lots, lambda key: (costs[key],))

    def label(number):
        return "pool" if found.lots[number].key is None else found.lots[number].key

    seen = {m.key: ([], 0) for m in movements if not m.acquisition}
    for p in found.pieces:
        runs, short = seen[p.disposal]
        if p.lot is None:
            seen[p.disposal] = (runs, short + p.x1 - p.x0)
        else:
            runs.append((label(p.lot), p.x0, p.x1, table.slice(p.lot, p.x0, p.x1)[0]))
    assert seen == expected
    assert [(label(s.lot), s.x0, s.x1) for s in found.open] == still


@settings(max_examples=150, deadline=None)
@given(histories(biggest=9), st.integers(2022, 2025))
def test_one_pass_of_fifo_says_what_the_matcher_says(movements, year):
    found = match(movements, dict.fromkeys(range(2022, 2026), "fifo"))
    quick = fifo((m.key, m.quantity, m.acquisition, m.year == year) for m in movements)
    wanted = {m.key for m in movements if m.year == year}
    lots = [lot._replace(lot_class="") for lot in found.lots]
    pieces = [p for p in found.pieces if p.disposal in wanted]
    assert (quick.lots, [p for own in quick.pieces.values() for p in own], quick.open) == (lots, pieces, found.open)


@settings(max_examples=150, deadline=None)
@given(histories(biggest=9), st.integers(2022, 2025))
def test_one_pass_of_the_average_says_what_the_matcher_says(movements, year):
    """Of lots of one class."""
    alike = [m._replace(lot_class="") for m in movements]
    found = match(alike, dict.fromkeys(range(2022, 2026), "average"))
    quick, pieces = pooled((m.key, m.quantity, m.acquisition, m.year == year) for m in alike)
    wanted = {m.key for m in alike if m.year == year}
    own = [p for p in found.pieces if p.disposal in wanted]
    assert (quick.lots, [p for own in pieces.values() for p in own], quick.open) == (found.lots, own, found.open)


@settings(max_examples=200, deadline=None)
@given(histories(biggest=10**38 - 1), methods_by_year)
def test_every_position_of_every_lot_ends_in_one_place(movements, methods):
    found = match(movements, methods)
    uses = {lot.number: [] for lot in found.lots}
    for p in found.pieces:
        if p.lot is not None:
            uses[p.lot].append((p.x0, p.x1))
    for lot in found.lots:
        assert found.lots[lot.number] is lot
        for s in lot.parts:
            assert s.lot < lot.number
            uses[s.lot].append((s.x0, s.x1))
        if lot.key is None:
            assert sum(s.x1 - s.x0 for s in lot.parts) == lot.quantity
            assert {found.lots[s.lot].lot_class for s in lot.parts} == {lot.lot_class}
    for s in found.open:
        uses[s.lot].append((s.x0, s.x1))
    for lot in found.lots:
        at = 0
        for x0, x1 in sorted(uses[lot.number]):
            assert x0 == at < x1
            at = x1
        assert at == lot.quantity


@settings(max_examples=200, deadline=None)
@given(histories(biggest=10**38 - 1), methods_by_year)
def test_quantities_are_conserved_and_shortage_comes_last(movements, methods):
    found = match(movements, methods)
    acquired = sum(m.quantity for m in movements if m.acquisition)
    sold = sum(p.x1 - p.x0 for p in found.pieces if p.lot is not None)
    assert acquired == sold + sum(s.x1 - s.x0 for s in found.open)
    held = 0
    for m in movements:
        if m.acquisition:
            held += m.quantity
            continue
        mine = [p for p in found.pieces if p.disposal == m.key]
        assert sum(p.x1 - p.x0 for p in mine) == m.quantity
        short = [p for p in mine if p.lot is None]
        missing = max(0, m.quantity - held)
        assert [p.x1 for p in short] == ([missing] if missing else [])
        assert mine[len(mine) - len(short) :] == short
        held -= min(held, m.quantity)
    order = {m.key: i for i, m in enumerate(movements)}
    assert [order[p.disposal] for p in found.pieces] == sorted(order[p.disposal] for p in found.pieces)
    for p in found.pieces:
        key = None if p.lot is None else found.lots[p.lot].key
        assert key is None or order[key] < order[p.disposal]


@settings(max_examples=150, deadline=None)
@given(histories(classes=("",)), st.sampled_from(["fifo", "average"]), st.data())
def test_splitting_a_sale_changes_no_cost(movements, method, data):
    methods = dict.fromkeys(range(2022, 2026), method)
    costs = {m.key: data.draw(st.integers(0, 10**9)) for m in movements if m.acquisition}
    split = []
    for m in movements:
        if m.acquisition or m.quantity == 1:
            split.append(m)
            continue
        first = data.draw(st.integers(1, m.quantity - 1))
        split += [m._replace(quantity=first, picks=()), m._replace(quantity=m.quantity - first, picks=())]

    def cost_by_sale(history):
        found = match(history, methods)
        table = Costs(found.lots, lambda key: (costs[key],))
        sums = {}
        for p in found.pieces:
            cost = 0 if p.lot is None else table.slice(p.lot, p.x0, p.x1)[0]
            sums[p.disposal] = sums.get(p.disposal, 0) + cost
        return sums

    assert cost_by_sale(split) == cost_by_sale(movements)


def lines_run(history, methods):
    """How many lines of Python a match runs: work that can be counted, where time cannot be trusted."""
    count = 0

    def tracer(frame, event, arg):
        nonlocal count
        count += event == "line"
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        match(history, methods)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("methods", [FIFO, AVERAGE, SPECIFIC])
def test_work_grows_with_the_history_and_not_faster(methods):
    def history(rounds):
        rows = []
        for i in range(rounds):
            rows += [buy(3 * i, 7), buy(3 * i + 1, 5), sell(3 * i + 2, 8, picks=((3 * i + 1, 5), (3 * i, 3)))]
        return [*rows, sell(3 * rounds, 4 * rounds), sell(3 * rounds + 1, 1)]

    assert lines_run(history(800), methods) < 4.2 * lines_run(history(200), methods)
