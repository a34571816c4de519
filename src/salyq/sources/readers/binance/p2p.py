"""Binance P2P orders: purchases and sales against money, mostly tenge; only Completed orders count.

Times are UTC, unless the header names another zone.

Header: Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Maker Fee,Taker Fee,
Couterparty,Status,Created Time (the misspelling is theirs; older files lack the fees).
"""

from __future__ import annotations

import re
from datetime import timedelta

from salyq.civil.currencies import is_currency
from salyq.records.model import Record
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.clock import header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.rules import UNFINISHED
from salyq.sources.habits.times import utc_time
from salyq.sources.readers.binance.history import ACCOUNT

_KINDS = {"buy": "buy", "sell": "sell"}
_DONE = ("completed",)
_NOT_DONE = re.compile(
    r"((system )?cancell?ed( by system)?|expired|(in )?appeal|in progress|processing|trading|(un|buyer )?paid|"
    r"pending( payment)?)",
    re.IGNORECASE,
)


class OrderRows:
    """Rows of a P2P order history: one order, one record."""

    def __init__(self, book: Book, facts: Facts) -> None:
        self.book = book
        offset = header_zone(facts.get("zone")).utcoffset(None) or timedelta()
        self.parse = utc_time if not offset else lambda text: utc_time(text) - offset
        self.thousands = facts.get("delimiter") in (",", "")  # a decimal comma parts cells otherwise

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        order, kind_text, asset_text, fiat_text, total, quantity_text, maker, taker, counterparty, status, created = (
            cells
        )
        time, day = self.book.venue_time(created, self.parse, "Created Time")
        if _NOT_DONE.fullmatch(status):
            return UNFINISHED
        if status.casefold() not in _DONE:
            raise RowError("Status", status or None, "row_bad_choice", choices="Completed, Cancelled")
        kind = _KINDS.get(kind_text.casefold())
        if kind is None:
            raise RowError("Order Type", kind_text or None, "row_bad_choice", choices="Buy, Sell")
        fiat = self.book.code(fiat_text, "Fiat Type")
        if not is_currency(fiat):
            raise RowError("Fiat Type", fiat, "row_not_a_currency")
        quantity = amount(quantity_text, "Quantity", thousands=self.thousands)
        value = amount(total, "Total Price", thousands=self.thousands)
        for number, text, column in ((quantity, quantity_text, "Quantity"), (value, total, "Total Price")):
            if number <= 0:
                raise RowError(column, text, "row_not_positive")
        asset = coin_code(self.book, asset_text, "Asset Type", line)
        fee = self.fee(maker, "Maker Fee") + self.fee(taker, "Taker Fee")
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
                ACCOUNT,
                counterparty or None,
                None,
                order.strip("'") or None,
                "P2P",
                source=self.book.source(line),
            )
        )
        return True

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


FORMAT = Format(
    "binance_p2p",
    (
        Column("Order Number"),
        Column("Order Type"),
        Column("Asset Type", ("Asset Type", "Asset")),
        Column("Fiat Type", ("Fiat Type", "Fiat")),
        Column("Total Price"),
        Column("Quantity"),
        Column("Maker Fee", required=False),
        Column("Taker Fee", required=False),
        Column("Counterparty", ("Couterparty", "Counterparty"), required=False),
        Column("Status"),
        Column("Created Time", pattern=r"Create(?:d)? Time(?:\s*\((?P<zone>UTC[^)]*)\))?"),
    ),
    OrderRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Binance",
    exchange=True,
    page="docs/sources/binance.md",
    moves=Moves(assets=("Asset Type",)),
)
