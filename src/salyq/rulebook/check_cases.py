"""Every version of a rule and of a value in the years read is asked for by a worked case, and cases name what is.

A rule version is covered when a case of a year in its life expects something that leads to it; a version of a value
when such a case speaks of a day on which it holds: a day in its files or facts, a quarter it expects something of, or
the end of its year where the value is picked by that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple

from salyq.civil.days import period_days
from salyq.rulebook.check_rules import Trees, axis_of, lives, needs, reached
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.law import Law, Value
from salyq.rulebook.rules import RuleVersion

EXPECTING = ("expect", "expect_not", "bounds", "alternatives", "obligations", "findings", "answers", "missing")
SHOWN = ("figure", "duty", "verdict", "need")
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")


class Case(NamedTuple):
    """What one case speaks of: its year, the names it expects, and the days that stand in it."""

    year: int
    names: frozenset[str]
    days: frozenset[date]


def case_faults(law: Law) -> Iterator[Fault]:
    """A case that expects something of a name that law has not."""
    for subject, cases in law.cases.items():
        for case in cases:
            for name in dict.fromkeys(_named(case)):
                if name not in law.rules and name not in case.get("findings", ()):
                    near = ", ".join(get_close_matches(name, list(law.rules), 1)) or "salyq law list"
                    yield fault(f"{subject}, case {case.get('id', '?')}", "", "law_case_name", needed=name, right=near)


def uncovered(law: Law, trees: Trees) -> list[Fault]:
    """Versions without a case. What only a walk asks for (`Law.roots`) is led to by every figure of its subject; what
    only findings ask for needs no case."""
    years = _years(law)
    rules: set[RuleVersion] = set()
    values: set[tuple[str, Value]] = set()
    for case in _cases(law):
        found = _led_to(law, trees, years, case)
        rules |= found
        values |= _values(law, trees, found, case)
    needing = must_have_a_case(law, trees)
    bare = [fault(v.name, v.cite, "law_no_case", since=v.since) for v in needing if v not in rules]
    needed = _needed(law, trees, years, frozenset(_starts(law)))
    return bare + list(_bare_values(law, needed, values))


def must_have_a_case(law: Law, trees: Trees) -> list[RuleVersion]:
    """Rule versions that count in a year read and that something shown leads to."""
    shown = reached(law, trees, _starts(law))
    return [v for v, own in _years(law).items() if v.name in shown and own]


def _starts(law: Law) -> list[str]:
    return [*law.roots, *(n for n, vs in law.rules.items() if vs[0].role in SHOWN)]


def first_to_last(law: Law) -> tuple[date, date]:
    """The first and the last day of the years that can be assessed."""
    return date(law.reading["first_year"], 1, 1), date(law.reading["last_year"], 12, 31)


def _needed(
    law: Law, trees: Trees, years: Mapping[RuleVersion, set[int]], starts: frozenset[str]
) -> dict[str, set[int]]:
    """Name of a value -> the years in which something that is shown leads to it."""
    found: dict[str, set[int]] = {}
    for year in range(law.reading["first_year"], law.reading["last_year"] + 1):
        for version in _led_to(law, trees, years, Case(year, starts, frozenset())):
            for op, name in needs(trees[version]):
                if op == "value":
                    found.setdefault(name, set()).add(year)
    return found


def _bare_values(law: Law, needed: Mapping[str, set[int]], covered: set[tuple[str, Value]]) -> Iterator[Fault]:
    first, last = first_to_last(law)
    for name, years in needed.items():
        for v in law.series[name].values:
            start, end = max(v.start, first), min(_end(law, name, v), last)
            held = start <= end and years & set(range(start.year, end.year + 1))
            if held and v.data is not None and (name, v) not in covered and law.value_at(name, start, law.known) is v:
                yield fault(name, v.cite, "law_no_case", since=v.start)


def _end(law: Law, name: str, v: Value) -> date:
    """The last day a version holds: its own end, or the day before the next version."""
    series = law.series[name]
    later = [w.start for w in series.values if w.start > v.start]
    ends = [date.fromordinal(min(later).toordinal() - 1)] if later else []
    own = series.end_of(v, law.known)
    return min([*ends, *([own] if own else [])], default=date.max)


def _values(law: Law, trees: Trees, versions: set[RuleVersion], case: Case) -> set[tuple[str, Value]]:
    """The versions of values that hold on a day this case speaks of."""
    found: set[tuple[str, Value]] = set()
    for version in versions:
        names = [n for op, n in needs(trees[version]) if op != "rule"]
        if not names:
            continue
        days = case.days
        kind, column = axis_of(law, version)
        if column == "law_day":
            days = days | {date(case.year, 12, 31)}
        elif law.kinds[kind].daily and days:
            days = _every(min(days), max(max(days), date(case.year, 12, 31)))
        for name in names:
            for day in days:
                v = law.value_at(name, day, law.known)
                if v is not None:
                    found.add((name, v))
    return found


def _every(first: date, last: date) -> frozenset[date]:
    return frozenset(date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))


def _years(law: Law) -> dict[RuleVersion, set[int]]:
    found: dict[RuleVersion, set[int]] = {}
    for name in law.rules:
        for day, version in lives(law, name):
            found.setdefault(version, set()).add(day.year)
    return found


def _cases(law: Law) -> Iterator[Case]:
    for cases in law.cases.values():
        for case in cases:
            on: date | None = case.get("on")
            year = on.year if on else int(case["year"])
            days = set(_days(case)) | ({on} if on else set())
            yield Case(year, frozenset(_named(case)), frozenset(days))


def _days(case: Mapping[str, Any]) -> Iterator[date]:
    """Days that stand in the case as written, and the ends of quarters it expects something of."""
    for found in _DAY.finditer(str({k: case.get(k) for k in ("person", "files", "facts")})):
        try:
            yield date(*map(int, found.groups()))
        except ValueError:
            continue
    for key in EXPECTING:
        for name in case.get(key, ()):
            period = str(name).partition("@")[2].partition(":")[0]
            if "-Q" in period or "-H" in period:
                yield from period_days(period)


def _named(case: Mapping[str, Any]) -> Iterator[str]:
    for key in EXPECTING:
        for name in case.get(key, ()):
            yield str(name).partition("@")[0].partition(":")[0]


def _led_to(law: Law, trees: Trees, years: Mapping[RuleVersion, set[int]], case: Case) -> set[RuleVersion]:
    subjects = {n.partition(".")[0] for n in case.names}
    told = [n for n, vs in law.rules.items() if vs[0].extra.get("shown") in case.names]
    queue = [*case.names, *told, *(r for r in law.roots if r.partition(".")[0] in subjects)]
    seen: set[str] = set()
    found: set[RuleVersion] = set()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        for version in law.rules.get(name, ()):
            if case.year in years.get(version, ()):
                found.add(version)
                queue += [n for op, n in needs(trees[version]) if op == "rule"]
    return found
