"""The years and quarters of many persons as tables: what facts/world.py and facts/quarters.py say of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from salyq.civil.days import period_days
from salyq.facts.quarters import QUARTERS
from salyq.law.facts import STATED, Year
from salyq.lots.kernel import kernel
from salyq.population.columns_many import Roll, added, codes, flags, same, stated
from salyq.population.meters_many import Readings, uses_power
from salyq.population.moves_many import NETWORK, Moves
from salyq.population.records_many import Records
from salyq.population.transfers_many import IN, OUT
from salyq.rulebook.columns import Column, code
from salyq.rulebook.many_tables import Table
from salyq.rulebook.rows import kind_of


def year_table(roll: Roll, r: Records, m: Moves, year: int, over: bool, meters: Readings | None) -> Table:
    """The year of each person. `over`: whether it has passed."""
    count, last = roll.count, date(year, 12, 31)
    mined = np.zeros(count, bool)
    mined[m.person[m.up & (m.kind == code("mined"))]] = True
    blank = Column((np.zeros(count, np.int64),), np.ones(count, bool), (0, 0))
    columns = dict.fromkeys(kind_of(Year).columns, blank) | _stated(roll, year)
    resident = roll.each(lambda p: p.resident_on(last) is not False)
    before, held = holds(roll, r, m, [last.replace(year=year - 1).toordinal(), last.toordinal()])
    columns |= {
        "person_kind": codes(roll.each(lambda p: code(p.kind), np.int64)),
        "law_day": same(last.toordinal(), count),
        "year_over": same(over, count),
        "resident": flags(resident),
        "resident_in_year": flags(resident),
        "non_resident_in_year": flags(~resident),
        "residence_known": flags(roll.each(lambda p: p.resident_on(last) is not None)),
        "regime_stated": same(False, count),
        "stated_simplified": same(False, count),
        "aifc_permit": flags(roll.each(lambda p: p.aifc_permit_on(last))),
        "does_business": same(False, count),
        "licence_subtype_i": flags(roll.each(lambda p: p.full_mining_licence_on(last))),
        "mines": flags(mined),
        "lots_in_doubt": same(False, count),
        "uses_power": flags(uses_power(meters, year, count)),
        "licensed_to_mine": flags(roll.each(lambda p: p.mines_under_licence(date(year, 1, 1), last))),
        "payments_given": same(False, count),
        "holds_at_year_end": flags(held),
        "held_at_last_year_end": flags(before),
    }
    return Table("year", count, columns)


def _stated(roll: Roll, year: int) -> dict[str, Column]:
    """Facts of the year: as templates state them, and as persons do one by one."""
    found: dict[str, Column] = {}
    for name, said in STATED["year"].items():
        told = [p.years.get(year, {}).get(name) for p in roll.templates]
        if all(x is None for x in told):
            continue
        given = np.array([x is not None for x in told], bool)[roll.alike]
        if said.unit in ("KZT", "count"):
            found[name] = stated(np.array([x or 0 for x in told], np.int64)[roll.alike], given)
            continue
        numbers = [code(x or "") for x in told] if said.unit == "text" else [bool(x) for x in told]
        found[name] = Column((np.array(numbers)[roll.alike],), None if given.all() else ~given)
    for name, (values, given) in roll.facts.items():
        before = found.get(name)
        if before is not None:
            none = np.zeros(roll.count, bool) if before.unknown is None else before.unknown
            values, given = np.where(given, values, before.parts[0]), given | ~none
        found[name] = stated(values, given)
    return found


def holds(roll: Roll, r: Records, m: Moves, days: Sequence[int]) -> list[Any]:
    """Whether a balance above zero stands on any account at the end of each day, or is on its way to one."""
    rows = np.flatnonzero(m.leg != NETWORK)
    came = r.kind == code(IN)
    moved = np.flatnonzero(came | (r.kind == code(OUT)))
    at = np.concatenate([m.record[rows], moved])
    asset = np.concatenate([m.asset[rows], r.asset[moved]])
    quantity = np.concatenate([m.quantity[rows], r.quantity[moved]])
    up = np.concatenate([m.up[rows], came[moved]])
    keys = [r.person[at], r.account[at], asset]
    order = kernel().order(keys)
    new = np.ones(len(order), bool)
    new[1:] = np.logical_or.reduce([k[order][1:] != k[order][:-1] for k in keys])
    head = np.flatnonzero(new)
    signed, on, owner = np.where(up, quantity, -quantity)[order], r.day[at][order], r.person[at][order][head]
    found = []
    for day in days:
        marks = np.zeros(roll.count, bool)
        marks[r.person[(r.day <= day) & (r.arrives > day) & (r.quantity != r.network).astype(bool)]] = True
        held = added(np.where(on <= day, signed, 0), head)
        marks[owner[(held > 0).astype(bool)]] = True
        found.append(marks)
    return found


def quarter_table(years: Table, year: int) -> Table:
    """Four quarters of each person, one after another."""
    count = years.count
    ends = [period_days(f"{year}-{q}")[1].toordinal() for q in QUARTERS]
    columns = {
        "quarter_end": codes(np.tile(np.array(ends, np.int64), count)),
        "hosting_turnover": same(0, 4 * count),
        "money_turnover": same(0, 4 * count),
        "simplified": same(False, 4 * count),
    }
    return Table("quarter", 4 * count, columns, parent=(years, np.repeat(np.arange(count), 4)))


def quarter_of(year: int, days: Any) -> Any:
    """The number of the quarter (from 0) in which days of a year lie."""
    starts = [period_days(f"{year}-{q}")[0].toordinal() for q in QUARTERS]
    return np.clip(np.searchsorted(np.array(starts, np.int64), days, "right") - 1, 0, 3)
