"""Keys for life of what is made from records: lots and sales keep theirs in every run, whatever else is added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from salyq.facts.case import Case
from salyq.facts.events import Event
from salyq.records.keys import key_of, record_keys
from salyq.records.model import Payout


def event_keys(case: Case, events: Iterable[Event]) -> dict[int, str]:
    """Event.key -> its key for life: of what its row says and of which movement of it this is, never of where the row
    stands nor of what stands beside it."""
    rows = row_keys(case)
    seen: Counter[tuple[str, str, str, bool]] = Counter()
    found: dict[int, str] = {}
    for e in events:
        row = rows.get(e.record.source.place) or key_of(*e.record[:-1])
        movement = (row, e.kind, e.asset, e.acquisition)
        seen[movement] += 1
        found[e.key] = key_of(*movement, seen[movement])
    return found


def pool_key(newest: str) -> str:
    """The key of a moving average as it is after an acquisition."""
    return key_of("pool", newest)


def row_keys(case: Case) -> Mapping[str, str]:
    """The key of each row of a file that became records or payouts, by its place: that of its first record."""
    found: dict[str, str] = {}
    for record, key in zip(case.reading.records, record_keys(case.reading.records), strict=True):
        found.setdefault(record.source.place, key)
    seen: Counter[tuple[object, ...]] = Counter()
    for payout in case.reading.payouts:
        said = _said(payout)
        seen[said] += 1
        found.setdefault(payout.source.place, key_of("payout", *said, seen[said]))
    return found


def _said(payout: Payout) -> tuple[object, ...]:
    return payout[:-1]
