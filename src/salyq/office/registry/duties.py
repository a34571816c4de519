"""What registers do by themselves: a term that ended is written down on the day after (an end is a fact, never
silent).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from salyq.civil.days import kz_day, kz_midnight
from salyq.office.registry.book import register
from salyq.office.registry.model import Subject
from salyq.office.registry.read import SQL
from salyq.office.registry.write import Proposed, write
from salyq.office.store import jobs
from salyq.office.store.jobs import Handler
from salyq.office.store.store import Transaction

_DAY = timedelta(days=1)


def daily(tx: Transaction, after: datetime) -> None:
    """The look at ended terms on the next morning of Kazakhstan."""
    day = kz_day(after) + _DAY
    jobs.put(tx, "terms", {"day": day.isoformat()}, kz_midnight(day) + timedelta(minutes=5), key=f"terms/{day}")


def _terms(tx: Transaction, args: Mapping[str, Any]) -> str | None:
    """Writes `expired` for every record whose last day was yesterday and that nobody ended or renewed."""
    day = date.fromisoformat(args["day"])
    daily(tx, tx.now)
    rows = tx.dicts(SQL["over"], {"day": day})
    ended = [
        Proposed(
            r["register"],
            r["number"],
            "expired",
            day,
            Subject(r["subject_id"], r["subject_name"]),
            {},
            {"act": register(r["register"]).cites[0].partition(":")[0], "why": "term"},
        )
        for r in rows
        if "expired" in register(r["register"]).events
    ]
    write(tx, ended)
    return f"expired {len(ended)}" if ended else None


JOBS: Mapping[str, Handler] = {"terms": _terms}
