"""Whether the running balances of an export agree with its changes: where they do not, rows are missing or doubled.

Rows of one second may stand in any order, so a second as a whole is looked at: the balance before it and all its
changes must give a balance that one of its rows shows.
"""

from __future__ import annotations

from datetime import datetime

from salyq.sources.book import Book

_TOLERANCE = 10**12  # 10⁻⁶ of a unit: venues round balances and changes each on their own


class Balances:
    """The running balances of one sub-account."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rows: dict[str, dict[datetime, list[tuple[int, int, int]]]] = {}

    def add(self, asset: str, time: datetime, line: int, change: int, balance: int) -> None:
        """A row: its change and the balance after it, in 10⁻¹⁸."""
        self.rows.setdefault(asset, {}).setdefault(time, []).append((line, change, balance))

    def finish(self) -> None:
        """A notice for each break, at the first line of the second that does not follow from the one before."""
        for asset in sorted(self.rows):
            before: set[int] | None = None
            for _, second in sorted(self.rows[asset].items()):
                after = _after(before, second) if before else set()
                if before and not after:
                    self.book.notice(min(line for line, _, _ in second), "notice_balance_breaks", asset=asset)
                before = after or _ends(second)
        self.rows.clear()


def _after(before: set[int], second: list[tuple[int, int, int]]) -> set[int]:
    """The balances after a second that follow from those before it; none where no row shows one."""
    moved = sum(change for _, change, _ in second)
    shown = {balance for _, _, balance in second}
    return {after for after in shown for start in before if abs(after - start - moved) <= _TOLERANCE}


def _ends(second: list[tuple[int, int, int]]) -> set[int]:
    """The balances that a second by itself can have ended with: its changes lead there from where one row began."""
    moved = sum(change for _, change, _ in second)
    shown = {balance for _, _, balance in second}
    starts = [balance - change for _, change, balance in second]
    fitting = {after for after in shown if any(abs(after - moved - start) <= _TOLERANCE for start in starts)}
    return fitting or shown
