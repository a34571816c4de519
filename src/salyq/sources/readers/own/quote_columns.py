"""Rows of quotes by columns: as asset_values.py and exchange_rates.py read them row by row, where cells are clean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar

from salyq.records.columns import Coded
from salyq.records.model import UNIT, AssetValue, ExchangeRate
from salyq.sources.book import Book
from salyq.sources.habits.by_columns import Bad, Block, Said, amounts, known
from salyq.sources.habits.cells import choice

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

Quote = TypeVar("Quote", AssetValue, ExchangeRate)
Columns = Sequence[Sequence[object]]
_new: Any = tuple.__new__
_OFFICIAL, _UNITS = "official", "1"


class QuoteColumns:
    """The columns of one block of quotes."""

    def __init__(self, book: Book, lines: Sequence[int]) -> None:
        self.book, self.block, self.count = book, Block(book, lines), len(lines)
        self.bad: Bad = set()
        self.empty: dict[Said, list[int]] = {}

    def put(
        self, own: list[Quote], kind: type[Quote], columns: Sequence[Sequence[object]], one: Callable[[int], None]
    ) -> int:
        """Adds the rows of these columns; what is not clean goes to `one`."""
        rows: list[Quote] = [*map(_new, repeat(kind), zip(*columns, self.block.sources(), strict=True))]
        return self.block.put(own, rows, self.bad, self.empty, one)

    def days(self, cells: Cells) -> Coded:
        return known(cells, self.book.day, self.bad)

    def codes(self, cells: Cells, column: str = "asset") -> Coded:
        return known(cells, lambda text: self.book.code_as_written(text, column), self.bad)

    def positive(self, cells: Cells) -> Sequence[int | None]:
        """A cell that is empty is for the row to say."""
        found = amounts(cells, self.bad)
        self.bad.update([n for n, number in enumerate(found) if not number])
        return found

    def origins(self, cells: Cells | None) -> Sequence[str]:
        return known(cells, str, self.bad) if cells is not None else [""] * self.count

    def kinds(self, cells: Cells | None, kinds: tuple[str, ...]) -> Sequence[str]:
        """Without a kind a quote is official, said once."""
        self._say_default(cells, "kind", _OFFICIAL)
        if cells is None:
            return [_OFFICIAL] * self.count
        return known(cells, lambda text: choice(text or _OFFICIAL, "kind", kinds), self.bad)

    def units(self, cells: Cells | None) -> Sequence[int | None]:
        """Without a quantity a rate is for one unit, said once."""
        self._say_default(cells, "quantity", _UNITS)
        if cells is None:
            return [UNIT] * self.count
        found = [UNIT if number is None else number for number in amounts(cells, self.bad)]
        self.bad.update([n for n, number in enumerate(found) if not number])
        return found

    def _say_default(self, cells: Cells | None, column: str, default: str) -> None:
        empty = list(range(self.count)) if cells is None else [n for n, text in enumerate(cells) if not text]
        if empty:
            self.empty["notice_default", (("column", column), ("default", default))] = empty
