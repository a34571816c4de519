"""A key of its own for each record, the same in every run: of what it says, never of where it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from salyq.records.model import Record

LENGTH = 16  # hexadecimal digits


class RecordKeys(Sequence[str]):
    """The key of each record by its place in their order, made when it is asked for. A record with an id is known by
    account, id, kind and asset (semantics 24), any other by all that it says; equal ones are told apart by number."""

    def __init__(self, records: Iterable[Record]) -> None:
        seen: dict[tuple[object, ...], int] = {}
        self._names: list[tuple[tuple[object, ...], int]] = []
        for r in records:
            name: tuple[object, ...] = (r.account, r.id, r.kind, r.asset) if r.id else r[:-1]
            number = seen[name] = seen.get(name, 0) + 1
            self._names.append((name, number))

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        name, number = self._names[place]
        return key_of(*name, number)


def record_keys(records: Iterable[Record]) -> list[str]:
    """The key of each record (RecordKeys), in their order."""
    return list(RecordKeys(records))


def key_of(*parts: object) -> str:
    """A key of the parts, as texts."""
    text = "\x1f".join("" if p is None else str(p) for p in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
