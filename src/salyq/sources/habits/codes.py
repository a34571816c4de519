"""Coins whose ticker is an ISO 4217 currency: written under another name, or they would be taken for money."""

from __future__ import annotations

from salyq.sources.book import Book

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


def coin(book: Book, text: str, column: str, line: int) -> str:
    """The asset or currency of a cell, in capitals; a coin that shares its code with a currency is renamed, and said.

    RowError: empty, or no code."""
    code = book.code(text, column)
    name = _COINS.get(code)
    if name is not None:
        book.notice(line, "notice_coin_renamed", coin=code, name=name)
    return name or code
