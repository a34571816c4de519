"""Bybit funding account ("AssetChangeDetails_fund"): a ledger of deposits, withdrawals, earn products, conversions.

A line `UID: …,Company Name: …,Country: …`, then Uid,Date & Time(UTC),Coin,QTY,Type,Account Balance,Description.
"""

from __future__ import annotations

from salyq.civil.currencies import is_currency
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import amount, shown_amount
from salyq.sources.habits.balances import Balances
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.legs import convert
from salyq.sources.habits.pairing import Leg
from salyq.sources.habits.products import is_product, settle_products
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import FIAT, OWN, ZERO
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.bybit.types import Meaning, funding
from salyq.sources.readers.bybit.unified import ACCOUNT


class FundingRows(VenueRows):
    """Rows of the funding account: legs of conversions wait until the end."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)
        self.balances = Balances(book)
        self.legs: list[Leg] = []
        self.products: list[Leg] = []

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, coin_text, quantity, kind, balance, description = cells
        time, day = self.clock.read(when, "Date & Time(UTC)", line)
        coin = coin_code(self.book, coin_text, "Coin", line)
        change = amount(quantity, "QTY", thousands=True)
        if balance.strip("-"):
            self.balances.add(coin, time, line, change, shown_amount(balance, "Account Balance", thousands=True))
        told = f"{kind}: {description}" if description.strip("- ") and description != kind else kind
        found = funding(kind, description)
        if not found.how or found.how == "uncovered":
            code = "venue_not_covered" if found.how else "venue_unknown_operation"
            raise RowError("Type", told or None, code, venue="Bybit")
        if found.how == "own":
            if not change or is_currency(coin) or not is_product(told):
                return OWN
            self.products.append(Leg(line, time, day, coin, change, "convert", told, ""))
            return None
        if change == 0 and found.how != "convert":
            return ZERO
        if found.how == "convert":
            self.legs.append(Leg(line, time, day, coin, change, "convert", told, ""))
            return None
        return self.single(At(line, time, day, told), found, coin, change)

    def single(self, at: At, found: Meaning, coin: str, change: int) -> Rule | bool:
        """A row that says all by itself."""
        if is_currency(coin):
            return FIAT
        if found.how == "transfer":
            words = "" if found.what else (at.note or "").partition(":")[0]
            return self.said_movement(at._replace(counterparty=found.what or None), words, coin, change, "QTY")
        if found.how == "reward":
            return self.receipt(at, found.what, coin, change, "QTY")
        if found.how == "gift":
            self.add(at, "gift_in" if change > 0 else "gift_out", coin, abs(change))
            return True
        if change > 0 and found.how == "spend":  # a purchase given back: the person knows which
            return self.movement(at._replace(counterparty="bybit card"), coin, change)
        if change > 0:  # a fee given back
            return self.receipt(at, "airdrop", coin, change, "QTY")
        return self.outgo(at, found.how, coin, change, "QTY")

    def finish(self) -> None:
        """Legs of conversions, and whether the balances follow from the rows."""
        convert(self, self.legs, lambda leg: f"{ACCOUNT}:{leg.time:%Y%m%dT%H%M%SZ}:funding")
        settle_products(self, self.products, lambda leg: f"{ACCOUNT}:{leg.time:%Y%m%dT%H%M%SZ}:product", "Type")
        self.balances.finish()


FORMAT = Format(
    "bybit_funding",
    (
        Column("Date & Time(UTC)", pattern=r"Date\s?&\s?Time\s*(?:\((?P<zone>[^)]*)\))?"),
        Column("Coin"),
        Column("QTY", ("QTY", "Quantity")),
        Column("Type"),
        Column("Account Balance", required=False),
        Column("Description"),
    ),
    FundingRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Bybit",
    exchange=True,
    page="docs/sources/bybit.md",
    moves=Moves(assets=("Coin",), change="QTY"),
)
