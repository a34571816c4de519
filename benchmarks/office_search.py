"""Search of a register of 100,000 records by 100 people who think for a second: `python -m benchmarks.office_search`.

The office runs as `salyq serve` does (its own PostgreSQL with fsync, the pages' role); who asks is another process.
Names are made from parts by a seed, and asked for as people write them: whole, one word, the beginning of a word, in
Latin letters, with a letter wrong, by number.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from salyq.office.portal.serve import serving
from salyq.office.registry.model import Subject
from salyq.office.registry.write import Proposed, write
from salyq.office.store.opening import opened
from salyq.office.store.store import Access, Store

GROUND = {"act": "law-193-vii", "article": "9"}
REGISTRAR = Access(user="bench", role="officer", office="ministry")
_CONSONANTS = "бғджзкқлмнпрстшх"
_VOWELS = "аәеоөұүыі"
_TRADES = (
    *("Майнинг", "Энерджи", "Крипто", "Дата", "Хэш", "Пауэр", "Цифр", "Капитал"),
    *("Трейд", "Пул", "Финанс", "Сервис", "Актив", "Есептеу", "Қуат"),
)
_LATIN = {
    **dict(zip("абғдезкқлмнпрстәоөұүыі", "abgdezkqlmnprstaoouuyi", strict=True)),
    "ж": "zh",
    "ш": "sh",
    "х": "kh",
}
_BATCH = 2000


def stem(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(syllables))


def names(count: int, seed: int) -> list[str]:
    """Firms and people: a few thousand stems, fifteen trades, 300 given names."""
    chance = random.Random(seed)
    stems = [stem(chance, 3) for _ in range(8000)]
    given = [stem(chance, 2) + chance.choice("нрлт") for _ in range(300)]
    made = []
    for _ in range(count):
        first = chance.choice(stems).capitalize()
        if chance.random() < 0.6:
            made.append(f"«{first} {chance.choice(_TRADES)}» ЖШС")
        else:
            made.append(f"{chance.choice(given).capitalize()} {first}{chance.choice(('ов', 'ова', 'баев', 'ұлы'))}")
    return made


def questions(every: list[str], seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    while True:
        name = chance.choice(every).replace("«", "").replace("» ЖШС", "")
        word = chance.choice(name.split())
        at = chance.randrange(1, len(word))
        kinds = (
            name,
            word,
            word[: max(3, at)],
            "".join(_LATIN.get(c, c) for c in name.casefold()),
            name.replace(word, word[: at - 1] + chance.choice(_CONSONANTS) + word[at:]),
            f"M-2026-{chance.randrange(len(every)):06}",
        )
        yield chance.choice(kinds)


def fill(store: Store, every: list[str]) -> float:
    start = time.monotonic()
    fields = {"kind": "II", "until": "2029-01-01", "region": "350000000"}
    for first in range(0, len(every), _BATCH):
        batch = [
            Proposed("miners", f"M-2026-{n:06}", "granted", date(2026, 1, 1), Subject("", name), fields, GROUND)
            for n, name in enumerate(every[first : first + _BATCH], first)
        ]
        with store.transaction(REGISTRAR) as tx:
            write(tx, batch)
    return time.monotonic() - start


def visit(address: str, users: int, seconds: float, pause: float, records: int, seed: int) -> None:
    """The other process: prints the waits in milliseconds, sorted, as JSON."""
    where = urlsplit(address)
    every = names(records, seed)
    waits: list[float] = []
    until = time.monotonic() + seconds

    def one(n: int) -> None:
        asked = questions(every, n)
        chance = random.Random(n)
        connection = HTTPConnection(where.hostname or "", where.port)
        time.sleep(chance.random() * pause)
        while time.monotonic() < until:
            path = f"/{chance.choice(('kk', 'ru', 'en'))}/registers/miners?q={quote(next(asked))}"
            start = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            waits.append((time.perf_counter() - start) * 1000)
            assert answer.status == 200, (answer.status, path, body[:200])
            time.sleep(pause * (0.5 + chance.random()))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(sorted(waits)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pause", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep the office here and use it again")
    parser.add_argument("--visit", metavar="ADDRESS", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.visit:
        visit(chosen.visit, chosen.users, chosen.seconds, chosen.pause, chosen.records, chosen.seed)
        return
    with tempfile.TemporaryDirectory() as scratch:
        measure(chosen, chosen.folder or Path(scratch) / "office")


def measure(chosen: argparse.Namespace, folder: Path) -> None:
    with opened(folder) as store:
        with store.transaction() as tx:
            there = tx.value(b"select count(*) from registry.span")
        if not there:
            print(
                f"{chosen.records:,} records written in {fill(store, names(chosen.records, chosen.seed)):.0f} s",
                flush=True,
            )
        with serving(store, folder, "127.0.0.1", 0) as address:
            for seconds in (3.0, chosen.seconds):  # the first warms up
                mine, its = pages_spent(), database_spent(folder)
                waits = ask(chosen, address, seconds)
                mine, its = (
                    (pages_spent() - mine) * 1000 / len(waits),
                    (database_spent(folder) - its) * 1000 / len(waits),
                )
            at = {p: waits[len(waits) * p // 100] for p in (50, 95, 99)}
            told = " · ".join(f"p{p} {ms:.0f} ms" for p, ms in at.items())
            rate = len(waits) / chosen.seconds
            print(f"{chosen.users} users, {rate:.0f} searches a second: {told}")
            print(f"of processor a search: pages {mine:.1f} ms, database {its:.1f} ms")
            print(f"load of the machine {os.getloadavg()[0]:.1f}")


def pages_spent() -> float:
    """Processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def database_spent(folder: Path) -> float:
    """Processor seconds of the embedded server and its children."""
    master = (folder / "pgdata" / "postmaster.pid").read_text().split()[0]
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
            if master in (pid, rest[1]):
                spent += sum(map(int, rest[11:15] if pid == master else rest[11:13]))
    return spent / os.sysconf("SC_CLK_TCK")


def ask(chosen: argparse.Namespace, address: str, seconds: float) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.office_search", "--visit", address, "--seconds", str(seconds)]
    command += ["--users", str(chosen.users), "--pause", str(chosen.pause), "--records", str(chosen.records)]
    done = subprocess.run([*command, "--seed", str(chosen.seed)], check=True, capture_output=True, text=True)
    found: list[float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
