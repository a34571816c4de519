"""Fees in a column that a reader does not know: what stands there is told, so that none is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from salyq.civil.numbers import format_scaled
from salyq.records.reading import Yields
from salyq.sources.book import Book
from salyq.sources.format import Format, RowError
from salyq.sources.habits.amounts import amount

_FEE = re.compile(
    r"fee(?!d)|commission|charge|комисси|сбор|алым|provision|geb[uü]e?hr|comisi[oó]n|poplatek|prowizja|komisyon|手续费",
    re.IGNORECASE,
)
_BESIDE = re.compile(  # what tells of a fee and is no amount of one
    r"coin|currency|asset|unit|token|symbol|rate|tier|level|type|status|time|date|paid by|discharge|surcharge rate|"
    r"%|percent|процент|ставк|валют|монет|токен|тип|мөлшерлеме|币种|费率",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(.*?\d[\d.,\u00a0\u202f ']*)\s*([^\W\d_]\w{0,30})?", re.DOTALL)


def is_fee(title: str) -> bool:
    """Whether a title is one of an amount of fees."""
    return _FEE.search(title) is not None and _BESIDE.search(title) is None


def unread_fees(form: Format, header: Sequence[str], places: Sequence[int]) -> Mapping[int, str]:
    """Columns of fees (place: title) that a reader of records leaves unread where it reads no other fee."""
    if form.own or Yields.RECORDS not in form.yields:
        return {}
    read = {place: column.name for place, column in zip(places, form.columns, strict=True) if place >= 0}
    if any(is_fee(name) for name in read.values()):
        return {}
    rightly = {title.casefold() for title in form.unused}
    return {
        n: title
        for n, title in enumerate(header)
        if n not in read and is_fee(title) and title.casefold() not in rightly
    }


class FeeSums:
    """What stands in such columns of the rows that were used."""

    def __init__(self, columns: Mapping[int, str], header_line: int) -> None:
        self.columns, self.line = columns, header_line
        self.sums: dict[int, dict[str, int]] = {n: {} for n in columns}
        self.rows = dict.fromkeys(columns, 0)

    def add(self, cells: Sequence[str]) -> None:
        """A row; what is no number is left to its reader."""
        for place, sums in self.sums.items():
            found = _NUMBER.fullmatch(cells[place]) if len(cells[place]) <= 120 else None
            try:
                number = amount(found[1].strip(), self.columns[place]) if found else 0
            except RowError:
                continue
            if number and found:
                unit = (found[2] or "").upper()
                sums[unit] = sums.get(unit, 0) + number
                self.rows[place] += 1

    def tell(self, book: Book) -> None:
        """A notice of each column in which anything stood."""
        for place, sums in self.sums.items():
            if self.rows[place]:
                told = " + ".join(f"{format_scaled(n)} {unit}".strip() for unit, n in sorted(sums.items()))
                book.notice_lines(
                    [self.line] * self.rows[place], "notice_fee_unread", column=self.columns[place], sum=told
                )
