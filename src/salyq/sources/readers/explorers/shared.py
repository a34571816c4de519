"""What exports of a chain share: calls that move nothing but the fee, which only their sender paid."""

from __future__ import annotations

import re
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.sources.book import Book
from salyq.sources.habits.own_addresses import OwnAddresses
from salyq.sources.habits.rows import At, VenueRows
from salyq.sources.habits.rules import ZERO


class Waiting(NamedTuple):
    """A call without a value; whose fee it was, all rows of the file tell."""

    at: At
    sender: str
    receiver: str
    fee: int


class ChainRows(VenueRows):
    """Rows of one address: those with a value tell whose it is, which settles the rest."""

    coin = ""

    def __init__(self, book: Book, pattern: re.Pattern[str]) -> None:
        super().__init__(book, "")
        self.owners = OwnAddresses(book, pattern)
        self.waiting: list[Waiting] = []
        self.mine: set[str] = set()  # accounts that rows with a value are of

    def fee_alone(self, at: At, fee: int, coin: str) -> bool:
        """A fee that nothing else was paid with; whether there was one."""
        if fee:
            self.add(at, "fee", coin, fee)
        return bool(fee)

    def finish(self) -> None:
        """Calls: their fee, where the sender is the person."""
        for row in self.waiting:
            account = self.owners.account(row.sender)
            if not (self.owners.is_own(row.sender) or account in self.mine):
                self._not_sent(row)
                continue
            self.account = account
            paid = self.fee_alone(row.at._replace(counterparty=row.receiver or None), row.fee, self.coin)
            self.settled([row.at.line], True if paid else ZERO)
        self.waiting.clear()

    def _not_sent(self, row: Waiting) -> None:
        """A call by somebody else moved nothing of the person's; unless it cannot be told whose the file is."""
        if self.owners.is_own(row.receiver) or self.owners.account(row.receiver) in self.mine or not row.fee:
            self.book.ignore(ZERO, row.at.line)
            return
        self.book.reject(
            row.at.line, "From", row.sender or None, _unknown(), row.at.day, (frozenset({self.coin}), "out")
        )


def _unknown() -> Message:
    return Message("address_not_own")
