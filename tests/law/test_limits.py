"""Over all of the law: a limit is told with the ground that lost, a branch with its own article by that article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import salyq.law
from salyq.app.asking import law_of_acts
from salyq.law import shipped
from salyq.rulebook.explain import Why
from salyq.rulebook.graph import Graph
from salyq.rulebook.node import OPS, Node
from salyq.rulebook.op import At
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Scope

Place = tuple[RuleVersion, Node]
SOMEWHERE = At(Scope("year", None), date(2026, 1, 1))


class Listening:
    """Tells every operand by its place and notes which article was said to decide."""

    def __init__(self, values: dict[int, int]) -> None:
        self.values = values
        self.articles: list[tuple[str, str]] = []

    def value_of(self, node: Node, at: At) -> Any:
        return self.values[id(node)]

    def steps(self, node: Node, at: At) -> list[Why]:
        return [Why(str(id(node)), str(self.values[id(node)]))]

    def decided_by(self, cite: str, basis: str) -> None:
        self.articles.append((cite, basis))


def found(*ops: str) -> Iterator[Place]:
    for law in (shipped(), law_of_acts()):
        yield from ((v, n) for v, tree in Graph(law).trees.items() for n in nodes(tree) if n.op in ops)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for arg in node.args:
        yield from nodes(arg)


def grounds(node: Node) -> list[Node]:
    return [a for a in node.args if a.op != "const"]


LIMITS = [(v, n) for v, n in found("min", "max") if len(grounds(n)) > 1]


def test_there_are_limits_to_look_at() -> None:
    assert len(LIMITS) > 15
    assert {n.op for _, n in LIMITS} == {"min", "max"}


@pytest.mark.parametrize("first", [True, False])
def test_every_limit_is_told_with_the_ground_that_lost(first: bool) -> None:
    """Whichever ground wins, it is told first, and the others beside it."""
    for version, node in LIMITS:
        order = list(node.args) if first else list(node.args)[::-1]
        step = 1 if node.op == "min" else -1
        values = {id(a): 100 + step * i for i, a in enumerate(order)}
        won = next(a for a in order if a.op != "const" or a is order[0])
        values[id(node)] = values[id(won)]
        (why,) = OPS[node.op].tell(node, SOMEWHERE, Listening(values))  # type: ignore[arg-type]
        assert why.how == node.op, version.name
        told = [w.name for w in why.inputs]
        assert set(told) == {str(id(a)) for a in node.args}, version.name
        if won.op != "const":
            assert told[0] == str(id(won)), version.name


def test_a_positive_part_is_told_without_its_zero_and_with_what_it_cut() -> None:
    for version, node in found("max"):
        if len(grounds(node)) != 1 or len(node.args) != 2:
            continue
        (own,) = grounds(node)
        (zero,) = (a for a in node.args if a is not own)
        above = {id(own): 5, id(zero): 0, id(node): 5}
        assert [w.name for w in OPS["max"].tell(node, SOMEWHERE, Listening(above))] == [str(id(own))], version.name  # type: ignore[arg-type]
        below = {id(own): -5, id(zero): 0, id(node): 0}
        (why,) = OPS["max"].tell(node, SOMEWHERE, Listening(below))  # type: ignore[arg-type]
        assert str(id(own)) in [w.name for w in why.inputs], version.name


def test_every_branch_with_an_article_of_its_own_names_it_where_it_decides() -> None:
    every = list(found("cited"))
    assert len(every) > 10
    for version, node in every:
        listening = Listening({id(node.args[0]): 1})
        OPS["cited"].tell(node, SOMEWHERE, listening)  # type: ignore[arg-type]
        assert listening.articles == [tuple(node.data)], version.name


@pytest.mark.parametrize(
    ("taxed", "answer", "article"),
    [(True, "no_sale", "tax-code-2017:341.1.56"), (False, "difference", "tax-code-2017:331.1.8")],
)
def test_the_branch_that_decided_and_no_other_is_named(taxed: bool, answer: str, article: str) -> None:
    """A mined coin sold in 2024: 341 takes it out where its income was determined; else 331 decides."""
    day = "2024-05-06"
    sale = {"day": day, "kind": "sell", "resident": True, "account_stated": True, "foreign_account": False}
    lot = {"day": "2024-01-06", "kind": "mined", "taxed_earlier": taxed, "registered_miner": False}
    facts = {"day": day, "found": True, "sale": sale, "lot": lot}
    said = salyq.law.ask("personal_income_tax.treatment", facts, date(2024, 5, 6))
    assert said.value == answer
    assert said.cites[0] == article
    assert said.explain().cite == article
