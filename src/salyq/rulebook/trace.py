"""Builds the explanation of one value: re-reads the graph along what decided, on demand (architecture §4.8).

Only what decided is kept: the branch taken, the ground that won, the rows that add something. Every step shows its
exact value, so that the root can be worked out again from the leaves by hand. How a step is told stands in its
operation (ops/).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from salyq.rulebook.evaluate import Evaluator
from salyq.rulebook.explain import Why
from salyq.rulebook.law import Law, Value
from salyq.rulebook.node import OPS, Node
from salyq.rulebook.op import At
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Scope, day_of
from salyq.rulebook.shown import ends_shown, said, shown, unit_shown
from salyq.rulebook.states import Unknown


class Tracer:
    """Explains rules of one evaluator. `rows` is how many rows of a sum are told one by one (None: all)."""

    def __init__(self, evaluator: Evaluator, rows: int | None = 100) -> None:
        self.evaluator = evaluator
        self.graph = evaluator.graph
        self.limit = rows
        self._told: set[tuple[str, int]] = set()
        self._deciding: list[tuple[str, str]] = []  # articles of branches that decided in the rule now told

    @property
    def law(self) -> Law:
        return self.graph.law

    def rule(self, name: str, scope: Scope) -> Why:
        """The tree of a rule in a scope of its kind."""
        why, version = self._named(name, scope)
        if version is None:
            return why
        if (name, id(scope)) in self._told:
            why.how = "see_above"
            return why
        self._told.add((name, id(scope)))
        self._open(why, version, scope)
        return why

    def _named(self, name: str, scope: Scope) -> tuple[Why, RuleVersion | None]:
        """The step of a rule without those below it; None where no version of it is in force."""
        version = self.evaluator.version(name, scope)
        value = self.evaluator.value(name, scope)
        first = self.law.rules[name][0]
        why = Why(name, shown(value, first.unit), unit_shown(first.unit), label=self.law.labels.get(name))
        why.said = said(value, first.unit)
        if version is None:
            why.how = "not_in_force"
            return why, None
        why.cite, why.basis, why.how, why.by = version.cite, version.basis, "rule", version.by
        if scope.place:
            why.place = scope.place
        if why.value is None and type(value) is Unknown:
            ends = [shown(x, first.unit) for x in (value.low, value.high)]
            why.detail = " … ".join(e or "?" for e in ends) if any(ends) else ""
            falls = bool(version.extra.get("falls")) if version.role == "figure" else None
            why.ends = ends_shown(value, first.unit, falls=falls)
        return why, version

    def _open(self, why: Why, version: RuleVersion, scope: Scope) -> None:
        """What stands below a rule."""
        outer, self._deciding = self._deciding, []
        why.inputs = self.steps(self.graph.trees[version], At(scope, day_of(scope, version.date)))
        if len(set(self._deciding)) == 1:  # one branch with an article of its own decided
            why.cite, why.basis = self._deciding[0]
        self._deciding = outer

    # what operations ask ----------------------------------------------------------------------------------------
    def steps(self, node: Node, at: At) -> list[Why]:
        return OPS[node.op].tell(node, at, self)

    def value_of(self, node: Node, at: At) -> Any:
        return self.evaluator.node_value(node, at.scope, at.day)

    def values_of(self, node: Node, rows: Sequence[Scope], day: date) -> list[Any]:
        """The value of a step for each of many rows of one kind, under the law of one day."""
        return self.evaluator.step_values(node, rows, day)

    def found(self, name: str, day: date) -> Value | None:
        return self.graph.value_at(name, day)

    def chosen(self, name: str, day: date) -> Any:
        return self.evaluator.elections(name, day)

    def looked_up(self, name: str, args: list[Any]) -> Any:
        return self.evaluator.lookups[name](*args)

    def decided_by(self, cite: str, basis: str) -> None:
        """A branch with an article of its own decided."""
        self._deciding.append((cite, basis))


class Sharing(Tracer):
    """Tells many figures at once: a rule of a scope is told once, and the same step stands wherever it is asked for.

    `own` has every such step by its id, with the article and basis of the rule itself: what `Tracer` says where it
    tells the rule again.
    """

    def __init__(self, evaluator: Evaluator, rows: int | None = 100) -> None:
        super().__init__(evaluator, rows)
        self.own: dict[int, tuple[str, str]] = {}
        self._made: dict[tuple[str, int], tuple[Why, Scope]] = {}  # the scope is held, so that its id stays its own

    def rule(self, name: str, scope: Scope) -> Why:
        made = self._made.get((name, id(scope)))
        if made is not None:
            return made[0]
        why, version = self._named(name, scope)
        if version is not None:
            self._made[name, id(scope)] = (why, scope)
            self.own[id(why)] = (why.cite, why.basis)
            self._open(why, version, scope)
        return why
