"""What is to be done later. The effect of a job and the mark `done` are one transaction: a killed worker neither
loses nor doubles anything. A job is put inside the caller's transaction, so it exists if and only if its cause does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from salyq.office.store.statements import Statements
from salyq.office.store.store import Access, Store, Transaction

SQL = Statements("salyq.office.store", "jobs")
TRIES = 8
Handler = Callable[[Transaction, Mapping[str, Any]], str | None]
WORKER = Access(user="salyq", role="work")


class Job(NamedTuple):
    id: int
    kind: str
    args: dict[str, Any]
    tries: int
    due_at: datetime


class Happened(NamedTuple):
    """One job that ran: `told` is what it says of itself; `failed` what went wrong."""

    at: datetime
    kind: str
    args: Mapping[str, Any]
    told: str | None
    failed: str | None


def put(tx: Transaction, kind: str, args: Mapping[str, Any], due: datetime, key: str | None = None) -> None:
    """Once a `key`: putting the same key again changes nothing."""
    tx.run(SQL["put"], {"kind": kind, "args": Jsonb(dict(args)), "key": key, "due_at": due})


def run_one(store: Store, handlers: Mapping[str, Handler], until: datetime) -> Happened | None:
    """The earliest job due by `until` of a kind that has a handler, or None. A handler that raises is undone alone
    and tried again, later and later.
    """
    with store.transaction(WORKER) as tx:
        job = tx.one(Job, SQL["take"], {"until": until, "kinds": list(handlers)})
        if job is None:
            return None
        try:
            with tx.part():
                told = handlers[job.kind](tx, job.args)
        except Exception as error:
            wait = timedelta(seconds=2**job.tries)
            gone = repr(error)[:500] if job.tries + 1 >= TRIES else None
            tx.run(SQL["again"], {"id": job.id, "due_at": max(tx.now, job.due_at) + wait, "failed": gone})
            return Happened(tx.now, job.kind, job.args, None, repr(error)[:500])
        tx.run(SQL["done"], {"id": job.id, "at": tx.now})
        return Happened(tx.now, job.kind, job.args, told, None)


def run_due(store: Store, handlers: Mapping[str, Handler], until: datetime | None = None) -> list[Happened]:
    """Every job due by `until` (the office's now), in order. With a clock of ours the clock stands at each job's due
    time.
    """
    last = until or store.clock.now()
    happened: list[Happened] = []
    while True:
        with store.transaction(WORKER) as tx:
            due = tx.value(SQL["next_due"], {"kinds": list(handlers)})
        if due is None or due > last:
            break
        store.move_clock(due)
        done = run_one(store, handlers, last)
        if done is None:  # another worker has it
            break
        happened.append(done)
    store.move_clock(last)
    return happened
