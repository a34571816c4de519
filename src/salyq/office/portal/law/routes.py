"""Routes of the pages about law."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from salyq.office.portal.law import ask, book, brief, calculators
from salyq.office.portal.visit import routed

ROUTES: list[BaseRoute] = [
    Route("/{lang}/law", routed(book.door)),
    Route("/book/{page:path}", book.page),
    Route("/{lang}/ask", routed(ask.every)),
    Route("/{lang}/ask/{act}", routed(ask.one)),
    Route("/{lang}/brief", routed(brief.page)),
    Route("/{lang}/calculators", routed(calculators.every)),
    Route("/{lang}/calculators/{name}", routed(calculators.one)),
]
