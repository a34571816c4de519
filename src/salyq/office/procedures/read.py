"""Reading applications: what the database shows to the asker, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from salyq.office.procedures.book import ended, next_steps, procedure, procedures, says, steps_of
from salyq.office.procedures.clock import clock_of
from salyq.office.procedures.model import Application, Case, Taken
from salyq.office.store import cursors
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.procedures", "procedures")


class Row(NamedTuple):
    id: UUID
    procedure: str
    office: str
    organisation: str
    subject_name: str
    number: str | None
    opened_by: str
    opened_at: datetime
    status: str
    due: date | None
    day: date
    n: int
    over: bool


class Told(NamedTuple):
    """A step that somebody else took (or a day that passed), as its parties are told of it."""

    entry: int
    at: datetime
    id: UUID
    procedure: str
    organisation: str
    subject_name: str
    step: str
    status: str
    due: date | None


def told(tx: Transaction, organisations: Sequence[str], *, limit: int, before: int) -> list[Told]:
    """What these organisations are told of: the newest first, before an entry."""
    asked = {"organisations": list(organisations), "me": tx.access.user, "limit": limit, "before": before}
    return tx.all(Told, SQL["told"], asked)


def case_of(tx: Transaction, id_: UUID) -> Case | None:
    """The application with its steps; None where there is none or the asker may not see it."""
    found = tx.one(Application, SQL["application"], {"id": id_})
    return None if found is None else Case(found, tx.all(Taken, SQL["steps"], {"id": id_}))


def listed(
    tx: Transaction,
    *,
    procedure: str | None = None,
    status: str | None = None,
    organisation: str | None = None,
    limit: int = 50,
    cursor: str = "",
) -> list[Row]:
    """Applications by deadline, the nearest first, after the row whose `after` the cursor is."""
    wanted = {"procedure": procedure, "status": status, "organisation": organisation, "mine": tx.access.mine}
    return tx.all(Row, SQL["listed"], {**wanted, "limit": limit, **_behind(cursor, over=False)})


def own(tx: Transaction, organisations: Sequence[str], *, limit: int, cursor: str = "") -> list[Row]:
    """Applications of these organisations and those that they decide: open ones by deadline, then those that are over,
    the latest first.
    """
    state, _, key = cursor.partition("!")
    if cursor and (state not in ("open", "over") or not key):
        cursors.refuse(cursor)
    over = state == "over" if cursor else None
    about = {"organisations": list(organisations), "limit": limit, "over": over}
    return tx.all(Row, SQL["of_organisations"], about | _behind(key, over=bool(over)))


def after(row: Row, *, over: bool = False) -> str:
    """The cursor of the page after this row, in a list by deadline or of those that are over."""
    return cursors.written(row.day if over else row.due, row.opened_at, row.id)


def after_own(row: Row) -> str:
    """The cursor of the page after this row of `own`."""
    return f"{'over' if row.over else 'open'}!{after(row, over=row.over)}"


def _behind(cursor: str, *, over: bool) -> dict[str, Any]:
    """The key behind which a page begins; before everything without a cursor."""
    key = cursors.parsed(cursor, date, datetime, UUID)
    if key is None:
        edge, id_ = (cursors.LAST, UUID(int=2**128 - 1)) if over else (cursors.FIRST, UUID(int=0))
        return {"due": edge, "opened": edge, "id": id_}
    return {"due": key[0] or cursors.LAST, "opened": key[1], "id": key[2]}


class Queue(NamedTuple):
    """What an officer asks for: open ones by deadline, or those that are over, the latest first. `by`: open ones that
    wait for one of these.
    """

    over: bool = False
    procedure: str | None = None
    by: tuple[str, ...] | None = None

    def params(self) -> dict[str, Any]:
        states = None if self.by is None or self.over else waiting_for(self.by)
        return {"over": self.over, "procedure": self.procedure, "states": states}


def queue(tx: Transaction, wanted: Queue, *, limit: int, cursor: str = "") -> list[Row]:
    query = SQL["queue_over" if wanted.over else "queue_open"]
    return tx.all(Row, query, {**wanted.params(), "limit": limit, **_behind(cursor, over=wanted.over)})


def queue_length(tx: Transaction, wanted: Queue) -> int:
    """How many there are, counted once for each state of the log."""
    about = ("queue", wanted.over, wanted.procedure, wanted.by)
    return tx.store.remembered.get(tx, about, lambda: int(tx.value(SQL["count_queue"], wanted.params())))


@cache
def waiting_for(by: tuple[str, ...]) -> list[str]:
    """`procedure/status` of what one of these acts on next: applicant, operator, officer, second."""
    return [
        f"{spec.code}/{status}"
        for spec in procedures().values()
        for status in sorted({s.to for s in steps_of(spec.steps_name)} - set(ended(spec)))
        if {s.by for s in next_steps(spec, status)} & set(by)
    ]


def as_json(case: Case) -> dict[str, Any]:
    """The form of the API: status, clock, next steps, law, and every step taken."""
    spec = procedure(case.application.procedure)
    clock = clock_of(spec, case)
    after = next_steps(spec, case.status, (s.name for s in case.steps))
    law = case.law
    return {
        "id": str(case.application.id),
        "procedure": spec.code,
        "words": spec.words,
        "office": case.application.office,
        "organisation": case.application.organisation,
        "subject": {"id": case.application.organisation, "name": case.application.subject_name},
        "number": case.application.number or _written_number(case),
        "status": case.status,
        "clock": {
            "started": clock.started.isoformat(),
            "stopped_days": clock.stopped_days,
            "running": clock.running,
            "due": clock.due.isoformat() if clock.due else None,
            "overdue": clock.overdue,
        },
        "next_steps": [s.name for s in after],
        "steps_open": [
            {"step": s.name, "by": s.by, "fields": list(needed), "optional": list(may), "words": s.words}
            for s, (needed, may) in ((s, says(spec, s)) for s in after)
        ],
        "fields": dict(case.form),
        "law": None if law is None else {**law["law"], **{k: v for k, v in law.items() if k not in ("law", "facts")}},
        "steps": [_step(s) for s in case.steps],
    }


def _written_number(case: Case) -> str | None:
    """The number that a grant gave."""
    return next((s.content["written"]["number"] for s in reversed(case.steps) if "written" in s.content), None)


def _step(s: Taken) -> dict[str, Any]:
    return {
        "n": s.n,
        "step": s.name,
        "status": s.status,
        "by": s.by_account,
        "role": s.by_role,
        "at": s.at.isoformat(),
        "content": s.content,
        "due": s.due.isoformat() if s.due else None,
        "entry": s.entry,
    }
