"""From a folder, or SALYQ_DATABASE_URL, to an open store: the server is started, the database made and brought up to
date.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg

from salyq.office.store.backup import put_files, put_key, restore_database
from salyq.office.store.clock import Clock, FixedClock
from salyq.office.store.errors import StoreError
from salyq.office.store.ids import Ids
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.notes import signer_of
from salyq.office.store.server import Server
from salyq.office.store.store import WORK, Store
from salyq.prices.store import data_folder

DATABASE = "salyq"


@contextlib.contextmanager
def opened(
    folder: Path | None = None,
    *,
    now: datetime | None = None,
    seed: int | None = None,
    role: str = WORK,
    connections: int = 4,
    backup: Path | None = None,
) -> Iterator[Store]:
    """An open store. `now` fixes the clock; SALYQ_CLOCK=manual takes it from the database; `seed` replays ids.

    SALYQ_DATABASE_URL names a running server and database; else the server of `folder` (default: the user's data
    folder) is started, or joined where another process runs it.
    """
    home = (folder or data_folder()).absolute()
    with contextlib.ExitStack() as stack:
        url = os.environ.get("SALYQ_DATABASE_URL") or _embedded(home, stack)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if backup is not None:
            restore_database(backup, url)
            put_key(backup, home)
            put_files(backup, home)
        try:
            migrate(url)
        except psycopg.OperationalError as error:
            raise StoreError("store_unreachable", reason=str(error).strip().splitlines()[0]) from error
        manual = os.environ.get("SALYQ_CLOCK") == "manual"
        clock: Clock | None = FixedClock(now) if now is not None else None
        store = Store(
            url,
            role=role,
            clock=clock,
            ids=Ids(seed),
            signer=signer_of(home),
            connections=connections,
            manual=manual and now is None,
        )
        yield stack.enter_context(store)


def _embedded(home: Path, stack: contextlib.ExitStack) -> str:
    _orderly_end()
    safe = os.environ.get("SALYQ_PG_FSYNC") != "off"  # off is for tests: a power cut would lose data
    server = stack.enter_context(Server(home, sync=safe))
    make_database(server.url("postgres"), DATABASE)
    return server.url(DATABASE)


def _orderly_end() -> None:
    """SIGTERM ends a command the way Ctrl-C does, so that the server is stopped by whoever started it."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
