"""Registers, records, the change feed and statistics."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException

from salyq.civil.messages import LANGUAGES, Words
from salyq.office.portal.api.asking import Asks, Caller
from salyq.office.portal.public.asked import as_of, wanted, whole
from salyq.office.portal.public.registers import may_see, record_json
from salyq.office.registry import book
from salyq.office.registry.extract import extract
from salyq.office.registry.model import Register, RegisterEntry
from salyq.office.registry.read import BY, AsOf, history, listed, record, records, statistics
from salyq.office.store import entries
from salyq.office.store.store import Transaction

router = APIRouter(tags=["registers"])
_FEED, _FEED_MOST = 100, 1000
_ON = Query("", description="A day: 2026-06-15")
_KNOWN = Query("", description="A moment with an offset, or a day")


@router.get("/registers")
def registers(caller: Asks, on: str = _ON) -> dict[str, Any]:
    """Every register: code, words, keepers, fields, counts."""
    with caller.transaction() as tx:
        day = as_of({"on": on}, tx.now)
        rows = listed(tx, day.on)
    return {"on": day.on.isoformat(), "items": [_register(book.register(r.code), r.active, r.total, day) for r in rows]}


@router.get("/registers/{code}/records")
def register_records(
    caller: Asks,
    code: str,
    on: str = _ON,
    known: str = _KNOWN,
    q: str = "",
    status: str = "",
    region: str = "",
    kind: str = "",
    limit: str = "",
    cursor: str = "",
) -> dict[str, Any]:
    """A page of a register; `next` is the cursor of the next page, or null. A search goes on to the 200 nearest;
    `more` says that there are more than `total` (a register's CSV and JSON have all of them).
    """
    spec = _seen(caller, code)
    asked = wanted({"q": q, "status": status, "region": region, "kind": kind, "limit": limit, "cursor": cursor}, code)
    with caller.transaction() as tx:
        _looked(caller, tx, spec, "*")
        found = records(tx, code, asked, as_of({"on": on, "known": known}, tx.now))
    return {
        "items": [record_json(r) for r in found.items],
        "total": found.total,
        "next": found.next,
        "more": found.more,
    }


@router.get("/registers/{code}/records/{number}")
def register_record(caller: Asks, code: str, number: str, on: str = _ON, known: str = _KNOWN) -> dict[str, Any]:
    """One record on a day as known at a moment, with its entries."""
    spec = _seen(caller, code)
    with caller.transaction() as tx:
        day = as_of({"on": on, "known": known}, tx.now)
        found = record(tx, code, number, day)
        if found is None:
            raise HTTPException(404)
        _looked(caller, tx, spec, number)
        past = history(tx, code, number, day.known)
    return {**record_json(found), "entries": [_entry(e) for e in past]}


@router.get("/registers/{code}/records/{number}/extract")
def register_extract(caller: Asks, code: str, number: str, on: str = _ON, known: str = _KNOWN) -> dict[str, Any]:
    """An extract with the proof of each entry; `salyq verify-extract` checks it without an office."""
    spec = _seen(caller, code)
    with caller.transaction() as tx:
        _looked(caller, tx, spec, number)
        return extract(tx, code, number, as_of({"on": on, "known": known}, tx.now), caller.site.made_up)


@router.get("/registers/{code}/statistics")
def register_statistics(
    caller: Asks, code: str, by: str = "month", on: str = _ON, known: str = _KNOWN
) -> dict[str, Any]:
    """Counts by month (active at its end), region, kind (active) or status (all)."""
    _seen(caller, code)
    if by not in BY:
        raise HTTPException(422)
    with caller.transaction() as tx:
        day = as_of({"on": on, "known": known}, tx.now)
        series = statistics(tx, code, by, day)
    return {
        "register": code,
        "by": by,
        "on": day.on.isoformat(),
        "series": [{"what": w, "count": c} for w, c in series],
    }


@router.get("/entries")
def feed(caller: Asks, after: str = "", limit: str = "") -> dict[str, Any]:
    """Every entry after a position, in order. Of one that the caller may not see only position and leaf are shown, so
    that anybody can build the whole tree; `entry` is the text whose bytes the leaf is the hash of."""
    start = whole("after", after, -1, -1, 2**62)
    most = whole("limit", limit, _FEED, 1, _FEED_MOST)
    with caller.transaction() as tx:
        rows = tx.dicts(entries.SQL["after"], {"after": start, "limit": most})
    items = [_fed(row) for row in rows]
    return {"items": items, "next": items[-1]["position"] if len(items) == most else None}


def _register(spec: Register, active: int, total: int, day: AsOf) -> dict[str, Any]:
    keepers = [{"office": o, "words": _three(book.words("office", o))} for o in spec.keepers_on(day.on)]
    fields = [{"name": f.name, "type": f.type, "required": f.required, "public": f.public, "basis": f.basis,
               "choices": list(f.choices), "cite": f.cite or None} for f in spec.fields]  # fmt: skip
    return {"code": spec.code, "words": spec.words, "public": spec.public, "from": spec.first.isoformat(),
            "until": spec.last.isoformat() if spec.last else None, "keepers": keepers, "cites": list(spec.cites),
            "fields": fields, "events": list(spec.events), "active": active, "total": total}  # fmt: skip


def _three(words: Words) -> dict[str, str]:
    return {lang: words.text(lang) for lang in LANGUAGES}


def _entry(entry: RegisterEntry) -> dict[str, Any]:
    return {
        "position": entry.position,
        "event": entry.event,
        "valid_from": entry.valid_from.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "ground": dict(entry.ground),
        "subject": {"id": entry.subject.id, "name": entry.subject.name},
        "fields": dict(entry.fields),
        "corrects": entry.corrects,
    }


def _fed(row: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"position": row["position"], "leaf": bytes(row["leaf"]).hex()}
    names = (
        "kind",
        "register",
        "number",
        "event",
        "valid_from",
        "recorded_at",
        "ground",
        "subject",
        "fields",
        "corrects",
    )
    content = json.loads(row["body"]) if row["body"] else {}
    return {**shown, **{name: content.get(name) for name in names}, "entry": row["body"]}


def _seen(caller: Caller, code: str) -> Register:
    spec = book.registers().get(code)
    if spec is None or not may_see(caller.access.offices, caller.access.role, spec):
        raise HTTPException(404)
    return spec


def _looked(caller: Caller, tx: Transaction, spec: Register, number: str) -> None:
    if not spec.public:
        look = {"register": spec.code, "number": number, "page": "api", "on": tx.now.isoformat()}
        entries.append(tx, [entries.Act("look", f"look/{caller.access.user}", look, office=spec.offices()[0])])
