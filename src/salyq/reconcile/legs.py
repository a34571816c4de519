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


_WAYS = {
    **dict.fromkeys(ACQUIRED, (1, "acquire")),
    **dict.fromkeys(DISPOSED, (-1, "dispose")),
    "fee": (-1, "fee"),
    "transfer_in": (1, "move"),
    "transfer_out": (-1, "move"),
}
_DEALS = ("buy", "sell")
_GAINED, _LOST, _NOTHING = (1, "acquire"), (-1, "dispose"), (0, "")


def legs(record: Record) -> list[Leg]:
    """The movements of a record: main leg, counter leg, fee. A reversal moves nothing; money (ISO 4217) is no asset.

    `buy` and `sell` in a currency that is an asset also move `value` units of it (interfaces §3). A fee whose asset
    is not named is in the record's own asset.
    """
    kind, asset, fee = record.kind, record.asset, record.fee
    way, said = _WAYS.get(kind) or _way(record)
    found = [_new(Leg, (asset, way * record.quantity, said))] if way else []
    if kind in _DEALS:
        value, currency = record.value, record.currency
        if value and currency and not is_currency(currency):
            against = (currency, -value, "dispose") if kind == "buy" else (currency, value, "acquire")
            found.append(_new(Leg, against))
    if fee and way:
        paid = record.fee_asset or asset
        if paid == asset or not is_currency(paid):
            found.append(_new(Leg, (paid, -fee, "fee")))
    return found


def _way(record: Record) -> tuple[int, str]:
    """Of a derivative's result by what it is; a reversal moves nothing."""
    if record.kind != "derivative_result":
        return _NOTHING
    return _GAINED if gains(record) else _LOST
