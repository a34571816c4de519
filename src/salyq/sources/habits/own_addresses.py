"""Whose an exported address is: the name of the file tells it, or the person's own addresses do (person.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from salyq.records.person import address_key
from salyq.sources.book import Book
from salyq.sources.format import RowError

EVM = re.compile(r"(?<![0-9A-Za-z])0x[0-9a-fA-F]{40}(?![0-9A-Za-z])", re.ASCII)
TRON = re.compile(r"(?<![0-9A-Za-z])T[1-9A-HJ-NP-Za-km-z]{33}(?![0-9A-Za-z])", re.ASCII)


class Seen(NamedTuple):
    """A movement as one own account sees it: `way` 1 in, -1 out, 0 to itself; the other side's address."""

    account: str
    way: int
    other: str


class OwnAddresses:
    """The own addresses that rows of one file can be about. A file named after an address is about that one alone."""

    def __init__(self, book: Book, pattern: re.Pattern[str]) -> None:
        self.known = book.reading.addresses
        name = book.report.file.rpartition("/")[2][:400]
        self.named = {address_key(text) for text in pattern.findall(name)}

    def account(self, address: str) -> str:
        """The account of an own address: as person.toml calls it, else the address."""
        key = address_key(address)
        return self.known.get(key, key)

    def is_own(self, address: str) -> bool:
        """Whether the file can be about this address."""
        key = address_key(address)
        return key in (self.named or self.known)

    def seen(self, sender: str, receiver: str) -> list[Seen]:
        """How the file's own address sees a movement; one from own to own is told by both, where the file is of both.

        RowError: neither side is known to be the person's."""
        found = [
            Seen(self.account(here), way, there)
            for here, there, way in ((sender, receiver, -1), (receiver, sender, 1))
            if here and self.is_own(here)
        ]
        if not found:
            raise RowError(
                "From", sender or None, "address_not_own", sides=" ".join(x for x in (sender, receiver) if x)
            )
        if len(found) == 2 and found[0].account == found[1].account:
            return [found[0]._replace(way=0)]
        return found

    def one_of(self, addresses: Iterable[str]) -> str | None:
        """The first of them that is own, or None."""
        return next((x for x in addresses if x and self.is_own(x)), None)
