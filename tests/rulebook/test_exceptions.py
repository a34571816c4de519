"""A general rule and its exceptions: where two of one rank hold at once, law gives two answers and none is taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_law import KINDS, evaluator, law_of, year

from salyq.rulebook.columns import column_of, values_of
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Law
from salyq.rulebook.many import Many
from salyq.rulebook.many_tables import Table
from salyq.rulebook.node import LawError
from salyq.rulebook.nodes import Flag, Money, Text, excepted, lift
from salyq.rulebook.rules import figure
from salyq.rulebook.sentences import Sentences
from salyq.rulebook.states import Unknown
from salyq.rulebook.trace import Tracer

FLAGS = {"f", "g", "h"}
THREE = st.sampled_from([True, False, None])
GENERAL, F, G, H = 1, 2, 3, 4


def three_exceptions() -> Law:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def result(a: Money, f: Flag, g: Flag, h: Flag) -> Money:
        return excepted(a, (f, lift(F, "KZT")), (g, lift(G, "KZT")), (h, lift(H, "KZT")))

    kind = KINDS["year"]
    wider = kind.__class__("year", None, {**kind.columns, "h": "flag"}, kind.rows, kind.refs)
    return law_of(result, kinds={**KINDS, "year": wider})


LAW = three_exceptions()


def possible(flags: tuple[bool | None, ...]) -> set[Any]:
    """What may come out, over every way in which what is not known can be; None: two answers."""
    f, g, h = ([x] if x is not None else [True, False] for x in flags)
    found = set()
    for way in ((x, y, z) for x in f for y in g for z in h):
        held = [value for value, holds in zip((F, G, H), way, strict=True) if holds]
        found.add(GENERAL if not held else held[0] if len(held) == 1 else None)
    return found


@given(st.tuples(THREE, THREE, THREE))
def test_one_answer_is_taken_and_two_are_not(flags: tuple[bool | None, ...]) -> None:
    scope = year({"a": GENERAL, **dict(zip("fgh", flags, strict=True))})
    found = evaluator(LAW).value("tax.result", scope)
    wanted = possible(flags)

    if len(wanted) == 1 and None not in wanted:
        assert found == wanted.pop()
    else:
        assert type(found) is Unknown
        codes = {m.code for m in found.missing}
        assert codes == {"grounds_meet"} if wanted == {None} else codes >= {"missing_fact"}


@given(st.lists(st.tuples(THREE, THREE, THREE), min_size=1, max_size=12))
def test_columns_know_what_is_known_and_nothing_else(rows: list[tuple[bool | None, ...]]) -> None:
    graph = Graph(LAW)
    columns = {
        "a": column_of([GENERAL] * len(rows), "KZT"),
        "law_day": column_of([date(2023, 12, 31)] * len(rows), "day"),
    }
    for n, name in enumerate("fgh"):
        columns[name] = column_of([row[n] for row in rows], "flag")
    table = Table("year", len(rows), columns)
    found = values_of(Many(graph, {}, lambda name, day: "").rule("tax.result", table), "KZT", len(rows))
    told = [evaluator(LAW).value("tax.result", year({"a": GENERAL, **dict(zip("fgh", r, strict=True))})) for r in rows]

    assert [None if type(value) is Unknown else value for value in told] == list(found)


def test_a_tie_tells_both_grounds_and_a_sure_answer_its_own() -> None:
    ask = evaluator(LAW)
    tie = Tracer(ask).rule("tax.result", year({"a": GENERAL, "f": True, "g": True, "h": False}))
    sure = Tracer(ask).rule("tax.result", year({"a": GENERAL, "f": False, "g": True, "h": False}))

    assert [why.name for why in tie.inputs if why.name in FLAGS] == ["f", "g", "h"]
    assert [why.name for why in sure.inputs if why.name in FLAGS] == ["f", "g"]


def test_exceptions_read_as_branches_in_words() -> None:
    (version,) = LAW.rules["tax.result"]
    lines = Sentences(LAW, "en").rule(version)

    assert len(lines) == 4
    assert lines[-1].line.startswith("otherwise")


def test_exceptions_give_what_the_general_rule_gives() -> None:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def wrong(a: Money, f: Flag, g: Flag, name: Text) -> Money:
        return excepted(a, (f, name), (g, a))

    columns = {**KINDS["year"].columns, "name": "text"}
    kinds = {**KINDS, "year": KINDS["year"].__class__("year", None, columns, {}, {})}
    with pytest.raises(LawError, match="differ in unit"):
        Graph(law_of(wrong, kinds=kinds))


def test_one_exception_needs_no_guard() -> None:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def one(a: Money, f: Flag) -> Money:
        return excepted(a, (f, lift(F, "KZT")))

    graph = Graph(law_of(one))
    assert [tree.op for tree in graph.trees.values()] == ["when"]
    ask = evaluator(law_of(one))
    assert [ask.value("tax.one", year({"a": 1, "f": f})) for f in (True, False)] == [F, 1]
