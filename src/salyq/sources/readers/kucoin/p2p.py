"""KuCoin P2P orders, one a row: TIME,SIDE,STATUS,LEGAL/CURRENCY,LEGAL_AMOUNT,CURRENCY_AMOUNT,OP_TRADER_NAME,ORDER_ID
(and others). LEGAL is the money ("KZT/USDT"); an order that was carried out is DONE.
"""

from __future__ import annotations

from salyq.sources.format import Column
from salyq.sources.habits.p2p import P2P, orders
from salyq.sources.readers.kucoin.trades import ACCOUNT

FORMAT = orders(
    "kucoin_p2p",
    P2P(ACCOUNT, "KuCoin"),
    "docs/sources/kucoin.md",
    Column("Order", ("ORDER_ID",)),
    Column("Type", ("SIDE",)),
    Column("Pair", ("LEGAL/CURRENCY",)),
    Column("Total", ("LEGAL_AMOUNT",)),
    Column("Quantity", ("CURRENCY_AMOUNT",)),
    Column("With", ("OP_TRADER_NAME",), required=False),
    Column("Status", ("STATUS",)),
    Column("Time", ("TIME",), pattern=r"TIME\s*(\((?P<zone>UTC[^)]*)\))?"),
)
