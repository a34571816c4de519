"""Applying: which procedures there are, the form of one, its filing."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.civil.days import kz_day
from salyq.civil.errors import SalyqError
from salyq.civil.reader import in_order
from salyq.office.people import accounts
from salyq.office.portal import cases_view
from salyq.office.portal.fields import inputs_of, read
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit, once_token
from salyq.office.procedures.book import procedures
from salyq.office.procedures.model import Procedure
from salyq.office.procedures.take import open_application
from salyq.office.registry.model import ACTIVE, SUSPENDED
from salyq.office.registry.read import of_subjects
from salyq.office.store.answers import once
from salyq.office.store.store import Transaction


def every(visit: Visit) -> Response:
    found = [p for p in procedures().values() if p.by_applicant]
    with visit.transaction() as tx:
        today = kz_day(tx.now)
    ordered = sorted(found, key=lambda p: in_order(p.title().text(visit.lang)))
    return visit.render("apply_list.html", today=today, procedures=ordered)


def one(visit: Visit) -> Response:
    spec = procedures().get(visit.path["procedure"])
    if spec is None or not spec.by_applicant:
        raise HTTPException(404)
    inputs, wrong = inputs_of(spec, visit.lang), None
    if visit.request.method == "POST":
        try:
            id_ = _file(visit, spec)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect(f"/cabinet/applications/{id_}", done="file")
    assert visit.account is not None
    with visit.transaction() as tx:
        mine = accounts.organisations_of(tx, visit.account)
        numbers, today = _numbers(tx, visit, spec), kz_day(tx.now)
    values: dict[str, Any] = read(inputs, visit.form)
    return visit.render(
        "apply.html",
        status_of(wrong),
        spec=spec,
        inputs=inputs,
        values=values,
        mine=mine,
        numbers=numbers,
        today=today,
        wrong=wrong,
        once=visit.form.get("once") or once_token(),
    )


def _file(visit: Visit, spec: Procedure) -> str:
    fields = read(inputs_of(spec, visit.lang), visit.form)
    organisation = visit.form.get("organisation", "")[:12]
    number = visit.form.get("number", "")[:100] or None
    content = repr((spec.code, organisation, number, sorted(fields.items())))

    def work(tx: Transaction) -> tuple[int, str]:
        rows = tx.dicts(accounts.SQL["organisation"], {"bin": organisation})
        name = str(rows[0]["name"]) if rows else organisation
        case = open_application(tx, spec.code, organisation, name, fields, number=number)
        cases_view.keep_documents(visit, tx, spec, case)
        return 201, str(case.application.id)

    with visit.transaction() as tx:
        _, id_ = once(tx, visit.form.get("once", "")[:60], content.encode(), lambda: work(tx))
    return id_


def _numbers(tx: Transaction, visit: Visit, spec: Procedure) -> list[str]:
    """The records that the procedure may be about."""
    if not spec.about_record:
        return []
    mine = of_subjects(tx, visit.access.organisations)
    return [r.number for r in mine if r.register == spec.register and r.status in (ACTIVE, SUSPENDED)]
