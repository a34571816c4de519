"""Imports and corrections that wait for a second person; proposing a correction; looks at restricted registers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.app.lawbook import whole
from salyq.civil.citing import act_text
from salyq.civil.errors import SalyqError, UsageError
from salyq.civil.messages import Message
from salyq.civil.reader import in_order
from salyq.office.portal.fields import Input, of_register, read
from salyq.office.portal.lists import LONGEST_LIST, listed_as, wanted_as, whole_list
from salyq.office.portal.public.registers import look, may_see
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit
from salyq.office.registry import book, proposals
from salyq.office.registry.read import AsOf, history, record

PAGE = 100


def every(visit: Visit) -> Response:
    wrong: SalyqError | None = None
    if visit.request.method == "POST":
        try:
            _settle(visit)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect("/authority/proposals", done=visit.form.get("do", "")[:10])
    cursor = visit.query.get("cursor", "")
    with visit.transaction() as tx:
        if wanted_as(visit):
            rows = whole_list(proposals.waiting(tx, limit=LONGEST_LIST + 1))
        else:
            rows = proposals.waiting(tx, limit=PAGE + 1, cursor=cursor)
    if wanted_as(visit):
        return listed_as(visit, "proposals", proposals.Proposal._fields, [r._asdict() for r in rows])
    done = visit.query.get("done", "")
    shown: dict[str, Any] = {"rows": rows[:PAGE], "next": proposals.after(rows[PAGE - 1]) if len(rows) > PAGE else None}
    return visit.render("proposals.html", status_of(wrong), **shown, wrong=wrong, done=done, shown=_shown(visit.lang))


def _shown(lang: str) -> Callable[[proposals.Proposal, str, object], str]:
    """A value of a proposal in words, as the record's own page says it."""

    def shown(p: proposals.Proposal, name: str, value: object) -> str:
        if value is None:
            return "—"
        spec = book.register(p.register)
        return str(value) if spec.field(name) is None else book.value_shown(spec, name, value, lang)

    return shown


def _settle(visit: Visit) -> None:
    try:
        id_ = UUID(visit.form.get("id", ""))
    except ValueError:
        raise HTTPException(404) from None
    with visit.transaction() as tx:
        if visit.form.get("do") == "confirm":
            proposals.confirm(tx, id_)
        else:
            proposals.refuse(tx, id_, visit.form.get("reason", ""))


def correct(visit: Visit) -> Response:
    """The form of a correction: which entry, its day and fields as they should have been, why, by which article."""
    spec, number = book.registers().get(visit.path["code"]), visit.path["number"]
    if spec is None or not may_see(visit.access.offices, visit.access.role, spec):
        raise HTTPException(404)
    inputs = [of_register(f, visit.lang, False) for f in spec.fields if f.public or not spec.public]
    wrong: SalyqError | None = None
    if visit.request.method == "POST":
        try:
            _propose(visit, spec.code, number, inputs)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect("/authority/proposals", done="proposed")
    with visit.transaction() as tx:
        past, now = history(tx, spec.code, number), record(tx, spec.code, number, AsOf.now(tx))
        if not past:
            raise visit.not_there()
        look(visit, tx, spec, number)
    values = read(inputs, visit.form) if visit.form else {}
    return visit.render(
        "correct.html",
        status_of(wrong),
        spec=spec,
        number=number,
        past=past,
        now=now,
        inputs=inputs,
        values=values,
        wrong=wrong,
        acts=_acts(visit.lang),
    )


def _acts(lang: str) -> list[tuple[str, str]]:
    """Every act that law knows, by its name."""
    return sorted(((n, act_text(a, lang)) for n, a in whole().acts.items()), key=lambda named: in_order(named[1]))


def _propose(visit: Visit, code: str, number: str, inputs: list[Input]) -> None:
    form = visit.form
    position, day = form.get("entry", ""), form.get("valid_from", "")
    if not re.fullmatch(r"[0-9]{1,18}", position):
        raise _bad("entry", position, "№")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise _bad("valid_from", day, "2026-06-15") from None
    ground = {name: form.get(name, "").strip()[:2000] for name in ("act", "article", "reason")}
    with visit.transaction() as tx:
        proposals.correct(tx, code, number, int(position), on, read(inputs, form), ground)


def _bad(name: str, value: str, right: str) -> UsageError:
    return UsageError(Message("portal_bad_value", {"name": name, "value": value[:40], "right": right}), column=name)
