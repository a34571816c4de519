"""Lists of trades, as most venues export them: one row a fill (or a filled order), both quantities in it.

A venue's list is a `Market` and its columns under common names, in the order of `ORDER`; what it lacks stays out. Units
may be glued to the numbers. The fee is in the coin that its column or its cell names, else in what was received.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from salyq.civil.numbers import round_half_up
from salyq.records.model import UNIT
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Handler, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, shown_amount
from salyq.sources.habits.clock import epoch
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.columns import Cells, arranged
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.pairs import glued, split_pair
from salyq.sources.habits.rows import At, Fee, Side, VenueRows
from salyq.sources.habits.rules import NOTHING_FILLED, UNFINISHED
from salyq.sources.habits.zone import VenueClock

ORDER = ("Time", "Pair", "Side", "Amount", "Total", "Price", "Fee", "Fee Coin", "Order", "Trade", "Status")
_SIDES = {"buy": "buy", "sell": "sell", "bid": "buy", "ask": "sell", "买入": "buy", "卖出": "sell"}
_SIDES |= {"покупка": "buy", "продажа": "sell", "сатып алу": "buy", "сату": "sell"}
_FILLED = frozenset(("", "filled", "fully filled", "partially filled", "partially cancelled", "partially canceled"))
_FILLED |= frozenset(("successful", "success", "completed", "finished", "done", "closed"))
_OPEN = ("cancel", "reject", "fail", "expire", "new", "open", "pending", "unfilled", "not filled", "untriggered")
_MINUTES = re.compile(r"(\d{2}:\d{2}(?::\d{2})?) (\d{4}-\d{2}-\d{2})", re.ASCII)  # 14:35 2024-11-16


@dataclass(frozen=True, slots=True)
class Market:
    """`orders`: rows are orders, of which only the average price is known. `suffix`: what follows "_" in a symbol is
    no coin. `signed_fee`: a fee that was paid is below zero. `no_fee`: the list has no fees."""

    account: str
    name: str
    orders: bool = False
    suffix: bool = False
    signed_fee: bool = False
    no_fee: bool = False
    exchange: bool = True


class FillRows(VenueRows):
    """Rows of one list."""

    def __init__(self, book: Book, facts: Facts, market: Market, arrange: Callable[[Cells], Cells]) -> None:
        super().__init__(book, market.account)
        self.market, self.arrange = market, arrange
        self.clock = VenueClock(book, facts)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, symbol, side_text, size_text, total_text, price, *rest = self.arrange(cells)
        fee_text, fee_coin, order, trade, status = rest
        state = status.casefold()
        if state.startswith(_OPEN):
            return UNFINISHED
        if state not in _FILLED:
            raise RowError("Status", status, "row_bad_choice", choices="Filled, Cancelled")
        if when.isdigit():
            time, day = self.book.venue_time(when, epoch, "Time")
        else:
            turned = _MINUTES.fullmatch(when[:40])
            time, day = self.clock.read(f"{turned[2]} {turned[1]}" if turned else when, "Time", line)
        side = _SIDES.get(side_text.split()[0].casefold() if side_text else "")
        if side is None:
            raise RowError("Side", side_text or None, "row_bad_choice", choices="Buy, Sell")
        pair = symbol.partition("_")[0] if self.market.suffix else symbol
        base, quote = (coin_code(self.book, x, "Pair", line) for x in split_pair(pair, "Pair", (fee_coin,)))
        size = self.of(size_text, "Amount", base, line)
        if size == 0:
            return NOTHING_FILLED
        above_zero(size, size_text, "Amount")
        if self.market.orders:
            each = above_zero(shown_amount(price, "Price", thousands=True), price, "Price")
            total = round_half_up(size * each, UNIT)
            self.book.notice(line, "notice_total_by_average")
        else:
            total = above_zero(self.of(total_text, "Total", quote, line), total_text, "Total")
        at = At(line, time, day, f"{side_text} {symbol}", venue_id(trade))
        thing, money = Side(base, size), Side(quote, total)
        sides = (money, thing) if side == "buy" else (thing, money)
        fees = self.fees(fee_text, fee_coin, sides[1].asset, (base, quote), line)
        tie = venue_id(trade) or venue_id(order) or f"{time:%Y%m%dT%H%M%S}"
        group = f"{self.account}:{tie}:{side}:{symbol}"
        return self.deal(at, *sides, fees, group=group, order=venue_id(order))

    def of(self, text: str, column: str, coin: str, line: int) -> int:
        """An amount of a coin, whose code may be glued on. RowError: it is another coin's."""
        number, unit = glued(text, column, (coin,))
        if unit and coin_code(self.book, unit, column, line) != coin:
            raise RowError(column, text, "amount_of_other_coin", coin=coin)
        return number

    def fees(self, text: str, named: str, received: str, pair: tuple[str, str], line: int) -> list[Fee]:
        """The fee, where there is one: its own column or its cell names the coin, else it is of what was received."""
        if self.market.no_fee:
            self.book.notice(line, "notice_fee_untold")
        if not text.strip("- "):
            return []
        number, unit = glued(text, "Fee", (*pair, named))
        fee = abs(number) if self.market.signed_fee else number
        code = named.strip("- ") or unit or received
        return [(fee, coin_code(self.book, code, "Fee", line))] if fee else []


def fills(name: str, market: Market, page: str, *columns: Column) -> Format:
    """The format of a list; each column bears one of the names of `ORDER` (habits/columns.py)."""
    arrange = arranged(columns, ORDER)
    coins = tuple([column.name for column in columns if column.name == "Fee Coin"])

    def start(book: Book, facts: Facts) -> Handler:
        return FillRows(book, facts, market, arrange)

    return Format(
        name,
        columns,
        start,
        tells=Tells.ORDERS if market.orders else Tells.FILLS,
        yields=yields(Yields.RECORDS),
        venue=market.name,
        exchange=market.exchange,
        page=page,
        moves=Moves() if market.suffix else Moves(assets=coins, pairs=("Pair",)),
    )
