"""What files that gather several venues have in common: an account a row, and words for what came in or left free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from salyq.records.reading import Rule
from salyq.sources.book import Book
from salyq.sources.format import RowError
from salyq.sources.habits.amounts import above_zero, amount, optional_amount
from salyq.sources.habits.codes import coin as coin_code
from salyq.sources.habits.rows import At, Fee, Side, VenueRows
from salyq.sources.habits.rules import OWN

# As our readers of these venues call their accounts: then both files tell of one account, and each event counts once.
_NAMES = {"gate.io": "gate", "gateio": "gate", "huobi": "htx", "okex": "okx", "crypto.com app": "crypto.com"}
OWN_MOVE, UNCOVERED = "own", "uncovered"


class Leg(NamedTuple):
    """One side of a row, if it is there: a number and a code as they are written."""

    amount: str
    code: str
    column: str

    @property
    def there(self) -> bool:
        return bool(self.amount.strip("- ") and self.amount.strip("-0. "))

    @property
    def nothing(self) -> bool:
        """A coin of which 0 is written: what came in for dust."""
        return bool(self.code.strip("- ") and self.amount.strip("- ") and not self.there)

    @property
    def back(self) -> bool:
        """An amount below zero: where something came in, it was taken back."""
        return self.amount.startswith("-")


class GatheredRows(VenueRows):
    """Rows of such a file: the account stands in the row."""

    venue, column = "", ""  # for messages: the program, and the column that says what a row is

    def __init__(self, book: Book, name: str) -> None:
        super().__init__(book, name)
        self.name = name

    def of(self, account: str) -> str:
        """The account of a row by the name in it."""
        plain = account.strip("- ").casefold()
        return _NAMES.get(plain, plain) or self.name

    def side(self, leg: Leg, line: int) -> Side:
        """RowError: no number above zero, or no coin."""
        quantity = above_zero(abs(amount(leg.amount, leg.column)), leg.amount, leg.column)
        return Side(coin_code(self.book, leg.code, leg.column, line), quantity)

    def came(self, leg: Leg, line: int) -> Side:
        """What a deal brought; 0 for dust. RowError: below zero."""
        if leg.nothing:
            return Side(coin_code(self.book, leg.code, leg.column, line), 0)
        if leg.back:
            raise RowError(leg.column, leg.amount, "row_negative")
        return self.side(leg, line)

    def fee(self, leg: Leg, line: int) -> list[Fee]:
        """The fee, where there is one."""
        number = abs(optional_amount(leg.amount, leg.column))
        return [(number, coin_code(self.book, leg.code, leg.column, line))] if number else []

    def one_sided(
        self, at: At, label: str, kinds: Mapping[str, str], leg: Leg, way: int, fees: list[Fee]
    ) -> Rule | bool:
        """What came in or left with nothing for it; `kinds`: label -> a kind of ours, or "" for a transfer. What came
        in below zero is a receipt taken back; a transfer cannot be."""
        side = self.side(leg, at.line)
        kind = kinds.get(label.casefold())
        if kind is None or kind == UNCOVERED:
            code = "operation_unknown" if kind is None else "gathered_not_told"
            raise RowError(self.column, label, code, venue=self.venue)
        if kind == OWN_MOVE:
            return OWN
        first = fees[0] if fees else None
        if way > 0 and leg.back and not kind:
            raise RowError(leg.column, leg.amount, "row_negative")
        if not kind:
            result = self.movement(at, side.asset, way * side.quantity, first)
        elif way > 0 and leg.back:
            result = self.receipt(at, kind, side.asset, -side.quantity, leg.column)
        elif way > 0:
            result = self.receipt(at, kind, side.asset, side.quantity, self.column, first)
        else:
            result = self.outgo(at, kind, side.asset, -side.quantity, self.column)
            self.lone_fees(at, fees)
        return result
