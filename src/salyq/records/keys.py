"""A key of its own for each record, the same in every run: of what it says, never of where it stands."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from salyq.records.model import Record

LENGTH = 16  # hexadecimal digits


def record_keys(records: Iterable[Record]) -> list[str]:
    """The key of each record, in their order. A record with an id is known by account, id, kind and asset (semantics
    24), any other by all that it says; equal ones are told apart by their number."""
    seen: Counter[tuple[object, ...]] = Counter()
    found: list[str] = []
    for r in records:
        name: tuple[object, ...] = (r.account, r.id, r.kind, r.asset) if r.id else r[:-1]
        seen[name] += 1
        found.append(key_of(*name, seen[name]))
    return found


def key_of(*parts: object) -> str:
    """A key of the parts, as texts."""
    text = "\x1f".join("" if p is None else str(p) for p in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
