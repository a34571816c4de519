"""Losses of earlier years: they come only from person.toml; where nothing is stated, the case's own are shown."""

from __future__ import annotations

from collections.abc import Callable

from salyq.assessing.result import Figure, Finding
from salyq.civil.messages import Message
from salyq.facts.wording import label
from salyq.facts.world import World


def losses_not_stated(world: World, figures_of: Callable[[int], list[Figure]]) -> list[Finding]:
    """A finding for each kind of loss not stated, with what earlier years of the case would yield (semantics 18)."""
    first_law = world.graph.law.reading["first_year"]
    years = sorted(world.case.ledger.records.years() | {x.day.year for x in world.case.ledger.expenses})
    earlier = [y for y in years if first_law <= y < world.year_number]
    found: list[Finding] = []
    by_year: dict[int, dict[str, Figure]] = {}
    for fact, name, since in world.regime.losses:
        if getattr(world.year.given, fact) is not None or world.year_number <= since:
            continue
        yields = []
        for y in (y for y in earlier if y >= since):
            by_year.setdefault(y, {f.name: f for f in figures_of(y)})
            figure = by_year[y].get(name)
            if figure is not None and figure.value != 0:
                yields.append(f"{y}: {figure.value if figure.status == 'known' else '?'}")
        words = label(world.graph.law, f"year.{fact}")
        params = {"fact": words, "column": fact, "years": "; ".join(yields) or "0"}
        found.append(Finding("losses_not_stated", "notice", Message("losses_not_stated", params)))
    return found
