"""Losses of earlier years that nobody stated: what assessing/losses.py says of one, asked of columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from salyq.civil.messages import Message
from salyq.facts.wording import label
from salyq.law.regimes import Regime
from salyq.population.told_many import KNOWN, FindingColumn, Told
from salyq.population.world_many import WorldMany
from salyq.rulebook.law import Law

CODE = "losses_not_stated"


def losses_not_stated(told: Told, world: WorldMany, walk: Regime, law: Law, of: Callable[[int], Told]) -> None:
    """Says of each kind of loss, to whoever did not state it, what earlier years would yield. `of`: figures of a year
    before; persons whom columns cannot serve there are odd here too."""
    years = world.years_told()
    this = int(world.year.columns["law_day"].parts[0][0]) if world.year.count else 0
    year = date.fromordinal(this).year if this else 0
    earlier: dict[int, Told] = {}
    for fact, name, since in walk.losses:
        if year <= since:
            continue
        said: dict[int, list[str]] = {}
        for y in sorted(y for y in years if max(since, law.reading["first_year"]) <= y < year):
            found = earlier.get(y)
            if found is None:
                found = earlier[y] = of(y)
                told.odd |= found.odd
            _yields(found, name, y, years[y], said)
        unstated = world.year.columns[fact].unknown
        who = np.arange(world.year.count) if unstated is True else np.flatnonzero(unstated)
        texts = ["; ".join(said.get(person, ())) or "0" for person in who.tolist()]
        if len(who):
            words = label(law, f"year.{fact}")
            told.findings.append(FindingColumn(CODE, "notice", who, np.arange(len(who)), _message(words, fact, texts)))


def _yields(found: Told, name: str, year: int, there: Any, said: dict[int, list[str]]) -> None:
    """Adds what the figure of a year is to persons who have rows in it (`there`)."""
    for f in found.figures:
        if f.name == name and f.period == str(year):
            for person, value in zip(f.persons.tolist(), f.values.tolist(), strict=True):
                if there[person] and (f.status != KNOWN or value):
                    shown = f"{Decimal(value).scaleb(-f.places):f}" if f.status == KNOWN else "?"
                    said.setdefault(person, []).append(f"{year}: {shown}")


def _message(words: object, fact: str, texts: list[str]) -> Callable[[int], Message]:
    return lambda n: Message(CODE, {"fact": words, "column": fact, "years": texts[n]})
