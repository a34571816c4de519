"""What a report is made of, in one language: sections of paragraphs, tables, charts and trees. HTML and PDF render
the same blocks, so neither says more than the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Para:
    """`style`: plain, strong, quiet, warning."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """`right`: indexes of the columns of numbers. `last` marks a row of sums at the end."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] = frozenset()
    last: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing (SVG), what it shows in a sentence, and the table with the same numbers."""

    title: str
    svg: str
    says: str
    table: Table


@dataclass(frozen=True, slots=True)
class Step:
    """A line of an explanation and those below it."""

    line: str
    below: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    root: Step


Block = Para | Table | Chart | Tree


@dataclass(slots=True)
class Section:
    """`key`: what it is. `year`: in a report over several years, whose it is."""

    key: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    year: str = ""

    @property
    def link(self) -> str:
        return f"y{self.year}-{self.key}" if self.year else self.key

    @property
    def heading(self) -> str:
        return f"{self.title} · {self.year}" if self.year else self.title


@dataclass(frozen=True, slots=True)
class Document:
    """`facts`: what stands under the title, as (name, value). `stamp`: the line at the foot of every page."""

    lang: str
    title: str
    facts: Sequence[tuple[str, str]]
    stamp: str
    sections: Sequence[Section]
    contents: str

    def by_year(self) -> list[tuple[str, list[Section]]]:
        """The sections of each year, for the list of contents; one group without a year where there is one year."""
        return [(year, list(own)) for year, own in groupby(self.sections, attrgetter("year"))]


def filled(t: Table) -> Table:
    """The table without the columns in which no row says anything."""
    kept = [n for n in range(len(t.head)) if not n or any(row[n] for row in t.rows)]
    if len(kept) == len(t.head):
        return t
    rows = [[row[n] for n in kept] for row in t.rows]
    right = frozenset(at for at, n in enumerate(kept) if n in t.right)
    return Table(t.caption, [t.head[n] for n in kept], rows, right, t.last)


def of_tables(section: Section, change: Callable[[Table], Table]) -> Section:
    """The section with every table changed, those of charts too."""

    def one(b: Block) -> Block:
        if isinstance(b, Chart):
            return Chart(b.title, b.svg, b.says, change(b.table))
        return change(b) if isinstance(b, Table) else b

    return replace(section, blocks=[one(b) for b in section.blocks])
