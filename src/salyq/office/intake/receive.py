"""Receiving a file: kept, validated, compared, acknowledged; an earlier filing may be corrected by it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from salyq.civil.messages import Message
from salyq.office.intake import files, signatures
from salyq.office.intake.kinds import kinds, read_whole
from salyq.office.intake.model import Fault, Filing, Kind, Received
from salyq.office.store import cursors, entries
from salyq.office.store.errors import Conflict, StoreError
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.intake", "intake")
MOST_FAULTS = 200
_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def receive(
    tx: Transaction,
    folder: Path,
    kind_code: str,
    organisation: str,
    name: str,
    data: bytes,
    corrects: UUID | None = None,
    signature: bytes = b"",
) -> Filing:
    """The filing, accepted or refused with its list; a refused one is kept too, and takes nothing over."""
    kind = _allowed(tx, kind_code, organisation)
    digest, received = _read(tx, folder, kind, organisation, data, signature)
    if corrects is not None:
        _check_chain(tx, corrects, kind_code, organisation)
    findings = kind.compare(tx, organisation, received) if kind.compare and not received.faults else []
    status = "refused" if received.faults else "accepted"
    number = f"F-{tx.now:%Y}-{tx.value(SQL['number']):06}"
    kept: dict[str, Any] = {"number": number, "filing_kind": kind_code, "organisation": organisation, "sha256": digest}
    kept |= {"status": status, "period": keepable(received.period), "corrects": str(corrects) if corrects else None}
    kept |= {"faults": len(received.faults), "findings": [f["code"] for f in findings]}
    kept |= {"signature": received.summary["signature"]} if signature else {}
    act = entries.Act("filing", f"filing/{number}", kept, office=kind.offices[0], organisation=organisation)
    [written] = entries.append(tx, [act])
    id_ = tx.store.ids.uuid(tx.now)
    row = {
        "id": id_,
        "number": number,
        "kind": kind_code,
        "organisation": organisation,
        "filed_by": tx.access.user,
        "filed_at": written.recorded_at,
        "file_name": files.safe_name(name),
        "file_sha256": digest,
        "file_bytes": len(data),
        "status": status,
        "corrects": corrects,
        "entry": written.position,
        "offices": list(kind.offices),
    }
    tx.run(SQL["add"], row | _came_to(received, findings))
    made = filing(tx, id_)
    if made is None:
        raise StoreError("intake_no_filing")
    if kind.keep is not None and status == "accepted":
        kind.keep(tx, made, received)
    return made


def _allowed(tx: Transaction, code: str, organisation: str) -> Kind:
    """The kind of filing; StoreError where there is none such, or the sender does not act for the organisation."""
    kind = kinds().get(code)
    if kind is None:
        raise StoreError("intake_unknown_kind", name=code[:40], names=", ".join(kinds()))
    if organisation not in tx.access.organisations:
        raise StoreError("intake_not_yours", organisation=organisation[:20])
    return kind


def _read(
    tx: Transaction, folder: Path, kind: Kind, organisation: str, data: bytes, signature: bytes
) -> tuple[str, Received]:
    """The file kept and read, with what became of its signature."""
    digest = files.keep(folder, data)
    received = read_whole(kind, files.place(folder, digest))
    if received.about and received.about != organisation:
        received.faults.insert(0, Fault("organisation", received.about, Message("intake_of_other"), organisation))
    if signature:
        received.summary["signature"] = _signed(tx, folder, data, signature)
    return digest, received


def _signed(tx: Transaction, folder: Path, data: bytes, signature: bytes) -> dict[str, str]:
    """What became of the signature, which is kept like any file."""
    if len(signature) > signatures.LARGEST:
        raise StoreError("intake_file_too_large", bytes=signatures.LARGEST)
    found = signatures.check(data, signature, folder / "keys" / "roots.pem", tx.now)
    return found.as_json(files.keep(folder, signature))


def _came_to(received: Received, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """The columns that tell what the file came to; long lists are cut, their counts stand in the summary."""
    return {
        "period": keepable(received.period),
        "faults": Jsonb(keepable([f.as_json() for f in received.faults[:MOST_FAULTS]])),
        "findings": Jsonb(keepable(findings[:MOST_FAULTS])),
        "summary": Jsonb(keepable({**received.summary, "faults": len(received.faults), "findings": len(findings)})),
    }


def keepable(value: Any) -> Any:
    """With U+FFFD for what no database keeps (nulls, halves of characters) and no terminal should be shown."""
    if isinstance(value, str):
        return _UNKEPT.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {keepable(k): keepable(v) for k, v in value.items()}
    return [keepable(v) for v in value] if isinstance(value, list) else value


def filing(tx: Transaction, id_: UUID) -> Filing | None:
    """The filing; None where there is none or the asker may not see it."""
    found = tx.one(Filing, SQL["one"], {"id": id_})
    return None if found is None else _with_later(tx, found)


def _with_later(tx: Transaction, found: Filing) -> Filing:
    """With what others handed in since shows of it."""
    kind = kinds().get(found.kind)
    if kind is None or kind.later is None or found.status != "accepted":
        return found
    told = [f["words"] for f in found.findings]
    since = [{**f, "later": True} for f in kind.later(tx, found) if f["words"] not in told]
    return found._replace(findings=[*found.findings, *since])


def listed(
    tx: Transaction,
    *,
    kind: str | None = None,
    organisation: str | None = None,
    status: str | None = None,
    limit: int = 50,
    cursor: str = "",
) -> list[Filing]:
    """The newest first."""
    wanted = {"kind": kind, "organisation": organisation, "status": status, "mine": tx.access.mine}
    filed, number = cursors.parsed(cursor, datetime, str) or (cursors.LAST, "")
    found = tx.all(Filing, SQL["listed"], {**wanted, "limit": limit, "filed": filed, "number": number})
    return [_with_later(tx, f) for f in found]


def after(row: Filing) -> str:
    """The cursor of the page after this one."""
    return cursors.written(row.filed_at, row.number)


def _check_chain(tx: Transaction, corrects: UUID, kind: str, organisation: str) -> None:
    before = filing(tx, corrects)
    if before is None or before.organisation != organisation:
        raise StoreError("intake_no_filing")
    if before.kind != kind:
        raise StoreError("intake_corrects_other_kind", kind=before.kind)
    if before.corrected_by is not None:
        raise Conflict("intake_corrected_already", number=before.number)


def as_json(found: Filing) -> dict[str, Any]:
    """A filing as the API has it, with its acknowledgement."""
    return {
        "id": str(found.id),
        "number": found.number,
        "kind": found.kind,
        "organisation": found.organisation,
        "status": found.status,
        "period": found.period,
        "file": {"name": found.file_name, "sha256": found.file_sha256, "bytes": found.file_bytes},
        "faults": found.faults,
        "findings": found.findings,
        "summary": found.summary,
        "corrects": str(found.corrects) if found.corrects else None,
        "corrected_by": str(found.corrected_by) if found.corrected_by else None,
        "acknowledgement": {
            "number": found.number,
            "position": found.entry,
            "received_at": found.filed_at.isoformat(),
            "sha256": found.file_sha256,
            "status": found.status,
        },
    }
