"""OKX trading, old layout: one fill a row, units inside cells, a byte order mark before every cell.

Header: Order ID,Trade ID,Trade Time,Pairs,Amount,Price,Total,taker/maker,Fee,unit. Amount (of `unit`, the first coin of
the pair) is above zero for a purchase; Total is "-104.97 USDT", Fee "-0.003 LTC": below zero where paid.
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.pairs import glued, split_pair
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.zone import VenueClock

ACCOUNT = "okx"


class OldTradeRows(VenueRows):
    """Rows of the old layout: each stands alone."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        order, trade, when, pair, amount_text, total_text, fee_text, unit = cells
        time, day = self.clock.read(when, "Trade Time", line)
        base, quote = split_pair(pair, "Pairs", (unit,))
        quantity, coin = glued(amount_text, "Amount", (base,))
        total, money = glued(total_text, "Total", (quote,))
        if {coin or base, unit.upper() or base} != {base} or (money or quote) != quote:
            raise RowError("Pairs", pair, "pair_other_coins", coins=f"{coin or unit.upper()} {money}".strip())
        for number, text, column in ((quantity, amount_text, "Amount"), (total, total_text, "Total")):
            if number == 0:
                raise RowError(column, text, "row_zero")
        buy = quantity > 0
        if total_text.lstrip()[:1] in "-\u2212" and not buy:
            raise RowError("Total", total_text, "operation_wrong_sign", operation="sell")
        fee, fee_coin = glued(fee_text, "Fee", (base, quote)) if fee_text.strip("- ") else (0, "")
        if fee and not fee_coin:
            raise RowError("Fee", fee_text, "fee_without_coin", fee=fee_text)
        base, quote = coin_code(self.book, base, "Pairs", line), coin_code(self.book, quote, "Pairs", line)
        fee_coin = coin_code(self.book, fee_coin, "Fee", line) if fee else ""
        at = At(line, time, day, f"{base}-{quote} {'buy' if buy else 'sell'}", venue_id(trade))
        mine, other = Side(base, abs(quantity)), Side(quote, abs(total))
        given, taken = (other, mine) if buy else (mine, other)
        of_order = venue_id(order)
        tie = f"{ACCOUNT}:{time:%Y%m%dT%H%M%SZ}:{of_order or at.id or f'{base}-{quote}'}"
        return self.deal(at, given, taken, [(-fee, fee_coin)] if fee else [], group=tie, order=of_order)


FORMAT = Format(
    "okx_trades",
    (
        Column("Order ID", required=False),
        Column("Trade ID"),
        Column("Trade Time", pattern=r"Trade Time\s*(?:\((?P<zone>[^)]*)\))?"),
        Column("Pairs", ("Pairs", "Pair")),
        Column("Amount"),
        Column("Total"),
        Column("Fee"),
        Column("unit", ("unit", "Amount unit"), required=False),
    ),
    OldTradeRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="OKX",
    exchange=True,
    page="docs/sources/okx.md",
)
