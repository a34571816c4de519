"""Filings: a file with its kind comes in, and is accepted with an acknowledgement or refused with its list."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Response, UploadFile
from starlette.exceptions import HTTPException

from salyq.office.intake import files
from salyq.office.intake.kinds import kinds
from salyq.office.intake.receive import after, as_json, filing, listed, receive
from salyq.office.portal.api.applications import Key
from salyq.office.portal.api.asking import Asks
from salyq.office.portal.public.asked import whole
from salyq.office.store.answers import once

router = APIRouter(tags=["filings"])


@router.get("/filings/kinds")
def every(caller: Asks) -> dict[str, Any]:  # noqa: ARG001
    """What may be handed in."""
    return {"items": [{"kind": k.code, "words": {lang: k.words.text(lang) for lang in ("kk", "ru", "en")},
                       "offices": list(k.offices)} for k in kinds().values()]}  # fmt: skip


@router.post("/filings", status_code=201)
def hand_in(
    caller: Asks,
    file: UploadFile,
    kind: Annotated[str, Form(max_length=40)],
    organisation: Annotated[str, Form(max_length=12)] = "",
    corrects: Annotated[UUID | None, Form()] = None,
    signature: UploadFile | None = None,
    key: Key = "",
) -> Response:
    """201 with `status` accepted or refused (with `faults`); the same key and content give the same answer."""
    caller.signed_in()
    owner = organisation or (caller.access.organisations[0] if caller.access.organisations else "")
    data = file.file.read(files.LARGEST + 1)
    mark = signature.file.read(files.LARGEST + 1) if signature is not None else b""
    digests = [hashlib.sha256(part).hexdigest() for part in (data, mark) if part]
    content = json.dumps([kind, owner, str(corrects), *digests]).encode()

    with caller.transaction() as tx:

        def work() -> tuple[int, str]:
            made = receive(tx, caller.site.folder, kind, owner, file.filename or "", data, corrects, mark)
            return 201, json.dumps(as_json(made), ensure_ascii=False)

        status, body = once(tx, key, content, work)
    return Response(body, status, media_type="application/json")


@router.get("/filings")
def some(
    caller: Asks, kind: str = "", organisation: str = "", status: str = "", limit: str = "", cursor: str = ""
) -> dict[str, Any]:
    """What the caller may see, the newest first."""
    caller.signed_in()
    most = whole("limit", limit, 50, 1, 200)
    asked = {"kind": kind, "organisation": organisation, "status": status}
    with caller.transaction() as tx:
        rows = listed(tx, **{k: v.replace("\x00", "") or None for k, v in asked.items()}, limit=most + 1, cursor=cursor)
    return {"items": [as_json(r) for r in rows[:most]], "next": after(rows[most - 1]) if len(rows) > most else None}


@router.get("/filings/{id}")
def one(caller: Asks, id: UUID) -> dict[str, Any]:
    """The filing with its acknowledgement, faults and findings."""
    caller.signed_in()
    with caller.transaction() as tx:
        found = filing(tx, id)
    if found is None:
        raise HTTPException(404)
    return as_json(found)


@router.get("/filings/{id}/file")
def content(caller: Asks, id: UUID) -> Response:
    """The file as it came in, as a download."""
    caller.signed_in()
    with caller.transaction() as tx:
        found = filing(tx, id)
    if found is None:
        raise HTTPException(404)
    data = files.place(caller.site.folder, found.file_sha256).read_bytes()
    headers = {"content-disposition": f'attachment; filename="{found.number}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)
