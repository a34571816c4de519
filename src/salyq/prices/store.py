"""The user's price store: quotes imported once, used by every case that brings none of its own.

One SQLite file; each quote keeps what its row named as source, and the file, line and SHA-256 it came from. Numbers
are kept as text of whole 10⁻¹⁸ units, exact to 38 digits. An import happens whole or not at all. Nothing goes to the
network and no clock is read.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.prices.folders import FILE_NAME as FILE_NAME
from salyq.prices.folders import data_folder as data_folder
from salyq.prices.rows import (
    QuoteRow,
    RateRow,
    StoredRate,
    StoredSource,
    StoredValue,
    ValueRow,
    check_rate,
    check_value,
    conflicting_rates,
    conflicting_values,
    rate_period,
    same_rate,
    same_value,
)

FORMAT = 1  # PRAGMA user_version

_TABLES = (
    "CREATE TABLE asset_values (kind TEXT NOT NULL, name TEXT NOT NULL, period TEXT NOT NULL, day TEXT NOT NULL,"
    " value TEXT NOT NULL, currency TEXT NOT NULL, origin TEXT NOT NULL,"
    " file TEXT NOT NULL, line INTEGER NOT NULL, sha256 TEXT NOT NULL,"
    " PRIMARY KEY (kind, name, period)) WITHOUT ROWID",
    "CREATE TABLE exchange_rates (kind TEXT NOT NULL, name TEXT NOT NULL, period TEXT NOT NULL, day TEXT NOT NULL,"
    " rate TEXT NOT NULL, quantity TEXT NOT NULL, origin TEXT NOT NULL,"
    " file TEXT NOT NULL, line INTEGER NOT NULL, sha256 TEXT NOT NULL,"
    " PRIMARY KEY (kind, name, period)) WITHOUT ROWID",
)
_VALUES = "SELECT day, name, value, currency, origin, kind, file, line, sha256 FROM asset_values"
_RATES = "SELECT day, name, rate, quantity, origin, kind, file, line, sha256 FROM exchange_rates"
_BETWEEN = " WHERE name = ? AND day BETWEEN ? AND ?"
_ORDER = " ORDER BY name, day, kind"

_Key = tuple[str, str, str]
_Raw = tuple[str, str, str, str, str, str, str, int, str]
_Row = TypeVar("_Row", bound=QuoteRow)
_Stored = TypeVar("_Stored", StoredValue, StoredRate)


class Imported(NamedTuple):
    """How many rows were new, how many were there with the same value, how many took the place of another value."""

    added: int
    same: int
    replaced: int


class PriceStore:
    """The store in `folder` (default: data_folder()). It comes into being with the first import.

    InputError, naming the store's file, where it is damaged, of a newer Salyq, or cannot be written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = Path(folder if folder is not None else data_folder(), FILE_NAME)

    def import_rows(
        self, asset_values: Iterable[ValueRow], exchange_rates: Iterable[RateRow], *, replace: bool = False
    ) -> Imported:
        """Take rows in; rows that are there already with the same value change nothing.

        InputError `conflicting_quotes`, naming both places, where a row differs from the store or from another row of
        this import; then nothing at all was written. With `replace` a row wins over the store (never over another row
        of the same import).
        """
        values = _by_key(asset_values, _value_key, check_value, same_value, conflicting_values)
        rates = _by_key(exchange_rates, _rate_key, check_rate, same_rate, conflicting_rates)
        with self._writing() as db:
            had_values = {_value_key(row): row for row in _select(db, _VALUES, _value)}
            had_rates = {_rate_key(row): row for row in _select(db, _RATES, _rate)}
            new_values, changed_values = _sift(values, had_values, same_value, None if replace else conflicting_values)
            new_rates, changed_rates = _sift(rates, had_rates, same_rate, None if replace else conflicting_rates)
            _write(db, "asset_values", (_value_cells(row) for row in (*new_values, *changed_values)))
            _write(db, "exchange_rates", (_rate_cells(row) for row in (*new_rates, *changed_rates)))
        added = len(new_values) + len(new_rates)
        replaced = len(changed_values) + len(changed_rates)
        return Imported(added, len(values) + len(rates) - added - replaced, replaced)

    def load(self) -> tuple[list[StoredValue], list[StoredRate]]:
        """All quotes, ordered by name, day and kind; empty where nothing was ever imported."""
        with self._reading() as db:
            if db is None:
                return [], []
            return list(_select(db, _VALUES + _ORDER, _value)), list(_select(db, _RATES + _ORDER, _rate))

    def show(
        self, name: str, first: date = date.min, last: date = date.max
    ) -> tuple[list[StoredValue], list[StoredRate]]:
        """Quotes of one asset or currency with days from `first` to `last`, both included."""
        bounds = (name, first.isoformat(), last.isoformat())
        with self._reading() as db:
            if db is None:
                return [], []
            values = list(_select(db, _VALUES + _BETWEEN + _ORDER, _value, bounds))
            return values, list(_select(db, _RATES + _BETWEEN + _ORDER, _rate, bounds))

    def _fault(self, code: str, **params: object) -> InputError:
        return InputError(Message(code, params), file=str(self.path))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """The open store, or None where there is none yet; looking never makes one."""
        try:
            if not self.path.exists():
                yield None
                return
            # "rw" makes no file, may mend what a power cut left, and reads where writing is not allowed.
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=rw", uri=True)) as db:
                yield db if self._format(db) else None
        except (sqlite3.Error, OSError, ValueError) as error:
            raise self._fault("price_store_unreadable", reason=error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The store inside one transaction, which ends whole or not at all."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, isolation_level=None, timeout=10)) as db:
                db.execute("BEGIN IMMEDIATE")
                try:
                    self._prepare(db)
                    yield db
                    db.execute("COMMIT")
                finally:
                    if db.in_transaction:
                        db.execute("ROLLBACK")
        except (sqlite3.OperationalError, OSError) as error:
            raise self._fault("price_store_unwritable", reason=error) from error
        except (sqlite3.Error, ValueError) as error:
            raise self._fault("price_store_unreadable", reason=error) from error

    def _prepare(self, db: sqlite3.Connection) -> None:
        if not self._format(db):
            for table in _TABLES:
                db.execute(table)
            db.execute(f"PRAGMA user_version = {FORMAT}")

    def _format(self, db: sqlite3.Connection) -> int:
        """Format of the file; 0 for an empty one."""
        (found,) = db.execute("PRAGMA user_version").fetchone()
        if found > FORMAT:
            raise self._fault("price_store_newer", found=found, known=FORMAT)
        return int(found)


def _value_key(row: ValueRow) -> _Key:
    return row.kind, row.asset, row.day.isoformat()


def _rate_key(row: RateRow) -> _Key:
    return row.kind, row.currency, rate_period(row)


def _by_key(
    rows: Iterable[_Row],
    key_of: Callable[[_Row], _Key],
    check: Callable[[_Row], None],
    same: Callable[[_Row, _Row], bool],
    clash: Callable[[_Row, _Row], InputError],
) -> dict[_Key, _Row]:
    """The rows of one import, one a key; two that differ are refused."""
    found: dict[_Key, _Row] = {}
    for row in rows:
        check(row)
        other = found.setdefault(key_of(row), row)
        if not same(other, row):
            raise clash(other, row)
    return found


def _sift(
    rows: Mapping[_Key, _Row],
    had: Mapping[_Key, _Stored],
    same: Callable[[_Row | _Stored, _Row | _Stored], bool],
    clash: Callable[[_Row | _Stored, _Row | _Stored], InputError] | None,
) -> tuple[list[_Row], list[_Row]]:
    """Rows that are new, and rows that differ from the store (only without `clash`)."""
    new: list[_Row] = []
    changed: list[_Row] = []
    for key, row in rows.items():
        other = had.get(key)
        if other is None:
            new.append(row)
        elif not same(other, row):
            if clash is not None:
                raise clash(other, row)
            changed.append(row)
    return new, changed


def _value_cells(row: ValueRow) -> tuple[str | int, ...]:
    return (*_value_key(row), row.day.isoformat(), str(row.value), row.currency, row.origin, *_source_cells(row))


def _rate_cells(row: RateRow) -> tuple[str | int, ...]:
    return (*_rate_key(row), row.day.isoformat(), str(row.rate), str(row.quantity), row.origin, *_source_cells(row))


def _source_cells(row: QuoteRow) -> tuple[str, int, str]:
    # A file name that is no UTF-8 cannot be kept as it is.
    return os.fsencode(row.source.file).decode("utf-8", "replace"), row.source.line, row.source.sha256


def _value(raw: _Raw) -> StoredValue:
    day, name, value, currency, origin, kind, *source = raw
    return StoredValue(date.fromisoformat(day), name, int(value), currency, origin, kind, StoredSource._make(source))


def _rate(raw: _Raw) -> StoredRate:
    day, name, rate, quantity, origin, kind, *source = raw
    where = StoredSource._make(source)
    return StoredRate(date.fromisoformat(day), name, int(rate), int(quantity), origin, kind, where)


def _select(
    db: sqlite3.Connection, query: str, make: Callable[[_Raw], _Stored], params: tuple[str, ...] = ()
) -> Iterator[_Stored]:
    return map(make, db.execute(query, params))


def _write(db: sqlite3.Connection, table: str, rows: Iterable[tuple[str | int, ...]]) -> None:
    # `table` is one of the two names above, never a person's text.
    db.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?,?,?,?,?,?,?,?,?,?)", rows)  # noqa: S608
