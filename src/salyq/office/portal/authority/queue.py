"""What waits for the office, the nearest deadline first; opening an act of the office about a record."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.civil.days import kz_day
from salyq.civil.errors import SalyqError
from salyq.office.portal.cases_view import keep_documents
from salyq.office.portal.fields import Input, inputs_of, read
from salyq.office.portal.lists import LONGEST_LIST, listed_as, wanted_as, whole_list
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit, once_token
from salyq.office.procedures.book import first_step, procedures, says
from salyq.office.procedures.model import Procedure
from salyq.office.procedures.read import Queue, Row, after, queue, queue_length
from salyq.office.procedures.take import OFFICERS, open_application
from salyq.office.store.answers import once
from salyq.office.store.store import Transaction

PAGE = 50
_COLUMNS = Row._fields[:-1]
_BY = {"officer": ("officer", "head"), "second_officer": ("second", "head"), "head": ("officer", "second")}


def page(visit: Visit) -> Response:
    """Mine: what this officer's role acts on next (an auditor's acts on nothing); all; over."""
    shows = ("mine", "open", "over") if visit.access.role in _BY else ("open", "over")
    which = visit.query.get("show", shows[0])
    chosen = visit.query.get("procedure", "")
    cursor = visit.query.get("cursor", "")
    if which not in shows or (chosen and chosen not in procedures()):
        raise HTTPException(404)
    by = _BY.get(visit.access.role, ()) if which == "mine" else None
    asked = Queue(which == "over", chosen or None, by)
    if wanted_as(visit):
        with visit.transaction() as tx:
            found = whole_list(queue(tx, asked, limit=LONGEST_LIST + 1))
        return listed_as(visit, "queue", _COLUMNS, [r._asdict() for r in found])
    with visit.transaction() as tx:
        rows, count = queue(tx, asked, limit=PAGE + 1, cursor=cursor), queue_length(tx, asked)
        today = kz_day(tx.now)
    mine = {p.code: p for p in procedures().values() if p.office in visit.access.offices or not visit.access.offices}
    return visit.render(
        "queue.html",
        rows=rows[:PAGE],
        next=after(rows[PAGE - 1], over=asked.over) if len(rows) > PAGE else None,
        show=which,
        shows=shows,
        chosen=chosen,
        today=today,
        specs=mine | {r.procedure: procedures()[r.procedure] for r in rows},  # an officer may have filed something too
        count=count,
        acts=[p for p in acts_of(visit) if not p.about_record],
    )


def open_act(visit: Visit) -> Response:
    """The form of an official act, of a record where the procedure is about one."""
    spec = procedures().get(visit.path["procedure"])
    if spec is None or spec.by_applicant:
        raise HTTPException(404)
    number = (visit.form.get("number") or visit.query.get("number", ""))[:100]
    inputs, wrong = inputs_of(spec, visit.lang), None
    if visit.request.method == "POST":
        try:
            id_ = _open(visit, spec, inputs, number)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect(f"/authority/applications/{id_}", done="open")
    values: dict[str, Any] = read(inputs, visit.form)
    return visit.render(
        "open_act.html",
        status_of(wrong),
        spec=spec,
        step=first_step(spec),
        says=says(spec, first_step(spec)),
        today=_today(visit),
        inputs=inputs,
        values=values,
        number=number,
        wrong=wrong,
        once=visit.form.get("once") or once_token(),
    )


def _today(visit: Visit) -> date:
    with visit.transaction() as tx:
        return kz_day(tx.now)


def _open(visit: Visit, spec: Procedure, inputs: list[Input], number: str) -> str:
    fields, step = read(inputs, visit.form), first_step(spec)
    said = {f: visit.form.get(f"s.{f}", "").strip() for some in says(spec, step) for f in some}
    said = {k: v for k, v in said.items() if v}
    organisation = "" if spec.about_record else visit.form.get("organisation", "").strip()[:12]
    name = visit.form.get("name", "").strip()[:500]

    def work(tx: Transaction) -> tuple[int, str]:
        case = open_application(
            tx, spec.code, organisation, name, fields, number=number if spec.about_record else None, content=said
        )
        keep_documents(visit, tx, spec, case)
        return 201, str(case.application.id)

    content = repr((spec.code, number, organisation, name, sorted(fields.items()), sorted(said.items())))
    with visit.transaction() as tx:
        _, id_ = once(tx, visit.form.get("once", "")[:60], content.encode(), lambda: work(tx))
    return id_


def acts_of(visit: Visit) -> list[Procedure]:
    """The official acts that the visitor may begin: those of his own office."""
    if visit.access.role not in OFFICERS:
        return []
    return [p for p in procedures().values() if not p.by_applicant and p.office in visit.access.offices]
