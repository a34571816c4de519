"""The cells of many plain lines as places in their text, looked at by columns.

A column is a list of texts that is made only when somebody asks for texts; its distinct texts, numbers and times are
read from the letters themselves.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np

from salyq.records.arrays import kept
from salyq.records.columns import GRAINS, NONE, Amounts
from salyq.records.texts import BITS, LONGEST, Texts

_BLANKS = np.array([9, 11, 12, 13, 28, 29, 30, 31, 32])  # of ASCII, without the line end
_OTHER_BLANKS = np.array([0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
_WORD = 8  # bytes that are compared at once
_LONGEST = 64  # letters of texts that are compared by words
_ONE_BY_ONE = 24  # distinct texts that are looked for one after the other
_ROOM = 18  # decimal digits that always fit into 64 bits
_WHOLE, _DECIMALS = 19, 18  # digits of a number that always fits into 38
_MINUS, _POINT, _ZERO = b"-.0"
_USUAL = np.frombuffer(b"2000-00-00T00:00:00Z", np.uint8)
_HOUR, _LAST_HOUR = 13, 23  # letters of a time up to its hour; some Pythons read 24 as the next midnight
_HOUR_DIGITS, _CLOCK = (2, 3, 5, 6, 8, 9, 11, 12), ((14, 600), (15, 60), (17, 10), (18, 1))  # places, seconds


class Hours(NamedTuple):
    """The hours of many times as they are written (2024-01-31T06), which of them each is in, and the microseconds into
    it."""

    texts: list[str]
    number: Any
    micros: Any


class Cells(Sequence[str]):
    """One column: where each cell starts in the text and how long it is."""

    def __init__(self, text: str, letters: Any, start: Any, length: Any) -> None:
        self.text, self.letters, self.start, self.length = text, letters, start, length

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[str]:
        text, start = self.text, self.start
        return iter([text[a:b] for a, b in zip(start.tolist(), (start + self.length).tolist(), strict=True)])

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return Cells(self.text, self.letters, self.start[place], self.length[place])
        start = int(self.start[place])
        return self.text[start : start + int(self.length[place])]

    def begins(self, letter: str) -> Any:
        """Which cells begin with a letter."""
        return (self.length > 0) & (self.letters[self.start] == ord(letter))

    @property
    def texts(self) -> Texts | None:
        """The texts alone, without what stands between them; None where one is too long."""
        length = self.length.astype(np.int64)
        if int(length.max(initial=0)) > LONGEST:
            return None
        begin = np.cumsum(length) - length
        own = self.letters[np.repeat(self.start - begin, length) + np.arange(int(length.sum()))]
        letters = own.tobytes().decode("ascii" if own.itemsize == 1 else "utf-32-le", "surrogatepass")
        return Texts(letters, kept(begin << BITS | length))

    @cached_property
    def coded(self) -> tuple[list[str], Any]:
        """The distinct texts, and of each cell the number of its text."""
        longest = int(self.length.max(initial=0))
        if longest > _LONGEST:
            own: dict[str, int] = {}
            numbers = np.array([own.setdefault(text, len(own)) for text in self], np.int32)
            return [*own], numbers
        words = self._words(longest)
        numbers = _numbered(words[:, 0]) if len(words) else np.zeros(0, np.int64)
        for n in range(1, words.shape[1]):
            more = _numbered(words[:, n])
            numbers = _numbered(numbers * (int(more.max(initial=0)) + 1) + more)
        first = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
        first[numbers[::-1]] = np.arange(len(numbers))[::-1]
        return [self[n] for n in first.tolist()], numbers.astype(np.int32)

    def _words(self, longest: int) -> Any:
        """The letters of each cell in words of 64 bits, filled up with zeros."""
        size = self.letters.itemsize
        letters = np.zeros((len(self), max(-(-longest * size // _WORD), 1) * _WORD // size), self.letters.dtype)
        places = self.start[:, None] + np.arange(longest)
        there = np.arange(longest) < self.length[:, None]
        letters[:, :longest] = np.where(there, self.letters[np.minimum(places, len(self.letters) - 1)], 0)
        return letters.view(np.uint64)

    def amounts(self, *, signed: bool = False) -> Amounts | None:
        """Plain decimals as amounts, none where a cell is empty; None where one is no plain decimal, or 64 bits have no
        room. `signed`: a minus may stand before one."""
        minus = self.begins("-") if signed else np.zeros(len(self), bool)
        start, length = self.start + minus, self.length - minus
        longest = int(length.max(initial=0))
        if longest > _WHOLE + 1 + _DECIMALS or bool((minus & (length == 0)).any()):
            return None
        value, point = np.zeros(len(self), np.int64), np.full(len(self), -1)
        for place in range(longest):
            there = place < length
            letter = self.letters[np.minimum(start + place, len(self.letters) - 1)]
            digit = letter - self.letters.dtype.type(_ZERO)  # below a zero it goes round, and is no digit
            own = there & (digit <= 9)
            value = np.where(own, value * 10 + digit, value)
            other = np.flatnonzero(there & ~own)
            if len(other):
                if (letter[other] != _POINT).any() or (point[other] >= 0).any():
                    return None
                point[other] = place
        parted = point >= 0
        whole, decimals = np.where(parted, point, length), np.where(parted, length - point - 1, 0)
        if bool((parted & ((whole == 0) | (decimals == 0))).any()) or int(decimals.max(initial=0)) > _DECIMALS:
            return None
        grain = next(g for g in GRAINS if 10 ** (_ROOM - int(decimals.max(initial=0))) % g == 0)
        places = len(str(10**_ROOM // grain)) - 1
        if int(whole.max(initial=0)) + places > _ROOM:
            return None
        value *= (10 ** np.arange(places + 1, dtype=np.int64))[places - decimals]
        value = np.where(length > 0, np.where(minus, -value, value), NONE)
        return Amounts(kept(value), grain, not bool((length > 0).all()))

    def hours(self) -> Hours | None:
        """Times that are all written 2024-01-31T06:00:00Z; else None."""
        if not bool((self.length == len(_USUAL)).all()):
            return None
        letters = self.letters[self.start[:, None] + np.arange(len(_USUAL))]
        digit = _USUAL == _ZERO
        digit[1] = False  # of this century
        if not bool((letters[:, ~digit] == _USUAL[~digit]).all()):
            return None
        letters = letters - letters.dtype.type(_ZERO)
        if not bool((letters[:, digit] <= 9).all()) or bool((letters[:, [14, 17]] > 5).any()):
            return None
        hour, seconds = np.zeros(len(self), np.int64), np.zeros(len(self), np.int64)
        for place in _HOUR_DIGITS:
            hour = hour * 10 + letters[:, place]
        for place, worth in _CLOCK:
            seconds += worth * letters[:, place].astype(np.int64)
        if bool((hour % 100 > _LAST_HOUR).any()):
            return None
        new = np.append(True, hour[1:] != hour[:-1])[: len(hour)]  # times mostly go on: few stretches
        _, first, number = np.unique(hour[new], return_index=True, return_inverse=True)
        texts = [self[n][:_HOUR] for n in np.flatnonzero(new)[first].tolist()]
        return Hours(texts, number[np.cumsum(new) - 1], seconds * 10**6)


class Table(NamedTuple):
    """`lines`: the physical number of each row below the first; its columns by place."""

    lines: array[int]
    columns: list[Cells]


def cells_of(text: str, delimiter: str, width: int) -> Table | None:
    """The cells of plain lines, each ended by a line end, without blanks around them; empty lines are none. None where
    there is no line, one has more or fewer cells, or letters that only texts know how to compare."""
    if "\0" in text or len(delimiter) != 1:
        return None
    letters = np.frombuffer(text.encode("ascii"), np.uint8) if text.isascii() else _wide(text)
    line = letters == ord("\n")
    ends = np.flatnonzero(line | (letters == ord(delimiter)))
    last = line[ends]
    empty = last & (np.diff(ends, prepend=-1) == 1) & np.append(True, last[:-1]) if width > 1 else np.zeros(0, bool)
    numbers = np.arange(int(last.sum()))
    start = np.append(0, ends + 1)[:-1]
    if width == 1:
        empty = start == ends
    if empty.any():
        numbers = numbers[~empty[last]]
        start, ends, last = start[~empty], ends[~empty], last[~empty]
    if not len(numbers) or len(ends) != len(numbers) * width or not bool(last[width - 1 :: width].all()):
        return None
    length = ends - start
    if not _stripped(letters, start, length):
        return None
    columns = [Cells(text, letters, start[n::width], length[n::width]) for n in range(width)]
    return Table(kept(numbers), columns)


def _wide(text: str) -> Any:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _stripped(letters: Any, start: Any, length: Any) -> bool:
    """Takes blanks from around cells, in place; False where one has such as are not of ASCII."""
    for first in (True, False):
        while True:
            filled = np.flatnonzero(length)
            outer = letters[start[filled] if first else (start + length)[filled] - 1]
            if letters.itemsize > 1 and np.isin(outer[outer > 0x80], _OTHER_BLANKS).any():
                return False
            blank = filled[outer <= 32]
            blank = blank[np.isin(outer[outer <= 32], _BLANKS)]
            if not len(blank):
                break
            start[blank] += first
            length[blank] -= 1
    return True


def _numbered(values: Any) -> Any:
    """The same number for the same value, from 0 on."""
    found, left, count = np.empty(len(values), np.int64), np.arange(len(values)), 0
    while len(left) and count < _ONE_BY_ONE:
        same = values[left] == values[left[0]]
        found[left[same]] = count
        left, count = left[~same], count + 1
    if len(left):
        found[left] = np.unique(values[left], return_inverse=True)[1] + count
    return found
