"""Every threshold of law is tried below, at and above it by worked cases, or it is said why it cannot
(`law/one_side.toml`); `salyq law check` refuses what is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from salyq.app.asking import law_of_acts
from salyq.app.law_tried import tried
from salyq.law import shipped
from salyq.rulebook.asking import Door
from salyq.rulebook.graph import Graph
from salyq.rulebook.sides import ALL, Limits, SidedGraph, Sides, Threshold, one_side, side_faults, why_one_side

STAFF = Threshold(
    "small_business.simplified_staff_exceeded", date(2025, 1, 1), "lt(small_business.simplified_staff, average_staff)"
)


def test_the_worked_cases_try_every_threshold_on_three_sides() -> None:
    assert [str(f) for f in side_faults(tried().sides, shipped())] == []
    assert len(tried().sides) > 40
    assert sum(seen >= ALL for seen in tried().sides.values()) > 40


def test_every_reason_names_a_threshold() -> None:
    sides: Sides = {}
    SidedGraph(Graph(law_of_acts()), sides)
    known = {str(t) for t in (*sides, *tried().sides)}
    assert set(why_one_side(Path(str(shipped().root)))) <= known


@pytest.mark.parametrize(("staff", "side"), [(0, -2), (28, -2), (29, -1), (30, 0), (31, 1), (32, 2)])
def test_an_asking_notes_where_it_fell(staff: int, side: int) -> None:
    sides: Sides = {}
    door = Door(shipped(), graph=SidedGraph(Graph(shipped()), sides))
    facts = {"half_end": "2025-06-30", "regime": "simplified", "subtype_i": False, "average_staff": str(staff)}
    said = door.ask(STAFF.rule, facts, date(2025, 6, 30))
    assert said.value is (staff > 30)
    assert sides[STAFF] == {side}


@pytest.mark.parametrize(
    ("fell", "said"),
    [
        ({0, 1}, "no worked case falls one step below"),
        ({-1, 1}, "exactly at"),
        ({-2, -1, 0, 2}, "one step above the limit"),
    ],
)
def test_a_side_without_a_case_is_refused(fell: set[int], said: str) -> None:
    (fault,) = side_faults({STAFF: fell}, shipped())
    assert said in str(fault)
    assert str(STAFF) in str(fault)


def test_a_reason_lifts_it_and_is_refused_when_needed_no_more() -> None:
    why = {str(STAFF): "nobody has so many"}
    assert one_side({STAFF: {0, 1}}, why) == ([], [])
    assert one_side({STAFF: set(ALL)}, why) == ([], [str(STAFF)])


CUT = "min(base_deduction, round(mul(personal_income_tax.base_deduction_limit, base.mci_january)))"


def test_a_limit_that_cuts_is_a_threshold_too() -> None:
    """The lesser of what is stated and what law allows: both sides of it are tried."""
    sides: Sides = {}
    SidedGraph(Graph(law_of_acts()), sides)
    cut = {t.compared for t in (*sides, *tried().sides) if t.compared.startswith(("min(", "max("))}
    assert {CUT, "min(social_deduction, personal_income_tax.social_limit)"} <= cut
    assert "min(max(mul(income_usd, aifc.income_share), mul(worth_usd, aifc.worth_share)), aifc.old_cap)" in cut


def test_what_rests_on_facts_is_no_limit() -> None:
    graph = Graph(shipped())
    limits = Limits(graph.law, graph.trees)
    for version, tree in graph.trees.items():
        if version.name == "corporate_income_tax.tax":
            assert tree not in limits
