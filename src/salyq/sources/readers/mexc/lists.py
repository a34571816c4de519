"""MEXC: trades, filled orders, deposits, withdrawals, each a file of its own. UTC, unless the header names a zone.

[UID,]Pairs,Time,Side,Filled Price,Executed Amount,Total,Fee,Role · [UID,]Pairs,Time,Type,Direction,Average Filled
Price,Order Price,Filled Quantity,Order Quantity,Order Amount,Status · [UID,]Status,Time,Crypto,Network,Deposit Amount,
TxID,Progress · [UID,]Status,Time,Crypto,Network,Request Amount,Withdrawal Address,[memo,]TxID,Trading Fee,Settlement
Amount,Withdrawal Descriptions. A fee without a coin is of what was received; Settlement Amount is what was sent.
"""

from __future__ import annotations

from salyq.sources.format import Column
from salyq.sources.habits.fills import Market, fills
from salyq.sources.habits.transfer_history import Venue, history

PAGE = "docs/sources/mexc.md"
_ZONE = r"Time\s*(\((?P<zone>UTC[^)]*)\))?"
TRADES = fills(
    "mexc_trades",
    Market("mexc", "MEXC"),
    PAGE,
    Column("Pair", ("Pairs",)),
    Column("Time", pattern=_ZONE),
    Column("Side"),
    Column("Amount", ("Executed Amount",)),
    Column("Total"),
    Column("Fee"),
    Column("_Role", ("Role",), required=False),
)
ORDERS = fills(
    "mexc_orders",
    Market("mexc", "MEXC", orders=True, no_fee=True),
    PAGE,
    Column("Pair", ("Pairs",)),
    Column("Time", pattern=_ZONE),
    Column("Side", ("Direction",)),
    Column("Price", ("Average Filled Price",)),
    Column("Amount", ("Filled Quantity",)),
    Column("_Ordered", ("Order Quantity",)),
    Column("Status"),
)
DEPOSITS = history(
    "mexc_deposits",
    Venue("mexc", "MEXC", 1),
    PAGE,
    Column("Status"),
    Column("Time", pattern=_ZONE),
    Column("Coin", ("Crypto",)),
    Column("Amount", ("Deposit Amount",)),
    Column("TxID"),
    Column("_Progress", ("Progress",), required=False),
)
WITHDRAWALS = history(
    "mexc_withdrawals",
    Venue("mexc", "MEXC", -1),
    PAGE,
    Column("Status"),
    Column("Time", pattern=_ZONE),
    Column("Coin", ("Crypto",)),
    Column("Amount", ("Request Amount",)),
    Column("Address", ("Withdrawal Address",)),
    Column("TxID"),
    Column("Fee", ("Trading Fee",)),
    Column("Sent", ("Settlement Amount",)),
)
