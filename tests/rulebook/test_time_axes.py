"""Two time axes: what is in force on a day, as known on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_law import RULES, evaluator, law_of, sale, series, value, whole_law, with_values, year

from salyq.rulebook.graph import Graph
from salyq.rulebook.nodes import LawError, Money, floor0
from salyq.rulebook.rules import figure, rule

BEFORE, AFTER = date(2024, 5, 31), date(2024, 6, 1)


@rule(cite="amendment:1", per="sale", date="day", since="2023-01-01", name="gain")
def whole_price(price: Money) -> Money:
    """A back-dated amendment: adopted in June 2024, in force from the start of 2023."""
    return floor0(price)


AMENDED = whole_law(rules=(whole_price, *RULES))


@pytest.mark.parametrize(("known", "day", "income"), [
    (BEFORE, "2023-05-05", 60),
    (AFTER, "2023-05-05", 100),
    (None, "2023-05-05", 100),
    (AFTER, "2022-12-31", 60),
])  # fmt: skip
def test_an_amendment_reaches_back_once_it_is_known(known: date | None, day: str, income: int) -> None:
    scope = year(sales=[sale(100, 40, day)], on=f"{day[:4]}-12-31")
    assert evaluator(AMENDED, known=known).value("tax.income", scope) == income


def test_the_default_day_of_knowledge_is_the_newest_enacted() -> None:
    assert AMENDED.known == AFTER == Graph(AMENDED).known
    assert replace(AMENDED, acts={k: a for k, a in AMENDED.acts.items() if k != "amendment"}, rules={}).known == date(
        2020, 1, 1
    )


def test_values_on_both_axes() -> None:
    first, later = value(1, until="2023-12-31"), value(2, "2023-07-01", by="amendment", enacted="2024-06-01")
    law = law_of(values=[series("x", "KZT", first, later)])

    def at(day: str, known: date) -> object:
        found = law.value_at("tax.x", date.fromisoformat(day), known)
        return found and found.data

    assert [at(d, BEFORE) for d in ("2021-12-31", "2023-06-30", "2023-07-01", "2024-01-01")] == [None, 1, 1, None]
    assert [at(d, AFTER) for d in ("2023-06-30", "2023-07-01", "2024-01-01")] == [1, 2, 2]


def test_the_latest_in_force_wins_over_the_latest_enacted() -> None:
    later_start = value(2, "2023-01-01")
    later_enacted = value(3, "2022-06-01", by="amendment", enacted="2024-06-01")
    law = law_of(values=[series("x", "KZT", value(1), later_start, later_enacted)])
    found = law.value_at("tax.x", date(2023, 5, 5), AFTER)
    assert found is not None
    assert found.data == 2


def test_a_tie_stops_with_both_articles() -> None:
    law = whole_law(unit=with_values("unit", value(1, cite="code:71"), value(2, cite="code:72")))
    with pytest.raises(LawError, match=r"code:71.*code:72|code:72.*code:71"):
        law.value_at("tax.unit", date(2023, 1, 1), AFTER)


def test_a_figure_ends_with_its_rule() -> None:
    law = whole_law()
    assert evaluator(law).value("tax.surcharge", year(on="2023-12-31")) == 0
    assert evaluator(law).value("tax.surcharge", year(on="2024-12-31")) is None


def test_what_is_needed_but_not_in_force_stops_the_assessment() -> None:
    law = whole_law(unit=with_values("unit", value(1000, until="2023-05-31")))
    with pytest.raises(LawError, match=r"tax\.unit has no value on 2023-12-31"):
        evaluator(law).value("tax.tax", year(sales=[sale(10**9, 0)]))


@given(st.dates(date(2021, 1, 1), date(2025, 12, 31)), st.sampled_from([BEFORE, AFTER]))
def test_spans_hold_the_same_law_on_every_day(day: date, known: date) -> None:
    """What is in force on a day is what is in force on the first day of its span."""
    graph = Graph(AMENDED, known)
    first = AMENDED.changes[AMENDED.span(day)]
    assert first <= day
    for name in AMENDED.rules:
        assert graph.rule_at(name, day) is AMENDED.rule_at(name, first, known)
    for name in AMENDED.series:
        assert graph.value_at(name, day) is AMENDED.value_at(name, first, known)


def test_changes_of_one_subject() -> None:
    law = whole_law()
    assert law.changes_of("tax.surcharge") == (date(2022, 1, 1), date(2024, 1, 1))
    assert law.changes_of("nothing") == ()
    assert set(law.changes_of("")) | {date.min} == set(law.changes)


def test_a_version_of_a_year_picks_by_its_own_column() -> None:
    """The rule of a row is picked by the row's day, the year's by the year's last day."""

    @figure(cite="code:9", per="year", since="2022-01-01", until="2022-12-31", name="doubled")
    @figure(cite="code:9", per="year", since="2024-01-01", name="doubled")
    def doubled(a: Money) -> Money:
        return a + a

    @figure(cite="code:9", per="year", since="2023-01-01", until="2023-12-31", name="doubled")
    def once(a: Money) -> Money:
        return a

    law = law_of(doubled, once)
    found = [evaluator(law).value("tax.doubled", year({"a": 5}, on=f"{y}-12-31")) for y in (2022, 2023, 2024)]
    assert found == [10, 5, 10]


def test_fractions_of_law_stay_exact() -> None:
    law = whole_law(extra=with_values("extra", value(Fraction(1, 3))))
    found = [evaluator(law).value("tax.surcharge", year(sales=[sale(p, 0)])) for p in (100, 150, 160)]
    assert found == [3, 5, 5]  # a third of 10, of 15 and of 16 tiyn
