"""Reading the list of provisions: its words with today's values in them, and what of it is encoded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from string import Formatter
from typing import Any, NamedTuple

from salyq.civil.messages import Message
from salyq.civil.unit_words import unit_in
from salyq.rulebook.law import Law, Provision
from salyq.rulebook.shown import data_shown, fraction_shown, plain_data, said, unit_shown

NUMBER, PERCENT = "number", "percent"  # how a slot may ask for its value: {rate:number} tenge, {share:percent}
OVER, RATES = "over", "rates"  # of a scale: where its steps begin, and their rates
CLASSES = ("person", "official", "small", "medium", "large")  # a row of a table by class is told in this order


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
    where it still holds). `{name}` is a value with its unit, `{name:number}` the number alone, where the words say the
    unit, `{name:percent}` a share in per cent, `{name:over}` and `{name:rates}` the steps of a scale and their rates,
    `{name:ROW}` a row of a table by word (shares in per cent)."""
    day = on or min(p.until or date.max, max(p.start, date(law.reading["last_year"], 12, 31)))
    told = []
    for words, slot, asked, _ in Formatter().parse(p.text[lang]):
        told.append(words)
        if slot is not None:
            name = slot if "." in slot else f"{p.subject}.{slot}"
            value = _value(law, name, day, known or law.known, asked or "", lang)
            codes = isinstance(getattr(law.value_at(name, day, known or law.known), "data", None), frozenset)
            shown = Message("value_not_known").text(lang) if value is None else value
            told.append(shown if codes else grouped(shown, lang))
    return "".join(told)


def _value(law: Law, name: str, on: date, known: date, asked: str, lang: str) -> str | None:
    found = law.value_at(name, on, known)
    if found is None or found.data is None:
        return None
    unit = law.series[name].unit
    if asked == PERCENT:
        return _percent(found.data)
    if asked == OVER:
        return " / ".join(str(plain_data(x, "ratio")) for x in found.data["over"] if x)
    if asked == RATES:
        return " / ".join(_percent(x) for x in found.data["rate"])
    if asked in ("", NUMBER):
        words = said(found.data, unit) if unit == "term" else None  # "3 рабочих дня"
        if words is not None:
            return words[lang]
        return f"{data_shown(found, unit)} {'' if asked else unit_in(unit_shown(unit), lang)}".rstrip()
    return row_shown(found.data[asked], unit) if asked in found.data else None


def grouped(text: str, lang: str) -> str:
    """Whole numbers from 10,000 on with their thousands apart; money without empty tiyn."""
    mark = "," if lang == "en" else "\N{NO-BREAK SPACE}"
    plain = re.sub(r"(?<=\d)\.00(?!\d)", "", text)
    return re.sub(r"(?<![\d.])\d{5,}(?![\d.])", lambda m: f"{int(m[0]):,}".replace(",", mark), plain)


def _percent(share: Any) -> str:
    return f"{fraction_shown(Fraction(share) * 100)}\N{NO-BREAK SPACE}%"


def row_shown(row: Any, unit: str) -> str:
    """A row of a table by word: `15 / 25 / 40 / 150`; officials stand in it where they are not as small business."""
    if not isinstance(row, Mapping):
        return plain_data(row, unit) or ""
    classes = [c for c in (*CLASSES, *sorted(set(row) - set(CLASSES))) if c in row]
    if row.get("official") == row.get("small"):
        classes = [c for c in classes if c != "official"]
    return " / ".join(_percent(row[c]) if unit == "ratio" else plain_data(row[c], unit) or "" for c in classes)


def slots_of(text: str) -> list[tuple[str, str]]:
    """(value, how it is asked for) of the slots of a text. ValueError: a broken one."""
    return [(name, asked or "") for _, name, asked, _ in Formatter().parse(text) if name is not None]
