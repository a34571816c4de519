"""Elections and readings: what the person chose, what the law of a day allows (architecture §4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from salyq.civil.errors import InputError, UsageError, nearest
from salyq.civil.messages import Message
from salyq.records.person import Person
from salyq.rulebook.graph import Graph


class Choices:
    """Answers `election(name, day)`. Order: settings, the year's elections, elections for all years, the default.

    A choice that the law of the day does not allow falls back to the default and is remembered in `refused`.
    """

    def __init__(self, graph: Graph, person: Person, settings: Mapping[str, str]) -> None:
        self.graph = graph
        self.person = person
        self.settings = settings
        self.refused: set[tuple[str, str, int]] = set()
        self._allowed = _all_choices(graph)
        for name, choice in settings.items():
            self._check(name, choice, UsageError, "--set")
        years: list[Mapping[str, str]] = [person.elections, *person.year_elections.values()]
        for chosen in years:
            for name, choice in chosen.items():
                self._check(name, choice, InputError, person.file)

    def __call__(self, full: str, day: date) -> str:
        """The choice of an election (by full name) on a day."""
        name = short(full)
        value = self.graph.value_at(full, day)
        stated = self.stated(name, day.year)
        if value is None:
            return stated or "fifo"
        default: str = value.data["default"]
        if stated is None or stated == default:
            return default
        if stated in value.data["choices"]:
            return stated
        self.refused.add((name, stated, day.year))
        return default

    def stated(self, name: str, year: int) -> str | None:
        """What the person (or a setting) chose for a year, by short name; None where nothing was."""
        return (
            self.settings.get(name)
            or self.person.year_elections.get(year, {}).get(name)
            or self.person.elections.get(name)
        )

    def others(self, full: str, day: date) -> list[str]:
        """The choices of a day that were not taken."""
        value = self.graph.value_at(full, day)
        return [] if value is None else [c for c in value.data["choices"] if c != self(full, day)]

    def _check(self, name: str, choice: str, error: type[InputError] | type[UsageError], file: str) -> None:
        allowed = self._allowed.get(name)
        if allowed is None:
            known = ", ".join(sorted(self._allowed))
            raise error(
                Message("election_unknown", {"known": known}), file=file, value=name, near=nearest(name, self._allowed)
            )
        if choice not in allowed:
            raise error(
                Message("election_choice_unknown", {"choices": ", ".join(allowed)}),
                file=file,
                column=name,
                value=choice,
                near=nearest(choice, allowed),
            )


def short(full: str) -> str:
    """The name by which people choose: `corporate_income_tax.lot_method` is `lot_method`."""
    return full.rpartition(".")[2]


def _all_choices(graph: Graph) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for full, series in graph.law.series.items():
        if series.unit == "election":
            known = found.setdefault(short(full), [])
            for value in series.values:
                known += [c for c in value.data["choices"] if c not in known]
    return found
