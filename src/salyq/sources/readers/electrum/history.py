"""Electrum history: one row a transaction of the wallet; what leaves holds its fee. Bitcoin, in the computer's clock.

Since 4.6: oc_transaction_hash,ln_payment_hash,label,confirmations,amount_chain_bc,amount_lightning_bc,fiat_value,
network_fee_satoshi | network_fee_bc,fiat_fee,timestamp. Before: transaction_hash,label,[confirmations,]value,
[fiat_value,fee,fiat_fee,]timestamp. The time is local and names no zone: taken as Kazakhstan's, and said.
"""

from __future__ import annotations

from salyq.civil.days import zone
from salyq.records.model import UNIT
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.amounts import amount, optional_amount
from salyq.sources.habits.clock import clock
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import OWN, PENDING, ZERO

_SATOSHI = UNIT // 10**8


class WalletRows(VenueRows):
    """Rows of either layout."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        super().__init__(book, "electrum")
        self.parse = clock(zone())

    def took(self, at: At, change: int, fee: int) -> Rule | bool:
        """A change of the wallet, with the fee that it holds where something left."""
        self.book.notice(at.line, "notice_time_without_offset")
        fee = abs(fee)
        if change >= 0:
            return self.movement(at, "BTC", change) if change or not fee else ZERO
        if change + fee > 0:
            raise RowError("fee", None, "fee_above_amount")
        if change + fee == 0:  # to oneself, or into a channel of one's own
            self.add(at, "fee", "BTC", fee)
            return True
        return self.movement(at, "BTC", change + fee, (fee, "BTC") if fee else None)

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, chain, payment, label, confirmations, value, lightning, satoshi, fee_text = cells
        if _pending(confirmations) and not payment:
            return PENDING
        time, day = self.book.venue_time(when, self.parse, "timestamp")
        change = _number(value, "amount_chain_bc") + _number(lightning, "amount_lightning_bc")
        fee = _number(fee_text, "network_fee_bc") or _number(satoshi, "network_fee_satoshi") // UNIT * _SATOSHI
        at = At(line, time, day, label or None, hash=chain or payment or None)
        return OWN if change == 0 == fee else self.took(at, change, fee)


class OlderRows(WalletRows):
    """Rows before version 4.6."""

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, chain, label, confirmations, value, fee_text = cells
        if _pending(confirmations):
            return PENDING
        time, day = self.book.venue_time(when, self.parse, "timestamp")
        at = At(line, time, day, label or None, hash=chain or None)
        change = amount(value.removesuffix("."), "value", thousands=True)
        return self.took(at, change, _number(fee_text, "fee"))


def _number(text: str, column: str) -> int:
    """Electrum cuts zeros off, but not the point: "1." """
    return optional_amount(text.removesuffix("."), column, thousands=True)


def _pending(confirmations: str) -> bool:
    return confirmations.startswith("-") or confirmations == "0"


FORMAT = Format(
    "electrum",
    (
        Column("timestamp"),
        Column("oc_transaction_hash"),
        Column("ln_payment_hash"),
        Column("label"),
        Column("confirmations", required=False),
        Column("amount_chain_bc"),
        Column("amount_lightning_bc"),
        Column("network_fee_satoshi", required=False),
        Column("network_fee_bc", required=False),
    ),
    WalletRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Electrum",
    page="docs/sources/wallets.md",
)
OLDER = Format(
    "electrum_older",
    (
        Column("timestamp"),
        Column("transaction_hash"),
        Column("label"),
        Column("confirmations", required=False),
        Column("value"),
        Column("fee", required=False),
    ),
    OlderRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Electrum",
    page="docs/sources/wallets.md",
)
