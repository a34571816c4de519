"""What columns of many records say, as NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from salyq.records.arrays import kept, seen
from salyq.records.columns import NONE, Amounts, Coded, Same
from salyq.records.texts import LONGEST, Texts


def numbers_of(column: Sequence[Any]) -> tuple[list[Any], Any]:
    """The values of a column, and of each row the number of its value."""
    if isinstance(column, Same):
        return [column.value], np.zeros(len(column), np.int32)
    own = Coded.from_column(column)
    return own.values, seen(own.numbers)


def ranks_of(column: Sequence[Any]) -> Any:
    """Of each row where its value stands among all of them, sorted."""
    values, numbers = numbers_of(column)
    place = np.empty(len(values), np.int64)
    place[sorted(range(len(values)), key=values.__getitem__)] = np.arange(len(values))
    return place[numbers]


# marks of rows ------------------------------------------------------------------------------------------------------
def places(marks: Any) -> list[int]:
    """The rows that are marked."""
    found: list[int] = np.flatnonzero(marks).tolist()
    return found


def says(column: Sequence[Any], of: Callable[[Any], bool]) -> Any:
    """Whether what a row says is so, asked once a value."""
    values, numbers = numbers_of(column)
    return np.array([of(value) for value in values], bool)[numbers]


def given(column: Sequence[Any]) -> Any:
    """Where there is something."""
    if isinstance(column, Same | Coded):
        return says(column, lambda value: value is not None)
    if isinstance(column, Amounts) and column.wide is None:
        return seen(column.numbers) != NONE if column.gaps else np.ones(len(column), bool)
    if isinstance(column, Texts):
        return (seen(column.spots) & LONGEST) != 0
    return np.array([value is not None for value in column], bool)


def zero(amounts: Sequence[int | None]) -> Any:
    return _each(amounts, lambda amount: amount == 0, lambda numbers, _: numbers == 0)


def below(amounts: Sequence[int | None]) -> Any:
    """Which are below zero."""
    return _each(amounts, lambda amount: amount < 0, lambda numbers, _: numbers < 0)


def beyond(amounts: Sequence[int | None], limit: int) -> Any:
    """Which are as large as a limit for which 64 bits of grains have no room."""
    return _each(amounts, lambda amount: amount >= limit, lambda numbers, _: np.zeros(len(numbers), bool))


def odd(amounts: Sequence[int | None], unit: int) -> Any:
    """Which have parts of a unit, a power of ten."""
    return _each(
        amounts, lambda amount: amount % unit != 0, lambda numbers, grain: numbers % max(unit // grain, 1) != 0
    )


def _each(amounts: Sequence[int | None], one: Callable[[int], bool], many: Callable[[Any, int], Any]) -> Any:
    """What is so of amounts that are there: asked of each, or of all numbers in their grain."""
    if isinstance(amounts, Amounts) and amounts.wide is None:
        return many(seen(amounts.numbers), amounts.grain) & given(amounts)
    if isinstance(amounts, Same):
        return says(amounts, lambda amount: amount is not None and one(amount))
    return np.array([amount is not None and one(amount) for amount in amounts], bool)


def where(marks: Any, column: Coded | Same) -> Coded | Same:
    """What is said where it is marked, and nothing elsewhere."""
    if marks.all() or (isinstance(column, Same) and column.value is None):
        return column
    values, numbers = numbers_of(column)
    own = [*values, None] if None not in values else values
    return Coded(own, kept(np.where(marks, numbers, own.index(None)), "i")).compact()
