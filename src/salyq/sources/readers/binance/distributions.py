"""Binance distributions: rewards of earn products, staking and campaigns, one a row. Times are UTC.

Header: Date(UTC);Product Name;Coin;Amount.
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.binance.earn import coin_of
from salyq.sources.readers.binance.history import ACCOUNT
from salyq.sources.readers.binance.trades import TIME

_STAKED = ("staking", "staked", "beth", "eth 2.0", "eth2", "vault", "slot auction")
_INTEREST = ("saving", "earn", "interest", "flexible", "locked", "launchpool", "liquid swap", "dual investment")


class DistributionRows(VenueRows):
    """Rows of a distribution history; the product's name says what kind of reward it was."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)
        self.thousands = facts.get("delimiter") in (",", "")  # no delimiter: a workbook

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, product, coin_text, amount_text = cells
        time, day = self.clock.read(when, "Date(UTC)", line)
        coin = coin_of(self.book, coin_text, "Coin", line)
        change = amount(amount_text, "Amount", thousands=self.thousands)
        at = At(line, time, day, product or None)
        return self.receipt(at, _kind(product.casefold()), coin, change, "Amount")


def _kind(product: str) -> str:
    if any(word in product for word in _STAKED):
        return "staked"
    return "interest" if any(word in product for word in _INTEREST) else "airdrop"


FORMAT = Format(
    "binance_distributions",
    (
        Column("Date(UTC)", pattern=TIME),
        Column("Product Name", ("Product Name", "Product")),
        Column("Coin", ("Coin", "Asset")),
        Column("Amount"),
    ),
    DistributionRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Binance",
    exchange=True,
    page="docs/sources/binance.md",
    moves=Moves(assets=("Coin",), change="Amount"),
)
