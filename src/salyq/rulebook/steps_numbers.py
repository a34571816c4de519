"""Steps of arithmetic and comparison; each works scenario by scenario where an operand is unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from salyq.rulebook.arithmetic import (
    divided,
    marginal,
    per_unit,
    round_grain,
    round_whole,
    rounded_per_unit,
    rounded_times,
    share,
    stepped,
    times,
)
from salyq.rulebook.maker import Make, Maker
from salyq.rulebook.nodes import Node
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.states import Unknown, lifted


def one(function: Callable[[Any], Any]) -> Make:
    """An op of one operand."""

    def make(node: Node, maker: Maker) -> Step:
        inner = maker.step(node.args[0])

        def step(s: Scope) -> Any:
            a = inner(s)
            return lifted(function, a) if type(a) is Unknown else function(a)

        return step

    return make


def two(function: Callable[[Any, Any], Any]) -> Make:
    """An op of two operands; often the second is a constant."""

    def make(node: Node, maker: Maker) -> Step:
        first, second = maker.steps(node)
        if node.args[1].op == "const":
            return with_constant(first, node.args[1].data)

        def step(s: Scope) -> Any:
            a, b = first(s), second(s)
            if type(a) is Unknown or type(b) is Unknown:
                return lifted(function, a, b)
            return function(a, b)

        return step

    def with_constant(first: Step, constant: Any) -> Step:
        def step(s: Scope) -> Any:
            a = first(s)
            return lifted(function, a, constant) if type(a) is Unknown else function(a, constant)

        return step

    return make


def many(function: Callable[..., Any]) -> Make:
    """An op of any number of operands."""

    def make(node: Node, maker: Maker) -> Step:
        steps = maker.steps(node)

        def step(s: Scope) -> Any:
            values = [f(s) for f in steps]
            if any(type(v) is Unknown for v in values):
                return lifted(function, *values)
            return function(*values)

        return step

    return make


def _of_units(node: Node) -> bool:
    """Is this a product of an amount by a rate, or of energy by a tariff?"""
    return bool({a.unit for a in node.args} & {"rate", "KZT/kWh"})


def product(node: Node, maker: Maker) -> Step:
    return two(per_unit if _of_units(node) else times)(node, maker)


def rounding(node: Node, maker: Maker) -> Step:
    """The named rounding; a product below it is rounded in one go."""
    if len(node.args) > 1:
        return two(round_grain)(node, maker)
    inner = node.args[0]
    if inner.op == "mul":
        return two(rounded_per_unit if _of_units(inner) else rounded_times)(inner, maker)
    return one(round_whole)(node, maker)


def isin(node: Node, maker: Maker) -> Step:
    choices = node.data
    return one(lambda a: a in choices)(node, maker)


def currency(node: Node, maker: Maker) -> Step:
    """The currency of a worth is known where both its ends agree on it."""
    inner = maker.step(node.args[0])

    def step(s: Scope) -> Any:
        a = inner(s)
        if type(a) is not Unknown:
            return a[1]
        known = {e[1] for e in (a.low, a.high) if e is not None}
        return known.pop() if len(known) == 1 else lifted(lambda w: w[1], a)

    return step


def scale(node: Node, maker: Maker) -> Step:
    base, brackets, index = maker.steps(node)

    def step(s: Scope) -> Any:
        data, unit = brackets(s), index(s)
        return lifted_over(data, unit, base(s))

    def lifted_over(data: Any, unit: Any, x: Any) -> Any:
        if any(type(v) is Unknown for v in (data, unit, x)):
            return lifted(lambda d, u, b: marginal(b, d["over"], d["rate"], u), data, unit, x)
        return marginal(x, data["over"], data["rate"], unit)

    return step


def table(node: Node, maker: Maker) -> Step:
    base, steps = maker.steps(node)

    def step(s: Scope) -> Any:
        data, x = steps(s), base(s)
        if type(data) is Unknown or type(x) is Unknown:
            return lifted(lambda d, b: stepped(b, d["upto"], d["is"]), data, x)
        return stepped(x, data["upto"], data["is"])

    return step


OPS: dict[str, Make] = {
    "add": two(operator.add),
    "sub": two(operator.sub),
    "mul": product,
    "share": two(share),
    "eq": two(operator.eq),
    "lt": two(operator.lt),
    "le": two(operator.le),
    "max": many(max),
    "min": many(min),
    "round": rounding,
    "not": one(operator.not_),
    "isin": isin,
    "worth": two(lambda a, b: (a, b)),
    "amount_of": one(operator.itemgetter(0)),
    "currency_of": currency,
    "scale": scale,
    "table": table,
    "part": many(divided),
}
