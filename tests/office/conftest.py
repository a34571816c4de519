"""One PostgreSQL a session (a worker of pytest-xdist is a session), one database a test, copied from a template.

Their files lie in memory where the machine lets them: a database is a thousand files, and a disk's share of making and
dropping them was most of what a test of the office cost.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, cast

import psycopg
import pytest
from starlette.testclient import TestClient

from salyq.office.demonstration.make import make
from salyq.office.portal.app import make_app
from salyq.office.store.clock import FixedClock
from salyq.office.store.ids import Ids
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.notes import Signer
from salyq.office.store.server import Server
from salyq.office.store.store import WEB, WORK, Store

START = datetime(2026, 6, 15, 6, 0, tzinfo=UTC)
TODAY = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
SIGNER = Signer(bytes(range(32)))
_numbers = count()
_MEMORY = Path("/dev/shm")
_ROOM = 2 * 2**30  # bytes that must be free there: three workers need less than half of it


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for what databases keep, in memory if there is room; gone with the session."""
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        yield tmp_path_factory.mktemp("quick")
        return
    for left in _MEMORY.glob("salyq-tests-*-*"):  # of sessions that were killed
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"salyq-tests-{os.getpid()}-", dir=_MEMORY))
    folder.chmod(0o711)  # PostgreSQL may have to run as somebody else
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server(quick: Path) -> Iterator[Server]:
    options = {"max_connections": "60", "max_wal_size": "64MB", "min_wal_size": "32MB"}
    with Server(quick / "pg", sync=False, options=options) as running:
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
def home(quick: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own, for commands that start their own server."""
    monkeypatch.delenv("SALYQ_DATABASE_URL", raising=False)
    monkeypatch.setenv("SALYQ_PG_FSYNC", "off")
    folder = quick / f"data_{next(_numbers)}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def country_template(server: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A database with the demonstration country, and its demo.json."""
    name = "template_country"
    make_database(server.url("postgres"), name, template)
    folder = tmp_path_factory.mktemp("country")
    with Store(server.url(name), clock=FixedClock(TODAY), ids=Ids(1), signer=SIGNER) as store:
        make(store, folder, 7)
    return name, (folder / "demo.json").read_text(encoding="utf-8")


@pytest.fixture
def country(server: Server, country_template: tuple[str, str], tmp_path: Path) -> Iterator[Portal]:
    """The portal over the demonstration country."""
    with portal_over(server, country_template, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def one_country(
    server: Server, country_template: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """The same for tests that do not disturb each other: one a module."""
    with portal_over(server, country_template, tmp_path_factory.mktemp("portal")) as opened:
        yield opened


@contextmanager
def portal_over(server: Server, made_up: tuple[str, str], folder: Path) -> Iterator[Portal]:
    """A copy of the country's database, and its portal."""
    name = f"country_{next(_numbers)}"
    make_database(server.url("postgres"), name, made_up[0])
    with (
        Store(server.url(name), clock=FixedClock(TODAY), ids=Ids(2), signer=SIGNER) as work,
        work.as_role(WEB) as web,
    ):
        app = make_app(web, work, folder, made_up=True)
        yield Portal(TestClient(app, base_url="http://127.0.0.1"), work, web, json.loads(made_up[1]))
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


class Portal(NamedTuple):
    """`browser` asks the portal as nobody; `as_user` as one of the demonstration's users."""

    browser: TestClient
    work: Store
    web: Store
    demo: dict[str, Any]

    def user(self, name: str) -> dict[str, Any]:
        [found] = [u for u in self.demo["users"] if u["name"] == name]
        return cast(dict[str, Any], found)

    def as_user(self, name: str) -> TestClient:
        client = TestClient(self.browser.app, base_url="http://127.0.0.1", follow_redirects=True)
        assert client.get(self.user(name)["link"]).status_code == 200
        return client

    def key(self, name: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.user(name)['key']}"}
