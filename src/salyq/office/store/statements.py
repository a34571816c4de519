"""SQL stands in .sql files beside the room that uses it, one statement a name:

    -- :name record_by_number
    select … where number = %(number)s

`Statements("salyq.office.registry", "records")` reads registry/sql/records.sql; `sql["record_by_number"]` is the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"^-- :name ([a-z0-9_]+)[^\n]*\n", re.M)


class Statements:
    """The statements of one file, read when first asked for."""

    def __init__(self, room: str, name: str) -> None:
        self._room, self._name = room, name

    def __getitem__(self, name: str) -> bytes:
        return _read(self._room, self._name)[name]

    def names(self) -> list[str]:
        return sorted(_read(self._room, self._name))


@cache
def _read(room: str, name: str) -> Mapping[str, bytes]:
    text = (files(room) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    parts = _HEAD.split(text)
    found: dict[str, bytes] = {}
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        if head in found:
            raise ValueError(f"{room}/sql/{name}.sql: {head} stands there twice")
        found[head] = body.strip().rstrip(";").encode()
    return found
