"""Routes of the cabinet."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from salyq.office.portal import cases_view, filings_view
from salyq.office.portal.cabinet import apply, cases, home, messages
from salyq.office.portal.visit import Handler, Visit, routed

ROLES = ("applicant", "representative")
BOTH = ["GET", "POST"]


def _application(visit: Visit) -> Response:
    return cases_view.page(visit, "cabinet")


def _filings(visit: Visit) -> Response:
    return filings_view.every(visit, "cabinet")


def _filing(visit: Visit) -> Response:
    return filings_view.one(visit, "cabinet")


def _route(path: str, handler: Handler, methods: list[str] | None = None) -> Route:
    return Route(f"/{{lang}}/cabinet{path}", routed(handler, roles=ROLES), methods=methods or ["GET"])


ROUTES: list[BaseRoute] = [
    _route("", home.page),
    _route("/messages", messages.page),
    _route("/apply", apply.every),
    _route("/apply/{procedure}", apply.one, BOTH),
    _route("/applications/{id}", _application, BOTH),
    _route("/applications/{id}/documents/{sha256}", cases_view.document),
    _route("/filings", _filings, BOTH),
    _route("/filings/{id}", _filing),
    _route("/cases", cases.every, BOTH),
    _route("/cases/{id}", cases.one, BOTH),
    _route("/cases/{id}/person", cases.facts_page, BOTH),
    _route("/cases/{id}/rows", cases.rows_page),
    _route("/cases/{id}/questions", cases.questions, BOTH),
    _route("/cases/{id}/calendar", cases.calendar),
    _route("/cases/{id}/calendar.{ending}", cases.calendar),
    _route("/cases/{id}/{year:int}", cases.year_page, BOTH),
    _route("/cases/{id}/{year:int}/why", cases.why),
    _route("/cases/{id}/{year:int}/forms", cases.forms, BOTH),
    _route("/cases/{id}/{year:int}/forms/{form}/{ending}", cases.form_file),
]
