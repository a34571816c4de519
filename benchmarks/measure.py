"""Whole processes measured from outside: wall time, processor time and peak memory of exactly one child.

`os.wait4` gives the child's own figures. Linux lets a child start with its parent's peak memory on its account, so this
program stays small and makes its histories in children too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is bytes on macOS, KiB elsewhere


@dataclass(frozen=True)
class Run:
    """Seconds, seconds of processor (user and system), bytes at the peak."""

    wall: float
    cpu: float
    peak: int


@dataclass
class Measured:
    """The runs of one command; `failed` says in a line why there are none or not all."""

    name: str
    runs: list[Run] = field(default_factory=list)
    failed: str = ""

    @property
    def wall(self) -> float:
        return median(r.wall for r in self.runs)

    @property
    def cpu(self) -> float:
        return median(r.cpu for r in self.runs)

    @property
    def peak(self) -> float:
        return median(r.peak for r in self.runs)

    @property
    def spread(self) -> tuple[float, float]:
        return min(r.wall for r in self.runs), max(r.wall for r in self.runs)


def run_once(command: Sequence[str], errors: Path, timeout: float) -> tuple[Run, int]:
    """One process; its output goes nowhere, its errors into `errors`. Answers its figures and its exit code."""
    with errors.open("wb") as err:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err)
        too_late = threading.Timer(timeout, child.kill)
        too_late.start()
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        too_late.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * PEAK_UNIT), child.returncode


def measure(name: str, command: Sequence[str], times: int, scratch: Path, *, timeout: float = 300) -> Measured:
    """Runs `command` once to warm the caches (when it runs more than once) and then `times` times."""
    result = Measured(name)
    errors = scratch / "stderr.txt"
    for n in range(times + (times > 1)):
        run, code = run_once(command, errors, timeout)
        if code:
            said = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            late = run.wall >= timeout
            result.failed = f"stopped after {timeout:.0f} s" if late else f"exit {code}: {said[-1] if said else ''}"
            return result
        if n or times == 1:
            result.runs.append(run)
    return result
