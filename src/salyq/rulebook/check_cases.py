"""Every rule version of the years read is asked for by a worked case of one of those years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from salyq.rulebook.check_rules import Trees, lives, needs, reached
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.law import Law
from salyq.rulebook.rules import RuleVersion

EXPECTING = ("expect", "expect_not", "bounds", "alternatives", "obligations", "findings")


def uncovered(law: Law, trees: Trees) -> list[Fault]:
    """A version is covered when a case of a year in its life expects a figure or duty that leads to it. What only a
    walk asks for (`Law.roots`) is led to by every figure of its subject; what only findings ask for needs no case."""
    years = _years(law)
    shown = reached(law, trees, [*law.roots, *(n for n, vs in law.rules.items() if vs[0].role in ("figure", "duty"))])
    covered: set[RuleVersion] = set()
    for year, names in _expected(law).items():
        covered |= _led_to(law, trees, years, year, names)
    return [
        fault(v.name, v.cite, "law_no_case", since=v.since)
        for v, own in years.items()
        if v not in covered and v.name in shown and own
    ]


def _years(law: Law) -> dict[RuleVersion, set[int]]:
    found: dict[RuleVersion, set[int]] = {}
    for name in law.rules:
        for day, version in lives(law, name):
            found.setdefault(version, set()).add(day.year)
    return found


def _expected(law: Law) -> dict[int, set[str]]:
    """Year -> the figures and duties that cases of that year speak of."""
    found: dict[int, set[str]] = {}
    for cases in law.cases.values():
        for case in cases:
            found.setdefault(case["year"], set()).update(_named(case))
    return found


def _named(case: Mapping[str, Any]) -> Iterator[str]:
    for key in EXPECTING:
        for name in case.get(key, ()):
            yield str(name).partition("@")[0].partition(":")[0]


def _led_to(
    law: Law, trees: Trees, years: Mapping[RuleVersion, set[int]], year: int, names: set[str]
) -> set[RuleVersion]:
    subjects = {n.partition(".")[0] for n in names}
    queue = [*names, *(r for r in law.roots if r.partition(".")[0] in subjects)]
    seen: set[str] = set()
    found: set[RuleVersion] = set()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        for version in law.rules.get(name, ()):
            if year in years.get(version, ()):
                found.add(version)
                queue += [n for op, n in needs(trees[version]) if op == "rule"]
    return found
