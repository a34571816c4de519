"""Explanations of the shipped law: every step follows from what stands below it, down to the leaves."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from small_law import evaluator, law_of, sale, whole_law, year
from work_out import LEAVES, meant, wrong_steps

import salyq
from salyq.law import shipped
from salyq.rulebook.nodes import Money, bounded, floor0, lift
from salyq.rulebook.rules import figure
from salyq.rulebook.trace import Tracer

EXAMPLES = Path(__file__).parents[2] / "examples"
EVERY = [(s, c) for s, cases in shipped().cases.items() for c in cases]
CASES = [(s, c) for s, c in EVERY if "person" in c]
EVENTS = [c for _, c in EVERY if "kind" in c]


def wrong(result: Any) -> list[str]:
    """Steps of known figures that do not add up; and figures whose tree shows another value."""
    found: list[str] = []
    for shown in result.figures:
        if shown.status != "known":
            continue
        why = result.explain(shown.name, shown.period)
        if meant(why.value) != meant(str(shown.value)):
            found.append(f"{shown.name}: {shown.value}, its tree says {why.value}")
        found += [f"{shown.name}: {line}" for line in wrong_steps(why)]
    return found


@pytest.mark.parametrize("year_", [2023, 2024, 2025, 2026])
@pytest.mark.parametrize("name", ["aliya", "temir-mining"])
def test_examples_follow_from_their_leaves(name: str, year_: int) -> None:
    result = salyq.assess(salyq.read_case(EXAMPLES / name), year=year_)
    assert any(f.status == "known" for f in result.figures)
    assert wrong(result) == []


@pytest.mark.parametrize(("subject", "case"), CASES, ids=[f"{s}/{c['id']}" for s, c in CASES])
def test_worked_cases_follow_from_their_leaves(subject: str, case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text(case["person"], encoding="utf-8")
    for name, text in case.get("files", {}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert wrong(salyq.assess(salyq.read_case(tmp_path), year=case["year"])) == []


def test_answers_about_one_row_follow_from_their_leaves() -> None:
    for case in EVENTS:
        asked = salyq.law.about(case["kind"], case["facts"], case["on"])
        for name in case["answers"]:
            answer = asked.ask(name)
            why = answer.explain()
            assert meant(why.value or "?") == meant(answer.text or "?"), case["id"]
            assert list(wrong_steps(why)) == [], case["id"]
    assert len(EVENTS) > 80


def test_a_step_that_does_not_follow_is_seen() -> None:
    """The reckoner itself: a tree with one digit changed anywhere above its leaves is caught."""
    result = salyq.assess(salyq.read_case(EXAMPLES / "aliya"), year=2025)
    why = result.explain("personal_income_tax.tax", "2025")
    steps = [w for w in _all(why) if w.how not in LEAVES and meant(w.value or "x") not in ("x", "yes", "no")]
    planted = [w for w in steps if isinstance(meant(w.value), Fraction)][:200]
    assert len(planted) > 50
    for step in planted:
        kept, step.value = step.value, str(meant(step.value) + 1)
        assert any(wrong_steps(why)), f"{step.name} [{step.how}] {kept}"
        step.value = kept


def _all(why: Any) -> Iterator[Any]:
    yield why
    for step in why.inputs:
        yield from _all(step)


def test_a_figure_that_is_the_same_whatever_is_missing_is_told_as_known() -> None:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def never_below(a: Money) -> Money:
        return floor0(bounded(a, lift(-9, "KZT"), lift(0, "KZT")))

    ask = evaluator(law_of(never_below))
    why = Tracer(ask).rule("tax.never_below", year())
    assert why.value == "0.00"
    assert any(w.how == "missing" for w in _all(why))


def test_long_lists_end_in_a_sum_of_the_rest() -> None:
    law = whole_law()
    scope = year(sales=[sale(100 + i, 0, place=f"a.csv:{i + 2}") for i in range(10)])
    why = Tracer(evaluator(law), rows=3).rule("tax.income", scope)
    assert list(wrong_steps(why)) == []
    (rest,) = [w for w in _all(why) if w.how == "rest"]
    assert (rest.detail, rest.value) == ("7", "7.21")
    whole = Tracer(evaluator(law), rows=None).rule("tax.income", scope)
    assert sum(w.how == "row" for w in _all(whole)) == 10


def test_only_the_branch_taken_is_told() -> None:
    scope = year({"salary": 500}, [sale(100, 40)])
    names = {
        choice: {
            w.name for w in _all(Tracer(evaluator(whole_law(), {"tax.count_salary": choice})).rule("tax.tax", scope))
        }
        for choice in ("no", "yes")
    }
    assert "salary" not in names["no"]
    assert "salary" in names["yes"]
    assert "tax.count_salary" in names["no"] & names["yes"]


# ---- elections -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("example", "year_", "setting", "touched"),
    [
        ("temir-mining", 2025, {"mining_expenses": "text"}, "corporate_income_tax"),
        ("aliya", 2025, {"fee_in_asset": "sale_at_value"}, "personal_income_tax"),
        ("aliya", 2024, {"lot_method": "average"}, "personal_income_tax"),
    ],
)
def test_an_election_changes_only_what_it_touches(
    example: str, year_: int, setting: dict[str, str], touched: str
) -> None:
    """Figures of other taxes stay as they are; of the tax touched, those change whose steps asked for it."""
    case = salyq.read_case(EXAMPLES / example)
    base, other = (salyq.assess(case, year=year_, settings=s) for s in ({}, setting))
    (name,) = setting
    changed = 0
    for mine, theirs in zip(base.figures, other.figures, strict=True):
        assert (mine.name, mine.period) == (theirs.name, theirs.period)
        if (mine.value, mine.status, mine.bounds) != (theirs.value, theirs.status, theirs.bounds):
            changed += 1
            assert mine.name.startswith(f"{touched}.")
            told = [a for a in mine.alternatives if (a.election, a.choice) == (name, setting[name])]
            assert [a.value for a in told] == [theirs.value]
        else:
            assert not [a for a in mine.alternatives if (a.election, a.choice) == (name, setting[name])]
    assert changed


def test_choosing_what_is_the_default_changes_nothing() -> None:
    case = salyq.read_case(EXAMPLES / "temir-mining")
    base, same = (salyq.assess(case, year=2025, settings=s) for s in ({}, {"mining_expenses": "brief"}))
    assert base.figures == same.figures
