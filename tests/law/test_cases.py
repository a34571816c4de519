"""Every worked example of the law, through the whole house: files -> read -> reconcile -> assess -> figures.

A case says in `expect` what a figure is: a decimal, "unknown" or "not_applicable"; in `expect_not` what it must never
be; in `bounds` its low and high end; in `alternatives` what another choice gives; in `obligations` when something is
due ("unknown": owed, but the article on the day was not read; "absent": not owed).
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import salyq
import salyq.law
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
    write_case(case, tmp_path)
    return case, salyq.assess(salyq.read_case(tmp_path), year=case["year"])


def write_case(case: dict[str, Any], folder: Path) -> None:
    (folder / "person.toml").write_text(case["person"], encoding="utf-8")
    for name, text in case.get("files", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def figure(result: Any, key: str) -> Any:
    name, _, period = key.partition("@")
    return result[(name, period)] if period else result[name]


def state(result: Any, key: str) -> Decimal | str:
    """The figure as a case writes it. A figure that does not apply may also be absent."""
    try:
        found = figure(result, key)
    except KeyError:
        return "not_applicable"
    return found.value if found.status == "known" else found.status


def same(found: Decimal | str, wanted: str) -> bool:
    return found == wanted if isinstance(found, str) else wanted[-1].isdigit() and found == Decimal(wanted)


def test_worked_example(worked: tuple[dict[str, Any], Any]) -> None:
    case, result = worked
    wrong = [
        f"{key}: {state(result, key)}, the law says {wanted}"
        for key, wanted in case["expect"].items()
        if not same(state(result, key), wanted)
    ]
    wrong += [
        f"{key}: must not be {banned}"
        for key, banned in case.get("expect_not", {}).items()
        if same(state(result, key), banned)
    ]
    wrong += _wrong_bounds(case, result) + _wrong_alternatives(case, result) + _wrong_obligations(case, result)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("subject", "case"), EVENTS, ids=[f"{s}/{c['id']}" for s, c in EVENTS])
def test_worked_example_without_a_person(subject: str, case: dict[str, Any]) -> None:
    """`answers` says what law answers about the facts; `missing` which facts it asks for."""
    asked = salyq.law.about(case["kind"], case["facts"], case["on"], case.get("known"))
    found = {name: asked.ask(name) for name in (*case["answers"], *case.get("missing", {}))}
    said = {name: a.text if a.status == "known" else a.status for name, a in found.items()}
    assert {name: said[name] for name in case["answers"]} == case["answers"]
    lacking = {name: [m.name for m in found[name].missing] for name in case.get("missing", {})}
    assert lacking == case.get("missing", {})


def _wrong_bounds(case: dict[str, Any], result: Any) -> list[str]:
    wrong = []
    for key, (low, high) in case.get("bounds", {}).items():
        found = figure(result, key).bounds
        if found != (Decimal(low), Decimal(high)):
            wrong.append(f"{key}: bounds {found}, the law says {low} to {high}")
    return wrong


def _wrong_alternatives(case: dict[str, Any], result: Any) -> list[str]:
    wrong = []
    for key, wanted in case.get("alternatives", {}).items():
        name, _, choice = key.partition(":")
        found = {f"{a.election}={a.choice}": a.value for a in figure(result, name).alternatives}
        if found.get(choice) != Decimal(wanted):
            wrong.append(f"{key}: {found.get(choice)} among {found}, the law says {wanted}")
    return wrong


def _wrong_obligations(case: dict[str, Any], result: Any) -> list[str]:
    found = {f"{o.name}@{o.period}": "unknown" if o.due is None else o.due.isoformat() for o in result.obligations}
    wanted = case.get("obligations", {})
    return [f"{key}: due {found.get(key)}, not {day}" for key, day in wanted.items() if found.get(key, "absent") != day]


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
