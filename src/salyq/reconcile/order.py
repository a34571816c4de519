"""The order of records (semantics 4), and what makes two of them equal."""

from __future__ import annotations

from salyq.records.kinds import IN, KINDS, OUT
from salyq.records.model import Record, Source

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
    kind = record.kind
    if kind in ACQUIRED or kind == "transfer_in":
        return 0
    if kind == "fee":
        return 2
    return 0 if kind == "derivative_result" and gains(record) else 1


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


def source_key(source: Source) -> tuple[str, int]:
    """Order of places in a list shown to a person: file, then line."""
    return (source.file, source.line)
