"""Cases at work: a case's files laid out for the engine, read once, assessed once a year, kept for the next page.

Reading and assessing run beside the pages, so that a page can say "being worked out" and be asked again. What is kept
is a few cases in memory and nothing that cannot be made again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import Any, TypeVar

from salyq.app import api
from salyq.assessing.result import Assessment
from salyq.facts.case import Case
from salyq.office.cases.model import CaseState
from salyq.office.cases.write import RESERVED
from salyq.office.intake.files import place

Made = TypeVar("Made")
KEPT, WORKERS = 12, 2


class Workshop:
    """`folder` is the office's; `patience` how many seconds a page waits before it says that it goes on."""

    def __init__(self, folder: Path, patience: float = 8.0) -> None:
        self.folder, self.patience = folder, patience
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="case")
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, ...], Future[Any]] = OrderedDict()

    def case(self, now: CaseState) -> Case:
        """The case as the engine reads it. InputError as the engine says it; Working where it takes longer."""
        return self._wait(("case", now.digest), lambda: self._read(now))

    def assessment(self, now: CaseState, year: int) -> Assessment:
        """The year's assessment with the values of other choices."""
        return self._wait(("year", now.digest, str(year)), lambda: api.assess(self._of(now), year))

    def questions(self, now: CaseState) -> list[api.Question]:
        return self._wait(("questions", now.digest), lambda: api.questions(self._of(now)))

    def other(self, now: CaseState, what: str, work: Callable[[Case], Made]) -> Made:
        """Something else that is made of the case, kept under its name."""
        return self._wait((what, now.digest), lambda: work(self._of(now)))

    def lay_out(self, now: CaseState) -> Path:
        """The folder with the case's files, made once for each state."""
        target = self.folder / "cases" / str(now.row.id) / now.digest[:32]
        if target.is_dir():
            return target
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = Path(tempfile.mkdtemp(dir=target.parent, prefix=".part-"))
        for name, change in now.files.items():
            source = place(self.folder, change.sha256)
            try:
                os.link(source, part / name)
            except OSError:
                shutil.copyfile(source, part / name)
        for kind, name in RESERVED.items():
            if text := now.text(kind):
                (part / name).write_text(text, encoding="utf-8")
        try:
            part.replace(target)
        except OSError:  # another page was faster
            shutil.rmtree(part, ignore_errors=True)
        for old in target.parent.iterdir():
            if old != target and not old.name.startswith("."):
                shutil.rmtree(old, ignore_errors=True)
        return target

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _read(self, now: CaseState) -> Case:
        return api.read_case(self.lay_out(now))

    def _of(self, now: CaseState) -> Case:
        """The case inside of work that runs already: never waits for a worker."""
        with self._lock:
            known = self._made.get(("case", now.digest))
        if known is not None and known.done() and known.exception() is None:
            found: Case = known.result()
            return found
        return self._read(now)

    def _wait(self, key: tuple[str, ...], work: Callable[[], Made]) -> Made:
        with self._lock:
            future = self._made.get(key)
            if future is None or (future.done() and future.exception() is not None):
                future = self._made[key] = self._pool.submit(work)
            self._made.move_to_end(key)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        try:
            found: Made = future.result(self.patience)
        except NotYet:
            raise Working from None
        return found


class Working(Exception):
    """It is being worked out; ask again in a moment."""
