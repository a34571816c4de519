"""What stands beside the sales of many persons: their meters and their expenses, as tables that law asks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.civil.days import period_days
from salyq.facts.beside_sales import losses_of
from salyq.facts.quarters import QUARTERS
from salyq.law.facts import Loss
from salyq.population.columns_many import Roll, codes, flags, same, worths
from salyq.population.meters_many import Readings
from salyq.population.moves_many import paid_in
from salyq.population.numbers_many import is_plain, numbers_of
from salyq.population.payouts_many import days_of, trimmed
from salyq.population.periods_many import quarter_of
from salyq.population.records_many import TIYN
from salyq.population.tables import PERSON
from salyq.rulebook.columns import Column, code, whole
from salyq.rulebook.many_tables import Table
from salyq.rulebook.one_columns import given
from salyq.rulebook.rows import kind_of
from salyq.sources.format import RowError
from salyq.sources.habits.cells import choice
from salyq.sources.readers.own.expenses import ACTIVITIES, CATEGORIES

if TYPE_CHECKING:
    import pyarrow as pa

_UNTOLD = ("hours_at_full_power", "price_per_kwh")
NONE = np.zeros(0, np.int64)
MINING, OTHER, UNSAID = 1, 0, -1


@dataclass(slots=True)
class Expenses:
    """One row an expense. `currency`: codes of money; `activity`: MINING, OTHER, UNSAID; `silent`: rows without a
    currency of each person."""

    person: Any
    day: Any
    category: Any
    amount: Any  # grain · 10⁻¹⁸
    grain: int
    currency: Any
    activity: Any
    silent: Any


@dataclass(frozen=True, slots=True)
class Beside:
    """What a part's persons have beside records."""

    readings: Readings | None = None
    expenses: Expenses | None = None

    def years(self) -> set[int]:
        """The years of expenses."""
        days = NONE if self.expenses is None else np.unique(self.expenses.day)
        return {date.fromordinal(d).year for d in days.tolist()}


def read_expenses(rows: pa.Table, persons: Any, count: int) -> tuple[Expenses, Any]:
    """(the expenses, marks of the odd among `count` persons). `persons`: the person of each row (−1: nobody)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = {n: trimmed(rows, n) for n in ("date", "category", "amount", "currency", "document", "note", "activity")}
    day, fine = days_of(cells["date"])
    category = _chosen(cells["category"], "category", CATEGORIES)
    activity = _chosen(cells["activity"], "activity", ("", *ACTIVITIES))
    currency = _currencies(cells["currency"])
    (amount,), grain = numbers_of([cells["amount"]])
    fine &= is_plain(cells["amount"]) & (category >= 0) & (activity >= 0) & (currency != code(""))
    fine &= (currency != code("KZT")) | ~(amount.values % max(TIYN // grain, 1) != 0).astype(bool)
    there = persons >= 0
    odd = np.zeros(count, bool)
    odd[persons[there & ~fine]] = True
    alike = pa.table({PERSON: persons, **cells}).group_by([PERSON, *cells]).aggregate([([], "count_all")])
    twice = alike.column(PERSON).to_numpy()[alike.column("count_all").to_numpy() > 1]
    odd[twice[twice >= 0]] = True
    own = np.flatnonzero(there & fine)
    said = np.array([UNSAID, *[MINING if a == "mining" else OTHER for a in ACTIVITIES]])
    unsaid = pc.equal(cells["currency"], "").to_numpy(zero_copy_only=False)
    silent = np.bincount(persons[own[unsaid[own]]], minlength=count)
    named = np.array([code(c) for c in CATEGORIES], np.int64)
    found = (day[own], named[category[own]], amount.values[own], grain, currency[own], said[activity[own]])
    return Expenses(persons[own], *found, silent), odd


def _currencies(cells: pa.Array) -> Any:
    """The money that each cell names, tenge where it names none; "" for what is no money."""
    encoded = cells.dictionary_encode()
    named = np.array([code(text.upper() or "KZT") for text in encoded.dictionary.to_pylist()], np.int64)
    return paid_in(named)[encoded.indices.to_numpy()] if len(named) else NONE


def _chosen(cells: pa.Array, column: str, words: Sequence[str]) -> Any:
    """The place of what each cell says among words; −1 where it says nothing of the kind."""
    encoded = cells.dictionary_encode()
    found = np.array([_place(text, column, words) for text in encoded.dictionary.to_pylist()], np.int64)
    return found[encoded.indices.to_numpy()] if len(found) else NONE


def _place(text: str, column: str, words: Sequence[str]) -> int:
    if not text:
        return words.index("") if "" in words else -1
    try:
        return words.index(choice(text, column, [w for w in words if w]))
    except RowError:
        return -1


def expense_table(expenses: Expenses | None, year: int, years: Table, roll: Roll, mined: Any) -> Table:
    """The expenses of a year. `mined`: marks of the persons to whom coins came in it."""
    if expenses is None:
        return Table("expense", 0, {}, parent=(years, NONE))
    first, after, april = (date(*d, 1).toordinal() for d in ((year, 1), (year + 1, 1), (year, 4)))
    rows = np.flatnonzero((expenses.day >= first) & (expenses.day < after))
    person, day, count = expenses.person[rows], expenses.day[rows], len(rows)
    licensed = roll.on(lambda p, on: p.mining_licence_on(on), person, day)
    activity = expenses.activity[rows]
    columns = {
        "day": codes(day),
        "category": codes(expenses.category[rows]),
        "worth": worths(expenses.amount[rows], expenses.currency[rows], np.ones(count, bool), expenses.grain),
        "mining": flags(np.where(activity == UNSAID, licensed | mined[person], activity == MINING)),
        "activity_stated": flags(activity != UNSAID),
        "april_to_december": flags(day >= april),
    }
    return Table("expense", count, columns, parent=(years, person))


def loss_table(roll: Roll, year: int, years: Table) -> Table:
    """Losses of earlier years, as templates state them."""
    told = [losses_of(person, year) for person in roll.templates]
    counts = np.array([len(own) for own in told], np.int64)
    each = counts[roll.alike]
    person = np.repeat(np.arange(roll.count), each)
    if not len(person):
        return Table("loss", 0, {}, parent=(years, NONE))
    first = np.repeat((np.cumsum(counts) - counts)[roll.alike], each)
    rows = first + np.arange(len(person)) - np.repeat(np.cumsum(each) - each, each)
    columns = {
        name: given([loss[name] for own in told for loss in own], unit).take(rows)
        for name, unit in kind_of(Loss).columns.items()
    }
    return Table("loss", len(person), columns, parent=(years, person))


def reading_table(readings: Readings | None, year: int, quarters: Table, roll: Roll) -> Table:
    """The readings of a year as law is asked about them, by quarters of persons."""
    if readings is None:
        return Table("reading", 0, {"energy": whole(NONE), "hosted": flags(NONE)}, parent=(quarters, NONE))
    rows = readings.of_year(year)
    day, count = readings.day[rows], len(rows)
    columns = {
        "day": codes(day),
        "energy": whole(readings.kwh[rows], grain=readings.grain),
        "metered": same(True, count),
        "licensed": flags(roll.on(lambda p, on: p.mining_licence_on(on), readings.person[rows], day)),
        **{name: flags(marks[rows]) for name, marks in readings.flags.items()},
        **{name: Column((np.zeros(count, np.int64),), np.ones(count, bool), (0, 0)) for name in _UNTOLD},
    }
    own = 4 * readings.person[rows] + quarter_of(year, day)
    return Table("reading", count, columns, parent=(quarters, own))


def unmetered(readings: Readings | None, year: int, roll: Roll) -> Any:
    """Marks of those with a licence in force in a quarter in which no meter tells anything (facts/lacking.py)."""
    found = np.zeros(roll.count, bool)
    for quarter in QUARTERS:
        first, last = period_days(f"{year}-{quarter}")
        licensed = roll.each(lambda p, days=(first, last): p.mines_under_licence(*days))  # type: ignore[misc]
        metered = np.zeros(roll.count, bool)
        if readings is not None:
            own = (readings.day <= last.toordinal()) & (readings.end > first.toordinal())
            metered[readings.person[own]] = True
        found |= licensed & ~metered
    return found


def untold(mined: Any, reading: Table, count: int) -> tuple[Any, Any]:
    """Marks of the persons among `count` who mined in a quarter without a reading, and of those whose own machines used
    power in a year without a coin: what that leaves open is told alone. `mined`: the quarter of each coin that came."""
    coins, metered = np.zeros(4 * count, bool), np.zeros(4 * count, bool)
    coins[mined] = True
    quarters = reading.parent[1]  # type: ignore[index]
    metered[quarters] = True
    used = np.zeros(count, bool)
    own = (reading.columns["energy"].parts[0] != 0).astype(bool) & ~reading.columns["hosted"].parts[0]
    used[quarters[own] // 4] = True
    return (coins & ~metered).reshape(-1, 4).any(axis=1), used & ~coins.reshape(-1, 4).any(axis=1)
