"""`office verify` over all rooms: the log, then what each room keeps beside it."""

from __future__ import annotations

from collections.abc import Callable

from salyq.office.registry.verify import verify_spans
from salyq.office.store.store import Transaction
from salyq.office.store.verify import Difference, verify


def verify_all(tx: Transaction, progress: Callable[[int], None] = lambda _: None) -> Difference | None:
    """None, or the first difference."""
    return verify(tx, progress) or verify_spans(tx)
