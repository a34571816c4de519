"""An office with a million entries: `python -m benchmarks.office_large [--entries 1000000]` (under ten minutes).

Written by the store's own append, in batches; then each is measured in the same run: `office verify` of half and of
the whole (linear?), a proof, the start of `serve` on the folder, memory of the whole office, the demonstration.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.office_search import database_spent
from salyq.office.store import entries
from salyq.office.store.opening import opened
from salyq.office.store.store import Access, Store
from salyq.office.store.verify import verify

BATCH = 5000
WHO = Access(user="bench", role="officer", office="ministry")


class Spent(NamedTuple):
    """Seconds on the clock, and of processor (ours and the database's): the second does not know who else works."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.processor:.1f} of processor)"


def timed(folder: Path, work: Callable[[], object]) -> Spent:
    start, used = time.monotonic(), time.process_time() + database_spent(folder)
    work()
    return Spent(time.monotonic() - start, time.process_time() + database_spent(folder) - used)


def fill(store: Store, count: int) -> None:
    for first in range(0, count, BATCH):
        acts = [
            entries.Act("note", f"note/{n % 1000}", {"n": n, "text": "an entry of the benchmark"}, public=True)
            for n in range(first, min(count, first + BATCH))
        ]
        with store.transaction(WHO) as tx:
            entries.append(tx, acts)


def recompute(store: Store) -> None:
    with store.transaction() as tx:
        found = verify(tx)
    assert found is None, found


def proofs(store: Store, seed: int) -> list[float]:
    """Milliseconds of a proof at random places, each in a transaction of its own, sorted."""
    chance, found = random.Random(seed), []
    with store.transaction() as tx:
        size = entries.size(tx)
    for _ in range(200):
        start = time.perf_counter()
        with store.transaction() as tx:
            entries.inclusion(tx, chance.randrange(size), size)
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


def memory(pid: int) -> int:
    """MiB of a process and of all below it; what they share is counted once (PSS)."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            below.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
        except OSError:
            continue
    todo, total = [pid], 0
    while todo:
        one = todo.pop()
        todo += below.get(one, [])
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total // 1024


def served(folder: Path, *options: str) -> tuple[float, int]:
    """Seconds until `salyq serve` says its address, and MiB of the whole office a moment later."""
    salyq = Path(sys.executable).with_name("salyq")
    start = time.monotonic()
    command = [str(salyq), "serve", "--data", str(folder), "--port", "0", *options]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    try:
        while "http://" not in (line := running.stdout.readline()):
            assert line, "serve ended"
        seconds = time.monotonic() - start
        time.sleep(2)
        return seconds, memory(running.pid)
    finally:
        running.terminate()
        running.wait(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    count = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        with opened(folder) as store:
            half = timed(folder, lambda: fill(store, count // 2))
            first = timed(folder, lambda: recompute(store))
            rest = timed(folder, lambda: fill(store, count - count // 2))
            print(f"{count:,} entries written: {half} + {rest}", flush=True)
            whole = timed(folder, lambda: recompute(store))
            ratio = whole.processor / first.processor
            print(f"verify: {first} of half, {whole} of all: {ratio:.2f} times", flush=True)
            waits = proofs(store, 1)
            print(
                f"a proof: p50 {waits[len(waits) // 2]:.1f} ms, p99 {waits[len(waits) * 99 // 100]:.1f} ms", flush=True
            )
        seconds, used = served(folder)
        print(f"serve on that folder: {seconds:.1f} s to its address, {used} MiB in all", flush=True)
        seconds, used = served(Path(scratch) / "demo", "--demo")
        print(f"serve --demo in an empty folder: {seconds:.1f} s, {used} MiB in all", flush=True)
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
