"""Statistics of a register: by month, region, kind and status; every chart has its table."""

from __future__ import annotations

from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.app.lawbook import statistics as published
from salyq.office.portal.charts import bars
from salyq.office.portal.public.asked import as_of
from salyq.office.portal.public.registers import may_see
from salyq.office.portal.visit import Visit
from salyq.office.registry import book
from salyq.office.registry.read import BY, listed, statistics


def page(visit: Visit) -> Response:
    code = visit.query.get("register", "miners")
    by = visit.query.get("by", "month")
    spec = book.registers().get(code)
    if spec is None or by not in BY or not may_see(visit.access.offices, visit.access.role, spec):
        raise HTTPException(404)
    with visit.transaction() as tx:
        day = as_of(visit.query, tx.now)
        series = statistics(tx, code, by, day)
        codes = [r.code for r in listed(tx)]
    rows = [(_label(visit, code, by, what), count) for what, count in series]
    chart = bars(rows, visit.say("portal_statistics_of", register=spec.title()))
    return visit.render("statistics.html", spec=spec, by=by, ways=BY, rows=rows, chart=chart, codes=codes, day=day)


def history(visit: Visit) -> Response:
    """The country's dated counts of licences, pools, miners and the rest, each with its source; no firm is named."""
    groups = [(label, list(rows)) for label, rows in groupby(published(), key=lambda s: s.label[visit.lang])]
    return visit.render("history.html", groups=groups)


def _label(visit: Visit, code: str, by: str, what: str) -> str:
    if not what:
        return visit.say("portal_not_said")
    if by == "region":
        return book.words("region", what).text(visit.lang)
    if by == "status":
        return book.status_words(book.register(code), what).text(visit.lang)
    if by == "kind":
        return book.words("choice", what).text(visit.lang)
    return what
