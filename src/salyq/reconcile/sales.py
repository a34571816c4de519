"""A disposal is one sale (architecture §5.5): fills of one order are joined, the legs of a swap belong together.

The join depends on what the records say only, never on their order in files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.model import Question
from salyq.records.model import Record

Key = tuple[object, ...]
_DEALS = ("buy", "sell")
_PAIR = itemgetter(*map(Record._fields.index, ("kind", "account", "asset", "currency")))


def join_sales(records: Sequence[Record]) -> dict[int, int]:
    """Index of each joined fill -> index of the first fill of its sale; a sale of one fill is not in it.

    `buy` and `sell`: the order id in `group`, with account, asset and currency; without one, account, pair, side and
    second. `swap_out` (its `group` only ties the legs of one swap): account, pair and second. A sale never spans two
    years of Kazakhstan: each year taxes what was sold in it.
    """
    pairs = _swapped_for(records)
    near: list[str | datetime | None] = [  # one order, or one second
        r.group or _second(r) if r.kind in _DEALS else _second(r) if n in pairs else None for n, r in enumerate(records)
    ]
    several = {place for place, count in Counter(near).items() if count > 1 and place is not None}
    fills: dict[str | datetime | None, list[int]] = defaultdict(list)
    for n, place in enumerate(near):
        if place in several:
            fills[place].append(n)
    sales = [own for found in fills.values() for own in _alike(records, found, pairs)]
    return {n: own[0] for own in sales if len(own) > 1 for n in own}


def _alike(records: Sequence[Record], fills: list[int], pairs: Mapping[int, tuple[str, ...]]) -> Iterable[list[int]]:
    """Fills, in order of time, by kind, account, pair and year."""
    first, last = records[fills[0]], records[fills[-1]]
    if first.kind in _DEALS and first.day.year == last.day.year and len({_PAIR(records[n]) for n in fills}) == 1:
        return (fills,)
    found: dict[Key, list[int]] = defaultdict(list)
    for n in fills:
        r = records[n]
        against = r.currency if r.kind in _DEALS else pairs[n]
        found[r.kind, r.account, r.asset, against, r.day.year].append(n)
    return found.values()


def _second(record: Record) -> datetime:
    time = record.time
    return time.replace(microsecond=0) if time.microsecond else time


def half_swaps(records: Sequence[Record]) -> list[Question]:
    """A question for each leg of a swap whose other leg is nowhere."""
    legs = _legs(records)
    whole = {key for key, kinds in legs.items() if len(kinds) == 2}
    return [
        _ask(r)
        for r in records
        if r.kind in ("swap_in", "swap_out") and not ({(r.account, r.group), (None, r.group)} & whole)
    ]


def _legs(records: Sequence[Record]) -> dict[tuple[str | None, str], dict[str, set[str]]]:
    """(account, group) and (None, group) -> the kinds of legs it has, with their assets."""
    legs: dict[tuple[str | None, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for r in records:
        if r.kind in ("swap_in", "swap_out") and r.group:
            legs[r.account, r.group][r.kind].add(r.asset)
            legs[None, r.group][r.kind].add(r.asset)
    return legs


def _swapped_for(records: Sequence[Record]) -> dict[int, tuple[str, ...]]:
    """Index of each swap_out that has its other leg -> the assets received for it."""
    legs = _legs(records)
    found: dict[int, tuple[str, ...]] = {}
    for n, r in enumerate(records):
        if r.kind == "swap_out" and r.group:
            got = legs[r.account, r.group].get("swap_in") or legs[None, r.group].get("swap_in")
            if got:
                found[n] = tuple(sorted(got))
    return found


def _ask(record: Record) -> Question:
    params = {
        "kind": record.kind,
        "place": str(record.source),
        "quantity": format_scaled(record.quantity),
        "asset": record.asset,
        "group": record.group or "",
    }
    message = Message("half_swap", params)
    return Question("half_swap", "error", message, (record.source,), record.asset, record.quantity, record.day.year)
