"""A progress bar on a terminal, for anything longer than a second; silent everywhere else."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING

import click

from salyq.civil.messages import Message

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_AFTER = 1.0  # seconds
_STEPS = {
    "reconcile": "step_reconcile",
    "compare": "step_compare",
    "verify": "step_verify",
    "law book": "step_law_book",
}  # steps that have a name; any other is a file or a day


class Bar:
    """`with Bar() as bar: work(progress=bar.step)`. It draws on stderr and wipes itself away at the end: what is worked
    on, how much of it is done, and how fast, in the language of the command."""

    def __init__(self) -> None:
        context = click.get_current_context(silent=True)
        self._lang = str((context.params.get("lang") if context else None) or "en")
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._what = ""
        self._done = 0
        self._total: int | None = None
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._timer: threading.Timer | None = None
        self._over = False

    def __enter__(self) -> Bar:
        if sys.stderr is not None and sys.stderr.isatty():
            self._timer = threading.Timer(_AFTER, self._start)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._over = True
            if self._progress is not None:
                self._progress.stop()

    def step(self, what: str, done: int = 0, total: int | None = None) -> None:
        """`what` is being worked on (a file name, a step), `done` rows of it so far, of `total` where that is known."""
        if what != self._what:
            self._began = time.monotonic()
        self._what, self._done, self._total = what, done, total
        if self._progress is not None and self._task is not None:
            self._show(self._progress, self._task)

    def _show(self, progress: Progress, task: TaskID) -> None:
        from salyq.present.clean import clean

        what = Message(_STEPS[self._what]).text(self._lang) if self._what in _STEPS else self._what
        spent = time.monotonic() - self._began
        rate = f"{self._done / spent:,.0f}".replace(",", "\N{NO-BREAK SPACE}") if spent > _AFTER and self._done else ""
        told = Message("step_rate", {"rate": rate}).text(self._lang) if rate else ""
        progress.update(task, description=clean(what), completed=self._done, total=self._total, rate=told)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._over:
                return
            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.completed}", markup=False),
                TextColumn("{task.fields[rate]}", markup=False),
                TimeElapsedColumn(),
            )
            progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = progress.add_task("", total=None, rate="")
            self._show(progress, self._task)
            progress.start()
            self._progress = progress
