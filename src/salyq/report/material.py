"""All that a report tells of one year, in no language yet: the assessment, matches, holdings, gains, explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from salyq.app import api
from salyq.assessing.match_rows import match_rows
from salyq.assessing.portfolio import Gain, Held, gains, portfolio
from salyq.assessing.result import Assessment
from salyq.assessing.year import world_of
from salyq.facts.case import Case
from salyq.reconcile.model import Question


@dataclass(frozen=True)
class Material:
    """One year of a case. `matches` are the rows of `salyq matches`."""

    case: Case
    result: Assessment
    matches: list[dict[str, str]]
    held: list[Held]
    gains: list[Gain]
    questions: list[Question]

    @property
    def year(self) -> int:
        return self.result.year


def gather(case: Case, year: int, *, known: date | None = None, settings: Mapping[str, str] | None = None) -> Material:
    """Assesses a year and takes everything that a report needs. Errors as `assess`."""
    chosen = settings or {}
    result = api.assess(case, year, known=known, settings=chosen)
    world = world_of(case, result)
    rows = match_rows(world, keyed=False)
    asked = [q for q in api.questions(case, [result]) if q.year is None or q.year <= year]
    return Material(case, result, rows, portfolio(world), gains(rows), asked)
