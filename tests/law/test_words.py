"""Every value of a closed list has words in three languages: what lawyers read never shows a code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from salyq.app.lawbook import whole
from salyq.app.words_of_law import lists, word
from salyq.civil.citing import cite_text
from salyq.civil.messages import LANGUAGES
from salyq.cli.main import main
from salyq.law import SUBJECTS
from salyq.law.facts import STATED
from salyq.records.kinds import KINDS
from salyq.records.model import PURPOSES
from salyq.records.person import PERSON_KINDS
from salyq.records.person_file import REGIMES
from salyq.rulebook.graph import Graph
from salyq.rulebook.node import Node
from salyq.sources.readers.own.expenses import CATEGORIES

DECLARED = {
    "acquisition.kind": KINDS,
    "sale.kind": KINDS,
    "loss.kind": STATED["loss"]["kind"].choices,
    "year.person_kind": PERSON_KINDS,
    "half.regime": REGIMES,
    "sale.purpose": PURPOSES,
    "expense.category": CATEGORIES,
}
FREE = re.compile(
    r"(?!KOAP:|UK:)[A-Z]|\d"
)  # names, currencies, assets and states, numbers of places: known as they are


@pytest.mark.parametrize("name", DECLARED)
def test_every_value_that_a_person_may_state(name: str) -> None:
    assert [code for code in DECLARED[name] if not told(name, code)] == []


def test_every_value_that_a_rule_compares_with_or_gives() -> None:
    graph = Graph(whole())
    found = {pair for version, tree in graph.trees.items() for pair in codes(tree, version.name)}
    assert len(found) > 150
    assert sorted((n, c) for n, c in found if c and not FREE.match(c) and not told(n, c)) == []


def test_every_value_of_a_dated_list() -> None:
    law = whole()
    found = {
        (name, str(code))
        for name, series in law.series.items()
        for v in series.values
        for code in (v.data if isinstance(v.data, frozenset) else (v.data,) if series.unit == "text" else ())
        if isinstance(code, str)
    }
    assert ("value_added_tax.sale_treatment", "exempt") in found
    assert sorted((n, c) for n, c in found if not FREE.match(c) and not told(n, c)) == []


def test_every_tax_that_can_be_overdue() -> None:
    assert set(lists()["tax"]) <= set(SUBJECTS)
    assert {"personal_income_tax", "corporate_income_tax", "value_added_tax", "mining_fee"} <= set(lists()["tax"])


def test_what_is_in_no_list_stays_as_it_is() -> None:
    assert word("sale.asset", "BTC") is None
    assert word("sale.kind", "nothing_of_ours") is None


AUTHORITIES = {
    *("kgd-2022", "kgd-2026", "nbk-base-rate", "aifc-fees", "kato-codes", "nbk-pages"),
    *("decree-regions-2018", "decrees-regions-2022"),
    *("afsa-lab-pages", "afsa-reform-2025", "afsa-register", "carf-statement-2023", "oecd-crs"),
}


def test_a_source_that_is_no_law_says_what_to_read_instead() -> None:
    acts = whole().acts
    sources = {name for name, act in acts.items() if act.kind == "source"}
    assert sources >= AUTHORITIES
    said = {name for name, act in acts.items() if act.read and all(act.read.get(lang) for lang in LANGUAGES)}
    assert said == sources - AUTHORITIES


def test_such_a_source_is_told_as_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cite_text("pwc-2024", whole().acts, "en").startswith("taken from PwC")
    assert cite_text("kgd-2026", whole().acts, "en").startswith("State Revenue Committee")
    assert main(["law", "show", "corporate_income_tax.payment_due", "--lang", "en"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "taken from PwC" in shown
    assert "no text of law; to read: the Tax Code's articles on paying corporate income tax" in shown


def told(name: str, code: str) -> bool:
    said = word(name, code)
    return said is not None and all(said.get(lang) for lang in LANGUAGES)


def codes(node: Node, of: str) -> Iterator[tuple[str, str]]:
    """(list, code) of every text that a step compares a fact with, and of those that a rule gives."""
    yield from given(node, of)
    stack = [node]
    while stack:
        step = stack.pop()
        stack.extend(step.args)
        if step.op == "isin" and step.args[0].unit == "text":
            yield from ((named(step.args[0]), c) for c in step.data)
        if step.op == "eq":
            a, b = step.args
            yield from ((named(x), y.data) for x, y in ((a, b), (b, a)) if y.op == "const" and y.unit == "text")
        if step.op == "lookup" and str(step.data).startswith("quote_"):
            yield from (("quote", c) for c in texts(step.args[0]))


def given(node: Node, of: str) -> Iterator[tuple[str, str]]:
    if node.unit == "text":
        yield from ((of, c) for c in texts(node))


def texts(node: Node) -> Iterator[str]:
    """The constants among the results of a step."""
    if node.op == "const":
        yield str(node.data)
    branches = {
        "when": node.args[1:],
        "choose": node.args[1:],
        "cited": node.args,
        "bounded": node.args,
        "alone": node.args[:1],
    }
    for inner in branches.get(node.op, ()):
        yield from texts(inner)


def named(node: Node) -> str:
    while node.op in ("at", "cited", "bounded", "known_or"):
        node = node.args[0]
    return ".".join(node.data) if node.op == "input" else str(node.data[0] if node.op == "rule" else node.data)
