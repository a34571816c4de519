"""Running balances of an export, given on as `Balance` rows where they count every movement of the account's asset.

A venue that keeps an asset in several wallets (spot, staked, a portfolio) shows one balance for each: none of them is
the account's, so such an asset is left out. Money is no asset of ours.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from salyq.civil.currencies import is_currency
from salyq.records.model import Balance
from salyq.sources.book import Book


class Running:
    """The balances of one account; `place` is the wallet, or whatever the venue counts apart."""

    def __init__(self, book: Book, account: str) -> None:
        self.book, self.account = book, account
        self.found: dict[str, dict[str, list[tuple[datetime, int, int]]]] = defaultdict(lambda: defaultdict(list))

    def add(self, asset: str, place: str, time: datetime, line: int, balance: int) -> None:
        """The balance (10⁻¹⁸) after the row at `line`."""
        if not is_currency(asset):
            self.found[asset][place].append((time, line, balance))

    def forget(self, asset: str, start: datetime, end: datetime) -> None:
        """What is shown from `start` until `end` counts something that was undone, which no record tells."""
        for place, rows in self.found.get(asset, {}).items():
            self.found[asset][place] = [row for row in rows if not start <= row[0] < end]

    def finish(self) -> None:
        """Balances of assets that stand in one place only."""
        for asset, places in self.found.items():
            if len(places) > 1:
                continue
            for rows in places.values():
                self.book.reading.balances.extend(
                    Balance(time, self.account, asset, balance, self.book.source(line)) for time, line, balance in rows
                )
        self.found.clear()
