"""Columns of a table of records: one value many times, amounts and times as 64-bit numbers, and lists of all else."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import repeat
from operator import mul
from typing import Any, overload

NONE = -(1 << 63)  # in place of an amount that is not there
MANY = 4_000  # rows that are worth columns of NumPy: to load it takes as long as some thousand of them
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
GRAINS = tuple([10**n for n in (10, 6, 2, 0)])  # amounts of eight decimals first: most have no more


class Same(Sequence[Any]):
    """One value, `size` times."""

    def __init__(self, value: Any, size: int) -> None:
        self.value, self.size = value, size

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Any]:
        return repeat(self.value, self.size)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Same: ...
    def __getitem__(self, place: int | slice) -> Any:
        found = range(self.size)[place]
        return Same(self.value, len(found)) if isinstance(found, range) else self.value


class Coded(Sequence[Any]):
    """Few values that many rows say: `values`, each once, and of each row the number of its value. A value may be
    there that no row says any more."""

    def __init__(self, values: list[Any], numbers: array[int]) -> None:
        self.values, self.numbers = values, numbers

    @classmethod
    def of(cls, values: Iterable[Any]) -> Coded:
        own: dict[Any, int] = {}
        numbers = array("i", [own.setdefault(value, len(own)) for value in values])
        return cls([*own], numbers)

    @classmethod
    def of_numbers(cls, values: list[Any], table: Sequence[int], numbers: Any) -> Coded:
        """Of an array of numbers, each of which stands for the value of the number that `table` says."""
        return cls(values, _arrays().renumbered(table, numbers))

    @classmethod
    def from_column(cls, column: Sequence[Any]) -> Coded:
        """Any column as one of these."""
        if isinstance(column, Same):
            return cls([column.value], array("i", [0]) * len(column))
        return column if isinstance(column, Coded) else cls.of(column)

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.numbers)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Coded: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return Coded(self.values[:], self.numbers[place])
        return self.values[self.numbers[place]]

    def __contains__(self, value: object) -> bool:
        return value in self.values and self.values.index(value) in self.numbers

    def count(self, value: Any) -> int:
        return self.numbers.count(self.values.index(value)) if value in self.values else 0

    def told(self) -> set[Any]:
        """The values that rows say."""
        return {self.values[n] for n in set(self.numbers)}

    def compact(self) -> Coded:
        """With the values alone that rows say."""
        used = sorted(set(self.numbers))
        if len(used) == len(self.values):
            return self
        at = {number: place for place, number in enumerate(used)}
        return Coded([self.values[n] for n in used], array("i", map(at.__getitem__, self.numbers)))

    def some(self, rows: Sequence[int]) -> Iterator[Any]:
        return map(self.values.__getitem__, map(self.numbers.__getitem__, rows))

    def take(self, rows: Sequence[int]) -> Coded:
        return Coded(self.values[:], picked(self.numbers, rows))

    def extend(self, more: Sequence[Any]) -> None:
        other = Coded.from_column(more)
        own = {value: n for n, value in enumerate(self.values)}
        table = [own.setdefault(value, len(own)) for value in other.values]
        self.values = [*own]
        plain = table == [*range(len(table))]
        self.numbers.extend(other.numbers if plain else array("i", map(table.__getitem__, other.numbers)))

    def put(self, place: int, value: Any) -> None:
        if value not in self.values:
            self.values = [*self.values, value]
        self.numbers[place] = self.values.index(value)


class Times(Sequence[datetime]):
    """Instants in UTC; `micros` since 1970."""

    def __init__(self, micros: array[int]) -> None:
        self.micros = micros

    @classmethod
    def of(cls, times: Iterable[datetime]) -> Times:
        return cls(array("q", [(time - EPOCH) // _MICRO for time in times]))

    @classmethod
    def since(cls, begins: Sequence[int], number: Any, micros: Any) -> Times:
        """Of arrays: `micros` after the beginning of that number each."""
        return cls(_arrays().since(begins, number, micros))

    def __len__(self) -> int:
        return len(self.micros)

    def __iter__(self) -> Iterator[datetime]:
        return map(_moment, self.micros)

    @overload
    def __getitem__(self, place: int) -> datetime: ...
    @overload
    def __getitem__(self, place: slice) -> Times: ...
    def __getitem__(self, place: int | slice) -> datetime | Times:
        found = self.micros[place]
        return _moment(found) if isinstance(found, int) else Times(found)

    def take(self, rows: Sequence[int]) -> Times:
        return Times(picked(self.micros, rows))

    def joined(self, more: Sequence[datetime]) -> Times:
        return Times(self.micros + (more if isinstance(more, Times) else Times.of(more)).micros)

    def extend(self, more: Sequence[datetime]) -> None:
        self.micros.extend((more if isinstance(more, Times) else Times.of(more)).micros)

    def put(self, place: int, time: datetime) -> None:
        self.micros[place] = (time - EPOCH) // _MICRO


class Amounts(Sequence[Any]):
    """Amounts in 10⁻¹⁸: `numbers` of `grain` each, NONE where there is none (`gaps`: whether one may be). Where 64 bits
    do not hold them, `wide` has them as they are, and the numbers are empty."""

    def __init__(self, numbers: array[int], grain: int, gaps: bool, wide: list[Any] | None = None) -> None:
        self.numbers, self.grain, self.gaps, self.wide = numbers, grain, gaps, wide

    @classmethod
    def of(cls, amounts: Sequence[int | None]) -> Amounts:
        """The largest grain that they share: of eight decimals, or finer."""
        if isinstance(amounts, Same):
            one = cls.of([amounts.value])
            return cls(one.numbers * len(amounts), one.grain, one.gaps, one.wide and one.wide * len(amounts))
        gaps = None in amounts
        known = [n for n in amounts if n is not None] if gaps else amounts
        for grain in GRAINS:
            if grain == 1 or not any(n % grain for n in known):  # type: ignore[operator]
                break
        try:
            if gaps:
                numbers = array("q", [NONE if n is None else n // grain for n in amounts])
            else:
                numbers = array("q", [n // grain for n in amounts])  # type: ignore[operator]
        except OverflowError:
            return cls(array("q"), 1, True, list(amounts))
        if numbers.count(NONE) + len(known) > len(amounts):  # the least number stands for none
            return cls(array("q"), 1, True, list(amounts))
        return cls(numbers, grain, gaps)

    @property
    def told(self) -> Sequence[Any]:
        """Numbers that stand as the amounts do: in grains, or as they are."""
        return self.numbers if self.wide is None else self.wide

    def positive(self) -> Any:
        """Whether each is above zero, as an array of 1 and 0; none is missing."""
        if len(self) >= MANY and self.wide is None:
            return _arrays().above_zero(self.numbers)
        return array("b", map((0).__lt__, self.told))

    def __abs__(self) -> Amounts:
        """Without their signs; none is missing."""
        if len(self) >= MANY and self.wide is None:
            return Amounts(_arrays().sizes(self.numbers), self.grain, False)
        wide = None if self.wide is None else [abs(n or 0) for n in self.wide]
        return Amounts(array("q", map(abs, self.numbers)), self.grain, False, wide)

    def __len__(self) -> int:
        return len(self.told)

    def __iter__(self) -> Iterator[Any]:
        if self.wide is not None:
            return iter(self.wide)
        if not self.gaps:
            return map(mul, self.numbers, repeat(self.grain))
        grain = self.grain
        return iter([None if n == NONE else n * grain for n in self.numbers])

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Amounts: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            wide = None if self.wide is None else self.wide[place]
            return Amounts(self.numbers[place], self.grain, self.gaps, wide)
        if self.wide is not None:
            return self.wide[place]
        found = self.numbers[place]
        return None if found == NONE else found * self.grain

    def __contains__(self, amount: object) -> bool:
        if self.wide is not None:
            return amount in self.wide
        return (self.gaps and NONE in self.numbers) if amount is None else amount in iter(self)

    def take(self, rows: Sequence[int]) -> Amounts:
        if self.wide is not None:
            return Amounts(self.numbers, 1, True, [*map(self.wide.__getitem__, rows)])
        return Amounts(picked(self.numbers, rows), self.grain, self.gaps)

    def extend(self, more: Sequence[int | None]) -> None:
        if self.wide is not None:
            self.wide.extend(more)
            return
        other = more if isinstance(more, Amounts) else Amounts.of(more)
        if other.wide is None:
            grain = min(self.grain, other.grain) if len(self) else other.grain
            try:
                own, theirs = self.in_grains(grain), other.in_grains(grain)
            except OverflowError:
                pass
            else:
                own.extend(theirs)
                self.numbers, self.grain, self.gaps = own, grain, self.gaps or other.gaps
                return
        self.wide = [*self, *other]
        self.numbers, self.grain, self.gaps = array("q"), 1, True

    def in_grains(self, grain: int) -> array[int]:
        """The numbers in a grain as fine or finer. OverflowError where 64 bits do not hold one."""
        if self.wide is not None:
            raise OverflowError
        if self.grain == grain or not len(self):
            return self.numbers
        times = self.grain // grain
        return array("q", [n if n == NONE else n * times for n in self.numbers])

    def put(self, place: int, amount: int | None) -> None:
        found = NONE if amount is None else amount // self.grain
        if self.wide is None and (amount is None or (not amount % self.grain and NONE < found < -NONE)):
            self.numbers[place] = found
            self.gaps = self.gaps or amount is None
            return
        amounts = [*self]
        amounts[place] = amount
        made = Amounts.of(amounts)
        self.numbers, self.grain, self.gaps, self.wide = made.numbers, made.grain, made.gaps, made.wide


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def _arrays() -> Any:
    """The same of many rows, which are worth loading NumPy."""
    from salyq.records import arrays

    return arrays


def picked(numbers: array[int], rows: Sequence[int]) -> array[int]:
    """The numbers of some rows, in their order."""
    if len(rows) < MANY:
        return array(numbers.typecode, map(numbers.__getitem__, rows))
    return _arrays().picked(numbers, rows)  # type: ignore[no-any-return]
