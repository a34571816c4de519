"""A case as its changes tell it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class CaseRow(NamedTuple):
    id: UUID
    owner: str
    subject: str
    name: str
    made_at: datetime


class Change(NamedTuple):
    n: int
    kind: str  # file, aside, person, answers
    name: str
    sha256: str
    bytes: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseState:
    """The case as it stands: files by name, the text of person.toml and of answers.toml."""

    row: CaseRow
    changes: Sequence[Change]

    @property
    def files(self) -> Mapping[str, Change]:
        found: dict[str, Change] = {}
        for change in self.changes:
            if change.kind == "file":
                found[change.name] = change
            elif change.kind == "aside":
                found.pop(change.name, None)
        return found

    def text(self, kind: str) -> str:
        return next((c.text for c in reversed(self.changes) if c.kind == kind), "")

    @property
    def digest(self) -> str:
        """The same files, facts and answers have the same digest."""
        parts = [f"{n}\0{c.sha256}" for n, c in sorted(self.files.items())]
        whole = "\n".join([*parts, self.text("person"), self.text("answers")])
        return hashlib.sha256(whole.encode()).hexdigest()
