"""Reading one file: probe, recognise, then row by row through its handler; every row is accounted for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.records.model import Source
from salyq.records.reading import Reading
from salyq.sources.book import Book
from salyq.sources.day_order import is_unclear, order_of
from salyq.sources.format import Facts, Format, RowError
from salyq.sources.tables.header import PREAMBLE, Head, Recognised, recognise, split_line, text_heads
from salyq.sources.tables.json_lists import read_json
from salyq.sources.tables.lines import Plain, Row, parts, rows
from salyq.sources.tables.run import Progress, Runner, fit
from salyq.sources.tables.text import LARGEST_FILE, LONGEST_LINE, probe
from salyq.sources.tables.unread_fees import unread_fees

__all__ = ["Progress", "read_rows", "read_table"]

_LOOKED_AT = 20  # rows in which a column of days is looked for


def read_table(path: Path, name: str, formats: Sequence[Format], reading: Reading, progress: Progress | None) -> None:
    """Read one file into `reading`. InputError where the file as a whole cannot be used; a bad row is a Rejection."""
    try:
        if path.suffix.lower() == ".xlsx":
            _read_workbook(path, name, formats, reading, progress)
        elif path.suffix.lower() == ".json":
            read_json(path, name, formats, reading, lambda *table: _read_list(name, reading, *table))
        else:
            _read_text(path, name, formats, reading, progress)
    except OSError as error:
        raise InputError(Message("file_unreadable", {"why": error.strerror or str(error)}), file=name) from None


def read_rows(
    form: Format,
    name: str,
    header: Sequence[str],
    rows: Iterable[tuple[int, list[str]]],
    reading: Reading,
    sha256: str = "",
) -> None:
    """Read rows that stand in no table of their own, (line, cells) in the order of `header`, as rows of `form`.

    InputError where the header is not that of `form`; a bad row is a Rejection.
    """
    match = form.match(header)
    if match is None:
        raise InputError(Message("file_no_reader"), file=name)
    found = Recognised(form, match, "", 0, len(header), fees=unread_fees(form, header, match.places))
    book = Book(reading, form.report(name, sha256))
    runner = Runner(found, form.start(book, {**match.facts, "preamble": "", "delimiter": ""}), book, None)
    runner.rows(rows)
    runner.close()
    _close(book)


def _read_list(
    name: str, reading: Reading, form: Format, header: Sequence[str], rows: list[tuple[int, list[str]]], sha256: str
) -> None:
    read_rows(form, name, header, rows, reading, sha256)


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
        unclear = [] if found.format.own else _unclear_places(islice(rows(file, found, name), _LOOKED_AT), found)
    if unclear:
        with path.open(encoding=probed.encoding, newline="") as file:
            book.day_order = _day_order(rows(file, found, name), unclear)
    with path.open(encoding=probed.encoding, newline="") as file:
        runner = Runner(found, handler, book, progress)
        runner.rows(above)
        for part in parts(file, found, name):
            if isinstance(part, Plain):
                runner.plain(part)
            else:
                runner.rows(part)
        runner.close()
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
            fit(fitted, found.width)
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
            runner = Runner(found, handler, book, progress)
            runner.rows(below)
            runner.close()
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
