"""KuCoin trades: fills in the older layout, filled orders and split fills in the newer ones.

Headers: oid|uid,symbol,…,amount,…,direction,created_at (2018) · Time,Pair,Side,FilledPrice,…,Amount,…,Volume,…,Fee,
FeeCoin (2019) · tradeCreatedAt,[orderId,]symbol,side,price,size,funds,fee,[liquidity,]feeCurrency[,orderType] · UID,
Account Type,Order ID,…,Symbol,Side,…,Filled Amount,Filled Volume,…,Filled Time(UTC+08:00),Fee,Fee Currency[,Tax,
Status]. Where no zone is named it is UTC+8. Amount and funds exclude the fee.
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.cells import choice
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import UNFINISHED

ACCOUNT = "kucoin"
ZONE = r"(\s*\((?P<zone>UTC[^)]*)\))?"
OLD_ZONE = "UTC+08:00"  # of files that name none


def zone_taken(book: Book, line: int) -> None:
    """Tell that the file names no zone."""
    book.notice(line, "notice_zone_of_venue", zone=OLD_ZONE, venue="KuCoin")


class TradeRows(VenueRows):
    """Rows of either layout; their columns say the same."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.stated = "zone" in facts
        self.parse = clock(header_zone(facts.get("zone", OLD_ZONE)))

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        time_text, order, symbol, side_text, size_text, funds_text, fee_text, fee_asset, status = cells
        if not time_text and status:  # an order that was never filled
            return UNFINISHED
        time, day = self.book.venue_time(time_text, self.parse, "time")
        base, mark, quote = symbol.replace("/", "-").partition("-")
        if not (base and mark and quote):
            raise RowError("symbol", symbol or None, "pair_unclear")
        side = choice(side_text.casefold(), "side", ("buy", "sell"))
        size, funds = amount(size_text, "size"), amount(funds_text, "funds")
        if size == 0 and status:
            return UNFINISHED
        above_zero(size, size_text, "size")
        above_zero(funds, funds_text, "funds")
        base, quote = (coin_code(self.book, coin, "symbol", line) for coin in (base, quote))
        thing, money = Side(base, size), Side(quote, funds)
        fee = optional_amount(fee_text, "fee")
        if not self.stated:
            zone_taken(self.book, line)
        fees = [(fee, coin_code(self.book, fee_asset or quote, "feeCurrency", line))] if fee else []
        at = At(line, time, day, f"{side_text} {symbol}")
        sides = (money, thing) if side == "buy" else (thing, money)
        number = venue_id(order)
        group = f"{ACCOUNT}:{number or f'{time:%Y%m%dT%H%M%S}'}:{side}:{symbol}"
        return self.deal(at, *sides, fees, group=group, order=number)


FILLS = Format(
    "kucoin_trades",
    (
        Column("time", pattern="(tradeCreatedAt|createdDate|created_at)" + ZONE),
        Column("orderId", ("orderId", "oid"), required=False),
        Column("symbol"),
        Column("side", ("side", "direction")),
        Column("size", ("size", "amount", "amount_coin")),
        Column("funds", ("funds", "dealValue", "deal_value")),
        Column("fee", required=False),
        Column("feeCurrency", required=False),  # before 2019 it was the quote
        Column("status", required=False),
    ),
    TradeRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="KuCoin",
    exchange=True,
    page="docs/sources/kucoin.md",
    moves=Moves(assets=("feeCurrency",), pairs=("symbol",)),
)
FILLS_2019 = Format(
    "kucoin_trades_2019",
    (
        Column("Time", pattern="Time" + ZONE),
        Column("Order ID", required=False),
        Column("Pair"),
        Column("Side"),
        Column("Amount"),
        Column("Volume"),
        Column("Fee"),
        Column("FeeCoin"),
        Column("Status", required=False),
    ),
    TradeRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="KuCoin",
    exchange=True,
    page="docs/sources/kucoin.md",
)
ORDERS = Format(
    "kucoin_orders",
    (
        Column("time", pattern="(Filled Time|Time Filled|Filled at)" + ZONE),
        Column("Order ID"),
        Column("Symbol"),
        Column("Side"),
        Column("Filled Amount"),
        Column("Filled Volume"),
        Column("Fee"),
        Column("Fee Currency"),
        Column("Status", required=False),
    ),
    TradeRows,
    tells=Tells.ORDERS,
    yields=yields(Yields.RECORDS),
    venue="KuCoin",
    exchange=True,
    page="docs/sources/kucoin.md",
    moves=Moves(assets=("Fee Currency",), pairs=("Symbol",)),
)
