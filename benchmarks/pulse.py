"""When the machine itself stood still: a loop that is always the same, by the processor time that it took.

A process that waits for another takes no processor time, so that the time it took grows only where the machine below
(of a virtual one: its host) gave it less than it said. What a service does in such a moment says little of the service.
"""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.connection import Connection
from typing import NamedTuple, Self

_ROUND = 10_000  # steps of the loop: a third of a millisecond
_EVERY = 0.01  # seconds
SLOW = 4  # times as long as half of the loops take
AFTER = 0.25  # seconds in which what had to wait is made up for


class Stop(NamedTuple):
    """A loop that took far longer: when it began (time.monotonic) and how long, in seconds."""

    at: float
    lasted: float


def _beat(out: Connection) -> None:
    taken: list[Stop] = []
    while not out.poll():
        at, own, total = time.monotonic(), time.thread_time(), 0
        for step in range(_ROUND):
            total += step
        taken.append(Stop(at, time.thread_time() - own))
        time.sleep(_EVERY)
    half = sorted(x.lasted for x in taken)[len(taken) // 2] if taken else 0.0
    out.send([x for x in taken if x.lasted > SLOW * half])


class Pulse:
    """Beats from `with` on; `stops` are there when it ends."""

    def __enter__(self) -> Self:
        self._end, other = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=_beat, args=(other,), daemon=True)
        self._process.start()
        self.stops: list[Stop] = []
        return self

    def __exit__(self, *_: object) -> None:
        self._end.send(None)
        self.stops = self._end.recv()
        self._process.join()

    def undisturbed(self, begun: float, ended: float) -> bool:
        """Whether the machine did not stand still while something was on its way, nor a little before."""
        return not any(s.at - AFTER / 10 < ended and begun < s.at + s.lasted + AFTER for s in self.stops)
