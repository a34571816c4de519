"""Days in a report as its reader writes them: 25.05.2026 in Kazakh and Russian, 2026-05-25 in English."""

from __future__ import annotations

import re
from datetime import date

from salyq.report.blocks import Block, Chart, Para, Section, Step, Table, Tree

# A day by itself; one in a file's name, a time, an identifier, or one that bears a Kazakh ending stays.
_DAY = re.compile(r"(?<![\w./:#-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![\w:/-]|\.\w)")


def shown_day(day: date, lang: str) -> str:
    return day.isoformat() if lang == "en" else day.strftime("%d.%m.%Y")


def in_days_of(section: Section, lang: str) -> Section:
    """The section with the days that stand in its sentences written as the language does."""
    if lang == "en":
        return section
    return Section(section.key, section.title, [_block(b) for b in section.blocks])


def _block(b: Block) -> Block:
    if isinstance(b, Para):
        return Para(_text(b.text), b.style)
    if isinstance(b, Table):
        return _table(b)
    if isinstance(b, Chart):
        return Chart(b.title, b.svg, _text(b.says), _table(b.table))
    return Tree(_step(b.root))


def _table(t: Table) -> Table:
    return Table(t.caption, t.head, [[_text(cell) for cell in row] for row in t.rows], t.right, t.last)


def _step(s: Step) -> Step:
    return Step(_text(s.line), tuple(_step(b) for b in s.below))


def _text(text: str) -> str:
    return _DAY.sub(r"\3.\2.\1", text) if "-" in text else text
