"""Planted violations: what the database refuses whoever asks, what the recount sees, who is fenced, who is gathered."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from tests.office.conftest import START
from tests.office.ledger.test_ledger_requests import FUND, OPEN, move

from salyq.office.ledger import books
from salyq.office.ledger import jobs as ledger_jobs
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.judge import Books
from salyq.office.ledger.model import Along, Answer, FencedError, Request, Result, Standing, Task, Written
from salyq.office.ledger.reading import request
from salyq.office.ledger.recount import last, recount
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store import jobs
from salyq.office.store.clock import FixedClock
from salyq.office.store.store import LEDGER, WORK, Store


def of(asked: dict[str, Any]) -> Request:
    return request(**{"name" if k == "request" else k: v for k, v in asked.items()})


def fill(gate: Gate) -> None:
    gate.submit([of(OPEN), of(FUND)])
    gate.submit([request("h", transfers=[move("7", hold="PT1H")]), request("h2", transfers=[move("8", hold="PT1H")])])
    assert gate.ask(request("p", post="h2", amount="3")).accepted


VALUES = "(position, n, kind, debit, credit, amount, released, hold, expires, code, effective, recorded) values"


FORBIDDEN = [
    "update ledger.transfer set amount = 1",
    "delete from ledger.transfer",
    "truncate ledger.transfer",
    "update ledger.request set result = 'ok'",
    "delete from ledger.request",
    "update ledger.account set credits = credits + 1",
    "update ledger.account set limited = 0",
    "delete from ledger.account",
    "delete from ledger.open_hold",
    "insert into ledger.open_hold values (9, 1, 2, 5, now())",
    "delete from ledger.sequencer",
    "insert into ledger.account values (99, 'x', 'KZT', '', 0, false, 1, now(), false, 0, 0, 0, 5)",
    # a transfer that no sequencer numbered, to nobody, over a limit, across assets, too much for rounding
    f"insert into ledger.transfer {VALUES} (99, 0, 0, 1, 3, 1, 0, null, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 0, 1, 77, 1, 0, null, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 0, 2, 3, 991, 0, null, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 0, 1, 5, 1, 0, null, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 0, 1, 4, 2, 0, null, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 0, 1, 1, 2, 0, null, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 0, 1, 3, -1, 0, null, null, '', now(), now())",
    # ends: of no hold, of one that ended, of more than was held, of other accounts
    f"insert into ledger.transfer {VALUES} (1, 0, 2, 2, 3, 1, 7, 2, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 2, 2, 3, 1, 8, 4, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 2, 2, 3, 9, 7, 3, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 3, 2, 3, 0, 6, 3, null, '', now(), now())",
    f"insert into ledger.transfer {VALUES} (1, 0, 3, 1, 3, 0, 7, 3, null, '', now(), now())",
]


def test_the_database_refuses_its_owner(gate: Gate, database: str, clock: FixedClock) -> None:
    fill(gate)
    with psycopg.connect(database, autocommit=True) as owner:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.Error):
                owner.execute(statement.encode())
    assert recount(database, clock).differences == []


def test_roles_may_not_touch_what_was_written(gate: Gate, database: str) -> None:
    fill(gate)
    with psycopg.connect(database, autocommit=True) as owner:
        for role in ("salyq_ledger", "salyq_work", "salyq_web"):
            owner.execute(f"set role {role}".encode())
            for table in ("transfer", "request", "account", "switch", "recount"):
                for do in (f"delete from ledger.{table}", f"update ledger.{table} set {_column(table)} = default"):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        owner.execute(do.encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(b"select * from ledger.account")


def _column(table: str) -> str:
    return "at" if table == "recount" else "recorded"


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("update ledger.account set credits = credits + 1 where id = 'a1'", {"total", "sides"}),
        ("update ledger.transfer set amount = amount + 1 where kind = 0", {"total"}),
        ("update ledger.transfer set amount = 5 where kind = 2", {"total"}),
        ("delete from ledger.open_hold", {"hold"}),
        ("update ledger.transfer set released = 7 where kind = 2", {"total", "end"}),
        ("delete from ledger.request where id = 'fund'", {"position", "orphan"}),
        ("delete from ledger.transfer where kind = 2", {"total", "hold"}),
        ("update ledger.sequencer set position = position + 1", {"position"}),
        ("update ledger.transfer set credit = 5 where kind = 0", {"total", "assets"}),
    ],
)
def test_the_recount_sees_a_planted_fault(
    gate: Gate, database: str, clock: FixedClock, store: Store, fault: str, seen: set[str]
) -> None:
    fill(gate)
    assert recount(database, clock).differences == []
    assert recount(database, clock, sample=10).differences == []
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(b"set session_replication_role = replica")  # nobody's guards
        owner.execute(fault.encode())
    found = recount(database, clock)
    assert {d.what for d in found.differences} >= seen
    with store.transaction() as tx:
        assert last(tx)[0] == found
    if "total" in seen:
        assert recount(database, clock, sample=10).differences


def test_an_older_sequencer_is_fenced(database: str, clock: FixedClock) -> None:
    old, new = Sequencer(database, clock), Sequencer(database, clock)
    with pytest.raises(FencedError):
        old.submit([of(OPEN)])
    assert new.submit([of(OPEN), of(FUND)])[1].result is Result.OK
    with pytest.raises(FencedError):
        old.submit([request("x", transfers=[move("1")])])
    old.close()
    new.close()
    assert recount(database, clock).differences == []


@pytest.mark.parametrize("notes", [False, True], ids=["one statement", "with what goes along"])
def test_whoever_is_fenced_after_looking_keeps_nothing(
    database: str, clock: FixedClock, store: Store, notes: bool
) -> None:
    """Another begins, and answers the same request, between what an older one read and what it would keep."""
    old = Sequencer(database, clock)
    old.submit([of(OPEN), of(FUND)])
    asked, later = [request("all", transfers=[move("1000")])], list[Answer]()

    def along(answers: Sequence[Answer], books: Standing) -> Sequence[Written]:
        assert answers[0].result is Result.OK
        new = Sequencer(database, clock)
        later.extend(new.submit(asked))
        new.close()
        return note("fenced")(answers, books) if notes else []

    with pytest.raises(FencedError):
        old.settle([Task(asked, along)])
    with pytest.raises(FencedError):  # a refused one moves no position: the epoch alone fences it
        old.submit([request("more", transfers=[move("1001")])])
    old.close()
    assert [a.result for a in later] == [Result.OK]
    with store.transaction() as tx:
        assert tx.values(b"select id from ledger.request order by id") == [("all",), ("fund",), ("open",)]
        assert tx.values(b"select count(*) from store.job where kind = 'x'") == [(0,)]
    assert recount(database, clock).differences == []


def test_an_answer_that_was_lost_is_given_again(database: str, clock: FixedClock) -> None:
    """The one statement is kept, then the connection ends before anybody is told: the next asks what was answered."""
    one = Sequencer(database, clock)
    one.submit([of(OPEN), of(FUND)])
    asked = [request("all", transfers=[move("1000")]), request("more", transfers=[move("1")])]
    keep = one._keep

    def kept_and_lost(books: Books, now: datetime) -> None:
        keep(books, now)
        one._c.close()
        raise psycopg.OperationalError("the connection is lost")

    one._keep = kept_and_lost  # type: ignore[method-assign]
    with pytest.raises(psycopg.OperationalError):
        one.submit(asked)
    two = Sequencer(database, clock)
    assert [a.result for a in two.submit(asked)] == [Result.EXISTS, Result.EXCEEDS_CREDITS]
    two.close()
    with psycopg.connect(database) as owner:
        assert owner.execute("select count(*) from ledger.transfer").fetchone() == (2,)
    assert recount(database, clock).differences == []


def test_two_gates_and_many_callers_agree(database: str, clock: FixedClock) -> None:
    """A limit cannot be passed in any order by any number of callers: 20 withdrawals of 100 from 1,000, twice over."""
    answers: list[Answer] = []
    with Gate(database, clock) as one, Gate(database, clock) as two:
        one.submit([of(OPEN), of(FUND)])

        def call(gate: Gate, n: int) -> None:
            answers.append(gate.ask(request(f"w{n}", transfers=[move("100")])))

        threads = [threading.Thread(target=call, args=(g, n)) for n in range(20) for g in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    counts = {r: sum(a.result is r for a in answers) for r in Result}
    assert counts[Result.OK] == 10
    assert counts[Result.EXISTS] == 10
    assert counts[Result.EXCEEDS_CREDITS] == 20
    assert recount(database, clock).differences == []


def note(name: str, role: str = WORK) -> Along:
    """Writes down what the books said when a task was judged."""

    def along(answers: Sequence[Answer], books: Standing) -> Sequence[Written]:
        told = f"{[a.result.value for a in answers]} {books.taken('a1')}"
        statement = b"insert into store.clock(only_one, now) values (true, %(now)s) on conflict do nothing"
        if role == LEDGER:
            return [Written(role, statement, {"now": books.now})]
        noted = (
            b"insert into store.job(kind, args, key, due_at)"
            b" values ('x', jsonb_build_array(%(told)s::text), %(key)s, %(now)s)"
        )
        return [Written(role, noted, {"told": told, "key": name, "now": books.now})]

    return along


def test_what_goes_along_is_kept_with_the_books_or_not_at_all(gate: Gate, store: Store, database: str) -> None:
    gate.submit([of(OPEN), of(FUND)])
    gate.submit([request("one", transfers=[move("7")]), request("two", transfers=[move("9999")])], note("n1"))
    gate.submit([request("hold", transfers=[move("5", hold="PT1H")])], note("n2"))
    with store.transaction() as tx:
        noted = dict(tx.values(b"select key, args ->> 0 from store.job where kind = 'x'"))
    assert noted == {"n1": "['ok', 'exceeds_credits'] 7", "n2": "['ok'] 12"}
    with pytest.raises(psycopg.errors.UniqueViolation):  # what goes along fails: nothing moves either
        gate.submit([request("three", transfers=[move("1")])], note("n1"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):  # each role may only what it may
        gate.submit([request("four", transfers=[move("1")])], note("n4", LEDGER))
    with psycopg.connect(database) as owner:
        assert owner.execute("select count(*) from ledger.request where id in ('three', 'four')").fetchone() == (0,)
    assert gate.ask(request("three", transfers=[move("1")])).result is Result.OK


def test_the_fault_of_one_caller_is_not_the_others(gate: Gate) -> None:
    """Three that are gathered while the gate is busy: only the one whose writing fails is told so."""
    gate.submit([of(OPEN), of(FUND)])
    gate.submit([], note("taken"))
    busy, go = threading.Event(), threading.Event()

    def wait(answers: Sequence[Answer], books: Standing) -> Sequence[Written]:
        busy.set()
        go.wait(20)
        return []

    first = gate.send([], wait)
    assert busy.wait(20)
    good = [gate.send([request(f"g{n}", transfers=[move("1")])], note(f"good{n}")) for n in range(2)]
    bad = gate.send([request("bad", transfers=[move("1")])], note("taken"))
    go.set()
    assert first.result(20) == []
    assert [f.result(20)[0].result for f in good] == [Result.OK, Result.OK]
    with pytest.raises(psycopg.errors.UniqueViolation):
        bad.result(20)
    assert gate.ask(request("bad", transfers=[move("1")])).result is Result.OK


def test_balances_at_any_time_as_known_at_any_time(gate: Gate, store: Store, clock: FixedClock) -> None:
    def told(**when: Any) -> tuple[int, int]:
        with store.transaction() as tx:
            found = books.balance(tx, "a1", **when)
        return found.credits - found.debits, found.debits_held

    day = timedelta(days=1)
    gate.submit([of(OPEN), of(FUND)])
    gate.ask(request("h", transfers=[move("100", hold="P2D")]))
    clock.move(START + day)
    backdated = (START - day).isoformat()
    gate.ask(request("old", transfers=[move("5", "bank", "a1")], effective=backdated))
    clock.move(START + 2 * day)
    assert told() == (1005, 0)  # the hold's time is up, whether or not a job has run
    assert told(at=START - day) == (5, 0)
    assert told(at=START - day, known=START) == (0, 0)
    assert told(at=START, known=START) == (1000, 100)
    assert told(at=START) == (1005, 100)
    assert told(known=START) == (1000, 100)
    assert told(at=START + 2 * day) == (1005, 0)
    with store.transaction() as tx:
        lines = books.statement(tx, "a1")
        assert [(x.kind, x.amount, x.held, x.balance, x.held_after) for x in lines] == [
            ("plain", 1000, 0, 1000, 0),
            ("hold", 0, 100, 1000, 100),
            ("plain", 5, 0, 1005, 100),
        ]
    gate.submit([])
    with store.transaction() as tx:
        rest = books.statement(tx, "a1", after=lines[-1].position)
        assert [(x.request, x.kind, x.held, x.balance, x.held_after) for x in rest] == [(None, "expire", -100, 1005, 0)]
        assert rest[0].effective == START + 2 * day


def test_time_never_goes_back(database: str) -> None:
    late, early = FixedClock(START), FixedClock(START - timedelta(days=9))
    one = Sequencer(database, late)
    one.submit([of(OPEN)])
    two = Sequencer(database, early)
    two.submit([of(FUND)])
    with psycopg.connect(database) as owner:
        assert owner.execute("select min(recorded) = max(recorded) from ledger.request").fetchone() == (True,)
    one.close()
    two.close()


def test_the_clocks_jobs_end_holds_and_raise_the_alarm(store: Store, gate: Gate, database: str) -> None:
    fill(gate)
    with store.transaction() as tx:
        ledger_jobs.begin(tx)
        ledger_jobs.begin(tx)
    told = [h.told for h in jobs.run_due(store, ledger_jobs.JOBS, START + timedelta(hours=23))]
    assert told.count("holds ended: 1") == 1
    assert told.count("books right up to 6: 5 accounts (whole)") == 1
    assert sum("sample" in (t or "") for t in told) == 2  # an hour after something moved, not every hour
    assert gate.ask(request("after", post="h")).result is Result.HOLD_ALREADY_ENDED
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(b"set session_replication_role = replica")
        owner.execute(b"update ledger.account set credits = 999 where id = 'a1'")
    with store.transaction() as tx:
        ledger_jobs.begin(tx)
    told = [h.told for h in jobs.run_due(store, ledger_jobs.JOBS, START + timedelta(hours=48))]
    assert any("ALARM" in (t or "") for t in told)
