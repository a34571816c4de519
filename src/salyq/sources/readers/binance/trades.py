"""Binance spot trade history: one fill a row, old layout and new. Times are UTC unless the file says another zone.

Old: Date(UTC);Market;Type;Price;Amount;Total;Fee;Fee Coin. New: Date(UTC),Pair,Side,Price,Executed,Amount,Fee, the coin
glued to its number. The file has no trade id; fills of one second, pair and side are one sale.
"""

from __future__ import annotations

from salyq.civil.numbers import format_scaled
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.amounts import above_zero
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.pairs import glued, split_pair, with_base
from salyq.sources.habits.rows import At, Fee, Side, VenueRows
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.binance.history import ACCOUNT

TIME = r"(?:Date|Time|Дата|Время|Čas)\s*(?:\((?P<zone>[^)]*)\))?"
_BUY = ("buy", "покупка", "купить", "nákup", "koupit", "сатып алу")
_SELL = ("sell", "продажа", "продать", "prodej", "prodat", "сату")


def is_buy(text: str, column: str) -> bool:
    """Whether a side is a purchase. RowError for a word that is neither."""
    word = text.casefold()
    if word not in _BUY and word not in _SELL:
        raise RowError(column, text or None, "row_bad_choice", choices="BUY, SELL")
    return word in _BUY


def base_and_quote(pair: str, column: str, base: str, quote: str, hints: tuple[str, ...]) -> tuple[str, str]:
    """The two coins of a pair; `base`, `quote`: as far as amounts of the row name them. RowError where they differ."""
    if base:
        found = with_base(pair, base)
        if found is not None and quote in ("", found[1]):
            return found
        raise RowError(column, pair, "pair_other_coins", coins=" + ".join(coin for coin in (base, quote) if coin))
    return split_pair(pair, column, (*hints, quote))


class TradeRows(VenueRows):
    """Rows of a spot trade history."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)
        self.thousands = facts.get("delimiter") in (",", "")  # no delimiter: a workbook

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, pair, kind, side, executed, total, fee_text, fee_coin, trade, order = cells
        time, day = self.clock.read(when, "Date(UTC)", line)
        buy = is_buy(side or kind, "Side" if side else "Type")
        quantity, base = self.part(executed, "Executed", pair, at_start=True)
        money, quote = self.part(total, "Total", pair, at_start=False)
        above_zero(quantity, executed, "Executed")
        above_zero(money, total, "Total")
        hint = fee_coin.upper() or glued(fee_text or "0", "Fee", thousands=self.thousands)[1]
        base, quote = base_and_quote(pair, "Pair", base, quote, (hint,))
        fees = self.fee(fee_text, fee_coin, base, quote, line)
        base, quote = coin_code(self.book, base, "Pair", line), coin_code(self.book, quote, "Pair", line)
        note = f"{pair.upper()} {'BUY' if buy else 'SELL'}"
        number, of_order = venue_id(trade), venue_id(order)
        at = At(line, time, day, note, number)
        given, taken = (Side(quote, money), Side(base, quantity)) if buy else (Side(base, quantity), Side(quote, money))
        tie = of_order or number or f"{pair.upper()}:{'BUY' if buy else 'SELL'}"
        return self.deal(at, given, taken, fees, group=f"{ACCOUNT}:{time:%Y%m%dT%H%M%SZ}:{tie}", order=of_order)

    def part(self, text: str, column: str, pair: str, *, at_start: bool) -> tuple[int, str]:
        """A quantity and its coin, where the pair begins (or ends) with that coin; digits may belong to either."""
        number, coin = glued(text, column, _edges(pair, at_start=at_start), thousands=self.thousands)
        return number, coin

    def fee(self, text: str, coin: str, base: str, quote: str, line: int) -> list[Fee]:
        """The fee, if any: its coin stands in a column of its own, or glued on."""
        if text in ("", "-", "--"):
            return []
        number, unit = glued(text, "Fee", (coin.upper(), base, quote, "BNB"), thousands=self.thousands)
        unit = unit or coin.upper()
        if number and not unit:
            raise RowError("Fee", text, "fee_without_coin", fee=format_scaled(number))
        return [(number, coin_code(self.book, unit, "Fee", line))] if number else []

    def finish(self) -> None:
        """Rows stand alone."""


def _edges(pair: str, *, at_start: bool) -> list[str]:
    """Coins that begin with a digit and stand at that end of the pair ("1INCHUSDT": 1INCH)."""
    text = pair.upper().strip()
    if not at_start or not text[:1].isdigit():
        return []
    try:
        return [split_pair(text, "Pair")[0]]
    except RowError:
        return []


_IDS = (
    Column("Trade ID", ("Trade ID", "TradeId", "Trade Id"), required=False),
    Column("Order ID", ("Order ID", "OrderNo", "Order No.", "OrderId", "Order Id"), required=False),
)
_FEE_COIN = Column("Fee Coin", ("Fee Coin", "Fee Asset", "FeeCoin"), required=False)

OLD = Format(
    "binance_trades_old",
    (
        Column("Date(UTC)", pattern=TIME),
        Column("Market", ("Market", "Pair", "Symbol")),
        Column("Type"),
        Column("Side", required=False),
        Column("Amount", ("Amount", "Quantity")),
        Column("Total"),
        Column("Fee"),
        Column("Fee Coin", ("Fee Coin", "Fee Asset", "FeeCoin")),
        *_IDS,
    ),
    TradeRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Binance",
    exchange=True,
    page="docs/sources/binance.md",
)
NEW = Format(
    "binance_trades",
    (
        Column("Date(UTC)", pattern=TIME),
        Column("Pair", ("Pair", "Пара", "Pár")),
        Column("Type", required=False),
        Column("Side", ("Side", "Сторона", "Strana")),
        Column("Executed", ("Executed", "Исполнено", "Provedeno")),
        Column("Amount", ("Amount", "Сумма", "Částka")),
        Column("Fee", ("Fee", "Комиссия", "Poplatek")),
        _FEE_COIN,
        *_IDS,
    ),
    TradeRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Binance",
    exchange=True,
    page="docs/sources/binance.md",
)
