"""Builds the explanation of one value: re-reads the graph along what decided, on demand (architecture §4.8).

Only what decided is kept: the branch taken, the ground that won, the rows that add something. Every step shows its
exact value, so that the root can be worked out again from the leaves by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from salyq.civil.numbers import format_scaled, format_tiyn
from salyq.rulebook.evaluate import TIYN, Evaluator, Found, Scope
from salyq.rulebook.explain import Why
from salyq.rulebook.law import Value
from salyq.rulebook.nodes import Node
from salyq.rulebook.states import Unknown

ROUNDING = "salyq:rounding"


def shown(value: Any, unit: str) -> str | None:
    """A value as exact text: tenge with two decimals, plain decimals, or a fraction where no decimal is exact."""
    if value is None or type(value) is Unknown:
        return None
    if unit == "KZT":
        return format_tiyn(value)
    if unit == "KZT*":
        return _fraction(Fraction(value) / TIYN)
    if unit in ("amount", "quantity", "kWh"):
        return format_scaled(value)
    if unit == "amount*":
        return _fraction(Fraction(value) / 10**18)
    if unit == "worth":
        return f"{format_scaled(value[0])} {value[1]}"
    if unit == "flag":
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return _fraction(value)
    return str(value)


def _fraction(x: Fraction) -> str:
    rest = x.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{x.numerator}/{x.denominator}"
    decimals = 0
    while (x * 10**decimals).denominator != 1:
        decimals += 1
    return format_scaled(int(x * 10**decimals), decimals) if decimals else str(int(x))


class Tracer:
    """Explains rules of one evaluator. `rows` is how many rows of a sum are told one by one (None: all)."""

    def __init__(self, evaluator: Evaluator, rows: int | None = 100) -> None:
        self.evaluator = evaluator
        self.graph = evaluator.graph
        self.limit = rows
        self._told: set[tuple[str, int]] = set()

    def rule(self, name: str, scope: Scope) -> Why:
        """The tree of a rule in a scope of its kind."""
        version = self.evaluator.version(name, scope)
        value = self.evaluator.value(name, scope)
        first = self.graph.law.rules[name][0]
        why = Why(name, shown(value, first.unit), _unit(first.unit), label=self.graph.law.labels.get(name))
        if version is None:
            why.how = "not_in_force"
            return why
        why.cite, why.basis, why.how = version.cite, version.basis, "rule"
        if scope.place:
            why.place = scope.place
        if (name, id(scope)) in self._told:
            why.how = "see_above"
            return why
        self._told.add((name, id(scope)))
        day = _law_day(scope, version.date)
        why.inputs = self._list(self.graph.trees[version], scope, day)
        return why

    # one node ---------------------------------------------------------------------------------------------------
    def _list(self, node: Node, scope: Scope, day: date) -> list[Why]:
        found = self._node(node, scope, day)
        return found if isinstance(found, list) else [found]

    def _value_of(self, node: Node, scope: Scope, day: date) -> Any:
        return self.evaluator.node_value(node, scope, day)

    def _node(self, node: Node, scope: Scope, day: date) -> Why | list[Why]:
        tell: Callable[[Node, Scope, date], Why | list[Why]] | None = getattr(self, f"_tell_{node.op}", None)
        if tell is not None:
            return tell(node, scope, day)
        value = self._value_of(node, scope, day)
        if node.unit == "flag":
            return self._condition(node, scope, day, value)
        inputs = [w for a in node.args for w in self._list(a, scope, day)]
        return Why(node.op, shown(value, node.unit), _unit(node.unit), how=_HOW.get(node.op, node.op), inputs=inputs)

    # leaves -----------------------------------------------------------------------------------------------------
    def _tell_const(self, node: Node, scope: Scope, day: date) -> Why:
        return Why("constant", shown(node.data, node.unit), _unit(node.unit), how="constant")

    def _tell_unknown(self, node: Node, scope: Scope, day: date) -> Why:
        return Why(node.data, None, _unit(node.unit), how="missing", place=scope.place)

    def _tell_input(self, node: Node, scope: Scope, day: date) -> Why:
        at, name = node.data
        home = self._home(scope, at)
        value = getattr(home.given, name)
        how = "missing" if value is None else "input"
        label = self.graph.law.labels.get(f"{at}.{name}")
        return Why(name, shown(value, node.unit), _unit(node.unit), how=how, label=label, place=home.place)

    def _tell_rule(self, node: Node, scope: Scope, day: date) -> Why:
        name, per = node.data
        return self.rule(name, self._home(scope, per))

    def _tell_value(self, node: Node, scope: Scope, day: date) -> Why:
        found = self.graph.value_at(node.data, day)
        assert found is not None
        why = Why(node.data, _data(found, node.unit), _unit(node.unit), found.cite, found.basis, "value")
        why.label = self.graph.law.labels.get(node.data)
        why.detail = str(found.start) if found.start > date.min else ""
        return why

    def _tell_election(self, node: Node, scope: Scope, day: date) -> Why:
        choice = self.evaluator.elections(node.data, day)
        found = self.graph.value_at(node.data, day)
        why = Why(node.data, choice if isinstance(choice, str) else None, "", how="election")
        why.label = self.graph.law.labels.get(node.data)
        if found is not None:
            why.cite, why.basis = found.cite, found.basis
        return why

    def _tell_lookup(self, node: Node, scope: Scope, day: date) -> Why:
        args = [self._value_of(a, scope, day) for a in node.args]
        found = None
        if not any(type(a) is Unknown for a in args):
            found = self.evaluator.lookups[node.data](*args)
        value = found.value if isinstance(found, Found) else None
        why = Why(node.data, shown(value, node.unit), _unit(node.unit), how="lookup")
        why.detail = " ".join(str(a) for a in args if type(a) is not Unknown)
        if isinstance(found, Found):
            why.place = " ".join(p for p in (found.origin, found.place) if p)
            why.detail = " ".join(p for p in (why.detail, found.detail) if p)
        return why

    def _tell_given(self, node: Node, scope: Scope, day: date) -> Why:
        value = self._value_of(node, scope, day)
        return Why("given", shown(value, "flag"), how="condition", inputs=self._list(node.args[0], scope, day))

    # choices ----------------------------------------------------------------------------------------------------
    def _tell_when(self, node: Node, scope: Scope, day: date) -> list[Why]:
        test, then, otherwise = node.args
        holds = self._value_of(test, scope, day)
        conditions = self._list(test, scope, day)
        if type(holds) is Unknown:
            both = self._list(then, scope, day) + self._list(otherwise, scope, day)
            return [*conditions, *both]
        return [*conditions, *self._list(then if holds else otherwise, scope, day)]

    def _tell_choose(self, node: Node, scope: Scope, day: date) -> list[Why]:
        election = self._tell_election(node.args[0], scope, day)
        if election.value is None:
            return [election]
        branch = node.args[1 + node.data.index(election.value)]
        return [election, *self._list(branch, scope, day)]

    def _tell_max(self, node: Node, scope: Scope, day: date) -> Why | list[Why]:
        value = self._value_of(node, scope, day)
        if type(value) is not Unknown:
            for arg in node.args:
                if arg.op != "const" and self._value_of(arg, scope, day) == value:
                    return self._node(arg, scope, day)
        inputs = [w for a in node.args for w in self._list(a, scope, day)]
        return Why(node.op, shown(value, node.unit), _unit(node.unit), how=node.op, inputs=inputs)

    _tell_min = _tell_max

    def _tell_bounded(self, node: Node, scope: Scope, day: date) -> Why | list[Why]:
        return self._node(node.args[0], scope, day)

    def _tell_known_or(self, node: Node, scope: Scope, day: date) -> Why | list[Why]:
        known = type(self._value_of(node.args[0], scope, day)) is not Unknown
        return self._node(node.args[0 if known else 1], scope, day)

    def _tell_at(self, node: Node, scope: Scope, day: date) -> Why | list[Why]:
        return self._node(node.args[0], scope.refs[node.data], day)

    def _condition(self, node: Node, scope: Scope, day: date, value: Any) -> Why:
        """A test: and / or keep the part that decided."""
        args = list(node.args)
        if node.op in ("and", "or") and type(value) is not Unknown:
            deciding = [a for a in args if self._value_of(a, scope, day) is (node.op == "or")]
            if value is (node.op == "or") and deciding:
                args = deciding[:1]
        inputs = [w for a in args for w in self._list(a, scope, day)]
        detail = ", ".join(sorted(node.data)) if node.op == "isin" else ""
        return Why(node.op, shown(value, "flag"), how="condition", inputs=inputs, detail=detail)

    # arithmetic -------------------------------------------------------------------------------------------------
    def _tell_round(self, node: Node, scope: Scope, day: date) -> Why | list[Why]:
        inner = self._value_of(node.args[0], scope, day)
        value = self._value_of(node, scope, day)
        if type(inner) is not Unknown and inner == value:
            return self._node(node.args[0], scope, day)
        why = Why("round", shown(value, node.unit), _unit(node.unit), ROUNDING, "convention", "round")
        why.inputs = self._list(node.args[0], scope, day)
        return why

    def _tell_scale(self, node: Node, scope: Scope, day: date) -> Why:
        base, data, index = (self._value_of(a, scope, day) for a in node.args)
        value = self._value_of(node, scope, day)
        why = Why("scale", shown(value, node.unit), "KZT", how="scale")
        why.inputs = [w for a in node.args for w in self._list(a, scope, day)]
        if type(base) is Unknown:
            return why
        over, rates = data["over"], data["rate"]
        for i, rate in enumerate(rates):
            low = over[i] * index
            high = over[i + 1] * index if i + 1 < len(over) else None
            inside = (base if high is None else min(base, high)) - low
            if inside > 0:
                parts = [
                    Why("slice", shown(Fraction(inside), "KZT*"), "KZT", how="constant"),
                    Why("rate", shown(rate, "ratio"), how="constant"),
                ]
                why.inputs.append(Why("slice", shown(inside * rate, "KZT*"), "KZT", how="slice", inputs=parts))
        return why

    def _tell_sum(self, node: Node, scope: Scope, day: date) -> Why:
        owner, name, kind = node.data
        value = self._value_of(node, scope, day)
        why = Why(name, shown(value, node.unit), _unit(node.unit), how="sum", label=self.graph.law.labels.get(name))
        found = self._home(scope, owner).rows.get(name)
        rest: Any = Fraction(0) if node.unit.endswith("*") else 0
        left = 0
        for row in found.rows if found else ():
            if len(node.args) > 1 and self._value_of(node.args[1], row, day) is False:
                continue
            part = self._value_of(node.args[0], row, day)
            if part == 0 and type(part) is not Unknown:
                continue
            if self.limit is not None and len(why.inputs) >= self.limit and type(part) is not Unknown:
                rest, left = rest + part, left + 1
                continue
            why.inputs.append(self._row(node, row, part, kind, day))
        if left:
            why.inputs.append(Why("rest", shown(rest, node.unit), _unit(node.unit), how="rest", detail=str(left)))
        return why

    def _row(self, node: Node, row: Scope, part: Any, kind: str, day: date) -> Why:
        given = row.given
        facts = [str(getattr(given, n)) for n in ("day", "asset") if getattr(given, n, None)]
        if getattr(given, "quantity", None):
            facts.insert(1, format_scaled(given.quantity))
        why = Why(kind, shown(part, node.unit), _unit(node.unit), how="row", place=row.place, detail=" ".join(facts))
        why.label = self.graph.law.labels.get(f"{kind}.row")
        why.inputs = self._list(node.args[0], row, day)
        return why

    def _home(self, scope: Scope, kind: str) -> Scope:
        while scope.kind != kind:
            assert scope.parent is not None
            scope = scope.parent
        return scope


_HOW = {"sub": "subtract", "mul": "multiply", "amount_of": "amount", "currency_of": "currency"}


def _unit(unit: str) -> str:
    """The unit as people read it."""
    plain = {"KZT*": "KZT", "flag": "", "text": "", "ratio": "", "day": "", "worth": "", "amount": "", "amount*": ""}
    return plain.get(unit, "" if unit in ("quantity", "count", "price", "rate") else unit)


def _data(found: Value, unit: str) -> str | None:
    if found.data is None:
        return None
    if isinstance(found.data, dict):
        if "over" in found.data:
            pairs = zip(found.data["over"], found.data["rate"], strict=True)
            return "; ".join(f">{shown(o, 'ratio')}: {shown(r, 'ratio')}" for o, r in pairs)
        if "upto" in found.data:
            pairs = zip(found.data["upto"], found.data["is"], strict=False)
            return "; ".join(f"≤{shown(o, 'ratio')}: {shown(r, 'ratio')}" for o, r in pairs)
        return str(found.data)
    return shown(found.data, unit)


def _law_day(scope: Scope, name: str) -> date:
    at: Scope | None = scope
    while at is not None:
        day = getattr(at.given, name, None)
        if day is not None:
            return day  # type: ignore[no-any-return]
        at = at.parent
    raise KeyError(name)
