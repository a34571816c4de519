"""Routes of the offices."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from salyq.office.portal import cases_view, filings_view
from salyq.office.portal.authority import administration, of_log, proposals, queue
from salyq.office.portal.visit import Handler, Visit, routed

DECIDE = ("officer", "second_officer", "head")
SEE = (*DECIDE, "auditor")
BOTH = ["GET", "POST"]


def _application(visit: Visit) -> Response:
    return cases_view.page(visit, "authority")


def _filings(visit: Visit) -> Response:
    return filings_view.every(visit, "authority")


def _filing(visit: Visit) -> Response:
    return filings_view.one(visit, "authority")


def _route(path: str, handler: Handler, methods: list[str] | None = None, roles: tuple[str, ...] = SEE) -> Route:
    return Route(f"/{{lang}}/authority{path}", routed(handler, roles=roles), methods=methods or ["GET"])


ROUTES: list[BaseRoute] = [
    _route("", queue.page),
    _route("/open/{procedure}", queue.open_act, BOTH, DECIDE),
    _route("/applications/{id}", _application, BOTH),
    _route("/applications/{id}/documents/{sha256}", cases_view.document),
    _route("/filings", _filings),
    _route("/filings/{id}", _filing),
    _route("/proposals", proposals.every, BOTH),
    _route("/correct/{code}/{number}", proposals.correct, BOTH, DECIDE),
    _route("/looks", of_log.looks),
    _route("/account-acts", of_log.account_acts, roles=("auditor",)),
    _route("/accounts", administration.page, BOTH, ("administrator",)),
]
