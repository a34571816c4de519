"""Explains the figures of one year: one at a time, or all of them with the steps that they share told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from salyq.assessing.figures import scopes
from salyq.facts.world import World
from salyq.rulebook.explain import Why
from salyq.rulebook.scopes import Scope
from salyq.rulebook.trace import Sharing, Tracer

ROWS = 100  # rows of one sum that are told one by one


class Explainer:
    """`explain(name, period, rows)` gives the tree of one figure."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __call__(self, name: str, period: str, rows: int | None) -> Why:
        return Tracer(self._world.evaluator, rows).rule(name, self._scope(name, period))

    def together(self, figures: Iterable[tuple[str, str]]) -> tuple[list[Why], Mapping[int, tuple[str, str]]]:
        """The steps of these figures (name, period), shared among them, and `own` of `rules.Sharing`."""
        tracer = Sharing(self._world.evaluator, ROWS)
        return [tracer.rule(name, self._scope(name, period)) for name, period in figures], tracer.own

    def _scope(self, name: str, period: str) -> Scope:
        per = self._world.graph.law.rules[name][0].per
        return next(s for s in scopes(self._world, per) if s.group == period)
