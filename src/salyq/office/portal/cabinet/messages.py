"""What one is told: steps that others took in one's applications, days that passed; the newest first."""

from __future__ import annotations

from starlette.responses import Response

from salyq.office.people import accounts
from salyq.office.portal.lists import LONGEST_LIST, listed_as, wanted_as, whole_list
from salyq.office.portal.public.asked import whole
from salyq.office.portal.visit import Visit
from salyq.office.procedures.book import procedure, step_of
from salyq.office.procedures.read import Told, told

PAGE, _END = 50, 2**62


def page(visit: Visit) -> Response:
    assert visit.account is not None
    before = whole("cursor", visit.query.get("cursor", ""), _END, 0, _END)
    limit = LONGEST_LIST if wanted_as(visit) else PAGE
    with visit.transaction() as tx:
        mine = accounts.organisations_of(tx, visit.account)
        found = told(tx, visit.access.organisations, limit=limit + 1, before=before)
    if wanted_as(visit):
        return listed_as(visit, "messages", Told._fields, [m._asdict() for m in whole_list(found)])
    return visit.render(
        "messages.html",
        rows=[(m, *_said(visit, m)) for m in found[:PAGE]],
        next=found[PAGE - 1].entry if len(found) > PAGE else None,
        several=len(mine) > 1,
    )


def _said(visit: Visit, m: Told) -> tuple[str, str]:
    """(the procedure, what happened) in words."""
    spec = procedure(m.procedure)
    step = step_of(spec, m.step)
    happened = visit.say("portal_step_overdue_fact") if step is None else step.words[visit.lang]
    return spec.title().text(visit.lang), happened
