"""What every record must be, whoever made it: checked once, where a reader hands its records over."""

from __future__ import annotations

from collections.abc import Iterable

from salyq.civil.messages import Message
from salyq.records.kinds import BY_VALUE, KINDS
from salyq.records.model import Record

LARGEST = 10**38  # decimal(38,18)


_BY_NEED = {
    need: {k.name for k in KINDS.values() if k.required == need} for need in {k.required for k in KINDS.values()}
}
_PLAIN, _PRICED, _GROUPED = (_BY_NEED.get(need, set()) for need in ((), ("value", "currency"), ("group",)))


def breaches(records: Iterable[Record]) -> list[tuple[Record, tuple[str, Message]]]:
    """The records that are none, each with (field, why). Most are seen at a glance to be as they must."""
    doubtful = [
        r
        for r in records
        if not (
            0 < r.quantity < LARGEST
            and (r.currency is None if r.value is None else r.currency is not None and 0 <= r.value < LARGEST)
            and (r.fee_asset is None if r.fee is None else r.fee_asset is not None and 0 <= r.fee < LARGEST)
            and (
                (r.value is not None and r.kind in _PRICED)
                or (r.group is not None and r.kind in _GROUPED)
                or r.kind in _PLAIN
            )
        )
    ]
    return [(r, why) for r in doubtful if (why := breach(r)) is not None]


def breach(record: Record) -> tuple[str, Message] | None:
    """(field, why) where a record is none, else None. Direction comes from the kind, so no amount is below zero."""
    r, kind = record, KINDS.get(record.kind)
    if kind is None:
        return "kind", Message("record_kind_unknown", {"kind": r.kind})
    if r.quantity <= 0:
        return "quantity", Message("record_below_zero", {"field": "quantity"})
    if r.fee is not None and r.fee < 0:
        return "fee", Message("record_below_zero", {"field": "fee"})
    for name, amount in (("quantity", r.quantity), ("fee", r.fee), ("value", r.value)):
        if amount is not None and abs(amount) >= LARGEST:
            return name, Message("record_too_large", {"field": name})
    if r.value is not None and r.value < 0 and kind.direction != BY_VALUE:
        return "value", Message("record_below_zero", {"field": "value"})
    if (r.value is None) != (r.currency is None):
        return "currency", Message("record_half_amount", {"field": "value"})
    if (r.fee is None) != (r.fee_asset is None):
        return "fee_asset", Message("record_half_amount", {"field": "fee"})
    for name in kind.required:
        if getattr(r, name) is None and not (r.kind == "buy" and r.document == "none"):
            return name, Message("record_kind_needs", {"kind": r.kind, "field": name})
    return None
