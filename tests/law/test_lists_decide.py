"""A list of law stands among the cites of an answer only where it decided: were it empty, or were everything on it, the
answer would be another. Tried over every worked case of an act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from salyq.law.asked.asking import _asking, ask_act, ask_with_uses, graph_of
from salyq.law.asked.catalogue import facts
from salyq.law.asked.model import Answer, Part
from salyq.law.asked.working import cases
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Value

HEAD = "verdict"


@cache
def under(name: str, words: frozenset[str], act: str, known: Any) -> Graph:
    """The law of an act with one list replaced."""
    graph = graph_of(act, known)
    versions = tuple(replace(v, data=words) for v in graph.law.series[name].values)
    return Graph(replace(graph.law, over={name: versions}), graph.known, like=graph)


def parts_of(answer: Answer) -> Iterator[Part]:
    yield from (*answer.needs, *answer.duties, *answer.amounts, *answer.findings)


def said(answer: Answer) -> Mapping[str, object]:
    told: dict[str, object] = {p.name: (p.value, p.met, p.due, p.until) for p in parts_of(answer)}
    return {HEAD: (answer.verdict, answer.gate, answer.authority), **told}


def noted(case: Mapping[str, Any]) -> tuple[Answer, set[Any], Graph]:
    """The answer, all that was used for it, and the law that it was asked of."""
    asking = _asking(case["act"], case["facts"], case.get("on"), case.get("known"), False, None)
    answer = asking.answer()
    return answer, {what for uses in asking.evaluator.uses.values() for what, _ in uses}, asking.graph


def idle(case: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(part of the answer, list, its cite) of every list that is cited and that nothing hangs on."""
    answer, used, graph = noted(case)
    others = {u.cite for u in used if u.cite and not (isinstance(u, Value) and isinstance(u.data, frozenset))}
    lists = {
        name: v
        for name, s in graph.law.series.items()
        if s.unit == "set"
        for v in s.values
        if v in used and v.cite not in others and v.data is not None
    }
    cited = {HEAD: answer.cites, **{p.name: p.cites for p in parts_of(answer)}}
    asked = frozenset(str(x) for x in case["facts"].values())
    for name, v in lists.items():
        every = frozenset(v.data) | asked | frozenset(c for f in facts().values() for c in f.choices)
        tried = [said(_under(case, name, words)) for words in (frozenset[str](), every)]
        for part, cites in cited.items():
            if v.cite in cites and all(t.get(part) == said(answer)[part] for t in tried):
                yield part, name, v.cite


def _under(case: Mapping[str, Any], name: str, words: frozenset[str]) -> Answer:
    def other(_: Graph) -> Graph:
        return under(name, words, case["act"], case.get("known"))

    return ask_with_uses(case["act"], case["facts"], case.get("on"), case.get("known"), other)[0]


def test_a_list_that_did_not_decide_is_not_cited() -> None:
    found = {(str(case["act"]), *told) for case in cases() for told in idle(case)}
    assert found == set()


def test_a_first_breach_is_not_cited_by_the_part_on_what_repeats() -> None:
    asked, on = {"article": "KOAP:463.1", "class": "medium"}, date(2026, 7, 15)
    first = ask_act("breach", {**asked, "repeat": "no"}, on, explain=False)
    again = ask_act("breach", {**asked, "repeat": "yes"}, on, explain=False)
    assert not any("214" in c for p in parts_of(first) for c in p.cites)
    assert (first.amount("penalties.fine"), again.amount("penalties.fine")) == ("173000.00", "346000.00")
