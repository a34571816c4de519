"""Every movement of an asset that one record tells: its own, the counter leg in an asset currency, the fee."""

from __future__ import annotations

from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.reconcile.order import ACQUIRED, DISPOSED, gains
from salyq.records.model import Record


class Leg(NamedTuple):
    """`quantity` is signed, in 10⁻¹⁸ units of `asset`. `kind`: acquire | dispose | fee | move (between accounts)."""

    asset: str
    quantity: int
    kind: str


_new = tuple.__new__  # what Leg(…) does, without the call in between: a leg is made for every movement


def legs(record: Record) -> list[Leg]:
    """The movements of a record: main leg, counter leg, fee. A reversal moves nothing; money (ISO 4217) is no asset.

    `buy` and `sell` in a currency that is an asset also move `value` units of it (interfaces §3). A fee whose asset
    is not named is in the record's own asset.
    """
    found = _main(record)
    if record.kind in ("buy", "sell") and record.value and record.currency and not is_currency(record.currency):
        bought = record.kind == "buy"
        against = (record.currency, -record.value if bought else record.value, "dispose" if bought else "acquire")
        found.append(_new(Leg, against))
    if record.fee and record.kind != "reversal":
        asset = record.fee_asset or record.asset
        if asset == record.asset or not is_currency(asset):
            found.append(_new(Leg, (asset, -record.fee, "fee")))
    return found


def _main(record: Record) -> list[Leg]:
    kind, asset, quantity = record.kind, record.asset, record.quantity
    if kind in ACQUIRED:
        return [_new(Leg, (asset, quantity, "acquire"))]
    if kind in DISPOSED:
        return [_new(Leg, (asset, -quantity, "dispose"))]
    if kind == "fee":
        return [Leg(asset, -quantity, "fee")]
    if kind == "transfer_in":
        return [Leg(asset, quantity, "move")]
    if kind == "transfer_out":
        return [Leg(asset, -quantity, "move")]
    if kind == "derivative_result":
        return [Leg(asset, quantity, "acquire") if gains(record) else Leg(asset, -quantity, "dispose")]
    return []
