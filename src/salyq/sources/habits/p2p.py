"""Lists of P2P orders: coins bought from a person or sold to one, against money that moved outside the venue.

One order, one record; only orders that were carried out count. A venue's list is its account and its columns under
common names, in the order of `ORDER`; what it lacks stays out. `Pair` is money and coin in one cell ("KZT/USDT").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from salyq.civil.currencies import is_currency
from salyq.records.model import Record
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Handler, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount
from salyq.sources.habits.clock import header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.columns import Cells, arranged
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rules import UNFINISHED
from salyq.sources.habits.times import utc_time
from salyq.sources.habits.zone import VenueClock

ORDER = ("Time", "Type", "Coin", "Money", "Pair", "Total", "Quantity", "Fee", "Fee 2", "With", "Status", "Order")
_KINDS = {"buy": "buy", "sell": "sell"}
_DONE = frozenset(("completed", "fulfilled", "done"))
_NOT_DONE = re.compile(
    r"((system )?cancell?ed( by system)?|expired|(in )?appeal|in progress|processing|trading|(un|buyer )?paid|"
    r"pending( payment)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class P2P:
    """`utc`: its times are known to be UTC where the header names no zone; else that is assumed and said."""

    account: str
    name: str
    utc: bool = False


class OrderRows:
    """Rows of one list. Each cell is told under the title that the file has."""

    def __init__(
        self, book: Book, facts: Facts, venue: P2P, arrange: Callable[[Cells], Cells], titles: dict[str, str]
    ) -> None:
        self.book, self.venue, self.arrange, self.titles = book, venue, arrange, titles
        self.clock = VenueClock(book, facts)
        self.offset = header_zone(facts.get("zone")).utcoffset(None)
        self.thousands = facts.get("delimiter") in (",", "")  # a decimal comma parts cells otherwise

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, type_text, coin, money, pair, total, quantity_text, *rest = self.arrange(cells)
        maker, taker, counterparty, status, order = rest
        title = self.titles
        if self.venue.utc:
            time, day = self.book.venue_time(when, self.of_zone, title["Time"])
        else:
            time, day = self.clock.read(when, title["Time"], line)
        if _NOT_DONE.fullmatch(status):
            return UNFINISHED
        if status.casefold() not in _DONE:
            raise RowError(title["Status"], status or None, "row_bad_choice", choices="Completed, Cancelled")
        kind = _KINDS.get(type_text.casefold())
        if kind is None:
            raise RowError(title["Type"], type_text or None, "row_bad_choice", choices="Buy, Sell")
        if "Pair" in title:
            money, _, coin = (part.strip() for part in pair.partition("/"))
            title = {**title, "Money": title["Pair"], "Coin": title["Pair"]}
        fiat = self.book.code(money, title["Money"])
        if not is_currency(fiat):
            raise RowError(title["Money"], fiat, "row_not_a_currency")
        quantity, value = self.whole(quantity_text, title["Quantity"]), self.whole(total, title["Total"])
        asset = coin_code(self.book, coin, title["Coin"], line)
        fee = sum(self.fee(text, title[name]) for text, name in ((maker, "Fee"), (taker, "Fee 2")) if name in title)
        self.book.reading.records.append(
            Record(
                time,
                day,
                kind,
                asset,
                quantity,
                self.book.tenge(value, line) if fiat == "KZT" else value,
                fiat,
                fee or None,
                asset if fee else None,
                self.venue.account,
                counterparty or None,
                None,
                venue_id(order),
                "P2P",
                source=self.book.source(line),
            )
        )
        return True

    def of_zone(self, text: str) -> datetime:
        """A time in UTC."""
        return utc_time(text) - self.offset if self.offset else utc_time(text)

    def whole(self, text: str, column: str) -> int:
        """An amount above zero."""
        return above_zero(amount(text, column, thousands=self.thousands), text, column)

    def fee(self, text: str, column: str) -> int:
        """A fee in the asset; an empty cell or a dash is none."""
        if text in ("", "-", "--"):
            return 0
        fee = amount(text, column, thousands=self.thousands)
        if fee < 0:
            raise RowError(column, text, "row_negative")
        return fee

    def finish(self) -> None:
        """Orders stand alone."""


def orders(name: str, venue: P2P, page: str, *columns: Column) -> Format:
    """The format of a list; each column bears one of the names of `ORDER` (habits/columns.py)."""
    arrange = arranged(columns, ORDER)
    titles = {column.name: column.titles[0] if column.titles else column.name for column in columns}

    def start(book: Book, facts: Facts) -> Handler:
        return OrderRows(book, facts, venue, arrange, titles)

    pair = any(column.name == "Pair" for column in columns)
    return Format(
        name,
        columns,
        start,
        tells=Tells.FILLS,
        yields=yields(Yields.RECORDS),
        venue=venue.name,
        exchange=True,
        page=page,
        moves=Moves(pairs=("Pair",)) if pair else Moves(assets=("Coin",)),
    )
