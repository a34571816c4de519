"""The evaluator against a direct interpreter of its own kind, on random steps of law and random facts."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_law import Lot, Sale, evaluator, law_of, sale, series, value, year

from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Law
from salyq.rulebook.nodes import (
    Election,
    Flag,
    LawError,
    Money,
    Node,
    Quantity,
    Ratio,
    Rows,
    choose,
    floor0,
    largest,
    lift,
    lookup,
    part,
    rounded,
    smallest,
    when,
)
from salyq.rulebook.rules import figure, rule
from salyq.rulebook.scopes import Found, home
from salyq.rulebook.states import Unknown, because

# An expression is (op, parts…); it is read twice, by the law and by `direct`.
Expr = tuple[Any, ...]
MONEY_LEAVES = st.sampled_from([("a",), ("b",), ("c",), ("unit",)]) | st.integers(-9, 9).map(lambda n: ("const", n))
FLAGS = st.sampled_from([("f",), ("g",)])
RATIOS = st.fractions(-2, 2, max_denominator=9)


def money(depth: int) -> st.SearchStrategy[Expr]:
    if depth == 0:
        return MONEY_LEAVES
    m = money(depth - 1)
    return st.one_of(
        MONEY_LEAVES,
        st.tuples(st.sampled_from(["add", "sub", "max", "min"]), m, m),
        st.tuples(st.just("floor"), m),
        st.tuples(st.just("times"), m, RATIOS),
        st.tuples(st.just("when"), flag(depth - 1), m, m),
        st.tuples(st.just("pick"), m, m),
        st.tuples(st.just("sum"), row_money(depth - 1)),
    )


def flag(depth: int) -> st.SearchStrategy[Expr]:
    if depth == 0:
        return FLAGS
    m, f = money(depth - 1), flag(depth - 1)
    return st.one_of(
        FLAGS,
        st.tuples(st.sampled_from(["<", "<=", "==", ">", ">=", "!="]), m, m),
        st.tuples(st.sampled_from(["and", "or"]), f, f),
        st.tuples(st.just("not"), f),
    )


def row_money(depth: int) -> st.SearchStrategy[Expr]:
    """Money of one row: of its own columns and the year's."""
    leaf = st.sampled_from([("price",), ("cost",), ("a",)])
    if depth == 0:
        return leaf
    return leaf | st.tuples(st.sampled_from(["add", "sub", "max", "min"]), row_money(depth - 1), row_money(depth - 1))


COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    "==": lambda x, y: x == y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "!=": lambda x, y: x != y,
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
}


def half_up(x: Fraction) -> int:
    whole = (2 * abs(x.numerator) + x.denominator) // (2 * x.denominator)
    return whole if x >= 0 else -whole


def direct(e: Expr, facts: dict[str, Any], rows: list[dict[str, Any]]) -> Any:
    """What an expression means, said a second time."""
    op, *parts = e
    if op == "const":
        return parts[0]
    if not parts:
        return facts[op]
    if op == "sum":
        return sum(direct(parts[0], {**facts, **row}, []) for row in rows)
    if op == "times":
        return half_up(direct(parts[0], facts, rows) * parts[1])
    if op == "when":
        return direct(parts[1] if direct(parts[0], facts, rows) else parts[2], facts, rows)
    if op == "pick":
        return direct(parts[0 if facts["choice"] == "no" else 1], facts, rows)
    values = [direct(p, facts, rows) for p in parts]
    if op in COMPARE:
        return COMPARE[op](*values)
    return (
        {"max": max, "min": min, "and": all, "or": any}[op](values)
        if op in ("max", "min", "and", "or")
        else (max(values[0], 0) if op == "floor" else not values[0])
    )


def nodes(e: Expr, names: dict[str, Any]) -> Node:
    """The same as steps of law."""
    op, *parts = e
    if op == "const":
        return lift(parts[0], "KZT")
    if not parts:
        return names[op]  # type: ignore[no-any-return]
    if op == "sum":
        return names["sales"].sum(lambda s: nodes(parts[0], {**names, "price": s.price, "cost": s.cost}))  # type: ignore[no-any-return]
    if op == "times":
        return rounded(nodes(parts[0], names) * lift(parts[1], "ratio"))
    if op == "pick":
        return choose(names["choice"], no=nodes(parts[0], names), yes=nodes(parts[1], names))
    made = [nodes(p, names) for p in parts]
    if op in COMPARE:
        return COMPARE[op](*made)  # type: ignore[no-any-return]
    few = {"max": largest, "min": smallest, "floor": floor0, "when": when}
    if op in few:
        return few[op](*made)  # type: ignore[no-any-return, operator]
    return made[0] & made[1] if op == "and" else made[0] | made[1] if op == "or" else ~made[0]


def law_for(e: Expr) -> Law:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def result(
        a: Money, b: Money, c: Money, f: Flag, g: Flag, unit: Money, sales: Rows[Sale], choice: Election
    ) -> Money:
        return nodes(e, {"a": a, "b": b, "c": c, "f": f, "g": g, "unit": unit, "sales": sales, "choice": choice})

    choices = series("choice", "election", value({"default": "no", "choices": ("no", "yes")}), choices=("no", "yes"))
    return law_of(result, values=[series("unit", "KZT", value(7)), choices])


SMALL = st.integers(-20, 20)
FACTS = st.fixed_dictionaries({"a": SMALL, "b": SMALL, "c": SMALL, "f": st.booleans(), "g": st.booleans()})
SALES = st.lists(st.fixed_dictionaries({"price": SMALL, "cost": SMALL}), max_size=3)


@settings(max_examples=200, deadline=None)
@given(money(3), FACTS, SALES, st.sampled_from(["no", "yes"]))
def test_the_graph_means_what_the_expression_means(
    e: Expr, facts: dict[str, Any], rows: list[dict[str, Any]], choice: str
) -> None:
    scope = year(facts, [sale(r["price"], r["cost"]) for r in rows])
    found = evaluator(law_for(e), {"tax.choice": choice}).value("tax.result", scope)
    assert found == direct(e, {**facts, "unit": 7, "choice": choice}, rows)


@settings(max_examples=100, deadline=None)
@given(money(3), FACTS, SALES, st.sampled_from("abc"))
def test_a_missing_fact_is_never_a_number(
    e: Expr, facts: dict[str, Any], rows: list[dict[str, Any]], absent: str
) -> None:
    """With one fact missing the result is unknown, or what it is whatever that fact be."""
    scope = year({**facts, absent: None}, [sale(r["price"], r["cost"]) for r in rows])
    found = evaluator(law_for(e)).value("tax.result", scope)
    if type(found) is Unknown:
        assert {m.code for m in found.missing} == {"missing_fact"}
        return
    for guess in (-1000, 0, 1000):
        assert found == direct(e, {**facts, absent: guess, "unit": 7, "choice": "no"}, rows)


# ---- single steps ----------------------------------------------------------------------------------------------------
@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 10**6), st.sampled_from([1, 10, 100]))
def test_parts_add_up_to_the_whole(widths: list[int], total: int, grain: int) -> None:
    @rule(cite="code:1", per="year", since="2022-01-01")
    def piece(a: Money, quantity: Quantity, x0: Quantity, x1: Quantity) -> Money:
        return part(a, quantity, x0, x1, lift(grain, "count"))

    from small_law import KINDS

    kinds = {**KINDS, "year": KINDS["year"].__class__(
        "year", None, {**KINDS["year"].columns, "quantity": "quantity", "x0": "quantity", "x1": "quantity"}, {}, {}
    )}  # fmt: skip
    law = law_of(piece, kinds=kinds)
    edges = [sum(widths[:i]) for i in range(len(widths) + 1)]
    whole = total * grain
    pieces = []
    for x0, x1 in itertools.pairwise(edges):
        scope = year({"a": whole, "quantity": edges[-1], "x0": x0, "x1": x1})
        pieces.append(evaluator(law).value("tax.piece", scope))
    assert sum(pieces) == whole
    assert all(p >= 0 and p % grain == 0 for p in pieces)


def test_lookups_are_asked_only_with_what_is_known() -> None:
    asked: list[Any] = []

    def rate(amount: Any) -> Found | Unknown:
        asked.append(amount)
        return Found(Fraction(1, 4)) if amount else because("missing_quote", day="x")

    @figure(cite="code:1", per="year", since="2022-01-01")
    def converted(a: Money, b: Money) -> Money:
        return rounded(b * lookup("rate", a, unit="ratio"))

    ask = evaluator(law_of(converted), lookups={"rate": rate}).value
    assert ask("tax.converted", year({"a": 1, "b": 10})) == 3
    assert {m.code for m in ask("tax.converted", year({"a": 0, "b": 10})).missing} == {"missing_quote"}
    assert {m.code for m in ask("tax.converted", year({"b": 10})).missing} == {"missing_fact"}
    assert asked == [1, 0]


def test_a_rule_is_computed_once_a_scope() -> None:
    asked: list[Any] = []

    @rule(cite="code:1", per="year", since="2022-01-01")
    def quoted(a: Money) -> Ratio:
        return lookup("rate", a, unit="ratio")

    @figure(cite="code:1", per="year", since="2022-01-01")
    def twice(a: Money, quoted: Ratio) -> Money:
        return rounded(a * quoted) + rounded(a * quoted)

    ask = evaluator(law_of(quoted, twice), lookups={"rate": lambda a: asked.append(a) or Found(Fraction(1))})
    scope = year({"a": 5})
    assert [ask.value("tax.twice", scope) for _ in range(3)] == [10, 10, 10]
    assert asked == [5]


def test_a_circle_stops_naming_the_rule() -> None:
    @rule(cite="code:7", per="year", since="2022-01-01")
    def hen(egg: Money) -> Money:
        return egg

    @figure(cite="code:7", per="year", since="2022-01-01")
    def egg(hen: Money) -> Money:
        return hen

    with pytest.raises(LawError, match="depends on itself"):
        evaluator(law_of(hen, egg)).value("tax.egg", year())


def test_only_what_decided_was_used() -> None:
    """Cites and basis of a figure speak of the branch taken, and of nothing else."""

    @rule(cite="code:left", per="year", since="2022-01-01")
    def left(a: Money) -> Money:
        return a

    @rule(cite="code:right", per="year", since="2022-01-01")
    def right(b: Money, unit: Money) -> Money:
        return b + unit

    @figure(cite="code:top", per="year", since="2022-01-01")
    def top(f: Flag, left: Money, right: Money) -> Money:
        return when(f, left, right)

    law = law_of(left, right, top, values=[series("unit", "KZT", value(7, cite="code:unit"))])

    def cites(f: bool) -> list[str]:
        used = evaluator(law).used_by("tax.top", year({"f": f, "a": 1, "b": 2}))
        return [u.cite for u in used]  # type: ignore[attr-defined]

    assert cites(True) == ["code:top", "code:left"]
    assert cites(False) == ["code:top", "code:right", "code:unit"]


def test_law_that_a_lookup_asked_for_was_used_too() -> None:
    @rule(cite="code:asked", per="year", since="2022-01-01")
    def asked(a: Money) -> Money:
        return a

    @figure(cite="code:top", per="year", since="2022-01-01")
    def top(b: Money) -> Money:
        return b + lookup("world", unit="KZT")

    scope = year({"a": 1, "b": 2})
    ask = evaluator(law_of(asked, top), lookups={"world": lambda: Found(ask.value("tax.asked", scope))})
    assert [u.cite for u in ask.used_by("tax.top", scope)] == ["code:top", "code:asked"]  # type: ignore[attr-defined]


def test_an_election_is_remembered_only_where_it_was_asked() -> None:
    @figure(cite="code:1", per="year", since="2022-01-01")
    def elected(f: Flag, a: Money, b: Money, choice: Election) -> Money:
        return when(f, choose(choice, no=a, yes=b), a)

    choices = series("choice", "election", value({"default": "no", "choices": ("no", "yes")}), choices=("no", "yes"))
    law = law_of(elected, values=[choices])
    for asked in (True, False):
        ask = evaluator(law, {"tax.choice": "yes"})
        assert ask.value("tax.elected", year({"f": asked, "a": 1, "b": 2})) == (2 if asked else 1)
        assert ask.elected == ({("tax.choice", "yes", 2023)} if asked else set())


def test_a_reference_is_asked_in_its_own_row() -> None:
    from types import SimpleNamespace

    from small_law import Scope

    @rule(cite="code:1", per="sale", date="day", since="2022-01-01")
    def own_gain(price: Money, lot: Lot) -> Money:
        return price - lot.paid

    bought = Scope("lot", SimpleNamespace(paid=30))
    one = sale(100, 0)
    one.refs = {"lot": bought}
    scope = year(sales=[one])
    assert evaluator(law_of(own_gain)).value("tax.own_gain", one) == 70
    assert home(one, "year") is scope
    with pytest.raises(LawError, match="stands in no lot"):
        home(one, "lot")


def test_a_failed_rule_is_not_remembered_as_a_circle() -> None:
    def broken(_: Any) -> Found:
        raise ZeroDivisionError

    @figure(cite="code:1", per="year", since="2022-01-01")
    def quoted(a: Money) -> Money:
        return rounded(a * lookup("rate", a, unit="ratio"))

    ask, scope = evaluator(law_of(quoted), lookups={"rate": broken}), year({"a": 5})
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ask.value("tax.quoted", scope)


def test_fingerprint_of_the_graph_is_stable() -> None:
    e = ("add", ("a",), ("when", ("f",), ("b",), ("c",)))
    assert Graph(law_for(e)).fingerprint == Graph(law_for(e)).fingerprint
