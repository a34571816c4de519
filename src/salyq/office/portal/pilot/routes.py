"""Routes of the pilots' pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from salyq.office.portal.pilot import pages
from salyq.office.portal.visit import routed

_ANYBODY_SIGNED_IN = ("applicant", "representative", "officer", "second_officer", "head", "auditor", "administrator")

ROUTES: list[BaseRoute] = [
    Route("/{lang}/pilot", routed(pages.index)),
    Route("/{lang}/pilot/card", routed(pages.cards, roles=_ANYBODY_SIGNED_IN)),
    Route("/{lang}/pilot/card/{holder}", routed(pages.card, roles=_ANYBODY_SIGNED_IN)),
    Route("/{lang}/pilot/card/{holder}/{name}", routed(pages.card_file, roles=_ANYBODY_SIGNED_IN)),
    Route("/{lang}/pilot/corridor", routed(pages.corridor, roles=_ANYBODY_SIGNED_IN)),
    Route("/{lang}/pilot/sandbox", routed(pages.sandbox)),
    Route("/{lang}/pilot/sandbox/{number}", routed(pages.sandbox_one, roles=_ANYBODY_SIGNED_IN)),
    Route("/{lang}/pilot/city", routed(pages.city), methods=["GET", "POST"]),
    Route("/{lang}/pilot/city/invoices/{number}", routed(pages.invoice), methods=["GET", "POST"]),
    Route("/{lang}/pilot/events/{id:path}", routed(pages.event, roles=_ANYBODY_SIGNED_IN)),
]
