"""Writing cases: a case is made, files come and are put aside, facts and answers are written anew."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from salyq.office.cases.model import CaseState
from salyq.office.cases.read import SQL, state
from salyq.office.intake import files
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Transaction

MOST_FILES, MOST_BYTES, MOST_TEXT = 60, 100 * 1024 * 1024, 1_000_000
RESERVED = {"person": "person.toml", "answers": "answers.toml"}


def make(tx: Transaction, subject: str, name: str, person: str) -> UUID:
    """A new case with its person's facts. `subject`: an IIN or BIN that the asker speaks for, or empty."""
    if subject and subject not in tx.access.organisations:
        raise StoreError("intake_not_yours", organisation=subject[:20])
    id_ = tx.store.ids.uuid(tx.now)
    shown = " ".join(name.split())[:120] or subject or str(id_)[:8]
    row = {"id": id_, "owner": tx.access.user, "subject": subject, "name": shown, "at": tx.now}
    tx.run(SQL["add"], row)
    write_text(tx, id_, "person", person)
    return id_


def add_file(tx: Transaction, folder: Path, id_: UUID, name: str, data: bytes) -> None:
    """The file in the case; one of the same name is taken over by it."""
    now = _locked(tx, id_)
    shown = files.safe_name(name)
    if shown in RESERVED.values():
        write_text(tx, id_, next(k for k, v in RESERVED.items() if v == shown), _decoded(data))
        return
    if len(now.files) >= MOST_FILES or sum(c.bytes for c in now.files.values()) + len(data) > MOST_BYTES:
        raise StoreError("cases_too_much", files=MOST_FILES, megabytes=MOST_BYTES // 1024 // 1024)
    digest = files.keep(folder, data)
    _change(tx, id_, "file", name=shown, sha256=digest, bytes=len(data))


def put_aside(tx: Transaction, id_: UUID, name: str) -> None:
    """The file counts no more; its change stays on the record."""
    if name in _locked(tx, id_).files:
        _change(tx, id_, "aside", name=name)


def write_text(tx: Transaction, id_: UUID, kind: str, text: str) -> None:
    """person.toml or answers.toml, written anew."""
    now = _locked(tx, id_)
    if len(text) > MOST_TEXT or "\x00" in text:
        raise StoreError("cases_too_much", files=MOST_FILES, megabytes=1)
    if now.text(kind) != text:
        _change(tx, id_, kind, text=text)


def _locked(tx: Transaction, id_: UUID) -> CaseState:
    tx.run(SQL["lock"], {"id": str(id_)})
    found = state(tx, id_)
    if found is None:
        raise StoreError("cases_none")
    return found


def _change(tx: Transaction, id_: UUID, kind: str, **more: object) -> None:
    row = {"case": id_, "kind": kind, "name": "", "sha256": "", "bytes": 0, "text": "", "at": tx.now}
    tx.run(SQL["change"], row | more)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StoreError("cases_not_utf8") from None
