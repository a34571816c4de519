"""Coins whose ticker is an ISO 4217 currency: written under another name, or they would be taken for money."""

from __future__ import annotations

from salyq.sources.book import Book
from salyq.sources.format import RowError

# None of these currencies (tögrög, Seychelles rupee, nakfa, boliviano, Dominican peso, Somali shilling, paʻanga) is a
# balance at these venues; coins of the same ticker are.
_COINS = {
    "MNT": "MANTLE",
    "SCR": "SCROLL",
    "ERN": "ETHERNITY",
    "BOB": "BUILDONBITCOIN",
    "DOP": "DATAOWNERSHIP",
    "SOS": "OPENDAO",
    "TOP": "TOPNETWORK",
}


def plain_coin(book: Book, text: str, column: str) -> str:
    """As `coin`, of a coin that keeps its name; RowError: of one that does not, which is said row by row."""
    code = book.code_as_written(text, column)
    if code in _COINS:
        raise RowError(column, text, "notice_coin_renamed", coin=code, name=_COINS[code])
    return code


def coin(book: Book, text: str, column: str, line: int) -> str:
    """The asset or currency of a cell, in capitals; a coin that shares its code with a currency is renamed, and said.

    RowError: empty, or no code."""
    code = book.code(text, column)
    if not code.strip("-\u2013\u2014"):
        raise RowError(column, text, "row_bad_asset")
    name = _COINS.get(code)
    if name is not None:
        book.notice(line, "notice_coin_renamed", coin=code, name=name)
    return name or code
