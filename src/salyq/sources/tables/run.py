"""The rows of one table through its handler: every row ends used, ignored by a named rule, or rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from salyq.civil.messages import Message
from salyq.records import columns
from salyq.sources.book import Book
from salyq.sources.format import BLANK, LATER, NOTHING_THERE, Handler, ManyRows, RowError
from salyq.sources.habits.rules import TOTAL
from salyq.sources.habits.totals import is_total
from salyq.sources.tables.header import Recognised
from salyq.sources.tables.lines import Plain, Row, rows_of
from salyq.sources.tables.unread_fees import FeeSums

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

Progress = Callable[[str, int], None]  # (file, rows read so far)
_STEP = 5000  # rows between two calls of progress

_WHAT = r"(records?|data|results?|transactions?|trades?|deposits?|withdrawals?|history|entries|orders?|activity)"
_RU = r"(данн\w+|запис\w+|операци\w+|транзакци\w+|сдел\w+|ордер\w+)"
_KK = r"(деректер|жазбалар|операциялар|транзакциялар|мәмілелер|ордерлер)"
_NOTHING = re.compile(
    rf"((sorry|there (is|are|were)|you (have|had)|we found),? )?no( matching| more| available| such)? {_WHAT}"
    r"( (were|was))?( found| available| to (show|display))?( (in|for|during|within|over|on) [a-z ]{1,40})?|"
    rf"{_WHAT} not found|nothing found|нет {_RU}|{_RU} (нет|отсутству[юе]т|не найден[оаы]?)|ничего не найдено|"
    rf"{_KK} (жоқ|табылмады)|(暂无|没有|无)(数据|记录|交易|订单)",
    re.IGNORECASE,
)


_DASHES = frozenset(("-", "--", "\u2013", "\u2014"))


def _says_nothing(cells: Sequence[str]) -> bool:
    """A row whose only cell says that there are none, or in which nothing but dashes stands."""
    filled = [cell for cell in cells if cell]
    if len(filled) > 1 and all(cell in _DASHES for cell in filled):
        return True
    return len(filled) == 1 and len(filled[0]) <= 80 and _NOTHING.fullmatch(filled[0].strip(" .!*-。")) is not None


class Runner:
    """Gives the rows of a table to its handler, one by one or, where it takes them so, many at once."""

    def __init__(self, found: Recognised, handler: Handler, book: Book, progress: Progress | None) -> None:
        self.found, self.handler, self.book, self.progress = found, handler, book, progress
        self.read = 0
        self.by_columns = False  # whether a block was read so
        self.fees = FeeSums(found.fees, found.lines) if found.fees else None
        places = found.match.places
        self.pick: Callable[[list[str]], tuple[str, ...]]
        self.pick = itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)

    def plain(self, part: Plain) -> None:
        """Plain lines: many by columns, where the handler reads such and each has as many cells as the header."""
        if self.fees is None and isinstance(self.handler, ManyRows) and (part.size >= columns.MANY or self.by_columns):
            from salyq.sources.tables.cells import cells_of

            table = cells_of(part.text, self.found.delimiter, self.found.width)
            if table is not None:
                self.by_columns = True
                self._many(self.handler, [part.first + n for n in table.lines], table.columns)
                return
        self.rows(rows_of(part, self.found))

    def _many(self, handler: ManyRows, numbers: Sequence[int], cells: Sequence[Cells]) -> None:
        """Lines of as many cells as the header, by columns. What is not clean goes through the handler as any row."""
        own = [cells[place] if place >= 0 else None for place in self.found.match.places]
        before = self.read

        def one(place: int) -> None:
            self.rows([(numbers[place], [column[place] for column in cells])])

        used = handler.many(numbers, own, one)  # `one` counts in the report too
        self.book.report.used += used
        self.read = before + len(numbers)
        if self.progress is not None and before // _STEP < self.read // _STEP:
            self.progress(self.book.report.file, self.read)

    def rows(self, rows: Iterable[tuple[int, Row]]) -> None:
        """Row by row."""
        width, book, handle, pick = self.found.width, self.book, self.handler.row, self.pick
        report, progress, before = book.report, self.progress, self.read
        read = used = 0
        for line, row in rows:
            read += 1
            if progress is not None and (before + read) % _STEP == 0:
                progress(report.file, before + read)
            book.days = None
            cells, fits = [], False
            try:
                if isinstance(row, RowError):
                    raise row
                cells = [cell.strip() for cell in row]
                if len(cells) != width:
                    fit(cells, width)
                filled = width - cells.count("")
                if not filled:
                    report.ignore(BLANK)
                    continue
                fits = True
                if (filled == 1 or cells[0] in _DASHES) and _says_nothing(cells):
                    report.ignore(NOTHING_THERE)
                    continue
                cells.append("")  # what an absent column (place -1) picks
                result = handle(pick(cells), line)
            except RowError as error:
                if fits and self.found.format.own and is_total(pick(cells)):
                    report.ignore(TOTAL)
                    continue
                moved = self.found.format.touched(pick(cells)) if fits else (None, "")
                book.reject(line, error.column, error.value, error.message, book.days, moved)
                continue
            if self.fees is not None and (result is True or not result or result is LATER):
                self.fees.add(cells)
            if result is True:
                used += 1
            elif result and result is not LATER:
                report.ignore(result)
            else:
                book.wait(line)
        report.used += used
        self.read += read

    def close(self) -> None:
        """After the last row: what waited is settled, and nothing waits on."""
        book = self.book
        book.report.read += self.read
        if self.fees is not None:
            self.fees.tell(book)
        try:
            self.handler.finish()
        except RowError as error:
            book.refuse_waiting(error.message)
        book.settle_taken_back()
        book.refuse_waiting(Message("row_unaccounted"))
        if self.progress is not None:
            self.progress(book.report.file, self.read)


def fit(cells: list[str], width: int) -> None:
    """A row shorter than the header ends in empty cells; a longer one may have only empty cells more."""
    if len(cells) < width:
        cells.extend([""] * (width - len(cells)))
    elif any(cells[width:]):
        raise RowError(None, next(c for c in cells[width:] if c), "row_too_long", cells=len(cells), columns=width)
    else:
        del cells[width:]
