"""The exact arithmetic of the nodes against its definition."""

from __future__ import annotations

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from salyq.rulebook import arithmetic as a

BIG = st.integers(-(10**38), 10**38)
EXACT = BIG | st.fractions(-(10**12), 10**12, max_denominator=10**9)
RATE = st.fractions(-1000, 1000, max_denominator=10**6)
UNIT = 10**18


def half_up(x: Fraction) -> int:
    return int(math.copysign(1, x)) * math.floor(abs(x) + Fraction(1, 2))


@given(EXACT)
def test_round_whole(x: int | Fraction) -> None:
    assert a.round_whole(x) == half_up(Fraction(x))


@given(EXACT, st.sampled_from([1, 10**16]))
def test_round_grain(x: int | Fraction, grain: int) -> None:
    assert a.round_grain(x, grain) == half_up(Fraction(x) / grain) * grain


@given(EXACT, RATE)
def test_products_rounded_in_one_go(x: int | Fraction, rate: Fraction) -> None:
    assert a.rounded_product(x, rate, 100, UNIT) == half_up(Fraction(x) * 100 * rate / UNIT)
    assert a.rounded_product(x, rate, 1, 1) == a.round_whole(a.times(x, rate)) == half_up(Fraction(x) * rate)


@given(st.integers(-5, 40), st.lists(st.integers(1, 9), min_size=0, max_size=4), st.data())
def test_a_scale_is_the_sum_over_each_tiyn_slice(x: int, steps: list[int], data: st.DataObject) -> None:
    over = [Fraction(sum(steps[:i])) for i in range(len(steps) + 1)]
    rates = [data.draw(st.fractions(0, 1, max_denominator=100)) for _ in over]
    wanted = sum(
        (max(Fraction(0), min(Fraction(x), high) - low) * rate
         for low, high, rate in zip(over, [*over[1:], Fraction(10**12)], rates, strict=True)),
        Fraction(0),
    )  # fmt: skip
    assert a.marginal(x, over, rates, 1) == wanted
    assert sum((part for part, _ in a.slices(x, over, rates, 1)), Fraction(0)) == max(0, x)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 60 * UNIT))
def test_a_table_takes_the_first_step_that_holds(widths: list[int], x: int) -> None:
    upto = [Fraction(sum(widths[: i + 1])) for i in range(len(widths))]
    entries = [Fraction(i) for i in range(len(widths) + 1)]
    wanted = next((i for i, bound in enumerate(upto) if Fraction(x, UNIT) <= bound), len(upto))
    assert a.stepped(Fraction(x, UNIT), upto, entries) == wanted


def test_bounds_of_a_table_are_inclusive() -> None:
    upto, entries = [Fraction(1), Fraction(2)], [Fraction(n) for n in (25, 24, 1)]
    assert [a.stepped(Fraction(x, UNIT), upto, entries) for x in (UNIT, UNIT + 1, 2 * UNIT, 2 * UNIT + 1)] == [
        25,
        24,
        24,
        1,
    ]


@given(st.integers(0, 10**30), st.integers(1, 10**24), st.data())
def test_parts_do_not_depend_on_how_a_sale_is_split(total: int, quantity: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, quantity))
    grain = data.draw(st.sampled_from([1, 10**16]))
    parts = a.divided(total, quantity, 0, cut, grain) + a.divided(total, quantity, cut, quantity, grain)
    assert parts == a.divided(total, quantity, 0, quantity, grain) == half_up(Fraction(total, grain)) * grain


def test_a_share_of_nothing_is_nothing() -> None:
    assert a.share(3, 0) == 0
    assert a.share(3, 4) == Fraction(3, 4)
