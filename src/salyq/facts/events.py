"""From reconciled records to acquisitions and disposals of each asset, in the order lots are matched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, takewhile
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.numbers import part
from salyq.reconcile.legs import Leg
from salyq.reconcile.model import Ledger
from salyq.reconcile.order import sort_key
from salyq.records.model import Record
from salyq.records.person import Person

Money = tuple[int, str]  # 10⁻¹⁸ units and ISO currency


class Event(NamedTuple):
    """One movement of one asset. `key` is its number in time order; fills of one sale share `sale`.

    `value` is money stated for the whole quantity, or None. `counter` is what stood against it in a swap.
    """

    key: int
    record: Record
    kind: str
    asset: str
    quantity: int
    acquisition: bool
    sale: int
    value: Money | None
    counter_asset: str
    counter_quantity: int | None


class Swap(NamedTuple):
    """Both sides of a group: asset -> total quantity, and money stated on either side (per side's asset)."""

    given: dict[str, int]
    received: dict[str, int]
    stated: Money | None


def events(ledger: Ledger, person: Person, last_year: int) -> Iterator[Event]:
    """All movements up to the end of a year. Matched transfers move nothing but their network fee."""
    swaps = _swaps(ledger.records)
    fees = {id(t.sent): t.network_fee for t in ledger.transfers}
    settled = {id(t.sent) for t in ledger.transfers} | {id(t.received) for t in ledger.transfers}
    settled |= {id(r) for r in ledger.unmatched_out}
    key, new, own_legs = 0, tuple.__new__, ledger.legs()
    own = takewhile(lambda n: n[1].day.year <= last_year, enumerate(ledger.records))
    for _, instant in groupby(own, lambda n: n[1].time):
        rows = list(instant)
        moved = [
            (index, r, m) for index, r in rows for m in _movements(r, own_legs[index], settled, fees.get(id(r), 0))
        ]
        # One instant: what comes in, what goes out, fees (semantics 4) — of whole records and of their other legs.
        if len(rows) == 1:
            if len(moved) > 1:
                moved.sort(key=lambda m: _rank(m[2]))
        else:
            order = {index: sort_key(r)[2:] for index, r in rows}
            moved.sort(key=lambda m: (_rank(m[2]), order[m[0]]))
        for index, r, (kind, asset, quantity) in moved:
            (counter, against), value = _against(r, asset, kind, person, swaps)
            sale = ledger.sales.get(index, index)
            made = (key, r, kind, asset, abs(quantity), quantity > 0, sale, value, counter, against)
            yield new(Event, made)
            key += 1


def _rank(movement: tuple[str, str, int]) -> int:
    kind, _, quantity = movement
    return 2 if kind == "fee" else 0 if quantity > 0 else 1


def _movements(r: Record, own: list[Leg], settled: set[int], network_fee: int) -> Iterator[tuple[str, str, int]]:
    """(kind as law knows it, asset, signed quantity)."""
    for leg in own:
        if leg.kind == "move":
            if id(r) not in settled and leg.quantity > 0:
                yield "transfer_in", leg.asset, leg.quantity
        elif leg.kind == "fee":
            yield "fee", leg.asset, leg.quantity
        elif r.kind in ("buy", "sell") and r.value is not None and not is_currency(r.currency or ""):
            yield ("swap_in" if leg.quantity > 0 else "swap_out"), leg.asset, leg.quantity
        else:
            yield r.kind, leg.asset, leg.quantity
    if network_fee:
        yield "fee", r.asset, -network_fee


def _against(
    r: Record, asset: str, kind: str, person: Person, swaps: dict[str, Swap]
) -> tuple[tuple[str, int | None], Money | None]:
    """What stood against a movement: (counter asset, its quantity), and money stated."""
    if kind == "fee":
        return ("", None), None
    stated = money(r.value, r.currency, person) if kind not in ("swap_in", "swap_out") else None
    if r.kind in ("buy", "sell") and kind in ("swap_in", "swap_out"):
        other = (r.currency or "", r.value) if asset == r.asset else (r.asset, r.quantity)
        return other, None
    swap = swaps.get(r.group or "") if kind in ("swap_in", "swap_out") else None
    if swap is None:
        return ("", None), stated
    own, opposite = (swap.received, swap.given) if kind == "swap_in" else (swap.given, swap.received)
    if len(own) != 1 or len(opposite) != 1:
        return ("", None), None  # several assets against several: each side by its own quote
    ((counter, total),) = opposite.items()
    whole = own[asset]
    share = total if r.quantity == whole else part(total, whole, 0, r.quantity)
    value = swap.stated
    if value is not None and r.quantity != whole:
        value = (part(value[0], whole, 0, r.quantity), value[1])
    return (counter, share), value


def _swaps(records: list[Record]) -> dict[str, Swap]:
    """Groups of swap records. Money may be stated on either side; it then serves both (semantics 8a)."""
    found: dict[str, Swap] = {}
    stated: dict[str, dict[str, list[Money | None]]] = defaultdict(lambda: defaultdict(list))
    for r in records:
        if r.kind not in ("swap_in", "swap_out") or not r.group:
            continue
        swap = found.setdefault(r.group, Swap({}, {}, None))
        side = swap.received if r.kind == "swap_in" else swap.given
        side[r.asset] = side.get(r.asset, 0) + r.quantity
        own = (r.value, r.currency) if r.value is not None and r.currency and is_currency(r.currency) else None
        stated[r.group][r.kind].append(own)
    for group, swap in found.items():
        found[group] = swap._replace(stated=_stated(stated[group]))
    return found


def _stated(sides: dict[str, list[Money | None]]) -> Money | None:
    """The money of a swap: the side given first, if each of its rows states it in one currency."""
    for kind in ("swap_out", "swap_in"):
        rows = sides.get(kind, [])
        known = [m for m in rows if m is not None]
        if known and len(known) == len(rows) and len({c for _, c in known}) == 1:
            return sum(m[0] for m in known), known[0][1]
    return None


def money(amount: int | None, currency: str | None, person: Person) -> Money | None:
    """An amount in a currency, or in an asset pegged to one (one for one); None where it is no money."""
    if amount is None or not currency:
        return None
    if is_currency(currency):
        return amount, currency
    peg = person.stablecoins.get(currency)
    return (amount, peg) if peg else None
