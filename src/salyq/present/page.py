"""A page of lines and tables, as plain text or with colour. Values are never wrapped or cut: a file name, a number or
a date stays whole on its line (semantics 27), and a narrow terminal folds long lines by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from salyq.present.clean import clean

_WIDE = 100_000  # columns: wider than any table, so that nothing is ever squeezed

STYLES = {"error": "bold red", "warning": "yellow", "notice": "cyan", "strong": "bold", "quiet": "dim"}


class Line(NamedTuple):
    text: str
    style: str = ""


class Table(NamedTuple):
    """`right` holds the indexes of the columns of numbers. A row is as long as `head`."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] = frozenset()


@dataclass(slots=True)
class Page:
    """Collects parts in order; `text` renders them."""

    parts: list[Line | Table] = field(default_factory=list)

    def title(self, text: str) -> None:
        self.parts.append(Line(clean(text), "bold"))

    def heading(self, text: str) -> None:
        """A heading with an empty line above."""
        self.blank()
        self.parts.append(Line(clean(text), "bold"))

    def line(self, text: str, *, indent: int = 0, style: str = "") -> None:
        self.parts.append(Line("  " * indent + clean(text), STYLES.get(style, style)))

    def blank(self) -> None:
        if self.parts:
            self.parts.append(Line(""))

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> None:
        cleaned = [[clean(cell) for cell in row] for row in rows]
        self.parts.append(Table([clean(h) for h in head], cleaned, frozenset(right)))

    def text(self, *, colour: bool = False) -> str:
        """The page as text that ends in a newline; the same page gives the same text everywhere."""
        from io import StringIO

        from rich.console import Console
        from rich.text import Text

        out = StringIO()
        console = Console(
            file=out,
            width=_WIDE,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            markup=False,
            emoji=False,
            highlight=False,
            legacy_windows=False,
            _environ={},
        )
        for part in self.parts:
            if isinstance(part, Line):
                console.print(Text(part.text, style=part.style), soft_wrap=True)
            else:
                console.print(_rich_table(part))
        return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def _rich_table(table: Table) -> object:
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    made = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for i, name in enumerate(table.head):
        made.add_column(Text(name), justify="right" if i in table.right else "left", no_wrap=True, overflow="fold")
    for row in table.rows:
        made.add_row(*(Text(cell) for cell in row))
    return made
