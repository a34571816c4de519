"""Regions by day: the counts of the decrees, no overlap, Alatau."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salyq.civil.messages import LANGUAGES
from salyq.civil.regions import count_on, special_place, unit_of, units_on


@pytest.mark.parametrize(
    ("day", "regions", "cities"),
    [
        ("2018-06-18", 14, 2),
        ("2018-06-19", 14, 3),
        ("2022-06-07", 14, 3),
        ("2022-06-08", 17, 3),
        ("2026-07-01", 17, 3),
    ],
)
def test_counts(day: str, regions: int, cities: int) -> None:
    assert count_on(date.fromisoformat(day)) == (regions, cities)


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)))
def test_codes_are_unique_on_every_day_and_named(day: date) -> None:
    units = units_on(day)
    assert len({u.code[:2] for u in units}) == len(units)
    assert all(u.name[lang] for u in units for lang in LANGUAGES)
    assert all(unit_of(u.code[:2] + "4210000", day) == u for u in units)


def test_places() -> None:
    first = date(2026, 7, 1)
    assert special_place("191810000", first - timedelta(1)) is None
    alatau = special_place("191810000", first)
    assert alatau is not None
    assert alatau.within == "190000000"
    assert special_place("751210000", first) is None  # Alatau district of Almaty city
    assert unit_of("751210000", first) == unit_of("750000000", first)
    assert unit_of("510000000", date(2018, 6, 19)) is None
    assert unit_of("990000000") is None
    assert unit_of("19181000") is None
