"""What was proposed for a register, by an import or as a correction, and what a second person makes of it (E4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from salyq.civil.messages import LANGUAGES, Message, Words
from salyq.office.people import accounts
from salyq.office.registry.book import register, words
from salyq.office.registry.fold import STEPS
from salyq.office.registry.imports import SQL, ours_of
from salyq.office.registry.model import ACTIVE, Register, Subject
from salyq.office.registry.read import AsOf, Record, history, record
from salyq.office.registry.write import Proposed, write
from salyq.office.store import cursors, entries
from salyq.office.store.errors import Conflict, StoreError
from salyq.office.store.store import Transaction

ROLES = ("officer", "second_officer", "head")
_FIXED = ("number", "status", "subject_id", "subject_name", "valid_from")


class Proposal(NamedTuple):
    """`verdict`: new, differs, missing (of an import), correction. `row` is what the list or the officer says."""

    id: UUID
    register: str
    number: str
    on_day: date
    source: str
    file_name: str
    file_sha256: str
    line: int
    row: dict[str, Any]
    verdict: str
    differs: dict[str, Any]
    made_at: datetime
    office: str
    made_by: str
    corrects: int | None


def waiting(tx: Transaction, code: str | None = None, limit: int = 200, cursor: str = "") -> list[Proposal]:
    """What waits for a second person, the newest first."""
    made, of, about, id_ = cursors.parsed(cursor, datetime, str, str, UUID) or (cursors.LAST, "", "", UUID(int=0))
    behind = {"made": made, "of": of, "about": about, "id": id_}
    return tx.all(Proposal, SQL["open"], {"register": code, "limit": limit, **behind})


def after(row: Proposal) -> str:
    """The cursor of the page after this one."""
    return cursors.written(row.made_at, row.register, row.number, row.id)


def correct(
    tx: Transaction,
    code: str,
    number: str,
    position: int,
    day: date,
    fields: Mapping[str, Any],
    ground: Mapping[str, str],
) -> UUID:
    """Proposes to correct the entry at `position`: its day and fields as they should have been, why, by which act."""
    spec = register(code)
    _check_office(tx, spec)
    if not any(e.position == position for e in history(tx, code, number)):
        raise StoreError("registry_no_record", register=code, number=number[:60])
    for needed in ("act", "article", "reason"):
        if not ground.get(needed, "").strip():
            raise StoreError("registry_no_ground")
    id_ = tx.store.ids.uuid(tx.now)
    row = {"fields": dict(fields), "valid_from": day.isoformat(), "ground": dict(ground)}
    base = {"id": id_, "register": code, "number": number, "on_day": day, "source": ground["reason"], "line": 0}
    base |= {"file_name": "", "file_sha256": "", "verdict": "correction", "differs": Jsonb({}), "corrects": position}
    tx.run(
        SQL["add"], {**base, "row": Jsonb(row), "at": tx.now, "office": _office(tx, spec, day), "by": tx.access.user}
    )
    return id_


def confirm(tx: Transaction, id_: UUID) -> int:
    """Another person than the one who proposed makes it entries; the position of the last. Refused leaves nothing."""
    found = _open(tx, id_)
    written = write(tx, _entries(tx, found))
    if not written:
        raise StoreError("proposals_nothing")
    _settle(tx, found, "confirmed", written[-1].position, "")
    return written[-1].position


def refuse(tx: Transaction, id_: UUID, reason: str) -> None:
    """It becomes nothing, and why is an entry of the log."""
    if not reason.strip():
        raise StoreError("proposals_no_reason")
    found = _open(tx, id_)
    said = {"proposal": str(id_), "register": found.register, "number": found.number, "reason": reason.strip()[:2000]}
    [kept] = entries.append(tx, [entries.Act("proposal", f"proposal/{id_}", said, office=found.office)])
    _settle(tx, found, "refused", kept.position, reason.strip()[:2000])


def _open(tx: Transaction, id_: UUID) -> Proposal:
    tx.run(entries.SQL["lock_head"])
    found = tx.one(Proposal, SQL["one"], {"id": id_})
    if found is None:
        raise StoreError("proposals_none")
    if tx.value(SQL["settled"], {"id": id_}) is not None:
        raise Conflict("proposals_settled")
    _check_office(tx, register(found.register))
    accounts.check_other_person(tx, found.made_by, tx.access.user)
    return found


def _settle(tx: Transaction, found: Proposal, decision: str, entry: int, reason: str) -> None:
    row = {"id": found.id, "decision": decision, "entry": entry, "by": tx.access.user, "reason": reason}
    tx.run(SQL["settle"], {**row, "at": tx.now, "office": found.office})


def _check_office(tx: Transaction, spec: Register) -> None:
    if tx.access.role not in ROLES or not set(spec.offices()) & set(tx.access.offices):
        raise StoreError("procedures_not_your_office", who=Message("procedures_by_officer"), office=_named(spec))


def _named(spec: Register) -> Words:
    """Who keeps the register, in words."""
    found = [words("office", o) for o in spec.offices()]
    return Words(*(", ".join(w.text(lang) for w in found) for lang in LANGUAGES))


def _office(tx: Transaction, spec: Register, day: date) -> str:
    mine = [o for o in spec.keepers_on(day) if o in tx.access.offices]
    return mine[0] if mine else spec.keepers_on(day)[0]


def _entries(tx: Transaction, found: Proposal) -> list[Proposed]:
    spec = register(found.register)
    act, _, article = spec.cites[0].partition(":")
    ground: dict[str, Any] = {"act": act, "article": article, "authority": found.office, "source": found.source}
    ground |= {"proposed_by": found.made_by, "decided_by": tx.access.user}
    if found.file_sha256:
        ground["evidence"] = found.file_sha256
    if found.verdict == "correction":
        return [_correction(tx, found, ground | found.row["ground"])]
    day = date.fromisoformat(found.row.get("valid_from") or found.on_day.isoformat())
    fields = {k: v for k, v in found.row.items() if k not in _FIXED}
    subject = Subject(found.row.get("subject_id") or "", found.row.get("subject_name") or "")
    if found.verdict == "new":
        made = [Proposed(found.register, found.number, "granted", day, subject, fields, ground)]
        status = found.row.get("status", ACTIVE)
        return made if status == ACTIVE else [*made, _moved(spec, found, ACTIVE, status, day, subject, ground)]
    mine = record(tx, found.register, found.number, AsOf(found.on_day))
    if found.verdict != "differs" or mine is None:
        raise StoreError("proposals_nothing")
    return _changes(spec, found, mine, ground)


def _correction(tx: Transaction, found: Proposal, ground: Mapping[str, Any]) -> Proposed:
    about = next(e for e in history(tx, found.register, found.number) if e.position == found.corrects)
    day, fields = date.fromisoformat(found.row["valid_from"]), found.row["fields"]
    return Proposed(
        found.register, found.number, "corrected", day, about.subject, fields, ground, corrects=found.corrects
    )


def _changes(spec: Register, found: Proposal, mine: Record, ground: Mapping[str, Any]) -> list[Proposed]:
    """What the list says otherwise, from the day of the list on: fields by one entry, the status by another. Conflict
    where the register came to say something else than what the list was compared with (another source, confirmed
    meanwhile): whoever confirms would decide on an old picture.
    """
    for column, said in found.differs.items():
        if (now := ours_of(mine, column)) != said["ours"]:
            raise Conflict("proposals_compared_before", column=column, then=said["ours"] or "—", now=now or "—")
    theirs = {k: v["theirs"] for k, v in found.differs.items()}
    subject = Subject(theirs.get("subject_id", mine.subject_id), theirs.get("subject_name", mine.subject_name))
    fields = {k: v for k, v in theirs.items() if k not in _FIXED}
    made = []
    if fields or {"subject_id", "subject_name"} & set(theirs):
        made.append(Proposed(found.register, found.number, "changed", found.on_day, subject, fields, ground))
    if "status" in theirs:
        made.append(_moved(spec, found, mine.status, theirs["status"], found.on_day, subject, ground))
    return made


def _moved(
    spec: Register, found: Proposal, was: str, becomes: str, day: date, subject: Subject, ground: Mapping[str, Any]
) -> Proposed:
    """The event that leads from one status to the other; StoreError where there is none."""
    for event, (sources, status) in STEPS.items():
        if status == becomes and was in sources and event in spec.events and event != "renewed":
            return Proposed(found.register, found.number, event, day, subject, {}, ground)
    raise StoreError("proposals_no_event", was=was, becomes=becomes)
