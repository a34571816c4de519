"""The policy brief of a day: what law says of the country's digital assets, made only of provisions, values in force
and dated statistics (law/brief.toml). Nothing that was not known on the day is told as known."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from salyq.app.lawbook import Statistic, period_told, statistics, subjects, value_told, whole
from salyq.civil.citing import article_order
from salyq.civil.messages import Message
from salyq.civil.reader import shown_day
from salyq.civil.regions import count_on
from salyq.civil.unit_words import unit_in
from salyq.rulebook.law import LANGUAGES, Law, Provision, weakest
from salyq.rulebook.provisions import filled, grouped, in_force, made_by_then
from salyq.rulebook.shown import data_shown, fraction_shown, percent_in, unit_shown

RECENT = 731  # days before the day that count as the last two years
FORETOLD = timedelta(days=366)  # from an act to the day that it sets for a provision of its own


@dataclass(frozen=True)
class Row:
    """One row of the brief: its words in every language, what they rest on, and the values named in them."""

    id: str
    part: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    cites: tuple[str, ...]
    basis: str
    values: Mapping[str, str]
    statistics: tuple[Statistic, ...] = ()


@dataclass(frozen=True)
class Change:
    """A provision that began or begins: the day, its subject and what that is called, its words, its article."""

    day: date
    subject: str
    area: Mapping[str, str]
    text: Mapping[str, str]
    cite: str
    by: str


@dataclass(frozen=True)
class Brief:
    """`recent`: what began in the two years before the day; `coming`: what was enacted and begins later."""

    on: date
    known: date
    rows: tuple[Row, ...]
    recent: tuple[Change, ...]
    coming: tuple[Change, ...]
    acts: Mapping[str, Any] = field(default_factory=dict)


def brief(on: date, known: date | None = None) -> Brief:
    """The brief of a day. `known`: law as known on that day (default: the day itself, as an analyst then knew it)."""
    law, by_then = whole(), known or on
    provisions = {p.full: p for p in in_force(law, on, by_then)}
    rows = tuple(_row(law, r, on, by_then, provisions) for r in _rows())
    recent, coming = _changes(law, on, by_then)
    cited = dict.fromkeys(c.partition(":")[0] for r in rows for c in r.cites)
    cited |= dict.fromkeys(c.cite.partition(":")[0] for c in (*recent, *coming))
    return Brief(on, by_then, rows, recent, coming, {a: law.acts[a] for a in cited if a in law.acts})


@cache
def _rows() -> Sequence[Mapping[str, Any]]:
    text = (files("salyq.law") / "brief.toml").read_text(encoding="utf-8")
    found: Sequence[Mapping[str, Any]] = tomllib.loads(text)["row"]
    return found


def _row(law: Law, row: Mapping[str, Any], on: date, known: date, provisions: Mapping[str, Provision]) -> Row:
    texts: dict[str, list[str]] = {lang: [] for lang in LANGUAGES}
    cites: list[str] = []
    bases: list[str] = []
    values: dict[str, str] = {}
    for says in row.get("says", ()):
        if not _holds(says, on):
            continue
        named = says.get("values", ())
        for lang in LANGUAGES:
            texts[lang].append(_filled(law, says["text"][lang], lang, on, known, values))
        cites += (c for c in says.get("cites", ()) if _made_by(law, c, known))
        bases += [says["basis"]] if "basis" in says else []
        for cite, basis in _rests_on(law, (*named, *says.get("rules", ())), on, known):
            cites.append(cite)
            bases.append(basis)
    for name in row.get("provisions", ()):
        p = provisions.get(name)
        if p is not None:
            for lang in LANGUAGES:
                texts[lang].append(filled(law, p, lang, on, known))
            cites.append(p.cite)
            bases.append(p.basis)
    numbers = (*_all(row.get("histories", ()), on), *_latest(row.get("measures", ()), on))
    for lang in LANGUAGES:
        texts[lang] += [_statistic(s, lang) for s in numbers]
    if numbers:
        bases.append("secondary")
    joined = {lang: " ".join(parts) or Message("brief_nothing").text(lang) for lang, parts in texts.items()}
    return Row(
        row["id"],
        row["part"],
        row["title"],
        joined,
        tuple(dict.fromkeys(cites)),
        weakest(bases) if bases else "",
        values,
        numbers,
    )


def _made_by(law: Law, cite: str, known: date) -> bool:
    """Was what is cited there on a day? What bears no date always was."""
    act = law.acts.get(cite.partition(":")[0])
    return act is None or act.date is None or act.date <= known


def _holds(says: Mapping[str, Any], on: date) -> bool:
    return bool(says.get("from", date.min) <= on <= says.get("until", date.max))


def _rests_on(law: Law, names: Sequence[str], on: date, known: date) -> Iterator[tuple[str, str]]:
    """Article and basis of each value or rule in force."""
    for name in names:
        found = law.value_at(name, on, known) if name in law.series else law.rule_at(name, on, known)
        if found is not None:
            yield found.cite, found.basis


def _filled(law: Law, text: str, lang: str, on: date, known: date, values: dict[str, str]) -> str:
    units = count_on(on)
    told = []
    for words, slot, asked, _ in Formatter().parse(text):
        told.append(words)
        if slot is None:
            continue
        own = {"regions": str(units.regions), "cities": str(units.cities), "day": shown_day(on, lang)}.get(slot)
        shown = own or _value(law, slot, lang, on, known, asked or "")
        if asked != "since":
            values[slot] = own or _value(law, slot, "en", on, known)
        told.append(shown)
    return "".join(told)


def _value(law: Law, name: str, lang: str, on: date, known: date, asked: str = "") -> str:
    """A value in force in words; `asked` names the day since when it holds, or a column and a step of a scale: since,
    over.1, rate.0."""
    found = law.value_at(name, on, known)
    unit = law.series[name].unit
    if found is None or found.data is None:
        return Message("value_not_known").text(lang)
    if asked == "since":
        return shown_day(found.start, lang)
    if unit == "ratio":
        return _percent(found.data, lang)
    if asked:
        column, _, step = asked.partition(".")
        entry = found.data[column][int(step)]
        return _percent(entry, lang) if column == "rate" else grouped(fraction_shown(Fraction(entry)), lang)
    if isinstance(found.data, Mapping) and "rate" in found.data:
        steps = zip(found.data["over"], found.data["rate"], strict=True)
        return "; ".join(f"> {fraction_shown(Fraction(over))}: {_percent(rate, lang)}" for over, rate in steps)
    return f"{data_shown(found, unit)} {unit_in(unit_shown(unit), lang)}".rstrip()


def _percent(share: Fraction | int | str, lang: str) -> str:
    return percent_in(share, lang) or fraction_shown(Fraction(share))


def _latest(measures: Sequence[str], on: date) -> Iterator[Statistic]:
    """The newest rows of each measure that a reader of that day could have had; rows that disagree are all told."""
    for measure in measures:
        mine = [s for s in statistics() if s.measure == measure and _ended(s.period) <= on]
        if mine:
            newest = max(_ended(s.period) for s in mine)
            yield from (s for s in mine if _ended(s.period) == newest)


def _all(measures: Sequence[str], on: date) -> Iterator[Statistic]:
    """Every row of each measure that was there by that day, oldest first."""
    for measure in measures:
        mine = [s for s in statistics() if s.measure == measure and _ended(s.period) <= on]
        yield from sorted(mine, key=lambda s: _ended(s.period))


def _ended(period: str) -> date:
    """The last day of a year, quarter, month, or span of them."""
    last = period.rpartition("/")[2]
    year, _, rest = last.partition("-")
    if not rest:
        return date(int(year), 12, 31)
    month = 3 * int(rest[1:]) if rest.startswith("Q") else int(rest[:2])
    return date(int(year) + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _statistic(s: Statistic, lang: str) -> str:
    return f"{s.label[lang]}: {value_told(s, lang)} ({period_told(s, lang)}; {s.said_by[lang]})."


def _changes(law: Law, on: date, known: date) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    recent: list[Change] = []
    coming: list[Change] = []
    for provisions in law.provisions.values():
        for p in provisions:
            if not made_by_then(law, p, known):
                continue
            if on - timedelta(days=RECENT) <= p.start <= on:
                recent.append(_change(law, p, known))
            elif p.start > on and _foretold(law, p):
                coming.append(_change(law, p, known))
    order = {s.key: n for n, s in enumerate(subjects())}
    for changes in (recent, coming):
        changes.sort(key=lambda c: (order[c.subject], article_order(c.cite.partition(":")[2])))
    recent.sort(key=lambda c: c.day, reverse=True)
    coming.sort(key=lambda c: c.day)
    return tuple(recent), tuple(coming)


def _foretold(law: Law, p: Provision) -> bool:
    """Could a reader of the day know that it was coming? Only what an act of the state had set, and not so long before
    that it must be a later amendment that was read in an old act; sources and readings come unannounced."""
    act = law.acts.get(p.by)
    return act is not None and act.kind == "act" and act.date is not None and p.start - act.date <= FORETOLD


def _change(law: Law, p: Provision, known: date) -> Change:
    words = {lang: filled(law, p, lang, p.start, known) for lang in LANGUAGES}
    return Change(p.start, p.subject, _areas()[p.subject], words, p.cite, p.by)


@cache
def _areas() -> Mapping[str, Mapping[str, str]]:
    return {s.key: s.title for s in subjects()}


def brief_json(b: Brief) -> dict[str, Any]:
    """The rows, changes and acts as data."""
    return {
        "on": b.on.isoformat(),
        "known": b.known.isoformat(),
        "rows": [
            {
                "id": r.id,
                "title": dict(r.title),
                "text": dict(r.text),
                "cites": list(r.cites),
                "basis": r.basis,
                "values": dict(r.values),
                "statistics": [
                    {"measure": s.measure, "period": s.period, "value": s.value, "unit": s.unit, "source": s.source}
                    for s in r.statistics
                ],
            }
            for r in b.rows
        ],
        "recent": [_change_json(c) for c in b.recent],
        "coming": [_change_json(c) for c in b.coming],
        "acts": {name: {"title": dict(a.title), "address": a.address} for name, a in b.acts.items()},
    }


def _change_json(c: Change) -> dict[str, Any]:
    return {"day": c.day.isoformat(), "subject": c.subject, "text": dict(c.text), "cite": c.cite, "by": c.by}
