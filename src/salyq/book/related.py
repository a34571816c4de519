"""What belongs together: who reads whom, and which worked cases run through a rule."""

from __future__ import annotations

import re
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
_ARTICLE = re.compile(r"(?<![\d,.-])\d+(?:-\d+)?(?:\(\d+(?:-\d+)?\)|\.\d+(?:-\d+)?)*(?![\d,])")
Parts = tuple[str, ...]  # of an article: its number, paragraph, sub-paragraph


class CaseOf(NamedTuple):
    """A worked case: where its text stands, what it names as its result, the days that it is of, the articles that it
    names."""

    subject: str
    case: Mapping[str, Any]
    names: tuple[str, ...]
    first: date
    last: date

    articles: frozenset[Parts]

    @property
    def id(self) -> str:
        return str(self.case["id"])

    def about(self, article: str) -> int:
        """How many parts of an article it names, in what it rests on or in its facts."""
        wanted = _parts(article)
        return max((_alike(wanted, own) for own in self.articles), default=0)


class Related:
    """Of one law whose rules are compiled: `trees`."""

    def __init__(self, law: Law, trees: Mapping[RuleVersion, Node]) -> None:
        self.law, self.trees = law, trees
        self._nearest: dict[tuple[frozenset[str], str, date, date | None], list[CaseOf]] = {}
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

    def cases_of(self, names: Iterable[str], article: str, first: date, until: date | None) -> list[CaseOf]:
        """The worked cases of an article, else those nearest to these names, of days on which they hold."""
        wanted = frozenset(names)
        key = (wanted, article, first, until)
        if key not in self._nearest:
            self._nearest[key] = self._cases_of(*key)
        return self._nearest[key]

    def _cases_of(self, wanted: frozenset[str], article: str, first: date, until: date | None) -> list[CaseOf]:
        found: list[tuple[int, int, int, CaseOf]] = []
        for c in self.cases:
            if c.last < first or (until is not None and c.first > until):
                continue
            steps = [s for root in c.names for n in wanted if (s := self._far[root].get(n)) is not None]
            if steps:
                found.append((-c.about(article), min(steps), len(found), c))
        return [f[-1] for f in sorted(found, key=lambda f: f[:3])[:NEAREST]]


def _parts(article: str) -> Parts:
    return tuple(p for p in re.split(r"[.()]+", article) if p)


def _alike(a: Parts, b: Parts) -> int:
    """How many leading parts two articles share."""
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _articles(case: Mapping[str, Any]) -> frozenset[Parts]:
    told = " ".join(map(str, (case.get("rests_on", ""), *case.get("facts", {}).values())))
    return frozenset(_parts(found) for found in _ARTICLE.findall(told))


def _case(subject: str, case: Mapping[str, Any], law: Law) -> CaseOf:
    own = _articles(case)
    if "act" in case:
        from salyq.app.asking import find_act

        act = find_act(case["act"])
        called = {r.told_as or r.name: r.name for r in (*act.duties, *act.amounts, *act.needs, *act.findings)}
        said = [*case.get("duties", ()), *case.get("amounts", ()), *case.get("needs", ()), *case.get("findings", ())]
        days = [d for d in (case.get("on"), _day_in(case["facts"])) if d is not None]
        day = days[0] if days else act.since
        names = [act.verdict, *(called.get(n, n) for n in said)]
        return CaseOf(subject, case, tuple(n for n in names if n in law.rules or n in law.series), day, day, own)
    if "kind" in case:
        on = case["on"]
        return CaseOf(subject, case, tuple(n for n in case["answers"] if n in law.rules), on, on, own)
    year = case["year"]
    names = [n.partition("@")[0] for n in (*case["expect"], *case.get("obligations", ()))]
    told = tuple(n for n in names if n in law.rules or n in law.series)
    return CaseOf(subject, case, told, date(year, 1, 1), date(year, 12, 31), own)


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
