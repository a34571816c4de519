"""One database, many short transactions, typed rows.

    with store.transaction(access) as tx:
        row = tx.one(Licence, SQL["by_number"], {"number": number})

A transaction is kept whole or not at all. What a role may see is the database's to say (row-level security): the store
sets who asks (`Access`) for the length of the transaction.
"""

from __future__ import annotations

import contextlib
import select
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import class_row, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from salyq.office.store.clock import Clock, FixedClock, ManualClock, SystemClock
from salyq.office.store.errors import StoreError, as_ours
from salyq.office.store.ids import Ids
from salyq.office.store.notes import Signer
from salyq.office.store.remembered import Remembered

Row = TypeVar("Row")
Params = Mapping[str, Any]
WEB, WORK, LEDGER = "salyq_web", "salyq_work", "salyq_ledger"  # the database's roles
# In one message: a transaction costs one journey to the database before its first statement, not two.
_BEGIN = sql.SQL(
    "begin; select set_config('salyq.user', {user}, true), set_config('salyq.role', {role}, true),"
    " set_config('salyq.office', {office}, true), set_config('salyq.organisations', {organisations}, true)"
)
_WAIT = 10.0  # seconds for a free connection
# Seconds in which the pool tries again by itself: its pauses double, so after a long outage it would rest for as long
# again; given up early, the next question tries at once.
_RECONNECT = 3.0
_LIMIT = "30s"  # one statement of a page; a longer one is a fault


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks. `office` is the authority one works for (several: with commas), `organisations` the BINs that one may
    speak for.
    """

    user: str = ""
    role: str = "public"
    office: str = ""
    organisations: tuple[str, ...] = ()

    @property
    def offices(self) -> tuple[str, ...]:
        return tuple(o for o in self.office.split(",") if o)

    @property
    def mine(self) -> list[str] | None:
        """Whose rows alone an applicant sees, for an index to find them; None for those who see others' too."""
        return list(self.organisations) if self.role in ("applicant", "representative") and not self.offices else None

    def settings(self) -> dict[str, str]:
        """The settings of the session that policies read, without their `salyq.`."""
        mine = ",".join(self.organisations)
        return {"user": self.user, "role": self.role, "office": self.office, "organisations": mine}


PUBLIC = Access()


def _check(connection: psycopg.Connection[Any]) -> None:
    """Raises where the server is gone. A connection at rest is silent; one that has something to read was ended or told
    something, and only then is the server asked.
    """
    if _has_something(connection.fileno()):
        ConnectionPool.check_connection(connection)


def _has_something(socket: int) -> bool:
    if not hasattr(select, "poll"):
        return bool(select.select([socket], [], [], 0)[0])
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


class Transaction:
    """One transaction. SQL is text from a .sql file with %(name)s parameters."""

    def __init__(self, connection: psycopg.Connection[Any], access: Access, store: Store) -> None:
        self.connection = connection
        self.access = access
        self.store = store

    @property
    def now(self) -> datetime:
        """The office's time."""
        return self.store.clock.now()

    def all(self, row: type[Row], query: bytes, params: Params | None = None) -> list[Row]:
        """Every row as a `row` (a dataclass or NamedTuple whose fields are the columns)."""
        with self.connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(query, params).fetchall()

    def one(self, row: type[Row], query: bytes, params: Params | None = None) -> Row | None:
        """The row, or None."""
        with self.connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(query, params).fetchone()

    def dicts(self, query: bytes, params: Params | None = None) -> list[dict[str, Any]]:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, params).fetchall()

    def values(self, query: bytes, params: Params | None = None) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            found: list[tuple[Any, ...]] = cursor.execute(query, params).fetchall()
            return found

    def value(self, query: bytes, params: Params | None = None) -> Any:
        """The first column of the first row, or None."""
        with self.connection.cursor() as cursor:
            row = cursor.execute(query, params).fetchone()
            return None if row is None else row[0]

    def run(self, query: bytes, params: Params | None = None) -> int:
        """How many rows it touched."""
        with self.connection.cursor() as cursor:
            return cursor.execute(query, params).rowcount

    def run_many(self, query: bytes, params: Sequence[Params]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(query, params)

    def stream(self, query: bytes, size: int = 2000) -> Iterator[dict[str, Any]]:
        """Rows of a long answer without holding them all."""
        with self.connection.cursor("stream", row_factory=dict_row) as cursor:
            cursor.itersize = size
            yield from cursor.execute(query)

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """A savepoint: what is inside is undone alone when it fails."""
        with self.connection.transaction():
            yield


@contextlib.contextmanager
def _begun(connection: psycopg.Connection[Any], access: Access) -> Iterator[None]:
    """One transaction as somebody: kept when the block ends, undone when it raises."""
    try:
        connection.execute(_opening(access), prepare=False)
        yield
    except BaseException:
        with contextlib.suppress(psycopg.Error):
            connection.rollback()
        raise
    connection.commit()


@lru_cache(4096)
def _opening(access: Access) -> bytes:
    return _BEGIN.format(**{name: sql.Literal(value) for name, value in access.settings().items()}).as_bytes(None)


class Store:
    """The database of one office with its clock, its ids and the key of its log.

    `patience`: seconds for a free connection. `url` is what psycopg connects to. Every connection takes on `role`,
    which owns nothing and may not update or delete.
    """

    def __init__(
        self,
        url: str,
        *,
        role: str = WORK,
        clock: Clock | None = None,
        ids: Ids | None = None,
        signer: Signer | None = None,
        connections: int = 4,
        manual: bool = False,
        patience: float = _WAIT,
    ) -> None:
        self.url, self.role = url, role
        self.ids = ids or Ids()
        self.signer = signer
        self.patience = patience
        self.remembered = Remembered()
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            url,
            min_size=1,
            max_size=connections,
            open=False,
            timeout=patience,
            reconnect_timeout=_RECONNECT,
            kwargs={"autocommit": True},
            configure=self._configure,
            check=_check,
            name=f"salyq-{role}",
        )
        self.clock: Clock = clock or (ManualClock(self._manual_time) if manual else SystemClock())

    def _configure(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(self.role)))
        connection.execute("set timezone = 'UTC'")
        connection.execute(sql.SQL("set statement_timeout = {}").format(_LIMIT if self.role == WEB else "0"))

    def open(self) -> Store:
        try:
            self._pool.open(wait=True, timeout=self.patience)
        except PoolTimeout as error:
            self._pool.close()
            raise StoreError("store_unreachable", reason=str(error)) from error
        return self

    def close(self) -> None:
        self._pool.close()

    def __enter__(self) -> Store:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def as_role(self, role: str, *, connections: int = 4) -> Store:
        """The same office through another role of the database; open and close it like any store."""
        made = Store(
            self.url,
            role=role,
            ids=self.ids,
            signer=self.signer,
            connections=connections,
            clock=self.clock,
            patience=self.patience,
        )
        if isinstance(self.clock, ManualClock):
            made.clock = ManualClock(made._manual_time)
        return made

    @contextlib.contextmanager
    def transaction(self, access: Access = PUBLIC) -> Iterator[Transaction]:
        """Kept when the block ends, undone when it raises. A database error becomes a StoreError where that helps."""
        try:
            with self._pool.connection() as connection, _begun(connection, access):
                yield Transaction(connection, access, self)
        except PoolTimeout as error:
            raise StoreError("store_unreachable", reason=str(error)) from error
        except psycopg.Error as error:
            ours = as_ours(error)
            if ours is error:
                raise
            raise ours from error

    def _manual_time(self) -> datetime | None:
        with self._pool.connection() as connection:
            row = connection.execute("select now from store.clock").fetchone()
        return None if row is None else row[0]

    def move_clock(self, moment: datetime) -> None:
        """Forward; a clock that was fixed moves in memory, the manual one in the database. Others are not ours to
        move.
        """
        if isinstance(self.clock, FixedClock):
            self.clock.move(moment)
        elif isinstance(self.clock, ManualClock):
            with self.transaction() as tx:
                tx.run(
                    b"insert into store.clock(now) values (%(now)s) on conflict (only_one)"
                    b" do update set now = greatest(store.clock.now, excluded.now)",
                    {"now": moment},
                )
