"""Pages of the registers: all of them, one with search and filters, one record with its history and its extract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.office.portal import choices
from salyq.office.portal.authority.queue import acts_of
from salyq.office.portal.lists import as_csv, listed_as, wanted_as
from salyq.office.portal.public.asked import as_of, wanted
from salyq.office.portal.visit import Visit
from salyq.office.registry import book
from salyq.office.registry.extract import extract
from salyq.office.registry.model import Register
from salyq.office.registry.paper import extract_pdf
from salyq.office.registry.read import Record, every_record, history, listed, record, records
from salyq.office.store import entries
from salyq.office.store.store import Transaction

_GROUPS = (
    ("mining", ("miners", "pools", "data_centres", "mining_hardware")),
    ("markets", ("exchange_operators", "trading_platforms", "dfa_platforms", "dfa_issues", "secured_issuers")),
    ("zones", ("aifc_participants", "sandbox_participants", "city_residents", "city_permits")),
    ("supervision", ("measures", "criminal_wallets")),
)


def home(visit: Visit) -> Response:
    with visit.transaction() as tx:
        counts = {r.code: r for r in listed(tx)}
        size = entries.size(tx)
    return visit.render("home.html", counts=counts, size=size)


def every(visit: Visit) -> Response:
    with visit.transaction() as tx:
        counts = {r.code: r for r in listed(tx)}
    if wanted_as(visit):
        return listed_as(visit, "registers", ("code", "active", "total"), [r._asdict() for r in counts.values()])
    groups = [(name, [counts[c] for c in codes if c in counts]) for name, codes in _GROUPS]
    return visit.render("registers.html", groups=groups)


def one(visit: Visit) -> Response:
    spec = _seen(visit)
    asked = wanted(visit.query, spec.code)
    with visit.transaction() as tx:
        day = as_of(visit.query, tx.now)
        look(visit, tx, spec, "*")
        found = records(tx, spec.code, asked, day)
    may, places = choices.filters(spec.code, visit.lang, day.on), choices.regions(visit.lang)
    return visit.render("register.html", spec=spec, found=found, asked=asked, day=day, choices=may, regions=places)


def as_file(visit: Visit) -> Response:
    """The whole list as CSV or JSON, by the same filters."""
    spec, form = _seen(visit), visit.path["form"]
    if form not in ("csv", "json"):
        raise HTTPException(404)
    with visit.transaction() as tx:
        day = as_of(visit.query, tx.now)
        look(visit, tx, spec, "*")
        rows = list(every_record(tx, spec.code, wanted(visit.query, spec.code), day))
    text = rows_csv(spec, rows) if form == "csv" else rows_json(rows)
    name = f"{spec.code}-{day.on.isoformat()}.{form}"
    kinds = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=kinds[form], headers=headers)


def record_page(visit: Visit) -> Response:
    spec, number = _seen(visit), visit.path["number"]
    with visit.transaction() as tx:
        day = as_of(visit.query, tx.now)
        found = record(tx, spec.code, number, day)
        past = history(tx, spec.code, number, day.known)
        if not past:
            raise HTTPException(404)
        look(visit, tx, spec, number)
    acts = [p for p in acts_of(visit) if p.register == spec.code and p.about_record]
    return visit.render("record.html", spec=spec, found=found, number=number, past=past, day=day, acts=acts)


def extract_file(visit: Visit) -> Response:
    """The extract with its proofs: JSON, or on paper with the JSON inside."""
    spec, number, form = _seen(visit), visit.path["number"], visit.path["form"]
    if form not in ("json", "pdf"):
        raise HTTPException(404)
    with visit.transaction() as tx:
        look(visit, tx, spec, number)
        document = extract(tx, spec.code, number, as_of(visit.query, tx.now), visit.site.made_up)
    name = re.sub(r"[^A-Za-z0-9._-]", "", f"{spec.code}-{number}.{form}")
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    if form == "pdf":
        return Response(extract_pdf(document, visit.lang), media_type="application/pdf", headers=headers)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return Response(text, media_type="application/json", headers=headers)


# --- what they share --------------------------------------------------------------------------------------------------


def rows_csv(spec: Register, rows: Iterable[Record]) -> str:
    """number, status, subject and every public field; a cell never begins a formula."""
    names = [f.name for f in spec.fields if f.public or not spec.public]
    head = ["number", "status", "subject_id", "subject_name", "valid_from", *names]
    return as_csv(head, ([*_head(r), *(r.fields.get(n) for n in names)] for r in rows))


def _head(row: Record) -> tuple[str, ...]:
    return row.number, row.status, row.subject_id, row.subject_name, row.valid_from.isoformat()


def record_json(row: Record) -> dict[str, object]:
    """A record as the API and the files have it."""
    return {
        "number": row.number,
        "status": row.status,
        "subject": {"id": row.subject_id, "name": row.subject_name},
        "fields": row.fields,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": None if row.valid_to is None else row.valid_to.isoformat(),
        "granted": row.granted.isoformat(),
    }


def rows_json(rows: Iterable[Record]) -> str:
    return json.dumps([record_json(r) for r in rows], ensure_ascii=False, indent=1)


def may_see(visit_offices: Iterable[str], role: str, spec: Register) -> bool:
    """Whether the register is there for somebody of these offices and this role."""
    return spec.public or role == "auditor" or bool(set(visit_offices) & set(spec.offices()))


def _seen(visit: Visit) -> Register:
    """The register, where the visitor may see it; else it is not there."""
    spec = book.registers().get(visit.path["code"])
    if spec is None or not may_see(visit.access.offices, visit.access.role, spec):
        raise HTTPException(404)
    return spec


def look(visit: Visit, tx: Transaction, spec: Register, number: str) -> None:
    """Every look at a restricted register is an entry of its own."""
    if not spec.public:
        look = {"register": spec.code, "number": number, "page": visit.request.url.path, "on": tx.now.isoformat()}
        entries.append(tx, [entries.Act("look", f"look/{visit.access.user}", look, office=spec.offices()[0])])
