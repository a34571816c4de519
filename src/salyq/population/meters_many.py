"""Meter readings of many persons as columns: what facts/energy.py and facts/coverage.py say of one.

Only what is plain is read here: meters told day by day without a gap to the end of a quarter, no reading over the end
of a quarter or of a rate. Whoever has other readings is `odd`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.civil.days import quarter
from salyq.facts.energy import licence_edges
from salyq.population.columns_many import Roll
from salyq.population.numbers_many import Numbers, is_plain, numbers_of
from salyq.population.payouts_many import days_of, trimmed
from salyq.sources.format import RowError
from salyq.sources.habits.cells import flag
from salyq.sources.readers.own.energy import DEFAULTS

if TYPE_CHECKING:
    import pyarrow as pa

_MORE = ("price_per_kwh", "max_power_kw")  # of readings that are for one by one
_NAMES = ("meter", "site")


@dataclass(slots=True)
class Readings:
    """One row a reading, by persons and days. `day`, `end`: ordinals; `kwh`: grain · 10⁻¹⁸; `flags`: by name, as
    stated or taken for granted; `silent`: (column, what was taken, how many rows of each person) of cells that are
    empty."""

    person: Any
    day: Any
    end: Any
    kwh: Any
    grain: int
    flags: Mapping[str, Any]
    silent: Sequence[tuple[str, str, Any]] = ()

    def of_year(self, year: int) -> Any:
        """The rows whose day lies in a year."""
        first, after = (date(y, 1, 1).toordinal() for y in (year, year + 1))
        return np.flatnonzero((self.day >= first) & (self.day < after))


def read_readings(rows: pa.Table, persons: Any, roll: Roll, cuts: Sequence[date]) -> tuple[Readings, Any]:
    """(the readings, marks of the odd among the persons). `persons`: the person of each row (−1: nobody); `cuts`:
    days at which a reading is divided."""
    import pyarrow.compute as pc

    cells = {n: trimmed(rows, n) for n in ("start", "end", "kwh", "meter_state", *_NAMES, *_MORE, *DEFAULTS)}
    day, fine = days_of(cells["start"])
    end, ends = days_of(cells["end"])
    fine = fine & ends & (end > day) & is_plain(cells["kwh"])
    for name in _MORE:
        fine &= pc.equal(cells[name], "").to_numpy(zero_copy_only=False)
    for name in _NAMES:  # a spreadsheet's apostrophe is no part of a name
        fine &= ~pc.match_substring(cells[name], "'").to_numpy(zero_copy_only=False)
    edges = np.array(sorted(c.toordinal() for c in cuts), np.int64)
    fine &= np.searchsorted(edges, day, "right") == np.searchsorted(edges, end, "left")
    state, given = _told(cells["meter_state"], lambda t: t == "ok" or None)
    silent = [("meter_state", "ok", ~given)]
    fine &= (state == 1) | ~given
    flags = {}
    for name, otherwise in DEFAULTS.items():
        stated, given = _told(cells[name], lambda t, n=name: flag(t, n))  # type: ignore[misc]
        fine &= stated >= 0
        flags[name] = np.where(given, stated == 1, otherwise)
        silent.append((name, "yes" if otherwise else "no", ~given))
    (kwh,), grain = numbers_of([cells["kwh"]])
    there, count = persons >= 0, roll.count
    odd = np.zeros(count, bool)
    odd[persons[there & ~fine]] = True
    odd[_across_licences(roll, persons, day, end)] = True
    order = np.flatnonzero(there)
    order = order[np.lexsort((day[order], persons[order]))]
    odd[_broken(persons[order], day[order], end[order], [cells[n] for n in _NAMES], order)] = True
    return _readings(order, persons, day, end, kwh, grain, flags, silent, count), odd


def _across_licences(roll: Roll, persons: Any, day: Any, end: Any) -> Any:
    """Persons with a reading in which a licence begins or ends."""
    rows = np.flatnonzero(persons >= 0)
    alike = roll.alike[persons[rows]]
    order = np.argsort(alike, kind="stable")
    places, starts = np.unique(alike[order], return_index=True)
    if not len(rows):
        return rows
    found = []
    for place, own in zip(places.tolist(), np.split(rows[order], starts[1:]), strict=True):
        edges = np.array(sorted(d.toordinal() for d in licence_edges(roll.templates[place])), np.int64)
        across = np.searchsorted(edges, day[own], "right") != np.searchsorted(edges, end[own], "left")
        found.append(persons[own[across]])
    return np.concatenate(found)


def _readings(
    order: Any, persons: Any, day: Any, end: Any, kwh: Numbers, grain: int, flags: Mapping[str, Any],
    silent: Sequence[tuple[str, str, Any]], count: int,
) -> Readings:  # fmt: skip
    own = persons[order]
    counted = [(name, taken, np.bincount(own[marks[order]], minlength=count)) for name, taken, marks in silent]
    stated = {name: marks[order] for name, marks in flags.items()}
    return Readings(own, day[order], end[order], kwh.values[order], grain, stated, counted)


def _told(cells: pa.Array, read: Callable[[str], bool | None]) -> tuple[Any, Any]:
    """(1 yes, 0 no or nothing, −1 what is neither; marks of cells that say something)."""
    encoded = cells.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    made = np.array([_number(read, t) for t in texts], np.int64)
    given = np.array([bool(t) for t in texts], bool)
    places = encoded.indices.to_numpy()
    return (made[places], given[places]) if len(texts) else (np.zeros(0, np.int64), np.zeros(0, bool))


def _number(read: Callable[[str], bool | None], text: str) -> int:
    if not text:
        return 0
    try:
        said = read(text)
    except RowError:
        return -1
    return -1 if said is None else int(said)


def _broken(person: Any, day: Any, end: Any, names: Sequence[pa.Array], order: Any) -> Any:
    """Persons of whom a meter leaves something out or tells it twice: each is looked at by itself."""
    places = [cells.dictionary_encode().indices.to_numpy()[order] for cells in names]
    by = np.lexsort((day, *places, person))
    person, day, end = person[by], day[by], end[by]
    same = person[1:] == person[:-1]
    for place in places:
        same &= place[by][1:] == place[by][:-1]
    wrong = np.zeros(len(person), bool)
    wrong[1:] = same & (day[1:] != end[:-1])
    last = np.flatnonzero(np.append(~same, True)) if len(person) else np.zeros(0, np.int64)
    distinct, at = np.unique(end[last], return_inverse=True)
    ends = np.array([_ends_a_quarter(d) for d in distinct.tolist()], bool)
    wrong[last] |= ~ends[at]
    return person[wrong]


def _ends_a_quarter(day: int) -> bool:
    """Whether a quarter ends with the beginning of a day."""
    if day <= 1:
        return False
    return quarter(date.fromordinal(day)) != quarter(date.fromordinal(day - 1))


def uses_power(readings: Readings | None, year: int, count: int) -> Any:
    """Marks of the persons among `count` with a reading that ends after a year began."""
    found = np.zeros(count, bool)
    if readings is not None:
        found[readings.person[readings.end > date(year, 1, 1).toordinal()]] = True
    return found
