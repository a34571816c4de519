"""Who does the work of a run: processes of this machine, or Spark (spark.py). Both call the same two functions,
`lay_aside_one` and `work`, which read and write files; a part is the same bytes whoever made it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.population.aside import Laid, Piece, lay_aside_one, persons_alike, pieces, together
from salyq.population.part import ROWS, Plan, work
from salyq.population.spill import Progress

Account = dict[str, Any]
LARGE = 1 << 20  # rows from which more than one process lays them aside


class Engine(Protocol):
    """What a run asks of whoever does its work."""

    def lay_aside(self, plan: Plan, progress: Progress) -> Laid:
        """Lays all rows aside by person below `plan.out`/rows; how many, by table, and the lines that were none."""
        ...

    def work(self, plan: Plan, parts: Sequence[int]) -> Iterator[Account]:
        """The account of each part as it ends, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Local:
    """Processes of this machine. `job`: what is done with a part; `aside`: with a piece of a file."""

    workers: int
    job: Callable[[Plan, int], Any] = work
    aside: Callable[[Plan, Piece], Laid] = lay_aside_one

    def lay_aside(self, plan: Plan, progress: Progress) -> Laid:
        persons_alike(plan.files)
        wanted = pieces(plan.files)
        workers = self.workers if sum(piece.rows for piece in wanted) >= LARGE else 1
        laid: list[Laid] = []
        with _alive(plan, lambda: 0):
            for done in _each(self.aside, plan, wanted, workers):
                laid.append(done)
                progress(str(plan.out / ROWS), sum(sum(counted.values()) for counted, _ in laid), None)
        return together(plan, laid)

    def work(self, plan: Plan, parts: Sequence[int]) -> Iterator[Any]:
        done = plan.parts - len(parts)  # those of an earlier run too
        with _alive(plan, lambda: done):
            for account in _each(self.job, plan, parts, self.workers):
                done += 1
                yield account


@contextmanager
def _alive(plan: Plan, done: Callable[[], int]) -> Iterator[None]:
    """InputError where a worker was ended; `done`: parts that are."""
    try:
        yield
    except BrokenProcessPool:
        params = {"done": done(), "parts": plan.parts}
        raise InputError(Message("population_worker_died", params), file=str(plan.out)) from None


def _each(job: Callable[[Plan, Any], Any], plan: Plan, tasks: Sequence[Any], workers: int) -> Iterator[Any]:
    """What each task gives as it ends."""
    if workers == 1 or len(tasks) == 1:
        for task in tasks:
            yield job(plan, task)
        return
    waiting = list(tasks)
    with ProcessPoolExecutor(workers, get_context("spawn"), _end_with_parent) as pool:
        running: set[Future[Any]] = set()
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    running.add(pool.submit(job, plan, waiting.pop(0)))
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """A worker whose run was killed would wait for work for ever, and hold its memory."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
