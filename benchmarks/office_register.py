"""A register that grows to a million records: `python -m benchmarks.office_register [--records 1000000] [--folder F]`.

At each tenth of the way: what a batch of new records costs, one more record, a record by its number, a page of the list
at a random place, a search, the state as known on an earlier day, and an extract with its proof. Milliseconds of
processor (ours and the database's), which does not know who else works, and on the clock.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.office_search import GROUND, REGISTRAR, database_spent, names, questions
from salyq.office.registry.extract import extract
from salyq.office.registry.model import Subject
from salyq.office.registry.read import AsOf, Wanted, record, records
from salyq.office.registry.write import Proposed, write
from salyq.office.store.opening import opened
from salyq.office.store.store import Store

BATCH, TRIES = 2000, 60
FIELDS = {"kind": "II", "until": "2029-01-01", "region": "350000000"}


def number(n: int) -> str:
    return f"M-2026-{n:07}"


def proposed(n: int, name: str) -> Proposed:
    return Proposed("miners", number(n), "granted", date(2026, 1, 1), Subject("", name), FIELDS, GROUND)


def spent(folder: Path, times: int, work: Callable[[], object]) -> str:
    """Milliseconds a time: processor / clock."""
    used, start = time.process_time() + database_spent(folder), time.monotonic()
    for _ in range(times):
        work()
    clock, used = time.monotonic() - start, time.process_time() + database_spent(folder) - used
    return f"{used * 1000 / times:.2f}/{clock * 1000 / times:.2f}"


class Grown:
    """The register with `size` records so far."""

    def __init__(self, store: Store, folder: Path, every: list[str]) -> None:
        self.store, self.folder, self.every, self.size = store, folder, every, 0
        self.chance, self.asked = random.Random(1), questions(every, 1)
        self.before = store.clock.now()

    def some(self) -> str:
        return number(self.chance.randrange(self.size))

    def add(self, count: int) -> None:
        batch = [proposed(n, self.every[n]) for n in range(self.size, self.size + count)]
        with self.store.transaction(REGISTRAR) as tx:
            write(tx, batch)
        self.size += count

    def ask(self, work: Callable[..., object], *arguments: object) -> None:
        with self.store.transaction() as tx:
            work(tx, "miners", *arguments)

    def measured(self) -> Iterator[tuple[str, str]]:
        yield "one more", spent(self.folder, TRIES, lambda: self.add(1))
        yield "by number", spent(self.folder, TRIES, lambda: self.ask(record, self.some()))
        yield "a page", spent(self.folder, TRIES, lambda: self.ask(records, Wanted(cursor=self.some())))
        yield "search", spent(self.folder, TRIES, lambda: self.ask(records, Wanted(q=next(self.asked))))
        known = AsOf(date(2026, 6, 1), self.store.clock.now())
        yield "as known", spent(self.folder, TRIES, lambda: self.ask(record, self.some(), known))
        yield "list as known", spent(self.folder, 5, lambda: self.ask(records, Wanted(cursor=self.some()), known))
        yield "extract", spent(self.folder, TRIES, lambda: self.ask(extract, self.some()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--parts", type=int, default=10)
    wanted = parser.parse_args()
    part = wanted.records // wanted.parts
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        with opened(folder) as store:
            grown = Grown(store, folder, names(wanted.records + wanted.parts * (TRIES + 1), 1))
            for _ in range(wanted.parts):
                until = grown.size + part
                batches = [min(BATCH, until - n) for n in range(grown.size, until, BATCH)]
                sizes = iter(batches)
                added = spent(folder, len(batches), lambda sizes=sizes: grown.add(next(sizes)))  # type: ignore[misc]
                told = " · ".join(f"{what} {ms}" for what, ms in grown.measured())
                print(f"{grown.size:,}: {BATCH} more {added} · {told}", flush=True)
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
