"""Every movement of an asset that records tell: their own, the counter leg in an asset currency, the fee."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

from salyq.civil.currencies import CODES
from salyq.reconcile.order import ACQUIRED, DISPOSED, gains
from salyq.records.model import Record


class Leg(NamedTuple):
    """`quantity` is signed, in 10⁻¹⁸ units of `asset`. `kind`: acquire | dispose | fee | move (between accounts)."""

    asset: str
    quantity: int
    kind: str


class Legs(NamedTuple):
    """The legs of many records as columns: those of record n are starts[n] to starts[n + 1], in the order main leg,
    counter leg, fee. `row`: the number of the record. `told`: what it is by its record: its kind, a swap where an asset
    is bought or sold for another, or a fee."""

    row: list[int]
    asset: list[str]
    quantity: list[int]
    kind: list[str]
    told: list[str]
    starts: list[int]

    def upto(self, record: int) -> Legs:
        """A copy of those of the records before one."""
        end = self.starts[record]
        columns = self.row[:end], self.asset[:end], self.quantity[:end], self.kind[:end], self.told[:end]
        return Legs(*columns, self.starts[: record + 1])

    def of(self, record: int) -> list[Leg]:
        """The legs of one record."""
        own = slice(self.starts[record], self.starts[record + 1])
        return [*map(Leg, self.asset[own], self.quantity[own], self.kind[own])]


_WAYS = {
    **dict.fromkeys(ACQUIRED, (1, "acquire")),
    **dict.fromkeys(DISPOSED, (-1, "dispose")),
    "fee": (-1, "fee"),
    "transfer_in": (1, "move"),
    "transfer_out": (-1, "move"),
}
_NAMES = ("kind", "asset", "quantity", "value", "currency", "fee", "fee_asset")
_SAID = itemgetter(*[Record._fields.index(name) for name in _NAMES])
_IN, _OUT = "swap_in", "swap_out"
_DEALS = {"buy": (-1, "dispose", _IN, _OUT), "sell": (1, "acquire", _OUT, _IN)}  # counter leg; told of main, of counter
_GAINED, _LOST, _NOTHING = (1, "acquire"), (-1, "dispose"), (0, "")


def legs_of(records: Iterable[Record]) -> Legs:
    """The movements of records: main leg, counter leg, fee. A reversal moves nothing; money (ISO 4217) is no asset.

    `buy` and `sell` in a currency that is an asset also move `value` units of it (interfaces §3). A fee whose asset
    is not named is in the record's own asset.
    """
    found = Legs([], [], [], [], [], [0])
    row, assets, quantities = found.row.append, found.asset.append, found.quantity.append
    kinds, told, end, rows = found.kind.append, found.told.append, found.starts.append, found.row
    own = list(records)
    for n, (kind, asset, quantity, value, currency, fee, fee_asset) in enumerate(map(_SAID, own)):
        way, said = _WAYS.get(kind) or _way(own[n])
        if way:
            row(n)
            assets(asset)
            quantities(quantity if way > 0 else -quantity)
            kinds(said)
            deal = _DEALS.get(kind)
            if deal is None or value is None or currency in CODES:
                told(kind)
            else:
                told(deal[2])
                if value and currency:
                    row(n)
                    assets(currency)
                    quantities(deal[0] * value)
                    kinds(deal[1])
                    told(deal[3])
            if fee:
                paid = fee_asset or asset
                if paid == asset or paid not in CODES:
                    row(n)
                    assets(paid)
                    quantities(-fee)
                    kinds("fee")
                    told("fee")
        end(len(rows))
    return found


def legs(record: Record) -> list[Leg]:
    """The movements of one record."""
    return legs_of((record,)).of(0)


def _way(record: Record) -> tuple[int, str]:
    """Of a derivative's result by what it is; a reversal moves nothing."""
    if record.kind != "derivative_result":
        return _NOTHING
    return _GAINED if gains(record) else _LOST
