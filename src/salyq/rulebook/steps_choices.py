"""Steps that choose: conditions, branches, elections, and what stands in for an unknown."""

from __future__ import annotations

from typing import Any

from salyq.rulebook.maker import Make, Maker
from salyq.rulebook.nodes import Node
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.states import Unknown, both, branch, either, end_of


def and_(node: Node, maker: Maker) -> Step:
    first, second = maker.steps(node)
    return lambda s: both(first(s), lambda: second(s))


def or_(node: Node, maker: Maker) -> Step:
    first, second = maker.steps(node)
    return lambda s: either(first(s), lambda: second(s))


def when(node: Node, maker: Maker) -> Step:
    test, then, otherwise = maker.steps(node)

    def step(s: Scope) -> Any:
        holds = test(s)
        if holds is True:
            return then(s)
        if holds is False:
            return otherwise(s)
        return branch(holds, then(s), otherwise(s))

    return step


def choose(node: Node, maker: Maker) -> Step:
    election, *rest = maker.steps(node)
    branches = dict(zip(node.data, rest, strict=True))

    def step(s: Scope) -> Any:
        choice = election(s)
        if type(choice) is Unknown:
            return Unknown(choice.missing)
        return branches[choice](s)

    return step


def bounded(node: Node, maker: Maker) -> Step:
    """Gives an unknown the ends it lacks; an end it has already stays."""
    has_least, has_most = node.data
    inner, *ends = maker.steps(node)
    least = ends[0] if has_least else None
    most = ends[-1] if has_most else None

    def step(s: Scope) -> Any:
        x = inner(s)
        if type(x) is not Unknown:
            return x
        low = least(s) if x.low is None and least else x.low
        high = most(s) if x.high is None and most else x.high
        return Unknown(x.missing, end_of(low, "low"), end_of(high, "high"), x.so_far)

    return step


def known_or(node: Node, maker: Maker) -> Step:
    first, second = maker.steps(node)

    def step(s: Scope) -> Any:
        x = first(s)
        return second(s) if type(x) is Unknown else x

    return step


OPS: dict[str, Make] = {
    "and": and_,
    "or": or_,
    "when": when,
    "choose": choose,
    "bounded": bounded,
    "known_or": known_or,
}
