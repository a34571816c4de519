"""Documents that come with an application: kept by their hash, each an entry of the log, seen by who sees the case."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from salyq.office.intake import files
from salyq.office.procedures.model import Application
from salyq.office.store import entries
from salyq.office.store.errors import StoreError
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.intake", "documents")


class Document(NamedTuple):
    """`name` is which of the procedure's documents it is."""

    application: UUID
    name: str
    sha256: str
    file_name: str
    bytes: int
    by_account: str
    at: datetime
    entry: int


def add(tx: Transaction, folder: Path, application: Application, name: str, file_name: str, data: bytes) -> None:
    """Keeps the file and says so in the log; the same file again changes nothing."""
    digest, shown = files.keep(folder, data), files.safe_name(file_name)
    if any(d.name == name and d.sha256 == digest for d in listed(tx, application.id)):
        return
    kept = {"application": str(application.id), "document": name, "sha256": digest, "bytes": len(data)}
    owner = {"office": application.office, "organisation": application.organisation}
    act = entries.Act(
        "document", f"application/{application.id}", kept, False, application.office, application.organisation
    )
    [written] = entries.append(tx, [act])
    row = {"application": application.id, "name": name, "sha256": digest, "file_name": shown, "bytes": len(data)}
    tx.run(SQL["add"], {**row, **owner, "by": tx.access.user, "at": written.recorded_at, "entry": written.position})


def listed(tx: Transaction, application: UUID) -> list[Document]:
    return tx.all(Document, SQL["listed"], {"application": application})


def one(tx: Transaction, application: UUID, sha256: str) -> Document | None:
    """The document; None where there is none of that hash, or the asker may not see it."""
    return tx.one(Document, SQL["one"], {"application": application, "sha256": sha256[:64].replace("\x00", "")})


def content(folder: Path, found: Document) -> bytes:
    """Its bytes. StoreError where the folder of files lost it."""
    try:
        return files.place(folder, found.sha256).read_bytes()
    except OSError:
        raise StoreError("intake_no_filing") from None
