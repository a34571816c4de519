"""Histories of deposits and withdrawals, as most venues export them: one row a movement on a chain, with its hash.

A venue's history is a `Way` (deposits, withdrawals, or told elsewhere) and its columns under common names, in the order
of `ORDER`; what a venue lacks stays out. The amount is what moved and a fee is on top of it; a venue
that tells what was asked for says in `Sent` what moved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Handler, Moves, RowError, only, yields
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.clock import epoch
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.columns import Cells, arranged
from salyq.sources.habits.ids import venue_id
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import FIAT, UNFINISHED
from salyq.sources.habits.ways import way_of
from salyq.sources.habits.zone import VenueClock

ORDER = ("Time", "Coin", "Amount", "Fee", "Address", "From", "TxID", "Status", "Type", "Sent")
DONE = frozenset(
    (
        "success",
        "successful",
        "succeeded",
        "succeed",
        "completed",
        "complete",
        "finished",
        "done",
        "confirmed",
        "credited",
        "deposit credited",
        "deposit successful",
        "withdrawal successful",
        "credited successfully",
        "transferred successfully",
        "deposited",
        "sent",
    )
)
_FEES = ("Fee", "Fees", "Transaction Fee", "Network Fee", "Withdrawal Fee", "Trading Fee", "Handling Fee")
NOT_DONE = (
    "fail",
    "cancel",
    "reject",
    "refus",
    "pending",
    "process",
    "await",
    "waiting",
    "unconfirmed",
    "confirming",
    "in progress",
    "expired",
    "refund",
    "return",
    "under review",
    "error",
    "invalid",
)


def finished(status: str, column: str = "Status") -> bool:
    """Whether a movement was carried out; an absent status says so. RowError: a word that says neither."""
    plain = status.strip(" .!").casefold()
    if not plain or plain in DONE:
        return True
    if plain.startswith(NOT_DONE) or plain.endswith(("failed", "rejected", "cancelled", "canceled")):
        return False
    raise RowError(column, status, "row_bad_choice", choices="Success, Completed, Failed, Cancelled, Pending")


@dataclass(frozen=True, slots=True)
class Venue:
    """`way` of the layout: 1, -1, or 0 where the header, a column, the file's name or its fees tell it.

    `tell`: the way by the facts of the header, where those of one layout differ."""

    account: str
    name: str
    way: int = 0
    tell: Callable[[Facts], int] | None = None


class TransferRows(VenueRows):
    """Rows of one history."""

    def __init__(self, book: Book, facts: Facts, venue: Venue, arrange: Callable[[Cells], Cells]) -> None:
        super().__init__(book, venue.account)
        self.venue, self.arrange = venue, arrange
        self.clock = VenueClock(book, facts)
        name = book.report.file.rpartition("/")[2]
        told = venue.tell(facts) if venue.tell else 0
        self.way = (
            venue.way or told or way_of(facts.get("way", "")) or way_of(facts.get("preamble", "")) or way_of(name)
        )
        self.open: list[tuple[At, str, int]] = []
        self.paid = False  # some row has a fee: only withdrawals have

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, coin, amount_text, fee_text, address, sender, chain, status, kind, sent = self.arrange(cells)
        if when.isdigit():
            time, day = self.book.venue_time(when, epoch, "Time")
        else:
            time, day = self.clock.read(when, "Time", line)
        if not finished(status):
            return UNFINISHED
        asset = coin_code(self.book, coin, "Coin", line)
        written = sent or amount_text
        quantity = above_zero(abs(amount(written, "Amount")), written, "Amount")
        fee = optional_amount(fee_text, "Fee")
        if fee < 0:
            raise RowError("Fee", fee_text, "row_negative")
        if is_currency(asset):
            return FIAT
        way = way_of(kind) or self.way
        at = At(line, time, day, None, hash=venue_id(chain))
        if fee:
            self.paid = True
        if not way and not fee:
            self.open.append((at._replace(counterparty=sender or None), asset, quantity))
            return None
        return self.moved(at, way or -1, asset, quantity, fee, address if (way or -1) < 0 else sender)

    def moved(self, at: At, way: int, asset: str, quantity: int, fee: int, other: str) -> Rule | bool:
        """A movement, with the address of its other side."""
        note = "Deposit" if way > 0 else "Withdrawal"
        at = at._replace(note=note, counterparty=other or None)
        return self.movement(at, asset, way * quantity, (fee, asset) if fee else None)

    def finish(self) -> None:
        """Rows without a fee, in a file that says neither: withdrawals, if others of it had one."""
        for at, asset, quantity in self.open:
            if self.paid:
                self.settled([at.line], self.moved(at, -1, asset, quantity, 0, ""))
            else:
                self.book.reject(at.line, None, None, Message("transfer_way_unknown"), at.day, only(asset))
        self.open.clear()


def history(name: str, venue: Venue, page: str, *columns: Column) -> Format:
    """The format of a history; each column bears one of the names of `ORDER` (habits/columns.py). A fee that is told
    under another of its usual titles is a fee too."""
    columns = tuple([c._replace(titles=_FEES) if c[:2] == ("Fee", ()) and not c.pattern else c for c in columns])
    arrange = arranged(columns, ORDER)

    def start(book: Book, facts: Facts) -> Handler:
        return TransferRows(book, facts, venue, arrange)

    return Format(
        name,
        columns,
        start,
        tells=Tells.FILLS,
        yields=yields(Yields.RECORDS),
        venue=venue.name,
        exchange=True,
        page=page,
        moves=Moves(assets=("Coin",)),
    )
