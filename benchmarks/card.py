"""Card authorisations over TCP, the host in a process of its own, beside one transaction a payment in plain PostgreSQL
and bare inserts, in one run on one server with fsync.

python -m benchmarks.card --seconds 20 --rate 500
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.ledger import Measured, floor, one_at_a_time, shown
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


def message(card: MadeCard, line: int, n: int) -> bytes:
    f = {"h": "", "t": "0100", "2": card.pan, "3": "000000", "4": spec.tiyn_text(1_000 + n % 90_000)}
    f |= {"7": time.strftime("%m%d%H%M%S"), "11": f"{n % 1_000_000:06d}", "12": "110000", "13": "0615"}
    f |= {"14": card.card.expires, "18": "5814", "32": f"{line:011d}", "37": f"{n:012d}", "41": "TERM0001"}
    return spec.encode(f | {"42": "MADEUP000000001", "43": "Kofe".ljust(40), "49": spec.TENGE})


class Acquirers:
    """Lines that each send a payment, wait for the answer, send the next: `rate` a second in all, or all they can."""

    def __init__(self, port: int, cards: list[MadeCard], lines: int, rate: int, seconds: float) -> None:
        self.port, self.cards, self.lines, self.rate, self.seconds = port, cards, lines, rate, seconds
        self.times: list[float] = []
        self.codes: Counter[str] = Counter()
        self.lock = threading.Lock()

    def run(self, name: str) -> Measured:
        threads = [threading.Thread(target=self._line, args=(n,)) for n in range(self.lines)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lasted = time.perf_counter() - begun
        times = sorted(self.times)
        return Measured(name, round(len(times) / lasted), times[len(times) // 2], times[len(times) * 99 // 100])

    def _line(self, line: int) -> None:
        chance, mine, codes = random.Random(line), list[float](), Counter[str]()
        step = self.lines / self.rate if self.rate else 0.0
        until, due, n = time.perf_counter() + self.seconds, time.perf_counter() + chance.random() * step, 0
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (now := time.perf_counter()) < until:
                if step and due > now:
                    time.sleep(due - now)
                n += 1
                at = max(due, now) if step else time.perf_counter()  # late is counted from when it was due
                wire.sendall(message(chance.choice(self.cards), line + self.rate * 1000 + 1, n))
                size = int.from_bytes(_read(wire, 2), "big")
                codes[spec.decode(_read(wire, size))["39"]] += 1
                mine.append((time.perf_counter() - (due if step else at)) * 1000)
                due += step
        with self.lock:
            self.times += mine
            self.codes.update(codes)


def _read(wire: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        more = wire.recv(count - len(got))
        if not more:
            raise ConnectionError
        got += more
    return got


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
        try:
            Acquirers(port, cards, 8, 0, 2).run("warm")
            paced = Acquirers(port, cards, given.lines, given.rate, given.seconds)
            found = [paced.run(f"card authorisations, {given.rate}/s asked over {given.lines} lines")]
            full = Acquirers(port, cards, given.lines, 0, given.seconds)
            found.append(full.run(f"card authorisations, {given.lines} lines as fast as may be"))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
        found += [one_at_a_time(url, 5), floor(url, 5)]
        wrong = len(recount(url, SystemClock()).differences)
    shown(found)
    print(f"answers: {dict(paced.codes + full.codes)}; differences of the books: {wrong}")


if __name__ == "__main__":
    main()
