"""`salyq matches`: one row a disposal × lot, so that a gain can be checked line by line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from salyq.assess.world import World
from salyq.civil.numbers import format_scaled, format_tiyn, round_half_up
from salyq.rulebook.evaluate import TIYN, Scope
from salyq.rulebook.states import Unknown

CURRENCY_UNIT = 10**18


def match_rows(world: World) -> list[dict[str, str]]:
    """Rows in order of disposals, then lots. A value that is not known is an empty cell, its status says why."""
    rows: list[dict[str, str]] = []
    for key in sorted(world.sales):
        sale = world.sales[key]
        events = world.events[key]
        name = events.record.id or str(events.record.source)
        carried = 0
        for match in world.matches[key]:
            row, carried = _row(world, sale, match, carried)
            rows.append({"disposal": name, **row})
    return rows


def _row(world: World, sale: Scope, match: Scope, carried: Any) -> tuple[dict[str, str], Any]:
    ask, m = world.evaluator.value, match.given
    treatment = ask(world.walk.treatment, match)
    lot = match.refs.get("lot")
    if world.company:
        proceeds, cost = ask(_C + "company_proceeds", match), ask(_C + "company_match_cost", match)
        currency, show = "KZT", format_tiyn
    else:
        proceeds, cost = ask(_P + "proceeds_part", match), ask(_P + "cost_part", match)
        currency, show = _currency(ask(_P + "sale_worth", sale)), format_scaled
    gain: Any = None
    tenge: Any = None
    sold = treatment not in ("no_sale", "excluded")
    if sold and world.company:
        gain = tenge = _minus(proceeds, cost)
    elif sold:
        gain, tenge, carried = _gain(world, sale, match, treatment, proceeds, cost, carried)
    return {
        "lot": "" if lot is None else _lot_name(world, lot),
        "asset": sale.given.asset,
        "quantity": format_scaled(m.y1 - m.y0),
        "proceeds": _text(proceeds, show) if sold else "",
        "cost": _text(cost, show) if sold and treatment != "whole_price" else "",
        "currency": currency if sold else "",
        "gain": _text(gain, show),
        "gain_kzt": _text(tenge, format_tiyn),
        "disposal_day": m.day.isoformat(),
        "lot_day": "" if lot is None or lot.given.pool else lot.given.day.isoformat(),
        "method": world.methods.get(m.day.year, ""),
        "status": _status(match, treatment, proceeds, cost),
    }, carried


_P, _C = "personal_income_tax.", "corporate_income_tax."


def _gain(
    world: World, sale: Scope, match: Scope, treatment: str, proceeds: Any, cost: Any, carried: Any
) -> tuple[Any, Any, Any]:
    """(gain in the currency of the sale, in tenge, carried gain): parts of a gain converted once sum to it."""
    ask = world.evaluator.value
    if treatment == "whole_price":
        gain: Any = proceeds
    elif ask(_P + "one_currency", match) is True:
        gain = _minus(proceeds, cost)
    else:
        return None, _minus(ask(_P + "proceeds_tenge", match), ask(_P + "cost_tenge", match)), carried
    rate = ask(_P + "gain_rate", sale)
    if gain is None or type(gain) is Unknown or type(rate) is Unknown or carried is None:
        return gain, None, None
    before, after = _tiyn(carried, rate), _tiyn(carried + gain, rate)
    return gain, after - before, carried + gain


def _tiyn(amount: int, rate: Any) -> int:
    exact = Fraction(amount * TIYN, CURRENCY_UNIT) * rate
    return round_half_up(exact.numerator, exact.denominator)


def _minus(a: Any, b: Any) -> Any:
    return None if type(a) is Unknown or type(b) is Unknown else a - b


def _text(value: Any, show: Any) -> str:
    return "" if value is None or type(value) is Unknown else str(show(value))


def _currency(worth: Any) -> str:
    return "" if type(worth) is Unknown else str(worth[1])


def _lot_name(world: World, lot: Scope) -> str:
    if lot.given.pool:
        return "pool"
    for event_key, scope in world._acquisitions.items():
        if scope is lot:
            record = world.events[event_key].record
            return record.id or str(record.source)
    return lot.place


def _status(match: Scope, treatment: str, proceeds: Any, cost: Any) -> str:
    if treatment == "no_sale":
        return "no_sale"
    if treatment == "excluded":
        return "excluded"
    if not match.given.found:
        return "missing_acquisition"
    if type(proceeds) is Unknown or type(cost) is Unknown:
        return "unknown"
    return "whole_price" if treatment == "whole_price" else "matched"
