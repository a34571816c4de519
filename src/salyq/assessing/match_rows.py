"""`salyq matches`: one row a disposal × lot, so that a gain can be checked line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from salyq.civil.numbers import format_scaled, format_tiyn, round_half_up
from salyq.facts.keys import event_keys, pool_key
from salyq.facts.world import World
from salyq.records.model import UNIT
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.states import Unknown

TIYN = 100


class _Worth(NamedTuple):
    """What a match brought and cost, in one currency; `tenge` is its part of the gain in tiyn. Any may be unknown."""

    proceeds: Any
    cost: Any
    currency: str
    tenge: Any
    show: Callable[[int], str] = format_scaled

    def gain(self) -> Any:
        return _minus(self.proceeds, self.cost)


def match_rows(world: World) -> list[dict[str, str]]:
    """Rows in order of disposals, then lots. A value that is not known is an empty cell, its status says why.

    `disposal_key` and `lot_key` are keys for life (facts/keys.py); a lot of several acquisitions has one of its own."""
    rows: list[dict[str, str]] = []
    keys = event_keys(world.case, world.events)
    for key in sorted(world.sales):
        sale = world.sales[key]
        name = _name(world, sale)
        carried: int | None = 0  # the gain so far that is converted once with the whole disposal
        for match in world.matches[key]:
            treatment = world.evaluator.value(world.regime.treatment, match) or "no_sale"
            if world.regime.books:
                worth = _of_company(world, match, treatment)
            else:
                worth, carried = _of_person(world, sale, match, treatment, carried)
            own = {"disposal_key": keys[key], "lot_key": _lot_key(world, match, keys)}
            rows.append({"disposal": name, **_row(world, match, treatment, worth), **own})
    return rows


def _row(world: World, match: Scope, treatment: str, worth: _Worth) -> dict[str, str]:
    m, lot = match.given, match.refs.get("lot")
    sold = treatment not in ("no_sale", "excluded")
    whole = treatment == "whole_price"
    return {
        "lot": "" if lot is None else _name(world, lot),
        "asset": match.refs["sale"].given.asset,
        "quantity": format_scaled(m.y1 - m.y0),
        "proceeds": _text(worth.proceeds, worth.show) if sold else "",
        "cost": _text(worth.cost, worth.show) if sold and not whole else "",
        "currency": worth.currency if sold else "",
        "gain": _text(worth.gain(), worth.show) if sold else "",
        "gain_kzt": _text(worth.tenge, format_tiyn) if sold else "",
        "disposal_day": m.day.isoformat(),
        "lot_day": "" if lot is None or lot.given.pool else lot.given.day.isoformat(),
        "method": world.methods.get(m.day.year, ""),
        "status": _status(match, treatment, worth),
    }


def _lot_key(world: World, match: Scope, keys: Mapping[int, str]) -> str:
    """The key of the lot that a match used up; empty where none was found."""
    lot = match.refs.get("lot")
    if lot is None:
        return ""
    event = world.event_of.get(id(lot))
    return pool_key(keys[world.newest(lot).key]) if event is None else keys[event.key]


def _of_company(world: World, match: Scope, treatment: str) -> _Worth:
    ask, own = world.evaluator.value, f"{world.regime.subject}."
    over = treatment == "over_taxed"
    proceeds = ask(own + "company_proceeds", match)
    cost = ask(own + ("taxed_value_part" if over else "company_match_cost"), match)
    return _Worth(proceeds, cost, "KZT", _minus(proceeds, cost), format_tiyn)


def _of_person(
    world: World, sale: Scope, match: Scope, treatment: str, carried: int | None
) -> tuple[_Worth, int | None]:
    """In the currency of the sale where the cost shares it, so that parts of a gain converted once sum to it; else both
    sides in tenge of their own rates."""
    ask, own = world.evaluator.value, f"{world.regime.subject}."
    if treatment == "no_sale":
        return _Worth(None, None, "", None), carried
    if treatment != "whole_price" and ask(own + "one_currency", match) is False:
        proceeds, cost = ask(own + "proceeds_tenge", match), ask(own + "cost_tenge", match)
        return _Worth(proceeds, cost, "KZT", _minus(proceeds, cost), format_tiyn), carried
    proceeds = ask(own + "proceeds_part", match)
    cost = 0 if treatment == "whole_price" else ask(own + "cost_part", match)
    sale_worth, rate = ask(own + "sale_worth", sale), ask(own + "gain_rate", sale)
    currency = "" if type(sale_worth) is Unknown else str(sale_worth[1])
    gain = _minus(proceeds, cost)
    if gain is None or carried is None or type(rate) is Unknown:
        return _Worth(proceeds, cost, currency, None), None
    tenge = _tiyn(carried + gain, rate) - _tiyn(carried, rate)
    return _Worth(proceeds, cost, currency, tenge), carried + gain


def _tiyn(amount: int, rate: Fraction) -> int:
    exact = Fraction(amount * TIYN, UNIT) * rate
    return round_half_up(exact.numerator, exact.denominator)


def _minus(a: Any, b: Any) -> Any:
    unknown = a is None or b is None or type(a) is Unknown or type(b) is Unknown
    return None if unknown else a - b


def _text(value: Any, show: Callable[[int], str]) -> str:
    return "" if value is None or type(value) is Unknown else show(value)


def _name(world: World, scope: Scope) -> str:
    """The record's own id, else its place."""
    event = world.event_of.get(id(scope))
    if event is None:
        return "pool"
    return event.record.id or str(event.record.source)


def _status(match: Scope, treatment: str, worth: _Worth) -> str:
    if treatment in ("no_sale", "excluded"):
        return treatment
    if not match.given.found:
        return "missing_acquisition"
    if worth.gain() is None:
        return "unknown"
    return "whole_price" if treatment == "whole_price" else "matched"
