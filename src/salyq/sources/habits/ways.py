"""Which way a movement went, by the words of a venue."""

from __future__ import annotations


def way_of(text: str) -> int:
    """1: deposits, -1: withdrawals, 0: the text says neither, or both."""
    plain = text.casefold()
    deposits, withdrawals = "deposit" in plain or "recharge" in plain, "withdraw" in plain
    return 0 if deposits == withdrawals else 1 if deposits else -1


def against(text: str, change: int) -> bool:
    """Whether a row is called a withdrawal and brings something, or a deposit and takes it."""
    way = way_of(text)
    return bool(change and way) and (change > 0) != (way > 0)
