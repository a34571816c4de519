"""A disposal is one sale (architecture §5.5): fills of one order are joined, the legs of a swap belong together.

The join depends on what the records say only, never on their order in files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.reconcile.model import Question
from salyq.records.model import Record

Key = tuple[object, ...]


def join_sales(records: Sequence[Record]) -> dict[int, int]:
    """Index of each joined fill -> index of the first fill of its sale; a sale of one fill is not in it.

    `buy` and `sell`: the order id in `group`, with account, asset and currency; without one, account, pair, side and
    second. `swap_out` (its `group` only ties the legs of one swap): account, pair and second. A sale never spans two
    years of Kazakhstan: each year taxes what was sold in it.
    """
    pairs = _swapped_for(records)
    sales: dict[Key, list[int]] = defaultdict(list)
    for n, r in enumerate(records):
        if r.kind in ("buy", "sell"):
            order: Key = ("order", r.group) if r.group else ("second", r.time.replace(microsecond=0))
            sales[r.kind, r.account, r.asset, r.currency, r.day.year, *order].append(n)
        elif r.kind == "swap_out" and n in pairs:
            sales[r.kind, r.account, r.asset, pairs[n], r.day.year, r.time.replace(microsecond=0)].append(n)
    return {n: fills[0] for fills in sales.values() if len(fills) > 1 for n in fills}


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
