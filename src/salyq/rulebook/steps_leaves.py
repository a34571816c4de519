"""Steps of the leaves: constants, given columns, other rules, dated values, elections, answers of the world."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from salyq.rulebook.maker import Make, Maker
from salyq.rulebook.nodes import Node, NotInForce
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.states import Unknown, because


class _Pending:
    """A rule that is being computed: meeting it again is a circle."""


PENDING = _Pending()


def const(node: Node, _maker: Maker) -> Step:
    value = node.data
    return lambda _: value


def unknown(node: Node, _maker: Maker) -> Step:
    code = node.data
    return lambda s: because(code, place=s.place or s.group)


def _climbing(hops: int) -> Callable[[Scope], Scope]:
    def up(s: Scope) -> Scope:
        for _ in range(hops):
            s = s.parent  # type: ignore[assignment]
        return s

    return up


def column(node: Node, maker: Maker) -> Step:
    """A given column of the row, or of what it stands in; unknown where nothing was given."""
    at, name = node.data
    hops = maker.hops(at)
    get = attrgetter(name)

    def own(s: Scope) -> Any:
        value = get(s.given)
        return because("missing_fact", fact=name, place=s.place or s.group) if value is None else value

    up = _climbing(hops)
    return own if hops == 0 else lambda s: own(up(s))


def given(node: Node, maker: Maker) -> Step:
    at, name = node.args[0].data
    up = _climbing(maker.hops(at))
    return lambda s: getattr(up(s).given, name) is not None


def rule(node: Node, maker: Maker) -> Step:
    """Another rule: computed once a scope, and noted as used."""
    name, per = node.data
    hops = maker.hops(per)
    evaluator = maker.evaluator

    def own(s: Scope) -> Any:
        got = s.memo.get(name)
        if got is None:
            got = evaluator.compute(name, s)
        value, used = got
        if used is None:
            raise NotInForce(_no_value(name, value, s))
        evaluator.current.add(used)
        return value

    up = _climbing(hops)
    return own if hops == 0 else lambda s: own(up(s))


def _no_value(name: str, value: Any, s: Scope) -> str:
    if value is PENDING:
        return f"{name} depends on itself"
    return f"{name} is not in force where it is needed ({s.kind} {s.place} {s.group})"


def value(node: Node, maker: Maker) -> Step:
    """The value in force on the day; unknown where the law or our reading of it has none."""
    name, day, evaluator = node.data, maker.day, maker.evaluator

    def step(s: Scope) -> Any:
        found = evaluator.graph.value_at(name, day(s))
        if found is None:
            raise NotInForce(f"{name} has no value on {day(s)}")
        evaluator.current.add((found, s.group))
        return because("missing_value", name=name, day=day(s)) if found.data is None else found.data

    return step


def election(node: Node, maker: Maker) -> Step:
    """The choice taken; noted, so that only elections that were really asked have alternatives."""
    name, day, evaluator = node.data, maker.day, maker.evaluator

    def step(s: Scope) -> Any:
        on = day(s)
        choice = evaluator.elections(name, on)
        if isinstance(choice, str):
            evaluator.elected.add((name, choice))
            found = evaluator.graph.value_at(name, on)
            if found is not None:
                evaluator.current.add((found, s.group))
        return choice

    return step


def lookup(node: Node, maker: Maker) -> Step:
    ask = maker.evaluator.lookups[node.data]
    steps = maker.steps(node)

    def step(s: Scope) -> Any:
        args = [f(s) for f in steps]
        for a in args:
            if type(a) is Unknown:
                return Unknown(a.missing)
        found = ask(*args)
        return found if type(found) is Unknown else found.value  # type: ignore[union-attr]

    return step


def at(node: Node, maker: Maker) -> Step:
    """The same step, asked of the row that a reference leads to."""
    name = node.data
    inner = maker.of(maker.evaluator.graph.law.kinds[maker.kind].refs[name]).step(node.args[0])
    return lambda s: inner(s.refs[name])


OPS: dict[str, Make] = {
    "const": const,
    "unknown": unknown,
    "input": column,
    "given": given,
    "rule": rule,
    "value": value,
    "election": election,
    "lookup": lookup,
    "at": at,
}
