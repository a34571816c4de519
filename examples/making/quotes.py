"""The price files of both cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from making.days import last_working, working_days
from making.files import MADE_UP, Cell, table
from making.series import market_rate, official_rate

RATES = ("date", "currency", "rate", "quantity", "source", "kind")
VALUES = ("date", "asset", "value", "currency", "source", "kind")


def official_rates(first: date, last: date) -> bytes:
    """Official tenge for one dollar on every working day, and on 1 January the rate set on the last one before it."""
    rates = {day: official_rate(day) for day in working_days(first, last)}
    for year in range(first.year, last.year + 1):
        new_year = date(year, 1, 1)
        if first <= new_year:
            rates[new_year] = official_rate(last_working(new_year - timedelta(days=1)))
    ordered = sorted(rates.items())
    return table(RATES, ((day, "USD", rate, Decimal(1), MADE_UP, "official") for day, rate in ordered))


def market_rates(days: Iterable[date]) -> bytes:
    """Market tenge for one dollar on the given days."""
    ordered = sorted(set(days))
    return table(RATES, ((day, "USD", market_rate(day), Decimal(1), MADE_UP, "market") for day in ordered))


def asset_values(rows: Iterable[tuple[date, str, Decimal, str, str]]) -> bytes:
    """Quotes given as (day, asset, value, currency, kind), each once."""
    ordered = sorted(set(rows))
    return table(VALUES, (_value(*row) for row in ordered))


def _value(day: date, asset: str, value: Decimal, currency: str, kind: str) -> tuple[Cell, ...]:
    return (day, asset, value, currency, MADE_UP, kind)
