"""NiceHash payments: mining paid out, its fee, and what happened to the balance.

Header: Date time,Local date time,Purpose,Amount (BTC),Exchange rate,Amount (XXX). Date time is GMT. The fee of a payout
stands in a row of its own with the same time: what was distributed is the amount less that fee, as in `payouts`.
"""

from __future__ import annotations

from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.amounts import amount
from salyq.sources.habits.clock import clock, header_zone
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import FOOTER, ZERO

ACCOUNT = POOL = "nicehash"
_MINED = ("hashpower mining", "hashpower mining fee")
_MOVED = ("deposit", "deposit complete", "withdrawal", "withdrawal complete")
_FEES = ("withdrawal fee", "deposit fee", "exchange fee")
_RECEIPTS = {"bonus": "airdrop", "referral": "airdrop", "reward": "airdrop", "refund": "airdrop"}


class _Part(NamedTuple):
    at: At
    change: int
    fee: bool


class PaymentRows(VenueRows):
    """Rows of a payments report; payouts and their fees wait for each other."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.parse = clock(header_zone("UTC"))
        self.asset = facts["asset"].upper()
        self.mined: dict[object, list[_Part]] = {}

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        time_text, purpose, amount_text = cells
        kind = purpose.casefold()
        if not purpose and not amount_text and not time_text[:1].isdigit():
            return FOOTER
        time, day = self.book.venue_time(time_text, self.parse, "Date time")
        change = amount(amount_text, "Amount")
        at = At(line, time, day, purpose)
        if kind in _MINED:
            self.mined.setdefault(time, []).append(_Part(at._replace(counterparty=POOL), change, kind == _MINED[1]))
            return None
        if kind in _MOVED:
            if (change < 0) != kind.startswith("withdrawal"):
                raise RowError("Amount", amount_text, "operation_wrong_sign", operation=purpose)
            return self.movement(at, self.asset, change)
        if kind in _FEES:
            return self.outgo(at, "fee", self.asset, change, "Amount")
        if kind in _RECEIPTS:
            return self.receipt(at, _RECEIPTS[kind], self.asset, change, "Amount")
        if kind == "exchange trade":
            raise RowError("Purpose", purpose, "nicehash_trade")
        raise RowError("Purpose", purpose or None, "operation_unknown", venue="NiceHash")

    def finish(self) -> None:
        """Payouts of every moment: each less its fee; a fee that has no payout of its own is a fee."""
        for parts in self.mined.values():
            paid = [part for part in parts if not part.fee]
            fees = [part for part in parts if part.fee]
            if len(paid) == len(fees):  # one a payout, in the order in which they stand
                for part, fee in zip(paid, fees, strict=True):
                    self.pay(part, fee)
                continue
            for part in paid:
                self.pay(part, None)
            for fee in fees:
                self.one(fee, fee.change <= 0, "fee", -fee.change)
        self.mined.clear()

    def pay(self, part: _Part, fee: _Part | None) -> None:
        net = part.change + (fee.change if fee is not None else 0)
        if fee is not None and (fee.change > 0 or net <= 0):
            self.pay(part, None)
            self.one(fee, fee.change <= 0, "fee", -fee.change)
            return
        if fee is not None and part.change > 0:
            note = f"{part.at.note}: {format_scaled(part.change)} - {format_scaled(-fee.change)}"
            self.add(part.at._replace(note=note), "mined", self.asset, net)
            self.settled(sorted((part.at.line, fee.at.line)), True)
            return
        self.one(part, part.change >= 0, "mined", part.change)

    def one(self, part: _Part, good: bool, kind: str, quantity: int) -> None:
        """One record of one row, where its sign is right."""
        if not good:
            reason = Message("operation_wrong_sign", {"operation": part.at.note or ""})
            self.book.reject(part.at.line, "Amount", format_scaled(part.change), reason, part.at.day)
        elif quantity == 0:
            self.book.ignore(ZERO, part.at.line)
        else:
            self.add(part.at, kind, self.asset, quantity)
            self.book.use(part.at.line)


FORMAT = Format(
    "nicehash",
    (
        Column("Date time", ("Date time", "Datetime", "Date")),
        Column("Purpose"),
        Column("Amount", pattern=r"Amount \((?P<asset>[A-Z0-9]{2,10})\)"),
    ),
    PaymentRows,
    tells=Tells.FILLS,
    yields=yields(Yields.RECORDS),
    venue="NiceHash",
    page="docs/sources/nicehash.md",
)
