"""Most trades of a statement: one coin out, another in, and perhaps a fee, of one row each.

What is said of them is what history.py says of any trade; it is only found sooner.
"""

from __future__ import annotations

from collections.abc import Sequence

from salyq.civil.currencies import is_currency
from salyq.records.model import Record
from salyq.sources.book import Book
from salyq.sources.habits.pairing import Leg, lines_of
from salyq.sources.readers.binance.operations import noted

_MOST = 3  # rows
_NOTHING = (None, None)


class SingleTrades:
    """Puts such trades into the book of one file."""

    def __init__(self, book: Book, account: str) -> None:
        self.book, self._account = book, account
        self._notes: dict[tuple[str, str], str] = {}  # of two operations that make a trade

    def took(self, account: str, kin: str, legs: Sequence[Leg]) -> bool:
        """Whether the legs are such a trade; then it has its records."""
        if len(legs) > _MOST or kin == "distribution":
            return False
        fee = gave = took = None
        for leg in legs:
            if leg.side == "fee":
                if fee or leg.change > 0:
                    return False
                fee = leg
            elif leg.change < 0:
                if gave:
                    return False
                gave = leg
            elif took:
                return False
            else:
                took = leg
        if not gave or not took or gave.coin == took.coin:
            return False
        paid, sold = is_currency(gave.coin), is_currency(took.coin)
        if paid and sold:
            return False
        operations = (gave.operation, took.operation)
        note = self._notes.get(operations) or self._notes.setdefault(operations, noted(operations))
        cost = (-fee.change, fee.coin) if fee else (None, None)
        if paid:
            self._put(took, "buy", (self._money(gave), gave.coin), cost, None, note)
        elif sold:
            self._put(gave, "sell", (self._money(took), took.coin), cost, None, note)
        else:
            start = min(gave.time, took.time)
            group = f"binance:{start:%Y%m%dT%H%M%SZ}:{account}:{kin}:{gave.coin}>{took.coin}"
            self._put(gave, "swap_out", _NOTHING, cost, group, note)
            self._put(took, "swap_in", _NOTHING, _NOTHING, group, note)
        lines = lines_of(legs)
        self.book.use(*lines)
        own = took.line if paid else gave.line if sold else min(gave.line, took.line)
        alone = {took.line} if paid else {gave.line} if sold else {gave.line, took.line}
        self.book.report.join(own, [line for line in lines if line not in alone])
        return True

    def _put(
        self,
        leg: Leg,
        kind: str,
        value: tuple[int | None, str | None],
        fee: tuple[int | None, str | None],
        group: str | None,
        note: str,
    ) -> None:
        """A record of one leg of a trade."""
        _, time, day, coin, change, *_ = leg
        source = self.book.source(leg.line)
        record = Record(
            time, day, kind, coin, abs(change), *value, *fee, self._account, None, group, None, note, source=source
        )
        self.book.reading.records.append(record)

    def _money(self, leg: Leg) -> int:
        amount = abs(leg.change)
        return self.book.tenge(amount, leg.line) if leg.coin == "KZT" else amount
