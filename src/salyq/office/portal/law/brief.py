"""The policy brief of a day as a page."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from salyq.app.brief import brief
from salyq.app.lawbook import whole
from salyq.civil.days import kz_day
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.office.portal.public.asked import day_of
from salyq.office.portal.visit import Visit
from salyq.present.brief_page import PARTS, by_day, rests_on
from salyq.present.cites import cite_text
from salyq.present.words import Words


def page(visit: Visit) -> Response:
    today = kz_day(visit.site.web.clock.now())  # law is readable without the database
    on = day_of("on", visit.query.get("on", "")) or today
    reading = whole().reading
    first, last = date(reading["first_year"], 1, 1), date(reading["last_year"], 12, 31)
    if not first <= on <= last:
        told = Message("brief_day_unread", {"first": first.isoformat(), "last": last.isoformat()})
        raise UsageError(told, column="on", value=on.isoformat())
    made, say = brief(on), Words(visit.lang)
    parts = [(p, say(f"brief_part_{p}"), [r for r in made.rows if r.part == p]) for p in PARTS]
    return visit.render(
        "brief.html",
        made=made,
        parts=parts,
        rests=lambda r: rests_on(r.cites, r.basis, made.acts, say),
        cite=lambda c: cite_text(c, made.acts, visit.lang),
        by_day=lambda changes: by_day(changes, visit.lang),
        on=on,
        first=first,
        last=last,
    )
