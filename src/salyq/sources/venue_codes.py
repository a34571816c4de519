"""Coins whose ticker is an ISO 4217 currency: written under another name, or they would be taken for money."""

from __future__ import annotations

from salyq.sources.book import Book

_COINS = {"MNT": "MANTLE"}  # the tögrög is no balance of these venues


def coin(book: Book, text: str, column: str, line: int) -> str:
    """The asset or currency of a cell, in capitals; a coin that shares its code with a currency is renamed, and said.

    RowError: empty, or no code."""
    code = book.code(text, column)
    name = _COINS.get(code)
    if name is not None:
        book.notice(line, "notice_coin_renamed", coin=code, name=name)
    return name or code
