"""A key of its own for each record, the same in every run: of what it says, never of where it stands."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

from salyq.records.model import Record

LENGTH = 16  # hexadecimal digits
Name = tuple[object, ...]


class RecordKeys(Sequence[str]):
    """The key of each record by its place in their order, made when it is asked for. A record with an id is known by
    account, id, kind and asset (semantics 24), any other by all that it says; equal ones are told apart by number.

    Of several that say different things under one id the first in time has the key of the id, as it is the one that
    counts; the others are known by all that they say. So no key hangs on the order of rows or files."""

    def __init__(self, records: Sequence[Record]) -> None:
        names: list[Name] = [(r.account, r.id, r.kind, r.asset) if r.id else r[:-1] for r in records]
        for name, places in _several(names).items():
            first = min((records[n] for n in places), key=_order)[:-1]
            for n in places:
                said = records[n][:-1]
                names[n] = name if said == first else said
        seen: Counter[Name] = Counter()
        self._names: list[tuple[Name, int]] = []
        for name in names:
            seen[name] += 1
            self._names.append((name, seen[name]))

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        name, number = self._names[place]
        return key_of(*name, number)


def _several(names: Sequence[Name]) -> dict[Name, list[int]]:
    """Places of the names of an id that more than one record has."""
    if len(set(names)) == len(names):
        return {}
    counts, found = Counter(names), defaultdict(list)
    for n, name in enumerate(names):
        if len(name) == len(("account", "id", "kind", "asset")) and counts[name] > 1:
            found[name].append(n)
    return found


def _order(record: Record) -> tuple[object, ...]:
    """As reconciliation orders records of one id: time, quantity, value, then all that they say."""
    value = (0, 0) if record.value is None else (1, record.value)
    return (record.time, record.quantity, *value, str(record[:-1]))


def record_keys(records: Sequence[Record]) -> list[str]:
    """The key of each record (RecordKeys), in their order."""
    return list(RecordKeys(records))


def key_of(*parts: object) -> str:
    """A key of the parts, as texts."""
    text = "\x1f".join("" if p is None else str(p) for p in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
