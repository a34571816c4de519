"""What a form asks of a case: figures, duties, facts, and the world of rows behind them. The one place of this room
that looks into the assessment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from salyq.assessing.result import Assessment, Figure, Obligation
from salyq.assessing.year import assess
from salyq.civil.days import period_days
from salyq.facts.case import Case
from salyq.facts.choices import Choices
from salyq.facts.world import World
from salyq.law import shipped
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.graph import Graph
from salyq.rulebook.states import Unknown

HALVES = {"H1": 1, "H2": 7}  # first month


@dataclass
class Asked:
    """A case in one year. `options` are what only the user can say on the command line (revision, kind, …)."""

    case: Case
    year: int
    period: str = ""
    known: date | None = None
    settings: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)

    @cached_property
    def assessment(self) -> Assessment:
        return assess(self.case, self.year, known=self.known, settings=self.settings)

    @cached_property
    def world(self) -> World:
        """The year's rows, to be asked about one by one."""
        law = shipped()
        graph = Graph(law, self.known or law.known)
        return World(self.case, self.year, graph, Choices(graph, self.case.person, self.settings))

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the period."""
        year, half = self.period[:4], self.period[5:]
        if half in HALVES:
            return date(int(year), HALVES[half], 1), period_days(f"{year}-{HALVES[half] + 5:02d}")[1]
        return period_days(self.period)

    def figures(self, name: str) -> list[Figure]:
        """The figures of a name whose period lies in this form's period."""
        first, last = self.days
        found = []
        for figure in self.assessment.figures:
            if figure.name == name:
                start, end = period_days(figure.period)
                if first <= start and end <= last:
                    found.append(figure)
        return found

    def duty(self, name: str) -> Obligation | None:
        """The duty of this period, None where the person does not have it."""
        return next((o for o in self.assessment.obligations if (o.duty, o.period) == (name, self.period)), None)

    def law(self, rule: str, scope: Scope) -> Any:
        """What law says of one row: a value, None where no rule is in force, or Unknown."""
        return self.world.evaluator.value(rule, scope)


def is_known(value: object) -> bool:
    """Whether law could say it."""
    return value is not None and not isinstance(value, Unknown)


def reason(asked: Asked, value: Unknown) -> Any:
    """The first fact that would settle an unknown value, in words."""
    from salyq.facts.wording import told

    return told(asked.world.graph.law, min(value.missing, key=repr))


def tenge(tiyn: int) -> Fraction:
    """Whole tiyn as tenge."""
    return Fraction(tiyn, 100)
