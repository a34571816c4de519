"""A simulator that kills the whole server at random moments while procedures and imports run, and looks at what is
left.

After each kill: the log recomputes, the spans are what their entries come to, and every request that was answered is
there once (Idempotency-Key asked again gives the same answer).
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from salyq.civil.errors import SalyqError
from salyq.office.portal.verifying import verify_all
from salyq.office.procedures.read import as_json
from salyq.office.procedures.take import open_application, take_step
from salyq.office.registry.model import Subject
from salyq.office.registry.write import Proposed, write
from salyq.office.store.answers import once
from salyq.office.store.clock import FixedClock
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.notes import Signer
from salyq.office.store.server import Server
from salyq.office.store.store import WEB, WORK, Access, Store, Transaction

FIRM = "230440900503"
MINER = Access("miner", "applicant", organisations=(FIRM,))
OFFICER, SECOND = Access("officer", "officer", "ministry"), Access("second", "second_officer", "ministry")
FORM = {"kind": "II", "region": "350000000", "legal_form": "llp", "owns_hardware": True, "documents_complete": True}
LAW = {"act": "law-193-vii"}
STEPS: tuple[tuple[Access, str, dict[str, Any]], ...] = (
    (OFFICER, "accept", {}),
    (OFFICER, "propose_grant", {"article": "9.1"}),
    (SECOND, "confirm_grant", {}),
)


class Killer:
    """One office in `home`; `run(kills)` works and kills, and says how much work was done."""

    def __init__(self, home: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.home = home
        self.clock = FixedClock(datetime(2026, 6, 15, 6, 0, tzinfo=UTC))
        self.answers: dict[str, tuple[int, str]] = {}
        self.asked = 0
        self.lost = 0
        self.pending: list[tuple[Access, str, Any]] = []  # asked, and no answer came

    def run(self, kills: int) -> dict[str, int]:
        done = 0
        while done < kills:
            with Server(self.home, options={"shared_buffers": "32MB", "max_connections": "20"}) as server:
                make_database(server.url("postgres"), "salyq")
                migrate(server.url())
                self._look(server.url())
                killed = self._work(server)
                done += killed
                if killed:
                    assert server.process is not None
                    server.process.wait()
                    server.process = None
        with Server(self.home, options={"shared_buffers": "32MB"}) as server:
            self._look(server.url())
        return {"kills": done, "answered": len(self.answers), "asked": self.asked, "without answer": self.lost}

    def _store(self, url: str, role: str) -> Store:
        return Store(url, role=role, clock=self.clock, signer=Signer(bytes(32)), connections=2, patience=1.0)

    def _look(self, url: str) -> None:
        """What must hold after every kill."""
        with self._store(url, WORK) as store, store.transaction() as tx:
            found = verify_all(tx)
            assert found is None, found
            kept = {k: (s, b) for k, s, b in tx.values(b"select key, status, body from store.answer")}
            for key, answer in self.answers.items():
                assert kept.get(key) == answer, f"answered and lost, or answered otherwise: {key}"
            applications = tx.value(b"select count(*) from procedures.application")
            answered = sum(1 for k in kept if k.startswith("file/"))
            assert applications == answered, f"{applications} applications for {answered} answers"

    def _work(self, server: Server) -> int:
        """Works until the server is killed under it; 0 where the work was over before."""
        assert server.process is not None
        pid, delay = server.process.pid, self.chance.random() * 0.5
        killer = threading.Timer(delay, _kill, args=(pid,))
        killer.start()
        with suppress(SalyqError, OSError), self._store(server.url(), WEB) as store:
            while self.pending:
                self._ask(store, *self.pending[0])
                self.pending.pop(0)
            while killer.is_alive():
                self._one(store)
            while True:  # the kill has been sent: the next request finds out
                self._one(store)
        killer.join()
        return 1

    def _one(self, store: Store) -> None:
        """One request: an application and its steps, or an import of entries; asked again where no answer came."""
        self.asked += 1
        number = self.asked
        self.clock.move(self.clock.now() + timedelta(seconds=self.chance.randrange(1, 600)))
        if self.chance.random() < 0.3:
            self._ask(store, OFFICER, f"import/{number}", lambda tx: self._import(tx, number))
            return
        body = self._ask(store, MINER, f"file/{number}", self._file)
        for who, step, content in STEPS[: self.chance.randrange(4)]:
            self._ask(store, who, f"{step}/{number}", lambda tx, s=step, c=content: self._take(tx, body["id"], s, c))

    def _ask(self, store: Store, who: Access, key: str, work: Any) -> Any:
        try:
            with store.transaction(who) as tx:
                answer = once(tx, key, key.encode(), lambda: work(tx))
        except SalyqError:
            if (who, key, work) not in self.pending:
                self.lost += 1
                self.pending.append((who, key, work))
            raise
        self.answers[key] = answer
        return json.loads(answer[1])

    def _file(self, tx: Transaction) -> tuple[int, str]:
        return 201, json.dumps(as_json(open_application(tx, "mining_licence", FIRM, "«Алтын» ЖШС", FORM)))

    def _take(self, tx: Transaction, id_: str, step: str, content: dict[str, Any]) -> tuple[int, str]:
        from uuid import UUID

        return 200, json.dumps(as_json(take_step(tx, UUID(id_), step, content)))

    def _import(self, tx: Transaction, number: int) -> tuple[int, str]:
        firm = Subject("", f"Фирма {number}")
        fields = {"region": "350000000", "address": "…", "outside_residential": True}
        many = [
            Proposed(
                "data_centres",
                f"C-2026-{number}-{n}",
                "granted",
                date(2026, 5, 1),
                firm,
                fields,
                {"act": "law-193-vii"},
            )
            for n in range(self.chance.randrange(1, 30))
        ]
        return 201, json.dumps([w.position for w in write(tx, many)])


def _kill(pid: int) -> None:
    """kill −9 of the postmaster and of every process that it started."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                children.append(int(stat.parent.name))
    for one in (pid, *children):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    time.sleep(0.05)
