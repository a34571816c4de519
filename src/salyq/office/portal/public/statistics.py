"""Statistics of a register: by month, region, kind and status; every chart has its table."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.app.lawbook import statistics as published
from salyq.office.portal.charts import bars
from salyq.office.portal.lists import listed_as, wanted_as
from salyq.office.portal.public.asked import as_of
from salyq.office.portal.public.registers import may_see
from salyq.office.portal.site import shown_sum
from salyq.office.portal.visit import Visit
from salyq.office.registry import book
from salyq.office.registry.read import BY, listed, statistics
from salyq.present.months import month_short, month_text

_UNITS = ("kWh", "KZT", "USD")


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
    if wanted_as(visit):
        counted = [{by: what, "count": count} for what, count in series]
        return listed_as(visit, f"{code}-by-{by}-{day.on.isoformat()}", (by, "count"), counted)
    rows = [(_label(visit, code, by, what), count) for what, count in series]
    axis = [
        (month_short(what) if by == "month" else label, n) for (what, n), (label, _) in zip(series, rows, strict=True)
    ]
    chart = bars(axis, visit.say("portal_statistics_of", register=spec.title()))
    return visit.render("statistics.html", spec=spec, by=by, ways=BY, rows=rows, chart=chart, codes=codes, day=day)


def history(visit: Visit) -> Response:
    """The country's dated counts of licences, pools, miners and the rest, each with its source; no firm is named."""
    if wanted_as(visit):
        columns = ("measure", "period", "value", "unit", "source", "address", "confidence", "disputed")
        return listed_as(visit, "published", columns, [{c: getattr(s, c) for c in columns} for s in published()])
    groups = []
    for label, found in groupby(published(), key=lambda s: s.label[visit.lang]):
        rows = list(found)
        drawn = bars([(s.period, Decimal(s.value)) for s in rows], label) if len(rows) > 1 else ""
        groups.append((label, rows, drawn))
    return visit.render(
        "history.html",
        groups=groups,
        amount=lambda s: _amount(visit, s.value, s.unit),
        source=lambda s: s.said_by[visit.lang],
    )


def _amount(visit: Visit, value: Decimal | str, unit: str) -> str:
    """A value with its thousands apart and its unit in words."""
    said = shown_sum(format(Decimal(value), "f"), visit.lang)
    return f"{said}\N{NO-BREAK SPACE}{visit.say(f'portal_unit_{unit}')}" if unit in _UNITS else f"{said} {unit}".strip()


def _label(visit: Visit, code: str, by: str, what: str) -> str:
    if not what:
        return visit.say("portal_not_said")
    if by == "region":
        return book.words("region", what).text(visit.lang)
    if by == "status":
        return book.status_words(book.register(code), what).text(visit.lang)
    if by == "kind":
        return book.words("choice", what).text(visit.lang)
    return month_text(what, visit.lang) if by == "month" else what
