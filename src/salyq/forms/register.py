"""The register of what was handed in: the user's own store, like prices.

Every document that was filled, sent, accepted or rejected, with its hash, time and figures; what the receiver answered;
and MessageRefIds, which are never used twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.prices.store import data_folder

FILE_NAME = "returns.sqlite"
FORMAT = 1
STATES = ("filled", "sent", "accepted", "rejected", "corrected")
_TABLES = (
    "CREATE TABLE documents (number INTEGER PRIMARY KEY, form TEXT NOT NULL, edition TEXT NOT NULL,"
    " person TEXT NOT NULL, year INTEGER NOT NULL, period TEXT NOT NULL, state TEXT NOT NULL,"
    " at TEXT NOT NULL, sha256 TEXT NOT NULL, file TEXT NOT NULL, content TEXT NOT NULL, note TEXT NOT NULL)",
    "CREATE TABLE messages (ref TEXT PRIMARY KEY, kind TEXT NOT NULL, period TEXT NOT NULL, at TEXT NOT NULL,"
    " sha256 TEXT NOT NULL, file TEXT NOT NULL, state TEXT NOT NULL, answer TEXT NOT NULL)",
)


class Document(NamedTuple):
    """One entry. `content`: lines and figures as they were; entries are added, never changed."""

    number: int
    form: str
    edition: str
    person: str
    year: int
    period: str
    state: str
    at: str
    sha256: str
    file: str
    content: Mapping[str, object]
    note: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.form, self.person, self.period


class SentMessage(NamedTuple):
    """A message to an authority (CARF, FM-1)."""

    ref: str
    kind: str
    period: str
    at: str
    sha256: str
    file: str
    state: str
    answer: str


def now() -> str:
    """The time now, in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Register:
    """The register in `folder` (default: where the price store is). InputError: damaged, or of a newer Salyq."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder if folder is not None else data_folder()) / FILE_NAME

    # ---- documents ---------------------------------------------------------------------------------------------------
    def add(self, content: Mapping[str, object], state: str, file: str, digest: str, note: str = "") -> int:
        """Adds an entry for a filled return (the mapping of its `.lines.json`)."""
        cells = (
            str(content["form"]), str(content["edition"]), str(content.get("person", "")), int(str(content["year"])),
            str(content["period"]), state, now(), digest, file, json.dumps(content, ensure_ascii=False), note,
        )  # fmt: skip
        with self._writing() as db:
            done = db.execute(
                "INSERT INTO documents (form, edition, person, year, period, state, at, sha256, file, content, note)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                cells,
            )
            return int(done.lastrowid or 0)

    def documents(self, person: str = "") -> list[Document]:
        """All entries, oldest first."""
        with self._reading() as db:
            if db is None:
                return []
            rows = db.execute("SELECT * FROM documents WHERE ? IN ('', person) ORDER BY number", (person,)).fetchall()
        return [Document._make((*row[:10], json.loads(row[10]), row[11])) for row in rows]

    def latest(self, person: str) -> dict[tuple[str, str], Document]:
        """(form, period) -> the last entry of a return that left the house (sent, accepted, rejected, corrected)."""
        return {(d.form, d.period): d for d in self.documents(person) if d.state != "filled"}

    # ---- messages ----------------------------------------------------------------------------------------------------
    def check_message(self, ref: str | None) -> None:
        """UsageError (50009) where an identity was used before."""
        if ref is not None and any(m.ref == ref for m in self.messages()):
            raise UsageError(Message("register_ref_used"), column="--message-id", value=ref)

    def add_message(self, kind: str, ref: str, period: str, file: Path) -> None:
        """Keeps the identity of a message; the identity is then used for good."""
        digest = file_digest(file)
        try:
            with self._writing() as db:
                db.execute(
                    "INSERT INTO messages VALUES (?,?,?,?,?,?,?,?)",
                    (ref, kind, period, now(), digest, str(file), "built", ""),
                )
        except sqlite3.IntegrityError:
            raise UsageError(Message("register_ref_used"), column="--message-id", value=ref) from None

    def acknowledge(self, ref: str, state: str, answer: Path) -> bool:
        """Keeps what the receiver said of a message; False where the message is not known here."""
        text = answer.read_bytes().decode("utf-8", "replace")
        with self._writing() as db:
            done = db.execute("UPDATE messages SET state = ?, answer = ? WHERE ref = ?", (state, text, ref))
            return done.rowcount > 0

    def messages(self) -> list[SentMessage]:
        """All messages, oldest first."""
        with self._reading() as db:
            if db is None:
                return []
            return [SentMessage(*row) for row in db.execute("SELECT * FROM messages ORDER BY at, ref")]

    # ---- the file ----------------------------------------------------------------------------------------------------
    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        try:
            if not self.path.exists():
                yield None
                return
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=rw", uri=True)) as db:
                yield db if self._format(db) else None
        except (sqlite3.Error, OSError, ValueError) as error:
            raise InputError(Message("register_unreadable", {"why": error}), file=str(self.path)) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, isolation_level=None, timeout=10)) as db:
                db.execute("BEGIN IMMEDIATE")
                try:
                    if not self._format(db):
                        for table in _TABLES:
                            db.execute(table)
                        db.execute(f"PRAGMA user_version = {FORMAT}")
                    yield db
                    db.execute("COMMIT")
                finally:
                    if db.in_transaction:
                        db.execute("ROLLBACK")
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError, ValueError) as error:
            raise InputError(Message("register_unreadable", {"why": error}), file=str(self.path)) from error

    def _format(self, db: sqlite3.Connection) -> int:
        (found,) = db.execute("PRAGMA user_version").fetchone()
        if found > FORMAT:
            raise InputError(Message("register_newer", {"found": found, "known": FORMAT}), file=str(self.path))
        return int(found)


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    done = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            done.update(block)
    return done.hexdigest()
