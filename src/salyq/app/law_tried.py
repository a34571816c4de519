"""Whether the worked cases of the taxes hold, and what they really ask of the law: every version of a value or rule
that can count, and both ways of every condition, or the reason why none can (`law/one_way.toml`); and which rules may
rise or fall with what is unknown, without a reason why their ends hold (`law/either_way.toml`)."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from salyq.app.worked import Wrong, wrong_answers, wrong_figures
from salyq.assessing.year import assess
from salyq.facts.case import read_case
from salyq.law import shipped
from salyq.rulebook.asking import Door
from salyq.rulebook.check_cases import first_to_last, must_have_a_case
from salyq.rulebook.check_places import placed
from salyq.rulebook.check_rules import needs
from salyq.rulebook.evaluate import Evaluator
from salyq.rulebook.fault import Fault, fault
from salyq.rulebook.graph import Graph
from salyq.rulebook.law import Law
from salyq.rulebook.sides import all_watched, reasons_in, side_faults
from salyq.rulebook.tried import Notes, TriedGraph, one_way
from salyq.rulebook.ways import either_ways


@cache
def tried() -> Notes:
    """What the worked cases of the shipped law ask for."""
    return tried_under(shipped())


def tried_under(law: Law, subjects: Collection[str] | None = None) -> Notes:
    """Runs the worked cases of the taxes (of some subjects: by default of all) under a law."""
    notes = Notes()
    evaluator = Evaluator(_watched(law, notes), {}, lambda _, __: "")  # each case brings its own choices
    doors: dict[date | None, Door] = {}
    with tempfile.TemporaryDirectory(prefix="salyq-") as place:
        for subject, cases in law.cases.items():
            for number, case in enumerate(cases if subjects is None or subject in subjects else ()):
                if "person" in case:
                    folder = written(case, Path(place) / f"{subject}-{number}")
                    result = assess(read_case(folder), case["year"], evaluator=evaluator)
                    notes.wrong += [(subject, case, *w) for w in wrong_figures(case, result)]
                else:
                    notes.wrong += [(subject, case, *w) for w in _asked(law, notes, doors, case)]
    return notes


def _asked(law: Law, notes: Notes, doors: dict[date | None, Door], case: Mapping[str, Any]) -> Iterator[Wrong]:
    known: date | None = case.get("known")
    if known not in doors:
        doors[known] = Door(law, known)
        doors[known].graph = _watched(law, notes, known)
    return wrong_answers(case, doors[known].about(case["kind"], case["facts"], case["on"]))


def _watched(law: Law, notes: Notes, known: date | None = None) -> TriedGraph:
    graph = TriedGraph(law, notes, known)
    graph.trees = all_watched(law, graph.trees, notes.sides)
    return graph


def written(case: Mapping[str, Any], folder: Path) -> Path:
    """The files of a worked case, in a folder of their own."""
    for name, text in {"person.toml": case["person"], **case.get("files", {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# ---- faults --------------------------------------------------------------------------------------------------------
def tried_faults(law: Law | None = None, notes: Notes | None = None) -> list[Fault]:
    """Cases that do not hold; versions that no case asks for, conditions that all cases take one way, reasons that
    are needed no more."""
    law = law or shipped()
    notes = notes or (tried() if law is shipped() else tried_under(law))
    found = [
        fault(f"{subject}, case {case['id']}", case["rests_on"], "law_case", what=what, wanted=wanted, found=found)
        for subject, case, what, wanted, found in notes.wrong
    ]
    found += [*_unasked_rules(law, notes), *_unasked_values(law, notes), *_one_way(notes), *_either_way(law)]
    found += side_faults(notes.sides, law)
    return [placed(law, f) for f in found]


def _unasked_rules(law: Law, notes: Notes) -> Iterator[Fault]:
    graph = TriedGraph(law, Notes())
    for version in must_have_a_case(law, graph.trees):
        if version not in notes.rules:
            yield _no_case(version.name, version.cite, version.since)


def _unasked_values(law: Law, notes: Notes) -> Iterator[Fault]:
    """Versions of values that rules need, that hold in a year assessed, and that no case asked for."""
    for name, start, cite in counted_values(law):
        if (name, start) not in notes.values:
            yield _no_case(name, cite, start)


def counted_values(law: Law) -> Iterator[tuple[str, date, str]]:
    """(name, first day, article) of every version of a value that a rule needs and that holds in a year assessed."""
    first, last = first_to_last(law)
    named = {n for tree in TriedGraph(law, Notes()).trees.values() for op, n in needs(tree) if op == "value"}
    for name in sorted(named):
        series = law.series[name]
        for v in series.values:
            later = [w.start for w in series.values if w.start > v.start]
            ends = [e for e in (series.end_of(v, law.known), min(later, default=None)) if e]
            if v.start <= last and (not ends or min(ends) >= first) and v.data is not None:
                yield name, v.start, v.cite


def _no_case(name: str, cite: str, since: date) -> Fault:
    return fault(name, cite, "law_no_case", since=since)


def _one_way(notes: Notes) -> Iterator[Fault]:
    bare, stale = one_way(notes.conditions(), reasons())
    for c in bare:
        yield fault(c.version.name, c.version.cite, "law_one_way", condition=c)
    for text in stale:
        yield fault("", "", "law_one_way_stale", condition=text)


def _either_way(law: Law) -> Iterator[Fault]:
    known = either_way_reasons()
    found = {str(e): e.version for e in either_ways(law, Graph(law).trees)}
    for told, version in found.items():
        if told not in known:
            yield fault(version.name, version.cite, "law_either_way", rule=told, since=version.since)
    for told in sorted(set(known) - set(found)):
        yield fault("", "", "law_either_way_stale", rule=told)


def reasons() -> dict[str, str]:
    """Why no case can take a condition the other way: the condition as it is told, and the reason."""
    return reasons_in(Path(str(shipped().root)) / "one_way.toml", "conditions")


def either_way_reasons() -> dict[str, str]:
    """Why the ends of a rule hold that may go either way: the rule and what it asks for, and the reason."""
    return reasons_in(Path(str(shipped().root)) / "either_way.toml", "rules")
