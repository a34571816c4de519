"""Transfers between own accounts as columns: what reconcile/transfers.py settles for one person where one answer stands
out.

Plain are an out and an in of one asset and equal amount, and an out and an in that is smaller by a network fee, where
neither could be any other. Where something of a coin is not plain, the reconciler is asked about that coin of that
person (unclear_many.py); a person of whom it leaves something open is `odd`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from salyq.facts.moved import grouped
from salyq.population.columns_many import Roll
from salyq.population.texts_many import Texts
from salyq.population.unclear_many import settled
from salyq.reconcile.network_fee import LARGEST, SHARE, SHARE_OF_OTHERS
from salyq.reconcile.transfers import CLOCKS, EXACT, LOOKED_AT, NEAR, plain_hash
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


def settle(r: Records, texts: Mapping[str, Texts], roll: Roll, odd: Any) -> None:
    """Writes into the records what travels (`network`, `arrives`), and marks more persons as `odd`."""
    came = r.kind == code(IN)
    rows = np.flatnonzero((came | (r.kind == code(OUT))) & (r.person >= 0))
    if not len(rows):
        return
    odd[r.person[rows[_strange(r, texts, rows, roll)]]] = True
    equal = _equal(r, rows, came)
    left = np.zeros(len(r.person), bool)
    left[rows] = True
    left[equal.out], left[equal.in_] = False, False
    rest = np.flatnonzero(left)
    near = _near(r, rest, came)
    left[near.out], left[near.in_] = False, False
    out, in_ = np.concatenate([equal.out, near.out]), np.concatenate([equal.in_, near.in_])
    unclear = [np.flatnonzero(left), equal.unclear, near.unclear, out[~_one(r, texts, out, in_, rows)]]
    unclear += [_mined(r, rows[came[rows]]), _crowded(r, rest, came)]
    out, in_ = _asked(r, texts, roll, odd, (out, in_, np.concatenate(unclear), rows))
    r.network[out] = r.quantity[out] - r.quantity[in_]
    r.arrives[out] = r.day[in_]


def _asked(
    r: Records, texts: Mapping[str, Texts], roll: Roll, odd: Any, found: tuple[Any, Any, Any, Any]
) -> tuple[Any, Any]:
    """(outs, ins) of what was found (outs, ins, unclear rows, all rows): all of a coin of which something is unclear is
    for the reconciler, and who has one of which it asks is odd."""
    out, in_, unclear, rows = found
    coin = r.person * (int(r.asset.max()) + 1) + r.asset
    wanted = np.unique(coin[unclear[~odd[r.person[unclear]]]])
    if not len(wanted):
        return out, in_
    moved, mined = (own[np.isin(coin[own], wanted)] for own in (rows, np.flatnonzero(r.kind == code(MINED))))
    kept = ~np.isin(coin[out], wanted)
    outs, ins = [out[kept]], [in_[kept]]
    by_coin = [_by_coin(coin, own, wanted) for own in (moved, mined)]
    for own, payouts in zip(*by_coin, strict=True):
        who = int(r.person[own[0]])
        pairs = None if odd[who] else settled(r, texts, roll.templates[int(roll.alike[who])], own, payouts)
        if pairs is None:
            odd[who] = True
        else:
            outs.append(np.array(pairs[0], np.int64))
            ins.append(np.array(pairs[1], np.int64))
    return np.concatenate(outs), np.concatenate(ins)


def _by_coin(coin: Any, rows: Any, wanted: Any) -> list[Any]:
    """The rows of each coin wanted, rising."""
    order = np.argsort(coin[rows], kind="stable")
    return np.split(rows[order], np.searchsorted(coin[rows[order]], wanted[1:]))


def _crowded(r: Records, rows: Any, came: Any) -> Any:
    """Of rows left one of each coin of which so many come on one day that the reconciler does not look at all."""
    ins = rows[came[rows]]
    number, first = grouped((r.time[ins] // NEAR, r.asset[ins], r.person[ins]), ins)
    return first[np.bincount(number, minlength=len(first)) > LOOKED_AT]


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
    hashes = _hashes(texts["hash"])
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


def _hashes(texts: Texts) -> Any:
    """A number for each row, the same for the same transaction; −1 where none is told."""
    told = [plain_hash(text) for text in texts.cells]
    number = {h: n for n, h in enumerate(dict.fromkeys(told))}
    found = np.array([-1 if h is None else number[h] for h in told], np.int64)
    return found[texts.places] if len(found) else texts.places.astype(np.int64)
