"""Shares of totals by long division in 64 bits are those of Python's integers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from salyq.rulebook.columns import Column, in_words, measured, whole

SIZES = st.sampled_from([1, 5, 20, 40, 50, 53, 60, 62]).flatmap(lambda bits: st.integers(0, 2**bits - 1))
ROW = st.tuples(SIZES, SIZES).flatmap(
    lambda row: st.tuples(*map(st.just, row), st.integers(0, row[1]), st.sampled_from([row[1], row[1] // 2]))
)


@given(st.lists(ROW, min_size=1, max_size=5), st.sampled_from([1, 10, 10**8]), st.booleans())
def test_a_share_is_exact(rows: list[tuple[int, ...]], size: int, each: bool) -> None:
    total, quantity, x0, x1 = [whole(np.array(column, np.int64)) for column in zip(*rows, strict=True)]
    found = in_words(total, quantity, (x0, x1), np.full(len(rows), size, np.int64) if each else size)
    if found is None:
        assert max(q for _, q, *_ in rows) * size >= 2**54  # no room to divide
        return
    for (t, q, *places), *own in zip(rows, *(column.tolist() for column in found), strict=True):
        assert not q or own == [(2 * t * x + q * size) // (2 * q * size) for x in places]


def test_what_is_below_zero_or_wide_is_left_to_python() -> None:
    one, minus, wide = (whole(np.array([n], object)) for n in (7, -7, 2**70))
    for total, quantity, x in ((minus, one, one), (wide, one, one), (one, wide, one), (one, one, minus)):
        assert in_words(total, quantity, (x,), 1) is None
    found = in_words(one, one, (one,), 1)
    assert found is not None
    assert found[0].tolist() == [7]


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1), st.sampled_from([1, 10, 10**10, 10**18]))
def test_wide_numbers_that_share_a_grain_are_kept_in_it(numbers: list[int], grain: int) -> None:
    wide = np.array([n * grain for n in numbers], object)
    made = measured(Column((wide,), None, (-(10**40), 10**40)))
    assert [n * made.grain for n in made.parts[0].tolist()] == wide.tolist()
    assert made.parts[0].dtype == np.int64
    assert made.ends == (min(numbers) * grain // made.grain, max(numbers) * grain // made.grain)
