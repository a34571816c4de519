"""OKX deposits and withdrawals with their hashes: Time,Crypto,Deposit address | Withdrawal address,Network,Transaction
ID,Amount,[Fee,]Status. Which of the two, the header says."""

from __future__ import annotations

from salyq.sources.format import Column
from salyq.sources.habits.transfer_history import Venue, history
from salyq.sources.readers.okx.trades import ACCOUNT

TRANSFERS = history(
    "okx_transfers",
    Venue(ACCOUNT, "OKX"),
    "docs/sources/okx.md",
    Column("Time", pattern=r"Time\s*(\((?P<zone>UTC[^)]*)\))?"),
    Column("Coin", ("Crypto",)),
    Column("Address", pattern=r"(?P<way>Deposit|Withdrawal) address"),
    Column("TxID", ("Transaction ID",)),
    Column("Amount"),
    Column("Fee", required=False),
    Column("Status"),
)
