"""Reading one file: probe, recognise, then row by row through its handler; every row is accounted for."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.records.reading import FileReport, Reading
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, Handler, RowError
from salyq.sources.header import PREAMBLE, Recognised, recognise
from salyq.sources.text import LONGEST_LINE, probe

Progress = Callable[[str, int], None]  # (file, rows read so far)
_STEP = 5000  # rows between two calls of progress


def read_table(path: Path, name: str, formats: Sequence[Format], reading: Reading, progress: Progress | None) -> None:
    """Read one file into `reading`. InputError where the file as a whole cannot be used; a bad row is a Rejection."""
    probed = probe(path, name)
    try:
        with path.open(encoding=probed.encoding, newline="") as file:
            lines = list(islice(iter(lambda: file.readline(LONGEST_LINE), ""), PREAMBLE))
        found = recognise(lines, formats, name)
        if found.format.own and probed.bad_line is not None:
            raise InputError(Message("file_not_utf8", {"format": found.format.name}), file=name, line=probed.bad_line)
        report = FileReport(name, found.format.name, probed.sha256, event=found.format.event)
        book = Book(reading, report)
        if probed.encoding == "cp1251":
            book.notice(probed.bad_line or 1, "notice_read_as_cp1251")
        handler = found.format.start(book, _facts(lines, found))
        with path.open(encoding=probed.encoding, newline="") as file:
            _run(_rows(file, found, name), found, handler, book, progress)
    except OSError as error:
        raise InputError(Message("file_unreadable", {"why": error.strerror or str(error)}), file=name) from None
    book.close()
    reading.files.append(report)
    if not report.balanced():
        raise AssertionError(f"rows of {name} do not add up: {report.read} read")  # a defect of ours


def _facts(lines: Sequence[str], found: Recognised) -> Facts:
    """What the header says, and `preamble` (the lines above it) and `delimiter`."""
    above = "".join(lines[: found.lines - 1]).replace("\ufeff", "")
    return {**found.match.facts, "preamble": above, "delimiter": found.delimiter}


def _rows(file: Iterator[str], found: Recognised, name: str) -> Iterator[tuple[int, list[str]]]:
    """(physical line where it starts, cells) of each row below the header; empty lines are no rows."""
    for _ in range(found.lines):
        next(file)
    plain = (line.replace("\ufeff", "") for line in file)  # one venue puts a byte order mark before every cell
    offset, reader = found.lines + 1, csv.reader(plain, delimiter=found.delimiter, strict=True)
    start = offset
    try:
        for row in reader:
            if row:
                if len(row) == 1 and found.width > 1 and found.delimiter in row[0]:  # a line quoted whole
                    row = next(csv.reader([row[0]], delimiter=found.delimiter, strict=True))
                yield start, row
            start = offset + reader.line_num
    except csv.Error as error:
        raise InputError(Message("file_bad_csv", {"why": str(error)}), file=name, line=start) from None


def _run(
    rows: Iterator[tuple[int, list[str]]], found: Recognised, handler: Handler, book: Book, progress: Progress | None
) -> None:
    places, width, report, handle = found.match.places, found.width, book.report, handler.row
    pick: Callable[[list[str]], tuple[str, ...]]
    pick = itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)
    read = used = 0
    for line, row in rows:
        read += 1
        if progress is not None and read % _STEP == 0:
            progress(report.file, read)
        cells = [cell.strip() for cell in row]
        book.year = None
        try:
            if len(cells) != width:
                _fit(cells, width)
            if not any(cells):
                book.ignore("blank_row")
                continue
            cells.append("")  # what an absent column (place -1) picks
            result = handle(pick(cells), line)
        except RowError as error:
            book.reject(line, error.column, error.value, error.message, book.year)
            continue
        if result is True:
            used += 1
        elif result:
            book.ignore(str(result))
    report.read += read
    report.used += used
    handler.finish()
    if progress is not None:
        progress(report.file, read)


def _fit(cells: list[str], width: int) -> None:
    """A row shorter than the header ends in empty cells; a longer one may have only empty cells more."""
    if len(cells) < width:
        cells.extend([""] * (width - len(cells)))
    elif any(cells[width:]):
        raise RowError(None, next(c for c in cells[width:] if c), "row_too_long", cells=len(cells), columns=width)
    else:
        del cells[width:]
