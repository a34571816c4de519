"""OKX P2P orders, one a row: Order No,Order type,Crypto,Currency,Volume,Amount,Status,Counterparty,Created date,Updated
date (and others). Volume is of the coin, Amount of the money; an order that was carried out is Fulfilled.
"""

from __future__ import annotations

from salyq.sources.format import Column
from salyq.sources.habits.p2p import P2P, orders
from salyq.sources.readers.okx.trades import ACCOUNT

FORMAT = orders(
    "okx_p2p",
    P2P(ACCOUNT, "OKX"),
    "docs/sources/okx.md",
    Column("Order", ("Order No", "Order No.")),
    Column("Type", ("Order type",)),
    Column("Coin", ("Crypto",)),
    Column("Money", ("Currency",)),
    Column("Quantity", ("Volume",)),
    Column("Total", ("Amount",)),
    Column("With", ("Counterparty",), required=False),
    Column("Status"),
    Column("Time", ("Created date",), pattern=r"Created date\s*(\((?P<zone>UTC[^)]*)\))?"),
)
