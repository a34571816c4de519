"""The account of one file while it is read: every row ends used, ignored by a named rule, or rejected; defaults and
roundings are counted and said once a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from salyq.civil.days import kz_day, parse_day, parse_time
from salyq.civil.messages import Message
from salyq.civil.numbers import round_half_up
from salyq.records.columns import Coded, Times
from salyq.records.contract import breaches
from salyq.records.model import Source
from salyq.records.reading import FileReport, Reading, Rejection, Rule, Unclear
from salyq.sources.coin_names import code_meant
from salyq.sources.day_order import day_first_told, orders, plain, year_first
from salyq.sources.format import LATER, UNDONE, RowError, only
from salyq.sources.taken_back import TakenBack, fee_of, shown_without, undoing

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

TIYN = 10**16  # one tiyn in 10⁻¹⁸ tenge
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_TIME = 100  # characters
_SHOWN = 200  # of a bad value, so many characters are kept


class Book:
    """Where handlers put what they find. `days` are the first and last day (of Kazakhstan) of the row at hand, once
    they are known.

    `day_order`: the order of day and month in this file's times, where its rows tell (habits/day_order.py)."""

    def __init__(self, reading: Reading, report: FileReport) -> None:
        self.reading, self.report = reading, report
        self.first = len(reading.records)  # of this file
        self.days: tuple[date, date] | None = None
        self.day_order: str | None = None
        self._waiting: set[int] = set()
        self._taken_back: list[TakenBack] = []
        self._times: dict[str, tuple[datetime, date, bool]] = {}
        self._hours: dict[str, tuple[int, date]] = {}  # the clock of Kazakhstan is whole hours away from UTC
        self._days: dict[str, date] = {}
        self._assets: dict[str, str] = {}
        self._notices: dict[tuple[str, tuple[tuple[str, object], ...]], list[int]] = {}

    def source(self, line: int, origin: str = "") -> Source:
        """The place of a row of this file."""
        return Source(self.report.file, line, self.report.identity, origin)

    def wait(self, line: int) -> None:
        """A row of which the handler will say later what became of it."""
        self._waiting.add(line)

    def wait_all(self, lines: Iterable[int]) -> None:
        """`wait` of each."""
        self._waiting.update(lines)

    def use(self, *lines: int) -> None:
        """Rows that waited became records."""
        self.report.used += self._done(lines)

    def ignore(self, rule: Rule, *lines: int) -> None:
        """Rows that waited are left out by a named rule."""
        found = self._done(lines)
        if found:
            self.report.ignore(rule, found)

    def _done(self, lines: Iterable[int]) -> int:
        """How many of `lines` still waited; a row ends once, whatever a handler says."""
        found = self._waiting.intersection(lines)
        self._waiting -= found
        return len(found)

    def take_back(self, row: TakenBack) -> Rule:
        """A row that takes back some of what came in free: settled once all rows are known (taken_back.py)."""
        self._taken_back.append(row)
        return LATER

    def settle_taken_back(self) -> None:
        """Receipts shortened or undone by the rows that take them back."""
        rows = sorted(self._taken_back, key=lambda row: (row.time, row.line))
        if not rows:
            return
        self._taken_back.clear()
        records = self.reading.records
        found = undoing(records, self.first, rows)
        balances = self.reading.balances
        balances[:] = shown_without(balances, self.report.file, records, rows, found)
        gone = {n for n, quantity in found.left.items() if not quantity} - found.fees
        still = {r.source.line for n, r in enumerate(records) if n >= self.first and n not in gone}
        for place, row in enumerate(rows):
            taken = found.shortened.get(place)
            stays = next((records[n].source.line for n, _ in taken or () if records[n].source.line in still), None)
            if taken is None and row.otherwise is None:
                self.reject(row.line, row.column, row.value, row.reason, row.day, only(row.group[2], row.way))
            elif taken is None:
                self.use(row.line)
            elif stays is None:
                self.ignore(UNDONE, row.line)
            else:
                self.use(row.line)
                self.report.join(stays, [row.line])
        for line in {records[n].source.line for n in gone} - still:
            lines = 1 + len(self.report.joined.pop(line, ()))
            self.report.used -= lines
            self.report.ignore(UNDONE, lines)
        kept = [
            fee_of(r) if n in found.fees else r._replace(quantity=found.left[n]) if n in found.left else r
            for n, r in enumerate(records[self.first :], start=self.first)
            if n not in gone
        ]
        instead = [r.otherwise for p, r in enumerate(rows) if p not in found.shortened and r.otherwise is not None]
        records[self.first :] = kept + instead

    def refuse_waiting(self, reason: Message) -> None:
        """Rows that nothing became of are rejected: none is lost."""
        for line in sorted(self._waiting):
            self.report.rejected.append(Rejection(self.source(line), None, None, reason))
        self._waiting.clear()

    def reject(
        self,
        line: int,
        column: str | None,
        value: str | None,
        reason: Message,
        day: date | tuple[date, date] | None,
        moved: tuple[frozenset[str] | None, str] = (None, ""),
    ) -> None:
        """List a row that could not be used, of a day or of a first and a last one.

        `moved`: the assets that it could have moved (None: any), and the way."""
        self._waiting.discard(line)
        days = (day, day) if isinstance(day, date) else day
        shown = None if value is None else value[:_SHOWN]
        self.report.rejected.append(Rejection(self.source(line), column, shown, reason, days, *moved))

    def unclear(self, account: str, legs: Iterable[tuple[datetime, str, int, int]]) -> None:
        """Legs (time, coin, change, line) that were rejected because they could not be told apart: a list of the trades
        beside this file may tell them, second by second (reconcile/explained.py)."""
        moments: dict[int, dict[str, int]] = {}
        lines: dict[int, list[int]] = {}
        for time, coin, change, line in legs:
            second = (time - _EPOCH) // timedelta(seconds=1)
            sums = moments.setdefault(second, {})
            sums[coin] = sums.get(coin, 0) + change
            lines.setdefault(second, []).append(line)
        for second, sums in moments.items():
            found = Unclear(self.report.file, account, second, tuple(sorted(sums.items())), tuple(lines[second]))
            self.reading.unclear.append(found)

    def notice(self, line: int, code: str, /, **params: object) -> None:
        """Count something the person should know; said once a file, at its first line, with `count`."""
        found = self._notices.setdefault((code, tuple(params.items())), [line, 0])
        found[1] += 1

    def notice_lines(self, lines: Sequence[int], code: str, /, **params: object) -> None:
        """`notice` of each of these lines."""
        if lines:
            self._notices.setdefault((code, tuple(params.items())), [lines[0], 0])[1] += len(lines)

    def withdraw(self) -> None:
        """Records of this file that break the contract of records leave with all that their rows said."""
        records, first = self.reading.records, self.first
        own = records[first:] if first else records
        bad = {r.source.line: (r, why) for r, why in breaches(own)}
        if not bad:
            return
        stays = own.where([line not in bad for line in own.column("line")])
        records[first:] = stays
        for line, (record, (field, reason)) in sorted(bad.items()):
            lines = [line, *self.report.joined.pop(line, ())]
            self.report.used -= len(lines)
            moved = frozenset({record.asset})
            for each in lines:
                self.reject(each, field, None, reason, record.day, (moved, ""))

    def close(self) -> None:
        """Put the notices of this file into the reading, in the order of their first lines."""
        for (code, params), (line, count) in sorted(self._notices.items(), key=lambda item: (item[1], item[0][0])):
            self.reading.notices.append((self.source(line), Message(code, {**dict(params), "count": count})))
        self._notices.clear()

    def time(self, text: str, line: int, column: str = "time") -> tuple[datetime, date]:
        """A time in UTC and its Kazakhstan day: ISO 8601, or such as "25.05.2026 14:05".

        Without an offset it is Kazakhstan time, with a notice."""
        found = self.moment(text, column)
        if not found[2]:
            self.notice(line, "notice_time_without_offset")
        self.days = (found[1], found[1])
        return found[0], found[1]

    def moment(self, text: str, column: str = "time") -> tuple[datetime, date, bool]:
        """As `time`, and whether the text named an offset; nothing is noted."""
        found = self._times.get(text)
        if found is None:
            if len(text) > _LONGEST_TIME:
                raise RowError(column, text, "row_bad_time")
            if not text:
                raise RowError(column, None, "row_cell_missing", column=column)
            try:
                moment, offset = parse_time(year_first(text))
            except (ValueError, OverflowError):
                raise RowError(column, text, "row_bad_time") from None
            found = self._times[text] = (moment, kz_day(moment), offset)
        return found

    def moments(self, cells: Cells) -> tuple[Times, Coded] | None:
        """The times of many rows, and their days, where all are written 2024-01-31T06:00:00Z; else None."""
        told = cells.hours()
        if told is None:
            return None
        try:
            for hour in told.texts:
                if hour not in self._hours:
                    start = datetime.fromisoformat(f"{hour}:00:00Z")
                    self._hours[hour] = (start - _EPOCH) // _MICRO, kz_day(start)
        except ValueError:
            return None
        begins, days = zip(*map(self._hours.__getitem__, told.texts), strict=True)
        own: dict[date, int] = {}
        table = [own.setdefault(day, len(own)) for day in days]
        return Times.since(begins, told.number, told.micros), Coded.of_numbers([*own], table, told.number)

    def venue_time(self, text: str, parse: Callable[[str], datetime], column: str) -> tuple[datetime, date]:
        """A time in a venue's own spelling, and its Kazakhstan day. `parse` gives UTC or raises ValueError."""
        found = self._times.get(text)
        if found is None:
            if len(text) > _LONGEST_TIME:  # before any pattern looks at it
                raise RowError(column, text, "row_bad_venue_time")
            try:
                moment = parse(plain(text, self.day_order))
            except (ValueError, OverflowError):
                raise RowError(column, text or None, "row_bad_venue_time") from None
            found = self._times[text] = (moment, kz_day(moment), True)
        self.days = (found[1], found[1])
        return found[0], found[1]

    def day(self, text: str, column: str = "date") -> date:
        """A date written YYYY-MM-DD, or as people write it where that can be read in one way only."""
        found = self._days.get(text)
        if found is None:
            if not text:
                raise RowError(column, None, "row_cell_missing", column=column)
            try:
                found = self._days[text] = parse_day(text if _ISO_DAY.fullmatch(text) else day_first_told(text))
            except ValueError:
                raise RowError(column, text, "row_day_two_ways" if len(orders(text)) > 1 else "row_bad_date") from None
        self.days = (found, found)
        return found

    def code(self, text: str, column: str = "asset") -> str:
        """An asset or currency code, in capitals (codes are compared without case)."""
        found = self._assets.get(text)
        if found is None:
            if not text:
                raise RowError(column, None, "row_cell_missing", column=column)
            found = text.upper().strip()  # capitals may be longer: ß is SS
            if not found or len(found) > 64 or not found.isprintable():
                raise RowError(column, text, "row_bad_asset")
            meant = code_meant(text)
            if meant is not None:
                self.notice(0, "notice_code_meant", written=text, code=meant)
                found = meant
            self._assets[text] = found
        return found

    def code_as_written(self, text: str, column: str = "asset") -> str:
        """As `code`, of many rows at once. RowError too where the text means another code that no row has said yet: of
        a row that is refused nothing is noted."""
        if text not in self._assets and code_meant(text) is not None:
            raise RowError(column, text, "notice_code_meant")
        return self.code(text, column)

    def tenge(self, amount: int, line: int) -> int:
        """An amount of tenge (10⁻¹⁸) rounded half up to two decimals, with a notice where that changes it."""
        if amount % TIYN:
            self.notice(line, "notice_tenge_rounded")
            return round_half_up(amount, TIYN) * TIYN
        return amount
