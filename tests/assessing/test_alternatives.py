"""Alternatives: what only hangs on a choice is computed anew, and gives what computing everything anew gives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from salyq.app.api import assess
from salyq.assessing import alternatives, year
from salyq.assessing.figures import values
from salyq.cli.main import main
from salyq.facts.case import read_case
from salyq.rulebook.evaluate import Evaluator

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "oracle"))
from case_folder import write_case  # noqa: E402
from company_histories import company  # noqa: E402
from histories import individual  # noqa: E402

CASES: dict[str, Any] = {
    "aliya": (2024, 2025, 2026),
    "temir-mining": (2023, 2024, 2026),
    "person 7": individual(7, 60),
    "person 21": individual(21, 60),
    "company 11": company(11, 60),
}


def told(folder: Path, year: int) -> dict[tuple[str, str], Any]:
    return {(f.name, f.period): f.alternatives for f in assess(read_case(folder), year).figures}


@pytest.mark.parametrize("name", CASES)
def test_alternatives_are_what_everything_anew_gives(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = CASES[name]
    folder = ROOT / "examples" / name if isinstance(made, tuple) else write_case(made, tmp_path / "case")
    years = made if isinstance(made, tuple) else (2024, 2025, 2026)
    quick = [told(folder, year) for year in years]
    assert any(own for found in quick for own in found.values()), "no alternative to compare"
    monkeypatch.setattr(alternatives, "_under", lambda *_: None)
    assert quick == [told(folder, year) for year in years]


def test_what_hangs_on_no_choice_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case(ROOT / "examples" / "aliya")
    counted = {"base": 0, "again": 0}
    plain = Evaluator.compute

    def compute(self: Evaluator, name: str, scope: Any) -> Any:
        counted["base" if type(self) is Evaluator else "again"] += 1
        return plain(self, name, scope)

    monkeypatch.setattr(Evaluator, "compute", compute)
    assess(case, 2025)
    assert 0 < counted["again"] < counted["base"] / 4


def test_who_asks_why_waits_for_no_alternative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("an alternative was computed")

    monkeypatch.setenv("SALYQ_CACHE", str(tmp_path))
    monkeypatch.setattr(year, "with_alternatives", never)
    aliya = str(ROOT / "examples" / "aliya")
    assert main(["explain", aliya, "--year", "2025", "--figure", "personal_income_tax.tax", "--lang", "en"]) == 0
    with pytest.raises(AssertionError, match="was computed"):
        assess(read_case(Path(aliya)), 2025)


def test_a_variant_leaves_nothing_behind() -> None:
    case = read_case(ROOT / "examples" / "aliya")
    result = assess(case, 2026)
    plain = assess(case, 2026, alternatives=False)
    for f, g in zip(result.figures, plain.figures, strict=True):
        assert (f.value, f.cites, f.basis) == (g.value, g.cites, g.basis)
    assert values  # the same door for both
    why = result.explain("personal_income_tax.tax_due")
    assert str(why) == str(plain.explain("personal_income_tax.tax_due"))


def test_an_open_choice_that_is_not_computed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case(ROOT / "examples" / "aliya")
    monkeypatch.setattr(alternatives, "MANY", 10)
    result = assess(case, 2025)
    assert not any(a.years for f in result.figures for a in f.alternatives)
    (said,) = [f for f in result.findings if f.code == "earlier_choice_not_computed"]
    assert "lot_method" in said.message.text("en")
    assert "2024" in said.message.text("en")
