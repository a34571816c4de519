"""What a filing is made of: a kind with its reader, what a file came to, and the filing that is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from salyq.civil.messages import Message, Words
from salyq.office.store.store import Transaction


class Fault(NamedTuple):
    """Why a file is refused: where (a line of the form, a row), its value, what is wrong, what would be right."""

    where: str
    value: str
    message: Message
    right: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"where": self.where, "value": self.value, "words": self.message.told(), "right": self.right}


@dataclass
class Received:
    """What a file came to. `about` is the IIN or BIN it is of, `rows` are for the comparison."""

    period: str | None = None
    about: str | None = None
    summary: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: list[Mapping[str, Any]] = field(default_factory=list)


Reader = Callable[[Path, str], Received]
Comparer = Callable[[Transaction, str, Received], list[dict[str, Any]]]


class Filing(NamedTuple):
    """`faults` why it was refused; `findings` what the registers say otherwise (`later`: what was handed in since);
    `corrected_by` the filing that took over.
    """

    id: UUID
    number: str
    kind: str
    organisation: str
    filed_by: str
    filed_at: datetime
    file_name: str
    file_sha256: str
    file_bytes: int
    status: str
    period: str | None
    faults: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    summary: dict[str, Any]
    corrects: UUID | None
    entry: int
    corrected_by: UUID | None


Keeper = Callable[[Transaction, Filing, Received], None]
Later = Callable[[Transaction, Filing], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`offices` see what comes in; `keep` takes over what others are compared with; `later` says what others handed in
    since shows of an accepted filing.
    """

    code: str
    words: Words
    offices: tuple[str, ...]
    read: Reader
    compare: Comparer | None = None
    keep: Keeper | None = None
    later: Later | None = None
