"""The policy brief of a day for people: the same sections as text, Markdown, HTML and PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Protocol

from salyq.present.cites import cite_text
from salyq.present.page import Page
from salyq.present.words import Words

PARTS = ("overview", "taxes", "regulators", "about")


class RowSaid(Protocol):
    """A row of the brief, as this room needs it."""

    @property
    def part(self) -> str: ...
    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> Mapping[str, str]: ...
    @property
    def cites(self) -> Sequence[str]: ...
    @property
    def basis(self) -> str: ...


class BriefSaid(Protocol):
    @property
    def on(self) -> date: ...
    @property
    def rows(self) -> Sequence[RowSaid]: ...
    @property
    def recent(self) -> Sequence[Any]: ...
    @property
    def coming(self) -> Sequence[Any]: ...
    @property
    def acts(self) -> Mapping[str, Any]: ...


def day_text(day: date, lang: str) -> str:
    return day.isoformat() if lang == "en" else day.strftime("%d.%m.%Y")


def rests_on(cites: Sequence[str], basis: str, acts: Mapping[str, Any], say: Words) -> str:
    """`Tax Code 2017, art. 606-3(1) · statute`."""
    told = "; ".join(cite_text(c, acts, say.lang) for c in cites)
    return " · ".join(x for x in (told, say.known(f"basis_{basis}", basis) if basis else "") if x)


def by_day(changes: Sequence[Any], lang: str) -> Iterator[tuple[str, list[Any]]]:
    """Changes of one day and one subject under a heading: “2026-01-01 · Digital mining fee”."""
    for (day, area), found in groupby(changes, lambda c: (c.day, c.area.get(lang) or c.subject)):
        yield f"{day_text(day, lang)} · {area}", list(found)


def brief_page(b: BriefSaid, lang: str) -> Page:
    """The brief as lines of text."""
    say = Words(lang, b.acts)
    page = Page(lang=lang)
    page.title(say("brief_title", day=day_text(b.on, lang)))
    for part in PARTS:
        page.heading(say(f"brief_part_{part}"))
        for row in (r for r in b.rows if r.part == part):
            page.line(row.title[lang], style="strong")
            page.line(row.text[lang], indent=1)
            page.line(rests_on(row.cites, row.basis, b.acts, say), indent=2, style="quiet")
    for code, changes in (("brief_recent", b.recent), ("brief_coming", b.coming)):
        page.heading(say(code))
        if not changes:
            page.line(say("brief_none"))
        for head, found in by_day(changes, lang):
            page.line(head, style="strong")
            for c in found:
                page.line(f"{c.text[lang]}  [{cite_text(c.cite, b.acts, lang)}]", indent=1)
    page.heading(say("brief_references"))
    for name, act in b.acts.items():
        page.line(" · ".join(x for x in (act.title[lang], say.to_read(name), act.address) if x), indent=1)
    return page


def brief_markdown(b: BriefSaid, lang: str) -> str:
    """The brief as Markdown."""
    say = Words(lang, b.acts)
    lines = [f"# {say('brief_title', day=day_text(b.on, lang))}", ""]
    for part in PARTS:
        lines += [f"## {say(f'brief_part_{part}')}", ""]
        for row in (r for r in b.rows if r.part == part):
            rests = rests_on(row.cites, row.basis, b.acts, say)
            lines += [f"### {row.title[lang]}", "", row.text[lang], ""] + ([f"*{rests}*", ""] if rests else [])
    for code, changes in (("brief_recent", b.recent), ("brief_coming", b.coming)):
        lines += [f"## {say(code)}", ""]
        for head, found in by_day(changes, lang):
            lines += [f"### {head}", ""]
            lines += [f"- {c.text[lang]} *({cite_text(c.cite, b.acts, lang)})*" for c in found]
            lines += [""]
        lines += [] if changes else [say("brief_none"), ""]
    lines += [f"## {say('brief_references')}", ""]
    for name, act in b.acts.items():
        told = " · ".join(x for x in (act.title[lang], say.to_read(name)) if x)
        lines.append(f"- {told}" + (f": <{act.address}>" if act.address else ""))
    return "\n".join(lines) + "\n"
