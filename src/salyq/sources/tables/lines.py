"""The lines of a text table below its header: plain ones in blocks, and any others row by row as a CSV reader has them.

A block is plain where no quotation mark, byte order mark or odd line end stands in it: a row is then a line, and its
cells are what stands between delimiters. From the first block that is not, the CSV reader goes on.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from io import StringIO
from itertools import chain, islice
from typing import NamedTuple, TextIO

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.sources.format import RowError
from salyq.sources.tables.header import Recognised

Row = list[str] | RowError  # cells, or why a line is none
Rows = Iterator[tuple[int, Row]]  # (physical line where it starts, cells)
_LOOKED_AHEAD = 3  # lines below a broken one, of which one must be a row
_MOST_LINES = 100  # lines of one row: a quote that does not close must not swallow the file
_BLOCK = 1 << 20  # characters that are read at once
_LONGEST_CELL = 131_072  # characters; a CSV reader takes no longer one


class Plain(NamedTuple):
    """The text of lines of which each is a row; empty ones are none. `first`: the physical number."""

    first: int
    text: str
    size: int

    def lines(self) -> list[str]:
        """Without their ends."""
        return self.text.removesuffix("\n").split("\n")


def parts(file: TextIO, found: Recognised, name: str) -> Iterator[Plain | Rows]:
    """What stands below the header. InputError: a line that is no CSV, with no row below it."""
    for _ in range(found.lines):
        next(file)
    number = found.lines + 1
    while text := file.read(_BLOCK):
        if not text.endswith("\n"):
            text += file.readline()
        part = _plain(number, text)
        if part is None:
            yield _rows(chain(StringIO(text, newline=""), file), number, found, name)
            return
        yield part
        number += part.size


def rows(file: TextIO, found: Recognised, name: str) -> Rows:
    """(physical line where it starts, cells) of each row below the header; empty lines are no rows."""
    for part in parts(file, found, name):
        yield from rows_of(part, found) if isinstance(part, Plain) else part


def rows_of(part: Plain, found: Recognised) -> Rows:
    """The rows of plain lines."""
    delimiter = found.delimiter
    for number, line in enumerate(part.lines(), part.first):
        if line:
            yield number, line.split(delimiter)


def _plain(number: int, text: str) -> Plain | None:
    """The lines of a text; None where a row may be another thing than a line, or a cell than what stands in it."""
    if '"' in text or "\ufeff" in text:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            return None
    if not text.endswith("\n"):
        text += "\n"
    part = Plain(number, text, text.count("\n"))
    half = _LONGEST_CELL // 2  # so long a stretch without a line end stands in every line that is too long
    if all("\n" in text[n : n + half] for n in range(0, len(text) - half, half)):
        return part
    return part if max(map(len, part.lines())) < _LONGEST_CELL else None


class _Lines:
    """The lines of one row at a time, for a CSV reader; lines of a row that turned out to be none can be given back."""

    def __init__(self, file: Iterator[str], number: int) -> None:
        self.file, self.number = file, number  # of the line that comes next
        self.back: deque[str] = deque()
        self.row: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.row) >= _MOST_LINES:
            raise csv.Error("unexpected end of data")
        line = self.back.popleft() if self.back else next(self.file)
        self.row.append(line)
        self.number += 1
        return line.replace("\ufeff", "")  # one venue puts a byte order mark before every cell

    def give_back(self) -> None:
        """All lines of this row but the first: a line that is no row must not take others with it."""
        self.number -= len(self.row) - 1
        self.back.extendleft(reversed(self.row[1:]))

    def coming(self, count: int) -> list[str]:
        """Up to `count` lines that come next; they still do."""
        while len(self.back) < count and (line := next(self.file, "")):
            self.back.append(line)
        return [line.replace("\ufeff", "") for line in islice(self.back, count)]


def _goes_on(lines: _Lines, found: Recognised) -> bool:
    """Whether rows of this table follow within the next few lines, or nothing."""
    coming = lines.coming(_LOOKED_AHEAD)
    return not coming or any(2 * line.count(found.delimiter) >= found.width for line in coming)


def _rows(file: Iterator[str], number: int, found: Recognised, name: str) -> Rows:
    """The rows from physical line `number` on, which `file` gives next.

    A line that is no CSV is a RowError, and the next row starts on the line below it; InputError: no row follows."""
    lines = _Lines(file, number)
    reader = csv.reader(lines, delimiter=found.delimiter, strict=True)
    while True:
        start = lines.number
        lines.row.clear()
        try:
            row = next(reader)
            if len(row) == 1 and found.width > 1 and found.delimiter in row[0]:  # a line quoted whole
                row = next(csv.reader([row[0]], delimiter=found.delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error as error:
            first = lines.row[0] if lines.row else ""
            lines.give_back()
            if not _goes_on(lines, found):
                raise InputError(Message("file_bad_csv", {"why": str(error)}), file=name, line=start) from None
            yield start, RowError(None, first.strip(), "file_bad_csv", why=str(error))
            reader = csv.reader(lines, delimiter=found.delimiter, strict=True)
            continue
        if len(lines.row) > 1 and (cell := _swallowed(row, found)) is not None:
            lines.give_back()
            yield start, RowError(None, cell.partition("\n")[0], "row_swallows_lines")
            reader = csv.reader(lines, delimiter=found.delimiter, strict=True)
            continue
        if row:
            yield start, row


def _swallowed(row: list[str], found: Recognised) -> str | None:
    """A cell of several lines that are rows of the table: a quotation mark that nobody closed took them in."""
    for place, cell in enumerate(row):
        first, *more = cell.splitlines()[:_MOST_LINES] or [""]
        for line in more:
            marks = line.count(found.delimiter)
            if marks >= max(found.width - 1, 1) or (marks >= place > 0 and _shape(line) == _shape(row[0])):
                return first
    return None


def _shape(text: str) -> str:
    """How a cell begins: its digits and letters, and what parts them."""
    head = text.strip().strip('"')[:10]
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", head))
