"""`salyq law gaps` and `salyq law statistics`: what the law does not say of a year; figures of the field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.output import emit_json, emit_page

if TYPE_CHECKING:
    from salyq.rulebook.law import Law, Provision

KINDS = ("no_fact", "not_built")  # gaps that somebody has to fill


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.year(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("law gaps", words, run, params)


def run(*, year: int, form: str, lang: str) -> int:
    """Every provision in force within the year that is not (wholly) encoded, with the reason."""
    from salyq.app.lawbook import whole
    from salyq.present.page import Page
    from salyq.present.words import Words

    law = whole()
    first, last = law.reading["first_year"], law.reading["last_year"]
    if not first <= year <= last:
        raise UsageError(Message("gaps_year_unread", {"first": first, "last": last}), column="--year", value=str(year))
    found = list(_gaps(law, year))
    if form == "json":
        emit_json({"year": year, "gaps": [_as_json(law, p, year) for p in found]})
        return 0
    say = Words(lang, law.acts)
    page = Page()
    page.title(say("gaps_heading", year=year, count=len(found)))
    for kind in KINDS:
        own = [p for p in found if p.gap == kind]
        if own:
            page.heading(say(f"gaps_{kind}"))
        for p in own:
            page.line(f"{say.cites([_place(p)])} — {_text(law, p, year, lang)}  {p.full}", indent=1)
            page.line(say.label(p.reason, ""), indent=2, style="quiet")
    emit_page(page)
    return 0


def _gaps(law: Law, year: int) -> Iterator[Provision]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    for provisions in law.provisions.values():
        for p in provisions:
            if p.gap in KINDS and p.start <= last and (p.until is None or p.until >= first):
                yield p


def _text(law: Law, p: Provision, year: int, lang: str) -> str:
    """Its words with the values of the year (of its own end, where it ends within)."""
    from salyq.rulebook.provisions import filled

    day = min(date(year, 12, 31), p.until or date.max)
    return filled(law, p, lang, max(day, p.start), law.known)


def _place(p: Provision) -> str:
    return f"{p.act}:{p.article}" if p.article else p.act


def _as_json(law: Law, p: Provision, year: int) -> dict[str, object]:
    from salyq.civil.messages import LANGUAGES

    return {
        "provision": p.full,
        "cite": _place(p),
        "from": p.start.isoformat(),
        "until": None if p.until is None else p.until.isoformat(),
        "gap": p.gap,
        "reason": dict(p.reason or {}),
        "text": {lang: _text(law, p, year, lang) for lang in LANGUAGES},
        "encodes": list(p.encodes),
    }


# --- statistics -------------------------------------------------------------------------------------------------------


def build_statistics(words: Help) -> click.Command:
    return Command("law statistics", words, run_statistics, [options.form(words), options.lang(words)])


def run_statistics(*, form: str, lang: str) -> int:
    """Every figure with period, source and confidence; figures that disagree stand side by side and are marked."""
    from salyq.app.lawbook import period_told, statistics, value_told
    from salyq.present.page import Page
    from salyq.present.words import Words

    rows = statistics()
    if form == "json":
        emit_json(
            {
                "statistics": [
                    {
                        "measure": s.measure,
                        "period": s.period,
                        "value": s.value,
                        "unit": s.unit,
                        "source": s.source,
                        "address": s.address,
                        "confidence": s.confidence,
                        "disputed": s.disputed,
                        "label": dict(s.label),
                        "note": None if s.note is None else dict(s.note),
                    }
                    for s in rows
                ]
            }
        )
        return 0
    say = Words(lang)
    page = Page()
    page.title(say("statistics_heading"))
    page.line(say("statistics_confidence"))
    head = [say(f"col_{x}") for x in ("label", "period", "number", "confidence", "source", "remark")]
    cells = (
        [
            say.label(s.label, s.measure),
            period_told(s, lang),
            value_told(s, lang),
            s.confidence,
            s.said_by[lang],
            "; ".join(x for x in (say("statistics_disputed") if s.disputed else "", say.label(s.note, "")) if x),
        ]
        for s in rows
    )
    page.table(head, cells, right=[2])
    emit_page(page)
    return 0
