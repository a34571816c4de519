"""Everything that law can show has words in three languages, and every finding and reason has its message."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from tests.parsed import nodes, tree_of

import salyq.law
from salyq.civil.messages import LANGUAGES, catalog
from salyq.law import shipped
from salyq.rulebook.law import Law

REASONS = {"unknown", "doubt", "because", "missing"}  # calls whose first argument is the code of a missing fact
SAID = {"year", "count"}  # what the message of a finding is given


def needed(law: Law) -> set[str]:
    """Names that an explanation or a list of law can show."""
    names = {n for n, versions in law.rules.items() if versions[0].role != "finding"} | set(law.series)
    for kind in law.kinds.values():
        names |= {
            f"{kind.name}.row",
            *(f"{kind.name}.{c}" for c in kind.columns),
            *kind.rows,
            *(f"{kind.name}.{r}" for r in kind.refs),
        }
    return names


def findings(law: Law) -> set[str]:
    return {n.rpartition(".")[2] for n, versions in law.rules.items() if versions[0].role == "finding"}


def reasons(tree: ast.Module) -> Iterator[str]:
    for node in nodes(tree, ast.Call, ast.Constant):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REASONS and node.args:
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("not_covered_"):
            yield node.value


def trees() -> Iterator[ast.Module]:
    for path in sorted(Path(salyq.law.__file__).parents[1].rglob("*.py")):
        yield tree_of(path)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_everything_shown_has_a_label() -> None:
    law = shipped()
    assert sorted(needed(law) - set(law.labels)) == []


def test_no_label_names_nothing() -> None:
    law = shipped()
    assert sorted(set(law.labels) - needed(law)) == []


def test_labels_are_short_phrases_in_three_languages() -> None:
    labels = shipped().labels
    assert [n for n, words in labels.items() if tuple(sorted(words)) != tuple(sorted(LANGUAGES))] == []
    texts = [(n, t) for n, words in labels.items() for t in words.values()]
    assert [n for n, t in texts if not t.strip() or len(t) > 90 or t.endswith((".", ":")) or "\n" in t] == []


def test_kazakh_and_russian_labels_are_translated() -> None:
    same = [n for n, w in shipped().labels.items() if w["en"] in (w["kk"], w["ru"])]
    assert same == []


def test_every_finding_has_words_for_what_it_is_given() -> None:
    words = catalog()
    assert sorted(findings(shipped()) - set(words)) == []
    asked = {code: placeholders(words[code]["en"]) for code in findings(shipped())}
    assert {code: names for code, names in asked.items() if names - SAID} == {}


def test_every_reason_has_words() -> None:
    codes = {code for tree in trees() for code in reasons(tree)}
    assert {
        "missing_acquisition",
        "not_covered_non_resident_company",
        "not_covered_before_2021",
        "missing_fact",
    } <= codes
    assert sorted(codes - set(catalog())) == []


def test_reasons_are_found_where_they_are_written() -> None:
    tree = ast.parse('unknown("a", unit="KZT"); x = doubt("b", p, q); when(t, "not_covered_c", ""); other("d")')
    assert set(reasons(tree)) == {"a", "b", "not_covered_c"}


@pytest.mark.parametrize("subject", ["personal_income_tax", "corporate_income_tax", "mining_fee", "value_added_tax"])
def test_choices_have_labels(subject: str) -> None:
    for name, series in shipped().series.items():
        if name.startswith(f"{subject}.") and series.unit == "election":
            offered = {c for v in series.values for c in v.data["choices"]}
            assert offered == set(series.choices), name
            assert all(set(words) == set(LANGUAGES) for words in series.choices.values())
