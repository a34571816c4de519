"""Applications and their steps. Every POST takes `Idempotency-Key`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from salyq.office.people import accounts
from salyq.office.portal.api.asking import Asks, Caller
from salyq.office.portal.public.asked import whole
from salyq.office.procedures.book import procedures, says, steps_of
from salyq.office.procedures.model import Document
from salyq.office.procedures.read import after, as_json, case_of, listed
from salyq.office.procedures.take import open_application, take_step
from salyq.office.registry.book import register
from salyq.office.store.answers import once
from salyq.office.store.store import Transaction

router = APIRouter(tags=["applications"])
Key = Annotated[str, Header(alias="Idempotency-Key", description="The same key and content give the same answer")]
Text = Annotated[str, Field(max_length=5000)]
Value = Text | bool | int | list[Text] | None


class NewApplication(BaseModel):
    """`fields` are those of the procedure; `number` the record that it is about; `content` what the first step says."""

    model_config = ConfigDict(extra="forbid")
    procedure: Annotated[str, Field(max_length=60)]
    organisation: Annotated[str, Field(max_length=12)] = ""
    name: Annotated[str, Field(max_length=500)] = ""
    number: Annotated[str, Field(max_length=100)] | None = None
    fields: dict[str, Value] = {}
    content: dict[str, Text] = {}


class StepContent(BaseModel):
    """What the step says (`article`, `reason`, `faults`, `effect_on` …), and `fields` where it amends."""

    model_config = ConfigDict(extra="allow")
    fields: dict[str, Value] | None = None


@router.get("/procedures")
def every(caller: Asks) -> dict[str, Any]:  # noqa: ARG001
    """The procedures: fields, documents, steps, what they write."""
    return {"items": [_procedure(code) for code in procedures()]}


@router.post("/applications", status_code=201)
def file(caller: Asks, request: Request, new: NewApplication, key: Key = "") -> Response:  # noqa: ARG001
    """Files an application (or opens an official act); 422 with the field that is wrong."""
    caller.signed_in()

    def work(tx: Transaction) -> tuple[int, str]:
        name = new.name or _name(tx, new.organisation)
        case = open_application(
            tx, new.procedure, new.organisation, name, new.fields, number=new.number, content=new.content
        )
        return 201, json.dumps(as_json(case), ensure_ascii=False)

    return _once(caller, key, new.model_dump_json(), work)


@router.get("/applications")
def some(
    caller: Asks, procedure: str = "", status: str = "", organisation: str = "", limit: str = "", cursor: str = ""
) -> dict[str, Any]:
    """What the caller may see, the nearest deadline first."""
    caller.signed_in()
    most = whole("limit", limit, 50, 1, 200)
    with caller.transaction() as tx:
        rows = listed(
            tx,
            procedure=procedure.replace("\x00", "") or None,
            status=status.replace("\x00", "") or None,
            organisation=organisation.replace("\x00", "") or None,
            limit=most + 1,
            cursor=cursor,
        )
    items = [
        {"id": str(r.id), "procedure": r.procedure, "organisation": r.organisation, "number": r.number,
         "status": r.status, "due": r.due.isoformat() if r.due else None, "opened_at": r.opened_at.isoformat()}
        for r in rows[:most]
    ]  # fmt: skip
    return {"items": items, "next": after(rows[most - 1]) if len(rows) > most else None}


@router.get("/applications/{id}")
def one(caller: Asks, id: UUID) -> dict[str, Any]:
    """The application: status, clock, next steps, law, steps taken."""
    caller.signed_in()
    with caller.transaction() as tx:
        case = case_of(tx, id)
    if case is None:
        raise HTTPException(404)
    return as_json(case)


@router.post("/applications/{id}/steps/{step}")
def step(caller: Asks, id: UUID, step: str, content: StepContent | None = None, key: Key = "") -> Response:
    """Takes a step; 409 where it is not listed from the status, 422 where its content or law does not allow it."""
    caller.signed_in()
    said = content.model_dump(exclude_none=True) if content is not None else {}

    def work(tx: Transaction) -> tuple[int, str]:
        return 200, json.dumps(as_json(take_step(tx, id, step, said)), ensure_ascii=False)

    return _once(caller, key, json.dumps([str(id), step, said], sort_keys=True), work)


def _once(caller: Caller, key: str, content: str, work: Callable[[Transaction], tuple[int, str]]) -> Response:
    with caller.transaction() as tx:
        status, body = once(tx, key, content.encode(), lambda: work(tx))
    return Response(body, status, media_type="application/json")


def _name(tx: Transaction, organisation: str) -> str:
    rows = tx.dicts(accounts.SQL["organisation"], {"bin": organisation})
    return str(rows[0]["name"]) if rows else organisation


def _procedure(code: str) -> dict[str, Any]:
    spec = procedures()[code]
    reg = register(spec.register)
    fields = [{"name": f.name, "type": f.type, "required": f.required, "choices": list(f.choices)}
              for f in reg.fields if f.name in spec.fields]  # fmt: skip
    steps = [
        {
            "step": s.name,
            "by": s.by,
            "from": list(s.sources),
            "to": s.to,
            "clock": s.clock,
            "fields": list(says(spec, s)[0]),
            "optional": list(says(spec, s)[1]),
            "words": s.words,
        }
        for s in steps_of(spec.steps_name)
    ]
    return {
        "code": code,
        "words": spec.words,
        "register": spec.register,
        "office": spec.office,
        "writes": spec.writes,
        "from": spec.first.isoformat(),
        "about_record": spec.about_record,
        "cites": list(spec.cites),
        "fields": fields,
        "facts": list(spec.facts()),
        "documents": [_paper(d) for d in spec.documents],
        "steps": steps,
        "points": [{"kind": p.kind, "code": p.code, "cite": p.cite, "words": p.words} for p in spec.points],
    }


def _paper(d: Document) -> dict[str, Any]:
    days = {"from": d.first, "until": d.last}
    return {"name": d.name, "basis": d.basis, "words": d.words} | {k: v.isoformat() for k, v in days.items() if v}
