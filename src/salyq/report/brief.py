"""The policy brief as the blocks of a report, so that HTML and PDF are made as every report is."""

from __future__ import annotations

from salyq.present.brief_page import PARTS, BriefSaid, by_day, day_text, rests_on
from salyq.present.cites import cite_text
from salyq.present.words import Words
from salyq.report.blocks import Block, Document, Para, Section, Table


def brief_document(b: BriefSaid, lang: str, stamp: str) -> Document:
    """`stamp`: the line at the foot of every page."""
    say = Words(lang, b.acts)
    sections = []
    for part in PARTS:
        blocks: list[Block] = []
        for row in (r for r in b.rows if r.part == part):
            blocks += [Para(row.title[lang], "strong"), Para(row.text[lang])]
            rests = rests_on(row.cites, row.basis, b.acts, say)
            blocks += [Para(rests, "quiet")] if rests else []
        sections.append(Section(part, say(f"brief_part_{part}"), blocks))
    head = (say("brief_what"), say("col_article"))
    for key, code, changes in (("recent", "brief_recent", b.recent), ("coming", "brief_coming", b.coming)):
        tables: list[Block] = []
        for title, found in by_day(changes, lang):
            tables.append(Table(title, head, [(c.text[lang], cite_text(c.cite, b.acts, lang)) for c in found]))
        sections.append(Section(key, say(code), tables or [Para(say("brief_none"))]))
    acts = [(" · ".join(x for x in (a.title[lang], say.to_read(n)) if x), a.address) for n, a in b.acts.items()]
    sections.append(
        Section(
            "references",
            say("brief_references"),
            [Table(say("brief_references"), (say("brief_act"), say("brief_address")), acts)],
        )
    )
    title = say("brief_title", day=day_text(b.on, lang))
    return Document(lang, title, [(say("brief_on"), day_text(b.on, lang))], stamp, sections, say("report_contents"))
