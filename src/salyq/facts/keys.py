"""Keys for life of what is made from records: lots and sales keep theirs in every run, whatever else is added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from salyq.facts.case import Case
from salyq.facts.events import Events
from salyq.records.keys import RecordKeys, key_of
from salyq.records.table import Records


class EventKeys:
    """Event.key -> its key for life: of what its row says and of which movement of it this is, never of where the row
    stands nor of what stands beside it. Each is made when it is asked for."""

    def __init__(self, case: Case, events: Events) -> None:
        self._rows = _RowKeys(case)
        self._movements: dict[int, tuple[tuple[Hashable, str, str, bool], int]] = {}
        seen: dict[tuple[Hashable, str, str, bool], int] = {}
        told = zip(events.row, events.kind, events.asset, events.acquisition, strict=True)
        for key, (row, kind, asset, came) in enumerate(told):
            movement = (self._rows.of(events.records, row), kind, asset, bool(came))
            number = seen[movement] = seen.get(movement, 0) + 1
            self._movements[key] = movement, number

    def __getitem__(self, event: int) -> str:
        (row, *movement), number = self._movements[event]
        return key_of(self._rows.key(row), *movement, number)


def pool_key(newest: str) -> str:
    """The key of a moving average as it is after an acquisition."""
    return key_of("pool", newest)


class _RowKeys:
    """Rows of files that became records or payouts, by their place: each has the key of its first record."""

    def __init__(self, case: Case) -> None:
        records = case.reading.records
        self._records = RecordKeys(records)
        self._at: dict[tuple[str, int], Hashable] = {}
        for n, place in enumerate(records.rows("file", "line")):
            self._at.setdefault(place, n)
        seen: Counter[tuple[object, ...]] = Counter()
        for payout in case.reading.payouts:
            said = payout[:-1]
            seen[said] += 1
            self._at.setdefault((payout.source.file, payout.source.line), ("payout", *said, seen[said]))

    def of(self, records: Records, row: int) -> Hashable:
        """What tells the row of a record from others; one that stands in no file is known by all that it says."""
        found = self._at.get((records.column("file")[row], records.column("line")[row]))
        return records[row][:-1] if found is None else found

    def key(self, row: Hashable) -> str:
        return self._records[row] if isinstance(row, int) else key_of(*row)  # type: ignore[misc]
