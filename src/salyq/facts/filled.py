"""Columns of a person's many rows, from the columns of movements: sales, acquisitions, matches and disposals.

Each says what the row by row tellers of its kind say (a test holds them to it); None where only those can.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.facts.averages import Averages
from salyq.facts.few import NO_LOT, POOL
from salyq.facts.moved import Moved, added, some
from salyq.facts.records_say import is_documented, is_solo, noted, proof_kind
from salyq.facts.said import each, paid_in
from salyq.law.regimes import is_operator
from salyq.rulebook.columns import Column, code, text_of, whole

if TYPE_CHECKING:
    from salyq.facts.acquisitions import Acquisitions
    from salyq.facts.events import SomeEvents
    from salyq.facts.sales import Sales, Sold
    from salyq.facts.taken import Parts, Taken

    OfSales = Callable[[Sales, Moved, Sold], Column | None]
    OfAcquisitions = Callable[[Acquisitions, Moved, Any], Column | None]


# sales --------------------------------------------------------------------------------------------------------------
def of_sales(name: str, sales: Sales, sold: Sold) -> Column | None:
    made = _SALES.get(name)
    return None if made is None else made(sales, sales.world.moved, sold)


def of_accounts(name: str, told: Sales | Acquisitions, rows: Any) -> Column | None:
    """What the accounts of movements state; only flags are the same kind of column for all."""
    accounts = told.world.moved.account[rows]
    if not {told.told(text_of(c)).get(name) for c in np.unique(accounts).tolist()} <= {True, False}:
        return None
    return Column((each(accounts, lambda a: told.told(a)[name], bool),))


def _pegs(told: Sales | Acquisitions, assets: Any) -> Column:
    pegs = told.world.person.stablecoins
    return Column((each(assets, lambda asset: code(pegs.get(asset, "")), np.int32),))


def _quantities(_: Sales, m: Moved, sold: Sold) -> Column:
    all_of = m.quantity
    return whole(added(all_of.parts[0][sold.fills.order], sold.fills.starts[:-1]), grain=all_of.grain)


def _values(_: Sales, m: Moved, sold: Sold) -> Column | None:
    """Money stated of all fills in one currency; None where what a sale brought is not told at all."""
    order, starts = sold.fills.order, sold.fills.starts[:-1]
    stated = m.value
    given = np.ones(len(order), bool) if stated.unknown is None else ~stated.unknown[order]
    if not given.all():
        untold = order[~given & (m.kind[order] == code("sell"))]
        if None in sold.events.said(untold.tolist(), "value"):
            return None
    if not len(order):
        return None
    currencies = stated.parts[1][order]
    whole_ = np.logical_and.reduceat(given, starts)
    whole_ &= np.minimum.reduceat(currencies, starts) == np.maximum.reduceat(currencies, starts)
    made = whole(np.where(whole_, added(np.where(given, stated.parts[0][order], 0), starts), 0), grain=stated.grain)
    paid = np.where(whole_, currencies[starts], code(""))
    return Column((made.parts[0], paid), None if whole_.all() else ~whole_, made.ends, made.grain)


def _in_money(sales: Sales, m: Moved, sold: Sold) -> Column | None:
    found = _values(sales, m, sold)
    if found is None:
        return None
    return Column((np.ones(len(sold), bool) if found.unknown is None else ~found.unknown,))


def _counters(_: Sales, m: Moved, sold: Sold) -> Column:
    stood = m.counter_quantity
    given = np.ones(len(sold.fills.order), bool) if stood.unknown is None else ~stood.unknown[sold.fills.order]
    if not len(given):
        return some(stood, sold.fills.order)
    sums = whole(added(np.where(given, stood.parts[0][sold.fills.order], 0), sold.fills.starts[:-1]), grain=stood.grain)
    none = ~np.logical_or.reduceat(given, sold.fills.starts[:-1])
    return sums.marked(none if none.any() else None)


def _nowhere(name: str) -> OfSales:
    """Of what hardly any record says: told row by row where one does."""

    def made(_: Sales, m: Moved, sold: Sold) -> Column | None:
        if not m.said.nowhere(name) and any(
            told is not None for told in sold.events.said(sold.fills.order.tolist(), name)
        ):
            return None
        if name == "purpose":
            return Column((np.full(len(sold), code("")),))
        return Column((np.zeros(len(sold), np.int64), np.full(len(sold), code(""))), np.ones(len(sold), bool), (0, 0))

    return made


def _abroad(told: Sales | Acquisitions, m: Moved, rows: Any) -> Column:
    """As stated, else by the country of the account."""
    world = told.world
    return Column((m.said.flags(("account", "abroad"), world.abroad_on)[m.row[rows]],))


_SALES: dict[str, OfSales] = {
    "kind": lambda _, m, s: Column((m.kind[s.fills.first],)),
    "day": lambda _, m, s: Column((m.day[s.fills.first],)),
    "asset": lambda _, m, s: Column((m.asset[s.fills.first],)),
    "quantity": _quantities,
    "value": _values,
    "value_is_money": _in_money,
    "counter_asset": lambda _, m, s: Column((m.counter[s.fills.first],)),
    "counter_quantity": _counters,
    "peg": lambda a, m, s: _pegs(a, m.asset[s.fills.first]),
    "counter_peg": lambda a, m, s: _pegs(a, m.counter[s.fills.first]),
    "resident": lambda a, m, s: Column((each(m.day[s.fills.first], a.resident, bool, date.fromordinal),)),
    "purpose": _nowhere("purpose"),
    "capital_paid": _nowhere("capital_paid"),
    "abroad": lambda a, m, s: _abroad(a, m, s.fills.first),
}


# acquisitions -------------------------------------------------------------------------------------------------------
def of_acquisitions(name: str, came: Acquisitions, items: SomeEvents) -> Column | None:
    made = _ACQUISITIONS.get(name)
    return None if made is None else made(came, came.world.moved, items.keys)


def _money(_: Acquisitions, m: Moved, rows: Any) -> Column:
    stated = m.value.unknown
    return Column((np.ones(len(rows), bool) if stated is None else ~stated[rows],))


def _of_day(of: Callable[[Acquisitions], Callable[[Any], bool]]) -> OfAcquisitions:
    return lambda a, m, rows: Column((each(m.day[rows], of(a), bool, date.fromordinal),))


def _by_record(of: Callable[..., bool], *names: str) -> OfAcquisitions:
    return lambda _, m, rows: Column((m.said.flags(names, of)[m.row[rows]],))


def _fee(a: Acquisitions, m: Moved, rows: Any) -> Column:
    """What was paid in money for an acquisition, of its record's own asset; else nothing."""
    fee, row = m.said.amounts("fee"), m.row[rows]
    paid = paid_in(m.said, "fee_asset", a.person.stablecoins)[row]
    there = (paid >= 0) & (m.asset[rows] == m.said.codes("asset")[row])
    if fee.unknown is not None:
        there &= ~fee.unknown[row]
    made = whole(np.where(there, fee.parts[0][row], 0), grain=fee.grain)
    return Column((made.parts[0], np.where(there, paid, code("KZT"))), None, made.ends, made.grain)


_ACQUISITIONS: dict[str, OfAcquisitions] = {
    "kind": lambda _, m, rows: Column((m.kind[rows],)),
    "day": lambda _, m, rows: Column((m.day[rows],)),
    "asset": lambda _, m, rows: Column((m.asset[rows],)),
    "quantity": lambda _, m, rows: some(m.quantity, rows),
    "value": lambda _, m, rows: some(m.value, rows),
    "value_is_money": _money,
    "counter_asset": lambda _, m, rows: Column((m.counter[rows],)),
    "counter_quantity": lambda _, m, rows: some(m.counter_quantity, rows),
    "peg": lambda a, m, rows: _pegs(a, m.asset[rows]),
    "counter_peg": lambda a, m, rows: _pegs(a, m.counter[rows]),
    "documented": _by_record(is_documented, "document", "proof"),
    "taxed_earlier": _by_record(lambda note: noted(note) == "taxed", "note"),
    "for_receivable": _by_record(lambda note: noted(note) == "receivable", "note"),
    "valuer_report": _by_record(lambda proof, text: proof_kind(proof, text) == "valuer_report", "proof", "document"),
    "solo": _by_record(is_solo, "counterparty"),
    "abroad": _abroad,
    "purchase_fee": _fee,
    "registered_miner": _of_day(lambda a: a.licensed),
    "resident": _of_day(lambda a: a.resident),
    "operator": lambda a, _, rows: Column((np.full(len(rows), is_operator(a.person.kind)),)),
    "pool": lambda _, __, rows: Column((np.zeros(len(rows), bool),)),
    "pool_tenge": lambda _, __, rows: Column((np.zeros(len(rows), np.int64),), None, (0, 0)),
}


# matches and disposals ----------------------------------------------------------------------------------------------
def of_matches(name: str, taken: Taken) -> Column:
    m = taken.world.moved
    if name == "day":
        return Column((m.day[taken.sold.fills.first[taken.sale]],))
    if name == "found":
        return Column((np.array(taken.key, np.int64) != NO_LOT,))
    if name == "mined_this_year":
        return Column((_mined_now(taken, m),))
    return whole(getattr(taken, name), grain=taken.grain)


def _mined_now(taken: Taken, m: Moved) -> Any:
    """Of a moving average by its newest part; a shortage is not."""
    last = taken.world.last_day
    own = (m.kind == code("mined")) & (m.day >= date(last.year, 1, 1).toordinal()) & (m.day <= last.toordinal())
    newest = _newest(taken)
    return (newest >= 0) & own[np.maximum(newest, 0)]


def _newest(taken: Taken) -> Any:
    """The key of the acquisition of each match, of a moving average the last; below zero: a shortage."""
    key = np.array(taken.key, np.int64)
    if taken.pools is not None:
        pools, pooled = taken.pools.items, key == POOL
        last = pools.newest if isinstance(pools, Averages) else np.array([p.newest.key for p in pools], np.int64)
        key[pooled] = last[np.asarray(taken.pool, np.int64)[pooled]]
    return key


def short_of(taken: Taken) -> list[int]:
    """The matches that no known purchase covers."""
    newest = _newest(taken)
    came = taken.world.moved.kind[np.maximum(newest, 0)] == code("transfer_in")
    return np.flatnonzero((newest < 0) | came).tolist()


def of_disposals(name: str, parts: Parts) -> Column:
    m, first = parts.taken.world.moved, parts.sold.fills.first
    if name == "day":
        return Column((m.day[first[parts.sale]],))
    if name == "asset":
        return Column((m.asset[first[parts.sale]],))
    assert name == "quantity"
    taken = parts.taken
    return whole(added((taken.x1 - taken.x0)[parts.order], parts.starts[:-1]), grain=taken.grain)
