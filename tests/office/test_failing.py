"""How the office fails: a database that stops and comes back, a disk that is full. One clear message, nothing
half-done, pages readable without the part that failed.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.office.conftest import START, Portal
from tests.office.people.test_signing_in import token

from salyq.office.intake import files
from salyq.office.people import accounts, sessions
from salyq.office.portal.app import make_app
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import StoreError
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.server import Server
from salyq.office.store.store import WEB, Store
from salyq.office.store.verify import verify

DOWN = {"kk": "қолжетімсіз", "ru": "недоступна", "en": "cannot be reached"}


def test_pages_are_readable_while_the_database_is_gone_and_all_goes_on_after(home: Path, tmp_path: Path) -> None:
    with Server(home, sync=False) as server:
        make_database(server.url("postgres"), "salyq")
        migrate(server.url())
        with (
            Store(server.url(), clock=FixedClock(START), patience=0.4) as work,
            work.as_role(WEB) as web,
        ):
            client = TestClient(
                make_app(web, work, tmp_path), base_url="http://127.0.0.1", raise_server_exceptions=False
            )
            with work.transaction() as tx:
                who = accounts.add_account(tx, "aidana", "applicant")
                cookie, session = sessions.start(tx, who)
            client.cookies.set("salyq", cookie)
            assert client.get("/en/cabinet").status_code == 200
            server.stop()
            for lang, said in DOWN.items():
                page = client.get(f"/{lang}/registers/miners")
                assert page.status_code == 503
                assert said in page.text
                assert "</html>" in page.text
                assert "Traceback" not in page.text
                assert str(tmp_path) not in page.text
                assert ".s.PGSQL" not in page.text
            told = client.get("/api/v1/registers/miners/records")
            assert (told.status_code, told.json()["code"]) == (503, "store_unreachable")
            assert str(tmp_path) not in told.text
            sent = client.post("/en/cabinet/cases", data={"csrf": session.csrf, "name": "x", "kind": "individual"})
            assert sent.status_code == 503
            client.cookies.clear()
            for path in ("/en/law", "/en/ask/mine", "/en/brief", "/ru/calculators", "/static/salyq.css", "/healthz"):
                assert client.get(path).status_code == 200, path
            assert client.get("/readyz").status_code == 503
            server.start()
            client.cookies.set("salyq", cookie)
            until = time.monotonic() + 60  # the pool tries again after 1, 2, 4 … seconds
            while client.get("/readyz").status_code != 200 and time.monotonic() < until:
                time.sleep(0.2)
            assert client.get("/en/registers/miners").status_code == 200
            page = client.get("/en/cabinet/cases")
            assert page.status_code == 200
            assert "/en/cabinet/cases/" not in page.text  # the form that failed made nothing
            with work.transaction() as tx:
                assert verify(tx) is None


@contextmanager
def full_disk(left: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_finds_no_room_is_not_there_at_all(tmp_path: Path) -> None:
    with full_disk(1000), pytest.raises(StoreError) as told:
        files.keep(tmp_path, b"x" * 5000)
    assert told.value.code == "store_disk_full"
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]
    assert files.place(tmp_path, files.keep(tmp_path, b"x" * 5000)).stat().st_size == 5000


def test_a_full_disk_of_the_database_is_one_message_and_keeps_nothing(country: Portal) -> None:
    with country.work.transaction() as tx:
        before = tx.value(b"select count(*) from store.entry")
    miner = country.as_user("miner")
    trigger = b"""
        create function public.no_room() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left' using errcode = '53100'; end $$;
        create trigger no_room before insert on cases.change for each row execute function public.no_room()"""
    with psycopg.connect(country.work.url, autocommit=True) as owner:
        owner.execute(trigger)
    sent = {"csrf": token(miner, "/en/account"), "name": "x", "kind": "individual"}
    answer = miner.post("/en/cabinet/cases", data=sent)
    assert answer.status_code == 503
    assert "full" in answer.text
    assert "Traceback" not in answer.text
    with psycopg.connect(country.work.url, autocommit=True) as owner:
        owner.execute("drop trigger no_room on cases.change")
    assert miner.get("/en/cabinet/cases").text.count("/en/cabinet/cases/") == 0
    with country.work.transaction() as tx:
        assert tx.value(b"select count(*) from store.entry") == before
