"""Known, unknown, not applicable: an unknown never becomes a number, and its ends are exact."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_law import evaluator, law_of, series, value, with_values, year

from salyq.civil.messages import Message
from salyq.rulebook.nodes import (
    Flag,
    Money,
    Ratio,
    Scale,
    bounded,
    doubt,
    floor0,
    known_or,
    largest,
    lift,
    rounded,
    scale,
    smallest,
    unknown,
    when,
)
from salyq.rulebook.rules import figure, rule
from salyq.rulebook.states import Unknown, because, both, branch, either, from_message, lifted, missing, sum_of

WHY = because("missing_acquisition", place="a.csv:2")
OTHER = because("missing_fact", fact="b", place="2023")
EDGES = st.integers(-5, 5)
THREE = st.sampled_from([True, False, Unknown(WHY.missing, False, True), Unknown(OTHER.missing, True, False)])


def test_missing_facts_become_messages_again() -> None:
    inner = Message("missing_value", {"name": "x", "day": "2023-01-01"})
    fact = missing("missing_fact", fact=inner, place="y")
    assert fact.message().params["fact"] == inner
    assert from_message(fact.message()) == fact


@given(EDGES, EDGES, EDGES)
def test_lifted_works_scenario_by_scenario(low: int, high: int, known: int) -> None:
    found = lifted(lambda a, b: a - b, Unknown(WHY.missing, low, high), known)
    assert (found.low, found.high, found.so_far) == (low - known, high - known, None)
    two = lifted(lambda a, b: a + b, Unknown(WHY.missing, low, high), Unknown(OTHER.missing, high, low))
    assert (two.low, two.high, two.missing) == (low + high, high + low, WHY.missing | OTHER.missing)


@given(THREE, THREE)
def test_and_or_decide_where_one_side_decides(a: Any, b: Any) -> None:
    conjunction, disjunction = both(a, lambda: b), either(a, lambda: b)
    assert (conjunction is False) == (a is False or b is False)
    assert (conjunction is True) == (a is True and b is True)
    assert (disjunction is True) == (a is True or b is True)
    assert (disjunction is False) == (a is False and b is False)


def test_and_or_do_not_ask_what_cannot_decide() -> None:
    def never() -> Any:
        raise AssertionError("asked in vain")

    assert both(False, never) is False
    assert either(True, never) is True


def test_a_branch_on_an_unknown_condition_takes_each_scenarios_own() -> None:
    found = branch(Unknown(WHY.missing, False, True), 7, Unknown(OTHER.missing, 1, 9, 5))
    assert (found.low, found.high, found.so_far) == (1, 7, None)
    assert found.missing == WHY.missing | OTHER.missing


def test_a_sum_with_an_open_end_has_an_open_end() -> None:
    found = sum_of(10, [Unknown(WHY.missing, 1, None, 2), Unknown(OTHER.missing, 5, 6, None)])
    assert (found.low, found.high, found.so_far) == (16, None, None)


# ---- through the law -------------------------------------------------------------------------------------------------
@rule(cite="code:1", per="year", since="2022-01-01")
def earned(a: Money) -> Money:
    """At least nothing, at most a million."""
    return bounded(a, lift(0, "KZT"), lift(1_000_000, "KZT"))


@rule(cite="code:1", per="year", since="2022-01-01")
def spent(b: Money, earned: Money) -> Money:
    """A cost not known: what leaves the least tax is all of it, the most nothing."""
    return bounded(b, earned, lift(0, "KZT"))


@figure(cite="code:1", per="year", since="2022-01-01")
def levy(earned: Money, spent: Money, c: Money, brackets: Scale, unit: Money, extra: Ratio) -> Money:
    base = floor0(largest(earned - spent, smallest(earned, c)))
    return rounded(scale(base, brackets, unit)) + rounded(base * extra)


LAW = law_of(earned, spent, levy, values=[with_values(n, *v) for n, v in {
    "brackets": [value({"over": [Fraction(0), Fraction(50)], "rate": [Fraction(1, 10), Fraction(1, 3)]})],
    "unit": [value(1000)],
    "extra": [value(Fraction(1, 7))],
}.items()])  # fmt: skip


def levied(a: int | None, b: int | None, c: int) -> Any:
    return evaluator(LAW).value("tax.levy", year({"a": a, "b": b, "c": c}))


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_ends_are_the_very_figures_of_the_two_scenarios(a: int, b: int, c: int) -> None:
    """Income only raises this tax and cost only lowers it, so no value between the ends can leave them."""
    no_income = levied(None, b, c)
    assert (no_income.low, no_income.high) == (levied(0, b, c), levied(10**6, b, c))
    assert no_income.low <= levied(a, b, c) <= no_income.high
    no_cost = levied(a, None, c)
    assert (no_cost.low, no_cost.high) == (levied(a, a, c), levied(a, 0, c))
    assert no_cost.low <= levied(a, min(a, b), c) <= no_cost.high
    neither = levied(None, None, c)
    assert (neither.low, neither.high) == (levied(0, 0, c), levied(10**6, 0, c))
    assert neither.low <= levied(a, min(a, b), c) <= neither.high
    assert {m.code for m in neither.missing} == {"missing_fact"}
    assert len(neither.missing) == 2


def test_an_end_that_is_there_stays_and_an_unknown_end_gives_its_own() -> None:
    @rule(cite="code:1", per="year", since="2022-01-01")
    def inner(a: Money) -> Money:
        return bounded(a, lift(3, "KZT"), None)

    @rule(cite="code:1", per="year", since="2022-01-01")
    def most(b: Money) -> Money:
        return bounded(b, lift(5, "KZT"), lift(9, "KZT"))

    @figure(cite="code:1", per="year", since="2022-01-01")
    def outer(inner: Money, most: Money) -> Money:
        return bounded(inner, lift(1, "KZT"), most)

    found = evaluator(law_of(inner, most, outer)).value("tax.outer", year())
    assert (found.low, found.high) == (3, 9)
    assert evaluator(law_of(inner, most, outer)).value("tax.outer", year({"a": 4})) == 4


def test_unknown_values_and_articles_stay_unknown() -> None:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def silent(a: Money, f: Flag) -> Money:
        return when(f, a, unknown("no_derivative_law", unit="KZT"))

    @figure(cite="code:1", per="year", since="2022-01-01")
    def unread(a: Money, unit: Money) -> Money:
        return smallest(a, unit)

    @figure(cite="code:1", per="year", since="2022-01-01")
    def between(a: Money, b: Money) -> Money:
        return doubt("missing_acquisition", a, b)

    @figure(cite="code:1", per="year", since="2022-01-01")
    def second(c: Money, b: Money) -> Money:
        return known_or(c, b)

    law = law_of(silent, unread, between, second, values=[series("unit", "KZT", value(None, reason={"en": "x"}))])
    ask, scope = evaluator(law).value, year({"a": 5, "b": 9, "f": False})
    assert {m.code for m in ask("tax.silent", scope).missing} == {"no_derivative_law"}
    assert {m.code for m in ask("tax.unread", scope).missing} == {"missing_value"}
    assert (ask("tax.between", scope).low, ask("tax.between", scope).high) == (5, 9)
    assert ask("tax.second", scope) == 9
    assert ask("tax.silent", year({"a": 5, "f": True})) == 5  # what is not asked for is not missing


def test_rows_that_could_not_be_read_leave_sum_and_question_open() -> None:
    from small_law import RowSet, Sale, sale

    from salyq.rulebook.nodes import Rows

    @figure(cite="code:1", per="year", since="2022-01-01")
    def proceeds(sales: Rows[Sale]) -> Money:
        return sales.sum(lambda s: s.price)

    @rule(cite="code:1", per="year", since="2022-01-01")
    def sold(sales: Rows[Sale]) -> Flag:
        return sales.any(lambda s: s.price > 0)

    scope = year(sales=[sale(70, 0)])
    scope.rows = {"sales": RowSet(scope.rows["sales"].rows, WHY.missing)}
    law = law_of(proceeds, sold)
    found = evaluator(law).value("tax.proceeds", scope)
    assert (found.low, found.high, found.so_far) == (None, None, 70)
    assert evaluator(law).value("tax.sold", year_like(scope)) is True
    empty = year()
    empty.rows = {"sales": RowSet([], WHY.missing)}
    assert type(evaluator(law).value("tax.sold", empty)) is Unknown


def year_like(scope: Any) -> Any:
    """The same year, asked anew."""
    again = year()
    again.rows = scope.rows
    return again


@pytest.mark.parametrize("wrong", ["low", "high"])
def test_an_unknown_is_no_number(wrong: str) -> None:
    with pytest.raises(TypeError):
        _ = Unknown(WHY.missing, 1, 2) + 1  # type: ignore[operator]
