"""Rows of a records file by columns: as records.py of its reader reads them row by row, where all cells are clean.

Not in readers/, of which a registry loads all: few rows are not worth NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from salyq.civil.currencies import is_currency
from salyq.records.columns import EPOCH, Amounts, Coded, Same
from salyq.records.kinds import IN, KINDS
from salyq.records.many import given, odd, places, says, where, zero
from salyq.records.model import PROOFS, PURPOSES
from salyq.records.neutral import COLUMNS
from salyq.records.table import Records
from salyq.sources.book import TIYN, Book
from salyq.sources.format import RowError
from salyq.sources.habits.by_columns import Bad, Block, Said, amounts, known, texts_or_none, there
from salyq.sources.habits.cells import choice, flag
from salyq.sources.readers.own.record_cells import check_lot, kind_named

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

_NEEDS = {kind.name: kind.required for kind in KINDS.values()}
_PRICED = {name for name, needs in _NEEDS.items() if needs == ("value", "currency")}
_GROUPED = {name for name, needs in _NEEDS.items() if needs == ("group",)}
_OTHERS = {name for name, needs in _NEEDS.items() if needs} - _PRICED - _GROUPED
_INCOMING = {kind.name for kind in KINDS.values() if kind.direction == IN}


class RecordColumns:
    """Rows of one block. `bad`: the places of those that the reader's own row has to look at."""

    def __init__(self, book: Book, lines: Sequence[int], columns: Sequence[Cells | None]) -> None:
        self.book, self.lines, self.count = book, lines, len(lines)
        self.cells = dict(zip(COLUMNS, columns, strict=True))
        self.bad: Bad = set()

    def read(self, one: Callable[[int], None]) -> int:
        """Puts the records into the book, in the order of rows; how many. A row that is not clean goes to `one`."""
        records, notices = self._records()
        said: dict[Said, list[int]] = {(code, ()): places for code, places in notices.items()}
        return Block(self.book, self.lines).put(self.book.reading.records, records, self.bad, said, one)

    def _records(self) -> tuple[Records, dict[str, list[int]]]:
        """A record of each row (of a row that is not clean: none that may be used), and the places of notices."""
        for cells in self.cells.values():
            if cells is not None:
                self._spoil(cells.begins("'"))  # an apostrophe before a cell is none of its own
        report = self.book.report
        times, days, no_offset = self._times()
        kinds = self._known("kind", lambda text: kind_named(text).name)
        quantities, values, currencies = self._numbers("quantity"), self._numbers("value"), self._codes("currency")
        fees, fee_assets = self._numbers("fee"), self._codes("fee_asset")
        paid = self._numbers("capital_paid")
        documents, groups = self._texts("document"), self._texts("group")
        self._spoil(~given(quantities) | zero(quantities))
        for amounts_, assets in ((values, currencies), (paid, currencies), (fees, fee_assets)):
            without = says(assets, lambda asset: asset is None)
            parts = says(assets, lambda asset: asset == "KZT") & odd(amounts_, TIYN)
            self._spoil(given(amounts_) & (without | parts))  # no currency; parts of a tiyn
        self._required(kinds, values, groups)
        columns = (
            *(times, days, kinds, self._known("asset", self._asset), quantities),
            *(values, currencies, fees, where(given(fees), fee_assets), self._accounts()),
            *(self._texts("counterparty"), groups, self._texts("id"), self._texts("note"), documents),
            *(self._known("lot", _lot), self._texts("hash")),
            self._known("proof", lambda t: choice(t, "proof", PROOFS) if t else None),
            self._known("purpose", lambda t: choice(t, "purpose", PURPOSES) if t else None),
            self._known("abroad", lambda t: flag(t, "abroad") if t else None),
            *(paid, Same(report.file, self.count), self.lines, Same(report.identity, self.count)),
            *([*self.cells["source"]] if self.cells["source"] else Same("", self.count), Same("", self.count)),
        )
        records = Records.of(columns)
        bare = given(values) & ~given(documents) & says(kinds, _INCOMING.__contains__)
        notices = {"notice_time_without_offset": no_offset, "notice_counts_as_documented": places(bare)}
        return records, notices

    def _spoil(self, marks: Any) -> None:
        self.bad.update(places(marks))

    def _times(self) -> tuple[Sequence[Any], Sequence[Any], list[int]]:
        """Times, days, and the places of times without an offset."""
        (cells,) = there(self.cells["time"])
        found = self.book.moments(cells)
        if found is not None:
            return *found, []
        told = known(cells, self.book.moment, self.bad, (EPOCH, None, True))
        return [t[0] for t in told], [t[1] for t in told], [n for n, t in enumerate(told) if not t[2]]

    def _known(self, name: str, make: Callable[[str], Any]) -> Coded | Same:
        cells = self.cells[name]
        return known(cells, make, self.bad) if cells is not None else Same(None, self.count)

    def _accounts(self) -> Coded | Same:
        return self._known("account", str) if self.cells["account"] is not None else Same("", self.count)

    def _texts(self, name: str) -> Sequence[str | None]:
        return texts_or_none(self.cells[name], self.count)

    def _numbers(self, name: str) -> Amounts | Same:
        cells = self.cells[name]
        return amounts(cells, self.bad) if cells is not None else Same(None, self.count)

    def _codes(self, name: str) -> Coded | Same:
        return self._known(name, lambda text: self.book.code_as_written(text, name) if text else None)

    def _asset(self, text: str) -> str:
        code = self.book.code_as_written(text)
        if is_currency(code):
            raise RowError("asset", code, "row_asset_is_money")  # the row says whether it is one
        return code

    def _required(self, kinds: Coded | Same, values: Sequence[int | None], groups: Sequence[str | None]) -> None:
        """What a kind must say (a value has its currency)."""
        self._spoil(says(kinds, _PRICED.__contains__) & ~given(values))
        self._spoil(says(kinds, _GROUPED.__contains__) & ~given(groups))
        self._spoil(says(kinds, _OTHERS.__contains__))


def _lot(text: str) -> str | None:
    if text:
        check_lot(text)
    return text or None
