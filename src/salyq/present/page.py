"""A page of lines and tables, as plain text or with colour. Values are never wrapped or cut: a file name, a number or
a date stays whole on its line (semantics 27). On a terminal a table that is wider than it breaks cells between words;
one that is wider even so is told row by row. Lines are never broken: a command must be copied whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from salyq.present.clean import clean
from salyq.present.local import local_days

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

_WIDE = 100_000  # columns: wider than any table, so that nothing is ever squeezed
_BETWEEN = 3  # columns between two cells of a row

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
    """Collects parts in order; `text` renders them. `lang`: days are written as its readers write them."""

    parts: list[Line | Table] = field(default_factory=list)
    lang: str = "en"

    def _said(self, text: str) -> str:
        return local_days(clean(text), self.lang)

    def title(self, text: str) -> None:
        self.parts.append(Line(self._said(text), "bold"))

    def heading(self, text: str) -> None:
        """A heading with an empty line above."""
        self.blank()
        self.parts.append(Line(self._said(text), "bold"))

    def line(self, text: str, *, indent: int = 0, style: str = "") -> None:
        self.parts.append(Line("  " * indent + self._said(text), STYLES.get(style, style)))

    def blank(self) -> None:
        """An empty line, never two in a row and never the first."""
        if self.parts and self.parts[-1] != Line(""):
            self.parts.append(Line(""))

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> None:
        cleaned = [[self._said(cell) for cell in row] for row in rows]
        self.parts.append(Table([self._said(h) for h in head], cleaned, frozenset(right)))

    def text(self, *, colour: bool = False, width: int | None = None) -> str:
        """The page as text that ends in a newline; the same page gives the same text everywhere. `width`: the columns
        of a terminal that tables must fit; None where there is none."""
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
                _print_table(console, part, width)
        return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def _print_table(console: Console, table: Table, width: int | None) -> None:
    least, full = _widths(table)
    between = _BETWEEN * (len(table.head) - 1)
    if width is None or sum(full) + between <= width:
        console.print(_rich_table(table))
    elif sum(least) + between <= width:
        console.print(_rich_table(table, _shared(least, full, width - between)))
    else:
        for text in _row_by_row(table, width):
            console.print(text, soft_wrap=True)


def _widths(table: Table) -> tuple[list[int], list[int]]:
    """What each column takes with its cells broken between words (numbers never are), and with none broken."""
    from rich.cells import cell_len

    columns = [[name, *(row[n] for row in table.rows)] for n, name in enumerate(table.head)]
    full = [max(map(cell_len, cells)) for cells in columns]
    words = [max(cell_len(word) for cell in cells for word in cell.split(" ")) for cells in columns]
    return [full[n] if n in table.right else words[n] for n in range(len(columns))], full


def _shared(least: Sequence[int], full: Sequence[int], room: int) -> list[int]:
    """The widths of columns that share a room: none below its least; those that need little more get it first."""
    widths = [*least]
    left = room - sum(least)
    for n in sorted(range(len(least)), key=lambda n: full[n] - least[n]):
        more = min(left, full[n] - least[n])
        widths[n] += more
        left -= more
    return widths


def _row_by_row(table: Table, width: int) -> Iterator[Text]:
    """Each row as its first cell, and under it the others by the names of their columns, as many on a line as fit."""
    from rich.cells import cell_len
    from rich.text import Text

    for row in table.rows:
        yield Text(row[0], style="bold")
        line = ""
        for name, cell in list(zip(table.head, row, strict=True))[1:]:
            said = f"{name}: {cell}" if cell else ""
            if line and said and cell_len(f"  {line} · {said}") > width:
                yield Text(f"  {line}")
                line = said
            else:
                line = " · ".join(x for x in (line, said) if x)
        if line:
            yield Text(f"  {line}")


def _rich_table(table: Table, widths: Sequence[int] = ()) -> RichTable:
    """`widths`: of the columns, their cells broken between words; without them none is."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    made = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for i, name in enumerate(table.head):
        made.add_column(
            Text(name),
            justify="right" if i in table.right else "left",
            no_wrap=not widths or i in table.right,
            overflow="fold",
            width=widths[i] if widths else None,
        )
    for row in table.rows:
        made.add_row(*(Text(cell) for cell in row))
    return made
