"""Bitget: spot trades, deposits, withdrawals, each a file of its own.

Order ID,Trading Pair,Side,Filled Price,Filled Amount,Total,Fee,Fee Currency,Order Time,Order Type · as its API says it:
orderId,symbol,side,priceAvg,size,baseVolume,quoteVolume,fee,feeCurrency,cTime · Coin,Amount,Network,From Address,TXID,
Time,Status · Coin,Amount,Network,To Address,TXID,Time,Status,Fee. A symbol may end in _SPBL; a fee stands with a minus
or without; times are dates or counts of milliseconds.
"""

from __future__ import annotations

from salyq.sources.format import Column
from salyq.sources.habits.fills import Market, fills
from salyq.sources.habits.transfer_history import Venue, history

PAGE = "docs/sources/bitget.md"
_MARKET = Market("bitget", "Bitget", suffix=True, signed_fee=True)
_ZONE = r"\s*(\((?P<zone>UTC[^)]*)\))?"
TRADES = fills(
    "bitget_trades",
    _MARKET,
    PAGE,
    Column("Order", ("Order ID",)),
    Column("Pair", ("Trading Pair",)),
    Column("Side"),
    Column("Amount", ("Filled Amount",)),
    Column("Total"),
    Column("Fee"),
    Column("Fee Coin", ("Fee Currency",)),
    Column("Time", pattern="Order Time" + _ZONE),
)
FILLS = fills(
    "bitget_fills",
    _MARKET,
    PAGE,
    Column("Order", ("orderId",)),
    Column("Trade", ("tradeId",), required=False),
    Column("Pair", ("symbol",)),
    Column("Side", ("side",)),
    Column("Amount", ("baseVolume",)),
    Column("Total", ("quoteVolume",)),
    Column("Fee", ("fee",)),
    Column("Fee Coin", ("feeCurrency",)),
    Column("Time", ("cTime",)),
)
_SAME = (
    Column("Coin"),
    Column("Amount"),
    Column("TxID", ("TXID",)),
    Column("Time", pattern="Time" + _ZONE),
    Column("Status"),
)
DEPOSITS = history("bitget_deposits", Venue("bitget", "Bitget", 1), PAGE, *_SAME, Column("From", ("From Address",)))
WITHDRAWALS = history(
    "bitget_withdrawals", Venue("bitget", "Bitget", -1), PAGE, *_SAME, Column("Address", ("To Address",)), Column("Fee")
)
