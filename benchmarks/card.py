"""Card authorisations over TCP, the host in a process of its own, beside one transaction a payment in plain PostgreSQL
and bare inserts, in one run on one server with fsync.

Whoever pays is one process with one event loop and messages made before, so that it takes little of the machine: what
it took is told, and so is what the host and the database took for each authorisation.

python -m benchmarks.card --seconds 20 --rate 500
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import cast

from benchmarks.ledger import Measured, floor, one_at_a_time, shown, used
from benchmarks.pulse import Pulse
from salyq.office.ledger.gate import Gate
from salyq.office.ledger.recount import recount
from salyq.office.pilots import demo
from salyq.office.pilots.card import spec
from salyq.office.pilots.demo import MadeCard
from salyq.office.store.clock import SystemClock
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.server import Server
from salyq.office.store.store import Store

WIDE = dict.fromkeys(demo.LIMITS, 10**17)
HOLDERS = 400


def message(card: MadeCard, line: int, tiyn: int, stan: str = "000000", rrn: str = "0" * 12) -> bytes:
    f = {"h": "", "t": "0100", "2": card.pan, "3": "000000", "4": spec.tiyn_text(tiyn)}
    f |= {"7": "0615110000", "11": stan, "12": "110000", "13": "0615"}
    f |= {"14": card.card.expires, "18": "5814", "32": f"{line:011d}", "37": rrn, "41": "TERM0001"}
    return spec.encode(f | {"42": "MADEUP000000001", "43": "Kofe".ljust(40), "49": spec.TENGE})


def places(card: MadeCard) -> tuple[int, int]:
    """Where STAN and RRN stand: where a message that has another one begins to differ."""
    first = message(card, 0, 1)
    others = message(card, 0, 1, stan="111111"), message(card, 0, 1, rrn="1" * 12)
    stan, rrn = (next(n for n, (a, b) in enumerate(zip(first, x, strict=True)) if a != b) for x in others)
    return stan, rrn


class Payer(asyncio.Protocol):
    """A line that sends a payment, waits for the answer, sends the next when it is due, or at once."""

    def __init__(self, of: Acquirers, line: int) -> None:
        self.of, chance = of, random.Random(line)
        self.loop = asyncio.get_running_loop()
        cards = of.cards[line :: of.lines] if of.first else [chance.choice(of.cards) for _ in range(64)]
        self.made = [message(card, line + of.run_no * 1000, 1_000 + n * 700) for n, card in enumerate(cards)]
        self.step = of.lines / of.rate if of.rate else 0.0
        self.due = self.loop.time() + chance.random() * self.step
        self.until, self.n, self.read = self.loop.time() + of.seconds, 0, b""
        self.over = self.loop.create_future()
        self.stan, self.rrn = places(of.cards[0])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.plan()

    def plan(self) -> None:
        now = self.loop.time()
        if now >= self.until or (self.of.first and self.n == len(self.made)):
            self.transport.close()
            self.over.set_result(None)
        elif self.step and self.due > now:
            self.loop.call_at(self.due, self.send)
        else:
            self.send()

    def send(self) -> None:
        self.n += 1
        raw = bytearray(self.made[self.n % len(self.made)])
        raw[self.stan : self.stan + 6] = b"%06d" % self.n
        raw[self.rrn : self.rrn + 12] = b"%012d" % self.n
        self.at = self.due if self.step else self.loop.time()  # late is counted from when it was due
        self.transport.write(raw)

    def data_received(self, data: bytes) -> None:
        self.read += data
        size = int.from_bytes(self.read[:2], "big")
        if len(self.read) < 2 + size:
            return
        self.of.ways.append((self.at, self.loop.time()))
        self.of.answers.append(self.read[2 : 2 + size])
        self.read, self.due = b"", self.due + self.step
        self.plan()


class Acquirers:
    """Lines of payers: `rate` a second in all, or all they can; `first`: each card once, whose limits are opened."""

    runs = 0

    def __init__(
        self, port: int, cards: list[MadeCard], lines: int, rate: int, seconds: float, *, first: bool = False
    ) -> None:
        self.port, self.cards, self.lines, self.rate, self.seconds = port, cards, lines, rate, seconds
        self.ways: list[tuple[float, float]] = []  # when it was due, when it was answered
        self.answers: list[bytes] = []
        Acquirers.runs += 1
        self.run_no = Acquirers.runs  # no two runs have an acquirer in common
        self.first = first
        self.own = 0.0  # processor time of the payers

    def run(self, name: str) -> Measured:
        gc.freeze()  # what was made before is not looked at while others are timed
        own, begun = time.process_time(), time.perf_counter()
        asyncio.run(self._all())
        lasted, self.own = time.perf_counter() - begun, time.process_time() - own
        return told(name, self.ways, lasted)

    def codes(self) -> Counter[str]:
        return Counter(spec.decode(raw)["39"] for raw in self.answers)

    async def _all(self) -> None:
        loop = asyncio.get_running_loop()
        made = [
            await loop.create_connection(partial(Payer, self, n), "127.0.0.1", self.port) for n in range(self.lines)
        ]
        await asyncio.gather(*(payer.over for _, payer in made))


def told(name: str, ways: list[tuple[float, float]], lasted: float) -> Measured:
    times = sorted((ended - due) * 1000 for due, ended in ways)
    return Measured(name, round(len(times) / lasted), times[len(times) // 2], times[len(times) * 99 // 100])


def serve(url: str) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-m", "salyq.cli", "pilot", "card", "serve", "--port", "0", "--lang", "en"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "SALYQ_DATABASE_URL": url}
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    digits = "".join(c if c.isdigit() else " " for c in line).split()
    return process, int(digits[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--lines", type=int, default=64)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        make_database(server.url("postgres"), "bench")
        url = server.url("bench")
        migrate(url)
        with Store(url, clock=SystemClock()) as store, Gate(url, store.clock) as gate:
            cards = demo.programme(store, gate, holders=HOLDERS, limits=WIDE)
        process, port = serve(url)
        assert server.process is not None
        watched = {"host": [process.pid], "database": [server.process.pid]}
        try:
            found = [Acquirers(port, cards, 16, 0, 600, first=True).run("the day's first payment of each card")]
            before = {name: used(pids) for name, pids in watched.items()}
            paced = Acquirers(port, cards, given.lines, given.rate, given.seconds)
            with Pulse() as pulse:
                found.append(paced.run(f"card authorisations, {given.rate}/s asked over {given.lines} lines"))
            calm = [way for way in paced.ways if pulse.undisturbed(*way)]
            if calm:
                share = f"{len(calm) * 100 // len(paced.ways)} % of them: the machine did not stand still"
                found.append(told(share, calm, given.seconds))
            each = {name: (used(pids) - before[name]) * 1000 / len(paced.ways) for name, pids in watched.items()}
            each["payers"] = paced.own * 1000 / len(paced.ways)
            full = Acquirers(port, cards, given.lines, 0, given.seconds)
            found.append(full.run(f"card authorisations, {given.lines} lines as fast as may be"))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
        found += [one_at_a_time(url, 5), floor(url, 5)]
        wrong = len(recount(url, SystemClock()).differences)
    shown(found)
    stood = sum(s.lasted for s in pulse.stops) * 1000
    print(f"the machine stood still {len(pulse.stops)} times while they were paced, {stood:.0f} ms as one loop saw it")
    print("processor time an authorisation: " + ", ".join(f"{name} {ms:.2f} ms" for name, ms in each.items()))
    print(f"answers: {dict(paced.codes() + full.codes())}; differences of the books: {wrong}")


if __name__ == "__main__":
    main()
