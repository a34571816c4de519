"""Sheets of form 880.00: power by meter, price and rate; without a working meter, by hours and greatest power."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from salyq.civil.messages import Message
from salyq.forms.asked import Asked, is_known, reason
from salyq.forms.filled import Row, SheetData
from salyq.law.named import LEVY_KWH, LEVY_PAYS, LEVY_TARIFF
from salyq.records.model import UNIT, EnergyReading
from salyq.rulebook.evaluate import Scope
from salyq.rulebook.states import Unknown


@dataclass(slots=True)
class _Piece:
    """A reading, or the part of one in this quarter."""

    scope: Scope
    reading: EnergyReading
    kwh: Any
    rate: Any

    @property
    def meter(self) -> str:
        return self.reading.meter or self.reading.site or ""


@dataclass(slots=True)
class _Meter:
    """One sheet in the making: rows of grids, and at most one notional volume."""

    about: str
    grids: dict[str, list[Row]] = field(default_factory=dict)
    notional: dict[str, Any] = field(default_factory=dict)
    blanks: dict[str, Any] = field(default_factory=dict)


def bought_power(asked: Asked, capacity: Mapping[str, int]) -> list[SheetData]:
    """880.01: power bought, a sheet a meter, a row a price and rate in order of time."""
    own = [p for p in _pieces(asked) if not p.scope.given.own_plant]
    return list(_sheets(asked, own, lambda _: "bought", capacity))


def own_power(asked: Asked, capacity: Mapping[str, int]) -> list[SheetData]:
    """880.02: power of own plants, renewable apart. A unit off the grid that buys nothing stands with own power."""
    own = [p for p in _pieces(asked) if p.scope.given.own_plant]
    return list(_sheets(asked, own, lambda p: "renewable" if p.scope.given.renewable else "own", capacity))


def _pieces(asked: Asked) -> list[_Piece]:
    """The readings of the quarter on which this person pays."""
    readings = {str(r.source): r for r in asked.case.ledger.energy}
    quarters = [q for q in asked.world.quarters if asked.period in (q.group, str(asked.year))]
    found = []
    for scope in [s for q in quarters for s in q.rows["readings"].rows]:
        if asked.law(LEVY_PAYS, scope) is True:
            kwh, rate = asked.law(LEVY_KWH, scope), asked.law(LEVY_TARIFF, scope)
            found.append(_Piece(scope, readings[scope.place], kwh, rate))
    return sorted(found, key=lambda p: (p.meter, p.reading.start))


def _sheets(asked: Asked, pieces: list[_Piece], grid_of: Any, capacity: Mapping[str, int]) -> Iterator[SheetData]:
    by_meter: dict[str, list[_Piece]] = {}
    for p in pieces:
        by_meter.setdefault(p.meter, []).append(p)
    for meter, own in by_meter.items():
        rows: dict[str, list[Row]] = {}
        for p in own:
            if p.scope.given.metered:
                _add_metered(asked, rows.setdefault(grid_of(p), []), p)
        notional = list(_notional(asked, [p for p in own if not p.scope.given.metered]))
        yield from _divided(meter, rows, notional, capacity)


def _divided(
    meter: str, rows: dict[str, list[Row]], notional: list[_Meter], capacity: Mapping[str, int]
) -> Iterator[SheetData]:
    """As many sheets as the longest grid or the notional volumes need."""
    need = max([len(notional), *(-(-len(r) // capacity[g]) for g, r in rows.items()), 1])
    for n in range(need):
        grids = {g: r[n * capacity[g] : (n + 1) * capacity[g]] for g, r in rows.items()}
        extra = notional[n] if n < len(notional) else _Meter(meter)
        yield SheetData(meter, extra.notional, extra.blanks, grids)


def _add_metered(asked: Asked, rows: list[Row], p: _Piece) -> None:
    """The next price period, or more of the one before: a new row where price or rate changes."""
    price = p.scope.given.price_per_kwh
    key = f"{price} {p.rate if is_known(p.rate) else '?'}"
    if rows and rows[-1].extra["key"] == key and "kwh" in rows[-1].values and is_known(p.kwh):
        rows[-1].values["kwh"] += Fraction(p.kwh, UNIT)
        rows[-1].extra["place"] += f", {p.scope.place}"
        return
    row = Row({}, {"key": key, "meter": p.meter, "place": p.scope.place})
    if price is not None:
        row.values["price"] = Fraction(price, UNIT)
    elif not p.scope.given.own_plant:
        row.blanks["price"] = Message("form_no_price", {"place": p.scope.place})
    _put(asked, row.values, row.blanks, "rate", p.rate, 1)
    _put(asked, row.values, row.blanks, "kwh", p.kwh, UNIT)
    row.blanks |= {"meter_start": Message("form_no_meter_state"), "meter_end": Message("form_no_meter_state")}
    rows.append(row)


def _notional(asked: Asked, pieces: Iterable[_Piece]) -> Iterator[_Meter]:
    """Hours and greatest power, joined where power and rate are the same."""
    found: dict[tuple[Any, str], _Meter] = {}
    for p in pieces:
        power, full = p.reading.max_power_kw, p.scope.given.hours_at_full_power
        made = found.setdefault((power, str(p.rate)), _Meter(p.meter))
        _put(asked, made.notional, made.blanks, "notional_rate", p.rate, 1)
        if not power or full is None:
            why = Message("form_no_power", {"place": p.scope.place})
            made.blanks |= {"notional_hours": why, "notional_power": why}
            continue
        made.notional["notional_power"] = Fraction(power, UNIT)
        made.notional["notional_hours"] = made.notional.get("notional_hours", Fraction(0)) + Fraction(full, power)
    yield from found.values()


def _put(asked: Asked, values: dict[str, Any], blanks: dict[str, Any], name: str, value: Any, unit: int) -> None:
    if is_known(value):
        values[name] = Fraction(value) / unit
    elif isinstance(value, Unknown):
        blanks[name] = reason(asked, value)
    else:
        blanks[name] = Message("form_no_reason")
