"""What the pilots do by the clock: a contract whose total is used up or whose books differ is stopped, and each month's
report is made from the ledger and kept. An alarm is logged as an error and stands in what the job says.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from salyq.civil.days import kz_day, kz_midnight
from salyq.office.pilots import events
from salyq.office.pilots.sandbox import contracts, reports
from salyq.office.store import jobs
from salyq.office.store.store import Transaction

WATCH, MONTH = "pilots.watch", "pilots.month"
_HOUR = timedelta(hours=1)
_AFTER_MIDNIGHT = timedelta(hours=4)  # after the nightly recount
log = logging.getLogger("salyq.pilots")


def begin(tx: Transaction) -> None:
    """Puts down what is to come; again, it changes nothing."""
    if not contracts.contracts(tx):
        return
    _plan_watch(tx)
    _put(tx, MONTH, next_month(tx.now))


def next_month(now: datetime) -> datetime:
    """When the report of the month before is due to be made."""
    day = kz_day(now)
    due = kz_midnight(day.replace(day=1)) + _AFTER_MIDNIGHT
    return due if due > now else reports.months(day)[1] + _AFTER_MIDNIGHT


def _put(tx: Transaction, kind: str, due: datetime) -> None:
    jobs.put(tx, kind, {}, due, key=f"{kind}/{due.isoformat()}")


def _plan_watch(tx: Transaction) -> None:
    """Always one after the night's count of the books; by the hour while something happens or an alarm stands."""
    tonight = kz_midnight(kz_day(tx.now)) + _AFTER_MIDNIGHT
    tomorrow = kz_midnight(kz_day(tx.now) + timedelta(days=1)) + _AFTER_MIDNIGHT
    _put(tx, WATCH, tonight if tonight > tx.now else tomorrow)
    if tx.value(events.SQL["happened_since"], {"since": tx.now - _HOUR}) or _to_stop(tx):
        midnight = kz_midnight(kz_day(tx.now))
        _put(tx, WATCH, midnight + ((tx.now - midnight) // _HOUR + 1) * _HOUR)


def _to_stop(tx: Transaction) -> bool:
    """An alarm of the books stands, and somebody may still pay: this does not wait for the next payment."""
    running = (contracts.state(tx, c, tx.now).name == "active" for c in contracts.contracts(tx))
    return reports.alarmed(tx) and any(running)


def _watch(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    stopped = reports.stop_where_due(tx)
    for number in stopped:
        log.error("contract %s was stopped", number)
    _plan_watch(tx)
    return f"ALARM: stopped {', '.join(stopped)}" if stopped else "no contract had to be stopped"


def _month(tx: Transaction, args: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    """Reports of the month that ended, of every contract that was in force in it."""
    first = kz_day(reports.months(kz_day(tx.now))[0])
    before = first - timedelta(days=1)
    made = [c.id for c in contracts.contracts(tx) if c.first_day <= before and c.last_day >= before.replace(day=1)]
    for number in made:
        keep_report(tx, number, before)
    _put(tx, MONTH, next_month(tx.now))
    return f"reports of {before:%Y-%m}: {len(made)}"


def keep_report(tx: Transaction, number: str, day: date) -> dict[str, Any]:
    """The month's report, kept as an event of the contract; made once."""
    name = f"contract/{number}/report/{day:%Y-%m}"
    found = events.by_id(tx, name)
    if found is None:
        body = reports.monthly(tx, number, day)
        events.add(tx, [events.New(name, "sandbox", "report", number, tx.now, body, contract=number)])
        return body
    return dict(found.body)


JOBS: Mapping[str, jobs.Handler] = {WATCH: _watch, MONTH: _month}
