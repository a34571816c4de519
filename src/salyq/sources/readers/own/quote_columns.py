"""Rows of quotes by columns: as asset_values.py and exchange_rates.py read them row by row, where cells are clean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, TypeVar

from salyq.records.model import AssetValue, ExchangeRate
from salyq.sources.book import Book
from salyq.sources.habits.by_columns import Bad, Block, Said, known, numbers
from salyq.sources.habits.cells import choice

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

    def days(self, texts: list[str]) -> list[object]:
        return known(texts, self.book.day, self.bad)

    def codes(self, texts: list[str], column: str = "asset") -> list[str]:
        return known(texts, lambda text: self.book.code(text, column), self.bad)

    def positive(self, texts: list[str]) -> list[int | None]:
        """A cell that is empty is for the row to say."""
        found = numbers(texts, self.bad)
        if not all(found):
            self.bad.update([n for n, number in enumerate(found) if not number])
        return found

    def origins(self, texts: list[str]) -> list[str]:
        return known(texts, str, self.bad) if texts else [""] * self.count

    def kinds(self, texts: list[str], kinds: tuple[str, ...]) -> list[str]:
        """Without a kind a quote is official, said once."""
        return known(self._filled(texts, "kind", _OFFICIAL), lambda text: choice(text, "kind", kinds), self.bad)

    def units(self, texts: list[str]) -> list[int | None]:
        """Without a quantity a rate is for one unit, said once."""
        return self.positive(self._filled(texts, "quantity", _UNITS))

    def _filled(self, texts: list[str], column: str, default: str) -> list[str]:
        if texts and "" not in texts:
            return texts
        key = ("notice_default", (("column", column), ("default", default)))
        self.empty[key] = [n for n, text in enumerate(texts) if not text] if texts else list(range(self.count))
        return [text or default for text in texts] if texts else [default] * self.count
