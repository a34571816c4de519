"""Every check of the law has a planted fault: the codes that checks can say are found in the code, and each is met."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_up import LABELS, RULES

import salyq.app.law_tried
import salyq.law.asked.checking
import salyq.rulebook
from salyq.law.asked import checking
from salyq.rulebook.check import check
from salyq.rulebook.fault import Fault, LoadError
from salyq.rulebook.law import Law

ROOM = Path(salyq.rulebook.__file__).parent
WHERE = [*sorted(ROOM.glob("check*.py")), *(ROOM / f"{n}.py" for n in ("load", "schema", "values"))]
WHERE += [Path(salyq.law.asked.checking.__file__), Path(salyq.app.law_tried.__file__)]
TESTS = Path(__file__).parents[1]
Load = Callable[..., Law]

PROVISION = """
[p1]
act = "code"
article = "1"
from = 2022-01-01
edition = 2022-01-01
basis = "statute"
text = { kk = "сөз", ru = "слово", en = "word" }
encodes = ["rate", "allowance", "due"]
"""

# code -> (file, what stands there, what is written instead)
PLANTED: dict[str, tuple[str, str, str]] = {
    "law_argument": ("levy/rules.py", "rate: Ratio", "rate: Money"),
    "law_broken": ("levy/rules.py", "return rounded", "retrun rounded"),
    "law_date_column": ("levy/rules.py", 'per="year", since', 'per="year", date="law_dya", since'),
    "law_key_missing": ("levy/params.toml", 'cite = "code:1"\n', ""),
    "law_key_unknown": ("levy/params.toml", 'is = "0.1"', 'iss = "0.1"'),
    "law_kind_unknown": ("levy/rules.py", 'per="year"', 'per="yaer"'),
    "law_no_entries": ("levy/params.toml", 'is = "0.1"', "is = {}"),
    "law_no_reason": ("levy/params.toml", 'is = "0.1"', 'is = "unknown"'),
    "law_no_toml": ("levy/params.toml", 'is = "0.1"', 'is = "0.1"\nis = "0.2"'),
    "law_not_one_of": ("acts.toml", 'kind = "act"', 'kind = "law"'),
    "law_too_fine": ("levy/params.toml", '"12.34"', '"12.345"'),
    "law_unit_unknown": ("levy/params.toml", 'unit = "1"', 'unit = "percent"'),
    "law_wrong_entry": ("levy/params.toml", 'by = "code"', 'by = ""'),
    "law_wrong_kind": ("levy/params.toml", 'is = "0.1"', "is = 0.1"),
}
PLANTED["law_versions_differ"] = (
    "levy/rules.py",
    RULES,
    RULES + '\n@figure(cite="code:4", per="year", since="2023-01-01", name="due")\ndef due_2(rate: Ratio) -> Ratio:\n'
    "    return rate\n",
)


def codes_of(load: Load, *change: str) -> set[str]:
    try:
        return {f.message.code for f in check(load(*change))}
    except LoadError as error:
        return {f.message.code for f in error.faults}


@pytest.mark.parametrize("code", sorted(PLANTED))
def test_a_planted_fault_is_found(load: Load, code: str) -> None:
    assert code not in codes_of(load)
    assert code in codes_of(load, *PLANTED[code])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("[p1]", "[P_1]", "law_provision_id"),
        ('basis = "statute"', 'basis = "statut"', "law_not_one_of"),
        ("edition = 2022-01-01\n", "", "law_key_missing"),
        ('article = "1"', 'article = "11"', "law_article_unknown"),
    ],
)
def test_faults_of_provisions(load: Load, old: str, new: str, code: str) -> None:
    root = Path(str(load().root))
    (root / "levy" / "provisions.toml").write_text(PROVISION, encoding="utf-8")
    good = {f.message.code for f in check(load())}
    (root / "levy" / "provisions.toml").write_text(PROVISION.replace(old, new), encoding="utf-8")
    assert code in {f.message.code for f in check(load())} - good


def test_a_case_of_an_act_with_a_strange_key_or_a_name_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    real = checking.cases()
    for planted in ([{**real[0], "verdit": "lawful"}], [real[0], real[0]]):
        monkeypatch.setattr(checking, "cases", lambda planted=planted: planted)
        assert [f.message.code for f in checking._case_faults(set(), {})] == ["law_asked_case_keys"]


def test_an_act_that_names_a_fact_which_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    own = checking.acts()
    broken = replace(own["suspend"], facts=(*own["suspend"].facts, "no_such_fact"))
    monkeypatch.setattr(checking, "acts", lambda: {"suspend": broken})
    monkeypatch.setattr(checking, "_fact_faults", lambda act: iter(()))
    found = [f for f in checking._catalogue_faults(checking.whole_law()) if f.message.code == "law_asked_no_fact"]
    assert [f.name for f in found] == ["no_such_fact"]


def said(path: Path) -> Iterator[str]:
    """The codes of faults that a module can say."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"law_[a-z_]+", node.value):
            yield node.value


def test_no_check_is_without_a_planted_fault() -> None:
    """Each code stands in this table, or in another test by name."""
    tests = "".join(p.read_text(encoding="utf-8") for p in (*TESTS.glob("rulebook/*.py"), *TESTS.glob("law/*.py")))
    wanted = {c for path in WHERE for c in said(path)}
    assert len(wanted) > 50
    assert sorted(c for c in wanted if not re.search(rf"\b{c}\b", tests)) == []


def test_a_fault_is_one_line_in_every_language(load: Load) -> None:
    for change in PLANTED.values():
        found: list[Fault] = []
        try:
            found = check(load(*change))
        except LoadError as error:
            found = list(error.faults)
        assert found
        assert all("\n" not in f.text(lang) for f in found for lang in ("kk", "ru", "en"))


def test_words_in_one_line_or_in_many_are_read_alike(load: Load) -> None:
    """Labels are read a line at a time; a file that is written otherwise is read whole."""
    long = 'due = { kk = "салық", ru = "налог", en = "tax" }'
    other = '[due]\nkk = "салық"\nru = "налог"\nen = "tax"\n'
    assert load().labels["levy.due"] == load("levy/labels.toml", LABELS, other).labels["levy.due"]
    assert load("levy/labels.toml", LABELS, f"# words\n\n{long}\n").labels["levy.due"]["ru"] == "налог"
