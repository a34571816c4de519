"""`salyq matches`: one row a disposal × lot, so that a gain can be checked line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from salyq.civil.numbers import format_scaled, format_tiyn, round_half_up
from salyq.facts.keys import EventKeys, pool_key
from salyq.facts.pool import Pool
from salyq.facts.world import World
from salyq.records.model import UNIT
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.states import Unknown

TIYN = 100
Told = tuple[int, Scope, str]  # a sale's key, a match of it, how law treats it


class _Worth(NamedTuple):
    """What a match brought and cost, in one currency; `tenge` is its part of the gain in tiyn. Any may be unknown."""

    proceeds: Any
    cost: Any
    currency: str
    tenge: Any
    show: Callable[[int], str] = format_scaled

    def gain(self) -> Any:
        return _minus(self.proceeds, self.cost)


def match_rows(world: World, *, keyed: bool = True) -> list[dict[str, str]]:
    """Rows in order of disposals, then lots. A value that is not known is an empty cell, its status says why.

    `disposal_key` and `lot_key` are keys for life (facts/keys.py); a lot of several acquisitions has one of its own.
    Without `keyed` they are left out, which takes less time."""
    sales = sorted(world.sales)
    flat = [(key, match) for key in sales for match in world.matches[key]]
    every = world.evaluator.every
    found = every(world.regime.treatment, [m for _, m in flat])
    told = [(key, match, treatment or "no_sale") for (key, match), treatment in zip(flat, found, strict=True)]
    worths = _of_company(world, told) if world.regime.books else _of_person(world, told)
    names = {key: _name(world, world.sales[key]) for key in sales}
    rows = [
        {"disposal": names[key], **_row(world, match, treatment, worth)}
        for (key, match, treatment), worth in zip(told, worths, strict=True)
    ]
    if keyed:
        keys = EventKeys(world.case, world.events)
        for (key, match), row in zip(flat, rows, strict=True):
            row |= {"disposal_key": keys[key], "lot_key": _lot_key(world, match, keys)}
    return rows


def _row(world: World, match: Scope, treatment: str, worth: _Worth) -> dict[str, str]:
    used, lot = match.item, match.refs.get("lot")  # type: ignore[attr-defined]
    day, came = used.sale[0].record.day, used.lot
    sold = treatment not in ("no_sale", "excluded")
    whole = treatment == "whole_price"
    return {
        "lot": "" if lot is None else _name(world, lot),
        "asset": used.sale[0].asset,
        "quantity": format_scaled(used.y1 - used.y0),
        "proceeds": _text(worth.proceeds, worth.show) if sold else "",
        "cost": _text(worth.cost, worth.show) if sold and not whole else "",
        "currency": worth.currency if sold else "",
        "gain": _text(worth.gain(), worth.show) if sold else "",
        "gain_kzt": _text(worth.tenge, format_tiyn) if sold else "",
        "disposal_day": day.isoformat(),
        "lot_day": "" if came is None or isinstance(came, Pool) else came.record.day.isoformat(),
        "method": world.methods.get(day.year, ""),
        "status": _status(came is not None, treatment, worth),
    }


def _lot_key(world: World, match: Scope, keys: EventKeys) -> str:
    """The key of the lot that a match used up; empty where none was found."""
    lot = match.refs.get("lot")
    if lot is None or not _known(lot):
        return ""
    event = world.event_of.get(id(lot))
    return pool_key(keys[world.newest(lot).key]) if event is None else keys[event.key]


def _asked(world: World, name: str, scopes: Iterable[Scope]) -> dict[int, Any]:
    """What a rule says of each scope, by the scope's identity."""
    own = list({id(s): s for s in scopes}.values())
    return dict(zip(map(id, own), world.evaluator.every(name, own), strict=True))


def _of_company(world: World, told: Sequence[Told]) -> Iterator[_Worth]:
    columns = world.regime.columns
    proceeds = _asked(world, columns.proceeds, (m for _, m, _ in told))
    costs = _asked(world, columns.taxed_cost, (m for _, m, t in told if t == "over_taxed"))
    costs |= _asked(world, columns.cost, (m for _, m, t in told if t != "over_taxed"))
    for _, match, _ in told:
        brought, cost = proceeds[id(match)], costs[id(match)]
        yield _Worth(brought, cost, "KZT", _minus(brought, cost), format_tiyn)


def _of_person(world: World, told: Sequence[Told]) -> Iterator[_Worth]:
    """In the currency of the sale where the cost shares it, so that parts of a gain converted once sum to it; else both
    sides in tenge of their own rates."""
    columns = world.regime.columns
    sold = [(key, m, t) for key, m, t in told if t != "no_sale"]
    one = _asked(world, columns.one_currency, (m for _, m, t in sold if t != "whole_price"))
    apart = [m for _, m, t in sold if t != "whole_price" and one[id(m)] is False]
    proceeds, costs = _asked(world, columns.proceeds, apart), _asked(world, columns.cost, apart)
    parted = set(proceeds)
    shared = [(key, m, t) for key, m, t in sold if id(m) not in parted]
    proceeds |= _asked(world, columns.proceeds_part, (m for _, m, _ in shared))
    costs |= _asked(world, columns.cost_part, (m for _, m, t in shared if t != "whole_price"))
    sales = [world.sales[key] for key in dict.fromkeys(key for key, _, _ in shared)]
    sums, rates = _asked(world, columns.sale_worth, sales), _asked(world, columns.gain_rate, sales)
    of: int | None = None
    carried: int | None = 0  # the gain so far that is converted once with the whole disposal
    for key, match, treatment in told:
        if key != of:
            of, carried = key, 0
        if treatment == "no_sale":
            yield _Worth(None, None, "", None)
        elif id(match) in parted:
            brought, cost = proceeds[id(match)], costs[id(match)]
            yield _Worth(brought, cost, "KZT", _minus(brought, cost), format_tiyn)
        else:
            at = id(world.sales[key])
            cost = 0 if treatment == "whole_price" else costs[id(match)]
            worth, carried = _shared(proceeds[id(match)], cost, sums[at], rates[at], carried)
            yield worth


def _shared(proceeds: Any, cost: Any, worth: Any, rate: Any, carried: int | None) -> tuple[_Worth, int | None]:
    """A match in the one currency of its sale, and the gain so far with it; None from the first that is not known."""
    currency = "" if type(worth) is Unknown else str(worth[1])
    gain = _minus(proceeds, cost)
    if gain is None or carried is None or type(rate) is Unknown:
        return _Worth(proceeds, cost, currency, None), None
    tenge = _tiyn(carried + gain, rate) - _tiyn(carried, rate)
    return _Worth(proceeds, cost, currency, tenge), carried + gain


def _tiyn(amount: int, rate: Fraction) -> int:
    return round_half_up(amount * TIYN * rate.numerator, UNIT * rate.denominator)


def _minus(a: Any, b: Any) -> Any:
    unknown = a is None or b is None or type(a) is Unknown or type(b) is Unknown
    return None if unknown else a - b


def _text(value: Any, show: Callable[[int], str]) -> str:
    return "" if value is None or type(value) is Unknown else show(value)


def _known(lot: Scope) -> bool:
    """Whether anybody can say which acquisition a lot is."""
    came = lot.item  # type: ignore[attr-defined]
    return came.known if isinstance(came, Pool) else True


def _name(world: World, scope: Scope) -> str:
    """The record's own id, else its place."""
    event = world.event_of.get(id(scope))
    if event is None:
        return "pool" if _known(scope) else ""
    return event.record.id or str(event.record.source)


def _status(found: bool, treatment: str, worth: _Worth) -> str:
    if treatment in ("no_sale", "excluded"):
        return treatment
    if not found:
        return "missing_acquisition"
    if worth.gain() is None:
        return "unknown"
    return "whole_price" if treatment == "whole_price" else "matched"
