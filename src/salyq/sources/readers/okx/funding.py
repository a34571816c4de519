"""OKX funding account history: deposits, withdrawals, earn products, conversions, with the balance before and after.

A line UID:…,Account Type:…,Time Zone:UTC+3, then id,Time,Type,Amount,Before Balance,After Balance,[Fee,]Symbol.
"""

from __future__ import annotations

from salyq.civil.currencies import is_currency
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
from salyq.sources.habits.renaming import renaming
from salyq.sources.habits.rows import At, Fee, VenueRows
from salyq.sources.habits.rules import FIAT, OWN, ZERO
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.okx.trades import ACCOUNT
from salyq.sources.readers.okx.types import Meaning, funding

_SWAPPED = ("convert", "renamed")


class FundingRows(VenueRows):
    """Rows of the funding account: legs of conversions wait until the end."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)
        self.balances = Balances(book)
        self.legs: list[Leg] = []
        self.products: list[Leg] = []

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        number, when, kind, amount_text, before_text, after_text, fee_text, symbol = cells
        time, day = self.clock.read(when, "Time", line)
        coin = coin_code(self.book, symbol, "Symbol", line)
        change = amount(amount_text, "Amount", thousands=True)
        fee = abs(optional_amount(fee_text, "Fee", thousands=True))
        moved = change
        if before_text.strip("-") and after_text.strip("-"):
            after = shown_amount(after_text, "After Balance", thousands=True)
            moved = after - shown_amount(before_text, "Before Balance", thousands=True)
            self.balances.add(coin, time, line, moved, after)
            change = _signed(change, moved)
        found = funding(kind)
        if not found.how or found.how == "uncovered":
            code = "venue_not_covered" if found.how else "venue_unknown_operation"
            raise RowError("Type", kind or None, code, venue="OKX")
        if found.how == "own":
            if not change or is_currency(coin) or not is_product(kind):
                return OWN
            self.products.append(Leg(line, time, day, coin, change, "convert", kind, ""))
            return None
        if change == 0 and found.how not in _SWAPPED:
            return ZERO
        if found.how in _SWAPPED:
            words = renaming(kind) if found.how == "renamed" else kind
            self.legs.append(Leg(line, time, day, coin, change, "convert", words, ""))
            return None
        if fee and moved == change:  # the fee stands inside the amount
            change += fee if change < 0 else 0
        at = At(line, time, day, kind, venue_id(number))
        return self.single(at, found, coin, change, (fee, coin) if fee else None)

    def single(self, at: At, found: Meaning, coin: str, change: int, fee: Fee | None) -> Rule | bool:
        """A row that says all by itself."""
        if is_currency(coin):
            return FIAT
        if found.how == "transfer":
            words = "" if found.what else at.note or ""
            return self.said_movement(at._replace(counterparty=found.what or None), words, coin, change, "Amount", fee)
        if found.how == "reward":
            return self.receipt(at, found.what, coin, change, "Amount", fee)
        if change > 0 and found.how == "fee":  # a fee given back
            return self.receipt(at, "airdrop", coin, change, "Amount")
        return self.outgo(at, found.how, coin, change, "Amount")

    def finish(self) -> None:
        """Legs of conversions, and whether the balances follow from the rows."""
        convert(self, self.legs, lambda leg: f"{ACCOUNT}:{leg.time:%Y%m%dT%H%M%SZ}:funding")
        settle_products(self, self.products, lambda leg: f"{ACCOUNT}:{leg.time:%Y%m%dT%H%M%SZ}:product", "Type")
        self.balances.finish()


def _signed(change: int, moved: int) -> int:
    """An amount with the sign of what the balance did: some files write it without."""
    return -change if change > 0 > moved else change


FORMAT = Format(
    "okx_funding",
    (
        Column("id", required=False),
        Column("Time", pattern=r"Time\s*(?:\((?P<zone>[^)]*)\))?"),
        Column("Type"),
        Column("Amount"),
        Column("Before Balance"),
        Column("After Balance"),
        Column("Fee", required=False),
        Column("Symbol", ("Symbol", "Coin", "Currency")),
    ),
    FundingRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="OKX",
    exchange=True,
    page="docs/sources/okx.md",
    moves=Moves(assets=("Symbol",), change="Amount"),
)
