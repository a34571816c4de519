"""What the office does by itself when its time comes: every room's jobs together, and those that come round again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from salyq.office.ledger import jobs as ledger
from salyq.office.pilots import jobs as pilots
from salyq.office.procedures.take import JOBS as PROCEDURES
from salyq.office.registry.duties import JOBS as REGISTRY
from salyq.office.registry.duties import daily
from salyq.office.store import entries
from salyq.office.store.clock import SystemClock
from salyq.office.store.errors import StoreError
from salyq.office.store.jobs import Handler, Happened, run_due
from salyq.office.store.store import Store, Transaction


def _checkpoint(tx: Transaction, args: Mapping[str, Any]) -> str:  # noqa: ARG001
    """The signed checkpoint at the end of an hour with entries."""
    return f"checkpoint {entries.checkpoint(tx).size}"


HANDLERS: Mapping[str, Handler] = {"checkpoint": _checkpoint, **ledger.JOBS, **pilots.JOBS, **REGISTRY, **PROCEDURES}


def plan(tx: Transaction) -> None:
    """Makes sure that what comes round is planned; planning it again changes nothing."""
    daily(tx, tx.now)
    ledger.begin(tx)
    pilots.begin(tx)


def tick(store: Store, to: datetime) -> list[Happened]:
    """Moves a clock of ours to `to`, running on the way what is due, in order. StoreError for a time to come by the
    machine's clock: the log would keep days as passed that have not.
    """
    if isinstance(store.clock, SystemClock) and to > store.clock.now():
        raise StoreError("store_clock_not_ours", to=to.isoformat())
    with store.transaction() as tx:
        plan(tx)
    return run_due(store, HANDLERS, to)
