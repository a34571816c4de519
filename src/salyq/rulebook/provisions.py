"""Reading the list of provisions: its words with today's values in them, and what of it is encoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import NamedTuple

from salyq.rulebook.law import Law, Provision
from salyq.rulebook.shown import data_shown, unit_shown

_SAID = re.compile(r"\s(tenge|теңге|тенге|KZT|MCI|АЕК|МРП|days|дн|күн)")  # the words after a slot name its unit
UNKNOWN = {"kk": "белгісіз", "ru": "неизвестно", "en": "not known"}


class Coverage(NamedTuple):
    """How many provisions of a subject are encoded whole, encoded in part, and not, by the kind of gap."""

    subject: str
    provisions: int
    encoded: int
    partly: int
    nothing_to_compute: int
    no_fact: int
    not_built: int


def coverage(law: Law) -> list[Coverage]:
    """A line a subject that lists its provisions, in the order of the law."""
    return [_count(subject, provisions) for subject, provisions in law.provisions.items()]


def _count(subject: str, provisions: tuple[Provision, ...]) -> Coverage:
    bare = [p.gap for p in provisions if not p.encodes]
    whole = sum(bool(p.encodes) and not p.gap for p in provisions)
    partly = sum(bool(p.encodes) and bool(p.gap) for p in provisions)
    kinds = (bare.count(k) for k in ("nothing_to_compute", "no_fact", "not_built"))
    return Coverage(subject, len(provisions), whole, partly, *kinds)


def gaps(law: Law, year: int | None = None) -> Iterator[Provision]:
    """Every declared gap, in part or whole; of the provisions in force in a year, where one is given."""
    for provisions in law.provisions.values():
        for p in provisions:
            lives = year is None or (p.start.year <= year and (p.until is None or p.until.year >= year))
            if p.gap in ("no_fact", "not_built") and lives:
                yield p


def in_force(law: Law, on: date, known: date | None = None) -> Iterator[Provision]:
    """The provisions in force on a day, as known on another."""
    by_then = known or law.known
    for provisions in law.provisions.values():
        for p in provisions:
            if (
                p.start <= on
                and made_by_then(law, p, by_then)
                and not (p.until and p.until < on and ended(law, p, by_then))
            ):
                yield p


def made_by_then(law: Law, p: Provision, known: date) -> bool:
    """Whether the act that made a provision was adopted by then; what no act dates was always known."""
    act = law.acts.get(p.by)
    return act is None or act.date is None or act.date <= known


def ended(law: Law, p: Provision, known: date) -> bool:
    """Whether the act that ended it was adopted by then."""
    act = law.acts.get(p.until_by)
    return act is None or act.date is None or act.date <= known


def filled(law: Law, p: Provision, lang: str, on: date | None = None, known: date | None = None) -> str:
    """The words of a provision with the values of a day in their slots (default: its first day, or the last day read
    where it still holds)."""
    day = on or min(p.until or date.max, max(p.start, date(law.reading["last_year"], 12, 31)))
    parts = list(Formatter().parse(p.text[lang]))
    told = []
    behind = [*(words for words, *_ in parts[1:]), ""]
    for (words, slot, _, _), after in zip(parts, behind, strict=False):
        told.append(words)
        if slot is not None:
            name = slot if "." in slot else f"{p.subject}.{slot}"
            told.append(_value(law, name, day, known or law.known, lang, unit=not _SAID.match(after)))
    return "".join(told)


def _value(law: Law, name: str, on: date, known: date, lang: str, *, unit: bool) -> str:
    found = law.value_at(name, on, known)
    text = None if found is None else data_shown(found, law.series[name].unit)
    shown = unit_shown(law.series[name].unit) if unit else ""
    return UNKNOWN[lang] if text is None else f"{text} {shown}".rstrip()
