"""kill -9 at random moments: of the database with all its processes, of the process that writes, and of it after the
books were kept but before it answered. Whatever was sent is sent again; answers and books must be the plain model's.

    python -m tests.office.ledger.crash --kills 1000 --seed 1
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.office.conftest import START
from tests.office.ledger.plain_books import PlainBooks

from salyq.office.ledger import books
from salyq.office.ledger.recount import recount
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import StoreError
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.server import Server
from salyq.office.store.store import Store

ACCOUNTS = 24
KILLED = ("database", "answer", "writer")
ROOT = Path(__file__).resolve().parents[3]


class Load:
    """Requests from a seed: opening, moves, holds and their ends, exchanges, refusals, repeats, changed repeats."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.count = 0
        self.holds: list[str] = []
        self.sent: list[dict[str, Any]] = []

    def opening(self) -> list[dict[str, Any]]:
        limits = {n: "none" if n < 4 else "debits_must_not_exceed_credits" for n in range(ACCOUNTS)}
        made = [{"id": f"a{n}", "asset": "KZT" if n % 2 else "BTC", "limit": limits[n]} for n in range(ACCOUNTS)]
        return [{"request": "made", "accounts": made}]

    def batch(self, size: int) -> list[dict[str, Any]]:
        made = [self.one() for _ in range(size)]
        self.sent = (self.sent + made)[-500:]
        return made

    def one(self) -> dict[str, Any]:
        chance, what = self.chance, self.chance.random()
        self.count += 1
        name = f"r{self.count}"
        if what < 0.05 and self.sent:
            old = dict(chance.choice(self.sent))
            return old if what < 0.03 else {**old, "effective": "2026-01-01T00:00:00Z"}
        if what < 0.25 and self.holds:
            ended = {"request": name, chance.choice(["post", "post", "void"]): chance.choice(self.holds[-40:])}
            ended["n"] = chance.choice([0, 0, 0, 2])
            return (
                {**ended, "amount": str(chance.randrange(60))} if "post" in ended and chance.random() < 0.5 else ended
            )
        if what < 0.35:
            return {"request": name, "transfers": [self.move(0), self.move(1)]}
        if what < 0.4:
            steps = [{**self.move(), "hold": "PT30M"}, self.move(), {**self.move(), "hold": "PT5M"}]
            if self.holds:
                steps.append({"post": chance.choice(self.holds[-40:]), "amount": "1"})
            self.holds.append(name)
            return {"request": name, "linked": steps}
        if what < 0.55:
            self.holds.append(name)
            return {"request": name, "transfers": [{**self.move(), "hold": chance.choice(["PT1M", "PT30M", "P1D"])}]}
        return {"request": name, "transfers": [self.move()]}

    def move(self, asset: int | None = None) -> dict[str, Any]:
        chance = self.chance
        asset = chance.randrange(2) if asset is None else asset
        debit, credit = chance.sample(range(asset, ACCOUNTS, 2), 2)
        if chance.random() < 0.3:
            debit = asset  # who issues
        return {"debit": f"a{debit}", "credit": f"a{credit}", "amount": str(chance.randrange(1, 90))}


class Writer:
    """The process that writes; killed at any moment and begun again."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.office.ledger.crash_writer", url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=ROOT, **pipes)  # type: ignore[call-overload]

    def ask(self, batch: list[dict[str, Any]], now: str, *, die: bool) -> list[dict[str, Any]] | None:
        """The answers, or None where the process ended before it gave them."""
        try:
            self.process.stdin.write(json.dumps({"now": now, "die": die, "batch": batch}).encode() + b"\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            return None
        return json.loads(line)["answers"] if line.endswith(b"\n") else None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        with suppress(BrokenPipeError):  # what the dead process never read
            self.process.stdin.close()
        self.process.stdout.close()


def kill_database(server: Server) -> None:
    """The postmaster and every process of it, at once."""
    process = server.process
    assert process is not None
    children = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == process.pid:
                children.append(int(folder.name))
        except (OSError, ValueError):
            continue
    for pid in (process.pid, *children):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def start(server: Server) -> None:
    server.process = None
    for _ in range(100):
        try:
            server.start()
            return
        except StoreError:
            time.sleep(0.1)
    raise AssertionError("the database did not come back")


class Run:
    """`kills` kills from a seed; `counts` says what was killed and how often the batch had been kept by then."""

    def __init__(self, folder: Path, kills: int, seed: int, *, size: int = 60, sync: bool = True) -> None:
        # Without fsync the disk is not tested; a commit must still reach the operating system before it is answered.
        self.server = Server(folder, sync=sync, options={"synchronous_commit": "on"})
        self.chance = random.Random(seed)
        self.load, self.model, self.clock = Load(seed), PlainBooks(), FixedClock(START)
        self.kills, self.size = kills, size
        self.counts: Counter[str] = Counter()

    def __call__(self) -> Counter[str]:
        self.server.start()
        make_database(self.server.url("postgres"), "crash")
        self.url = self.server.url("crash")
        migrate(self.url)
        self.writer = Writer(self.url)
        try:
            self.send(self.load.opening(), None)
            while (killed := sum(self.counts[k] for k in KILLED)) < self.kills:
                self.clock.move(self.clock.now() + timedelta(seconds=self.chance.randrange(40)))
                what = self.chance.choice([KILLED[killed % 3], KILLED[killed % 3], None])
                self.send(self.load.batch(self.chance.randrange(1, self.size)), what)
            self.compare()
        finally:
            self.writer.kill()
            self.server.stop()
        return self.counts

    def send(self, batch: list[dict[str, Any]], what: str | None) -> None:
        now = self.clock.now()
        want = [self.model.answer(r, now) for r in batch]
        killer = threading.Timer(self.chance.uniform(0, 0.02), self.kill, [what])
        if what in ("database", "writer"):
            killer.start()
        answers = self.writer.ask(batch, now.isoformat(), die=what == "answer")
        if what in ("database", "writer"):
            killer.join()
        if what is not None:
            self.counts[what] += 1
            self.again(what)
        if answers is not None:
            assert answers == want, _first_difference(answers, want)
            self.counts["answered before the kill"] += what is not None
        if what is not None:  # kept or not, answered or not: the same batch once more
            answers = self.writer.ask(batch, now.isoformat(), die=False)
            assert answers is not None
            kept = any(a["result"] == "exists" and w["result"] == "ok" for a, w in zip(answers, want, strict=True))
            self.counts["kept before the kill"] += kept
            calm = [{**w, "result": "exists"} if w["result"] == "ok" and kept else w for w in want]
            assert answers == calm, _first_difference(answers, calm)
            self.counts["requests asked twice"] += len(batch)
        self.counts["requests"] += len(batch)

    def kill(self, what: str) -> None:
        if what == "database":
            kill_database(self.server)
        else:
            self.writer.process.kill()

    def again(self, what: str) -> None:
        self.writer.kill()
        if what == "database":
            start(self.server)
        self.writer = Writer(self.url)

    def compare(self) -> None:
        """Every balance, every position, and the books against their transfers."""
        assert recount(self.url, self.clock).differences == []
        with Store(self.url, clock=self.clock) as store, store.transaction() as tx:
            for name in self.model.accounts:
                assert books.balance(tx, name).as_json() == self.model.balance(name, self.clock.now())
            position = tx.value(b"select position from ledger.sequencer")
            ok = sum(a["result"] == "ok" for _, a in self.model.given.values())
            lapsed = tx.value(b"select count(*) from ledger.transfer where kind = 4")
            assert position == ok + lapsed == self.model.position
        self.counts["accepted"] = ok


def _first_difference(got: list[dict[str, Any]], want: list[dict[str, Any]]) -> object:
    return next(((g, w) for g, w in zip(got, want, strict=True) if g != w), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        counts = Run(Path(folder), given.kills, given.seed)()
        print(f"{given.kills} kills in {time.monotonic() - begun:.0f} s: books, answers and balances are the model's")
        for what, count in counts.most_common():
            print(f"  {what}: {count}")


if __name__ == "__main__":
    main()
