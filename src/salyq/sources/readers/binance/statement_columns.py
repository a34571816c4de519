"""Rows of a statement by columns: legs of trades as history.py reads them row by row, where their cells are clean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from salyq.sources.book import Book
from salyq.sources.format import RowError
from salyq.sources.habits.by_columns import Bad, amounts, known, there
from salyq.sources.habits.pairing import Leg
from salyq.sources.readers.binance.earn import plain_coin_of
from salyq.sources.readers.binance.operations import NUMBERED, ORDER, family, is_futures, meaning

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

_new = tuple.__new__


class Legs(NamedTuple):
    """Of each row: what its leg is grouped by, and the leg; `bad`: places of rows that are no clean leg of a trade."""

    keys: list[tuple[str, str, object]]
    legs: list[Leg]
    bad: Bad


def legs_of_trades(
    book: Book, parse: Callable[[str], datetime], lines: Sequence[int], columns: Sequence[Cells | None]
) -> Legs:
    """`columns`: time, account, operation, coin, change, remark (which may be absent)."""
    *required, told = columns
    time_texts, accounts, operations, coin_texts, change_texts = there(*required)
    bad: Bad = set()
    moments = known(time_texts, lambda text: book.venue_time(text, parse, "UTC_Time"), bad, (None, None))
    coins = known(coin_texts, lambda text: plain_coin_of(book, text, "Coin"), bad, "")
    meanings = known(operations, _of_trades, bad, ("", ""))
    changes = amounts(change_texts, bad, signed=True)
    bad.update([n for n, change in enumerate(changes) if not change])
    if any(map(is_futures, accounts.coded[0])):
        bad.update([n for n, name in enumerate(accounts) if is_futures(name)])
    (times, days), (sides, kins) = zip(*moments, strict=True), zip(*meanings, strict=True)
    remarks = [""] * len(lines) if told is None else [*told]
    cells = zip(lines, times, days, coins, changes, sides, known(operations, str, bad), remarks, strict=True)
    legs = [*map(_new, repeat(Leg), cells)]
    keys: list[tuple[str, str, object]] = [*zip(known(accounts, str.casefold, bad), kins, times, strict=True)]
    if not NUMBERED.isdisjoint(kins):
        for n, (_, kin, _) in enumerate(keys):
            if kin in NUMBERED and ORDER.fullmatch(remarks[n]):
                keys[n] = ("", kin, remarks[n])  # the sides of an order may be in two sub-accounts
    return Legs(keys, legs, bad)


def _of_trades(operation: str) -> tuple[str, str]:
    """(side, family) of an operation whose legs make trades together. RowError: of any other."""
    found = meaning(operation)
    if found is None or found.how not in ("leg", "fee", "distribution"):
        raise RowError("Operation", operation or None, "binance_unknown_operation")
    return found.what or found.how, "distribution" if found.how == "distribution" else family(found)
