"""Bybit unified trading account ("AssetChangeDetails_uta"): a ledger, two rows a spot trade (one a coin), times in UTC.

A line `UID: …`, then Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,
Change,Wallet Balance,Action,Time(UTC); some exports add OrderId and TradeId. Cash Flow is the gross amount, Change what
the balance moved by: the fee is the difference. Rows of derivatives give a result (cash flow) and funding.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.numbers import format_scaled
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import amount, optional_amount, shown_amount
from salyq.sources.habits.balances import Balances
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.legs import convert
from salyq.sources.habits.pairing import Leg
from salyq.sources.habits.products import is_product, settle_products
from salyq.sources.habits.rows import At, Fee, VenueRows
from salyq.sources.habits.rules import FIAT, OWN, ZERO
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.bybit.trades import Spot, Trades
from salyq.sources.readers.bybit.types import unified

ACCOUNT = "bybit"
_ROUNDING = 10**10  # 10⁻⁸ of a coin: parts and their sum are rounded each on their own


class Money(NamedTuple):
    """The parts of a change of balance, signed, in 10⁻¹⁸ of the row's currency."""

    cash: int
    funding: int
    fee: int  # below zero: paid
    change: int


class UnifiedRows(VenueRows):
    """Rows of the unified account: legs of trades and conversions wait until the end."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)
        self.balances = Balances(book)
        self.trades = Trades(self)
        self.legs: list[Leg] = []
        self.products: list[Leg] = []

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        currency, contract, kind, direction, position, price, funding, fee = cells[:8]
        cash, change, balance, action, when, order, trade = cells[8:]
        time, day = self.clock.read(when, "Time(UTC)", line)
        coin = coin_code(self.book, currency, "Currency", line)
        money = _money(funding, fee, cash, change)
        if balance.strip("-"):
            self.balances.add(coin, time, line, money.change, shown_amount(balance, "Wallet Balance", thousands=True))
        found = unified(kind)
        at = At(line, time, day, f"{kind or '--'} {contract}".strip(), venue_id(trade))
        if found.how == "trade":
            spot = Spot(
                at,
                coin,
                _plain(contract),
                direction.upper(),
                price,
                money.cash,
                -money.fee,
                venue_id(order),
            )
            return self.trade(spot, money, (contract, _plain(currency)), position, action)
        if found.how == "convert":
            self.legs.append(Leg(line, time, day, coin, money.change, "convert", kind or "--", ""))
            return None
        if found.how == "own" and money.change and is_product(kind):
            self.products.append(Leg(line, time, day, coin, money.change, "convert", kind, ""))
            return None
        return self.single(at, found.how, found.what, coin, money, kind)

    def single(self, at: At, how: str, what: str, coin: str, money: Money, kind: str) -> Rule | bool:
        """A row that says all by itself."""
        if how == "own":
            return OWN
        if how == "derivative":
            return self.derivative(at, coin, money)
        if how == "reward":
            return self.receipt(at, what, coin, money.change, "Change")
        if how == "borrow" and money.change >= 0:
            return self.receipt(at, "interest", coin, money.change, "Change")
        if how == "reverted" and money.change < 0:
            return self.taken_back(at, "airdrop", coin, -money.change, "Change", otherwise="lost")
        if how in ("fee", "lost"):
            return self.outgo(at, how, coin, money.change, "Change")
        code = "venue_not_covered" if how else "venue_unknown_operation"
        raise RowError("Type", kind or None, code, venue="Bybit")

    def trade(self, spot: Spot, money: Money, names: tuple[str, str], position: str, action: str) -> Rule | bool | None:
        """A leg of a spot trade, or a trade of a derivative. `names`: contract and coin as written."""
        contract, ticker = names
        open_or_close = action.strip("- ") != "" or "OPEN" in spot.direction or "CLOSE" in spot.direction
        held = optional_amount(position, "Position", thousands=True) != 0
        name = spot.contract
        pair = name != ticker and (name.startswith(ticker) or name.endswith(ticker))
        if open_or_close or held or money.funding or re.search(r"-\d", contract):
            return self.derivative(spot.at, spot.coin, money)
        if pair or money.cash == 0:
            self.trades.add(spot)
            return None
        raise RowError("Contract", contract or None, "venue_legs_unclear")

    def derivative(self, at: At, coin: str, money: Money) -> Rule | bool:
        """The result of a closed derivative and its funding, each a record; the fee goes with the result or alone."""
        fees: list[Fee] = [(-money.fee, coin)] if money.fee else []
        results = [amount for amount in (money.cash, money.funding) if amount]
        if not results:
            return self.lone(at, fees)
        if is_currency(coin):
            raise RowError("Currency", coin, "row_asset_is_money")
        owed = self.sorted_fees(at, fees)
        for n, result in enumerate(results):
            here = at if len(results) == 1 else at._replace(note=f"{at.note} {'funding' if n else 'result'}", id=None)
            fee = owed[0] if owed and n == 0 else None
            self.add(here, "derivative_result", coin, abs(result), value=result, currency=coin, fee=fee)
        return True

    def lone(self, at: At, fees: list[Fee]) -> Rule | bool:
        """A row with nothing but a fee: a position was opened."""
        if not fees:
            return ZERO
        coin = fees[0][1]
        if is_currency(coin):
            return FIAT
        self.lone_fees(at, fees)
        return True

    def finish(self) -> None:
        """Legs of trades, legs of conversions, and whether the balances follow from the rows."""
        self.trades.finish()
        convert(self, self.legs, lambda leg: f"{ACCOUNT}:{leg.time:%Y%m%dT%H%M%SZ}:convert")
        settle_products(self, self.products, lambda leg: f"{ACCOUNT}:{leg.time:%Y%m%dT%H%M%SZ}:product", "Type")
        self.balances.finish()


def _money(funding_text: str, fee_text: str, cash_text: str, change_text: str) -> Money:
    """The parts of a change. Older files write a fee or funding paid above zero; the change tells."""
    cash = optional_amount(cash_text, "Cash Flow", thousands=True)
    funding = optional_amount(funding_text, "Funding", thousands=True)
    fee = optional_amount(fee_text, "Fee Paid", thousands=True)
    if not change_text.strip("- "):
        return Money(cash, funding, fee, cash + funding + fee)
    change = amount(change_text, "Change", thousands=True)
    for f in (funding, -funding):
        for paid in (fee, -fee):
            if abs(cash + f + paid - change) <= _ROUNDING:
                return Money(cash, f, change - cash - f if fee else 0, change)
    if cash == funding == 0:  # a row that states only what moved
        return Money(change - fee, 0, fee, change)
    raise RowError("Change", change_text, "row_does_not_add_up", sum=format_scaled(cash + funding + fee))


def _plain(text: str) -> str:
    """A contract or coin in letters and digits."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


FORMAT = Format(
    "bybit_unified",
    (
        Column("Currency", ("Currency", "Coin")),
        Column("Contract"),
        Column("Type"),
        Column("Direction"),
        Column("Position", required=False),
        Column("Filled Price", required=False),
        Column("Funding"),
        Column("Fee Paid"),
        Column("Cash Flow"),
        Column("Change"),
        Column("Wallet Balance", required=False),
        Column("Action", required=False),
        Column("Time(UTC)", pattern=r"(?:Time|Traded\s?Time|Date & Time)\s*(?:\((?P<zone>[^)]*)\))?"),
        Column("OrderId", ("OrderId", "Order ID", "Order Id"), required=False),
        Column("TradeId", ("TradeId", "Trade ID", "Trade Id"), required=False),
    ),
    UnifiedRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Bybit",
    exchange=True,
    page="docs/sources/bybit.md",
    moves=Moves(assets=("Currency",), change="Change"),
)
