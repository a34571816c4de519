"""Movements, sales and matched lots of many persons as columns: what facts/events.py and facts/queues.py say of one.

Lots leave first in, first out, by the kernel (lots/kernel.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from salyq.civil.currencies import is_currency
from salyq.facts.moved import grouped, join, starts_of
from salyq.lots.kernel import kernel, packed, shortest
from salyq.population.records_many import Records
from salyq.population.transfers_many import IN, OUT
from salyq.reconcile.order import ACQUIRED
from salyq.records.person import INDIVIDUAL, Person
from salyq.rulebook.columns import code, text_of

MAIN, COUNTER, FEE, NETWORK = range(4)  # legs of a record
PEGS = Person("", INDIVIDUAL).stablecoins  # of everybody who says nothing else


@dataclass(slots=True)
class Moves:
    """One row a movement, in the order of persons and their events. `record`: its row in the records."""

    record: Any
    leg: Any
    kind: Any
    asset: Any
    quantity: Any
    up: Any
    swap: Any  # bought or sold for an asset, by the main leg or the one against it
    sale: Any  # the row of the record whose sale this is
    money: Any  # stated in money for the whole quantity
    year: Any
    person: Any

    def counters(self, records: Records, rows: Any) -> tuple[Any, Any]:
        """(asset, quantity) of what stood against movements, where `swap` says that something did."""
        at, main, swap = self.record[rows], self.leg[rows] == MAIN, self.swap[rows]
        assets = np.where(swap, np.where(main, records.currency[at], records.asset[at]), code(""))
        return assets, np.where(swap, np.where(main, records.value[at], records.quantity[at]), 0)


@dataclass(slots=True)
class Matches:
    """Sales of the year and what each used up. Movements are rows of Moves.

    `first`: first movement of each sale; `fills`, `starts`: the movements of each; `sale`, `lot` (−1: none), `x0`,
    `x1`, `y0`, `y1`: of each match."""

    first: Any
    fills: Any
    starts: Any
    sale: Any
    lot: Any
    x0: Any
    x1: Any
    y0: Any
    y1: Any


@lru_cache(maxsize=1 << 16)
def _is_money(currency: int) -> bool:
    return is_currency(text_of(currency))


def money_codes(codes: Any) -> Any:
    """Marks of the codes that are currencies."""
    distinct, places = np.unique(codes, return_inverse=True)
    return np.array([_is_money(c) for c in distinct.tolist()], bool)[places] if len(distinct) else np.zeros(0, bool)


@lru_cache(maxsize=1 << 16)
def _money_of(asset: int) -> int:
    currency = text_of(asset)
    return asset if is_currency(currency) else code(PEGS.get(currency, ""))


def paid_in(codes: Any) -> Any:
    """The currency that an amount is in, one for one where an asset is pegged to it; "" where it is no money."""
    distinct, places = np.unique(codes, return_inverse=True)
    return np.array([_money_of(c) for c in distinct.tolist()], np.int64)[places]


def moves(r: Records, last_year: int) -> Moves:
    """All movements up to the end of a year."""
    rows = np.flatnonzero(r.year <= last_year)
    deal = np.isin(r.kind[rows], [code("buy"), code("sell")])
    incoming = np.isin(r.kind[rows], [code(k) for k in ACQUIRED])
    swap = deal & r.has_value[rows] & ~money_codes(r.currency[rows])
    against = np.flatnonzero(swap & (r.value[rows] != 0).astype(bool))
    fee_asset = np.where(r.has_fee[rows], r.fee_asset[rows], r.asset[rows])
    fees = np.flatnonzero(
        r.has_fee[rows] & (r.fee[rows] != 0).astype(bool) & ((fee_asset == r.asset[rows]) | ~money_codes(fee_asset))
    )
    own = np.flatnonzero(~np.isin(r.kind[rows], [code(IN), code(OUT)]))  # between own accounts nothing moves
    lost = np.flatnonzero((r.network[rows] != 0).astype(bool))  # but for a network fee
    at = np.concatenate([own, against, fees, lost])
    leg = np.repeat(np.array([MAIN, COUNTER, FEE, NETWORK]), [len(own), len(against), len(fees), len(lost)])
    record = rows[at]
    up = np.where(leg == MAIN, incoming[at], (leg == COUNTER) & ~incoming[at])
    fee_asset = np.where(leg == NETWORK, r.asset[record], fee_asset[at])
    asset = np.where(leg == MAIN, r.asset[record], np.where(leg == COUNTER, r.currency[record], fee_asset))
    quantity = np.concatenate([r.quantity[rows[own]], r.value[rows[against]], r.fee[rows[fees]], r.network[rows[lost]]])
    swapped = swap[at] & (leg <= COUNTER)
    kind = np.where(swapped, np.where(up, code("swap_in"), code("swap_out")), r.kind[record])
    kind = np.where(leg >= FEE, code("fee"), kind)
    rank = np.where(kind == code("fee"), 2, np.where(up, 0, 1))
    order = _in_order(r, record, rank, leg)
    money = (
        (leg == MAIN)
        & ~swap[at]
        & r.has_value[record]
        & (kind != code("fee"))
        & (paid_in(r.currency[record]) != code(""))
    )
    record = record[order]
    return Moves(
        record, leg[order], kind[order], asset[order], quantity[order], up[order], swapped[order],
        _sales(r)[record], money[order], r.year[record], r.person[record],
    )  # fmt: skip


def _in_order(r: Records, record: Any, rank: Any, leg: Any) -> Any:
    """One instant: what comes in, what goes out, fees (semantics 4) — of whole records and of their other legs."""
    new = np.zeros(len(r.person), np.int64)
    new[1:] = (r.person[1:] != r.person[:-1]) | (r.time[1:] != r.time[:-1])
    instant = np.cumsum(new)[record]  # records stand in the order of person and time
    order = np.argsort(3 * instant + rank, kind="stable")
    several = np.flatnonzero(r.crowded[record[order]])  # all of an instant: they change places among themselves
    if len(several):
        own = order[several]
        by = (leg[own], record[own], r.content[record[own]], rank[own], instant[own])
        order[several] = own[np.lexsort(by)]
    return order


def _sales(r: Records) -> Any:
    """The row of the first fill of each record's sale (reconcile/sales.py): fills of one order, or of one second."""
    sale = np.arange(len(r.person))
    deal = np.isin(r.kind, [code("buy"), code("sell")])
    ordered = r.group >= 0
    rows = np.flatnonzero(deal & (ordered | r.crowded))
    if not len(rows):
        return sale
    moment = np.where(ordered[rows], -1, r.time[rows])
    keys = [r.group[rows], moment, r.year[rows], r.currency[rows], r.asset[rows], r.account[rows], r.kind[rows]]
    keys.append(r.person[rows])
    order = np.lexsort((rows, *keys))
    new = np.zeros(len(rows), bool)
    new[0] = True
    for key in keys:
        own = key[order]
        new[1:] |= own[1:] != own[:-1]
    first = np.flatnonzero(new)
    sale[rows[order]] = np.repeat(rows[order][first], np.diff(np.append(first, len(rows))))
    return sale


def match(m: Moves, year: int) -> Matches:
    """What the sales of a year used up."""
    wanted = ~m.up & (m.year == year)
    coded, asset = np.unique(m.asset, return_inverse=True)
    group = m.person * max(len(coded), 1) + asset
    order = kernel().order([group])
    found = kernel().fifo(group[order], m.up[order], packed(m.quantity[order]), wanted[order])
    disposal, lot = order[found.disposal], np.where(found.lot < 0, -1, order[found.lot])
    own = np.flatnonzero(wanted)
    number, first = grouped((m.asset[own], m.kind[own], m.sale[own]), own)
    count = len(first)
    by_sale = own[np.argsort(number, kind="stable")]
    of = np.zeros(len(m.up), np.int64)
    of[own] = number
    x0, x1 = shortest(found.x0), shortest(found.x1)
    joined = join(of[disposal], disposal, lot, x0, x1, count)
    places = (joined.x0, joined.x1, joined.y0, joined.y1)
    return Matches(first, by_sale, starts_of(number, count), joined.sale, lot[joined.piece], *places)
