"""What an assessment was made from: each file with its hash, and the first and last day that it tells of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salyq.civil.days import kz_day

if TYPE_CHECKING:
    from salyq.records.reading import Reading


@dataclass(frozen=True, slots=True)
class Input:
    """One input file: `reader` says how it was read, `first` and `last` are the days it tells of (None: of none)."""

    file: str
    sha256: str
    reader: str
    first: date | None
    last: date | None
    rows: int | None


STORE = "price_store"  # the reader of quotes that came from the user's own store and not from a file of the case
_INSTANT = timedelta(microseconds=1)


def input_files(reading: Reading, own: Iterable[tuple[str, str, Path]]) -> tuple[Input, ...]:
    """All inputs in order of their names. `own`: further files that were read, (name, what it is, path).

    Called before rows are set aside or quotes are taken from the store: the days are those that a file tells of.
    """
    days: dict[str, tuple[date, date]] = {}
    for file, first, last in _days(reading):
        had = days.get(file)
        days[file] = (first, last) if had is None else (min(had[0], first), max(had[1], last))
    found: list[Input] = []
    for f in reading.files:
        spell: tuple[date | None, date | None] = days.get(f.file, (None, None))
        found.append(Input(f.file, f.sha256, f.reader, *spell, f.read))
    found += [Input(name, _digest(path), reader, None, None, None) for name, reader, path in own]
    return tuple(sorted(found, key=lambda i: (i.file, i.reader)))


def stored_quotes(reading: Reading) -> Input:
    """The quotes of the user's store as one input; its hash is over what the rows say."""
    rows: Sequence[tuple[object, ...]] = [*reading.asset_values, *reading.exchange_rates]
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(tuple(str(x) for x in row[:-1])).encode())
    days = [r.day for r in reading.asset_values] + [r.day for r in reading.exchange_rates]
    return Input("", digest.hexdigest(), STORE, min(days), max(days), len(rows))


def _days(reading: Reading) -> Iterator[tuple[str, date, date]]:
    """(file, first day, last day) of every row, and of stretches of rows of one file."""
    yield from _spells(reading.records.rows("file", "day"))
    for rows in (reading.payouts, reading.expenses, reading.payments, reading.asset_values, reading.exchange_rates):
        yield from _spells((r.source.file, r.day) for r in rows)
    for reading_ in reading.energy:
        yield reading_.source.file, kz_day(reading_.start), kz_day(reading_.end - _INSTANT)


def _spells(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, date, date]]:
    """Rows of one file stand together as they were read: one answer for each stretch."""
    file, first, last = "", date.max, date.min
    for own, day in rows:
        if own != file:
            if first <= last:
                yield file, first, last
            file, first, last = own, day, day
        elif day < first:
            first = day
        elif day > last:
            last = day
    if first <= last:
        yield file, first, last


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
