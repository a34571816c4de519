"""Many callers, one sequencer: whoever asks while a batch is being kept goes into the next one together.

The gate outlives its sequencer. When the database went away, or another process took the books over for a while, it
begins a new epoch and sends the very same batch again: an answer hangs on its request, so nothing is lost or doubled.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import NamedTuple

import psycopg

from salyq.office.ledger.model import Along, Answer, FencedError, Request, Task
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store.clock import Clock
from salyq.office.store.errors import StoreError

PATIENCE = 60  # seconds that a batch is tried again while the database is away
_FIRST_WAIT, _LONGEST_WAIT = 20, 2000  # milliseconds


class _Asked(NamedTuple):
    task: Task
    answered: Future[list[Answer]]


class Gate:
    """Safe for any number of threads. `most` requests go into one batch; `patience` seconds a batch is repeated."""

    def __init__(self, url: str, clock: Clock, *, most: int = 1000, patience: int = PATIENCE) -> None:
        self._make: Callable[[], Sequencer] = lambda: Sequencer(url, clock)
        self._most, self._patience = most, patience
        self._sequencer: Sequencer | None = None
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="salyq-ledger", daemon=True)
        self._thread.start()

    def ask(self, request: Request) -> Answer:
        """The answer, once it is kept. StoreError if the database stayed away: ask again, with the same request."""
        return self.submit([request])[0]

    def submit(self, requests: Sequence[Request], along: Along | None = None) -> list[Answer]:
        """The answers to several, judged one after the other; each stands alone. What `along` says is kept with them
        in one transaction."""
        return self.send(requests, along).result()

    def send(self, requests: Sequence[Request], along: Along | None = None) -> Future[list[Answer]]:
        """As `submit`, without waiting."""
        asked = _Asked(Task(requests, along), Future())
        with self._lock:
            if self._closed:
                raise StoreError("ledger_gate_closed")
            self._queue.put(asked)
        return asked.answered

    def close(self) -> None:
        """Answers what was asked, then ends."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()
        if self._sequencer is not None:
            self._sequencer.close()

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the one thread that writes ---------------------------------------------------------------------------

    def _run(self) -> None:
        going = True
        while going:
            first = self._queue.get()
            if first is None:
                return
            batch, going = self._gather(first)
            self._answer(batch)

    def _answer(self, batch: Sequence[_Asked]) -> None:
        try:
            answers = self._keep([asked.task for asked in batch])
        except BaseException as error:
            if len(batch) > 1 and not isinstance(error, StoreError):  # the fault of one is not the others'
                for asked in batch:
                    self._answer([asked])
                return
            for asked in batch:
                asked.answered.set_exception(error)
            return
        for asked, given in zip(batch, answers, strict=True):
            asked.answered.set_result(given)

    def _gather(self, first: _Asked) -> tuple[list[_Asked], bool]:
        batch, count = [first], len(first.task.requests)
        while count < self._most:
            try:
                further = self._queue.get_nowait()
            except queue.Empty:
                break
            if further is None:
                return batch, False
            batch.append(further)
            count += len(further.task.requests)
        return batch, True

    def _keep(self, tasks: Sequence[Task]) -> list[list[Answer]]:
        until, wait = time.monotonic() + self._patience, _FIRST_WAIT
        while True:
            try:
                if self._sequencer is None:
                    self._sequencer = self._make()
                return self._sequencer.settle(tasks)
            except (psycopg.OperationalError, psycopg.InterfaceError, FencedError) as error:
                self._leave()
                if time.monotonic() > until:
                    raise StoreError("store_unreachable", reason=_first_line(error)) from error
            except BaseException:
                self._leave()
                raise
            threading.Event().wait(timeout=_seconds(wait))
            wait = min(wait * 2, _LONGEST_WAIT)

    def _leave(self) -> None:
        if self._sequencer is not None:
            self._sequencer.close()
            self._sequencer = None


def _seconds(milliseconds: int) -> float:
    return milliseconds / 1000  # a wait, no amount


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
