"""The list of provisions: each encoded or a declared gap, each rule and value rests on one, each end on an act."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salyq.app.lawbook import whole
from salyq.cli.main import main
from salyq.rulebook.check import check
from salyq.rulebook.check_provisions import provision_faults
from salyq.rulebook.fault import LoadError
from salyq.rulebook.law import Law
from salyq.rulebook.provisions import coverage, filled, gaps, in_force

WORDS = '{ kk = "сөз {rate}", ru = "слово {rate}", en = "Tax is {rate} over {levy.allowance}." }'
SAID = '{ kk = "жоқ", ru = "нет", en = "none found" }'
PROVISIONS = f"""
[p1]
act = "code"
article = "1"
from = 2022-01-01
edition = 2024-12-31
basis = "statute"
text = {WORDS}
encodes = ["rate", "levy.due", "allowance"]

[p2]
act = "code"
article = "9"
from = 2022-01-01
until = 2023-12-31
until_by = "code"
edition = 2024-12-31
basis = "statute"
text = {{ kk = "сөз", ru = "слово", en = "word" }}
gap = "no_fact"
reason = {SAID}

[p3]
act = "code"
from = 2022-01-01
edition = 2024-12-31
basis = "statute"
text = {{ kk = "сөз", ru = "слово", en = "word" }}
gap = "nothing_to_compute"
"""
Load = Callable[..., Law]


@pytest.fixture
def listed(load: Load, tmp_path: Path) -> Load:
    """Loads the made-up law with a list of provisions in which one change is made."""

    def make(old: str = "", new: str = "", *change: str) -> Law:
        assert old in PROVISIONS
        path = tmp_path / "made_up_law" / "levy" / "provisions.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PROVISIONS.replace(old, new, 1) if old else PROVISIONS, encoding="utf-8")
        return load(*change)

    return make


def test_a_whole_list_has_no_fault(listed: Load) -> None:
    assert [str(f) for f in check(listed())] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('encodes = ["rate", "levy.due", "allowance"]', "", "law_provision_open"),
        ('"rate", "levy.due", "allowance"', '"rate", "due"', "law_no_provision"),
        ('"rate", "levy.due"', '"rat", "levy.due"', "law_encodes_nothing"),
        ('article = "1"\nfrom = 2022-01-01', 'article = "1"\nfrom = 2020-01-01\nuntil = 2021-12-31\nuntil_by = "code"',
         "law_encodes_other_days"),
        ('until_by = "code"\n', "", "law_end_no_act"),
        ("until = 2023-12-31", "until = 2021-12-31", "law_ends_first"),
        (f"reason = {SAID}", "", "law_provision_no_reason"),
        ('act = "code"', 'act = "codex"', "law_act_unknown"),
        ('act = "code"', 'act = "code"\nby = "amender"', "law_act_unknown"),
        ("{rate} over", "{rat} over", "law_slot_unknown"),
        ("{rate} over", "{rate over", "law_slot_broken"),
    ],
)  # fmt: skip
def test_faults_of_a_list(listed: Load, old: str, new: str, said: str) -> None:
    found = check(listed(old, new))
    assert said in {f.message.code for f in found}
    assert all("provisions.toml:" in str(f) or "params.toml:" in str(f) or "rules.py:" in str(f) for f in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('gap = "no_fact"', 'gap = "nofact"', "“gap” .*no_fact, not_built"),
        ("edition = 2024-12-31\n", "", "“edition” is missing"),
        ("encodes", "encods", "“encods”.*: encodes"),
        ("[p1]", "[P1]", "lower-case"),
        ('basis = "statute"', "basis = 1.5", "“basis” "),
    ],
)
def test_a_list_that_cannot_be_read(listed: Load, old: str, new: str, said: str) -> None:
    import re

    try:
        found = [str(f) for f in check(listed(old, new))]
    except LoadError as error:
        found = [str(f) for f in error.faults]
    assert any(re.search(rf"levy/provisions.toml:\d+: .*{said}", f) for f in found), found


def test_an_end_of_a_value_or_rule_names_its_act(listed: Load) -> None:
    ended = check(listed("", "", "levy/rules.py", 'since="2022-01-01"', 'since="2022-01-01", until="2024-12-31"'))
    assert {f.message.code for f in ended} == {"law_end_no_act"}
    named = 'since="2022-01-01", until="2024-12-31", until_by="code"'
    assert check(listed("", "", "levy/rules.py", 'since="2022-01-01"', named)) == []
    nobody = 'since="2022-01-01", until="2024-12-31", until_by="nobody"'
    codes = {f.message.code for f in check(listed("", "", "levy/rules.py", 'since="2022-01-01"', nobody))}
    assert codes == {"law_act_unknown"}


def test_words_hold_the_values_of_the_day(listed: Load) -> None:
    law = listed()
    (p1, *_) = law.provisions["levy"]
    assert filled(law, p1, "en") == "Tax is 0.1 over 12.34 KZT."
    assert filled(law, p1, "kk") == "сөз 0.1"
    assert filled(law, p1, "en", on=date(2021, 1, 1)) == "Tax is not known over not known."


def test_what_is_in_force_on_a_day(listed: Load) -> None:
    law = listed()
    assert [p.id for p in in_force(law, date(2024, 1, 1))] == ["p1", "p3"]
    assert [p.id for p in in_force(law, date(2023, 1, 1))] == ["p1", "p2", "p3"]
    assert list(in_force(law, date(2023, 1, 1), known=date(2019, 12, 31))) == []
    assert [p.id for p in gaps(law)] == ["p2"]
    assert list(gaps(law, 2024)) == []


def test_coverage_counts_and_its_page(
    listed: Load, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    law = listed()
    assert [tuple(c) for c in coverage(law)] == [("levy", 3, 1, 0, 1, 1, 0)]
    monkeypatch.setattr("salyq.cli.lawbook.whole", lambda: law)
    page = tmp_path / "coverage.md"
    assert main(["law", "coverage", "--to", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "| levy | 3 | 1 | 0 | 1 | 1 | 0 |" in text
    assert "- code, art. 9, 2022-01-01 – 2023-12-31: no fact found. none found (`levy/p2`)" in text
    capsys.readouterr()
    assert main(["law", "coverage", "--format", "json"]) == 0
    told: Any = json.loads(capsys.readouterr().out)
    assert [g["provision"] for g in told["gaps"]] == ["levy/p2"]
    for lang in ("kk", "ru"):
        assert main(["law", "coverage", "--lang", lang]) == 0
        assert "levy" in capsys.readouterr().out


def test_the_shipped_page_says_what_the_law_says_now(tmp_path: Path) -> None:
    page = tmp_path / "coverage.md"
    assert main(["law", "coverage", "--lang", "en", "--to", str(page)]) == 0
    shipped = Path(__file__).resolve().parents[2] / "docs" / "law-coverage.md"
    assert shipped.read_text(encoding="utf-8") == page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("slot", "told"),
    [
        ("penalties.fines:KOAP:463.1", "15 / 25 / 40 / 150"),
        ("penalties.fines:KOAP:462.3", "5 / 15 / 100 / 200 / 500"),  # officials apart from small business
        ("penalties.shares:KOAP:278.1", "20\N{NO-BREAK SPACE}% / 50\N{NO-BREAK SPACE}% / 80\N{NO-BREAK SPACE}%"),
        ("personal_income_tax.scale:over", "8500"),
        ("personal_income_tax.scale:rates", "10\N{NO-BREAK SPACE}% / 15\N{NO-BREAK SPACE}%"),
        ("value_added_tax.rate:percent", "16\N{NO-BREAK SPACE}%"),
        ("licensing.mining_fee:mining_II", "5"),
        ("financial_monitoring.threshold_unsecured:number", "5,000,000"),
        ("penalties.especially_large:number", "20,000"),
    ],
)
def test_a_slot_says_how_its_value_is_told(slot: str, told: str) -> None:
    law = whole()
    p = next(p for p in law.provisions["penalties"])
    asked = replace(p, text={"en": f"{{{slot}}}"})
    assert filled(law, asked, "en", date(2026, 6, 1)) == told


def test_a_row_that_no_version_of_a_table_has_is_a_fault() -> None:
    law = whole()
    p = next(p for p in law.provisions["penalties"])
    wrong = replace(p, text=dict.fromkeys(("kk", "ru", "en"), "{penalties.fines:KOAP:463.9}"))
    told = [f.message.text("en") for f in provision_faults(replace(law, provisions={"penalties": (wrong,)}))]
    assert any("KOAP:463.9" in text and "KOAP:463" in text for text in told)
