"""The header and first rows of a table that no reader takes: what a mapping can be guessed from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.sources.habits.totals import says_total
from salyq.sources.registry import outlines
from salyq.sources.tables.header import PREAMBLE, Head, recognise, split_line, text_heads
from salyq.sources.tables.text import LONGEST_LINE, probe

ROWS = 500  # rows looked at
_FEWEST, _MOST = 2, 200  # columns


class Sample(NamedTuple):
    """`titles`: the header; a second column of one title is "Title#2". `rows`: cells of as many columns."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sample(path: Path, name: str) -> Sample:
    """The sample of a file. InputError: it cannot be used, a reader knows it already, or it has no header."""
    if not path.is_file():
        raise InputError(Message("file_not_regular" if path.exists() else "file_missing"), file=name)
    if path.suffix.lower() == ".xlsx":
        return _of_workbook(path, name)
    probed = probe(path, name)
    with path.open(encoding=probed.encoding, newline="") as file:
        lines = list(islice(iter(lambda: file.readline(LONGEST_LINE), ""), PREAMBLE + ROWS))
    heads = text_heads(lines[:PREAMBLE])
    _refuse_known(heads, name)
    head = _header(heads, name)
    delimiter = head.readings[0][0]
    rows = [split_line(line, delimiter) for line in lines[head.line :]]
    return _made(head.readings[0][1], [row for row in rows if row])


def _of_workbook(path: Path, name: str) -> Sample:
    from salyq.sources.tables.xlsx import Workbook

    workbook = Workbook(path, name)
    try:
        for sheet in workbook.sheets:
            rows = list(islice(workbook.rows(sheet), PREAMBLE + ROWS))
            heads = [Head(line, (("", _cut(cells)),)) for line, cells in rows[:PREAMBLE] if _cut(cells)]
            if heads:
                _refuse_known(heads, name)
                head = _header(heads, name)
                return _made(head.readings[0][1], [cells for line, cells in rows if line > head.line])
    finally:
        workbook.close()
    raise InputError(Message("file_empty"), file=name)


def _refuse_known(heads: Sequence[Head], name: str) -> None:
    try:
        found = recognise(heads, outlines(), name)
    except InputError as error:
        if error.message.code not in ("file_no_reader", "header_column_like", "header_column_unknown"):
            raise
        return
    raise InputError(Message("guess_known", {"reader": found.format.name}), file=name)


def _cut(cells: Sequence[str]) -> list[str]:
    kept = [cell.strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _header(heads: Sequence[Head], name: str) -> Head:
    """The first of the widest lines, parted by the delimiter that parts it most; numbers are no titles."""
    best: Head | None = None
    for head in heads:
        for delimiter, cells in head.readings:
            words = [cell for cell in cells if cell and not cell[0].isdigit()]
            if not _FEWEST <= len(cells) <= _MOST or 2 * len(words) < len(cells):
                continue
            if best is None or len(cells) > len(best.readings[0][1]):
                best = Head(head.line, ((delimiter, cells),))
    if best is None:
        raise InputError(Message("guess_no_header"), file=name)
    return best


def _made(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sample:
    seen: dict[str, int] = {}
    titles = []
    for title in header:
        seen[title.casefold()] = seen.get(title.casefold(), 0) + 1
        nth = seen[title.casefold()]
        titles.append(title if nth == 1 else f"{title}#{nth}")
    width = len(titles)
    kept = [row for row in rows if not says_total([cell.strip() for cell in row])]
    cut = [tuple([cell.strip() for cell in row[:width]] + [""] * (width - len(row))) for row in kept]
    return Sample(tuple(titles), tuple(cut))
