"""Builds the explanation of one value: re-reads the graph along what decided, on demand (architecture §4.8).

Only what decided is kept: the branch taken, the ground that won, the rows that add something. Every step shows its
exact value, so that the root can be worked out again from the leaves by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from salyq.civil.numbers import format_scaled
from salyq.rulebook.arithmetic import slices
from salyq.rulebook.evaluate import Evaluator
from salyq.rulebook.explain import Why
from salyq.rulebook.nodes import Node
from salyq.rulebook.scopes import Found, Scope, day_of, home
from salyq.rulebook.shown import data_shown, shown, unit_shown
from salyq.rulebook.states import Unknown, settled

ROUNDING = "salyq:rounding"


class At(NamedTuple):
    """Where a step is told: the row it is asked of, and the day whose law holds."""

    scope: Scope
    day: date


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
        why = Why(name, shown(value, first.unit), unit_shown(first.unit), label=self.graph.law.labels.get(name))
        if version is None:
            why.how = "not_in_force"
            return why
        why.cite, why.basis, why.how = version.cite, version.basis, "rule"
        if scope.place:
            why.place = scope.place
        if type(value) is Unknown:
            ends = [shown(x, first.unit) for x in (value.low, value.high)]
            why.detail = " … ".join(e or "?" for e in ends) if any(ends) else ""
        if (name, id(scope)) in self._told:
            why.how = "see_above"
            return why
        self._told.add((name, id(scope)))
        at = At(scope, day_of(scope, version.date))
        why.inputs = self._list(self.graph.trees[version], at)
        return why

    # one node ---------------------------------------------------------------------------------------------------
    def _list(self, node: Node, at: At) -> list[Why]:
        found = self._node(node, at)
        return found if isinstance(found, list) else [found]

    def _value_of(self, node: Node, at: At) -> Any:
        return self.evaluator.node_value(node, at.scope, at.day)

    def _node(self, node: Node, at: At) -> Why | list[Why]:
        tell: Callable[[Node, At], Why | list[Why]] | None = getattr(self, f"_tell_{node.op}", None)
        if tell is not None:
            return tell(node, at)
        value = self._value_of(node, at)
        if node.unit == "flag":
            return self._condition(node, at, value)
        inputs = [w for a in node.args for w in self._list(a, at)]
        return Why(
            node.op, shown(value, node.unit), unit_shown(node.unit), how=_HOW.get(node.op, node.op), inputs=inputs
        )

    # leaves -----------------------------------------------------------------------------------------------------
    def _tell_const(self, node: Node, _at: At) -> Why:
        return Why("constant", shown(node.data, node.unit), unit_shown(node.unit), how="constant")

    def _tell_unknown(self, node: Node, at: At) -> Why:
        return Why(node.data, None, unit_shown(node.unit), how="missing", place=at.scope.place)

    def _tell_input(self, node: Node, at: At) -> Why:
        kind, name = node.data
        row = home(at.scope, kind)
        value = getattr(row.given, name)
        how = "missing" if value is None else "input"
        label = self.graph.law.labels.get(f"{kind}.{name}")
        return Why(name, shown(value, node.unit), unit_shown(node.unit), how=how, label=label, place=row.place)

    def _tell_rule(self, node: Node, at: At) -> Why:
        name, per = node.data
        return self.rule(name, home(at.scope, per))

    def _tell_value(self, node: Node, at: At) -> Why:
        found = self.graph.value_at(node.data, at.day)
        assert found is not None
        why = Why(node.data, data_shown(found, node.unit), unit_shown(node.unit), found.cite, found.basis, "value")
        why.label = self.graph.law.labels.get(node.data)
        why.detail = str(found.start) if found.start > date.min else ""
        return why

    def _tell_election(self, node: Node, at: At) -> Why:
        choice = self.evaluator.elections(node.data, at.day)
        found = self.graph.value_at(node.data, at.day)
        why = Why(node.data, choice if isinstance(choice, str) else None, "", how="election")
        why.label = self.graph.law.labels.get(node.data)
        if found is not None:
            why.cite, why.basis = found.cite, found.basis
        return why

    def _tell_lookup(self, node: Node, at: At) -> Why:
        args = [self._value_of(a, at) for a in node.args]
        found = None
        if not any(type(a) is Unknown for a in args):
            found = self.evaluator.lookups[node.data](*args)
        value = found.value if isinstance(found, Found) else None
        why = Why(node.data, shown(value, node.unit), unit_shown(node.unit), how="lookup")
        why.detail = " ".join(str(a) for a in args if type(a) is not Unknown)
        if isinstance(found, Found):
            why.place = " ".join(p for p in (found.origin, found.place) if p)
            why.detail = " ".join(p for p in (why.detail, found.detail) if p)
        return why

    def _tell_given(self, node: Node, at: At) -> Why:
        value = self._value_of(node, at)
        return Why("given", shown(value, "flag"), how="condition", inputs=self._list(node.args[0], at))

    # choices ----------------------------------------------------------------------------------------------------
    def _tell_when(self, node: Node, at: At) -> list[Why]:
        test, then, otherwise = node.args
        holds = settled(self._value_of(test, at))
        conditions = self._list(test, at)
        if type(holds) is Unknown:
            both = self._list(then, at) + self._list(otherwise, at)
            return [*conditions, *both]
        return [*conditions, *self._list(then if holds else otherwise, at)]

    def _tell_choose(self, node: Node, at: At) -> list[Why]:
        election = self._tell_election(node.args[0], at)
        if election.value is None:
            return [election]
        branch = node.args[1 + node.data.index(election.value)]
        return [election, *self._list(branch, at)]

    def _tell_max(self, node: Node, at: At) -> Why | list[Why]:
        value = self._value_of(node, at)
        if type(value) is not Unknown:
            for arg in node.args:
                if arg.op != "const" and self._value_of(arg, at) == value:
                    return self._node(arg, at)
        inputs = [w for a in node.args for w in self._list(a, at)]
        return Why(node.op, shown(value, node.unit), unit_shown(node.unit), how=node.op, inputs=inputs)

    _tell_min = _tell_max

    def _tell_bounded(self, node: Node, at: At) -> Why | list[Why]:
        return self._node(node.args[0], at)

    def _tell_known_or(self, node: Node, at: At) -> Why | list[Why]:
        known = type(self._value_of(node.args[0], at)) is not Unknown
        return self._node(node.args[0 if known else 1], at)

    def _tell_at(self, node: Node, at: At) -> Why | list[Why]:
        return self._node(node.args[0], At(at.scope.refs[node.data], at.day))

    def _condition(self, node: Node, at: At, value: Any) -> Why:
        """A test: and / or keep the part that decided."""
        args = list(node.args)
        if node.op in ("and", "or") and type(value) is not Unknown:
            deciding = [a for a in args if self._value_of(a, at) is (node.op == "or")]
            if value is (node.op == "or") and deciding:
                args = deciding[:1]
        inputs = [w for a in args for w in self._list(a, at)]
        detail = ", ".join(sorted(node.data)) if node.op == "isin" else ""
        return Why(node.op, shown(value, "flag"), how="condition", inputs=inputs, detail=detail)

    # arithmetic -------------------------------------------------------------------------------------------------
    def _tell_round(self, node: Node, at: At) -> Why | list[Why]:
        inner = self._value_of(node.args[0], at)
        value = self._value_of(node, at)
        if type(inner) is not Unknown and inner == value:
            return self._node(node.args[0], at)
        why = Why("round", shown(value, node.unit), unit_shown(node.unit), ROUNDING, "convention", "round")
        why.inputs = self._list(node.args[0], at)
        return why

    def _tell_scale(self, node: Node, at: At) -> Why:
        base, data, index = (self._value_of(a, at) for a in node.args)
        value = self._value_of(node, at)
        why = Why("scale", shown(value, node.unit), "KZT", how="scale")
        why.inputs = [w for a in node.args for w in self._list(a, at)]
        if type(base) is Unknown:
            return why
        for inside, rate in slices(base, data["over"], data["rate"], index):
            parts = [
                Why("slice", shown(inside, "KZT*"), "KZT", how="constant"),
                Why("rate", shown(rate, "ratio"), how="constant"),
            ]
            why.inputs.append(Why("slice", shown(inside * rate, "KZT*"), "KZT", how="slice", inputs=parts))
        return why

    def _tell_sum(self, node: Node, at: At) -> Why:
        owner, name, kind = node.data
        value = self._value_of(node, at)
        why = Why(
            name, shown(value, node.unit), unit_shown(node.unit), how="sum", label=self.graph.law.labels.get(name)
        )
        found = home(at.scope, owner).rows.get(name)
        rest: Any = Fraction(0) if node.unit.endswith("*") else 0
        left = 0
        for row in found.rows if found else ():
            there = At(row, at.day)
            if len(node.args) > 1 and self._value_of(node.args[1], there) is False:
                continue
            part = self._value_of(node.args[0], there)
            if part == 0 and type(part) is not Unknown:
                continue
            if self.limit is not None and len(why.inputs) >= self.limit and type(part) is not Unknown:
                rest, left = rest + part, left + 1
                continue
            why.inputs.append(self._row(node, there, part, kind))
        if left:
            why.inputs.append(Why("rest", shown(rest, node.unit), unit_shown(node.unit), how="rest", detail=str(left)))
        return why

    def _row(self, node: Node, at: At, part: Any, kind: str) -> Why:
        given = at.scope.given
        facts = [str(getattr(given, n)) for n in ("day", "asset") if getattr(given, n, None)]
        if getattr(given, "quantity", None):
            facts.insert(1, format_scaled(given.quantity))
        why = Why(
            kind, shown(part, node.unit), unit_shown(node.unit), how="row", place=at.scope.place, detail=" ".join(facts)
        )
        why.label = self.graph.law.labels.get(f"{kind}.row")
        why.inputs = self._list(node.args[0], at)
        return why


_HOW = {"sub": "subtract", "mul": "multiply", "amount_of": "amount", "currency_of": "currency"}
