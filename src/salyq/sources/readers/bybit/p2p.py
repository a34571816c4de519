"""Bybit P2P orders: a workbook (or CSV), one order a row.

Order No.,p2p-convert,Type,Fiat Amount,Currency,Price,Currency,Coin Amount,Cryptocurrency,Transaction Fees,
Cryptocurrency,Counterparty,Status,Time: the first Currency and Cryptocurrency belong to the amounts, the second ones to
price and fee. Newer files have lines above the header, Direction for Type, and the zone in the title of the time.
"""

from __future__ import annotations

from salyq.sources.format import Column
from salyq.sources.habits.p2p import P2P, orders
from salyq.sources.readers.bybit.unified import ACCOUNT

FORMAT = orders(
    "bybit_p2p",
    P2P(ACCOUNT, "Bybit"),
    "docs/sources/bybit.md",
    Column("Order", ("Order No.",)),
    Column("Type", ("Type", "Direction")),
    Column("Total", ("Fiat Amount",)),
    Column("Money", ("Currency",)),
    Column("Quantity", ("Coin Amount",)),
    Column("Coin", ("Cryptocurrency",)),
    Column("Fee", ("Transaction Fees",), required=False),
    Column("With", ("Counterparty",), required=False),
    Column("Status"),
    Column("Time", ("Time",), pattern=r"Time\s*(\((?P<zone>UTC[^)]*)\))?"),
)
