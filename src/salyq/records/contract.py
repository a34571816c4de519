"""What every record must be, whoever made it: checked once, where a reader hands its records over."""

from __future__ import annotations

from salyq.civil.messages import Message
from salyq.records import columns
from salyq.records.kinds import BY_VALUE, KINDS
from salyq.records.model import Record
from salyq.records.table import Records

LARGEST = 10**38  # decimal(38,18)


_BY_NEED = {
    need: {k.name for k in KINDS.values() if k.required == need} for need in {k.required for k in KINDS.values()}
}
_PLAIN, _PRICED, _GROUPED = (_BY_NEED.get(need, set()) for need in ((), ("value", "currency"), ("group",)))


def breaches(records: Records) -> list[tuple[Record, tuple[str, Message]]]:
    """The records that are none, each with (field, why). Most are seen at a glance to be as they must."""
    return [(r, why) for r in map(records.__getitem__, _doubtful(records)) if (why := breach(r)) is not None]


def _doubtful(records: Records) -> list[int]:
    if len(records) >= columns.MANY:
        from salyq.records.contract_many import doubtful

        return doubtful(records, LARGEST, _PRICED, _GROUPED, _PLAIN)
    told = records.rows("quantity", "value", "currency", "fee", "fee_asset", "kind", "group")
    return [
        n
        for n, (quantity, value, currency, fee, fee_asset, kind, group) in enumerate(told)
        if not (
            0 < quantity < LARGEST
            and (currency is None if value is None else currency is not None and 0 <= value < LARGEST)
            and (fee_asset is None if fee is None else fee_asset is not None and 0 <= fee < LARGEST)
            and ((value is not None and kind in _PRICED) or (group is not None and kind in _GROUPED) or kind in _PLAIN)
        )
    ]


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
