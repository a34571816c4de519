"""Reading one file: probe, recognise, then row by row through its handler; every row is accounted for."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.records.model import Source
from salyq.records.reading import Reading
from salyq.sources.book import Book
from salyq.sources.day_order import is_unclear, order_of
from salyq.sources.format import BLANK, LATER, NOTHING_THERE, Facts, Format, Handler, RowError
from salyq.sources.tables.header import PREAMBLE, Head, Recognised, recognise, split_line, text_heads
from salyq.sources.tables.text import LARGEST_FILE, LONGEST_LINE, probe

Progress = Callable[[str, int], None]  # (file, rows read so far)
_STEP = 5000  # rows between two calls of progress
_LOOKED_AT = 20  # rows in which a column of days is looked for
_LOOKED_AHEAD = 3  # lines below a broken one, of which one must be a row
_MOST_LINES = 100  # lines of one row: a quote that does not close must not swallow the file

Row = list[str] | RowError  # cells, or why a line is none


def read_table(path: Path, name: str, formats: Sequence[Format], reading: Reading, progress: Progress | None) -> None:
    """Read one file into `reading`. InputError where the file as a whole cannot be used; a bad row is a Rejection."""
    try:
        if path.suffix.lower() == ".xlsx":
            _read_workbook(path, name, formats, reading, progress)
        else:
            _read_text(path, name, formats, reading, progress)
    except OSError as error:
        raise InputError(Message("file_unreadable", {"why": error.strerror or str(error)}), file=name) from None


def read_rows(
    form: Format, name: str, header: Sequence[str], rows: Iterable[tuple[int, list[str]]], reading: Reading
) -> None:
    """Read rows that stand in no file of their own, (line, cells) in the order of `header`, as rows of `form`.

    InputError where the header is not that of `form`; a bad row is a Rejection.
    """
    match = form.match(header)
    if match is None:
        raise InputError(Message("file_no_reader"), file=name)
    found = Recognised(form, match, "", 0, len(header))
    book = Book(reading, form.report(name, ""))
    _run(rows, found, form.start(book, {**match.facts, "preamble": "", "delimiter": ""}), book, None)
    _close(book)


def _read_text(path: Path, name: str, formats: Sequence[Format], reading: Reading, progress: Progress | None) -> None:
    probed = probe(path, name)
    with path.open(encoding=probed.encoding, newline="") as file:
        lines = list(islice(iter(lambda: file.readline(LONGEST_LINE), ""), PREAMBLE))
    found = recognise(text_heads(lines), formats, name)
    if found.format.own and probed.bad_line is not None:
        raise InputError(Message("file_not_utf8", {"format": found.format.name}), file=name, line=probed.bad_line)
    book = Book(reading, found.format.report(name, probed.sha256))
    if probed.encoding == "cp1251":
        book.notice(probed.bad_line or 1, "notice_read_as_cp1251")
    facts = _facts(lines, found)
    handler = found.format.start(book, facts)
    heads = [(n, split_line(line, found.delimiter) or []) for n, line in enumerate(lines[: found.lines - 1], start=1)]
    above = _rows_above(heads, found, facts, book)
    with path.open(encoding=probed.encoding, newline="") as file:
        unclear = [] if found.format.own else _unclear_places(islice(_rows(file, found, name), _LOOKED_AT), found)
    if unclear:
        with path.open(encoding=probed.encoding, newline="") as file:
            book.day_order = _day_order(_rows(file, found, name), unclear)
    with path.open(encoding=probed.encoding, newline="") as file:
        _run(chain(above, _rows(file, found, name)), found, handler, book, progress)
    _close(book)


def _rows_above(
    lines: Iterable[tuple[int, list[str]]], found: Recognised, facts: Facts, book: Book
) -> list[tuple[int, Row]]:
    """Lines above the header that are rows of the table: a sheet that was sorted takes its header along. What the
    reader can read as a row is one; the rest is the preamble."""
    if found.format.own:
        return []
    trial = Book(Reading(addresses=book.reading.addresses), found.format.report(book.report.file, ""))
    rows: list[tuple[int, Row]] = []
    for line, cells in lines:
        if len(cells) < 2 or not any(cells):
            continue
        fitted = [cell.strip() for cell in cells]
        try:
            _fit(fitted, found.width)
            picked = tuple([fitted[place] if place >= 0 else "" for place in found.match.places])
            result = found.format.start(trial, facts).row(picked, line)
        except RowError:
            continue
        if result is None or result is True:
            rows.append((line, list(cells)))
    if rows:
        book.notice(rows[0][0], "notice_rows_above_header", rows=len(rows))
    return rows


def _unclear_places(rows: Iterable[tuple[int, Row]], found: Recognised) -> list[int]:
    """Columns of the reader with days such as 03/04/2024."""
    places = {place for place in found.match.places if place >= 0}
    first = [row for _, row in rows if not isinstance(row, RowError)]
    return sorted({n for row in first for n in places if n < len(row) and is_unclear(row[n])})


def _day_order(rows: Iterable[tuple[int, Row]], places: Sequence[int]) -> str | None:
    """The order of day and month that all rows of the file allow."""
    texts = {row[n] for _, row in rows if not isinstance(row, RowError) for n in places if n < len(row)}
    return order_of(texts)


def _read_workbook(
    path: Path, name: str, formats: Sequence[Format], reading: Reading, progress: Progress | None
) -> None:
    """Every sheet that a reader takes; at least one must. Where there are several, each is called by its title too."""
    if path.stat().st_size > LARGEST_FILE:
        raise InputError(Message("file_too_large", {"limit": LARGEST_FILE // 10**9}), file=name)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    from salyq.sources.tables.xlsx import Workbook

    workbook, refused, taken = Workbook(path, name), [], 0
    try:
        for sheet in workbook.sheets:
            called = name if len(workbook.sheets) == 1 else f"{name} [{sheet.title}]"
            rows, rounded = workbook.rows(sheet), workbook.rounded
            first = list(islice(rows, PREAMBLE))
            if not first:
                continue
            try:
                found = recognise([_sheet_head(row) for row in first], formats, called)
            except InputError as error:
                refused.append(error)
                continue
            book = Book(reading, found.format.report(called, digest))
            if len(workbook.sheets) > 1:
                book.report.sheet = sheet.title
            heads = [row for row in first if row[0] < found.lines]
            text = "\n".join(" ".join(cells) for _, cells in heads)
            facts = {**found.match.facts, "preamble": text, "delimiter": ""}
            handler = found.format.start(book, facts)
            unclear = [] if found.format.own else _unclear_places(first[:_LOOKED_AT], found)
            if unclear:
                before = workbook.rounded
                book.day_order = _day_order(workbook.rows(sheet), unclear)
                workbook.rounded = before
            above = _rows_above(heads, found, facts, book)
            below = chain(above, (row for row in first if row[0] > found.lines), rows)
            _run(below, found, handler, book, progress)
            if workbook.rounded > rounded:
                book.notice(found.lines + 1, "notice_xlsx_rounded", numbers=workbook.rounded - rounded)
            _close(book)
            taken += 1
    finally:
        workbook.close()
    _told_of_sheets(refused, taken, reading, name)


def _sheet_head(row: tuple[int, list[str]]) -> Head:
    cells = [cell.strip() for cell in row[1]]
    while cells and not cells[-1]:
        cells.pop()
    return Head(row[0], (("", cells),) if cells else ())


def _told_of_sheets(refused: list[InputError], taken: int, reading: Reading, name: str) -> None:
    """A misspelt table of our own is an error; a sheet that is no table at all is told, if another one was read."""
    meant = [e for e in refused if e.message.code != "file_no_reader"]
    if meant or (refused and not taken):
        raise (meant or refused)[0]
    if not taken:
        raise InputError(Message("file_empty"), file=name)
    for error in refused:
        reading.notices.append((Source(error.file or name, error.line or 0), Message("notice_sheet_skipped")))


def _close(book: Book) -> None:
    book.close()
    book.withdraw()
    book.reading.files.append(book.report)
    if not book.report.balanced():
        raise AssertionError(f"rows of {book.report.file} do not add up: {book.report.read} read")  # a defect of ours


def _facts(lines: Sequence[str], found: Recognised) -> Facts:
    """What the header says, and `preamble` (the lines above it) and `delimiter`."""
    above = "".join(lines[: found.lines - 1]).replace("\ufeff", "")
    return {**found.match.facts, "preamble": above, "delimiter": found.delimiter}


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


def _rows(file: Iterator[str], found: Recognised, name: str) -> Iterator[tuple[int, Row]]:
    """(physical line where it starts, cells) of each row below the header; empty lines are no rows.

    A line that is no CSV is a RowError, and the next row starts on the line below it; InputError: no row follows."""
    for _ in range(found.lines):
        next(file)
    lines = _Lines(file, found.lines + 1)
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


_NOTHING = re.compile(
    r"no( matching| more)? (records?|data|results?|transactions?|entries|orders?)( were)?( found| available)?|"
    r"nothing found|нет (данных|записей|операций)|(данных|записей) нет|данные отсутствуют|записи не найдены|"
    r"ничего не найдено|(деректер|жазбалар) (жоқ|табылмады)",
    re.IGNORECASE,
)


def _says_nothing(cells: Sequence[str]) -> bool:
    """A row whose only cell says that there are none."""
    filled = [cell for cell in cells if cell]
    return len(filled) == 1 and len(filled[0]) <= 60 and _NOTHING.fullmatch(filled[0].strip(" .!*-")) is not None


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


def _run(
    rows: Iterable[tuple[int, Row]], found: Recognised, handler: Handler, book: Book, progress: Progress | None
) -> None:
    places, width, report, handle = found.match.places, found.width, book.report, handler.row
    pick: Callable[[list[str]], tuple[str, ...]]
    pick = itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)
    read = used = 0
    for line, row in rows:
        read += 1
        if progress is not None and read % _STEP == 0:
            progress(report.file, read)
        book.days = None
        cells, fits = [], False
        try:
            if isinstance(row, RowError):
                raise row
            cells = [cell.strip() for cell in row]
            if len(cells) != width:
                _fit(cells, width)
            if not any(cells):
                report.ignore(BLANK)
                continue
            fits = True
            if _says_nothing(cells):
                report.ignore(NOTHING_THERE)
                continue
            cells.append("")  # what an absent column (place -1) picks
            result = handle(pick(cells), line)
        except RowError as error:
            moved = found.format.touched(pick(cells)) if fits else (None, "")
            book.reject(line, error.column, error.value, error.message, book.days, moved)
            continue
        if result is True:
            used += 1
        elif result and result is not LATER:
            report.ignore(result)
        else:
            book.wait(line)
    report.read += read
    report.used += used
    try:
        handler.finish()
    except RowError as error:
        book.refuse_waiting(error.message)
    book.settle_taken_back()
    book.refuse_waiting(Message("row_unaccounted"))
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
