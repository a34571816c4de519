"""What follows from the log alone, worked out once for each state of it: the count of a list of a million records.

The log only grows, and nothing of a register changes without an entry: until the log is longer, the answer stands. A
transaction that wrote something itself remembers nothing, for it may be undone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from salyq.office.store.statements import Statements

if TYPE_CHECKING:
    from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.store", "entries")
T = TypeVar("T")
MOST = 500  # answers kept


class _Log(NamedTuple):
    size: int
    unwritten: bool


class Remembered:
    """The answers of one store, the oldest dropped first; each with the length of the log that it is of."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tx: Transaction, about: tuple[Hashable, ...], work: Callable[[], T]) -> T:
        """What `work` comes to for whoever sees what the asker sees."""
        log = tx.one(_Log, SQL["log_now"])
        if log is None or not log.unwritten:
            return work()
        who = tx.access
        key = (*about, tuple(who.offices), tuple(who.organisations), who.role == "auditor")
        with self._lock:
            size, answer = self._kept.get(key, (-1, None))
        if size == log.size:
            return cast(T, answer)
        found = work()
        with self._lock:
            self._kept[key] = (log.size, found)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found
