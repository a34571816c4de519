"""Checks of acts, citations and dated values: each can be read alone, without the rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction

from salyq.civil.days import calendar
from salyq.rulebook.fault import Fault, act_unknown, fault
from salyq.rulebook.graph import leaves
from salyq.rulebook.law import BASES, LANGUAGES, Law, Series, Value
from salyq.rulebook.node import Node
from salyq.rulebook.rules import RuleVersion

MONTHS, DAYS = 12, 31


def act_faults(law: Law) -> Iterator[Fault]:
    """Acts have a title in every language, an address, and an act of the state its day. A source whose page nobody kept
    may lack the address if it says which act to read."""
    for name, act in law.acts.items():
        absent = [lang for lang in LANGUAGES if not act.title.get(lang)]
        if absent:
            yield fault(name, "", "law_no_label", languages=", ".join(absent))
        if not act.address and not (act.kind == "source" and act.read):
            yield fault(name, "", "law_act_no_address")
        if act.kind == "act" and act.date is None:
            yield fault(name, "", "law_act_no_day")


def citation_faults(law: Law) -> Iterator[Fault]:
    """Every act named in `by` or before the colon of `cite` is in acts.toml, and the point too, where points stand."""
    for name, series in law.series.items():
        for v in series.values:
            yield from _cited(law, name, v.cite, v.by)
            act = law.acts.get(v.by)
            if act and act.kind == "act" and act.date and v.enacted < act.date:
                yield fault(name, v.cite, "law_before_act", act=v.by, enacted=v.enacted, adopted=act.date)
            if v.until_by and v.until_by not in law.acts:
                yield act_unknown(name, v.cite, v.until_by, law.acts)
    for name, versions in law.rules.items():
        for r in versions:
            yield from _cited(law, name, r.cite, r.by)
            if r.until_by and r.until_by not in law.acts:
                yield act_unknown(name, r.cite, r.until_by, law.acts)


def branch_faults(law: Law, trees: Mapping[RuleVersion, Node]) -> Iterator[Fault]:
    """The articles of branches are cited as rules are."""
    for version, tree in trees.items():
        for cite, basis in sorted(set(leaves(tree, "cited"))):
            yield from _cited(law, version.name, cite, cite.partition(":")[0])
            if basis not in BASES:
                yield fault(version.name, cite, "law_not_one_of", key="basis", found=basis, right=", ".join(BASES))


def calendar_faults(law: Law) -> Iterator[Fault]:
    """The working calendar is set anew each year: every year read has its own."""
    for year in range(law.reading["first_year"], law.reading["last_year"] + 1):
        if year not in calendar():
            yield fault("working_days.toml", year, "law_no_calendar", year=year)


def _cited(law: Law, name: str, cite: str, by: str) -> Iterator[Fault]:
    act, _, point = cite.partition(":")
    for missing in sorted({act, by} - set(law.acts)):
        yield act_unknown(name, cite, missing, law.acts)
    points = law.acts[act].points if act in law.acts else {}
    if points and point not in points:
        yield fault(name, cite, "law_point_unknown", act=act, point=point)


def series_faults(law: Law) -> Iterator[Fault]:
    """Dates and data of every series."""
    for series in law.series.values():
        if not series.values:
            yield fault(series.name, "", "law_no_value")
        for first, second in itertools.combinations(series.values, 2):
            yield from _clash(series, first, second)
        for v in series.values:
            if v.until and v.until < v.start:
                yield fault(series.name, v.cite, "law_ends_first", since=v.start, until=v.until)
            if v.data is not None:
                yield from data_faults(series, v)


def _clash(series: Series, first: Value, second: Value) -> Iterator[Fault]:
    """`first` stands before `second`: equal in both dates; or it says it ends after the second has begun, although
    the second was no later amendment."""
    if (first.start, first.enacted) == (second.start, second.enacted):
        yield fault(series.name, first.cite, "law_tie", other=second.cite, since=first.start, enacted=first.enacted)
    elif first.until and first.start < second.start <= first.until and second.enacted <= first.enacted:
        yield fault(series.name, first.cite, "law_overlap", other=second.cite, since=second.start, until=first.until)


def data_faults(series: Series, v: Value) -> Iterator[Fault]:
    """What is wrong with the data of one value."""
    data = v.data
    if series.unit == "election":
        yield from _election(series, v)
    elif series.unit == "deadline":
        if not (-MONTHS <= data["month"] <= MONTHS and 1 <= data["day"] <= DAYS):
            yield fault(series.name, v.cite, "law_deadline", month=data["month"], day=data["day"])
    elif isinstance(data, dict) and "over" in data:
        yield from _scale(series.name, v, data["over"], data["rate"])
    elif isinstance(data, dict) and "upto" in data:
        if len(data["is"]) != len(data["upto"]) + 1:
            yield fault(series.name, v.cite, "law_table_length", bounds=len(data["upto"]), entries=len(data["is"]))
        if not _rises(data["upto"]):
            yield fault(series.name, v.cite, "law_not_rising", bounds=_list(data["upto"]))
    elif isinstance(data, dict):
        yield from _words(series.name, v, data)
    elif isinstance(data, Fraction | int) and not isinstance(data, bool):
        is_rate = series.unit == "ratio" and series.name.rpartition(".")[2].endswith("rate")
        if data < 0 or (is_rate and data > 1):
            yield fault(series.name, v.cite, "law_rate_range", rate=data)


def _scale(name: str, v: Value, over: list[Fraction], rates: list[Fraction]) -> Iterator[Fault]:
    if len(over) != len(rates):
        yield fault(name, v.cite, "law_scale_length", bounds=len(over), entries=len(rates))
    if not over or over[0] != 0:
        yield fault(name, v.cite, "law_scale_start", bounds=_list(over))
    if not _rises(over):
        yield fault(name, v.cite, "law_not_rising", bounds=_list(over))
    for rate in rates:
        if not 0 <= rate <= 1:
            yield fault(name, v.cite, "law_rate_range", rate=rate)


def _words(name: str, v: Value, data: Mapping[str, object]) -> Iterator[Fault]:
    """A table by a word has entries."""
    if not data:
        yield fault(name, v.cite, "law_no_entries")
    for entry in data.values():
        if isinstance(entry, dict):
            yield from _words(name, v, entry)


def _election(series: Series, v: Value) -> Iterator[Fault]:
    default, choices = v.data["default"], v.data["choices"]
    if default not in choices:
        yield fault(series.name, v.cite, "law_default", choice=default, choices=", ".join(choices))
    for choice in choices:
        if not all(series.choices.get(choice, {}).get(lang) for lang in LANGUAGES):
            yield fault(series.name, v.cite, "law_choice_no_label", choice=choice)


def _rises(bounds: list[Fraction]) -> bool:
    return all(a < b for a, b in itertools.pairwise(bounds))


def _list(bounds: list[Fraction]) -> str:
    return ", ".join(map(str, bounds))
