"""Checks of the graph: names that go round in a circle, choices without a branch, gaps in time, what is reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.law import Law
from salyq.rulebook.node import Node
from salyq.rulebook.rules import RuleVersion

Trees = Mapping[RuleVersion, Node]
Axis = tuple[str, str]  # the kind of row whose column picks the version, and that column


def needs(tree: Node) -> Iterator[tuple[str, str]]:
    """(op, name) of every rule, value and election that a tree asks for."""
    if tree.op in ("rule", "value", "election"):
        yield tree.op, tree.data[0] if tree.op == "rule" else tree.data
    for arg in tree.args:
        yield from needs(arg)


def reached(law: Law, trees: Trees, names: Iterable[str]) -> set[str]:
    """All rules and values that the named ones lead to, themselves included, in any version."""
    seen: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        for version in law.rules.get(name, ()):
            queue += [n for _, n in needs(trees[version])]
            queue += [n for key in ("due", "amount") if (n := version.extra.get(key))]
    return seen


def circles(law: Law, trees: Trees) -> Iterator[Fault]:
    """A rule that, through any of its versions, needs itself."""
    after = {n: sorted({m for v in vs for op, m in needs(trees[v]) if op == "rule"}) for n, vs in law.rules.items()}
    done: set[str] = set()
    path: list[str] = []
    told: set[str] = set()  # once a rule, however many ways lead back to it

    def visit(name: str) -> Iterator[Fault]:
        if name in path:
            if name in told:
                return
            told.add(name)
            round_trip = [*path[path.index(name) :], name]
            yield fault(name, law.rules[name][0].cite, "law_circle", names=" → ".join(round_trip))
        elif name not in done:
            path.append(name)
            for other in after[name]:
                yield from visit(other)
            path.pop()
            done.add(name)

    for name in after:
        yield from visit(name)


def branches(law: Law, trees: Trees) -> Iterator[Fault]:
    """Every choice that an election offers in the life of a rule has a branch there, and no branch is dead."""
    days: dict[RuleVersion, list[date]] = {}
    for name in law.rules:
        for day, version in lives(law, name):
            days.setdefault(version, []).append(day)
    for version, own in days.items():
        for node in _nodes(trees[version], "choose"):
            election = node.args[0].data
            values = [v for day in own if (v := law.value_at(election, day, law.known)) and v.data]
            offered = {c for v in values for c in v.data["choices"]}
            for choice in sorted(offered - set(node.data)):
                yield fault(version.name, version.cite, "law_no_branch", election=election, choice=choice)
            for choice in sorted(set(node.data) - offered):
                yield fault(version.name, version.cite, "law_dead_branch", election=election, choice=choice)


def _nodes(tree: Node, op: str) -> Iterator[Node]:
    if tree.op == op:
        yield tree
    for arg in tree.args:
        yield from _nodes(arg, op)


# gaps in time ---------------------------------------------------------------------------------------------------
def gaps(law: Law, trees: Trees) -> Iterator[Fault]:
    """A rule in force needs a value or rule that has none on that day: an assessment would stop there.

    Days from the first year of the reading to the last. What is picked by the same day is needed on that day; what is
    picked by the day of another row, on any day of the same year; by that of rows which may be old (`Kind.earlier`),
    on any day from the reading's `first_day`; what old rows need of a year, in every year read. Each pair of rule and
    need is told once, on its first day.
    """
    told: set[tuple[str, str]] = set()
    for name in law.rules:
        for day, version in lives(law, name):
            for op, other in needs(trees[version]):
                bare = _bare_day(law, version, day, op, other)
                if bare is not None and (name, other) not in told:
                    told.add((name, other))
                    yield fault(name, version.cite, "law_gap", needed=other, day=bare)


def _bare_day(law: Law, version: RuleVersion, day: date, op: str, other: str) -> date | None:
    """The first day on which `other` is needed and has no version."""
    if op != "rule":
        return None if law.value_at(other, day, law.known) else day
    target = law.rules[other][0]
    axis = axis_of(law, target)
    if axis == axis_of(law, version) and axis[0] in ancestors(law, version.per):
        return None if law.rule_at(other, day, law.known) else day
    first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    if law.kinds[axis[0]].earlier:
        first = first_day(law)
    elif law.kinds[axis_of(law, version)[0]].earlier:  # the row is old, but what it needs is of a year assessed
        first, last = date(law.reading["first_year"], 1, 1), date(law.reading["last_year"], 12, 31)
    return next((d for d in spans(law, first, last) if law.rule_at(other, d, law.known) is None), None)


def lives(law: Law, name: str) -> Iterator[tuple[date, RuleVersion]]:
    """The versions of a rule that count in the years of the reading: (first day of a span of law, version)."""
    axis = axis_of(law, law.rules[name][0])
    first = first_day(law) if law.kinds[axis[0]].earlier else date(law.reading["first_year"], 1, 1)
    for day in spans(law, first, date(law.reading["last_year"], 12, 31)):
        version = law.rule_at(name, day, law.known)
        if version is not None:
            yield day, version


def spans(law: Law, first: date, last: date) -> Iterator[date]:
    """The first day of every span of unchanging law between two days; each year begins one of its own."""
    years = {date(y, 1, 1) for y in range(first.year, last.year + 1)}
    yield from sorted(d for d in {first, *law.changes, *years} if first <= d <= last)


def first_day(law: Law) -> date:
    """The earliest day a row can have: `first_day` of the reading, else the first day of its first year."""
    day: date = law.reading.get("first_day", date(law.reading["first_year"], 1, 1))
    return day


def axis_of(law: Law, version: RuleVersion) -> Axis:
    """Which column of which kind of row picks the version."""
    for kind in ancestors(law, version.per):
        if version.date in law.kinds[kind].columns:
            return kind, version.date
    return version.per, version.date


def ancestors(law: Law, kind: str) -> list[str]:
    found: list[str] = []
    at: str | None = kind
    while at is not None:
        found.append(at)
        at = law.kinds[at].parent
    return found
