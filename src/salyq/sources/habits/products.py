"""Coins that move to or from a venue's product (staking, savings): still one's own, and no event.

Where a product gives another coin for what was put in (ETH staked for BETH), the two rows of one moment and the same
words are a conversion; half of one is open. A row against its words ("Redeem" of what leaves) is such a half, unless
the file has that coin moving as the words of a product say: then it was given back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from salyq.civil.messages import Message
from salyq.sources.book import Book
from salyq.sources.format import only
from salyq.sources.habits.legs import convert, half_of
from salyq.sources.habits.moments import moments
from salyq.sources.habits.pairing import Leg
from salyq.sources.habits.rows import VenueRows
from salyq.sources.habits.rules import OWN

_BACK = ("redem", "redeem", "unstak")
_THERE = ("subscri", "stake", "purchas")
_WORDS = (*_BACK, *_THERE, "stak", "earn", "saving", "mint", "wrap")


def is_product(words: str) -> bool:
    """Whether these words of a venue speak of a product, not of another account."""
    plain = words.casefold()
    return any(word in plain for word in _WORDS)


def settle_products(rows: VenueRows, legs: Sequence[Leg], group: Callable[[Leg], str], column: str) -> None:
    """Account for rows whose words are of a product; `operation` of a leg holds the words, `column` is their place."""
    settle_moves(rows.book, legs, lambda moment: convert(rows, moment, group), column)


def settle_moves(book: Book, legs: Sequence[Leg], swap: Callable[[Sequence[Leg]], None], column: str) -> None:
    """As `settle_products`, where `swap` makes the conversion of two rows."""
    plainly = {leg.coin for leg in legs if _way(leg) > 0}
    by_words: dict[str, list[Leg]] = {}
    for leg in legs:
        by_words.setdefault(leg.operation.casefold(), []).append(leg)
    for own in by_words.values():
        for moment in moments(own, half_of):
            given = {leg.coin for leg in moment if leg.change < 0}
            taken = {leg.coin for leg in moment if leg.change > 0}
            if len(given) == len(taken) == 1 and given != taken and not _both(moment[0].operation):
                swap(moment)
                continue
            for leg in moment:
                if _way(leg) < 0 and leg.coin not in plainly:
                    why, moved = Message("deal_half"), only(leg.coin, leg.change)
                    book.reject(leg.line, column, leg.operation, why, leg.day, moved)
                else:
                    book.ignore(OWN, leg.line)


def _way(leg: Leg) -> int:
    """1: as its words say, -1: against them, 0: they say nothing of it."""
    plain = leg.operation.casefold()
    back, there = any(word in plain for word in _BACK), any(word in plain for word in _THERE)
    said = 0 if _both(leg.operation) else 1 if back else -1 if there else 0
    return said * (1 if leg.change > 0 else -1)


def _both(words: str) -> bool:
    """Whether the same words are of what goes in and of what comes back: two coins then have nothing to do with each
    other."""
    plain = words.casefold()
    return "subscription/redemption" in plain.replace(" ", "")
