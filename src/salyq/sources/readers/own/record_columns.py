"""Rows of a records file by columns: as records.py reads them row by row, where all their cells are clean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from salyq.civil.currencies import is_currency
from salyq.records.columns import EPOCH, Same
from salyq.records.kinds import IN, KINDS
from salyq.records.model import PROOFS, PURPOSES
from salyq.records.neutral import COLUMNS
from salyq.records.table import Records
from salyq.sources.book import TIYN, Book
from salyq.sources.format import RowError
from salyq.sources.habits.by_columns import Bad, Block, Said, amounts, known, texts_or_none
from salyq.sources.habits.cells import choice, flag
from salyq.sources.readers.own.record_cells import check_lot, kind_named

_NEEDS = {kind.name: kind.required for kind in KINDS.values()}
_PRICED = {name for name, needs in _NEEDS.items() if needs == ("value", "currency")}
_GROUPED = {name for name, needs in _NEEDS.items() if needs == ("group",)}
_OTHERS = {name for name, needs in _NEEDS.items() if needs} - _PRICED - _GROUPED
_INCOMING = {kind.name for kind in KINDS.values() if kind.direction == IN}


class RecordColumns:
    """Rows of one block. `bad`: the places of those that the reader's own row has to look at."""

    def __init__(self, book: Book, lines: Sequence[int], columns: Sequence[list[str]]) -> None:
        self.book, self.lines, self.count = book, lines, len(lines)
        self.texts = dict(zip(COLUMNS, columns, strict=True))
        self.bad: Bad = set()

    def read(self, one: Callable[[int], None]) -> int:
        """Puts the records into the book, in the order of rows; how many. A row that is not clean goes to `one`."""
        records, notices = self._records()
        said: dict[Said, list[int]] = {(code, ()): places for code, places in notices.items()}
        return Block(self.book, self.lines).put(self.book.reading.records, records, self.bad, said, one)

    def _records(self) -> tuple[Records, dict[str, list[int]]]:
        """A record of each row (of a row that is not clean: none that may be used), and the places of notices."""
        self._guarded()
        report = self.book.report
        times, days, no_offset = self._times()
        kinds = self._known("kind", lambda text: kind_named(text).name)
        values, currencies = self._numbers("value"), self._codes("currency")
        fees, fee_assets = self._numbers("fee"), self._codes("fee_asset")
        paid = self._numbers("capital_paid")
        self._check(values, currencies)
        self._check(paid, currencies)
        self._pair(fees, fee_assets)
        documents, groups = self._texts("document"), self._texts("group")
        self._required(kinds, values, groups)
        columns = (
            *(times, days, kinds, self._known("asset", self._asset), self._quantities()),
            *(values, currencies, fees, fee_assets, self._accounts()),
            *(self._texts("counterparty"), groups, self._texts("id"), self._texts("note"), documents),
            *(self._known("lot", _lot), self._texts("hash")),
            self._known("proof", lambda t: choice(t, "proof", PROOFS) if t else None),
            self._known("purpose", lambda t: choice(t, "purpose", PURPOSES) if t else None),
            self._known("abroad", lambda t: flag(t, "abroad") if t else None),
            *(paid, Same(report.file, self.count), self.lines, Same(report.identity, self.count)),
            *(self.texts["source"] or Same("", self.count), Same("", self.count)),
        )
        records = Records.of(columns)
        notices = {"notice_time_without_offset": no_offset, "notice_counts_as_documented": []}
        if values:
            told = enumerate(zip(kinds, values, documents, strict=True))
            came = [n for n, (kind, value, paper) in told if value is not None and paper is None and kind in _INCOMING]
            notices["notice_counts_as_documented"] = came
        return records, notices

    def _times(self) -> tuple[Sequence[Any], Sequence[Any], list[int]]:
        """Times, days, and the places of times without an offset."""
        found = self.book.moments(self.texts["time"])
        if found is not None:
            return *found, []
        told = known(self.texts["time"], self.book.moment, self.bad, (EPOCH, None, True))
        return [t[0] for t in told], [t[1] for t in told], [n for n, t in enumerate(told) if not t[2]]

    def _guarded(self) -> None:
        """Cells with an apostrophe before them, which is none of theirs."""
        for texts in self.texts.values():
            if texts and "'" in "".join(texts):
                self.bad.update([n for n, text in enumerate(texts) if text[:1] == "'"])

    def _known(self, name: str, make: Callable[[str], Any]) -> Sequence[Any]:
        texts = self.texts[name]
        return known(texts, make, self.bad) if texts else Same(None, self.count)

    def _accounts(self) -> Sequence[str]:
        """Each account is one text, however many rows name it."""
        texts = self.texts["account"]
        own = {text: text for text in set(texts)}
        return [own[text] for text in texts] if texts else Same("", self.count)

    def _texts(self, name: str) -> Sequence[str | None]:
        return texts_or_none(self.texts[name], self.count)

    def _numbers(self, name: str) -> Sequence[int | None]:
        texts = self.texts[name]
        return amounts(texts, self.bad) if texts else Same(None, self.count)

    def _codes(self, name: str) -> Any:
        return self._known(name, lambda text: self.book.code(text, name) if text else None)

    def _asset(self, text: str) -> str:
        code = self.book.code(text)
        if is_currency(code):
            raise RowError("asset", code, "row_asset_is_money")  # the row says whether it is one
        return code

    def _quantities(self) -> Sequence[int | None]:
        found = self._numbers("quantity")
        if None in found or 0 in found:
            self.bad.update([n for n, quantity in enumerate(found) if not quantity])
        return found

    def _check(self, found: Sequence[int | None], assets: Sequence[str | None]) -> None:
        """Amounts without their currency, and tenge with parts of a tiyn, are no clean cells."""
        told = enumerate(zip(found, assets, strict=True))
        places = [n for n, (amount, asset) in told if amount is not None and (asset is None or asset == "KZT")]
        self.bad.update([n for n in places if assets[n] is None or (found[n] or 0) % TIYN])

    def _pair(self, fees: Sequence[int | None], assets: list[str | None]) -> None:
        """A fee has its asset; an asset without a fee says nothing."""
        self._check(fees, assets)
        told = enumerate(zip(fees, assets, strict=True))
        for n in [n for n, (fee, asset) in told if fee is None and asset is not None]:
            assets[n] = None

    def _required(self, kinds: Sequence[str], values: Sequence[int | None], groups: Sequence[str | None]) -> None:
        """What a kind must say (_check: a value has its currency)."""
        told = enumerate(zip(kinds, values, groups, strict=True))
        self.bad.update(
            [
                n
                for n, (kind, value, group) in told
                if (value is None and kind in _PRICED) or (group is None and kind in _GROUPED) or kind in _OTHERS
            ]
        )


def _lot(text: str) -> str | None:
    if text:
        check_lot(text)
    return text or None
