"""A disposal is one sale (architecture §5.5): fills of one order are joined, the legs of a swap belong together.

The join depends on what the records say only, never on their order in files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.model import Question
from salyq.records import columns
from salyq.records.model import Record
from salyq.records.table import Column, Records

Key = tuple[object, ...]
_DEALS = ("buy", "sell")
_SWAPS = ("swap_in", "swap_out")
_SECOND = 10**6  # microseconds
Swap = tuple[int, str, str, str | None, str]  # place, kind, account, group, asset


def join_sales(records: Records) -> Mapping[int, int]:
    """Index of each joined fill -> index of the first fill of its sale; a sale of one fill is not in it.

    `buy` and `sell`: the order id in `group`, with account, asset and currency; without one, account, pair, side and
    second. `swap_out` (its `group` only ties the legs of one swap): account, pair and second. A sale never spans two
    years of Kazakhstan: each year taxes what was sold in it.
    """
    pairs = _swapped_for(records)
    if len(records) >= columns.MANY:
        from salyq.reconcile.sales_many import join

        return join(records, _DEALS, pairs, _SECOND)
    told = enumerate(zip(records.column("kind"), records.column("group"), records.micros, strict=True))
    near: list[str | int | None] = [  # one order, or one second
        (group or micros // _SECOND) if kind in _DEALS else micros // _SECOND if n in pairs else None
        for n, (kind, group, micros) in told
    ]
    several = {place for place, count in Counter(near).items() if count > 1 and place is not None}
    fills: dict[str | int | None, list[int]] = defaultdict(list)
    for n, place in enumerate(near):
        if place in several:
            fills[place].append(n)
    said = [records.column(name) for name in ("kind", "account", "asset", "currency", "day")]
    sales = [own for found in fills.values() for own in _alike(said, found, pairs)]
    return {n: own[0] for own in sales if len(own) > 1 for n in own}


def _alike(said: Sequence[Column], fills: list[int], pairs: Mapping[int, tuple[str, ...]]) -> Iterable[list[int]]:
    """Fills, in order of time, by kind, account, pair and year."""
    kind, account, asset, currency, day = said
    if kind[fills[0]] in _DEALS and day[fills[0]].year == day[fills[-1]].year:
        first = fills[0]
        pair = kind[first], account[first], asset[first], currency[first]
        if all((kind[n], account[n], asset[n], currency[n]) == pair for n in fills[1:]):
            return (fills,)
    found: dict[Key, list[int]] = defaultdict(list)
    for n in fills:
        against = currency[n] if kind[n] in _DEALS else pairs[n]
        found[kind[n], account[n], asset[n], against, day[n].year].append(n)
    return found.values()


def half_swaps(records: Records) -> list[Question]:
    """A question for each leg of a swap whose other leg is nowhere."""
    swaps = _swaps(records)
    legs = _legs(swaps)
    whole = {key for key, kinds in legs.items() if len(kinds) == 2}
    return [
        _ask(records[n])
        for n, _, account, group, _ in swaps
        if (account, group) not in whole and (None, group) not in whole
    ]


def _swaps(records: Records) -> list[Swap]:
    rows = records.of_kinds(*_SWAPS)
    return [(n, *told) for n, told in zip(rows, records.told(rows, "kind", "account", "group", "asset"), strict=True)]


def _legs(swaps: Iterable[Swap]) -> dict[tuple[str | None, str], dict[str, set[str]]]:
    """(account, group) and (None, group) -> the kinds of legs it has, with their assets."""
    legs: dict[tuple[str | None, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for _, kind, account, group, asset in swaps:
        if group:
            legs[account, group][kind].add(asset)
            legs[None, group][kind].add(asset)
    return legs


def _swapped_for(records: Records) -> dict[int, tuple[str, ...]]:
    """Index of each swap_out that has its other leg -> the assets received for it."""
    swaps = _swaps(records)
    legs = _legs(swaps)
    found: dict[int, tuple[str, ...]] = {}
    for n, kind, account, group, _ in swaps:
        if kind == "swap_out" and group:
            got = legs[account, group].get("swap_in") or legs[None, group].get("swap_in")
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
