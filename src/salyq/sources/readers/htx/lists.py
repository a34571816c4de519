"""HTX, once Huobi: spot trades in two layouts, deposits and withdrawals.

"Time","Type","Pair","Side","Price","Amount","Total","Fee" (the fee's coin glued on) · uid,symbol,deal_type,order_type,
account_type,price,volume,amount,fee_amount,fee_currency,…,deal_time, where the price tells which of volume and amount
is of which coin · uid,currency,tx_hash,from_address,to_address,amount,deposit_time · uid,currency,tx_hash,to_address,
amount,fee,withdraw_time, where the fee is on top of the amount.
"""

from __future__ import annotations

from salyq.records.model import UNIT
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount, shown_amount
from salyq.sources.habits.clock import epoch
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.fills import Market, fills
from salyq.sources.habits.pairs import split_pair
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.transfer_history import Venue, history
from salyq.sources.habits.zone import VenueClock

PAGE = "docs/sources/htx.md"
_SLACK = 10**6  # a millionth: prices are rounded
TRADES = fills(
    "htx_trades",
    Market("htx", "HTX"),
    PAGE,
    Column("Time", pattern=r"Time\s*(\((?P<zone>UTC[^)]*)\))?"),
    Column("_Type", ("Type",)),
    Column("Pair"),
    Column("Side"),
    Column("Price"),
    Column("Amount"),
    Column("Total"),
    Column("Fee"),
)
DEPOSITS = history(
    "htx_deposits",
    Venue("htx", "HTX", 1),
    PAGE,
    Column("Coin", ("currency",)),
    Column("TxID", ("tx_hash",)),
    Column("From", ("from_address",)),
    Column("Address", ("to_address",)),
    Column("Amount", ("amount",)),
    Column("Time", ("deposit_time",)),
)
WITHDRAWALS = history(
    "htx_withdrawals",
    Venue("htx", "HTX", -1),
    PAGE,
    Column("Coin", ("currency",)),
    Column("TxID", ("tx_hash",)),
    Column("Address", ("to_address",)),
    Column("Amount", ("amount",)),
    Column("Fee", ("fee",)),
    Column("Time", ("withdraw_time",)),
)


class DealRows(VenueRows):
    """Rows of the layout with `deal_time`."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, "htx")
        self.clock = VenueClock(book, facts)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        symbol, kind, price_text, volume_text, amount_text, fee_text, fee_coin, when = cells
        time, day = (
            self.book.venue_time(when, epoch, "deal_time")
            if when.isdigit()
            else self.clock.read(when, "deal_time", line)
        )
        side = next((x for x in ("buy", "sell") if kind.casefold().startswith(x)), None)
        if side is None:
            raise RowError("deal_type", kind or None, "row_bad_choice", choices="buy, sell")
        base, quote = (coin_code(self.book, x, "symbol", line) for x in split_pair(symbol, "symbol", (fee_coin,)))
        price, one, other = (
            above_zero(read(text, column), text, column)
            for read, text, column in (
                (shown_amount, price_text, "price"),
                (amount, volume_text, "volume"),
                (amount, amount_text, "amount"),
            )
        )
        if _is(one, price, other):
            size, total = one, other
        elif _is(other, price, one):
            size, total = other, one
        else:
            raise RowError("amount", amount_text, "amounts_do_not_fit")
        fee = optional_amount(fee_text, "fee_amount")
        thing, money = Side(base, size), Side(quote, total)
        sides = (money, thing) if side == "buy" else (thing, money)
        fees = [(fee, coin_code(self.book, fee_coin or sides[1].asset, "fee_currency", line))] if fee else []
        at = At(line, time, day, f"{kind} {symbol}")
        return self.deal(at, *sides, fees, group=f"htx:{time:%Y%m%dT%H%M%S}:{side}:{symbol}")


def _is(size: int, price: int, total: int) -> bool:
    """Whether `size` at `price` makes `total`, but for rounding."""
    return abs(size * price - total * UNIT) * _SLACK <= total * UNIT + UNIT * UNIT // 10**4


DEALS = Format(
    "htx_deals",
    (
        Column("symbol"),
        Column("deal_type"),
        Column("price"),
        Column("volume"),
        Column("amount"),
        Column("fee_amount"),
        Column("fee_currency"),
        Column("deal_time"),
    ),
    DealRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="HTX",
    exchange=True,
    page=PAGE,
)
