"""One PostgreSQL a session (a worker of pytest-xdist is a session), one database a test, copied from a template."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest

from salyq.office.store.clock import FixedClock
from salyq.office.store.ids import Ids
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.notes import Signer
from salyq.office.store.server import Server
from salyq.office.store.store import WEB, WORK, Store

START = datetime(2026, 6, 15, 6, 0, tzinfo=UTC)
SIGNER = Signer(bytes(range(32)))
_numbers = count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("pg"), sync=False, options={"max_connections": "60"}) as running:
        yield running


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    make_database(server.url("postgres"), "template_salyq")
    migrate(server.url("template_salyq"))
    return "template_salyq"


@pytest.fixture
def database(server: Server, template: str) -> Iterator[str]:
    """The URL of a fresh, migrated database, as its owner."""
    name = f"test_{next(_numbers)}"
    make_database(server.url("postgres"), name, template)
    yield server.url(name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def store(database: str, clock: FixedClock) -> Iterator[Store]:
    """The office through the role of jobs and the command line."""
    with Store(database, role=WORK, clock=clock, ids=Ids(7), signer=SIGNER) as opened:
        yield opened


@pytest.fixture
def web(store: Store) -> Iterator[Store]:
    """The same office through the role of the pages: row-level security holds."""
    with store.as_role(WEB) as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, for commands that start their own server."""
    monkeypatch.delenv("SALYQ_DATABASE_URL", raising=False)
    return tmp_path / "data"
