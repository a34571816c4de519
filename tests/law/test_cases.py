"""Every worked example of the law, through the whole house: files -> read -> reconcile -> assess -> figures."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import salyq
import salyq.law
from salyq.app.law_tried import written
from salyq.app.worked import wrong_answers, wrong_figures
from salyq.rulebook.load import case_files

SUBJECTS = sorted(p.name for p in files("salyq.law").iterdir() if (p / "cases.toml").is_file())


def _all_cases() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for subject in SUBJECTS:
        for file in case_files(files("salyq.law") / subject):
            found += [(subject, case) for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]
    return found


EVERY = _all_cases()
CASES = [(s, c) for s, c in EVERY if "facts" not in c]
EVENTS = [(s, c) for s, c in EVERY if "kind" in c]  # cases of `asked` have their own test


@pytest.fixture(params=CASES, ids=[f"{subject}/{case['id']}" for subject, case in CASES])
def worked(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, Any], Any]:
    """A case of the law and what the house says about it."""
    case = request.param[1]
    return case, salyq.assess(salyq.read_case(written(case, tmp_path)), year=case["year"])


def test_worked_example(worked: tuple[dict[str, Any], Any]) -> None:
    case, result = worked
    assert list(wrong_figures(case, result)) == []


@pytest.mark.parametrize(("subject", "case"), EVENTS, ids=[f"{s}/{c['id']}" for s, c in EVENTS])
def test_worked_example_without_a_person(subject: str, case: dict[str, Any]) -> None:
    """`answers` says what law answers about the facts; `missing` which facts it asks for."""
    asked = salyq.law.about(case["kind"], case["facts"], case["on"], case.get("known"))
    assert list(wrong_answers(case, asked)) == []


def test_every_published_and_derived_example_has_a_case() -> None:
    """E3 (withholding by an employer), E7 (a consistency check), E14 (a rule without figures) and E15 (dividends) are
    not about figures this law covers; E2, E3's deduction and E8 also stand in test_params.py."""
    ids = {case["id"] for _, case in CASES}
    wanted = {f"X{n}" for n in range(1, 34)} | {f"E{n}" for n in (1, 2, 4, 5, 6, 9, 10, 11, 12, 13)}
    uncovered = {w for w in wanted if not any(i == w or i.startswith(w + "-") for i in ids)}
    assert not uncovered


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for _, case in EVERY]
    assert len(ids) == len(set(ids))
