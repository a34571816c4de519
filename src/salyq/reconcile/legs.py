"""Every movement of an asset that records tell: their own, the counter leg in an asset currency, the fee."""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

from salyq.civil.currencies import CODES
from salyq.reconcile.signs import DEALS, MOVES, SIGNS
from salyq.records import columns
from salyq.records.columns import NONE, Amounts, Coded
from salyq.records.model import Record
from salyq.records.table import Records


class Leg(NamedTuple):
    """`quantity` is signed, in 10⁻¹⁸ units of `asset`. `kind`: acquire | dispose | fee | move (between accounts)."""

    asset: str
    quantity: int
    kind: str


class Legs(NamedTuple):
    """The legs of records as columns: those of record n are starts[n] to starts[n + 1], in the order main leg,
    counter leg, fee. `row`: the number of the record. `told`: what it is by its record: its kind, a swap where an asset
    is bought or sold for another, or a fee. Quantities are signed."""

    row: array[int]
    asset: Coded
    quantity: Amounts
    told: Coded
    starts: array[int]

    def upto(self, record: int) -> Legs:
        """A copy of those of the records before one."""
        end = self.starts[record]
        columns = self.row[:end], self.asset[:end], self.quantity[:end], self.told[:end]
        return Legs(*columns, self.starts[: record + 1])

    def of(self, record: int) -> list[Leg]:
        """The legs of one record."""
        own = slice(self.starts[record], self.starts[record + 1])
        told = zip(self.asset[own], self.quantity[own], self.told[own], strict=True)
        return [Leg(asset, quantity or 0, _way(kind, quantity or 0)) for asset, quantity, kind in told]


def legs_of(records: Records) -> Legs:
    """The movements of records: main leg, counter leg, fee. A reversal moves nothing; money (ISO 4217) is no asset.

    `buy` and `sell` in a currency that is an asset also move `value` units of it (interfaces §3). A fee whose asset
    is not named is in the record's own asset.
    """
    amounts, none, grain = _alike(records)
    if none and len(records) >= columns.MANY:
        from salyq.reconcile.legs_many import legs_of as of_many

        quantity, value, fee = amounts
        return Legs(*of_many(records, quantity, value, fee, grain))
    rows, starts, assets, told = array("q"), array("q", [0]), list[str](), list[str]()
    quantities: array[int] | list[int] = array("q") if none else []
    add_row, add_asset, add_quantity, add_told = rows.append, assets.append, quantities.append, told.append
    texts = records.rows("kind", "asset", "currency", "fee_asset")
    for n, ((kind, asset, currency, fee_asset), quantity, value, fee) in enumerate(zip(texts, *amounts, strict=True)):
        way = SIGNS.get(kind)
        if way is None:  # a derivative's result: what it is its value says
            way = 1 if value == none or value >= 0 else -1
        if way:
            add_row(n)
            add_asset(asset)
            add_quantity(quantity if way > 0 else -quantity)
            deal = DEALS.get(kind)
            if deal is None or value == none or currency in CODES:
                add_told(kind)
            else:
                add_told(deal[1])
                if value and currency:
                    add_row(n)
                    add_asset(currency)
                    add_quantity(deal[0] * value)
                    add_told(deal[2])
            if fee and fee != none:
                paid = fee_asset or asset
                if paid == asset or paid not in CODES:
                    add_row(n)
                    add_asset(paid)
                    add_quantity(-fee)
                    add_told("fee")
        starts.append(len(rows))
    if isinstance(quantities, array):
        numbers = Amounts(quantities, grain, False)
    else:
        numbers = Amounts(array("q"), 1, False, [*quantities])
    return Legs(rows, Coded.of(assets), numbers, Coded.of(told), starts)


def _alike(records: Records) -> tuple[list[Any], int | None, int]:
    """Quantities, values and fees in one grain, what stands where there is none, and the grain."""
    amounts = [records.amounts(name) for name in ("quantity", "value", "fee")]
    grain = min(a.grain for a in amounts)
    try:
        return [a.in_grains(grain) for a in amounts], NONE, grain
    except OverflowError:
        return [[*a] for a in amounts], None, 1


def legs(record: Record) -> list[Leg]:
    """The movements of one record."""
    return legs_of(Records((record,))).of(0)


def _way(told: str, quantity: int) -> str:
    if told == "fee" or told in MOVES:
        return "fee" if told == "fee" else "move"
    return "acquire" if quantity > 0 else "dispose"
