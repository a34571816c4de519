"""Explains the figures of one year: one at a time, or all of them with the steps that they share told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from salyq.assessing.figures import scopes
from salyq.facts.world import World
from salyq.rulebook.explain import Why
from salyq.rulebook.scopes import Scope
from salyq.rulebook.trace import Sharing, Tracer

ROWS = 100  # rows of one sum that are told one by one


class Explainer:
    """`explain(name, period, rows)` gives the tree of one figure. Its first step says `whose` figure it is; a row
    of a file says with whom it was: the merchant of a card's payment, the other side of a trade."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def world(self) -> World:
        """What was asked: rows, sales, matches of the year."""
        return self._world

    def __call__(self, name: str, period: str, rows: int | None) -> Why:
        return self._owned(self._named([Tracer(self._world.evaluator, rows).rule(name, self._scope(name, period))])[0])

    def together(self, figures: Iterable[tuple[str, str]]) -> tuple[list[Why], Mapping[int, tuple[str, str]]]:
        """The steps of these figures (name, period), shared among them, and `own` of `rules.Sharing`."""
        tracer = Sharing(self._world.evaluator, ROWS)
        shared = self._named([tracer.rule(name, self._scope(name, period)) for name, period in figures])
        roots = [self._owned(why) for why in shared]
        own = {id(root): tracer.own[id(why)] for root, why in zip(roots, shared, strict=True) if id(why) in tracer.own}
        return roots, {**tracer.own, **own}

    def _owned(self, root: Why) -> Why:
        """The first step, saying whose figure it is; below another figure the same step does not."""
        return replace(root, whose=self._world.person.name or "")

    def _named(self, roots: list[Why]) -> list[Why]:
        if not self._others:
            return roots
        seen: set[int] = set()
        waiting = list(roots)
        while waiting:
            why = waiting.pop()
            if id(why) in seen:
                continue
            seen.add(id(why))
            waiting += why.inputs
            places = why.place.partition(" +")[0].split(", ") if why.how == "row" and why.place else ()
            with_whom = dict.fromkeys(self._others[p] for p in places if p in self._others)
            why.detail = " · ".join([*filter(None, [why.detail]), *(w for w in with_whom if w not in why.detail)])
        return roots

    @cached_property
    def _others(self) -> Mapping[str, str]:
        """The other side of each row of the files that names one, and the row's note."""
        rows = self._world.case.ledger.records
        named = rows.take([n for n, who in enumerate(rows.column("counterparty")) if who])
        return {str(r.source): ", ".join(filter(None, (r.counterparty, r.note))) for r in named}

    def _scope(self, name: str, period: str) -> Scope:
        per = self._world.graph.law.rules[name][0].per
        return next(s for s in scopes(self._world, per) if s.group == period)
