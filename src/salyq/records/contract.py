"""What every record must be, whoever made it: checked once, where a reader hands its records over."""

from __future__ import annotations

from salyq.civil.messages import Message
from salyq.records.kinds import BY_VALUE, KINDS
from salyq.records.model import Record

LARGEST = 10**38  # decimal(38,18)


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
