"""What many records must be, by columns: contract.py says it of each."""

from __future__ import annotations

from collections.abc import Collection

from salyq.records.many import below, beyond, given, places, says, zero
from salyq.records.table import Records


def doubtful(
    records: Records, largest: int, priced: Collection[str], grouped: Collection[str], plain: Collection[str]
) -> list[int]:
    """The rows to be looked at. `priced`, `grouped`, `plain`: the kinds that need a value, a group and nothing."""
    quantity, kind = records.column("quantity"), records.column("kind")
    wrong = ~given(quantity) | zero(quantity) | below(quantity) | beyond(quantity, largest)
    for name, asset in (("value", "currency"), ("fee", "fee_asset")):
        amount = records.column(name)
        wrong |= (given(amount) != given(records.column(asset))) | below(amount) | beyond(amount, largest)
    told = says(kind, priced.__contains__) & given(records.column("value"))
    told |= says(kind, grouped.__contains__) & given(records.column("group"))
    return places(wrong | ~(told | says(kind, plain.__contains__)))
