"""Conditions, branches and elections; what stands in for an unknown."""

from __future__ import annotations

from typing import Any, ClassVar

from salyq.rulebook.explain import Why
from salyq.rulebook.maker import Maker
from salyq.rulebook.node import OPS, Node, condition, lift, made
from salyq.rulebook.op import At, Op, Plain, Teller
from salyq.rulebook.ops.leaves import given, unknown
from salyq.rulebook.scopes import Scope, Step
from salyq.rulebook.shown import shown
from salyq.rulebook.states import Unknown, because, both, branch, either, end_of, lifted, settled
from salyq.rulebook.units import LawError, plain

TIE = because("grounds_meet")


# builders -----------------------------------------------------------------------------------------------------------
def when(test: Node, then: Any, otherwise: Any) -> Node:
    """`then` where the condition holds, else `otherwise`; only the branch that decided is evaluated and explained."""
    a = then if isinstance(then, Node) else lift(then, otherwise.unit if isinstance(otherwise, Node) else "ratio")
    return made("when", condition(test), a, lift(otherwise, a.unit))


def excepted(general: Any, *exceptions: tuple[Node, Any]) -> Node:
    """The general rule and its exceptions, each (the condition under which it holds, what it gives). Exceptions are of
    one rank: where two hold at once law gives two answers, and none is taken (an exception to an exception is an
    `excepted` of its own in its place)."""
    unit = next((x.unit for x in (general, *(e for _, e in exceptions)) if isinstance(x, Node)), "ratio")
    grounds = [condition(test) for test, _ in exceptions]
    found = lift(general, unit)
    for ground, (_, then) in reversed(list(zip(grounds, exceptions, strict=True))):
        found = made("when", ground, lift(then, unit), found)
    return made("alone", found, *grounds) if len(grounds) > 1 else found


def choose(election: Node, **branches: Any) -> Node:
    """The branch of the chosen reading or election."""
    first = next(b for b in branches.values() if isinstance(b, Node))
    nodes = (lift(b, first.unit) for b in branches.values())
    return made("choose", election, *nodes, data=tuple(branches))


def stated_or_zero(x: Node) -> Node:
    """A fact of the person; nothing stated counts as nothing (and is said in a finding)."""
    return when(given(x), x, lift(0, x.unit))


def bounded(x: Node, least: Node | None, most: Node | None) -> Node:
    """`x`; where it is unknown, its value in the scenario of least tax is `least`, of most tax `most`."""
    ends = [n for n in (least, most) if n is not None]
    return made("bounded", x, *ends, data=(least is not None, most is not None))


def widened(x: Node, where: Node, least: Node, most: Node) -> Node:
    """`x`; where it is unknown and the two ends of `where` differ, its own reach at least to `least` and `most`: for
    what neither only rises nor only falls in what is unknown, so that more or less than at its ends may come out
    between them."""
    return made("widened", x, where, made("min", x, least), made("max", x, most))


def doubt(reason: str, least: Node, most: Node) -> Node:
    """Not known, for `reason` (a message code): `least` and `most` are its values in the two scenarios."""
    return bounded(unknown(reason, unit=least.unit), least, most)


def known_or(x: Node, otherwise: Node) -> Node:
    """`x` where it is known, else `otherwise`: only where the difference cannot change a figure."""
    return made("known_or", x, otherwise)


# operations ---------------------------------------------------------------------------------------------------------
class _Logic(Op):
    """A test of tests: the explanation keeps the part that decided."""

    deciding: ClassVar[bool]
    ways = "+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        for a in args:
            condition(a)
        return "flag"

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        value = teller.value_of(node, at)
        args = list(node.args)
        if value is self.deciding:
            deciding = (a for a in args if teller.value_of(a, at) is self.deciding)
            args = [next(deciding)]  # no further: what was not asked may have no answer yet
        inputs = [w for a in args for w in teller.steps(a, at)]
        return [Why(self.name, shown(value, "flag"), how="condition", inputs=inputs)]


class And(_Logic):
    name, deciding = "and", False

    def step(self, node: Node, maker: Maker) -> Step:
        first, second = maker.steps(node)
        return lambda s: both(first(s), lambda: second(s))


class Or(_Logic):
    name, deciding = "or", True

    def step(self, node: Node, maker: Maker) -> Step:
        first, second = maker.steps(node)
        return lambda s: either(first(s), lambda: second(s))


class Not(Plain):
    name = "not"
    ways = "-"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return condition(args[0]).unit

    def function(self, node: Node) -> Any:
        return lambda a: not a


class When(Op):
    name = "when"
    ways = "*+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        _, then, otherwise = args
        if then.unit != otherwise.unit:
            raise LawError(f"the two branches differ in unit: {then.unit} and {otherwise.unit}")
        return then.unit

    def step(self, node: Node, maker: Maker) -> Step:
        test, then, otherwise = maker.steps(node)

        def step(s: Scope) -> Any:
            holds = test(s)
            if holds is True:
                return then(s)
            if holds is False:
                return otherwise(s)
            return branch(holds, then(s), otherwise(s))

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        test, then, otherwise = node.args
        holds = settled(teller.value_of(test, at))
        conditions = teller.steps(test, at)
        if type(holds) is Unknown:
            return [*conditions, *teller.steps(then, at), *teller.steps(otherwise, at)]
        return [*conditions, *teller.steps(then if holds else otherwise, at)]


class Alone(Op):
    """Its first operand, where at most one of the grounds that follow holds; else two answers, of which none is
    known."""

    name = "alone"
    ways = "+*"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return args[0].unit

    def step(self, node: Node, maker: Maker) -> Step:
        inner, *grounds = maker.steps(node)

        def step(s: Scope) -> Any:
            held = [h for h in (ground(s) for ground in grounds) if h is not False]
            if len(held) < 2:
                return inner(s)
            tie = sum(h is True for h in held) > 1 or settled(lifted(_meet, *held))
            if tie is True:
                return TIE
            return inner(s) if tie is False else branch(tie, TIE, inner(s))

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        if settled(teller.value_of(node, at)) is TIE:
            return [why for ground in node.args[1:] for why in teller.steps(ground, at)]
        return teller.steps(node.args[0], at)


def _meet(*grounds: bool) -> bool:
    return sum(grounds) > 1


class Choose(Op):
    name = "choose"
    ways = "*+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        election, *branches = args
        if len({b.unit for b in branches}) != 1:
            raise LawError(f"the choices of {election.data} differ in unit")
        return branches[0].unit

    def step(self, node: Node, maker: Maker) -> Step:
        election, *rest = maker.steps(node)
        branches = dict(zip(node.data, rest, strict=True))

        def step(s: Scope) -> Any:
            choice = election(s)
            if type(choice) is Unknown:
                return Unknown(choice.missing)
            return branches[choice](s)

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        (election,) = OPS["election"].tell(node.args[0], at, teller)
        if election.value is None:
            return [election]
        return [election, *teller.steps(node.args[1 + node.data.index(election.value)], at)]


class Bounded(Op):
    """Gives an unknown the ends it lacks; an end it has already stays."""

    name = "bounded"
    ways = "+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        if len({plain(n.unit) for n in args}) != 1:
            raise LawError("the bounds differ in unit")
        return args[0].unit

    def step(self, node: Node, maker: Maker) -> Step:
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

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        return teller.steps(node.args[0], at)


class Widened(Op):
    """Takes the ends of an unknown from its last operands, where the second has two ends."""

    name = "widened"
    ways = "+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return args[0].unit

    def step(self, node: Node, maker: Maker) -> Step:
        inner, where, least, most = maker.steps(node)

        def step(s: Scope) -> Any:
            x = inner(s)
            if type(x) is not Unknown or type(settled(where(s))) is not Unknown:
                return x
            return Unknown(x.missing, end_of(least(s), "low"), end_of(most(s), "high"), x.so_far)

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        return teller.steps(node.args[0], at)


class KnownOr(Op):
    name = "known_or"
    ways = "+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return args[0].unit

    def step(self, node: Node, maker: Maker) -> Step:
        first, second = maker.steps(node)

        def step(s: Scope) -> Any:
            x = first(s)
            return second(s) if type(x) is Unknown else x

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        known = type(teller.value_of(node.args[0], at)) is not Unknown
        return teller.steps(node.args[0 if known else 1], at)
