"""What a request costs the ledger whose books are large already, without an hour in which 50 millions are asked for.

The books are filled by the database itself: rows as the sequencer writes them (a request, a plain transfer, random
accounts and amounts), with the guards of the tables off and the indexes made anew afterwards; totals of the accounts
are added from those rows. Guards are on again before anything is measured, and a recount at the end proves the books
whole.
Indexes made anew are packed tighter than those that grew, which is the one thing that this flatters.

python -m benchmarks.ledger_books --millions 1 5 20
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

from benchmarks.ledger import ACCOUNTS, Load, opened, requests, sizes, used
from salyq.office.ledger.recount import recount
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store.clock import SystemClock
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.server import Server

TABLES = ("request", "transfer")
MILLION = 1_000_000

_REQUESTS = """insert into ledger.request (id, digest, result, position, recorded)
select 'b' || p, decode(md5(p::text) || md5((-p)::text), 'hex'), 'ok', p, now()
from generate_series(%(first)s, %(last)s) p"""
_TRANSFERS = """insert into ledger.transfer
  (position, n, kind, debit, credit, amount, released, code, effective, recorded)
select p, 0, 0, d, 2 + (d - 2 + 1 + floor(random() * (%(accounts)s - 2))::bigint) %% (%(accounts)s - 1), a, 0, 'pay',
  now(), now()
from (select p, 2 + floor(random() * (%(accounts)s - 1))::bigint d, 1 + floor(random() * 4999)::bigint a
  from generate_series(%(first)s, %(last)s) p) rows"""
_TOTALS = """update ledger.account a set debits = a.debits + s.d, credits = a.credits + s.c from (
  select no, sum(d) d, sum(c) c from (
    select debit no, amount d, 0::numeric c from ledger.transfer where position >= %(first)s
    union all select credit, 0, amount from ledger.transfer where position >= %(first)s) legs group by no) s
where a.no = s.no"""
_CONSTRAINTS = """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
where conrelid = any(%s::regclass[]) and contype in ('p', 'u')"""
_INDEXES = """select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
where indrelid = any(%s::regclass[]) and not exists (select from pg_constraint c where c.conindid = indexrelid)"""


class Cost(NamedTuple):
    """At so many transfers: requests a second and processor time of a request (µs, writer and database), megabytes."""

    kept: int
    a_second: int
    cpu: float
    tables: int
    indexes: int


@contextmanager
def unguarded(c: psycopg.Connection) -> Iterator[None]:
    """Triggers off, indexes dropped; both as they were afterwards."""
    names = [f"ledger.{t}" for t in TABLES]
    constraints, indexes = c.execute(_CONSTRAINTS, (names,)).fetchall(), c.execute(_INDEXES, (names,)).fetchall()
    for table in (*TABLES, "account"):
        c.execute(sql.SQL("alter table ledger.{} disable trigger user").format(sql.Identifier(table)))
    for table, name, _ in constraints:
        c.execute(f'alter table {table} drop constraint "{name}"'.encode())
    for name, _ in indexes:
        c.execute(f"drop index {name}".encode())
    yield
    for table, name, definition in constraints:
        c.execute(f'alter table {table} add constraint "{name}" {definition}'.encode())
    for _, definition in indexes:
        c.execute(definition.encode())
    for table in (*TABLES, "account"):
        c.execute(sql.SQL("alter table ledger.{} enable trigger user").format(sql.Identifier(table)))


def fill(url: str, upto: int) -> None:
    """Plain transfers between the accounts of the benchmark until `upto` positions are kept."""
    with psycopg.connect(url, autocommit=True) as c:
        row = c.execute("select position + 1 from ledger.sequencer").fetchone()
        assert row is not None
        values = {"first": int(row[0]), "last": upto, "accounts": ACCOUNTS}
        c.execute("set maintenance_work_mem = '512MB'")
        with unguarded(c):
            c.execute(_REQUESTS, values)
            c.execute(_TRANSFERS, values)
            c.execute(_TOTALS, values)
            c.execute("update ledger.sequencer set position = %(last)s", values)
        c.execute("vacuum analyze ledger.request, ledger.transfer, ledger.account")
        c.execute("checkpoint")


def cost(url: str, load: Load, count: int, batch: int, server: int) -> Cost:
    """What requests cost now: the accounts are in memory before it is measured."""
    sequencer = Sequencer(url, SystemClock())
    for _ in range(4):
        sequencer.submit(requests(load.lines(batch)))
    begun, cpu = time.perf_counter(), time.process_time() + used([server])
    for _ in range(-(-count // batch)):
        sequencer.submit(requests(load.lines(batch)))
    each = (time.process_time() + used([server]) - cpu) * MILLION / count
    lasted = time.perf_counter() - begun
    sequencer.close()
    with psycopg.connect(url) as c:
        row = c.execute("select position from ledger.sequencer").fetchone()
    return Cost(0 if row is None else int(row[0]), round(count / lasted), each, *sizes(url))


def slope(found: list[Cost]) -> float:
    """Of log(processor time of a request) over log(transfers kept), by least squares: 0 does not grow."""
    points = [(math.log(x.kept), math.log(x.cpu)) for x in found]
    x, y = (sum(p[n] for p in points) / len(points) for n in (0, 1))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 5, 20])
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=5000)
    given = parser.parse_args()
    found: list[Cost] = []
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        make_database(server.url("postgres"), "bench")
        url = server.url("bench")
        migrate(url)
        opened(url).close()
        load = Load()
        assert server.process is not None
        for millions in given.millions:
            begun = time.perf_counter()
            fill(url, millions * MILLION)
            filled = time.perf_counter() - begun
            found.append(cost(url, load, given.requests, given.batch, server.process.pid))
            c = found[-1]
            print(
                f"{c.kept:12,d} transfers kept (filled in {filled:4.0f} s): {c.a_second:8,d} requests/s, "
                f"{c.cpu:6.1f} µs of processor each, tables {c.tables:7,d} MB, indexes {c.indexes:7,d} MB",
                flush=True,
            )
        begun = time.perf_counter()
        wrong = recount(url, SystemClock())
    if len(found) > 1:
        print(f"processor time of a request grows with the books to the power of {slope(found):+.3f}")
    print(
        f"recount of {wrong.position:,d} positions in {time.perf_counter() - begun:.0f} s: "
        f"{len(wrong.differences)} differences"
    )


if __name__ == "__main__":
    main()
