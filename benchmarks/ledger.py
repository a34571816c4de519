"""The ledger against the floor and against one transaction a transfer, in one run on one server with fsync.

python -m benchmarks.ledger --seconds 10
"""

from __future__ import annotations

import argparse
import math
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import psycopg

from salyq.office.ledger.gate import Gate
from salyq.office.ledger.model import Request
from salyq.office.ledger.reading import read_line, request
from salyq.office.ledger.recount import recount
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store.clock import SystemClock
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.server import Server

ACCOUNTS = 20_000
BATCH = 1000


class Measured(NamedTuple):
    name: str
    a_second: int
    half: float  # milliseconds of one call
    slowest: float  # of a hundred


def measured(name: str, seconds: float, call: Callable[[], int]) -> Measured:
    times: list[float] = []
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        at = time.perf_counter()
        count += call()
        times.append((time.perf_counter() - at) * 1000)
    lasted = time.perf_counter() - begun
    times.sort()
    return Measured(name, round(count / lasted), times[len(times) // 2], times[len(times) * 99 // 100])


class Load:
    """70 % moves, 15 % holds, 15 % ends, from a seed; as lines of JSON, so that reading them is paid for."""

    def __init__(self) -> None:
        self.chance, self.count, self.holds = random.Random(1), 0, list[str]()

    def lines(self, size: int) -> list[bytes]:
        return [msgspec.json.encode(self.one()) for _ in range(size)]

    def one(self) -> dict[str, object]:
        self.count += 1
        what, name = self.chance.random(), f"q{self.count}"
        debit, credit = self.chance.sample(range(1, ACCOUNTS), 2)
        move = {
            "debit": f"a{debit}",
            "credit": f"a{credit}",
            "amount": str(self.chance.randrange(1, 5000)),
            "code": "pay",
        }
        if what < 0.70 or (what >= 0.85 and not self.holds):
            return {"request": name, "transfers": [move]}
        if what < 0.85:
            self.holds.append(name)
            return {"request": name, "transfers": [{**move, "hold": "PT1H"}]}
        hold = self.holds.pop(self.chance.randrange(len(self.holds)))
        return {"request": name, "post" if what < 0.95 else "void": hold}


def requests(lines: list[bytes]) -> list[Request]:
    return [r for r in map(read_line, lines) if isinstance(r, Request)]


def opened(url: str) -> Sequencer:
    sequencer = Sequencer(url, SystemClock())
    limited = {"limit": "debits_must_not_exceed_credits"}
    made = [{"id": f"a{n}", "asset": "KZT", **(limited if n else {})} for n in range(ACCOUNTS)]
    sequencer.submit([request("made", accounts=made)])
    for first in range(1, ACCOUNTS, BATCH):
        ids = range(first, min(first + BATCH, ACCOUNTS))
        moves = [{"debit": "a0", "credit": f"a{n}", "amount": "1000000000"} for n in ids]
        sequencer.submit([request(f"fund{first}", transfers=moves)])
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("vacuum analyze ledger.account")
    return sequencer


def floor(url: str, seconds: float) -> Measured:
    """The same rows copied into a table without any guard, with the same indexes."""
    with psycopg.connect(url, autocommit=True) as c:
        c.execute(
            "create table bare (position bigint primary key, debit int8, credit int8, amount numeric, at timestamptz)"
        )
        c.execute("create index on bare (debit, position); create index on bare (credit, position)")
        chance, state = random.Random(1), {"position": 0}

        def call() -> int:
            with c.transaction(), c.cursor().copy("copy bare from stdin") as copy:
                for _ in range(BATCH):
                    state["position"] += 1
                    sides = chance.randrange(ACCOUNTS), chance.randrange(ACCOUNTS)
                    copy.write_row((state["position"], *sides, chance.randrange(5000), datetime.now(UTC)))
            return BATCH

        return measured("bare inserts of the same rows (floor)", seconds, call)


def one_at_a_time(url: str, seconds: float) -> Measured:
    """What one writes first: a transaction a transfer, two locked rows, a check."""
    with psycopg.connect(url, autocommit=True) as c:
        c.execute("create table plain (id int primary key, balance numeric not null check (balance >= 0))")
        c.execute("create table moved (id bigserial primary key, debit int, credit int, amount numeric)")
        c.execute("insert into plain select g, 1000000000 from generate_series(0, %s) g", (ACCOUNTS,))
        chance = random.Random(1)

        def call() -> int:
            debit, credit = sorted(chance.sample(range(ACCOUNTS), 2))
            with c.transaction():
                c.execute("update plain set balance = balance - 5 where id = %s", (debit,))
                c.execute("update plain set balance = balance + 5 where id = %s", (credit,))
                c.execute("insert into moved (debit, credit, amount) values (%s, %s, 5)", (debit, credit))
            return 1

        return measured("one transaction a transfer, no holds, no idempotence", seconds, call)


def gathered(url: str, seconds: float, callers: int) -> Measured:
    with Gate(url, SystemClock()) as gate:
        times: list[float] = []
        lock, until = threading.Lock(), time.perf_counter() + seconds

        def caller(n: int) -> None:
            chance, mine, k = random.Random(n), list[float](), 0
            while time.perf_counter() < until:
                k += 1
                debit, credit = chance.sample(range(1, ACCOUNTS), 2)
                asked = request(
                    f"g{callers}/{n}/{k}", transfers=[{"debit": f"a{debit}", "credit": f"a{credit}", "amount": "1"}]
                )
                at = time.perf_counter()
                gate.ask(asked)
                mine.append((time.perf_counter() - at) * 1000)
            with lock:
                times.extend(mine)

        threads = [threading.Thread(target=caller, args=(n,)) for n in range(callers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    times.sort()
    name = f"{callers} single callers gathered"
    return Measured(name, round(len(times) / seconds), times[len(times) // 2], times[len(times) * 99 // 100])


def fed(url: str, seconds: float, batch: int, load: Load) -> Measured:
    """Two feeders read lines (made before) while the gate keeps the batch before: the work of reading is paid for."""
    ready = [load.lines(batch) for _ in range(max(4, int(seconds * 12_000) // batch))]
    times: list[float] = []
    count, lock = 0, threading.Lock()
    with Gate(url, SystemClock(), most=batch) as gate:
        begun = time.perf_counter()

        def feeder() -> None:
            nonlocal count
            while time.perf_counter() - begun < seconds:
                with lock:
                    lines = ready.pop() if ready else []
                if not lines:
                    return
                at = time.perf_counter()
                answered = len(gate.submit(requests(lines)))
                with lock:
                    count += answered
                    times.append((time.perf_counter() - at) * 1000)

        threads = [threading.Thread(target=feeder) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lasted = time.perf_counter() - begun
    times.sort()
    name = f"ledger through the gate, two feeders, batches of {batch}"
    return Measured(name, round(count / lasted), times[len(times) // 2], times[len(times) * 99 // 100])


def used(pids: list[int]) -> float:
    """Seconds of processor time of these processes and of their living children."""
    ticks, parents = 0, set(pids)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                cells = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(folder.name) in parents or int(cells[1]) in parents:
                ticks += int(cells[11]) + int(cells[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class Grown(NamedTuple):
    """A part of a long run: requests kept at its end, how many a second in it, processor time of writer and database
    for each (µs: a busy machine changes it little), size of the books' tables and of their indexes."""

    kept: int
    a_second: int
    cpu: float
    tables: int  # megabytes
    indexes: int


def exponent(grown: list[Grown]) -> float:
    """The slope of log(processor time so far) over log(requests so far), by least squares: 1 is linear."""
    total, points, before = 0.0, list[tuple[float, float]](), 0
    for g in grown:
        total += g.cpu * (g.kept - before)
        before = g.kept
        points.append((math.log(g.kept), math.log(total)))
    x, y = (sum(p[n] for p in points) / len(points) for n in (0, 1))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def linear(
    url: str, sequencer: Sequencer, load: Load, budget: float, millions: int, batch: int, server: int
) -> list[Grown]:
    """Requests until so many millions are kept or the time is over, in at least ten parts, at most a million long."""
    grown: list[Grown] = []
    kept, until = 0, time.perf_counter() + budget
    part = max(min(millions * 1_000_000 // 10, 1_000_000), batch)
    while kept < millions * 1_000_000 and time.perf_counter() < until:
        begun, first, cpu = time.perf_counter(), kept, time.process_time() + used([server])
        while kept - first < part and time.perf_counter() < until:
            kept += len(sequencer.submit(requests(load.lines(batch))))
        each = (time.process_time() + used([server]) - cpu) * 1_000_000 / max(kept - first, 1)
        grown.append(Grown(kept, round((kept - first) / (time.perf_counter() - begun)), each, *sizes(url)))
        g = grown[-1]
        print(
            f"  {kept:12,d} kept, {g.a_second:8,d}/s, {each:6.0f} µs of processor each, "
            f"tables {g.tables:7,d} MB, indexes {g.indexes:7,d} MB",
            flush=True,
        )
    return grown


def sizes(url: str) -> tuple[int, int]:
    """Megabytes of the ledger's tables, and of their indexes."""
    query = """select coalesce(sum(pg_table_size(c.oid)), 0), coalesce(sum(pg_indexes_size(c.oid)), 0) from pg_class c
        where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r'"""
    with psycopg.connect(url) as c:
        row = c.execute(query).fetchone()
    return (0, 0) if row is None else (int(row[0]) // 2**20, int(row[1]) // 2**20)


def shown(found: list[Measured]) -> None:
    """Each with its ratio to one transaction a transfer and to the floor, of the same run."""
    base = next(m for m in found if m.name.startswith("one transaction"))
    bare = next(m for m in found if m.name.startswith("bare"))
    for m in found:
        one, floor_ = m.a_second / max(base.a_second, 1), m.a_second / max(bare.a_second, 1)
        ratios = f"×{one:7.2f} of one a time  ×{floor_:6.3f} of bare"
        print(f"{m.name:60s} {m.a_second:8d}/s  {ratios}  half {m.half:7.1f} ms  99 % {m.slowest:7.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--millions", type=int, default=0, help="a long run: that many millions of requests at most")
    parser.add_argument("--budget", type=float, default=600, help="seconds of the long run at most")
    given = parser.parse_args()
    seconds = given.seconds
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        make_database(server.url("postgres"), "bench")
        url = server.url("bench")
        migrate(url)
        sequencer, load = opened(url), Load()
        cpu = time.process_time()
        found = [
            measured(
                f"ledger, batches of {given.batch}, every guard",
                seconds,
                lambda: len(sequencer.submit(requests(load.lines(given.batch)))),
            )
        ]
        own = (time.process_time() - cpu) * 1_000_000 / max(load.count, 1)
        assert server.process is not None
        more = (given.budget, given.millions, given.batch, server.process.pid)
        grown = linear(url, sequencer, load, *more) if given.millions else []
        sequencer.close()
        found.append(fed(url, seconds, given.batch, load))
        found += [gathered(url, seconds, n) for n in (1, 16, 64)]
        found += [one_at_a_time(url, seconds), floor(url, seconds)]
        wrong = len(recount(url, SystemClock()).differences)
    shown(found)
    if len(grown) > 1:
        print(f"the last part of the long run against its first: ×{grown[-1].a_second / max(grown[0].a_second, 1):.2f}")
        print(f"processor time grows with requests to the power of {exponent(grown):.3f}")
    print(
        f"the writer's own processor time: {own:.0f} µs a request, making and reading it included; differences: {wrong}"
    )


if __name__ == "__main__":
    main()
