"""Who does the work of a run: processes of this machine, or Spark (spark.py). Both call the same two functions, `spill`
and `work`, which read and write files; a part is the same bytes whoever made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Protocol

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.population.part import ROWS, Plan, work
from salyq.population.spill import Progress, spill
from salyq.population.tables import BadRow

Account = dict[str, Any]


class Engine(Protocol):
    """What a run asks of whoever does its work."""

    def lay_aside(self, plan: Plan, progress: Progress) -> tuple[Counter[str], list[BadRow]]:
        """Lays all rows aside by person below `plan.out`/rows; how many, by table, and the lines that were none."""
        ...

    def work(self, plan: Plan, parts: Sequence[int]) -> Iterator[Account]:
        """The account of each part as it ends, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Local:
    """Processes of this machine. `job`: what is done with a part."""

    workers: int
    job: Callable[[Plan, int], Any] = work

    def lay_aside(self, plan: Plan, progress: Progress) -> tuple[Counter[str], list[BadRow]]:
        bad: list[BadRow] = []
        return spill(plan.files, plan.out / ROWS, plan.parts, progress, bad.append), bad

    def work(self, plan: Plan, parts: Sequence[int]) -> Iterator[Any]:
        if self.workers == 1 or len(parts) == 1:
            for part in parts:
                yield self.job(plan, part)
            return
        yield from self._by_many(plan, list(parts))

    def _by_many(self, plan: Plan, waiting: list[int]) -> Iterator[Any]:
        done = plan.parts - len(waiting)  # those of an earlier run too
        with ProcessPoolExecutor(self.workers, mp_context=get_context("spawn")) as pool:
            running: set[Future[Any]] = set()
            try:
                while waiting or running:
                    while waiting and len(running) < self.workers:
                        running.add(pool.submit(self.job, plan, waiting.pop(0)))
                    ended, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in ended:
                        yield future.result()
                        done += 1
            except BrokenProcessPool:
                params = {"done": done, "parts": plan.parts}
                raise InputError(Message("population_worker_died", params), file=str(plan.out)) from None
            finally:
                pool.shutdown(cancel_futures=True)
