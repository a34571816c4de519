"""Prices of the licensed exchange, each with its source and age. A price too old is no price: the deal is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from salyq.office.ledger.assets import SCALES
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.pilots", "quotes")


class Quote(NamedTuple):
    """Tenge for one whole asset."""

    n: int
    asset: str
    price: Decimal
    source: str
    at: datetime

    def fresh(self, now: datetime, age: timedelta) -> bool:
        return now - self.at <= age


class Sold(NamedTuple):
    """`units` of the asset whose worth reaches the tenge wanted; `rounding` of them (0 or 1) is there only because a
    unit cannot be divided."""

    units: int
    rounding: int


def units_for(tiyn: int, price: Decimal, asset: str) -> Sold:
    """The whole units that must be sold for `tiyn`: the last one is a rounding unit where it is not used up."""
    above, below = price.as_integer_ratio()
    whole, rest = divmod(tiyn * below * 10 ** SCALES[asset], 100 * above)
    return Sold(whole + bool(rest), int(bool(rest)))


def worth(units: int, price: Decimal, asset: str) -> int:
    """What whole units are worth in whole tiyn, downwards."""
    above, below = price.as_integer_ratio()
    whole: int = units * above * 100 // (below * 10 ** SCALES[asset])
    return whole


def add(tx: Transaction, asset: str, price: str, source: str, at: datetime) -> None:
    tx.run(SQL["add"], {"asset": asset, "price": Decimal(price), "source": source, "at": at})


def latest(tx: Transaction, asset: str, now: datetime) -> Quote | None:
    """The last price known at `now`, however old."""
    return tx.one(Quote, SQL["latest"], {"asset": asset, "now": now})
