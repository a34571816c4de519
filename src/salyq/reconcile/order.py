"""The order of records (semantics 4), and what makes two of them equal."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import le, lt

from salyq.records import columns
from salyq.records.kinds import IN, KINDS, OUT
from salyq.records.model import Record, Source
from salyq.records.table import Records

ACQUIRED = frozenset(k.name for k in KINDS.values() if k.direction == IN) - {"transfer_in"}
DISPOSED = frozenset(k.name for k in KINDS.values() if k.direction == OUT) - {"transfer_out", "fee"}

Content = tuple[object, ...]


def content(record: Record) -> Content:
    """All that a record says, without where it stands (`source` is its last field)."""
    return record[:-1]


def gains(record: Record) -> bool:
    """Whether a derivative's result is a gain: its `value` decides, and none counts as a gain."""
    return record.value is None or record.value >= 0


def rank(record: Record) -> int:
    """Acquisitions 0, disposals 1, fees 2; transfers go with their direction."""
    return _rank(record.kind, record.value)


def _rank(kind: str, value: int | None) -> int:
    found = _RANKS.get(kind)
    if found is None:
        return 0 if kind == "derivative_result" and (value is None or value >= 0) else 1
    return found


_RANKS = {**dict.fromkeys(ACQUIRED, 0), "transfer_in": 0, **dict.fromkeys(DISPOSED, 1), "transfer_out": 1, "fee": 2}


def sort_key(record: Record) -> tuple[object, ...]:
    """Time; acquisitions, disposals, fees; account, id, content. Equal content: by file and line, for steady output."""
    r = record
    value = (0, 0) if r.value is None else (1, r.value)
    fee = (0, 0) if r.fee is None else (1, r.fee)
    return (
        *(r.time, rank(r), r.account, r.id or "", r.kind, r.asset, r.quantity, *value, r.currency or ""),
        *(*fee, r.fee_asset or "", r.counterparty or "", r.group or "", r.hash or "", r.document or ""),
        *(r.note or "", r.lot or "", r.proof or "", r.purpose or "", str(r.abroad)),
        *(str(r.capital_paid), r.source.file, r.source.line),
    )


def in_order(records: Records) -> Records:
    """Records sorted by `sort_key`. What all of it says is asked only of records that its beginning leaves equal."""
    times = records.micros
    if not all(map(le, times, times[1:])):
        records = records.take(sorted(range(len(times)), key=times.__getitem__))
        times = records.micros
    changed: list[int] = []
    account, own_id, kind, asset, value = map(records.column, ("account", "id", "kind", "asset", "value"))
    for start, end in unsorted(records, ranked=True):
        same = range(start, end)
        own = [(_rank(kind[n], value[n]), account[n], own_id[n] or "", kind[n], asset[n]) for n in same]
        if all(map(lt, own, own[1:])):
            continue
        keys: Sequence[Content] = own if len(set(own)) == len(own) else [sort_key(records[n]) for n in same]
        changed = changed or [*range(len(times))]
        changed[start:end] = [same[n] for n in sorted(range(end - start), key=keys.__getitem__)]
    return records.take(changed) if changed else records.take(range(len(times)))


def unsorted(records: Records, count: int | None = None, *, ranked: bool) -> Iterable[tuple[int, int]]:
    """(start, end) of each run of equal times among the first `count` records, which stand in order of time; of many
    records those alone that do not follow by rank (where it is asked for), account, id, kind and asset."""
    own = len(records) if count is None else count
    if own < columns.MANY:
        return alike(records.micros[:own])
    from salyq.reconcile.order_many import unsorted as of_many

    return of_many(records, own, _rank if ranked else None)


def firsts(times: array[int]) -> array[int]:
    """Of each place the first of its run of equal times."""
    if len(times) >= columns.MANY:
        from salyq.reconcile.order_many import firsts as of_many

        return of_many(times)
    found = array("q", range(len(times)))
    for start, end in alike(times):
        found[start:end] = array("q", [start]) * (end - start)
    return found


def alike(times: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of each run of two or more equal times."""
    start = -1
    last = -2
    for n in [n for n, (a, b) in enumerate(pairwise(times)) if a == b]:
        if n != last + 1:
            if start >= 0:
                yield start, last + 2
            start = n
        last = n
    if start >= 0:
        yield start, last + 2


def source_key(source: Source) -> tuple[str, int]:
    """Order of places in a list shown to a person: file, then line."""
    return (source.file, source.line)
