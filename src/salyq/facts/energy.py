"""Meter readings by the day law counts: split where a quarter, a rate or a licence changes (interfaces §3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from salyq.civil.days import kz_day, kz_midnight
from salyq.civil.numbers import part, round_half_up
from salyq.facts.stated import shared
from salyq.law.mining_fee.facts import Reading
from salyq.records.model import UNIT, EnergyReading
from salyq.records.person import Person

HOUR = 3600
DAY_HOURS = 24


def reading_rows(
    readings: Iterable[EnergyReading], person: Person, year: int, changes: Sequence[date]
) -> Iterator[tuple[Any, str]]:
    """The pieces of all readings that fall in `year`, each with its place."""
    cuts = sorted({*changes, *quarter_starts(year), *licence_edges(person)})
    for reading in readings:
        for start, end in _pieces(reading, cuts):
            day = kz_day(start)
            if day.year == year:
                yield _row(reading, person, day, start, end), str(reading.source)


def split_places(readings: Iterable[EnergyReading], person: Person, year: int, changes: Sequence[date]) -> list[str]:
    """Places of the readings of `year` that had to be divided."""
    cuts = sorted({*changes, *quarter_starts(year), *licence_edges(person)})
    found = []
    for reading in readings:
        pieces = list(_pieces(reading, cuts))
        if len(pieces) > 1 and any(kz_day(start).year == year for start, _ in pieces):
            found.append(str(reading.source))
    return found


def _row(r: EnergyReading, person: Person, day: date, start: datetime, end: datetime) -> Any:
    """One piece: energy in proportion to time by the cumulative rule, so that pieces sum to the reading."""
    whole, x0, x1 = _span(r, r.end), _span(r, start), _span(r, end)
    energy = None if r.kwh is None else part(r.kwh, whole, x0, x1)
    full = None
    if r.max_power_kw is not None:
        hours = _hours(r)
        total = round_half_up(r.max_power_kw * hours[0], hours[1])
        full = part(total, whole, x0, x1)
    metered = r.meter_state == "ok"
    divided = (start, end) != (r.start, r.end)
    powered = not metered and r.max_power_kw is not None
    return Reading.given(
        day=day,
        whole_energy=r.kwh if divided and metered else None,
        whole_days=_days(r.start, r.end) if divided else None,
        own_days=_days(start, end) if divided else None,
        hours=Fraction(*_hours(r)) if powered else None,
        greatest_power=Fraction(r.max_power_kw, UNIT) if powered and r.max_power_kw is not None else None,
        licence_number=person.mining_licence_number(day),
        energy=energy,
        metered=metered,
        hours_at_full_power=full,
        licensed=person.mining_licence_on(day),
        **{name: getattr(r, name) for name in shared(Reading, EnergyReading)},
    )


def _days(start: datetime, end: datetime) -> Fraction:
    """Days between two moments, exactly."""
    return Fraction(_seconds(start, end), DAY_HOURS * HOUR)


def _hours(r: EnergyReading) -> tuple[int, int]:
    """Hours as (numerator, denominator): 24 for each day where the reading speaks of days, else as elapsed."""
    if r.by_days:
        return (kz_day(r.end) - kz_day(r.start)).days * DAY_HOURS, 1
    return _seconds(r.start, r.end), HOUR


def _span(r: EnergyReading, until: datetime) -> int:
    """Seconds from the reading's start; where it speaks of days, of days of 24 hours each."""
    if r.by_days:
        return (kz_day(until) - kz_day(r.start)).days * DAY_HOURS * HOUR
    return _seconds(r.start, until)


def _pieces(r: EnergyReading, cuts: Sequence[date]) -> Iterator[tuple[datetime, datetime]]:
    first, last = kz_day(r.start), kz_day(r.end)
    edges = [kz_midnight(c) for c in cuts if first < c <= last]
    edges = [e for e in edges if r.start < e < r.end]
    points = [r.start, *edges, r.end]
    yield from pairwise(points)


def _seconds(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(seconds=1)


def quarter_starts(year: int) -> set[date]:
    """The first days of the quarters of a year and of the next."""
    return {date(y, m, 1) for y in (year, year + 1) for m in (1, 4, 7, 10)}


def licence_edges(person: Person) -> set[date]:
    """The first days of licences, and those after their last."""
    edges = {x.start for x in person.licences}
    return edges | {x.until + timedelta(days=1) for x in person.licences if x.until}
