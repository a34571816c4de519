"""Binance histories beside the statement: deposits and withdrawals with their hashes, conversions, money.

Deposits Date(UTC+0),Coin,Network,Amount,Address,TXID,Status; withdrawals with Fee; both in one layout before 2024:
Date(UTC),Coin,[Network,]Amount,TransactionFee,Address,TXID,SourceAddress,PaymentID,Status, where the file's name tells
them apart, or a fee. Convert: Date | Time,[Wallet,]Pair,Type,Sell,Buy,Price,Inverse Price,Date Updated,Status ("100
USDT"). Money: Date(UTC),Coin,Amount,Status,Payment Method,Indicated Amount,Fee,Order ID.
"""

from __future__ import annotations

from salyq.civil.currencies import is_currency
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.converts import converts
from salyq.sources.habits.rows import VenueRows
from salyq.sources.habits.rules import FIAT, UNFINISHED
from salyq.sources.habits.transfer_history import Venue, finished, history
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.binance.history import ACCOUNT

PAGE = "docs/sources/binance.md"


def _way(facts: Facts) -> int:
    """A layout of withdrawals alone has a fee, one of deposits has none; the older layout is of both."""
    return -1 if "fee" in facts else 0 if "either" in facts else 1


TRANSFERS = history(
    "binance_transfers",
    Venue(ACCOUNT, "Binance", tell=_way),
    PAGE,
    Column("Time", pattern=r"Date(\((?P<zone>UTC[^)]*)\))?"),
    Column("Coin"),
    Column("Amount"),
    Column("Address"),
    Column("TxID", ("TXID",)),
    Column("Status"),
    Column("Fee", pattern=r"(?P<fee>Fee)|(?P<either>Transaction ?Fee|Network ?Fee)", required=False),
    Column("From", ("SourceAddress",), required=False),
)
CONVERTS = converts(
    "binance_convert",
    ACCOUNT,
    "Binance",
    PAGE,
    Column("Time", pattern=r"(Date|Time)(\((?P<zone>UTC[^)]*)\))?"),
    Column("_Pair", ("Pair",)),
    Column("_Type", ("Type",)),
    Column("Sell"),
    Column("Buy"),
    Column("_Inverse", ("Inverse Price",)),
    Column("Status"),
)


class MoneyRows(VenueRows):
    """Rows of the history of money: no asset moves."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, coin, status = cells[:3]
        self.clock.read(when, "Date", line)
        if not finished(status):
            return UNFINISHED
        if not is_currency(self.book.code(coin, "Coin")):
            raise RowError("Coin", coin, "row_not_a_currency")
        return FIAT


MONEY = Format(
    "binance_money",
    (
        Column("Date", pattern=r"Date(\((?P<zone>UTC[^)]*)\))?"),
        Column("Coin"),
        Column("Status"),
        Column("Amount"),
        Column("Payment Method"),
        Column("Indicated Amount"),
        Column("Order ID"),
    ),
    MoneyRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Binance",
    exchange=True,
    page=PAGE,
    moves=Moves(assets=("Coin",)),
)
