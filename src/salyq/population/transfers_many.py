"""Transfers between own accounts as columns: what reconcile/transfers.py settles for one person where one answer stands
out.

Plain are an out and an in of one asset and equal amount that no other row shares, and an out alone with an in that is
smaller by a network fee. A person with any other transfer is `odd`: what it may be is for the reconciler to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.population.columns_many import Roll
from salyq.population.texts_many import Texts
from salyq.reconcile.network_fee import LARGEST, SHARE, SHARE_OF_OTHERS
from salyq.reconcile.transfers import CLOCKS, EXACT, NEAR
from salyq.rulebook.columns import code, text_of

if TYPE_CHECKING:
    from salyq.population.records_many import Records

IN, OUT = "transfer_in", "transfer_out"
_MINED = "mined"


def settle(r: Records, texts: Mapping[str, Texts], roll: Roll) -> Any:
    """Writes into the records what travels (`network`, `arrives`); answers marks of the odd among the persons."""
    odd = np.zeros(roll.count, bool)
    came = r.kind == code(IN)
    rows = np.flatnonzero((came | (r.kind == code(OUT))) & (r.person >= 0))
    if not len(rows):
        return odd
    odd[r.person[rows[_strange(r, texts, rows, roll)]]] = True
    miners = np.zeros(roll.count, bool)
    miners[r.person[(r.kind == code(_MINED)) & (r.person >= 0)]] = True
    odd[r.person[rows]] |= miners[r.person[rows]]  # what a pool sent may stand among what came
    out, in_ = _equal(r, rows, came)
    left = np.ones(len(r.person), bool)
    left[out], left[in_] = False, False
    rest = rows[left[rows]]
    near_out, near_in = _near(r, rest, came)
    left[near_out], left[near_in] = False, False
    odd[r.person[rows[left[rows]]]] = True
    out, in_ = np.concatenate([out, near_out]), np.concatenate([in_, near_in])
    odd[r.person[out[~_one(r, texts, out, in_, rows)]]] = True
    r.network[out] = r.quantity[out] - r.quantity[in_]
    r.arrives[out] = r.day[in_]
    return odd


def _strange(r: Records, texts: Mapping[str, Texts], rows: Any, roll: Roll) -> Any:
    """Rows on no account, of a person who declares addresses or accounts of others, or whose other side is named."""
    party = texts["counterparty"]
    names = {t.casefold() for t in texts["account"].cells}
    names |= {name.casefold() for p in roll.templates for name in p.accounts} | {"p2p"}
    named = party.marks(lambda t: bool(t) and t.casefold() in names)[rows]
    named |= texts["note"].marks(lambda t: t.casefold() == "p2p trading")[rows]
    others = roll.each(lambda p: bool(p.addresses) or any(not a.own for a in p.accounts.values()))
    return named | others[r.person[rows]] | (r.account[rows] == code(""))


def _equal(r: Records, rows: Any, came: Any) -> tuple[Any, Any]:
    """(outs, ins) of equal amounts that nothing else of the person has, in time of each other."""
    quantity = np.unique(r.quantity[rows], return_inverse=True)[1]
    order = np.lexsort((came[rows], quantity, r.asset[rows], r.person[rows]))
    own = rows[order]
    keys = (quantity[order], r.asset[own], r.person[own])
    new = np.ones(len(own), bool)
    new[1:] = np.logical_or.reduce([k[1:] != k[:-1] for k in keys])
    first = np.flatnonzero(new)
    two = first[np.diff(np.append(first, len(own))) == 2]
    out, in_ = own[two], own[two + 1]
    apart = r.time[in_] - r.time[out]
    fine = ~came[out] & came[in_] & (apart >= -CLOCKS) & (apart <= EXACT)
    return out[fine], in_[fine]


def _near(r: Records, rows: Any, came: Any) -> tuple[Any, Any]:
    """(outs, ins) where an out without a fee is followed by one in that may be it, and by the next out a day later."""
    own = rows[np.lexsort((came[rows], r.time[rows], r.asset[rows], r.person[rows]))]
    same = np.zeros(len(own) + 1, bool)
    same[1:-1] = (r.person[own][1:] == r.person[own][:-1]) & (r.asset[own][1:] == r.asset[own][:-1])
    starts = np.flatnonzero(~same[:-1])
    turn = np.arange(len(own)) - np.repeat(starts, np.diff(np.append(starts, len(own))))
    first = np.flatnonzero((turn % 2 == 0) & same[1:])
    out, in_ = own[first], own[first + 1]
    lost, apart = r.quantity[out] - r.quantity[in_], r.time[in_] - r.time[out]
    fine = ~came[out] & came[in_] & (apart >= 0) & (apart <= NEAR) & (r.fee[out] == 0).astype(bool)
    fine &= (lost > 0).astype(bool) & _plausible(r, out, lost)
    after = first + 2
    another = same[np.minimum(after, len(own))]
    later = own[np.minimum(after, len(own) - 1)]
    fine &= ~another | (r.time[later] - r.time[out] > NEAR)
    group = np.cumsum(~same[:-1])
    bad = np.zeros(len(starts) + 1, bool)  # of which one does not fit: nothing is sure
    bad[group[first[~fine]]] = True
    bad[group[np.flatnonzero((turn % 2 == 0) & ~same[1:])]] = True  # one that stands alone
    kept = ~bad[group[first]]
    return out[kept], in_[kept]


def _plausible(r: Records, out: Any, lost: Any) -> Any:
    """Whether what did not arrive may be a network fee (reconcile/network_fee.py)."""
    assets, places = np.unique(r.asset[out], return_inverse=True)
    known = np.array([LARGEST.get(text_of(a), -1) for a in assets.tolist()], object)[places]
    share = np.where(known < 0, SHARE_OF_OTHERS, SHARE).astype(np.int64)
    part = (lost.astype(object) * share <= r.quantity[out]).astype(bool)
    return part & ((known < 0) | (lost.astype(object) * r.grain <= known)).astype(bool)


def _one(r: Records, texts: Mapping[str, Texts], out: Any, in_: Any, rows: Any) -> Any:
    """Pairs between two accounts whose hashes say nothing else."""
    hashes = texts["hash"].numbers()
    told = rows[hashes[rows] >= 0]
    again = {}
    if len(told):
        keys = r.person[told] * (int(hashes[told].max()) + 1) + hashes[told]
        _, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
        again = dict(zip(told.tolist(), counts[places].tolist(), strict=True))
    times = [np.array([again.get(n, 0) for n in side.tolist()], np.int64) for side in (out, in_)]
    alike = (hashes[out] == hashes[in_]) & (hashes[out] >= 0)
    alone = (times[0] <= 1) & (times[1] <= 1) & ((times[0] == 0) | (times[1] == 0))
    return (r.account[out] != r.account[in_]) & np.where(alike, times[0] == 2, alone)
