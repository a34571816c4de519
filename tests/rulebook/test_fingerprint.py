"""The fingerprint changes with anything that could change a figure or its articles, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from small_law import ACTS, RULES, law_of, value, whole_law, with_values

from salyq.law import shipped
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Law
from salyq.rulebook.nodes import Money, floor0, lift, rounded
from salyq.rulebook.rules import figure, rule

BASE = Graph(whole_law()).fingerprint


def with_rule(function: Callable[..., object]) -> Law:
    return whole_law(rules=(function, *RULES[1:]))


def test_it_is_a_hash() -> None:
    assert BASE.startswith("sha256:")
    assert len(BASE) == len("sha256:") + 64


@pytest.mark.parametrize(
    "changed",
    [
        value(1001),
        value(1000, "2021-12-31"),
        value(1000, until="2030-01-01"),
        value(1000, enacted="2020-01-02"),
        value(1000, cite="code:99"),
        value(1000, basis="secondary"),
        value(1000, by="amendment"),
        value(None, reason={"en": "x"}),
    ],
)
def test_every_field_of_a_value_counts(changed: object) -> None:
    assert Graph(whole_law(unit=with_values("unit", changed))).fingerprint != BASE  # type: ignore[arg-type]


def test_a_rate_of_a_scale_counts() -> None:
    data = {"over": [Fraction(0), Fraction(100)], "rate": [Fraction(1, 10), Fraction(4, 25)]}
    assert Graph(whole_law(brackets=with_values("brackets", value(data)))).fingerprint != BASE


def test_the_steps_of_a_rule_count() -> None:
    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def other(price: Money, cost: Money) -> Money:
        return floor0(cost - price)

    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def constant(price: Money, cost: Money) -> Money:
        return floor0(price - cost - lift(1, "KZT"))

    assert len({Graph(with_rule(f)).fingerprint for f in (other, constant)} | {BASE}) == 3


def test_the_dates_and_articles_of_a_rule_count() -> None:
    @rule(cite="code:20", per="sale", date="day", since="2022-01-01", name="gain")
    def cited(price: Money, cost: Money) -> Money:
        return floor0(price - cost)

    @rule(cite="code:2", per="sale", date="day", since="2021-12-31", name="gain")
    def dated(price: Money, cost: Money) -> Money:
        return floor0(price - cost)

    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain", basis="convention")
    def based(price: Money, cost: Money) -> Money:
        return floor0(price - cost)

    assert len({Graph(with_rule(f)).fingerprint for f in (cited, dated, based)} | {BASE}) == 4


def test_an_act_and_the_day_of_knowledge_count() -> None:
    acts = {**ACTS, "amendment": replace(ACTS["amendment"], date=date(2024, 6, 2))}
    assert Graph(whole_law(acts=acts)).fingerprint != BASE
    assert Graph(whole_law(), date(2021, 1, 1)).fingerprint != BASE


def test_words_names_of_functions_and_worked_cases_do_not_count() -> None:
    @rule(cite="code:2", per="sale", date="day", since="2022-01-01", name="gain")
    def of_quite_another_name(price: Money, cost: Money) -> Money:
        """Another docstring, in another file, on another line."""
        difference = price - cost
        return floor0(difference)

    same = replace(with_rule(of_quite_another_name), labels={}, cases={}, roots=("tax.unit",))
    assert Graph(same).fingerprint == BASE


def test_order_of_declaration_does_not_count() -> None:
    assert Graph(whole_law(rules=tuple(reversed(RULES)))).fingerprint == BASE


def test_shipped_law_has_one_fingerprint_a_day_of_knowledge() -> None:
    law = shipped()
    one, again, before = Graph(law), Graph(law), Graph(law, date(2025, 1, 1))
    assert one.fingerprint == again.fingerprint != before.fingerprint


def test_the_same_law_from_another_compilation() -> None:
    @figure(cite="code:5", per="year", since="2022-01-01")
    def tenth(a: Money) -> Money:
        return rounded(a * lift(Fraction(1, 10), "ratio"))

    assert Graph(law_of(tenth)).fingerprint == Graph(law_of(tenth)).fingerprint
