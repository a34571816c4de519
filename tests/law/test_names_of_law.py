"""No figure, subject or kind of person is known by its name where a case becomes figures: law/regimes.py says them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.parsed import nodes, tree_of

import salyq.law
from salyq.law import SUBJECTS, shipped

SRC = Path(salyq.law.__file__).parents[1]
ROOMS = ("records", "reconcile", "lots", "facts", "assessing", "dialogue", "app")
KINDS = {"individual", "sole_proprietor", "company"}  # pool and exchange are words of accounts and rows too
OWN = {"records/person.py"}  # the list of kinds that person.toml may name


def named(tree: ast.AST, names: set[str]) -> Iterator[tuple[int, str]]:
    """(line, text) of every text that is one of the names."""
    for node in nodes(tree, ast.Constant):
        if isinstance(node.value, str) and node.value in names:
            yield node.lineno, node.value


def test_rooms_ask_law_by_no_name_of_their_own() -> None:
    law = shipped()
    names = {*SUBJECTS, *law.rules, *law.series, *KINDS}
    assert len(names) > 300
    found = [
        f"{path.relative_to(SRC)}:{line}: {text}"
        for room in ROOMS
        for path in sorted((SRC / room).rglob("*.py"))
        if path.relative_to(SRC).as_posix() not in OWN
        for line, text in named(tree_of(path), names)
    ]
    assert found == []


def test_a_planted_name_is_seen() -> None:
    planted = ast.parse('x = person.kind == "company"\ny = value("mining_fee.due", scope)')
    assert [text for _, text in named(planted, {"company", "mining_fee.due"})] == ["company", "mining_fee.due"]
