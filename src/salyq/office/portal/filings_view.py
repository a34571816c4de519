"""Filings as pages: the list, one with its faults and findings, and handing in a file."""

from __future__ import annotations

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.civil.errors import SalyqError
from salyq.office.intake.files import LARGEST
from salyq.office.intake.kinds import kinds
from salyq.office.intake.receive import after, filing, listed, receive
from salyq.office.intake.receive import as_json as filing_json
from salyq.office.people import accounts
from salyq.office.portal.lists import LONGEST_LIST, listed_as, wanted_as, whole_list
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit

PAGE = 50
_COLUMNS = ("number", "kind", "organisation", "period", "status", "filed_at", "findings", "corrects", "corrected_by")


def every(visit: Visit, door: str) -> Response:
    """The list; in the cabinet, POST hands a file in."""
    wrong: SalyqError | None = None
    if visit.request.method == "POST":
        try:
            id_ = _hand_in(visit)
        except SalyqError as error:
            wrong = error
        else:
            return visit.redirect(f"/{door}/filings/{id_}")
    kind = visit.query.get("kind", "") or None
    status = visit.query.get("status", "") or None
    cursor = visit.query.get("cursor", "")
    if (kind and kind not in kinds()) or status not in (None, "accepted", "refused"):
        raise HTTPException(404)
    assert visit.account is not None
    if wanted_as(visit):
        with visit.transaction() as tx:
            found = [filing_json(f) for f in whole_list(listed(tx, kind=kind, status=status, limit=LONGEST_LIST + 1))]
        flat = [f | {"filed_at": f["acknowledgement"]["received_at"], "findings": len(f["findings"])} for f in found]
        return listed_as(visit, "filings", _COLUMNS, flat)
    with visit.transaction() as tx:
        rows = listed(tx, kind=kind, status=status, limit=PAGE + 1, cursor=cursor)
        mine = accounts.organisations_of(tx, visit.account)
    return visit.render(
        "filings.html",
        status_of(wrong),
        door=door,
        rows=rows[:PAGE],
        next=after(rows[PAGE - 1]) if len(rows) > PAGE else None,
        kinds=kinds(),
        kind=kind or "",
        status_chosen=status or "",
        mine=mine,
        own=own_number(visit),
        wrong=wrong,
        corrects=visit.query.get("corrects", ""),
    )


def own_number(visit: Visit) -> str:
    """The visitor's own IIN, where he speaks for himself."""
    return (visit.account.iin if visit.account is not None else None) or ""


def one(visit: Visit, door: str) -> Response:
    try:
        id_ = UUID(visit.path["id"])
    except ValueError:
        raise HTTPException(404) from None
    with visit.transaction() as tx:
        found = filing(tx, id_)
    if found is None:
        raise visit.not_there()
    return visit.render("filing.html", door=door, found=found, kinds=kinds())


def _hand_in(visit: Visit) -> UUID:
    file = visit.files.get("file")
    data = file.file.read(LARGEST + 1) if file is not None else b""
    signature = visit.files.get("signature")
    mark = signature.file.read(LARGEST + 1) if signature is not None else b""
    try:
        corrects = UUID(visit.form["corrects"]) if visit.form.get("corrects") else None
    except ValueError:
        raise HTTPException(422) from None
    with visit.transaction() as tx:
        made = receive(
            tx,
            visit.site.folder,
            visit.form.get("kind", "")[:40],
            visit.form.get("organisation", "")[:12],
            (file.filename if file is not None else None) or "file",
            data,
            corrects,
            mark,
        )
    return made.id
