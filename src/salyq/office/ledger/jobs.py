"""What the ledger does by the clock: holds end, the books are counted, and the next time is put down.

A recount that finds a difference is an alarm: the row stands in `ledger.recount`, an error is logged, the job says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from salyq.civil.days import kz_day, kz_midnight
from salyq.office.ledger.recount import Recount, recount
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store import jobs
from salyq.office.store.store import Transaction

EXPIRE, SAMPLE, NIGHTLY = "ledger.expire", "ledger.sample", "ledger.recount"
SAMPLED = 1000  # accounts an hour
_HOUR = timedelta(hours=1)
_MINUTES = timedelta(minutes=10)
_NIGHT = timedelta(hours=3)  # after midnight in Kazakhstan


def begin(tx: Transaction) -> None:
    """Puts down the first of each; again, it changes nothing."""
    for kind in (EXPIRE, SAMPLE, NIGHTLY):
        _put(tx, kind, next_time(kind, tx.now))


def next_time(kind: str, now: datetime) -> datetime:
    """When a job is due after `now`: holds every ten minutes, the sample at each hour, the whole at three at night."""
    if kind == NIGHTLY:
        tonight = kz_midnight(kz_day(now)) + _NIGHT
        return tonight if tonight > now else kz_midnight(kz_day(now) + timedelta(days=1)) + _NIGHT
    step = _HOUR if kind == SAMPLE else _MINUTES
    midnight = kz_midnight(kz_day(now))
    return midnight + ((now - midnight) // step + 1) * step


def _put(tx: Transaction, kind: str, due: datetime) -> None:
    jobs.put(tx, kind, {}, due, key=f"{kind}/{due.isoformat()}")


def _expire(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    _put(tx, EXPIRE, next_time(EXPIRE, tx.now))
    if not tx.value(b"select exists (select 1 from ledger.open_hold where expires <= %(now)s)", {"now": tx.now}):
        return None  # a sequencer of its own would fence whoever writes now
    sequencer = Sequencer(tx.store.url, tx.store.clock)
    try:
        return f"holds ended: {sequencer.expire()}"
    finally:
        sequencer.close()


def _sample(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    _put(tx, SAMPLE, next_time(SAMPLE, tx.now))
    return _told(recount(tx.store.url, tx.store.clock, sample=SAMPLED))


def _nightly(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    _put(tx, NIGHTLY, next_time(NIGHTLY, tx.now))
    return _told(recount(tx.store.url, tx.store.clock))


def _told(found: Recount) -> str:
    if found.differences:
        return f"ALARM: the books differ from their transfers in {len(found.differences)} places"
    return f"books right up to {found.position}: {found.accounts} accounts ({found.scope})"


JOBS: Mapping[str, jobs.Handler] = {EXPIRE: _expire, SAMPLE: _sample, NIGHTLY: _nightly}
