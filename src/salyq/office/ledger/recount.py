"""The books proved from their transfers alone: the whole every night, a sample every hour. A difference is an alarm.

What is counted: totals of accounts (L2), both sides of each asset (L1), limits (L4), open holds and their ends (L5),
legs of one asset and rounding (L7, L8), positions without a gap, each with its request (L3, L9).
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from salyq.office.store.clock import Clock
from salyq.office.store.statements import Statements
from salyq.office.store.store import LEDGER, Transaction

SQL = Statements("salyq.office.ledger", "recount")
WHOLE, SAMPLE = "whole", "sample"
_CHECKS = ("totals", "sides", "limits", "holds", "ends", "assets", "positions", "orphans")
log = logging.getLogger("salyq.ledger")


class Difference(NamedTuple):
    """`kept` is what the books say, `counted` what their transfers say."""

    what: str
    which: str
    kept: str
    counted: str


class Recount(NamedTuple):
    at: datetime
    scope: str
    position: int
    accounts: int
    differences: list[Difference]


def recount(url: str, clock: Clock, *, sample: int | None = None) -> Recount:
    """Counts in one snapshot and keeps what was found. `sample` looks at that many accounts that moved lately, for the
    checks that would else read everything."""
    with psycopg.connect(url) as connection:
        connection.execute("set transaction isolation level repeatable read")
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(LEDGER)))
        found = _count(connection, clock.now(), sample)
        connection.execute(
            SQL["keep"],
            {
                **found._asdict(),
                "differences": Jsonb([d._asdict() for d in found.differences]),
            },
        )
    for d in found.differences:
        log.error("ledger recount: %s %s: books %s, transfers %s", *d)
    return found


def _count(connection: psycopg.Connection[Any], at: datetime, sample: int | None) -> Recount:
    accounts: list[int] | None = None
    checks: tuple[str, ...] = _CHECKS
    if sample is not None:
        rows = connection.execute(SQL["sample"], {"since": 0, "size": sample}).fetchall()
        accounts = [row[0] for row in rows]
        checks = ("totals_of", "sides", "limits")
    head = connection.execute(SQL["position"], {"accounts": accounts}).fetchone()
    assert head is not None
    differences: list[Difference] = []
    with connection.cursor(row_factory=class_row(Difference)) as cursor:
        for check in checks:
            differences += cursor.execute(SQL[check], {"accounts": accounts}).fetchall()
    return Recount(at, WHOLE if sample is None else SAMPLE, head[0], head[1], differences)


def last(tx: Transaction, limit: int = 30) -> list[Recount]:
    """The last recounts, newest first."""
    rows = tx.all(Recount, SQL["last"], {"limit": limit})
    return [r._replace(differences=[Difference(**d) for d in _dicts(r.differences)]) for r in rows]


def _dicts(kept: object) -> list[dict[str, str]]:
    assert isinstance(kept, list)
    return kept
