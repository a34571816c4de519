"""Columns of clean cells read whole: each distinct text once, numbers in one pass. What is not clean is named by place.

Nothing is decided here that a row alone would not say: a place that is named goes through the reader's own row.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple, Protocol, TypeVar

from salyq.records.columns import Amounts, Same
from salyq.records.model import Source
from salyq.sources.book import Book
from salyq.sources.format import RowError

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
Bad = set[int]  # places of rows that are not clean
Said = tuple[str, tuple[tuple[str, object], ...]]  # code and params of a notice

_NONE_OR_FEW = 4  # where more than one row in so many is not clean, columns are not worth it
_MANY = 4_000  # cells that are worth loading NumPy
_UNIT, _DECIMALS = 10**18, 18
_TENS = tuple([10**n for n in range(_DECIMALS + 1)])
_NUMBER = r"(?:\d{1,19}(?:\.\d{1,18})?)?"  # always fits into 38 digits
_NUMBERS = re.compile(rf"(?:{_NUMBER}\n)*+", re.ASCII)
_ONE = re.compile(_NUMBER, re.ASCII)


def known(texts: Sequence[str], make: Callable[[str], T], bad: Bad, instead: Any = None) -> list[T]:
    """What `make` makes of each text, asked once a distinct one. A RowError makes its rows no clean ones; `instead`
    stands there then."""
    made: dict[str, T] = {}
    wrong: set[str] = set()
    for text in set(texts):
        try:
            made[text] = make(text)
        except RowError:
            made[text] = instead
            wrong.add(text)
    if wrong:
        bad.update([n for n, text in enumerate(texts) if text in wrong])
    return [made[text] for text in texts]


def numbers(texts: Sequence[str], bad: Bad) -> list[int | None]:
    """Plain decimals without a sign as 10⁻¹⁸, exactly; None where the cell is empty."""
    if not _NUMBERS.fullmatch("\n".join(texts) + "\n"):
        wrong = {n for n, text in enumerate(texts) if not _ONE.fullmatch(text)}
        bad |= wrong
        texts = ["" if n in wrong else text for n, text in enumerate(texts)]
    parted = [text.partition(".") for text in texts]
    return [
        int(whole + tail) * _TENS[_DECIMALS - len(tail)] if tail else int(whole) * _UNIT if whole else None
        for whole, _, tail in parted
    ]


def amounts(texts: Sequence[str], bad: Bad) -> Amounts:
    """As `numbers`; of many at once."""
    cells = "\n".join(texts) + "\n"
    if len(texts) >= _MANY and _NUMBERS.fullmatch(cells):
        from salyq.sources.habits.many_numbers import read

        found = read(cells)
        if found is not None:
            return found
    return Amounts.of(numbers(texts, bad))


def signed(texts: Sequence[str], bad: Bad) -> list[int | None]:
    """As `numbers`, with a minus where there is one."""
    plain = numbers([text[1:] if text[:1] == "-" else text for text in texts], bad)
    return [-n if n and text[0] == "-" else n for n, text in zip(plain, texts, strict=True)]


def texts_or_none(texts: Sequence[str], count: int) -> Sequence[str | None]:
    """Free texts, None where there is none; `count` of them where the column is absent."""
    if not texts:
        return Same(None, count)
    return [text or None for text in texts] if "" in texts else texts


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
