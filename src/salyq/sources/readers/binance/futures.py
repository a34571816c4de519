"""Binance futures history: results, funding and commissions of derivatives, one a row.

Header: Date(UTC),type,Amount,Asset,Symbol,Transaction ID. Coins swapped inside the futures wallet are two rows of one
Transaction ID.
"""

from __future__ import annotations

from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, only, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import FIAT, OWN, ZERO
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.binance.history import ACCOUNT
from salyq.sources.readers.binance.trades import TIME

_RESULTS = ("REALIZED_PNL", "FUNDING_FEE")
_SWAPS = ("COIN_SWAP_DEPOSIT", "COIN_SWAP_WITHDRAW")
_OWN = ("TRANSFER", "DEPOSIT", "WITHDRAW")  # to and from the spot wallet


class _Leg(NamedTuple):
    at: At
    coin: str
    change: int


class FuturesRows(VenueRows):
    """Rows of the history; the two sides of a swap wait for each other."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)
        self.swaps: dict[str, list[_Leg]] = {}

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, kind_text, amount_text, asset, symbol, number = cells
        time, day = self.clock.read(when, "Date(UTC)", line)
        coin = coin_code(self.book, asset, "Asset", line)
        change = amount(amount_text, "Amount")
        kind = kind_text.upper().replace(" ", "_")
        at = At(line, time, day, f"{kind_text} {symbol}".strip())
        if kind in _OWN:
            return OWN
        if kind in _SWAPS:
            self.swaps.setdefault(venue_id(number) or f"{time:%Y%m%dT%H%M%S}", []).append(_Leg(at, coin, change))
            return None
        if kind not in (*_RESULTS, "COMMISSION"):
            raise RowError("type", kind_text or None, "operation_unknown", venue="Binance")
        if change == 0:
            return ZERO
        if is_currency(coin):
            return FIAT
        if kind == "COMMISSION":
            return self.lone_fees(at, [(-change, coin)])
        self.add(at, "derivative_result", coin, abs(change), value=change, currency=coin)
        return True

    def finish(self) -> None:
        """Swaps by their number."""
        for number, legs in self.swaps.items():
            outs, ins = [x for x in legs if x.change < 0], [x for x in legs if x.change > 0]
            if len(outs) != 1 or len(ins) != 1 or outs[0].coin == ins[0].coin:
                reason = Message("venue_legs_unclear" if outs and ins else "venue_half_trade")
                for leg in legs:
                    self.book.reject(
                        leg.at.line, "Transaction ID", number, reason, leg.at.day, only(leg.coin, leg.change)
                    )
                continue
            (given,), (taken,) = outs, ins
            sides = Side(given.coin, -given.change, given.at.line), Side(taken.coin, taken.change, taken.at.line)
            at = min(given.at, taken.at, key=lambda at: (at.time, at.line))
            self.settled([leg.at.line for leg in legs], self.deal(at, *sides, group=f"binance:futures:{number}"))
        self.swaps.clear()


FORMAT = Format(
    "binance_futures",
    (
        Column("Date(UTC)", pattern=TIME),
        Column("type"),
        Column("Amount"),
        Column("Asset"),
        Column("Symbol"),
        Column("Transaction ID"),
    ),
    FuturesRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Binance",
    exchange=True,
    page="docs/sources/binance.md",
    moves=Moves(assets=("Asset",), change="Amount"),
)
