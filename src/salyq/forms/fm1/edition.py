"""The edition of FM-1 in force on a day, and its codes."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec


class Fm1Edition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`unread`: the edition exists but its codes were not read."""

    name: str
    first: date = msgspec.field(name="from")
    until: date | None = None
    subject_codes: dict[str, str]
    document_codes: list[str]
    operation_codes: list[str]
    operation_ranges: list[tuple[str, str]]
    unread: bool = False
    act: str

    def has_operation(self, code: str) -> bool:
        """Whether the code stands in this edition."""
        return code in self.operation_codes or any(a <= code <= b for a, b in self.operation_ranges)


@cache
def editions() -> tuple[Fm1Edition, ...]:
    """All editions, oldest first."""
    text = (files("salyq.forms.fm1") / "editions.toml").read_text(encoding="utf-8")
    return tuple(msgspec.convert(tomllib.loads(text)["edition"], list[Fm1Edition]))


def edition_on(day: date) -> Fm1Edition | None:
    """The edition in force on a day, None before the first."""
    return next((e for e in editions() if e.first <= day and (e.until is None or day <= e.until)), None)
