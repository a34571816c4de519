"""What a register is (data in registers/*.toml) and what an entry of it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from salyq.civil.messages import Words

ACTIVE, SUSPENDED, SURRENDERED, REVOKED, EXPIRED = "active", "suspended", "surrendered", "revoked", "expired"
STATUSES = (ACTIVE, SUSPENDED, SURRENDERED, REVOKED, EXPIRED)
ENDED = (SURRENDERED, REVOKED, EXPIRED)

Said = dict[str, str]  # words in kk, ru, en as data have them


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "until"}):
    """`basis` is statute, official or proposed (no act was found that names it). `of` is the register a number is
    of.
    """

    name: str
    type: str
    basis: str
    required: bool = False
    public: bool = True
    choices: tuple[str, ...] = ()
    of: str = ""
    cite: str = ""
    first: date | None = None
    last: date | None = None


class Keeper(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "until"}):
    office: str
    cite: str
    first: date
    last: date | None = None

    def on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`series` makes the next number of an entry of ours ("M-{year}-{n:04}"); a pattern is loose where law names
    none.
    """

    pattern: str
    example: str
    series: str
    basis: str


class Register(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"first": "from", "last": "until", "fields": "field", "keepers": "keeper"},
):
    """One register. `first` and `last` are the days on which it is kept by law."""

    code: str
    public: bool
    first: date
    cites: tuple[str, ...]
    events: tuple[str, ...]
    words: Said
    number: Number
    keepers: tuple[Keeper, ...]
    fields: tuple[Field, ...]
    procedures: tuple[str, ...] = ()
    status: dict[str, Said] = {}
    last: date | None = None

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    def title(self) -> Words:
        return Words(**self.words)

    def keepers_on(self, day: date) -> list[str]:
        """The offices that keep it on a day; after its end, those that kept it last."""
        return [k.office for k in self.keepers if k.on(day)] or [self.keepers[0].office]

    def offices(self) -> list[str]:
        return list(dict.fromkeys(k.office for k in self.keepers))


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a record is about: IIN or BIN (empty where none is known, of a foreign firm or a wallet) and the name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One entry as it was written. `corrects` names the position that a correction or annulment is about."""

    position: int
    recorded_at: datetime
    register: str
    number: str
    event: str
    valid_from: date
    ground: Mapping[str, Any]
    subject: Subject
    fields: Mapping[str, Any]
    corrects: int | None = None
    office: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A record in the world from `first` to `last` (None: without end), as its entries tell it."""

    status: str
    subject: Subject
    fields: Mapping[str, Any]
    first: date
    last: date | None
    granted: date  # the first day of all
    entry: int  # position of the entry that made it so

    @property
    def until(self) -> date | None:
        text = self.fields.get("until")
        return date.fromisoformat(text) if isinstance(text, str) else None
