"""Numbers of many cells at once are those of each cell alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salyq.sources.habits import by_columns
from salyq.sources.habits.by_columns import amounts, numbers
from salyq.sources.habits.many_numbers import read

CELLS = st.lists(st.from_regex(r"([0-9]{1,19}(\.[0-9]{1,18})?)?", fullmatch=True), min_size=1)
SHORT = st.lists(st.from_regex(r"([0-9]{1,9}(\.[0-9]{1,8})?)?", fullmatch=True), min_size=1)


@given(CELLS | SHORT)
def test_many_numbers_are_those_of_each_cell(cells: list[str]) -> None:
    found = read("\n".join(cells) + "\n")
    assert found is None or [*found] == numbers(cells, set())


@given(SHORT)
def test_numbers_of_eight_decimals_always_have_room(cells: list[str]) -> None:
    found = read("\n".join(cells) + "\n")
    assert found is not None
    assert (found.grain, [*found]) == (10**10, numbers(cells, set()))


@pytest.mark.parametrize("cells", [["1.5", "-2"], ["1e5", "3"], ["99999999999999999999", "1"], ["", "7"], ["1.", "2"]])
def test_what_is_no_plain_number_is_named(cells: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_columns, "_MANY", 1)
    bad: set[int] = set()
    one: set[int] = set()
    assert [*amounts(cells, bad)] == numbers(cells, one)
    assert bad == one
