"""Transfers between own accounts as columns: what reconcile/transfers.py settles for one person where one answer stands
out.

Plain are an out and an in of one asset and equal amount, and an out and an in that is smaller by a network fee, where
neither could be any other. A person with any other transfer is `odd`: what it may be is for the reconciler to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from salyq.facts.moved import grouped
from salyq.population.columns_many import Roll
from salyq.population.texts_many import Texts
from salyq.reconcile.network_fee import LARGEST, SHARE, SHARE_OF_OTHERS
from salyq.reconcile.transfers import CLOCKS, EXACT, NEAR
from salyq.rulebook.columns import code, text_of

if TYPE_CHECKING:
    from salyq.population.records_many import Records

IN, OUT, MINED = "transfer_in", "transfer_out", "mined"
SEVERAL = 16  # ins that one out could be; where there are more, nothing is plain


class Pairs(NamedTuple):
    """Rows of outs and of their ins; and those that could be several."""

    out: Any
    in_: Any
    unclear: Any


def settle(r: Records, texts: Mapping[str, Texts], roll: Roll) -> Any:
    """Writes into the records what travels (`network`, `arrives`); answers marks of the odd among the persons."""
    odd = np.zeros(roll.count, bool)
    came = r.kind == code(IN)
    rows = np.flatnonzero((came | (r.kind == code(OUT))) & (r.person >= 0))
    if not len(rows):
        return odd
    odd[r.person[rows[_strange(r, texts, rows, roll)]]] = True
    odd[r.person[_mined(r, rows[came[rows]])]] = True
    equal = _equal(r, rows, came)
    left = np.zeros(len(r.person), bool)
    left[rows] = True
    left[equal.out], left[equal.in_] = False, False
    near = _near(r, np.flatnonzero(left), came)
    left[near.out], left[near.in_] = False, False
    odd[r.person[np.concatenate([np.flatnonzero(left), equal.unclear, near.unclear])]] = True
    out, in_ = np.concatenate([equal.out, near.out]), np.concatenate([equal.in_, near.in_])
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


def _mined(r: Records, ins: Any) -> Any:
    """What came in of an asset that the person mined: a pool may have sent it."""
    mined = np.flatnonzero((r.kind == code(MINED)) & (r.person >= 0))
    coin = r.person * (int(r.asset.max()) + 1) + r.asset
    return ins[np.isin(coin[ins], coin[mined])]


def _equal(r: Records, rows: Any, came: Any) -> Pairs:
    """Equal amounts in time of each other."""
    amount = np.unique(r.quantity[rows], return_inverse=True)[1]
    return _only(r, rows, came, (amount, r.asset[rows], r.person[rows]), (CLOCKS, EXACT))


def _near(r: Records, rows: Any, came: Any) -> Pairs:
    """An out without a fee and one in that may be it, less a network fee."""
    pairs = _only(r, rows, came, (r.asset[rows], r.person[rows]), (0, NEAR), partial(_smaller, r))
    fee = (r.fee[pairs.out] != 0).astype(bool)
    return Pairs(pairs.out[~fee], pairs.in_[~fee], pairs.unclear)


def _only(
    r: Records, rows: Any, came: Any, keys: tuple[Any, ...], window: tuple[int, int],
    fits: Callable[[Any, Any], Any] | None = None,
) -> Pairs:  # fmt: skip
    """Of rows alike in all keys those of which either has no other that it could be, by time (seconds that an in comes
    before its out at most, and after it) and by what `fits` says."""
    none = np.zeros(0, np.int64)
    if not len(rows):
        return Pairs(none, none, none)
    number, _ = grouped(keys, rows)
    time = r.time[rows] - r.time[rows].min()
    before, after = window
    at = number * (int(time.max()) + before + after + 1) + time  # rows that are not alike are out of time
    order = np.argsort(at, kind="stable")
    outs, ins = (order[came[rows[order]] == side] for side in (False, True))
    first = np.searchsorted(at[ins], at[outs] - before, "left")
    count = np.searchsorted(at[ins], at[outs] + after, "right") - first
    many = count > SEVERAL
    count[many] = 0
    place = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))
    out, in_ = rows[np.repeat(outs, count)], rows[ins[place]]
    if fits is not None:
        fine = fits(out, in_)
        out, in_ = out[fine], in_[fine]
    others = np.bincount(np.concatenate([out, in_]), minlength=len(r.person)) > 1
    sole = ~others[out] & ~others[in_]
    return Pairs(out[sole], in_[sole], np.concatenate([rows[outs[many]], out[~sole], in_[~sole]]))


def _smaller(r: Records, out: Any, in_: Any) -> Any:
    lost = r.quantity[out] - r.quantity[in_]
    return (lost > 0).astype(bool) & _plausible(r, out, lost)


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
