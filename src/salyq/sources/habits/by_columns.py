"""Columns of clean cells read whole: each distinct text once, numbers in one pass. What is not clean is named by place.

Nothing is decided here that a row alone would not say: a place that is named goes through the reader's own row.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from salyq.records.columns import Amounts, Coded, Same
from salyq.records.model import Source
from salyq.sources.book import Book
from salyq.sources.format import RowError

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
Bad = set[int]  # places of rows that are not clean
Said = tuple[str, tuple[tuple[str, object], ...]]  # code and params of a notice

_NONE_OR_FEW = 4  # where more than one row in so many is not clean, columns are not worth it
_UNIT, _DECIMALS = 10**18, 18
_TENS = tuple([10**n for n in range(_DECIMALS + 1)])
_ONE = re.compile(r"(-?)((?:\d{1,19}(?:\.\d{1,18})?)?)", re.ASCII)  # always fits into 38 digits


def there(*columns: Cells | None) -> list[Cells]:
    """Columns without which a header is none of the format."""
    return [cells for cells in columns if cells is not None]


def known(cells: Cells, make: Callable[[str], Any], bad: Bad, instead: Any = None) -> Coded:
    """What `make` makes of each text, asked once a distinct one. A RowError makes its rows no clean ones; `instead`
    stands there then."""
    texts, numbers = cells.coded
    own: dict[Any, int] = {}
    wrong: set[int] = set()
    table: list[int] = []
    for n, text in enumerate(texts):
        try:
            value = make(text)
        except RowError:
            value = instead
            wrong.add(n)
        table.append(own.setdefault(value, len(own)))
    if wrong:
        bad.update([n for n, number in enumerate(numbers.tolist()) if number in wrong])
    return Coded.of_numbers([*own], table, numbers)


def amounts(cells: Cells, bad: Bad, *, signed: bool = False) -> Amounts:
    """Plain decimals as 10⁻¹⁸, exactly; None where the cell is empty. `signed`: with a minus where there is one."""
    found = cells.amounts(signed=signed)
    if found is not None:
        return found
    numbers: list[int | None] = []
    for n, text in enumerate(cells):
        told = _ONE.fullmatch(text)
        if told is None or (told[1] and not signed):
            bad.add(n)
            numbers.append(None)
            continue
        whole, _, tail = told[2].partition(".")
        number = int(whole + tail) * _TENS[_DECIMALS - len(tail)] if whole else None
        numbers.append(-number if number and told[1] else number)
    return Amounts.of(numbers)


def texts_or_none(cells: Cells | None, count: int) -> Sequence[str | None]:
    """Free texts, None where there is none; `count` of them where the column is absent."""
    if cells is None or not int(cells.length.max(initial=0)):
        return Same(None, count)
    return cells.texts or [text or None for text in cells]


class _Grows(Protocol[T_contra]):
    def extend(self, more: Iterable[T_contra], /) -> None: ...


class Block(NamedTuple):
    """Rows of one block of a table: the file's book, and the line of each."""

    book: Book
    lines: Sequence[int]

    def sources(self) -> list[Source]:
        """Where each row stands."""
        report = self.book.report
        parts = zip(repeat(report.file), self.lines, repeat(report.identity), repeat(""), repeat(""), strict=False)
        return [*map(_new, repeat(Source), parts)]

    def put(
        self,
        own: _Grows[T],
        made: Sequence[T],
        bad: Bad,
        notices: Mapping[Said, list[int]],
        one: Callable[[int], None],
    ) -> int:
        """Adds what was made of each row to `own`, in the order of rows; how many. A row that is not clean goes to
        `one` instead. `notices`: code and params, and the places of rows of which they are said."""
        count, wrong = len(self.lines), sorted(bad)
        if len(wrong) * _NONE_OR_FEW > count:
            wrong, notices = list(range(count)), {}
        start = 0
        for place in [*wrong, count]:
            own.extend(made[start:place])
            for (code, params), places in notices.items():
                said = places[bisect_left(places, start) : bisect_left(places, place)]
                self.book.notice_lines([self.lines[n] for n in said], code, **dict(params))
            if place < count:
                one(place)
            start = place + 1
        return count - len(wrong)


_new = tuple.__new__
