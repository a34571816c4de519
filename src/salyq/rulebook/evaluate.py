"""`for_one`: reads the graph for one person, in plain exact integers (architecture §4.8).

Rules are computed once a scope and kept; each tree is turned into nested closures once. What was really evaluated is
noted, so that a figure's cites and basis speak of what decided and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from salyq.rulebook import steps_choices, steps_leaves, steps_numbers, steps_rows
from salyq.rulebook.arithmetic import CURRENCY_UNIT, TIYN
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Value
from salyq.rulebook.maker import Make, Maker
from salyq.rulebook.nodes import Node
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.scopes import Found, RowSet, Scope, Step, day_of
from salyq.rulebook.states import Unknown

__all__ = ["CURRENCY_UNIT", "TIYN", "Evaluator", "Found", "RowSet", "Scope"]

OPS: Mapping[str, Make] = {**steps_leaves.OPS, **steps_choices.OPS, **steps_numbers.OPS, **steps_rows.OPS}
Used = tuple[object, str]  # (RuleVersion | Value, group)


class Evaluator:
    """Evaluates named rules in scopes. `lookups` answer what law asks of the world; `elections` the choices made."""

    def __init__(
        self,
        graph: Graph,
        lookups: Mapping[str, Callable[..., Found | Unknown]],
        elections: Callable[[str, date], str | Unknown],
    ) -> None:
        self.graph = graph
        self.lookups = lookups
        self.elections = elections
        self.uses: dict[Used, set[Used]] = {}
        self.elected: set[tuple[str, str]] = set()  # elections that were really asked, with the choice taken
        self.current: set[Used] = set()  # what the rule now being computed has used
        self._steps: dict[tuple[Node, str, date], Step] = {}
        self._rule_steps: dict[RuleVersion, Step] = {}
        self._plans: dict[str, tuple[str, dict[date, tuple[RuleVersion | None, Step]]]] = {}  # date column; by day

    # asking -----------------------------------------------------------------------------------------------------
    def value(self, name: str, scope: Scope) -> Any:
        """The value of a rule for a scope of its kind: exact, Unknown, or None where no version is in force."""
        got = scope.memo.get(name)
        if got is None:
            got = self.compute(name, scope)
        if got[1] is not None:
            self.current.add((got[1], scope.group))
        return got[0]

    def version(self, name: str, scope: Scope) -> RuleVersion | None:
        """The version of a rule that counts for a scope."""
        any_version = self.graph.law.rules[name][0]
        return self.graph.rule_at(name, day_of(scope, any_version.date))

    def node_value(self, node: Node, scope: Scope, day: date) -> Any:
        """The value of one step within a rule (for explanations)."""
        key = (node, scope.kind, day)
        step = self._steps.get(key)
        if step is None:
            step = self._steps[key] = Maker(self, OPS, scope.kind, lambda _: day).step(node)
        outer, self.current = self.current, set()
        try:
            return step(scope)
        finally:
            self.current = outer

    def used_by(self, name: str, scope: Scope) -> list[object]:
        """Everything that was really evaluated under a rule: versions and values, nearest first."""
        self.value(name, scope)
        start = (scope.memo[name][1], scope.group)
        seen: dict[Used, None] = {}
        queue: list[Used] = [start]
        for at in queue:
            if at in seen or at[0] is None:
                continue
            seen[at] = None
            queue.extend(sorted(self.uses.get(at, ()), key=_order))
        return [what for what, _ in seen]

    # computing --------------------------------------------------------------------------------------------------
    def compute(self, name: str, scope: Scope) -> tuple[Any, object]:
        """(value, version) of a rule in a scope that does not hold it yet; (None, None) where none is in force."""
        plan = self._plans.get(name)
        if plan is None:
            plan = self._plans[name] = (self.graph.law.rules[name][0].date, {})
        column, by_day = plan
        day = getattr(scope.given, column, None) or day_of(scope, column)
        found = by_day.get(day)
        if found is None:
            found = by_day[day] = self._in_force(name, day)
        version, step = found
        if version is None:
            scope.memo[name] = _NOT_IN_FORCE
            return _NOT_IN_FORCE
        scope.memo[name] = _COMPUTING
        outer = self.current
        self.current = self.uses.get((version, scope.group)) or self.uses.setdefault((version, scope.group), set())
        try:
            value = step(scope)
        except BaseException:
            scope.memo.pop(name, None)
            raise
        finally:
            self.current = outer
        got = (value, version)
        scope.memo[name] = got
        return got

    def _in_force(self, name: str, day: date) -> tuple[RuleVersion | None, Step]:
        version = self.graph.rule_at(name, day)
        return version, _nothing if version is None else self._rule_step(version)

    def _rule_step(self, version: RuleVersion) -> Step:
        step = self._rule_steps.get(version)
        if step is None:
            column = version.date
            maker = Maker(self, OPS, version.per, lambda s: day_of(s, column))
            step = self._rule_steps[version] = maker.step(self.graph.trees[version])
        return step


_NOT_IN_FORCE: tuple[Any, object] = (None, None)
_COMPUTING: tuple[Any, object] = (steps_leaves.PENDING, None)


def _nothing(_: Scope) -> Any:
    return None


def _order(used: Used) -> tuple[str, str, str]:
    what = used[0]
    if isinstance(what, RuleVersion):
        return ("1", what.name, str(what.since))
    assert isinstance(what, Value)
    return ("0", what.cite, str(what.start))
