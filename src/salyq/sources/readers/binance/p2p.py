"""Binance P2P orders: purchases and sales against money, mostly tenge; only Completed orders count.

Times are UTC, unless the header names another zone.

Header: Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Maker Fee,Taker Fee,
Couterparty,Status,Created Time (the misspelling is theirs; older files lack the fees).
"""

from __future__ import annotations

from salyq.sources.format import Column
from salyq.sources.habits.p2p import P2P, orders
from salyq.sources.readers.binance.history import ACCOUNT

FORMAT = orders(
    "binance_p2p",
    P2P(ACCOUNT, "Binance", utc=True),
    "docs/sources/binance.md",
    Column("Order", ("Order Number",)),
    Column("Type", ("Order Type",)),
    Column("Coin", ("Asset Type", "Asset")),
    Column("Money", ("Fiat Type", "Fiat")),
    Column("Total", ("Total Price",)),
    Column("Quantity"),
    Column("Fee", ("Maker Fee",), required=False),
    Column("Fee 2", ("Taker Fee",), required=False),
    Column("With", ("Couterparty", "Counterparty"), required=False),
    Column("Status"),
    Column("Time", ("Created Time",), pattern=r"Create(?:d)? Time(?:\s*\((?P<zone>UTC[^)]*)\))?"),
)
