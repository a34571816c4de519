"""From reconciled records to acquisitions and disposals of each asset, in the order lots are matched."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from operator import lt
from typing import Any, NamedTuple, overload

from salyq.civil.currencies import is_currency
from salyq.civil.numbers import part
from salyq.facts.few import LEAST
from salyq.reconcile.legs import Legs
from salyq.reconcile.model import Ledger
from salyq.reconcile.order import firsts, sort_key, unsorted
from salyq.reconcile.signs import MOVES
from salyq.records.columns import picked
from salyq.records.model import Record
from salyq.records.person import Person
from salyq.records.table import Records

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


class Events(Sequence[Event]):
    """All movements up to the end of a year as columns, in order of time; a movement is made once somebody asks for it
    by its key, its place here. Matched transfers move nothing but their network fee.

    One instant: what comes in, what goes out, fees (semantics 4), of whole records and of their other legs. `row`: the
    number of the record in the ledger."""

    def __init__(self, ledger: Ledger, person: Person, last_year: int = date.max.year) -> None:
        self.records, self.sales, self._person = ledger.records, ledger.sales, person
        self._days = ledger.records.column("day")  # times, and so days, only go on
        legs, order = _moved(ledger, bisect_right(self._days, date(last_year, 12, 31)))
        self.row = picked(legs.row, order)
        self.kind, self.asset = legs.told.take(order), legs.asset.take(order)
        signed = legs.quantity.take(order)
        self.acquisition = signed.positive()
        self.quantity = abs(signed)
        self._made: dict[int, Event] = {}

    def __len__(self) -> int:
        return len(self.row)

    @overload
    def __getitem__(self, key: int) -> Event: ...
    @overload
    def __getitem__(self, key: slice) -> list[Event]: ...
    def __getitem__(self, key: int | slice) -> Event | list[Event]:
        if isinstance(key, slice):
            return self.made(range(len(self))[key])
        found = self._made.get(key)
        if found is None:
            key = range(len(self))[key]
            found = self._made.get(key) or self._make(key)
        return found

    def __iter__(self) -> Iterator[Event]:
        return iter(self.made(range(len(self))))

    def made(self, keys: Iterable[int]) -> list[Event]:
        """The movements of some keys."""
        had, make = self._made.get, self._make
        return [had(key) or make(key) for key in keys]

    def some(self, keys: Sequence[int]) -> SomeEvents:
        """The movements of some keys as a list, each made when it is asked for."""
        return SomeEvents(self, keys)

    def upto(self, year: int) -> Events:
        """The movements up to the end of a year. What was made stays made, for both."""
        end = self.of_year(year).stop
        if end == len(self):
            return self
        other = copy(self)
        for name in _NAMES:
            setattr(other, name, getattr(self, name)[:end])
        return other

    def of_year(self, year: int) -> range:
        """The keys of the movements of a year (of Kazakhstan)."""
        return self.between(date(year, 1, 1), date(year, 12, 31))

    def between(self, first: date, last: date) -> range:
        """The keys of the movements from one day (of Kazakhstan) to another, both in it."""
        rows = bisect_left(self._days, first), bisect_right(self._days, last)
        return range(*[bisect_left(self.row, row) for row in rows])

    def record(self, key: int) -> Record:
        """What tells a movement."""
        return self.records[self.row[key]]

    def said(self, keys: Iterable[int], name: str) -> Iterator[Any]:
        """One thing that the records of some movements say."""
        return map(self.records.column(name).__getitem__, map(self.row.__getitem__, keys))

    def year(self, key: int) -> int:
        """The year (of Kazakhstan) of a movement."""
        found: int = self._days[self.row[key]].year
        return found

    def years_left(self) -> set[int]:
        """The years in which something went out."""
        years = range(self.year(0), self.year(-1) + 1) if self.row else ()
        own = ((y, self.of_year(y)) for y in years)
        return {y for y, keys in own if not all(self.acquisition[keys.start : keys.stop])}

    def only(self, fits: Callable[[Record], bool]) -> Events:
        """The movements of some records, numbered anew."""
        told = [fits(r) for r in self.records]
        other, kept = copy(self), [n for n, row in enumerate(self.row) if told[row]]
        other.row, other.acquisition = picked(self.row, kept), picked(self.acquisition, kept)
        other.kind, other.asset = self.kind.take(kept), self.asset.take(kept)
        other.quantity = self.quantity.take(kept)
        other._made = {}
        return other

    def stood_against(self, keys: Sequence[int]) -> list[tuple[tuple[str, int | None], Money | None]]:
        """Of some movements (what stood against each, its quantity) and money stated."""
        person, swaps, kind = self._person, self._swaps, self.kind
        told = zip(keys, self.records.some([self.row[key] for key in keys]), strict=True)
        return [_against(r, self.asset[key], kind[key], person, swaps) for key, r in told]

    @property
    def pegs(self) -> Mapping[str, str]:
        """Assets that count as money, with the currency of each."""
        return self._person.stablecoins

    @cached_property
    def _swaps(self) -> dict[str, Swap]:
        return _swaps(self.records)

    def _make(self, key: int) -> Event:
        row, kind, asset = self.row[key], self.kind[key], self.asset[key]
        record = self.records[row]
        (counter, against), value = _against(record, asset, kind, self._person, self._swaps)
        sale = self.sales.get(row, row)
        found = self._made[key] = _new(
            Event,
            (key, record, kind, asset, self.quantity[key], bool(self.acquisition[key]), sale, value, counter, against),
        )
        return found


_STATED = ("quantity", "value", "currency")
_NAMES = ("row", "kind", "asset", "quantity", "acquisition")


class SomeEvents(Sequence[Event]):
    """Some movements, by their keys."""

    def __init__(self, events: Events, keys: Sequence[int]) -> None:
        self.events, self.keys = events, keys

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        if isinstance(place, slice):
            return self.events.made(self.keys[place])
        return self.events[self.keys[place]]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events.made(self.keys))


_new = tuple.__new__  # what Event(…) does, without the call in between


def _moved(ledger: Ledger, end: int) -> tuple[Legs, Sequence[int]]:
    """Legs and network fees of the first `end` records, and which of them move something, in order.

    What was sent is still owned; so is what came by a matched transfer."""
    legs, records = ledger.legs().upto(end), ledger.records
    fees = {t.sent: t.network_fee for t in ledger.transfers if t.network_fee}
    settled = {r for t in ledger.transfers for r in t[:2]} | {*ledger.unmatched_out}
    sent = [n for n in records.of_kinds("transfer_out") if n < end] if fees else []
    paid = [(n, r) for n, r in zip(sent, records.some(sent), strict=True) if r in fees]
    if paid:  # all at once: each column looks at its values anew
        legs.row.extend([n for n, _ in paid])
        legs.asset.extend([r.asset for _, r in paid])
        legs.quantity.extend([-fees[r] for _, r in paid])
        legs.told.extend(["fee"] * len(paid))
    first, place = _instants(records, end)
    taken: Sequence[int] = range(len(legs.row))
    if not MOVES.isdisjoint(legs.told.values):
        came = enumerate(zip(legs.row, legs.told, strict=True))
        taken = [m for m, (n, k) in came if k not in MOVES or (k == "transfer_in" and records[n] not in settled)]
    if len(taken) >= LEAST:
        from salyq.facts.in_turn import in_turn

        return legs, in_turn(legs, first, place, taken)
    keys = [
        (3 * first[n] + (2 if kind == "fee" else quantity <= 0)) * end + place[n]
        for n, kind, quantity in zip(legs.row, legs.told, legs.quantity.told, strict=True)
    ]
    return legs, sorted(taken, key=keys.__getitem__)


def _instants(records: Records, end: int) -> tuple[array[int], array[int]]:
    """Of each of the first `end` records the first one of its instant, and its place in the order of the instant
    whatever its rank."""
    first = firsts(records.micros[:end])
    place = array("q", range(end))
    account, own_id, kind, asset = map(records.column, ("account", "id", "kind", "asset"))
    for start, stop in unsorted(records, end, ranked=False):
        own = range(start, stop)
        names: Sequence[tuple[object, ...]] = [(account[n], own_id[n] or "", kind[n], asset[n]) for n in own]
        if all(map(lt, names, names[1:])):
            continue
        if len(set(names)) < len(names):
            names = [sort_key(r)[2:] for r in records[start:stop]]
        for n, m in enumerate(sorted(range(len(own)), key=names.__getitem__), start):
            place[start + m] = n
    return first, place


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


def _swaps(records: Records) -> dict[str, Swap]:
    """Groups of swap records. Money may be stated on either side; it then serves both (semantics 8a)."""
    found: dict[str, Swap] = {}
    stated: dict[str, dict[str, list[Money | None]]] = defaultdict(lambda: defaultdict(list))
    legs = records.told(records.of_kinds("swap_in", "swap_out"), "kind", "group", "asset", *_STATED)
    for kind, group, asset, quantity, value, currency in legs:
        if not group:
            continue
        swap = found.setdefault(group, Swap({}, {}, None))
        side = swap.received if kind == "swap_in" else swap.given
        side[asset] = side.get(asset, 0) + quantity
        own = (value, currency) if value is not None and currency and is_currency(currency) else None
        stated[group][kind].append(own)
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
