"""One person's rows by columns or one by one: the whole result is the same to the byte, articles, unknowns, findings
and explanations included, for every worked example of the law and for made-up persons with unknown facts."""

from __future__ import annotations

import json
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from salyq.app.api import assess, matches
from salyq.facts.case import Case, read_case
from salyq.present.as_json import assessment_json
from salyq.rulebook import evaluate
from salyq.rulebook.one_ends import Open
from salyq.rulebook.one_many import OneMany

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "oracle"))
from case_folder import write_case  # noqa: E402
from company_histories import company  # noqa: E402
from histories import individual  # noqa: E402

SUBJECTS = sorted(p.name for p in files("salyq.law").iterdir() if (p / "cases.toml").is_file())
MADE_UP = [(kind, seed) for seed in (4, 7) for kind in (individual, company)]


def told(case: Case, year: int, monkeypatch: pytest.MonkeyPatch, least: int, *, whys: bool = True) -> str:
    """All that is said of a year, where so many rows are worth columns."""
    monkeypatch.setattr(evaluate, "LEAST", least)
    result = assess(case, year)
    said: list[Any] = [assessment_json(result)]
    if whys:
        assert result.explainer is not None
        said += [matches(case, year), *(str(result.explain(f.name, f.period)) for f in result.figures)]
    return json.dumps(said, ensure_ascii=False, default=str)


def same(case: Case, year: int, monkeypatch: pytest.MonkeyPatch, *, whys: bool = True) -> None:
    assert told(case, year, monkeypatch, 1, whys=whys) == told(case, year, monkeypatch, 10**9, whys=whys)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_worked_example_is_the_same_by_columns(
    subject: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (files("salyq.law") / subject / "cases.toml").read_text(encoding="utf-8")
    for n, case in enumerate(tomllib.loads(text)["case"]):
        if "facts" in case:
            continue
        folder = tmp_path / str(n)
        for name, contents in {"person.toml": case["person"], **case.get("files", {})}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(contents, encoding="utf-8")
        same(read_case(folder), case["year"], monkeypatch, whys=False)


@pytest.mark.parametrize(("kind", "seed"), MADE_UP, ids=[f"{k.__name__} {n}" for k, n in MADE_UP])
def test_made_up_persons_are_the_same_by_columns(
    kind: Any, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read_case(write_case(kind(seed, 60), tmp_path / "case"))
    for year in (2024, 2026):
        same(case, year, monkeypatch)


def test_columns_really_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = {"every": 0, "total": 0, "open": 0}
    for name, reader, asked in (("every", OneMany, "every"), ("total", OneMany, "total"), ("open", Open, "total")):
        plain = getattr(reader, asked)

        def counted(self: Any, *given: Any, plain: Any = plain, name: str = name) -> Any:
            found = plain(self, *given)
            served[name] += 1
            return found

        monkeypatch.setattr(reader, asked, counted)
    case = read_case(write_case(individual(4, 60), tmp_path / "case"))
    told(case, 2024, monkeypatch, 1, whys=False)
    assert served["every"] > 5
    assert served["total"] > 2
    assert served["open"] > 0
