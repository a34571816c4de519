"""What a change of law is in figures: worked cases and cases of a person, under the law of one day and of another.

A case is worked out as if law had always been what it was on the first day, then on the second; the year stays its own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from salyq.app.law_tried import written
from salyq.app.lawbook import cases, whole
from salyq.app.reforms import Compared, Said, answers_compared, figures_compared
from salyq.assessing.year import figures_as_of, law_graph
from salyq.civil.errors import SalyqError
from salyq.facts.case import Case, read_case
from salyq.law import shipped
from salyq.law.asked.asking import ask_as_of
from salyq.rulebook.asking import Door
from salyq.rulebook.check_rules import needs
from salyq.rulebook.compiling import Compiler
from salyq.rulebook.evaluate import Evaluator
from salyq.rulebook.law import Law
from salyq.rulebook.nodes import NotInForce
from salyq.rulebook.reform import as_of

Days = tuple[tuple[date, date], tuple[date, date]]  # (law of a day, as known on a day), twice


@dataclass(frozen=True, slots=True)
class Changed:
    """A worked case whose figures are others: those figures, or what an answer says otherwise."""

    subject: str
    id: str
    title: str
    year: int | None
    figures: tuple[Compared | Said, ...]


def changed_names(law: Law, days: Days) -> frozenset[str]:
    """Values and rules that are others on the second day, and all rules that hang on them."""
    first, second = days
    found = {n for n in law.series if _data(law, n, *first) != _data(law, n, *second)}
    found |= {n for n in law.rules if law.rule_at(n, *first) is not law.rule_at(n, *second)}
    compiler = Compiler(law)
    users: dict[str, set[str]] = {}
    for name, versions in law.rules.items():
        for v in versions:
            for asked in (*(n for _, n in needs(compiler.tree(v))), *(v.extra.get(k) for k in ("due", "amount"))):
                users.setdefault(str(asked), set()).add(name)
    queue = list(found)
    while queue:
        for user in users.get(queue.pop(), ()):
            if user not in found:
                found.add(user)
                queue.append(user)
    return frozenset(found)


def _data(law: Law, name: str, on: date, known: date) -> Any:
    value = law.value_at(name, on, known)
    return None if value is None else (value.data,)


def concerned(law: Law, days: Days) -> list[tuple[str, Mapping[str, Any]]]:
    """The worked cases of either day's year that run through something that changed: (subject, case)."""
    names, years = changed_names(law, days), {on.year for on, _ in days}
    return [(s, c) for s, own in cases().items() for c in own if _year(c) in years and _named(c) & names]


def _year(case: Mapping[str, Any]) -> int:
    if "year" in case:
        return int(case["year"])
    days = [case["on"].isoformat()] if "on" in case else [str(v) for v in case["facts"].values()]
    return next((int(d[:4]) for d in days if d[:2] == "20" and d[:4].isdigit() and d[4:5] in ("", "-")), 0)


def _named(case: Mapping[str, Any]) -> set[str]:
    if "act" in case:
        from salyq.law.asked.asking import find_act

        return set(find_act(case["act"]).roots)
    if "kind" in case:
        return set(case["answers"])
    return {n.partition("@")[0] for n in (*case["expect"], *case.get("obligations", ()))}


class Laws:
    """The law of either day, compiled once for all cases."""

    def __init__(self, days: Days) -> None:
        law = shipped()
        graphs = [as_of(law_graph(law.known), on, known) for on, known in days]
        self.evaluators = [Evaluator(graph, {}, lambda _, __: "") for graph in graphs]  # each case has its own choices
        self.doors = [Door(law, graph=graph) for graph in graphs]


def worked_cases(days: Days, progress: Callable[[str, int, int], None] | None = None) -> Iterator[Changed]:
    """Every worked case whose figures change."""
    found = concerned(whole(), days)
    laws = Laws(days)
    with tempfile.TemporaryDirectory(prefix="salyq-") as place:
        for n, (subject, case) in enumerate(found):
            if progress:
                progress(str(case["id"]), n, len(found))
            own = _assessed(case, laws, Path(place) / str(n)) if "person" in case else _asked(case, days, laws)
            if own:
                yield Changed(subject, str(case["id"]), str(case["title"]), case.get("year"), tuple(own))


def _of_event(case: Mapping[str, Any], laws: Laws) -> list[Said]:
    """What law answers about the facts of one row, under either law; "" where it says nothing then."""
    twice = []
    for door in laws.doors:
        event = door.about(case["kind"], case["facts"], case["on"])
        asked = [event.ask(name) for name in case["answers"]]
        twice.append({a.name: (a.text or a.status if a.status != "not_applicable" else "", a) for a in asked})
    before, after = twice
    found = [Said("amounts", n, a.label, a.unit, before[n][0], after[n][0], None) for n, (_, a) in after.items()]
    return [r for r in found if not r.same]


def _asked(case: Mapping[str, Any], days: Days, laws: Laws) -> Sequence[Compared | Said]:
    if "kind" in case:
        return _of_event(case, laws)
    try:
        before, after = (ask_as_of(case["act"], case["facts"], case.get("on"), *d) for d in days)
    except (SalyqError, NotInForce):  # the act, or something it needs, is no matter of that day's law
        return []
    return [r for r in answers_compared(before, after) if not r.same]


def _assessed(case: Mapping[str, Any], laws: Laws, folder: Path) -> Sequence[Compared | Said]:
    return _in_money(read_case(written(case, folder)), case["year"], laws) or []


def in_money(case: Case, year: int, days: Days) -> list[Compared] | None:
    """The figures of a case that are others; None where the law of one of the days says nothing of the case."""
    return _in_money(case, year, Laws(days))


def _in_money(case: Case, year: int, laws: Laws) -> list[Compared] | None:
    before, after = (figures_as_of(case, year, e) for e in laws.evaluators)
    if before is None or after is None:
        return None
    return [r for r in figures_compared(before, after) if not r.same]
