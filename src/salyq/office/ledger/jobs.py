"""What the ledger does by the clock: holds end, the books are sealed and counted, and the next time is put down.

A recount that finds a difference is an alarm: the row stands in `ledger.recount`, an error is logged, the job says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from salyq.civil.days import kz_day, kz_midnight
from salyq.office.ledger import seals
from salyq.office.ledger.recount import Recount, recount
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store import jobs
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.ledger", "recount")
EXPIRE, SAMPLE, SEAL, NIGHTLY = "ledger.expire", "ledger.sample", "ledger.seal", "ledger.recount"
SAMPLED = 1000  # accounts an hour
_HOUR = timedelta(hours=1)
_MINUTES = timedelta(minutes=10)
_NIGHT = timedelta(hours=3)  # after midnight in Kazakhstan


def begin(tx: Transaction) -> None:
    """Puts down what is to come; again, it changes nothing. Nothing is planned by the hour while nothing moves."""
    _plan_expire(tx)
    _plan_sample(tx)
    _plan_seal(tx)
    _put(tx, NIGHTLY, next_time(NIGHTLY, tx.now))


def next_time(kind: str, now: datetime) -> datetime:
    """When a job is due after `now`: holds at a ten minutes' mark, sample and seal at an hour, the whole at night."""
    if kind == NIGHTLY:
        tonight = kz_midnight(kz_day(now)) + _NIGHT
        return tonight if tonight > now else kz_midnight(kz_day(now) + timedelta(days=1)) + _NIGHT
    step = _MINUTES if kind == EXPIRE else _HOUR
    midnight = kz_midnight(kz_day(now))
    return midnight + ((now - midnight) // step + 1) * step


def _put(tx: Transaction, kind: str, due: datetime) -> None:
    jobs.put(tx, kind, {}, due, key=f"{kind}/{due.isoformat()}")


def _plan_expire(tx: Transaction) -> None:
    first = tx.value(SQL["first_to_expire"])
    if first is not None:
        _put(tx, EXPIRE, next_time(EXPIRE, max(first, tx.now)))


def _plan_sample(tx: Transaction) -> None:
    if tx.value(SQL["moved_since_recount"]):
        _put(tx, SAMPLE, next_time(SAMPLE, tx.now))


def _plan_seal(tx: Transaction) -> None:
    if seals.waiting(tx):
        _put(tx, SEAL, next_time(SEAL, tx.now))


def _expire(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    first = tx.value(SQL["first_to_expire"])
    ended = 0
    if first is not None and first <= tx.now:  # else a sequencer of its own would fence whoever writes now, for nothing
        sequencer = Sequencer(tx.store.url, tx.store.clock)
        try:
            ended = sequencer.expire()
        finally:
            sequencer.close()
    _plan_expire(tx)
    _plan_sample(tx)
    _plan_seal(tx)
    return f"holds ended: {ended}"


def _sample(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    told = _told(recount(tx.store.url, tx.store.clock, sample=SAMPLED))
    _plan_sample(tx)
    return told


def _seal(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    count = seals.seal(tx)
    _plan_seal(tx)
    return f"positions of the books sealed: {count}"


def _nightly(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    _put(tx, NIGHTLY, next_time(NIGHTLY, tx.now))
    _plan_expire(tx)
    _plan_sample(tx)
    _plan_seal(tx)
    return _told(recount(tx.store.url, tx.store.clock))


def _told(found: Recount) -> str:
    if found.differences:
        return f"ALARM: the books differ from their transfers in {len(found.differences)} places"
    return f"books right up to {found.position}: {found.accounts} accounts ({found.scope})"


JOBS: Mapping[str, jobs.Handler] = {EXPIRE: _expire, SAMPLE: _sample, SEAL: _seal, NIGHTLY: _nightly}
