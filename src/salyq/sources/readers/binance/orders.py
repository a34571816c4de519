"""Binance order history: an order a row, under it a sub-header and its fills, shifted by a column. Times are UTC.

Header: Date(UTC);Pair;Type;Order Price;Order Amount;AvgTrading Price;Filled;Total;status, in later exports also order
ids, Side, Base Asset, Quote Asset; the newest have no fills. Fills are used where there are any, else the order (its
fee is then unknown). An order of which nothing was filled is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from salyq.records.reading import Rule, Tells, Yields, rule
from salyq.sources.format import Column, Format, RowError, yields
from salyq.sources.habits.amounts import above_zero
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.pairs import glued
from salyq.sources.habits.rows import At, Side
from salyq.sources.habits.rules import NOTHING_FILLED
from salyq.sources.readers.binance.history import ACCOUNT
from salyq.sources.readers.binance.trades import TIME, TradeRows, base_and_quote, is_buy

SUB_HEADER = rule(
    "sub_header",
    kk="ордер астындағы баған атаулары",
    ru="названия столбцов под ордером",
    en="column names under an order",
)
TOLD_BY_FILLS = rule(
    "told_by_fills",
    kk="ордерді оның орындалу жолдары айтады",
    ru="об ордере говорят строки его исполнения",
    en="the order is told by its fills",
)


_RAW = 16  # cells of a fill, wherever the columns of the header stand
_FILL = {
    "date": ("date(utc)", "date", "time", "time(utc)"),
    "filled": ("filled", "executed"),
    "total": ("total", "amount"),
    "fee": ("fee",),
}


@dataclass(slots=True)
class Order:
    """An order of which something was filled. Quantities in 10⁻¹⁸; `pair_text` as written."""

    at: At
    pair: str
    buy: bool
    base: str
    quote: str
    filled: int
    total: int
    tie: str
    number: str | None
    fills: list[int] = field(default_factory=list)
    told: bool = False  # there are fills below it, used or rejected


class OrderRows(TradeRows):
    """Rows of an order history: an order waits for its fills until the next order comes."""

    order: Order | None = None
    unfilled = refused = False  # what the last order row was, if no order to wait for
    places: dict[str, int] | None = None

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        raw = cells[-_RAW:]
        if raw[0]:
            self.close()
            self.unfilled, self.refused, self.places = False, True, None
            found = self.begin(cells[:-_RAW], line)
            self.refused, self.unfilled, self.order = False, found is None, found
            return NOTHING_FILLED if found is None else None
        titles = [cell.casefold() for cell in raw]
        if "trading price" in titles or ("filled" in titles and "fee" in titles):
            places = {name: next((titles.index(t) for t in words if t in titles), -1) for name, words in _FILL.items()}
            self.places = None if -1 in places.values() else places
            return SUB_HEADER
        return self.fill(raw, line)

    def begin(self, cells: tuple[str, ...], line: int) -> Order | None:
        """The order of a row, or None where nothing was filled."""
        when, second, first, order, pair, kind, side, base, quote, filled_text, total_text, _status = cells
        time, day = self.clock.read(second or first or when, "Date(UTC)", line)
        filled, coin = self.part(filled_text or "0", "Filled", pair, at_start=True)
        if filled == 0:
            return None
        buy = is_buy(side or kind, "Side" if side else "Type")
        total, money = self.part(total_text, "Total", pair, at_start=False)
        above_zero(filled, filled_text, "Filled")
        above_zero(total, total_text, "Total")
        base, quote = base_and_quote(pair, "Pair", base.upper() or coin, quote.upper() or money, ())
        number = venue_id(order)
        word = "BUY" if buy else "SELL"
        tie = number or f"{time:%Y%m%dT%H%M%SZ}:{pair.upper()}:{word}"
        at = At(line, time, day, f"{pair.upper()} {word}")
        return Order(at, pair, buy, base, quote, filled, total, tie, number)

    def fill(self, raw: tuple[str, ...], line: int) -> Rule | bool:
        """A fill under an order, or a row below the last one that is none."""
        order = self.order
        if order is None or self.places is None:
            if self.unfilled:
                raise RowError("Filled", next(c for c in raw if c), "fill_of_unfilled_order")
            raise RowError(None, next(c for c in raw if c), "fill_of_refused_order" if self.refused else "fill_alone")
        order.told = True
        cell = {name: raw[place] for name, place in self.places.items()}
        time, day = self.clock.read(cell["date"], "Date(UTC)", line)
        quantity, coin = glued(cell["filled"], "Filled", (order.base,), thousands=self.thousands)
        total, money = glued(cell["total"], "Total", (order.quote,), thousands=self.thousands)
        if coin not in ("", order.base) or money not in ("", order.quote):
            raise RowError("Filled", cell["filled"], "pair_other_coins", coins=f"{coin} {money}".strip())
        above_zero(quantity, cell["filled"], "Filled")
        above_zero(total, cell["total"], "Total")
        fees = self.fee(cell["fee"], "", order.base, order.quote, line)
        order.fills.append(quantity)
        return self.write(order, At(line, time, day, order.at.note), quantity, total, fees)

    def write(self, order: Order, at: At, quantity: int, total: int, fees: list[tuple[int, str]]) -> Rule | bool:
        """Records of a fill, or of an order without fills."""
        base = Side(coin_code(self.book, order.base, "Pair", at.line), quantity)
        quote = Side(coin_code(self.book, order.quote, "Pair", at.line), total)
        given, taken = (quote, base) if order.buy else (base, quote)
        tie = order.number or f"{order.pair.upper()}:{'BUY' if order.buy else 'SELL'}"
        return self.deal(at, given, taken, fees, group=f"{ACCOUNT}:{at.time:%Y%m%dT%H%M%SZ}:{tie}", order=order.tie)

    def close(self) -> None:
        """The last order is complete: it counts itself only where it had no fills."""
        order, self.order = self.order, None
        if order is None:
            return
        if not order.told:
            at = order.at._replace(id=order.number)
            self.book.notice(at.line, "notice_order_without_fills")
            self.settled([at.line], self.write(order, at, order.filled, order.total, []))
            return
        self.book.ignore(TOLD_BY_FILLS, order.at.line)
        if sum(order.fills) != order.filled:
            self.book.notice(order.at.line, "notice_fills_differ")

    def finish(self) -> None:
        """The last order."""
        self.close()


_UPDATED = r"(?:Time|Update Time)\s*(?:\([^)]*\))?"

FORMAT = Format(
    "binance_orders",
    (
        Column("Date(UTC)", pattern=TIME),
        Column("Updated", pattern=_UPDATED, nth=2, required=False),
        Column("Updated, beside Date(UTC)", pattern=_UPDATED, required=False),
        Column("OrderNo", ("OrderNo", "Order No.", "orderId", "Order ID", "Order Number"), required=False),
        Column("Pair", ("Pair", "Symbol", "Market")),
        Column("Type", ("Type", "Type¹"), required=False),
        Column("Side", required=False),
        Column("Base Asset", required=False),
        Column("Quote Asset", required=False),
        Column("Filled", ("Filled", "Executed", "Executed²", "Executed Quantity")),
        Column("Total", ("Total", "Trading total", "Trading total³", "Trading Total")),
        Column("status", ("Status", "Order Status")),
        *(Column(f"cell {n}", pattern=r".*", nth=n, required=False) for n in range(1, _RAW + 1)),
    ),
    OrderRows,
    tells=Tells.ORDERS,
    yields=yields(Yields.RECORDS),
    venue="Binance",
    exchange=True,
    page="docs/sources/binance.md",
    ignores=(SUB_HEADER, TOLD_BY_FILLS),
)
