"""The first page of the cabinet: for whom one speaks, what is permitted until when, what is open and by when."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.responses import Response

from salyq.civil.days import kz_day
from salyq.office.cases import read as cases
from salyq.office.intake.kinds import kinds
from salyq.office.intake.receive import listed as filings
from salyq.office.people import accounts
from salyq.office.portal.lists import listed_as, wanted_as
from salyq.office.portal.visit import Visit
from salyq.office.procedures.book import ended, procedure
from salyq.office.procedures.read import Row
from salyq.office.procedures.read import listed as applications
from salyq.office.registry.book import register
from salyq.office.registry.read import Record, of_subjects

SOON = timedelta(days=60)


def page(visit: Visit) -> Response:
    assert visit.account is not None
    with visit.transaction() as tx:
        today = kz_day(tx.now)
        mine = accounts.organisations_of(tx, visit.account)
        permits = of_subjects(tx, visit.access.organisations)
        rows = applications(tx, limit=100)
        handed_in = filings(tx, limit=5)
        own = cases.listed(tx)
    if visit.query.get("of") == "permits" and wanted_as(visit):
        columns = ("register", "number", "status", "valid_from", "valid_to")
        return listed_as(visit, "permits", columns, [r._asdict() for r in permits])
    if wanted_as(visit):
        return listed_as(visit, "applications", Row._fields, [r._asdict() for r in rows])
    open_ = [r for r in rows if r.status not in ended(procedure(r.procedure))]
    over = [r for r in rows if r not in open_]
    return visit.render(
        "cabinet.html",
        mine=mine,
        permits=[(r, register(r.register), _until(r)) for r in permits],
        open=open_,
        over=over,
        filings=handed_in,
        kinds=kinds(),
        cases=own,
        today=today,
        soon=today + SOON,
        titles={r.procedure: procedure(r.procedure).title().text(visit.lang) for r in rows},
    )


def _until(r: Record) -> date | None:
    """The last day of the permit, or the day on which its suspension ends."""
    text = r.fields.get("suspended_until" if r.status == "suspended" else "until") or r.fields.get("until")
    return date.fromisoformat(text) if isinstance(text, str) else None
