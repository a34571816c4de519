"""Arithmetic and comparison; each works scenario by scenario where an operand is unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from math import gcd
from typing import Any

from salyq.rulebook.arithmetic import divided, marginal, round_grain, round_whole, rounded_product, share, slices, times
from salyq.rulebook.explain import Why
from salyq.rulebook.maker import Maker
from salyq.rulebook.node import Node, lift, made
from salyq.rulebook.op import At, Op, Plain, Teller, applied
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.shown import shown, unit_shown
from salyq.rulebook.states import Unknown, lifted
from salyq.rulebook.units import UNITS, LawError, exact, plain, product


# builders ---------------------------------------------------------------------------------------------------------
def floor0(x: Node) -> Node:
    """max(x, 0): the positive part."""
    return made("max", x, lift(0, x.unit))


def largest(*xs: Node) -> Node:
    """The largest of several grounds; the explanation names the one that decided and those that lost."""
    return made("max", *xs)


def smallest(*xs: Node) -> Node:
    """The smallest of several limits; the explanation names the one that decided and those that lost."""
    return made("min", *xs)


def rounded(x: Node, grain: Node | None = None) -> Node:
    """The named rounding: half up to the whole step of a unit (tiyn, 10⁻¹⁸ of a currency), or to whole `grain` of
    that. The unit says what it is cited by."""
    return made("round", x) if grain is None else made("round", x, grain)


def scale(x: Node, brackets: Node, index: Node) -> Node:
    """A marginal scale: each slice of `x` between thresholds (multiples of `index`) at its own rate; exact."""
    return made("scale", x, brackets, index)


def worth(amount: Node, currency: Any) -> Node:
    """An amount together with its currency."""
    return made("worth", amount, lift(currency, "text"))


def part(total: Node, quantity: Node, x0: Node, x1: Node, grain: Node) -> Node:
    """What positions (x0, x1] of `quantity` carry of `total`: the cumulative rule of architecture §3, in whole
    `grain` of the total's unit."""
    return made("part", total, quantity, x0, x1, grain)


def as_money(quantity: Node) -> Node:
    """A pegged asset as money: one unit of it is one unit of its currency."""
    return rounded(quantity * Node("const", (), Fraction(1), "price"))


# sums and products ------------------------------------------------------------------------------------------------
class _Alike(Plain):
    """Two numbers of one unit; with an exact fraction among them the result is exact."""

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        a, b = args
        if plain(a.unit) != plain(b.unit) or not UNITS[a.unit].number:
            raise LawError(f"cannot {self.name} {a.unit} and {b.unit}")
        return a.unit if a.unit == b.unit else exact(plain(a.unit))


class Add(_Alike):
    name = "add"
    ways = "+"

    def function(self, node: Node) -> Callable[..., Any]:
        return operator.add


class Sub(_Alike):
    name, how = "sub", "subtract"
    ways = "+-"

    def function(self, node: Node) -> Callable[..., Any]:
        return operator.sub


class Mul(Plain):
    """A product of two numbers, exact, in the smallest steps of its unit."""

    name, how = "mul", "multiply"
    ways = "+"  # rates, prices and quantities are never below nought

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        unit = product(args[0].unit, args[1].unit)
        if unit is None:
            raise LawError(f"cannot multiply {args[0].unit} by {args[1].unit}")
        return unit

    def function(self, node: Node) -> Callable[..., Any]:
        over, under = steps_of(node)
        if over == under:
            return times
        return lambda a, b: Fraction(a * over) * b / under


def steps_of(node: Node) -> tuple[int, int]:
    """(over, under): a product of two numbers of smallest steps, times over / under, is in smallest steps itself."""
    over, under = UNITS[node.unit].scale, UNITS[node.args[0].unit].scale * UNITS[node.args[1].unit].scale
    common = gcd(over, under)
    return over // common, under // common


class Share(Plain):
    name = "share"
    ways = "+-"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        a, b = args
        if a.unit != b.unit:
            raise LawError(f"a share needs like units, not {a.unit} of {b.unit}")
        return "ratio"

    def function(self, node: Node) -> Callable[..., Any]:
        return share


class Round(Op):
    """The named rounding; a product below it is rounded in one go."""

    name = "round"
    ways = "+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        unit = UNITS[args[0].unit].rounds_to
        if not unit:
            raise LawError(f"nothing to round in {args[0].unit}")
        return unit

    def step(self, node: Node, maker: Maker) -> Step:
        inner = node.args[0]
        if len(node.args) > 1:
            return applied(round_grain, node, maker)
        if inner.op != "mul":
            return applied(round_whole, node, maker)
        over, under = steps_of(inner)
        return applied(lambda a, b: rounded_product(a, b, over, under), inner, maker)

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        inner = teller.value_of(node.args[0], at)
        value = teller.value_of(node, at)
        if type(inner) is not Unknown and inner == value:
            return teller.steps(node.args[0], at)
        cite = UNITS[node.args[0].unit].rounding
        why = Why("round", shown(value, node.unit), unit_shown(node.unit), cite, "convention", "round")
        why.inputs = [w for a in node.args for w in teller.steps(a, at)]  # the grain decides too
        return [why]


class Part(Plain):
    name = "part"
    ways = "+*"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return args[0].unit

    def function(self, node: Node) -> Callable[..., Any]:
        return divided


# grounds and limits -----------------------------------------------------------------------------------------------
class _Extreme(Plain):
    """The largest or smallest of several grounds. A limit is told with what lost to it; the positive part is not."""

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        if len({a.unit for a in args}) != 1:
            raise LawError("grounds differ in unit" if self.name == "max" else "limits differ in unit")
        return args[0].unit

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        value = teller.value_of(node, at)
        if type(value) is Unknown:
            return [self.plain(node, at, teller)]
        won = next((a for a in node.args if a.op != "const" and teller.value_of(a, at) == value), None)
        lost = [a for a in node.args if a is not won]
        if won is not None and all(a.op == "const" for a in lost):
            return teller.steps(won, at)
        if won is None:
            return [self.plain(node, at, teller)]
        told = [*teller.steps(won, at), *(w for a in lost for w in teller.steps(a, at))]
        return [Why(self.name, shown(value, node.unit), unit_shown(node.unit), how=self.name, inputs=told)]


class Max(_Extreme):
    name = "max"
    ways = "+"

    def function(self, node: Node) -> Callable[..., Any]:
        return max


class Min(_Extreme):
    name = "min"
    ways = "+"

    def function(self, node: Node) -> Callable[..., Any]:
        return min


# comparison -------------------------------------------------------------------------------------------------------
class _Compare(Plain):
    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        a, b = args
        if plain(a.unit) != plain(b.unit):
            raise LawError(f"cannot compare {a.unit} with {b.unit}")
        return "flag"


class Eq(_Compare):
    name = "eq"

    def function(self, node: Node) -> Callable[..., Any]:
        return operator.eq


class Lt(_Compare):
    name = "lt"
    ways = "-+"

    def function(self, node: Node) -> Callable[..., Any]:
        return operator.lt


class Le(_Compare):
    name = "le"
    ways = "-+"

    def function(self, node: Node) -> Callable[..., Any]:
        return operator.le


# a worth ----------------------------------------------------------------------------------------------------------
class Worth(Plain):
    name = "worth"
    ways = "+*"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return "worth"

    def function(self, node: Node) -> Callable[..., Any]:
        return lambda a, b: (a, b)


def _worth(x: Node) -> None:
    if x.unit != "worth":
        raise LawError(f"only a worth has amount and currency, not {x.unit}")


class AmountOf(Plain):
    name, how = "amount_of", "amount"
    ways = "+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        _worth(args[0])
        return "amount"

    def function(self, node: Node) -> Callable[..., Any]:
        return operator.itemgetter(0)


class CurrencyOf(Op):
    """The currency of a worth is known where both its ends agree on it."""

    name, how = "currency_of", "currency"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        _worth(args[0])
        return "text"

    def step(self, node: Node, maker: Maker) -> Step:
        inner = maker.step(node.args[0])

        def step(s: Scope) -> Any:
            a = inner(s)
            if type(a) is not Unknown:
                return a[1]
            known = {e[1] for e in (a.low, a.high) if e is not None}
            return known.pop() if len(known) == 1 else lifted(lambda w: w[1], a)

        return step


# scales -----------------------------------------------------------------------------------------------------------
class Scale(Op):
    """A marginal scale: slices between rising thresholds, each at its own rate."""

    name = "scale"
    ways = "+*"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return exact(args[0].unit)

    def step(self, node: Node, maker: Maker) -> Step:
        base, brackets, index = maker.steps(node)

        def step(s: Scope) -> Any:
            data, unit = brackets(s), index(s)
            x = base(s)
            if any(type(v) is Unknown for v in (data, unit, x)):
                return lifted(lambda d, u, b: marginal(b, d["over"], d["rate"], u), data, unit, x)
            return marginal(x, data["over"], data["rate"], unit)

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        base, data, index = (teller.value_of(a, at) for a in node.args)
        unit = unit_shown(node.unit)
        why = Why("scale", shown(teller.value_of(node, at), node.unit), unit, how="scale")
        why.inputs = [w for a in node.args for w in teller.steps(a, at)]
        if Unknown in map(type, (base, data, index)):
            return [why]
        for inside, rate in slices(base, data["over"], data["rate"], index):
            parts = [
                Why("slice", shown(inside, node.unit), unit, how="constant"),
                Why("rate", shown(rate, "ratio"), how="constant"),
            ]
            why.inputs.append(Why("slice", shown(inside * rate, node.unit), unit, how="slice", inputs=parts))
        return [why]
