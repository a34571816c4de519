"""The law as one book: the tax subjects and the subjects of acts together, and the statistics beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from salyq.civil.messages import Message
from salyq.civil.reader import ROMAN
from salyq.civil.unit_words import unit_in
from salyq.law import shipped
from salyq.law.asked.asking import whole_law
from salyq.law.asked.catalogue import acts as asked_acts
from salyq.law.asked.catalogue import facts
from salyq.law.asked.working import cases as cases_of_acts
from salyq.law.statistics import Statistic, statistics
from salyq.rulebook.law import Law
from salyq.rulebook.provisions import grouped

__all__ = [
    "Statistic",
    "Subject",
    "cases",
    "period_told",
    "questions",
    "statistics",
    "subjects",
    "value_told",
    "whole",
]


@cache
def whole() -> Law:
    """Everything that this version ships, for reading: lists, provisions, coverage. Assessments and askings each use
    their own half."""
    tax, acts = shipped(), whole_law()
    return Law(
        {**tax.series, **acts.series},
        {**tax.rules, **acts.rules},
        {**tax.acts, **acts.acts},
        {**acts.labels, **tax.labels},
        {**tax.kinds, **acts.kinds},
        {**acts.cases, **tax.cases},
        tax.reading,
        (*tax.roots, *acts.roots),
        {**acts.provisions, **tax.provisions},
        tax.root,
    )


class Subject(NamedTuple):
    """A subject of the law: its key, its part of the book (taxes or regulation) and its words."""

    key: str
    part: str
    title: Mapping[str, str]


@cache
def subjects() -> tuple[Subject, ...]:
    """Every subject in the order of the book; one without words of its own comes last, under its key."""
    said = tomllib.loads((files("salyq.law") / "subjects.toml").read_text(encoding="utf-8"))
    ordered = [k for k in said if k in whole().cases] + [k for k in whole().cases if k not in said]
    return tuple(
        Subject(k, said[k]["part"] if k in said else "regulation", said[k]["title"] if k in said else {"en": k})
        for k in ordered
    )


@cache
def questions() -> Mapping[str, Mapping[str, str]]:
    """What the columns of acts are called: their labels, by `act.column`."""
    return {f"act.{column}": fact.label for fact in facts().values() for column in fact.columns}


def cases() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """Every worked case by its subject: those with a person's files, and those of acts."""
    found = {subject: list(own) for subject, own in whole().cases.items()}
    for case in cases_of_acts():
        found[asked_acts()[case["act"]].verdict.partition(".")[0]].append(case)
    return {subject: tuple(own) for subject, own in found.items()}


def value_told(s: Statistic, lang: str) -> str:
    """A statistic's value as a language writes numbers, with its unit in words."""
    unit = f" {unit_in(s.unit, lang)}" if s.unit else ""
    return grouped(s.value if lang == "en" else s.value.replace(".", ","), lang) + unit


def period_told(s: Statistic, lang: str) -> str:
    """Of what time a statistic is; from and to where it is of several months or quarters."""
    return " – ".join(_period(p, lang) for p in s.period.split("/"))


def _period(period: str, lang: str) -> str:
    """A year as it is; a quarter in words; a month as the language writes it."""
    year, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return Message("brief_quarter", {"quarter": ROMAN[int(rest[1:])], "year": year}).text(lang)
    return period if lang == "en" or not rest else ".".join(reversed(period.split("-")))
