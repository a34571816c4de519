"""The first page of the cabinet: for whom one speaks, what is permitted until when, what is open and by when."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.responses import Response

from salyq.civil.days import kz_day
from salyq.office.cases import read as cases
from salyq.office.intake.kinds import kinds
from salyq.office.intake.receive import listed as filings
from salyq.office.people import accounts
from salyq.office.portal.lists import LONGEST_LIST, listed_as, wanted_as, whole_list
from salyq.office.portal.visit import Visit
from salyq.office.procedures.book import procedure
from salyq.office.procedures.read import Row, after_own, own
from salyq.office.registry.book import register
from salyq.office.registry.read import Record, of_subjects

PAGE = 100
SOON = timedelta(days=60)


def page(visit: Visit) -> Response:
    assert visit.account is not None
    cursor = visit.query.get("cursor", "")
    with visit.transaction() as tx:
        today = kz_day(tx.now)
        mine = accounts.organisations_of(tx, visit.account)
        permits = of_subjects(tx, visit.access.organisations)
        most = LONGEST_LIST if wanted_as(visit) else PAGE
        rows = own(tx, visit.access.organisations, limit=most + 1, cursor=cursor)
        handed_in = filings(tx, limit=5)
        made = cases.listed(tx)
    if visit.query.get("of") == "permits" and wanted_as(visit):
        columns = ("register", "number", "status", "valid_from", "valid_to")
        return listed_as(visit, "permits", columns, [r._asdict() for r in permits])
    if wanted_as(visit):
        return listed_as(visit, "applications", Row._fields[:-1], [r._asdict() for r in whole_list(rows)])
    page = rows[:PAGE]
    return visit.render(
        "cabinet.html",
        mine=mine,
        permits=[(r, register(r.register), _until(r)) for r in permits],
        open=[r for r in page if not r.over],
        over=[r for r in page if r.over],
        next=after_own(page[-1]) if len(rows) > PAGE else None,
        filings=handed_in,
        names={o.bin: o.name for o in mine},
        kinds=kinds(),
        cases=made,
        today=today,
        soon=today + SOON,
        titles={r.procedure: procedure(r.procedure).title().text(visit.lang) for r in rows},
    )


def _until(r: Record) -> date | None:
    """The last day of the permit, or the day on which its suspension ends."""
    text = r.fields.get("suspended_until" if r.status == "suspended" else "until") or r.fields.get("until")
    return date.fromisoformat(text) if isinstance(text, str) else None
