"""The store: migrations, transactions, append-only, who sees what, jobs, the manager of the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from salyq.office.store import entries, jobs
from salyq.office.store.clock import FixedClock
from salyq.office.store.entries import Act
from salyq.office.store.errors import StoreError
from salyq.office.store.migrate import Migration, make_database, migrate, shipped
from salyq.office.store.server import Server
from salyq.office.store.store import Access, Store, Transaction
from salyq.office.store.verify import verify


def act(n: int = 0, **more: Any) -> Act:
    return Act("test", f"s/{n % 3}", {"n": n, "words": "Қазақстан"}, **{"public": True, **more})


def written(store: Store, *acts: Act, user: str = "") -> list[entries.Written]:
    with store.transaction(Access(user=user)) as tx:
        return entries.append(tx, acts)


# --- migrations ---------------------------------------------------------------------------------------------------


def test_four_starts_at_once_migrate_once(server: Server) -> None:
    make_database(server.url("postgres"), "four")
    done: list[list[str]] = []
    threads = [threading.Thread(target=lambda: done.append(migrate(server.url("four")))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, done)) == [0, 0, 0, len(shipped())]


def test_a_changed_migration_and_a_newer_database_are_refused(database: str) -> None:
    changed = [Migration(m.name, m.text + "\n-- changed") for m in shipped()]
    with pytest.raises(StoreError, match="was changed"):
        migrate(database, changed)
    with pytest.raises(StoreError, match="newer than this"):
        migrate(database, shipped()[:-1])
    assert migrate(database) == []


LATER = ("registry/0006", "procedures/0003", "procedures/0004")
OLD = """
set session_replication_role = replica;
insert into procedures.application(id, procedure, office, organisation, subject_name, opened_by, opened_at, operator)
select lpad(n::text, 32, '0')::uuid, 'alatau_residency', 'alatau', '990140000136', 'A', 'a',
       timestamptz '2026-01-01 00:00Z' + n * interval '1 day', '220140000138' from generate_series(1, 3) n;
insert into procedures.step(application, n, name, status, by_account, by_role, at, day, content, due, entry,
                            office, organisation)
select lpad(a::text, 32, '0')::uuid, n, 'x', status, 'a', 'applicant', now(), '2026-01-05', '{}',
       '2026-02-01'::date + n, 0, 'alatau', '990140000136'
from (values (1, 0, 'filed'), (2, 0, 'filed'), (2, 1, 'granted'), (3, 0, 'filed'), (3, 1, 'review')) v(a, n, status);
insert into registry.span(register, number, valid, recorded, status, subject_id, subject_name, key, granted, fields,
                          entry, public, office)
select 'miners', 'M-1', '[2026-01-01,)', known, 'active', '990140000136', 'A', 'a', '2026-01-01', '{}',
       0, true, 'energy'
from (values (tstzrange('2026-01-01 00:00Z', '2026-02-01 00:00Z')), (tstzrange('2026-02-01 00:00Z', null))) v(known);
"""


def test_a_database_with_rows_is_brought_up_to_date(server: Server) -> None:
    """Lists show what was there before they were kept; a span tells when it was known; rows stay guarded."""
    make_database(server.url("postgres"), "older")
    url = server.url("older")
    migrate(url, [m for m in shipped() if not m.name.startswith(LATER)])
    with psycopg.connect(url) as c:
        c.execute(OLD.encode())
    assert [name.partition("_")[0] for name in migrate(url)] == list(LATER)
    with psycopg.connect(url) as c:
        standing = c.execute("select status, over, due, n, operator from procedures.standing order by opened_at")
        kept = standing.fetchall()
        spans = c.execute(
            "select known_from = lower(recorded), upper(recorded) is null, known_to = 'infinity' from registry.span"
        )
        assert spans.fetchall() == [(True, False, False), (True, True, True)]
        forced = c.execute(
            "select count(*) from pg_class where relnamespace = 'procedures'::regnamespace and relforcerowsecurity"
        )
        assert forced.fetchone() == (2,)
    first, second, operator = date(2026, 2, 1), date(2026, 2, 2), "220140000138"
    assert kept == [
        ("filed", False, first, 0, operator),
        ("granted", True, second, 1, operator),
        ("review", False, second, 1, operator),
    ]


def test_a_failing_migration_leaves_nothing(database: str) -> None:
    broken = [*shipped(), Migration("zzz/0001.sql", "create table half(); select 1/0")]
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(database, broken)
    with psycopg.connect(database) as c:
        assert c.execute("select to_regclass('half')").fetchone() == (None,)


# --- E1: nothing is updated or deleted ----------------------------------------------------------------------------

KEPT = ("entry", "sealed", "node", "checkpoint", "fact", "answer")


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("change", ["delete from store.{}", "truncate store.{} cascade"])
def test_not_even_the_owner_changes_what_was_written(store: Store, database: str, table: str, change: str) -> None:
    written(store, act())
    with psycopg.connect(database) as c, pytest.raises(psycopg.errors.RestrictViolation):
        c.execute(change.format(table).encode())


def test_the_owner_cannot_update_an_entry_and_roles_have_no_right_to(store: Store, database: str) -> None:
    written(store, act())
    with psycopg.connect(database) as c, pytest.raises(psycopg.errors.RestrictViolation):
        c.execute("update store.entry set kind = 'other'")
    for role in ("salyq_web", "salyq_work", "salyq_ledger"):
        for change in ("update store.entry set kind = 'x'", "delete from store.entry", "delete from store.node"):
            with psycopg.connect(database) as c:
                c.execute(f"set role {role}".encode())
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    c.execute(change.encode())


# --- transactions -------------------------------------------------------------------------------------------------


def test_a_transaction_is_whole_or_not_at_all(store: Store) -> None:
    def fails_half_way() -> None:
        with store.transaction() as tx:
            entries.append(tx, [act()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_half_way()
    with store.transaction() as tx:
        assert entries.size(tx) == 0
        assert verify(tx) is None


def test_writers_at_once_get_positions_without_gaps(store: Store) -> None:
    def write() -> None:
        for n in range(5):
            written(store, act(n), act(n + 1))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction() as tx:
        assert entries.size(tx) == 40
        assert verify(tx) is None


def test_a_clock_behind_the_last_entry_is_refused(store: Store) -> None:
    written(store, act())
    store.clock = FixedClock(store.clock.now() - timedelta(days=1))
    with pytest.raises(StoreError, match="behind the last entry"):
        written(store, act())


def test_an_entry_holds_no_floats(store: Store) -> None:
    with pytest.raises(TypeError), store.transaction() as tx:
        entries.append(tx, [Act("test", "s", {"amount": [0.1]})])


# --- E5: who may not see a row does not get it ----------------------------------------------------------------------


def seen(web: Store, access: Access) -> set[int]:
    with web.transaction(access) as tx:
        return {n for n in range(5) if entries.entry(tx, n)}


def test_the_database_shows_an_entry_only_to_those_who_may_see_it(store: Store, web: Store) -> None:
    written(
        store,
        act(0),
        act(1, public=False),
        act(2, public=False, office="nbk"),
        act(3, public=False, organisation="230440900503"),
        act(4, public=False, office="afm", organisation="211140900363"),
    )
    assert seen(web, Access()) == {0}
    assert seen(web, Access(user="o", role="officer", office="nbk")) == {0, 2}
    assert seen(web, Access(user="m", role="applicant", organisations=("230440900503", "211140900363"))) == {0, 3, 4}
    assert seen(web, Access(user="a", role="auditor")) == {0, 1, 2, 3, 4}
    with web.transaction() as tx:
        feed = tx.dicts(entries.SQL["after"], {"after": -1, "limit": 10})
    assert [(r["position"], r["body"] is None) for r in feed] == [(0, False), *((n, True) for n in range(1, 5))]
    assert all(r["leaf"] for r in feed)


def test_a_setting_does_not_outlive_its_transaction(store: Store, web: Store) -> None:
    written(store, act(0, public=False, office="nbk"))
    assert seen(web, Access(role="officer", office="nbk")) == {0}
    assert seen(web, Access()) == set()


def test_sealed_values_are_proven_but_not_shown(store: Store, web: Store) -> None:
    [done] = written(store, act(0, office="nbk", sealed={"serial": "S19-0001"}))
    assert "S19-0001" not in done.body
    for access, rows in ((Access(), 0), (Access(role="officer", office="nbk"), 1)):
        with web.transaction(access) as tx:
            assert len(tx.dicts(entries.SQL["sealed_of"], {"position": 0})) == rows
    with store.transaction() as tx:
        assert verify(tx) is None


# --- jobs ---------------------------------------------------------------------------------------------------------


def test_jobs_run_once_in_order_with_the_clock_at_their_due_time(store: Store) -> None:
    start = store.clock.now()
    ran: list[tuple[Any, Any]] = []

    def handle(tx: Transaction, args: Mapping[str, Any]) -> str:
        ran.append((args["n"], tx.now - start))
        entries.append(tx, [act(args["n"])])
        return f"did {args['n']}"

    with store.transaction() as tx:
        for n in (3, 1, 2, 1):
            jobs.put(tx, "do", {"n": n}, start + timedelta(hours=n), key=f"do/{n}")
    happened = jobs.run_due(store, {"do": handle}, start + timedelta(hours=2))
    assert [h.told for h in happened] == ["did 1", "did 2"]
    assert ran == [(1, timedelta(hours=1)), (2, timedelta(hours=2))]
    assert jobs.run_due(store, {"do": handle}, start + timedelta(hours=2)) == []
    assert store.clock.now() == start + timedelta(hours=2)


def test_a_failing_job_is_undone_alone_and_tried_again(store: Store) -> None:
    calls: list[int] = []

    def handle(tx: Transaction, args: Mapping[str, Any]) -> None:
        entries.append(tx, [act()])
        calls.append(1)
        if len(calls) < 3:
            raise RuntimeError("not yet")

    with store.transaction() as tx:
        jobs.put(tx, "do", {}, store.clock.now())
    happened = jobs.run_due(store, {"do": handle}, store.clock.now() + timedelta(minutes=5))
    assert [h.failed is None for h in happened] == [False, False, True]
    with store.transaction() as tx:
        assert entries.size(tx) == 1


# --- the manager of the server --------------------------------------------------------------------------------------

CHILD = """
import sys, time
from pathlib import Path
from salyq.office.store.opening import opened
from salyq.office.store.entries import Act, append
with opened(Path(sys.argv[1])) as store:
    with store.transaction() as tx:
        append(tx, [Act("test", "s", {"who": sys.argv[2]}, public=True)])
    print("ready", flush=True)
    time.sleep(float(sys.argv[3]))
"""


def child(home: Path, who: str, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home), who, str(seconds)], stdout=subprocess.PIPE, text=True
    )


def test_a_second_process_joins_and_a_killed_starter_takes_its_server_along(home: Path) -> None:
    first = child(home, "first", 60)
    assert first.stdout is not None
    assert first.stdout.readline() == "ready\n"
    second = child(home, "second", 0)
    assert second.wait(30) == 0
    postmaster = int((home / "pgdata" / "postmaster.pid").read_text().split("\n")[0])
    first.send_signal(signal.SIGKILL)
    first.wait()
    for _ in range(200):
        if not alive(postmaster):
            break
        time.sleep(0.05)
    assert not alive(postmaster)
    third = child(home, "third", 0)
    assert third.wait(60) == 0
    assert (home / "keys" / "log.key").stat().st_mode & 0o077 == 0


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_wrong_place_for_the_programs_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALYQ_PG_BIN", str(tmp_path))
    with pytest.raises(StoreError, match="no program postgres"):
        Server(tmp_path / "data")


def test_a_socket_path_too_long_moves_elsewhere(home: Path) -> None:
    deep = home / ("long" * 20) / ("longer" * 10)
    with Server(deep, sync=False) as server, psycopg.connect(server.url("postgres")) as c:
        assert c.execute("select 1").fetchone() == (1,)
        assert server.socket_folder.stat().st_mode & 0o077 == 0
