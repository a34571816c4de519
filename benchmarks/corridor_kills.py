"""Two nodes of the corridor as two processes with two databases over HTTP; either is killed −9 at random moments, two
hundred times, while a bank repeats whatever was not answered. At the end both sides must say the same of every payment
(C2), nothing may be held, and both ledgers must count.

python -m benchmarks.corridor_kills --kills 200
"""

from __future__ import annotations

import argparse
import hashlib
import json
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
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import urllib3

from salyq.office.ledger import books
from salyq.office.ledger.recount import recount
from salyq.office.pilots.corridor import accounts, demo, keys, signing
from salyq.office.store.clock import SystemClock
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.server import Server
from salyq.office.store.store import Store

SIDES = ("kz", "abroad")


PATIENCE = 900  # seconds for an answer: on a busy machine a node that was killed takes long to stand again


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Pair:
    """Both processes, and whoever kills them."""

    def __init__(self, urls: Mapping[str, str], folder: Path, seed: int) -> None:
        self.urls, self.folder, self.chance = urls, folder, random.Random(seed)
        self.ports = {side: free_port() for side in SIDES}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills: Counter[str] = Counter()
        self.over = threading.Event()
        for side in SIDES:
            self.start(side)

    def start(self, side: str) -> None:
        other = SIDES[1 - SIDES.index(side)]
        command = [sys.executable, "-m", "salyq.cli", "pilot", "corridor", "serve", "--side", side, "--demo"]
        command += ["--port", str(self.ports[side]), "--peer", f"http://127.0.0.1:{self.ports[other]}"]
        log = (self.folder / f"{side}.log").open("ab")
        env = {**os.environ, "SALYQ_DATABASE_URL": self.urls[side]}
        self.running[side] = subprocess.Popen(command, stdout=log, stderr=log, env=env)

    def wait_up(self, side: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.running[side].poll() is not None:
                self.start(side)
            try:
                with socket.create_connection(("127.0.0.1", self.ports[side]), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError((self.folder / f"{side}.log").read_text()[-2000:])

    def kill_for_ever(self, most: int) -> None:
        """Kills a side, starts it again, waits until both answer, and after a random while does it again."""
        while sum(self.kills.values()) < most and not self.over.is_set():
            side = self.chance.choice(SIDES)
            for both in SIDES:
                self.wait_up(both)
            time.sleep(self.chance.random() * 1.5)
            self.running[side].send_signal(signal.SIGKILL)
            self.running[side].wait()
            self.kills[side] += 1
            self.start(side)
            if sum(self.kills.values()) % 20 == 0:
                print(f"  {sum(self.kills.values())} kills", flush=True)
        for side in SIDES:
            self.wait_up(side)

    def stop(self) -> None:
        self.over.set()
        for process in self.running.values():
            process.kill()
            process.wait()


class Bank:
    """Asks, and asks again until it is answered."""

    def __init__(self, pair: Pair, seed: int) -> None:
        self.pair, self.chance, self.key = pair, random.Random(seed), keys.made_up("bank")
        self.pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=2, read=20))
        self.paid: dict[str, str] = {}  # payment -> fulfilment
        self.repeated = 0

    def once(self, side: str, method: str, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]] | None:
        raw = b"" if method == "GET" else json.dumps(body).encode()
        headers = signing.sign(self.key, "bank", method, path, raw, datetime.now(UTC))
        url = f"http://127.0.0.1:{self.pair.ports[side]}{path}"
        try:
            reply = self.pool.request(method, url, body=raw, headers={**headers, "Content-Type": "application/json"})
            told = json.loads(reply.data)
        except (urllib3.exceptions.HTTPError, ValueError):
            return None
        return None if reply.status >= 500 else (reply.status, told)

    def ask(self, side: str, method: str, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self.once(side, method, path, body)
            if found is not None:
                return found
            self.repeated += 1
            time.sleep(0.1)
        raise TimeoutError(f"{side} {path}")

    def pay(self, n: int) -> None:
        asked = {
            "send_asset": "KZT",
            "receive_asset": "AED",
            "send_amount": str(self.chance.randrange(10_000, 900_000)),
        }
        status, quote = self.ask("kz", "POST", "/quotes", {**asked, "key": f"k{n}"})
        if status != 200:
            return
        secret = hashlib.sha256(f"{n}".encode()).digest()
        body = {"quote": quote["quote"], "condition": hashlib.sha256(secret).hexdigest()}
        parties = {"sender": demo.party("originator", demo.SENDER, "Made Up")}
        parties["receiver"] = demo.party("beneficiary", "AE1", "Noor")
        status, _ = self.ask("kz", "POST", "/payments", {**body, **parties})
        pid = f"p{quote['quote']}"
        self.paid[pid] = secret.hex()
        if status == 200 and self.chance.random() < 0.8:
            side = self.chance.choice(SIDES)
            self.once(side, "POST", f"/payments/{pid}/fulfil", {"fulfilment": secret.hex()})
        elif status == 200:
            self.once("kz", "POST", f"/payments/{pid}/reject", {"reason": "asked"})

    def settle(self) -> Counter[str]:
        """What is still open is fulfilled or rejected; then both sides are asked of every payment."""
        states: Counter[str] = Counter()
        for pid, secret in self.paid.items():
            until = time.monotonic() + PATIENCE
            while True:
                _, here = self.ask("kz", "GET", f"/payments/{pid}", {})
                there_status, there = self.ask("abroad", "GET", f"/payments/{pid}", {})
                ends = {"fulfilled", "settled"}, {"rejected", "expired"}
                mine = next((n for n, e in enumerate(ends) if here.get("state") in e), None)
                far = next((n for n, e in enumerate(ends) if there.get("state") in e), None)
                if mine is not None and (mine == far or (mine == 1 and there_status == 404)):
                    states[("fulfilled", "rejected")[mine]] += 1
                    break
                if time.monotonic() > until:
                    raise AssertionError((pid, here.get("state"), there.get("state")))
                self.once("kz", "POST", f"/payments/{pid}/fulfil", {"fulfilment": secret})
                time.sleep(0.5)
        return states


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "pg") as server:
        for side in SIDES:
            make_database(server.url("postgres"), side)
            migrate(server.url(side))
        pair = Pair({side: server.url(side) for side in SIDES}, Path(folder), given.seed)
        bank = Bank(pair, given.seed)
        try:
            for side in SIDES:
                pair.wait_up(side)
            killer = threading.Thread(target=pair.kill_for_ever, args=(given.kills,))
            killer.start()
            n = 0
            while killer.is_alive():
                n += 1
                bank.pay(n)
            killer.join()
            states = bank.settle()
            time.sleep(12)  # two rounds: what is decided is carried out, windows are settled
        finally:
            pair.stop()
        wrong, held = {}, {}
        for side in SIDES:
            with Store(server.url(side), clock=SystemClock()) as store, store.transaction() as tx:
                transit = books.balance(tx, accounts.transit())
                held[side] = transit.debits_held + transit.credits_held
                wrong[side] = len(recount(store.url, store.clock).differences)
    told = (
        f"{sum(pair.kills.values())} kills {dict(pair.kills)}, {len(bank.paid)} payments, {bank.repeated} asked again"
    )
    print(
        f"{told}, {time.monotonic() - begun:.0f} s; both sides agree: {dict(states)}; held {held}; differences {wrong}"
    )
    if any(held.values()) or any(wrong.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
