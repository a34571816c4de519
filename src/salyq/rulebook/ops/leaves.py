"""Leaves of law: constants, given columns, other rules, dated values, elections, answers of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from salyq.rulebook.explain import Why
from salyq.rulebook.law import Value
from salyq.rulebook.maker import Maker
from salyq.rulebook.node import Node, NotInForce, lift, made
from salyq.rulebook.op import At, Op, Teller
from salyq.rulebook.scopes import PENDING, Article, Found, Scope, Step, home
from salyq.rulebook.shown import data_shown, said, shown, unit_shown
from salyq.rulebook.states import Unknown, because


# builders -----------------------------------------------------------------------------------------------------------
def given(x: Node) -> Node:
    """Was this fact stated at all?"""
    return made("given", x)


def lookup(name: str, *args: Any, unit: str) -> Node:
    """Asks something outside the law for a fact of a day: a quote, a rate, a working day."""
    return Node("lookup", tuple(lift(a, "text") for a in args), name, unit)


def unknown(reason: str, *, unit: str) -> Node:
    """The law gives no answer here: `reason` is a message code. Never zero."""
    return Node("unknown", (), reason, unit)


def cited(x: Node, cite: str, basis: str = "statute") -> Node:
    """`x`, which rests on an article of its own: a branch of a rule that another paragraph decides. Where it decides,
    the figure and its explanation name that article."""
    return made("cited", x, data=(cite, basis))


# operations ---------------------------------------------------------------------------------------------------------
class Const(Op):
    name = "const"

    def step(self, node: Node, maker: Maker) -> Step:
        value = node.data
        return lambda _: value

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        return [Why("constant", shown(node.data, node.unit), unit_shown(node.unit), how="constant")]


class UnknownOp(Op):
    name = "unknown"

    def step(self, node: Node, maker: Maker) -> Step:
        code = node.data
        return lambda s: because(code, place=s.place or s.group)

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        return [Why(node.data, None, unit_shown(node.unit), how="missing", place=at.scope.place)]


def climbing(hops: int) -> Callable[[Scope], Scope]:
    """From a row to what it stands in, so many steps up."""

    def up(s: Scope) -> Scope:
        for _ in range(hops):
            s = s.parent  # type: ignore[assignment]
        return s

    return up


class Input(Op):
    """A given column of the row, or of what it stands in; unknown where nothing was given."""

    name = "input"

    def step(self, node: Node, maker: Maker) -> Step:
        at, name = node.data
        hops = maker.hops(at)
        get = attrgetter(name)

        def own(s: Scope) -> Any:
            value = get(s.given)
            return because("missing_fact", fact=name, place=s.place or s.group) if value is None else value

        up = climbing(hops)
        return own if hops == 0 else lambda s: own(up(s))

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        kind, name = node.data
        row = home(at.scope, kind)
        value = getattr(row.given, name)
        how = "missing" if value is None else "input"
        label = teller.law.labels.get(f"{kind}.{name}")
        return [Why(name, shown(value, node.unit), unit_shown(node.unit), how=how, label=label, place=row.place)]


class Given(Op):
    name = "given"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return "flag"

    def step(self, node: Node, maker: Maker) -> Step:
        at, name = node.args[0].data
        up = climbing(maker.hops(at))
        return lambda s: getattr(up(s).given, name) is not None

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        value = teller.value_of(node, at)
        return [Why("given", shown(value, "flag"), how="condition", inputs=teller.steps(node.args[0], at))]


class Rule(Op):
    """Another rule: computed once a scope, and noted as used."""

    name = "rule"

    def step(self, node: Node, maker: Maker) -> Step:
        name, per = node.data
        hops = maker.hops(per)
        evaluator = maker.evaluator
        key = evaluator.key(name)

        def own(s: Scope) -> Any:
            got = s.memo.get(key)
            if got is None:
                got = evaluator.compute(name, s)
            value, used = got
            if used is None:
                raise NotInForce(_no_value(name, value, s))
            evaluator.current.add(used)
            return value

        up = climbing(hops)
        return own if hops == 0 else lambda s: own(up(s))

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        name, per = node.data
        return [teller.rule(name, home(at.scope, per))]


def _no_value(name: str, value: Any, s: Scope) -> str:
    if value is PENDING:
        return f"{name} depends on itself"
    return f"{name} is not in force where it is needed ({s.kind} {s.place} {s.group})"


class ValueOp(Op):
    """The value in force on the day; unknown where the law or our reading of it has none."""

    name = "value"

    def step(self, node: Node, maker: Maker) -> Step:
        name, day, evaluator = node.data, maker.day, maker.evaluator
        renews = evaluator.law.series[name].renews

        def step(s: Scope) -> Any:
            found = evaluator.value_at(name, day(s))
            if found is None:
                if renews:  # not set yet, as known on that day: never the value of another year
                    return because("missing_yearly_value", name=name, year=day(s).year)
                raise NotInForce(f"{name} has no value on {day(s)}")
            evaluator.current.add((found, s.group))
            return because("missing_value", name=name, day=day(s)) if found.data is None else found.data

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        found = teller.found(node.data, at.day)
        if found is None:
            return [Why(node.data, None, unit_shown(node.unit), how="value", label=teller.law.labels.get(node.data))]
        return [value_told(found, node.data, node.unit, teller.law.labels.get(node.data))]


def value_told(found: Value, name: str, unit: str, label: Mapping[str, str] | None) -> Why:
    """The step of a dated value: what it is, since when, by which article."""
    why = Why(name, data_shown(found, unit), unit_shown(unit), found.cite, found.basis, "value", label=label)
    why.detail = str(found.start) if found.start > date.min else ""
    why.by = found.by
    why.said = said(found.data, unit)
    return why


class Election(Op):
    """The choice taken; noted, so that only elections that were really asked have alternatives."""

    name = "election"

    def step(self, node: Node, maker: Maker) -> Step:
        name, day, evaluator = node.data, maker.day, maker.evaluator

        def step(s: Scope) -> Any:
            on = day(s)
            choice = evaluator.elections(name, on)
            if isinstance(choice, str):
                evaluator.elected.add((name, choice, on.year))
                found = evaluator.value_at(name, on)
                if found is not None:
                    evaluator.current.add((found, s.group))
            return choice

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        choice = teller.chosen(node.data, at.day)
        found = teller.found(node.data, at.day)
        why = Why(node.data, choice if isinstance(choice, str) else None, "", how="election")
        why.label = teller.law.labels.get(node.data)
        why.said = teller.law.series[node.data].choices.get(str(choice))
        if found is not None:
            why.cite, why.basis, why.by = found.cite, found.basis, found.by
        return [why]


class Lookup(Op):
    name = "lookup"

    def step(self, node: Node, maker: Maker) -> Step:
        evaluator, name = maker.evaluator, node.data
        steps = maker.steps(node)

        def step(s: Scope) -> Any:
            args = [f(s) for f in steps]
            for a in args:
                if type(a) is Unknown:
                    return Unknown(a.missing)
            found = evaluator.lookups[name](*args)
            return found if type(found) is Unknown else found.value

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        args = [teller.value_of(a, at) for a in node.args]
        found = None
        if not any(type(a) is Unknown for a in args):
            found = teller.looked_up(node.data, args)
        value = found.value if isinstance(found, Found) else None
        why = Why(node.data, shown(value, node.unit), unit_shown(node.unit), how="lookup")
        why.detail = " ".join(str(a) for a in args if type(a) is not Unknown)
        if isinstance(found, Found):
            why.place = " ".join(p for p in (found.origin, found.place) if p)
            why.detail = " ".join(p for p in (why.detail, found.detail) if p)
        # Which day's row counts is a rule of its own: what decided it is told.
        why.inputs = [s for a in node.args if a.unit == "day" and a.op == "rule" for s in teller.steps(a, at)]
        return [why]


class AtRow(Op):
    """The same step, asked of the row that a reference leads to."""

    name = "at"
    ways = "+"

    def step(self, node: Node, maker: Maker) -> Step:
        name = node.data
        inner = maker.of(maker.evaluator.law.kinds[maker.kind].refs[name]).step(node.args[0])
        return lambda s: inner(s.refs[name])

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        return teller.steps(node.args[0], At(at.scope.refs[node.data], at.day))


class Cited(Op):
    """A branch with an article of its own; noted as used only where it is evaluated."""

    name = "cited"
    ways = "+"

    def unit(self, args: tuple[Node, ...], data: Any) -> str:
        return args[0].unit

    def step(self, node: Node, maker: Maker) -> Step:
        inner = maker.step(node.args[0])
        evaluator = maker.evaluator
        article = Article(*node.data)

        def step(s: Scope) -> Any:
            evaluator.current.add((article, s.group))
            return inner(s)

        return step

    def tell(self, node: Node, at: At, teller: Teller) -> list[Why]:
        teller.decided_by(*node.data)
        return teller.steps(node.args[0], at)
