"""Days in a report as its reader writes them: 25.05.2026 in Kazakh and Russian, 2026-05-25 in English."""

from __future__ import annotations

from dataclasses import replace

from salyq.present.local import local_days
from salyq.report.blocks import Block, Chart, Para, Section, Step, Table, Tree


def in_days_of(section: Section, lang: str) -> Section:
    """The section with the days that stand in its sentences written as the language does."""
    if lang == "en":
        return section

    def text(said: str) -> str:
        return local_days(said, lang)

    def table(t: Table) -> Table:
        rows = [[text(cell) for cell in row] for row in t.rows]
        return Table(t.caption, t.head, rows, t.right, t.last)

    def step(s: Step) -> Step:
        return Step(text(s.line), tuple(step(b) for b in s.below))

    def block(b: Block) -> Block:
        if isinstance(b, Para):
            return Para(text(b.text), b.style)
        if isinstance(b, Table):
            return table(b)
        return Chart(b.title, b.svg, text(b.says), table(b.table)) if isinstance(b, Chart) else Tree(step(b.root))

    return replace(section, blocks=[block(b) for b in section.blocks])
