"""Histories of conversions: one row, what was given and what was taken, each with its coin beside the number."""

from __future__ import annotations

from collections.abc import Callable

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Handler, RowError, yields
from salyq.sources.habits.amounts import above_zero
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.columns import Cells, arranged
from salyq.sources.habits.pairs import glued
from salyq.sources.habits.rows import At, Fee, Side, VenueRows
from salyq.sources.habits.rules import UNFINISHED
from salyq.sources.habits.transfer_history import finished
from salyq.sources.habits.zone import VenueClock

ORDER = ("Time", "Sell", "Buy", "Status", "Fee")


class ConvertRows(VenueRows):
    """Rows of one history."""

    def __init__(self, book: Book, facts: Facts, account: str, arrange: Callable[[Cells], Cells]) -> None:
        super().__init__(book, account)
        self.arrange = arrange
        self.clock = VenueClock(book, facts)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, sell, buy, status, fee_text = self.arrange(cells)
        if not finished(status):
            return UNFINISHED
        time, day = self.clock.read(when, "Time", line)
        given, taken = self.side(sell, "Sell", line), self.side(buy, "Buy", line, dust=True)
        fees: list[Fee] = []
        if fee_text.strip("- 0."):
            fee = self.side(fee_text, "Fee", line)
            fees = [(fee.quantity, fee.asset)]
        at = At(line, time, day, f"Convert {sell} → {buy}")
        tie = f"{self.account}:{time:%Y%m%dT%H%M%SZ}:convert:{given.asset}>{taken.asset}"
        return self.deal(at, given, taken, fees, group=tie)

    def side(self, text: str, column: str, line: int, *, dust: bool = False) -> Side:
        """RowError: no number, or no coin; `dust`: what came in may have rounded to nothing."""
        number, unit = glued(text, column)
        if not unit:
            raise RowError(column, text, "amount_without_coin")
        return Side(
            coin_code(self.book, unit, column, line), 0 if dust and not number else above_zero(number, text, column)
        )


def converts(name: str, account: str, venue: str, page: str, *columns: Column) -> Format:
    """The format of a history of conversions; its columns bear the names of `ORDER` (habits/columns.py)."""
    arrange = arranged(columns, ORDER)

    def start(book: Book, facts: Facts) -> Handler:
        return ConvertRows(book, facts, account, arrange)

    return Format(
        name,
        columns,
        start,
        tells=Tells.FILLS,
        yields=yields(Yields.RECORDS),
        venue=venue,
        exchange=True,
        page=page,
    )
