"""Bybit lists beside the two ledgers: deposits and withdrawals with their hashes, the older wallet, spot trades.

Uid,Date,Type,Asset,Chain,Amount,Tx ID,Status,Received Address · [Uid,]Type,Coin,Amount,Wallet Balance,Time(UTC) ·
Order ID,Transaction ID,Filled Time,Symbol,Side,Filled Price,Quantity,Exec Value,Fee,Fee Currency · [Uid,|Filled Time
(Local Time),]Spot Pairs,Order Type,Direction,[feeCoin,ExecFeeV2,]Filled Value,Filled Price,Filled Quantity,Fees,
Transaction ID,Order No.,Timestamp (UTC), whose time may be "14:35 2024-11-16".
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.fills import Market, fills
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import OWN
from salyq.sources.habits.transfer_history import Venue, history
from salyq.sources.habits.zone import VenueClock
from salyq.sources.readers.bybit.unified import ACCOUNT

PAGE = "docs/sources/bybit.md"
TRANSFERS = history(
    "bybit_transfers",
    Venue(ACCOUNT, "Bybit"),
    PAGE,
    Column("Time", pattern=r"Date(\s*&\s*Time)?\s*(\((?P<zone>UTC[^)]*)\))?"),
    Column("Type"),
    Column("Coin", ("Asset",)),
    Column("Amount"),
    Column("TxID", ("Tx ID",)),
    Column("Status"),
    Column("Address", ("Received Address",)),
    Column("Fee", required=False),
)
_IN = ("userdeposit", "deposit")
_OUT = ("userwithdraw", "withdraw", "withdrawal")
_INSIDE = ("internalaccounttransferdeposit", "internalaccounttransferwithdrawal")


class WalletRows(VenueRows):
    """Rows of the older wallet."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.clock = VenueClock(book, facts)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, kind, coin, amount_text = cells[:4]
        time, day = self.clock.read(when, "Time", line)
        plain = kind.casefold()
        if plain in _INSIDE:
            return OWN
        if plain not in (*_IN, *_OUT):
            raise RowError("Type", kind or None, "operation_unknown", venue="Bybit")
        quantity = abs(amount(amount_text, "Amount", thousands=True))
        asset = coin_code(self.book, coin, "Coin", line)
        return self.movement(At(line, time, day, kind), asset, quantity if plain in _IN else -quantity)


WALLET = Format(
    "bybit_wallet",
    (
        Column("Time", pattern=r"Time\s*\((?P<zone>UTC[^)]*)\)"),
        Column("Type"),
        Column("Coin"),
        Column("Amount"),
        Column("Wallet Balance"),
    ),
    WalletRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="Bybit",
    exchange=True,
    page=PAGE,
    moves=Moves(assets=("Coin",)),
)
_MARKET = Market(ACCOUNT, "Bybit")
TRADES = fills(
    "bybit_spot_trades",
    _MARKET,
    PAGE,
    Column("Order", ("Order ID",)),
    Column("Trade", ("Transaction ID",)),
    Column("Time", pattern=r"Filled Time\s*(\((?P<zone>UTC[^)]*)\))?"),
    Column("Pair", ("Symbol",)),
    Column("Side"),
    Column("Amount", ("Quantity",)),
    Column("Total", ("Exec Value",)),
    Column("Fee"),
    Column("Fee Coin", ("Fee Currency",)),
)
_SPOT = (
    Column("Time", pattern=r"Timestamp\s*\((?P<zone>UTC[^)]*)\)"),
    Column("Pair", ("Spot Pairs",)),
    Column("Side", ("Direction",)),
    Column("Amount", ("Filled Quantity",)),
    Column("Total", ("Filled Value",)),
    Column("Trade", ("Transaction ID",)),
    Column("Order", ("Order No.",)),
)
PAIRS = fills("bybit_spot_pairs", _MARKET, PAGE, *_SPOT, Column("Fee", ("Fees",)))
PAIRS_WITH_COIN = fills(
    "bybit_spot_pairs_fee_coin",
    _MARKET,
    PAGE,
    *_SPOT,
    Column("Fee", ("ExecFeeV2",)),
    Column("Fee Coin", ("feeCoin",)),
)
