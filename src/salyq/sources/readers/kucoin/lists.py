"""KuCoin lists beside trades and transfers: conversions, card purchases, earnings, and transfers as they were written.

UID,Account Type,Payment Account,Sell,Buy,Price,Tax,Time of Update(UTC+08:00),Status · Order ID,[Order Type,]Currency
(Crypto),Crypto Quantity,…,Currency (Fiat),Fiat Amount,Fee Currency,Fee,Status,Time(UTC) · UID,Account Type,Order ID,
Time(UTC),Staked Coin,Product Type,Product Name,Earnings Coin,Earnings Type,Remarks,Amount,…,Fee · Time,Coin,[Network,]
Amount,Type,[Wallet Address[/Account],]Remark[,Fee] · coin_type,type,add,hash,vol,created_at.
"""

from __future__ import annotations

from collections.abc import Callable

from salyq.civil.currencies import is_currency
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Handler, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.converts import converts
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import UNFINISHED
from salyq.sources.habits.transfer_history import finished
from salyq.sources.habits.ways import way_of
from salyq.sources.readers.kucoin.trades import ACCOUNT, OLD_ZONE, ZONE, zone_taken

PAGE = "docs/sources/kucoin.md"
CONVERTS = converts(
    "kucoin_convert",
    ACCOUNT,
    "KuCoin",
    PAGE,
    Column("Time", pattern="Time of Update" + ZONE),
    Column("_Payment", ("Payment Account",)),
    Column("Sell"),
    Column("Buy"),
    Column("_Tax", ("Tax",), required=False),
    Column("Status"),
)


class _Rows(VenueRows):
    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.stated = "zone" in facts
        self.parse = clock(header_zone(facts.get("zone", OLD_ZONE)))
        self.way = way_of(facts.get("way", "")) or way_of(book.report.file.rpartition("/")[2])

    def at(self, text: str, column: str, line: int, note: str) -> At:
        """Where and when; a zone that no header names is said."""
        time, day = self.book.venue_time(text, self.parse, column)
        if not self.stated:
            zone_taken(self.book, line)
        return At(line, time, day, note)


class CardRows(_Rows):
    """Purchases and sales for money."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        order, kind, coin, size_text, currency, money_text, fee_text, fee_coin, status, when = cells
        if not finished(status):
            return UNFINISHED
        side = kind.casefold() or "buy"
        if side.split()[0] not in ("buy", "sell"):
            raise RowError("Order Type", kind, "row_bad_choice", choices="Buy, Sell")
        at = self.at(when, "Time", line, f"{side} {coin}")
        money = Side(self.book.code(currency, "Currency (Fiat)"), _positive(money_text, "Fiat Amount"))
        if not is_currency(money.asset):
            raise RowError("Currency (Fiat)", currency, "row_not_a_currency")
        asset = coin_code(self.book, coin, "Currency (Crypto)", line)
        thing = Side(asset, _positive(size_text, "Crypto Quantity"))
        fee = optional_amount(fee_text, "Fee")
        fees = [(fee, self.book.code(fee_coin or currency, "Fee Currency"))] if fee else []
        sides = (money, thing) if side.startswith("buy") else (thing, money)
        return self.deal(at._replace(id=venue_id(order)), *sides, fees)


class EarnRows(_Rows):
    """What products earned."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, product, name, coin, remarks, size_text, fee_text = cells
        at = self.at(when, "Time", line, " ".join(x for x in (product, name, remarks) if x))
        kind = "staked" if "stak" in f"{product} {name}".casefold() else "interest"
        asset = coin_code(self.book, coin, "Earnings Coin", line)
        fee = optional_amount(fee_text, "Fee")
        return self.receipt(at, kind, asset, amount(size_text, "Amount"), "Amount", (fee, asset) if fee else None)


class OldTransferRows(_Rows):
    """Transfers as they were written until 2023: the address column, the type or the file's name tells the way."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, coin, size_text, fee_text, kind, address, chain, remark = cells
        at = self.at(when, "Time", line, remark or kind or "Transfer")
        way = way_of(kind) or self.way or (-1 if address else 0)
        if not way:
            raise RowError("Type", kind or None, "transfer_way_unknown")
        quantity = _positive(size_text, "Amount")
        asset = coin_code(self.book, coin, "Coin", line)
        fee = optional_amount(fee_text, "Fee")
        at = at._replace(hash=venue_id(chain), counterparty=address if way < 0 and address else None)
        return self.movement(at, asset, way * quantity, (fee, asset) if fee else None)


def _positive(text: str, column: str) -> int:
    return above_zero(amount(text, column), text, column)


def _form(name: str, start: Callable[[Book, Facts], Handler], assets: tuple[str, ...], *columns: Column) -> Format:
    return Format(
        name,
        columns,
        start,
        tells=Tells.FILLS,
        yields=yields(Yields.RECORDS),
        venue="KuCoin",
        exchange=True,
        page=PAGE,
        moves=Moves(assets=assets),
    )


CARDS = _form(
    "kucoin_card",
    CardRows,
    ("Currency (Crypto)",),
    Column("Order ID"),
    Column("Order Type", required=False),
    Column("Currency (Crypto)"),
    Column("Crypto Quantity", ("Crypto Quantity", "Crypto Quantity,")),
    Column("Currency (Fiat)"),
    Column("Fiat Amount"),
    Column("Fee", ("Fee", "Fee (Fiat)")),
    Column("Fee Currency", ("Fee Currency", "Fee Currency (Fiat)")),
    Column("Status"),
    Column("Time", pattern="Time" + ZONE),
)
EARNINGS = _form(
    "kucoin_earnings",
    EarnRows,
    ("Earnings Coin",),
    Column("Time", pattern="Time" + ZONE),
    Column("Product Type"),
    Column("Product Name"),
    Column("Earnings Coin"),
    Column("Remarks", required=False),
    Column("Amount"),
    Column("Fee", required=False),
)
OLD_TRANSFERS = _form(
    "kucoin_transfers_old",
    OldTransferRows,
    ("Coin",),
    Column("Time", pattern="Time" + ZONE),
    Column("Coin"),
    Column("Amount"),
    Column("Fee", required=False),
    Column("Type"),
    Column("Address", ("Wallet Address", "Wallet Address/Account"), required=False),
    Column("Hash", required=False),
    Column("Remark"),
)
OLDEST_TRANSFERS = _form(
    "kucoin_transfers_oldest",
    OldTransferRows,
    ("coin_type",),
    Column("created_at"),
    Column("coin_type"),
    Column("vol"),
    Column("fee", required=False),
    Column("type"),
    Column("add"),
    Column("hash"),
    Column("remark", required=False),
)
