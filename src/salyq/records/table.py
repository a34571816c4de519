"""Records as a table of columns. A row is made when somebody looks at it; of a small table they are then kept, of a
large one they are not: rows are compared by what they say, never by identity."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any, overload

from salyq.records.columns import Amounts, Coded, Same, Times, picked
from salyq.records.model import Record, Source
from salyq.records.texts import Texts

NAMES = (*Record._fields[:-1], *Source._fields)  # the columns, those of the place at the end
AT = {name: n for n, name in enumerate(NAMES)}
AMOUNTS = frozenset({"quantity", "value", "fee", "capital_paid"})
CODED = frozenset({"day", "kind", "asset", "currency", "fee_asset", "account"})  # few values, each said by many rows
_SAID = len(Record._fields) - 1
_WAITING = 4096  # rows handed over one by one that become columns together
_SMALL = 4096  # a table of no more rows keeps them once one is looked at: one by one they take longer to make
_new = tuple.__new__
Column = Sequence[Any]


class Records(Sequence[Record]):
    """Records in an order, by columns: `column` and `amounts` ask for one of NAMES.

    Readers append record by record, or whole tables; both become columns. Tables made of others share their columns
    until one of them is changed."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._columns: list[Any] = []
        self._shared = False
        self._waiting: list[Record] = []
        self._made: list[Record] = []  # the rows of the columns, where they are kept
        self.extend(records)

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Records:
        """A table of columns in the order of NAMES, all of one length."""
        made = cls()
        made._columns = [_column(name, column) for name, column in zip(NAMES, columns, strict=True)]
        return made

    # looking --------------------------------------------------------------------------------------------------------
    def __len__(self) -> int:
        return (len(self._columns[0]) if self._columns else 0) + len(self._waiting)

    def __iter__(self) -> Iterator[Record]:
        if not self._columns:
            return iter(self._waiting)
        places = map(_new, repeat(Source), zip(*self._columns[_SAID:], strict=True))
        made = map(_new, repeat(Record), zip(*self._columns[:_SAID], places, strict=True))
        return chain(made, self._waiting)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Records: ...
    def __getitem__(self, place: int | slice) -> Record | Records:
        kept = len(self) - len(self._waiting)
        if isinstance(place, slice):
            return self._slice(range(len(self))[place], kept)
        place = range(len(self))[place]
        if place >= kept:
            return self._waiting[place - kept]
        if kept <= _SMALL:
            self._made = self._made or [*self][:kept]
            return self._made[place]
        row = [column[place] for column in self._columns]
        return Record._make((*row[:_SAID], Source._make(row[_SAID:])))

    def _slice(self, rows: range, kept: int) -> Records:
        if rows.step != 1:
            return self.take(rows)
        made = Records()
        made._waiting = self._waiting[max(rows.start - kept, 0) : max(rows.stop - kept, 0)]
        if rows.start < min(rows.stop, kept):
            made._columns = [_cut(column, rows.start, min(rows.stop, kept)) for column in self._columns]
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list | Records) and len(self) == len(other) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Records({list(self)!r})"

    def column(self, name: str) -> Column:
        """What every row says of one thing, in order."""
        return self._settled()[AT[name]] if len(self) else Same(None, 0)

    def amounts(self, name: str) -> Amounts:
        """A column of amounts as 64-bit numbers."""
        found = self.column(name)
        return found if isinstance(found, Amounts) else Amounts.of(found)

    @property
    def micros(self) -> array[int]:
        """The times, in microseconds since 1970."""
        return self._settled()[0].micros if len(self) else array("q")

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Of each row what it says of these things."""
        return zip(*[self.column(name) for name in names], strict=True)

    def some(self, rows: Sequence[int]) -> Iterator[Record]:
        """Some rows, each made as it comes."""
        columns = [_some(column, rows) for column in self._settled()]
        places = map(_new, repeat(Source), zip(*columns[_SAID:], strict=True))
        return map(_new, repeat(Record), zip(*columns[:_SAID], places, strict=True))

    def told(self, rows: Sequence[int], *names: str) -> Iterator[tuple[Any, ...]]:
        """As `rows`, of some of them."""
        return zip(*[_some(self.column(name), rows) for name in names], strict=True)

    def of_kinds(self, *kinds: str) -> list[int]:
        """The places of the rows of some kinds."""
        told = self.column("kind")
        if isinstance(told, Same):
            return [*range(len(told))] if told.value in kinds else []
        assert isinstance(told, Coded)
        wanted = {n for n, kind in enumerate(told.values) if kind in kinds}
        return [n for n, kind in enumerate(told.numbers) if kind in wanted] if wanted else []

    def distinct(self, name: str) -> set[Any]:
        """All that rows say of one thing."""
        told = self.column(name)
        if isinstance(told, Same):
            return {told.value} if len(told) else set()
        return told.told() if isinstance(told, Coded) else set(told)

    def years(self) -> set[int]:
        """The years (of Kazakhstan) that they tell of."""
        return {day.year for day in self.distinct("day")}

    def find(self, wanted: Collection[Record]) -> dict[Record, int]:
        """The places of some records."""
        lines = {r.source.line for r in wanted}
        near = [n for n, line in enumerate(self.column("line")) if line in lines] if wanted else []
        return {r: n for n in near if (r := self[n]) in wanted}

    # making others --------------------------------------------------------------------------------------------------
    def take(self, rows: Sequence[int]) -> Records:
        """Some rows, in this order; all of them as they are share the columns."""
        made = Records()
        columns = self._settled()
        if (
            not columns
            or rows == range(len(self))
            or (len(rows) == len(self) and all(map(int.__eq__, rows, range(len(rows)))))
        ):
            made._columns, made._shared = columns[:], True
            self._shared = True
        else:
            made._columns = [_taken(column, rows) for column in columns]
            if len(rows) == len(self):  # another order leaves most columns as they are
                made._columns = [a if _alike(a, b) else b for a, b in zip(columns, made._columns, strict=True)]
                made._shared = self._shared = True
        return made

    def where(self, mask: Iterable[object]) -> Records:
        """The rows that a mask marks."""
        return self.take([n for n, stays in enumerate(mask) if stays])

    # changing -------------------------------------------------------------------------------------------------------
    def append(self, record: Record) -> None:
        self._waiting.append(record)
        if len(self._waiting) >= _WAITING:
            self._settle()

    def extend(self, records: Iterable[Record]) -> None:
        if isinstance(records, Records) and records._columns:
            more = records._settled()
            self._settle()
            self._add(more)
            return
        for record in records:
            self.append(record)

    def __iadd__(self, records: Iterable[Record]) -> Records:
        self.extend(records)
        return self

    @overload
    def __setitem__(self, place: int, record: Record) -> None: ...
    @overload
    def __setitem__(self, place: slice, record: Iterable[Record]) -> None: ...
    def __setitem__(self, place: int | slice, record: Any) -> None:
        if isinstance(place, slice):
            self._replace(range(len(self))[place], list(record))
            return
        self._settle()
        self._own()
        self._made = []
        place = range(len(self))[place]
        for n, value in enumerate((*record[:-1], *record.source)):
            column = self._columns[n]
            if isinstance(column, list):
                column[place] = value
            elif isinstance(column, Times | Amounts | Coded):
                column.put(place, value)
            elif isinstance(column, array):
                column[place] = value
            elif value != column[place]:
                made: Any = [*column]
                made[place] = value
                self._columns[n] = _column(NAMES[n], made)

    def _replace(self, rows: range, new: list[Record]) -> None:
        kept = len(self) - len(self._waiting)
        if rows.start >= kept:
            self._waiting[rows.start - kept : rows.stop - kept] = new
            return
        before, after = self[: rows.start], self[rows.stop :]
        before.extend(new)
        before.extend(after)
        self._columns, self._shared, self._waiting, self._made = before._columns, False, before._waiting, []

    def _settled(self) -> list[Any]:
        self._settle()
        return self._columns

    def _settle(self) -> None:
        """Rows that wait become columns."""
        rows, self._waiting = self._waiting, []
        if rows:
            said = list(zip(*rows, strict=True))
            self._add([*said[:_SAID], *zip(*said[_SAID], strict=True)])

    def _own(self) -> None:
        if self._shared:
            self._columns = [column[:] for column in self._columns]
            self._shared = False

    def _add(self, more: Sequence[Column]) -> None:
        self._made = []
        if not self._columns:
            self._columns = [_column(name, column) for name, column in zip(NAMES, more, strict=True)]
            return
        self._own()
        self._columns = [_joined(*both) for both in zip(NAMES, self._columns, more, strict=True)]


def _cut(column: Any, start: int, stop: int) -> Any:
    """A stretch of a column; what only rows outside it say is not in it."""
    made = column[start:stop]
    return made.compact() if isinstance(made, Coded) and len(made) < len(column) else made


def _column(name: str, values: Column) -> Any:
    """A column of its own; one value many times is kept once."""
    if isinstance(values, Same):
        return values
    if isinstance(values, Times | Amounts | Coded | Texts | array):
        return values[:]
    if name == "time":
        return Times.of(values)
    if name == "line":
        return array("q", values)
    if len(values) and values[0] == values[-1] and values.count(values[0]) == len(values):
        return Same(values[0], len(values))
    if name in CODED:
        return Coded.of(values)
    return Amounts.of(values) if name in AMOUNTS else [*values]


def _joined(name: str, column: Any, values: Column) -> Any:
    more = _column(name, values)
    if isinstance(column, Same):
        if isinstance(more, Same) and more.value == column.value:
            return Same(column.value, len(column) + len(more))
        column = _varied(name, column, more)
    elif isinstance(column, Texts) and not isinstance(more, Texts):
        more = more if (told := _texts(more)) is None else told
        column = column if told is not None else [*column]
    column.extend(more)
    return column


def _varied(name: str, column: Same, more: Column) -> Any:
    """A column of one value as one to which others can be added."""
    if name in CODED:
        return Coded.from_column(column)
    if name in AMOUNTS:
        return Amounts.of([*column])
    return Texts.nothing(len(column)) if column.value is None and isinstance(more, Texts) else [*column]


def _texts(more: Column) -> Texts | None:
    return Texts.nothing(len(more)) if isinstance(more, Same) and more.value is None else Texts.of(more)


def _some(column: Any, rows: Sequence[int]) -> Iterator[Any]:
    if isinstance(column, Same):
        return repeat(column.value, len(rows))
    return column.some(rows) if isinstance(column, Coded | Texts) else map(column.__getitem__, rows)


def _alike(column: Any, other: Any) -> bool:
    """Whether two columns, of which one is the other in an order, are the same."""
    if isinstance(column, Coded):
        return bool(column.numbers == other.numbers)
    return isinstance(column, Times) and bool(column.micros == other.micros)


def _taken(column: Any, rows: Sequence[int]) -> Any:
    if isinstance(column, Same):
        return Same(column.value, len(rows))
    if isinstance(column, Times | Amounts | Coded | Texts):
        return column.take(rows)
    return picked(column, rows) if isinstance(column, array) else [*map(column.__getitem__, rows)]
