"""The policy brief as the blocks of a report, so that HTML and PDF are made as every report is."""

from __future__ import annotations

from salyq.present.brief_page import PARTS, BriefSaid, day_text, rests_on
from salyq.present.cites import cite_text
from salyq.present.words import Words
from salyq.report.blocks import Block, Document, Para, Section, Table


def brief_document(b: BriefSaid, lang: str, stamp: str) -> Document:
    """`stamp`: the line at the foot of every page."""
    say = Words(lang)
    sections = []
    for part in PARTS:
        blocks: list[Block] = []
        for row in (r for r in b.rows if r.part == part):
            blocks += [Para(row.title[lang], "strong"), Para(row.text[lang])]
            rests = rests_on(row.cites, row.basis, b.acts, say)
            blocks += [Para(rests, "quiet")] if rests else []
        sections.append(Section(part, say(f"brief_part_{part}"), blocks))
    head = (say("brief_from"), say("brief_what"), say("col_article"))
    for key, code, changes in (("recent", "brief_recent", b.recent), ("coming", "brief_coming", b.coming)):
        rows = [(day_text(c.day, lang), c.text[lang], cite_text(c.cite, b.acts, lang)) for c in changes]
        block: Block = Table(say(code), head, rows) if rows else Para(say("brief_none"))
        sections.append(Section(key, say(code), [block]))
    acts = [(act.title[lang], act.address) for act in b.acts.values()]
    sections.append(
        Section(
            "references",
            say("brief_references"),
            [Table(say("brief_references"), (say("brief_act"), say("brief_address")), acts)],
        )
    )
    title = say("brief_title", day=day_text(b.on, lang))
    return Document(lang, title, [(say("brief_on"), day_text(b.on, lang))], stamp, sections, say("report_contents"))
