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
            before: int | None = None
            for _, second in sorted(self.rows[asset].items()):
                after = _after(before, second)
                if after is None:
                    self.book.notice(min(line for line, _, _ in second), "notice_balance_breaks", asset=asset)
                    after = _last(second)
                before = after
        self.rows.clear()


def _after(before: int | None, second: list[tuple[int, int, int]]) -> int | None:
    """The balance after a second; None where no row of it shows what its changes lead to."""
    moved = sum(change for _, change, _ in second)
    if before is None:
        return _last(second)
    wanted = before + moved
    near = [balance for _, _, balance in second if abs(balance - wanted) <= _TOLERANCE]
    return min(near, key=lambda balance: abs(balance - wanted)) if near else None


def _last(second: list[tuple[int, int, int]]) -> int:
    """The balance that no other row of the second starts from; the last written where that is not clear."""
    starts = {balance - change for _, change, balance in second}
    ends = [balance for _, _, balance in second if balance not in starts]
    return ends[0] if len(ends) == 1 else second[-1][2]
