"""Checks of the list of provisions: each is encoded or a declared gap, and each rule and value rests on one.

Only of subjects that have a provisions.toml; what binds is the law of the years read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches

from salyq.rulebook.fault import Fault, act_unknown, fault
from salyq.rulebook.law import LANGUAGES, Law, Provision, Value
from salyq.rulebook.provisions import NUMBER, OVER, PERCENT, RATES, slots_of
from salyq.rulebook.rules import RuleVersion

OWN = "salyq"  # conventions of ours are nobody's provision
Life = tuple[date, date]


def provision_faults(law: Law) -> Iterator[Fault]:
    """Every fault of the provisions, then every rule and value of their subjects that names none."""
    encoded: dict[str, list[Life]] = {}
    for provisions in law.provisions.values():
        for p in provisions:
            yield from _acts(law, p)
            yield from _state(law, p)
            yield from _slots(law, p)
            for name in p.encodes:
                yield from _encoded(law, p, name)
                encoded.setdefault(name, []).append(_life(p.start, p.until))
    yield from _articles(law)
    for subject in law.provisions:
        yield from _without_provision(law, subject, encoded)
        yield from _ends(law, subject)


def _acts(law: Law, p: Provision) -> Iterator[Fault]:
    for act in sorted({p.act, p.by, *([p.until_by] if p.until_by else [])} - set(law.acts)):
        yield act_unknown(p.full, p.article, act, law.acts)
    if p.until and not p.until_by:
        yield fault(p.full, p.article, "law_end_no_act", until=p.until)
    if p.until and p.until < p.start:
        yield fault(p.full, p.article, "law_ends_first", since=p.start, until=p.until)


def _articles(law: Law) -> Iterator[Fault]:
    """An article that a rule or value rests on is one that some provision of its act is of, or is part of one."""
    told: dict[str, set[str]] = {}
    for provisions in law.provisions.values():
        for p in provisions:
            if p.article:
                told.setdefault(p.act, set()).add(p.article)
    found: list[tuple[str, Value | RuleVersion]] = [(n, v) for n, s in law.series.items() for v in s.values]
    found += [(n, r) for n, versions in law.rules.items() for r in versions]
    for name, v in found:
        act, _, article = v.cite.partition(":")
        known = told.get(act) if article and act in law.acts and law.acts[act].kind == "act" else None
        if known and not any(f"{article}.".startswith(f"{k}.") or f"{k}.".startswith(f"{article}.") for k in known):
            near = ", ".join(get_close_matches(article, sorted(known), 1)) or "provisions.toml"
            yield fault(name, v.cite, "law_article_unknown", article=article, right=near)


def _state(law: Law, p: Provision) -> Iterator[Fault]:
    if not p.encodes and not p.gap and _read(law, _life(p.start, p.until)):
        yield fault(p.full, p.article, "law_provision_open")
    if p.gap in ("no_fact", "not_built") and not p.reason:
        yield fault(p.full, p.article, "law_provision_no_reason", gap=p.gap)


def _slots(law: Law, p: Provision) -> Iterator[Fault]:
    for lang in LANGUAGES:
        try:
            slots = set(slots_of(p.text[lang]))
        except ValueError:
            yield fault(p.full, p.article, "law_slot_broken", lang=lang)
            continue
        for slot, asked in sorted(slots):
            full = slot if "." in slot else f"{p.subject}.{slot}"
            if full not in law.series:
                yield fault(p.full, p.article, "law_slot_unknown", slot=slot, right=_near(full, law.series))
            elif asked not in ("", NUMBER, PERCENT, OVER, RATES) and asked not in (rows := _rows(law, full)):
                right = ", ".join(get_close_matches(asked, rows, 1)) or f"{NUMBER}, {PERCENT}"
                yield fault(p.full, p.article, "law_slot_unknown", slot=f"{slot}:{asked}", right=right)


def _rows(law: Law, name: str) -> list[str]:
    """The words of a table by word, over all its versions."""
    return [w for v in law.series[name].values if isinstance(v.data, Mapping) for w in v.data]


def _encoded(law: Law, p: Provision, name: str) -> Iterator[Fault]:
    lives = lives_of(law, name)
    if not lives:
        near = _near(name, {**law.series, **law.rules})
        yield fault(p.full, p.article, "law_encodes_nothing", needed=name, right=near)
    elif not any(_meet(_life(p.start, p.until), life) for life in lives):
        yield fault(p.full, p.article, "law_encodes_other_days", needed=name)


def _near(name: str, names: Mapping[str, object]) -> str:
    return ", ".join(get_close_matches(name, list(names), 1)) or "salyq law list"


def lives_of(law: Law, name: str) -> list[Life]:
    """The spans in which a value or rule has a version."""
    series = law.series.get(name)
    if series is not None:
        return [_life(v.start, series.end_of(v, law.known)) for v in series.values]
    return [_life(v.since, v.until) for v in law.rules.get(name, ())]


def _without_provision(law: Law, subject: str, encoded: Mapping[str, list[Life]]) -> Iterator[Fault]:
    for name, series in law.series.items():
        if name.startswith(f"{subject}."):
            for v in series.values:
                if _binds(v) and _bare(law, _life(v.start, series.end_of(v, law.known)), encoded.get(name, [])):
                    yield fault(name, v.cite, "law_no_provision", since=v.start)
    for name, versions in law.rules.items():
        for r in versions:
            own = r.subject == subject and r.role != "finding" and _binds(r)
            if own and _bare(law, _life(r.since, r.until), encoded.get(name, [])):
                yield fault(name, r.cite, "law_no_provision", since=r.since)


def _binds(version: Value | RuleVersion) -> bool:
    return version.basis != "convention" and version.cite.partition(":")[0] != OWN


def _bare(law: Law, life: Life, provisions: list[Life]) -> bool:
    return _read(law, life) and not any(_meet(life, p) for p in provisions)


def _ends(law: Law, subject: str) -> Iterator[Fault]:
    """An end is made by an act, and known from the day it was."""
    found: list[tuple[str, Value | RuleVersion]] = [
        (n, v) for n, s in law.series.items() if n.startswith(f"{subject}.") for v in s.values
    ]
    found += [(n, r) for n, vs in law.rules.items() for r in vs if r.subject == subject and r.role != "finding"]
    for name, v in found:
        if v.until and not v.until_by and _binds(v):
            yield fault(name, v.cite, "law_end_no_act", until=v.until)
        if v.until_by and v.until_by not in law.acts:
            yield act_unknown(name, v.cite, v.until_by, law.acts)


def _life(start: date, until: date | None) -> Life:
    return start, until or date.max


def _meet(a: Life, b: Life) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _read(law: Law, life: Life) -> bool:
    return _meet(life, (date(law.reading["first_year"], 1, 1), date(law.reading["last_year"], 12, 31)))
