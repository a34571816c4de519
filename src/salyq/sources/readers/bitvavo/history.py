"""Bitvavo transaction history: one row an operation; the zone of its clock stands in each row.

Header: Timezone,Date,Time,Type,Currency,Amount,Quote Currency,Quote Price,Received / Paid Currency,Received / Paid
Amount,Fee currency,Fee amount,Status,Transaction ID,Address (older: "EUR received / paid" in one column). What was paid
or received has the fee inside, and so has the amount of a withdrawal.
"""

from __future__ import annotations

from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.day_order import plain
from salyq.sources.format import Column, Facts, Format, Moves, RowError, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.clock import clock, named_zone
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import UNFINISHED

ACCOUNT = "bitvavo"
_DONE = ("completed", "distributed", "executed", "")
_NOT_DONE = ("cancelled", "canceled", "failed", "pending", "rejected", "awaiting", "processing", "awaiting_processing")
_MOVED = ("internal_transfer", "external_transferred_funds", "manually_assigned_bitvavo", "withdrawal_cancelled")
_RECEIPTS = {
    "staking": "staked",
    "fixed_staking": "staked",
    "flex_staking": "staked",
    "staking_reward": "staked",
    "lending": "interest",
    "interest": "interest",
    "affiliate": "airdrop",
    "rebate": "airdrop",
    "airdrop": "airdrop",
    "distribution": "airdrop",
    "campaign_new_user_incentive": "airdrop",
    "campaign": "airdrop",
    "referral": "airdrop",
    "bonus": "airdrop",
    "fork": "fork",
}


class BitvavoRows(VenueRows):
    """Rows of a transaction history."""

    def __init__(self, book: Book, facts: Facts) -> None:
        super().__init__(book, ACCOUNT)
        self.currency = facts.get("paid", "")

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        zone_text, date, hour, kind_text, coin, amount_text, paid_coin, paid_text, *rest = cells
        fee_coin, fee_text, status, number, address = rest
        zone = named_zone(zone_text or "UTC")
        if zone is None:
            raise RowError("Timezone", zone_text, "row_unknown_zone")
        parse = clock(zone)
        moment = (
            f"{plain(date, self.book.day_order)} {hour} {zone_text}".strip()
        )  # the book remembers times by their text
        time, day = self.book.venue_time(moment, lambda text: parse(text.removesuffix(zone_text)), "Time")
        if status.casefold() in _NOT_DONE:
            return UNFINISHED
        if status.casefold() not in _DONE:
            raise RowError("Status", status, "row_bad_choice", choices="Completed, Distributed")
        asset, change = coin_code(self.book, coin, "Currency", line), amount(amount_text, "Amount")
        fee = optional_amount(fee_text, "Fee amount")
        at = At(line, time, day, kind_text, number or None, counterparty=address or None)
        kind = kind_text.casefold()
        if kind in ("buy", "sell"):
            money = self.book.code(paid_coin or self.currency, "Received / Paid Currency")
            paid = Side(money, abs(amount(paid_text, "Received / Paid Amount")))
            fee_asset = coin_code(self.book, fee_coin, "Fee currency", line) if fee else ""
            return self.trade(at, kind, Side(asset, abs(change)), paid, (fee, fee_asset), (amount_text, paid_text))
        if kind == "deposit":
            return self.movement(at, asset, abs(change), (fee, asset) if fee else None)
        if kind == "withdrawal":
            return self.withdrawal(at, asset, abs(change), fee)
        if kind in _MOVED:
            return self.movement(at, asset, change, (fee, asset) if fee else None)
        if kind == "loan":
            raise RowError("Type", kind_text, "operation_not_covered")
        if kind in _RECEIPTS:
            return self.receipt(at, _RECEIPTS[kind], asset, change, "Amount")
        raise RowError("Type", kind_text or None, "operation_unknown", venue="Bitvavo")

    def trade(
        self, at: At, kind: str, thing: Side, paid: Side, fee: tuple[int, str], texts: tuple[str, str]
    ) -> Rule | bool:
        """The fee is a part of what was paid, or was taken from what was received, where it is in that currency."""
        inside = fee[0] if fee[1] == paid.asset else 0
        value = paid.quantity - inside if kind == "buy" else paid.quantity + inside
        above_zero(thing.quantity, texts[0], "Amount")
        above_zero(value, texts[1], "Received / Paid Amount")
        money = paid._replace(quantity=value)
        sides = (money, thing) if kind == "buy" else (thing, money)
        return self.deal(at, *sides, [fee] if fee[0] else [])

    def withdrawal(self, at: At, asset: str, gone: int, fee: int) -> Rule | bool:
        """What left the account has the fee inside. A fee above that cannot be: what left is certain, so it stays."""
        if fee >= gone > 0:
            self.book.notice(at.line, "notice_fee_above_amount")
            fee = 0
        return self.movement(at, asset, fee - gone, (fee, asset) if fee else None)


FORMAT = Format(
    "bitvavo",
    (
        Column("Timezone"),
        Column("Date"),
        Column("Time"),
        Column("Type"),
        Column("Currency"),
        Column("Amount"),
        Column("Received / Paid Currency", pattern=r"Received ?/ ?Paid Currency", required=False),
        Column("Received / Paid Amount", pattern=r"Received ?/ ?Paid Amount|(?P<paid>[A-Z]{3,5}) received ?/ ?paid"),
        Column("Fee currency"),
        Column("Fee amount"),
        Column("Status"),
        Column("Transaction ID", ("Transaction ID", "Transaction Id"), required=False),
        Column("Address", required=False),
    ),
    BitvavoRows,
    tells=Tells.LEDGER,
    yields=yields(Yields.RECORDS),
    venue="Bitvavo",
    exchange=True,
    page="docs/sources/bitvavo.md",
    moves=Moves(assets=("Currency", "Received / Paid Currency", "Fee currency")),
)
