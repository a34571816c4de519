"""What belongs together: who reads whom, and which worked cases run through a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from salyq.app.lawbook import cases
from salyq.rulebook.check_rules import needs
from salyq.rulebook.law import Law
from salyq.rulebook.node import Node
from salyq.rulebook.rules import RuleVersion

NEAREST = 3  # worked cases beside one provision


class CaseOf(NamedTuple):
    """A worked case: where its text stands, what it names as its result, and the days that it is of."""

    subject: str
    case: Mapping[str, Any]
    names: tuple[str, ...]
    first: date
    last: date

    @property
    def id(self) -> str:
        return str(self.case["id"])


class Related:
    """Of one law whose rules are compiled: `trees`."""

    def __init__(self, law: Law, trees: Mapping[RuleVersion, Node]) -> None:
        self.law, self.trees = law, trees
        self._nearest: dict[tuple[frozenset[str], date, date | None], list[CaseOf]] = {}
        self.asks: dict[str, tuple[str, ...]] = {
            name: tuple(dict.fromkeys(n for v in versions for n in self._asked(v)))
            for name, versions in law.rules.items()
        }
        self.read_by: dict[str, list[str]] = {}
        for name, asked in self.asks.items():
            for other in asked:
                self.read_by.setdefault(other, []).append(name)
        self.provisions: dict[str, list[str]] = {}  # name -> subject/id
        for provisions in law.provisions.values():
            for p in provisions:
                for name in p.encodes:
                    self.provisions.setdefault(name, []).append(p.full)

    def _asked(self, version: RuleVersion) -> Iterable[str]:
        yield from (n for _, n in needs(self.trees[version]))
        yield from (n for key in ("due", "amount") if (n := version.extra.get(key)) and n in self._all)

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset((*self.law.series, *self.law.rules))

    @cached_property
    def cases(self) -> tuple[CaseOf, ...]:
        return tuple(_case(subject, c, self.law) for subject, own in cases().items() for c in own)

    @cached_property
    def _far(self) -> Mapping[str, Mapping[str, int]]:
        """How many steps each name is below each name that some case tells the value of."""
        found: dict[str, dict[str, int]] = {}
        for root in {n for c in self.cases for n in c.names}:
            steps = found[root] = {root: 0}
            queue = [root]
            for at in queue:
                for other in self.asks.get(at, ()):
                    if other not in steps:
                        steps[other] = steps[at] + 1
                        queue.append(other)
        return found

    def cases_of(self, names: Iterable[str], first: date, until: date | None) -> list[CaseOf]:
        """The worked cases nearest to these names, of days on which they hold."""
        wanted = frozenset(names)
        key = (wanted, first, until)
        if key not in self._nearest:
            self._nearest[key] = self._cases_of(wanted, first, until)
        return self._nearest[key]

    def _cases_of(self, wanted: frozenset[str], first: date, until: date | None) -> list[CaseOf]:
        found: list[tuple[int, int, CaseOf]] = []
        for c in self.cases:
            if c.last < first or (until is not None and c.first > until):
                continue
            steps = [s for root in c.names for n in wanted if (s := self._far[root].get(n)) is not None]
            if steps:
                found.append((min(steps), len(found), c))
        return [c for _, _, c in sorted(found, key=lambda f: f[:2])[:NEAREST]]


def _case(subject: str, case: Mapping[str, Any], law: Law) -> CaseOf:
    if "act" in case:
        from salyq.app.asking import find_act

        act = find_act(case["act"])
        told = {r.told_as or r.name: r.name for r in (*act.duties, *act.amounts, *act.needs, *act.findings)}
        said = [*case.get("duties", ()), *case.get("amounts", ()), *case.get("needs", ()), *case.get("findings", ())]
        days = [d for d in (case.get("on"), _day_in(case["facts"])) if d is not None]
        day = days[0] if days else act.since
        names = [act.verdict, *(told.get(n, n) for n in said)]
        return CaseOf(subject, case, tuple(n for n in names if n in law.rules or n in law.series), day, day)
    if "kind" in case:
        on = case["on"]
        return CaseOf(subject, case, tuple(n for n in case["answers"] if n in law.rules), on, on)
    year = case["year"]
    names = [n.partition("@")[0] for n in (*case["expect"], *case.get("obligations", ()))]
    own = tuple(n for n in names if n in law.rules or n in law.series)
    return CaseOf(subject, case, own, date(year, 1, 1), date(year, 12, 31))


def _day_in(facts: Mapping[str, Any]) -> date | None:
    """The first fact that is a day, or the year that a period names."""
    for value in facts.values():
        text = str(value)
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            continue
    period = str(facts.get("period", ""))[:4]
    return date(int(period), 12, 31) if period.isdigit() and len(period) == 4 else None
