"""Is the law of acts whole? The checks of the rulebook, and that every rule is reached by a worked case that holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

from salyq.civil.errors import SalyqError
from salyq.law.asked.asking import ask_with_uses, graph_of, whole_law
from salyq.law.asked.catalogue import acts, facts
from salyq.law.asked.model import Act
from salyq.law.asked.working import KEYS, cases, differences
from salyq.rulebook.check import check
from salyq.rulebook.check_rules import lives
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.graph import leaves
from salyq.rulebook.law import LANGUAGES, Law
from salyq.rulebook.rules import RuleVersion
from salyq.rulebook.sides import SidedGraph, Sides, side_faults

TOLD = ("asset", "mined")  # facts that people state beside: the unit of a quantity, what no rule counts
SHARED = ("base.",)  # read by the tax subjects too: whether it is used is asked there
OWN = ("law_no_case",)  # coverage of acts is counted here, by what an asking really evaluated


def faults(law: Law | None = None) -> list[Fault]:
    """All faults of the law of acts."""
    law = law or whole_law()
    found = [f for f in check(law) if f.message.code not in OWN and not f.name.startswith(SHARED)]
    found += _catalogue_faults(law)
    used: set[RuleVersion] = set()
    sides: Sides = {}
    found += _case_faults(used, sides)
    return found + list(_uncovered(law, used)) + side_faults(sides, law)


def _catalogue_faults(law: Law) -> Iterator[Fault]:
    """Roots are rules; facts exist, have their words, and each act has a case."""
    cased = {case["act"] for case in cases()}
    for act in acts().values():
        for name in act.roots:
            if name not in law.rules and name not in law.series:
                yield fault(name, act.name, "law_root_unknown")
        for name in (*act.facts, *act.dated_by):
            if name not in facts():
                yield fault(name, act.name, "law_asked_no_fact")
        if act.name not in cased:
            yield fault(act.name, "", "law_asked_no_case")
        yield from _fact_faults(act)
    for fact in facts().values():
        for said in (fact.label, fact.ask, *fact.choices.values()):
            absent = [lang for lang in LANGUAGES if not said.get(lang)]
            if absent:
                yield fault(fact.name, "", "law_no_label", languages=", ".join(absent))


def _fact_faults(act: Act) -> Iterator[Fault]:
    """What the rules of an act ask for, it takes; and what it takes, some rule of it asks for."""
    graph = graph_of(act.name)
    wanted: set[str] = set()
    queue, seen = list(act.roots), set()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        for version in graph.law.rules.get(name, ()):
            tree = graph.trees[version]
            wanted |= {column for _, column in leaves(tree, "input")}
            queue += [rule for rule, _ in leaves(tree, "rule")]
    own = {name: set(facts()[name].columns) for name in act.facts if name in facts()}
    taken = {"law_day"}.union(*own.values())
    for column in sorted(wanted - taken):
        yield fault(act.name, "", "law_asked_fact_not_taken", fact=column)
    for name, columns in own.items():
        if not columns & wanted and name not in TOLD:
            yield fault(act.name, "", "law_asked_fact_not_used", fact=name)


def _case_faults(used: set[RuleVersion], sides: Sides) -> Iterator[Fault]:
    """Cases whose answer differs; `used` gathers the rule versions that they evaluated, `sides` where they fell."""
    seen: set[str] = set()
    watched = cache(partial(SidedGraph, sides=sides))
    for case in cases():
        name = str(case.get("id", "?"))
        if name in seen or set(case) - KEYS:
            yield fault(name, "", "law_asked_case_keys", keys=", ".join(sorted(set(case) - KEYS)) or "id")
            continue
        seen.add(name)
        try:
            answer, uses = ask_with_uses(case["act"], case["facts"], case.get("on"), case.get("known"), watched)
        except SalyqError as error:
            yield fault(name, "", "law_asked_case", what=error.column or "", wanted="", found=str(error))
            continue
        used |= {u for u in uses if isinstance(u, RuleVersion)}
        for what, wanted, found in differences(case, answer):
            yield fault(name, case["rests_on"], "law_asked_case", what=what, wanted=wanted, found=found)


def _uncovered(law: Law, used: set[RuleVersion]) -> Iterator[Fault]:
    """Versions that count in the years read and that no case evaluated."""
    keys = {_key(v) for v in used}
    for name in law.rules:
        if name.startswith(SHARED):
            continue
        for version in dict.fromkeys(v for _, v in lives(law, name)):
            if _key(version) not in keys:
                yield fault(name, version.cite, "law_no_case", since=version.since)


def _key(version: RuleVersion) -> tuple[str, object]:
    """Subjects are read once for each act: the same version is another object there."""
    return version.name, version.since
