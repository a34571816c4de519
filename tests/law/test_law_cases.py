"""`law diff` in figures: a case under the law of two days, and the worked cases whose figures change."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import salyq
from salyq.app.law_cases import Laws, changed_names, concerned, in_money, worked_cases
from salyq.app.law_tried import written
from salyq.app.lawbook import whole
from salyq.assessing.year import assess_as_of, figures_as_of
from salyq.cli.main import main
from salyq.facts.case import read_case
from salyq.law import shipped
from salyq.rulebook.graph import Graph
from salyq.rulebook.reform import as_of

DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))


@settings(max_examples=40, deadline=None)
@given(on=DAYS, known=DAYS, asked=DAYS)
def test_frozen_law_is_that_of_its_day(on: date, known: date, asked: date) -> None:
    law = shipped()
    frozen = as_of(Graph(law), on, known)
    for name in ("mining_fee.rate", "personal_income_tax.scale", "base.mci_january", "corporate_income_tax.rate"):
        assert frozen.value_at(name, asked) is law.value_at(name, on, known)
    for name in ("mining_fee.tariff", "personal_income_tax.tax", "corporate_income_tax.mined_income"):
        assert frozen.rule_at(name, asked) is law.rule_at(name, on, known)
    assert law.frozen is None


def test_a_year_under_its_own_law_is_the_year(tmp_path: Any) -> None:
    """A quarter of mining in 2026 asks no law of an earlier day."""
    (tmp_path / "person.toml").write_text(
        'id = "210140000016"\nkind = "company"\nresident = true\n[[licence]]\nkind = "mining_I"\nfrom = 2022-01-01\n'
    )
    (tmp_path / "energy.csv").write_text("start,end,kwh\n2026-01-01T00:00,2026-04-01T00:00,1000\n")
    case, law = salyq.read_case(tmp_path), shipped()
    plain = salyq.assess(case, year=2026, alternatives=False)
    frozen = assess_as_of(case, 2026, date(2026, 3, 31), law.known)
    assert frozen is not None
    assert [(f.name, f.period, f.value) for f in frozen.figures] == [(f.name, f.period, f.value) for f in plain.figures]
    rows = in_money(case, 2026, ((date(2022, 6, 30), law.known), (date(2026, 3, 31), law.known)))
    assert rows is not None
    due = next(r for r in rows if r.name == "mining_fee.due" and r.period == "2026-Q1")
    assert (due.baseline.value, due.reform.value, due.difference) == (Decimal(1000), Decimal(2000), Decimal(1000))


def test_cases_that_run_through_a_change_and_no_others() -> None:
    law = whole()
    k = law.known
    days = ((date(2026, 1, 1), k), (date(2026, 2, 1), k))
    names = changed_names(law, days)
    found = concerned(law, days)
    assert all(c.get("year", 2026) == 2026 for _, c in found)
    assert concerned(law, ((date(2026, 1, 1), k), (date(2026, 1, 1), k))) == []
    assert changed_names(law, ((date(2025, 12, 31), k), (date(2026, 1, 1), k))) >= {
        "mining_fee.tariff",
        "mining_fee.due",
        "value_added_tax.rate",
    }
    assert "mining_fee.rate" not in names


def test_worked_cases_tell_what_changes() -> None:
    """Law 259-VIII, 1 May 2026: a permit that there was not before."""
    k = whole().known
    changed = list(worked_cases(((date(2026, 4, 30), k), (date(2026, 5, 1), k))))
    assert changed
    assert all(c.figures and not any(f.same for f in c.figures) for c in changed)
    ids = {f"{c.subject}/{c.id}" for c in changed}
    assert "licensing/A27" in ids
    assert "mining_fee/X1" not in ids


def test_one_law_for_all_cases_says_what_it_says_of_each_alone(tmp_path: Path) -> None:
    """Every fifth case over the end of 2025: nothing of one case is left for the next."""
    k = whole().known
    days = ((date(2025, 12, 31), k), (date(2026, 1, 1), k))
    laws = Laws(days)
    some = [c for _, c in concerned(whole(), days) if "person" in c][::5]
    assert len(some) > 30
    for number, written_case in enumerate(some):
        case = read_case(written(written_case, tmp_path / str(number)))
        for evaluator, (on, known) in zip(laws.evaluators, days, strict=True):
            alone = assess_as_of(case, written_case["year"], on, known)
            together = figures_as_of(case, written_case["year"], evaluator)
            assert together == (None if alone is None else list(alone.figures)), written_case["id"]


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    args = ["law", "diff", "2025-12-31", "2026-01-01", "--case", "examples/aliya"]
    assert main([*args, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["case"]["year"] == 2026
    assert len(told["cases"]) > 200
    assert all(c["figures"] for c in told["cases"])
    figures = {f["name"]: f for f in told["case"]["figures"]}
    assert figures["personal_income_tax.withheld_credit"]["difference"] == "3360000.00"
    assert figures["personal_income_tax.tax"]["status"] == {"before": "unknown", "after": "known"}
    assert main([*args, "--lang", "ru"]) == 0
    page = capsys.readouterr().out
    assert "Это дело за 2026 год по праву обоих дней" in page
    assert f"Примеры, показатели которых меняются: {len(told['cases'])}" in page
    assert main(["law", "diff", "2026-03-01", "2026-03-02", "--case", "examples/aliya", "--lang", "en"]) == 0
    assert "No figure of this case for 2026 changes." in capsys.readouterr().out
    assert main(["law", "diff", "2026-03-01", "2026-03-02", "--case", "no/such/folder"]) == 4
    assert capsys.readouterr().err.count("\n") == 1
