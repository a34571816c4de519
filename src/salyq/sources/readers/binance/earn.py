"""Coins in Binance's earn products. LDBNB is the receipt for BNB that lies in Simple Earn, one for one: still BNB."""

from __future__ import annotations

from salyq.sources.book import Book
from salyq.sources.format import RowError
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.codes import plain_coin
from salyq.sources.habits.pairs import known_coins


def lies_in_earn(code: str) -> str:
    """The coin of a receipt (LDSHIB2 is of SHIB); any other code as it is: LDO is a coin."""
    held = code.removeprefix("LD")
    return next((name for name in (held, held.removesuffix("2")) if held != code and name in known_coins()), code)


def coin_of(book: Book, text: str, column: str, line: int) -> str:
    """The asset or currency of a cell; that of a receipt is said."""
    code = coin_code(book, text, column, line)
    held = lies_in_earn(code)
    if held != code:
        book.notice(line, "notice_earn_receipt", coin=code, name=held)
    return held


def plain_coin_of(book: Book, text: str, column: str) -> str:
    """As `coin_of`, of many rows at once; RowError of a receipt, which is said row by row."""
    code = plain_coin(book, text, column)
    if lies_in_earn(code) != code:
        raise RowError(column, text, "notice_earn_receipt", coin=code, name=lies_in_earn(code))
    return code
