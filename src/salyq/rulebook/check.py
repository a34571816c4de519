"""Is the law whole? Every check of architecture §4.11, each giving faults instead of stopping at the first.

Not here: overflow. Figures are Python's exact integers, which have none; the interval analysis belongs to the reader
of fixed-width columns and comes with it (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from salyq.civil.messages import catalog
from salyq.rulebook.check_arguments import argument_faults
from salyq.rulebook.check_cases import case_faults, uncovered
from salyq.rulebook.check_places import placed
from salyq.rulebook.check_provisions import provision_faults
from salyq.rulebook.check_rules import branches, circles, gaps, reached
from salyq.rulebook.check_values import (
    act_faults,
    branch_faults,
    calendar_faults,
    citation_faults,
    series_faults,
)
from salyq.rulebook.compiling import Compiler
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.graph import leaves
from salyq.rulebook.law import LANGUAGES, Law
from salyq.rulebook.load import file_faults
from salyq.rulebook.node import LawError, Node
from salyq.rulebook.rules import RuleVersion

__all__ = ["Fault", "check"]


def check(law: Law) -> list[Fault]:
    """All faults of a law, in the order: acts, values, rules, words, what is unused, what has no worked case.

    Where rules do not compile, the checks that need the whole graph wait until they do.
    """
    if law.root is not None:
        files = file_faults(law.root, list(law.cases))
        if files:  # what can't be read whole is not checked further
            return files
    return [placed(law, f) for f in _all(law)]


def _all(law: Law) -> list[Fault]:
    found = [*act_faults(law), *series_faults(law), *citation_faults(law), *_rule_dates(law), *_duty_names(law)]
    found += [*calendar_faults(law), *argument_faults(law)]
    trees: dict[RuleVersion, Node] = {}
    for versions in law.rules.values():
        for version in versions:
            if version.per not in law.kinds:
                continue
            try:
                trees[version] = Compiler(law).tree(version)
            except LawError as error:
                found.append(fault(version.name, version.cite, "law_broken", why=error))
    found += [*_words(law, trees), *provision_faults(law)]
    if len(trees) < sum(map(len, law.rules.values())) or any(f.message.code in STOPPERS for f in found):
        return found
    found += [*branches(law, trees), *branch_faults(law, trees), *circles(law, trees), *gaps(law, trees)]
    found += [*_unused(law, trees), *case_faults(law)]
    return found + uncovered(law, trees)


STOPPERS = (
    "law_tie",
    "law_act_unknown",
    "law_root_unknown",
    "law_date_column",
)  # which version counts can't be said then


def _rule_dates(law: Law) -> Iterator[Fault]:
    for name, versions in law.rules.items():
        for v in versions:
            if v.until and v.until < v.since:
                yield fault(name, v.cite, "law_ends_first", since=v.since, until=v.until)
            if v.by in law.acts:
                for w in versions:
                    yield from _clash(law, v, w)


def _clash(law: Law, v: RuleVersion, w: RuleVersion) -> Iterator[Fault]:
    """`v` told before `w`: both begin and were enacted on the same days; or v says it ends after w has begun,
    although w was no later amendment."""
    if v is w or w.by not in law.acts:
        return
    mine, other = law.enacted(v), law.enacted(w)
    versions = law.rules[v.name]
    if (v.since, mine) == (w.since, other) and versions.index(v) < versions.index(w):
        yield fault(v.name, v.cite, "law_tie", other=w.cite, since=v.since, enacted=mine)
    if v.until and v.since < w.since <= v.until and other <= mine:
        yield fault(v.name, v.cite, "law_overlap", other=w.cite, since=w.since, until=v.until)


def _duty_names(law: Law) -> Iterator[Fault]:
    for name in law.roots:
        if name not in law.rules and name not in law.series:
            yield fault(name, "", "law_root_unknown")
    for name, versions in law.rules.items():
        for v in versions:
            due, amount = v.extra.get("due"), v.extra.get("amount")
            if due is not None and not _gives_a_day(law, due):
                yield fault(name, v.cite, "law_no_deadline", due=due)
            if amount is not None and amount not in law.rules:
                yield fault(name, v.cite, "law_no_amount", amount=amount)


def _gives_a_day(law: Law, name: str) -> bool:
    """A deadline value, or a rule that gives a day or a time."""
    if name in law.series:
        return law.series[name].unit == "deadline"
    return name in law.rules and law.rules[name][0].unit in ("day", "time")


def _words(law: Law, trees: Mapping[RuleVersion, Node]) -> Iterator[Fault]:
    """Labels in every language; and words for what a finding says and why something is unknown."""
    for name in (*law.series, *(n for n, vs in law.rules.items() if vs[0].role != "finding")):
        absent = [lang for lang in LANGUAGES if not law.labels.get(name, {}).get(lang)]
        if absent:
            yield fault(name, "", "law_no_label", languages=", ".join(absent))
    for version, tree in trees.items():
        codes = set(leaves(tree, "unknown"))
        if version.role == "finding":
            codes.add(version.name.rpartition(".")[2])
        for code in sorted(codes - set(catalog())):
            yield fault(version.name, version.cite, "law_no_message", code=code)


def _unused(law: Law, trees: Mapping[RuleVersion, Node]) -> Iterator[Fault]:
    """Values and rules that no figure, finding, duty or walk ever asks for."""
    starts = [n for n, vs in law.rules.items() if vs[0].role != "rule"]
    asked = [n for cases in law.cases.values() for c in cases for n in c.get("answers", ())]
    used = reached(law, trees, [*starts, *law.roots, *asked])
    for name in (*law.series, *law.rules):
        if name not in used:
            yield fault(name, "", "law_unused")
