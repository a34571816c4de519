"""Which way a rule goes: each operation's marks hold in numbers, and the marks of a rule's steps are put together."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_law import evaluator, law_of, year

from salyq.rulebook.graph import Graph
from salyq.rulebook.node import OPS, Node
from salyq.rulebook.nodes import Flag, Money, bounded, floor0, largest, lift, rounded, smallest, unknown, when
from salyq.rulebook.rules import figure, rule
from salyq.rulebook.ways import DOWN, EITHER, UP, either_ways, ways_of

NUMBERS = st.integers(0, 50)
OF_TWO = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "max": lambda a, b: largest(a, b),
    "min": lambda a, b: smallest(a, b),
    "lt": lambda a, b: when(a < b, lift(1, "KZT"), lift(0, "KZT")),
    "le": lambda a, b: when(a <= b, lift(1, "KZT"), lift(0, "KZT")),
    "share": lambda a, b: rounded(lift(1000, "KZT") * (a / b)),
    "and": lambda a, b: when((a > 9) & (b > 9), lift(1, "KZT"), lift(0, "KZT")),
    "or": lambda a, b: when((a > 9) | (b > 9), lift(1, "KZT"), lift(0, "KZT")),
    "mul": lambda a, b: rounded(a * (b / lift(50, "KZT"))),
    "round": lambda a, _: rounded(a * lift(Fraction(1, 3), "ratio")),
    "not": lambda a, _: when(~(a > 9), lift(1, "KZT"), lift(0, "KZT")),
}


def law_with(op: str) -> Any:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def result(a: Money, b: Money) -> Money:
        return OF_TWO[op](a, b)

    return law_of(result)


LAWS = {op: law_with(op) for op in OF_TWO}


@pytest.mark.parametrize("op", OF_TWO)
@given(NUMBERS, NUMBERS, st.integers(1, 20), st.booleans())
def test_an_operation_goes_as_it_says(op: str, a: int, b: int, more: int, first: bool) -> None:
    """Both operands at or above nought, a divisor above it, as every mark is meant."""
    if op == "share":
        b += 1
    ask = evaluator(LAWS[op])
    at, then = (
        ask.value("tax.result", year({"a": x, "b": y})) for x, y in ((a, b), (a + more * first, b + more * (not first)))
    )
    marks = OPS[op].ways
    mark = marks[0] if first else marks[min(1, len(marks) - 1)]
    assert mark in "+-"
    assert at <= then if mark == "+" else at >= then


def trees(*functions: Any) -> Graph:
    return Graph(law_of(*functions))


@rule(cite="code:1", per="year", since="2022-01-01")
def doubted(a: Money) -> Money:
    return bounded(unknown("missing_fact", unit="KZT"), lift(0, "KZT"), a)


@rule(cite="code:1", per="year", since="2022-01-01")
def sure(b: Money) -> Money:
    return b


def tree(body: Any) -> Node:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def result(doubted: Money, sure: Money, f: Flag) -> Money:
        return body(doubted, sure, f)

    graph = trees(doubted, sure, result)
    return next(t for v, t in graph.trees.items() if v.name == "tax.result")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (lambda x, y, f: x + y, (UP, UP)),
        (lambda x, y, f: y - x, (DOWN, UP)),
        (lambda x, y, f: y - (y - x), (UP, EITHER)),
        (lambda x, y, f: floor0(x) - floor0(x - y), (EITHER, UP)),
        (lambda x, y, f: when(f, x, y), (UP, UP)),
        (lambda x, y, f: when(x > y, x, y), (EITHER, EITHER)),
    ],
)
def test_the_marks_of_steps_are_put_together(body: Any, wanted: tuple[int, int]) -> None:
    found = ways_of(tree(body))
    assert (found["tax.doubted"], found["tax.sure"]) == wanted


def test_a_rule_that_goes_either_way_in_a_doubt_is_named_and_no_other() -> None:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def result(doubted: Money, sure: Money) -> Money:
        return when(doubted > sure, doubted, sure)

    @figure(cite="code:1", per="year", since="2022-01-01")
    def above(result: Money, sure: Money) -> Money:
        return result - sure

    graph = trees(doubted, sure, result, above)
    found = [str(e) for e in either_ways(graph.law, graph.trees)]
    assert found == ["tax.result since 2022-01-01: tax.doubted"]
