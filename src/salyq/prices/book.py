"""The book of quotes of one case: which quote stands for a day, with what the person should know about it.

Exact and never rounded. Nothing is guessed: what is not there is a MissingQuote that says what to add. Which day a
law wants, and whether on a day off the last working day's row counts, is the caller's to say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Generic, TypeVar

from salyq.civil.days import last_working_day
from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.prices import year_mean
from salyq.prices.model import MissingQuote, Quote
from salyq.prices.rows import (
    QuoteRow,
    RateRow,
    ValueRow,
    check_rate,
    check_value,
    conflicting_rates,
    conflicting_values,
    earlier,
    exact_rate,
    exact_value,
    place,
    same_rate,
    same_value,
    what,
)

TENGE = "KZT"
RATE_STALE_DAYS = 7  # semantics 2

_Row = TypeVar("_Row", bound=QuoteRow)


class _Series(Generic[_Row]):
    """The rows of one kind and name by day. `days` is sorted when first asked for."""

    def __init__(self) -> None:
        self.rows: dict[date, _Row] = {}
        self._days: list[date] = []

    def add(
        self, key: date, row: _Row, same: Callable[[_Row, _Row], bool], clash: Callable[[_Row, _Row], InputError]
    ) -> None:
        other = self.rows.get(key)
        if other is not None and not same(other, row):
            raise clash(other, row)
        if other is None or earlier(row, other):
            self.rows[key] = row

    def days(self) -> list[date]:
        if len(self._days) != len(self.rows):
            self._days = sorted(self.rows)
        return self._days

    def at(self, day: date, stale_days: int) -> _Row | None:
        """The row of `day`, else the last one at most `stale_days` older."""
        row = self.rows.get(day)
        if row is not None or not stale_days:
            return row
        days = self.days()
        index = bisect_right(days, day)
        if not index or (day - days[index - 1]).days > stale_days:
            return None
        return self.rows[days[index - 1]]


class PriceBook:
    """Quotes of assets and rates of currencies.

    InputError `conflicting_quotes` (naming both places) where two rows of one kind, name and day differ, also in the
    currency; equal ones are fine and the first place is named. InputError for a value below zero, or a rate or
    quantity not above it.
    """

    def __init__(self, asset_values: Iterable[ValueRow], exchange_rates: Iterable[RateRow]) -> None:
        self._values: dict[tuple[str, str], _Series[ValueRow]] = {}
        self._rates: dict[tuple[str, str], _Series[RateRow]] = {}
        self._answers: dict[tuple[object, ...], Quote | MissingQuote] = {}
        for value in asset_values:
            check_value(value)
            values = self._values.setdefault((value.kind, value.asset), _Series())
            values.add(value.day, value, same_value, conflicting_values)
        for rate in exchange_rates:
            check_rate(rate)
            day = date(rate.day.year, 1, 1) if rate.kind == "year_mean" else rate.day
            rates = self._rates.setdefault((rate.kind, rate.currency), _Series())
            rates.add(day, rate, same_rate, conflicting_rates)

    def assets(self) -> frozenset[str]:
        """The assets that have any quote."""
        return frozenset(asset for _, asset in self._values)

    def official_value(self, asset: str, day: date, *, previous_working_day: bool) -> Quote | MissingQuote:
        """Official value of one unit for `day`.

        `previous_working_day` (the order in force from 15.04.2024): on a day off it is the last working day's row,
        even where the day off has one of its own. A missing row is missing: nothing older stands in.
        """
        return self.asset_quote("official", asset, last_working_day(day) if previous_working_day else day)

    def asset_quote(self, kind: str, asset: str, day: date, *, stale_days: int = 0) -> Quote | MissingQuote:
        """Quote of one unit for `day`, kind official | day_average | market.

        Without a row of the day, the last one at most `stale_days` older, with finding `quote_older`.
        """
        key = ("asset", kind, asset, day, stale_days)
        if key not in self._answers:
            self._answers[key] = self._asset_quote(kind, asset, day, stale_days)
        return self._answers[key]

    def _asset_quote(self, kind: str, asset: str, day: date, stale_days: int) -> Quote | MissingQuote:
        series = self._values.get((kind, asset))
        row = series.at(day, stale_days) if series else None
        if row is None:
            return _missing(kind, "value", asset, day, stale_days)
        finding = None if row.day == day else _older(kind, "value", asset, day, row.day)
        return Quote(exact_value(row), row.currency, row.day, row.origin, place(row), finding)

    def rate(self, kind: str, currency: str, day: date, *, stale_days: int = RATE_STALE_DAYS) -> Quote | MissingQuote:
        """Tenge for one unit of `currency` on `day`, kind official | market; KZT itself is 1.

        Without a row of the day, the last one at most `stale_days` older, with finding `quote_older`. Where a market
        rate is wanted and none is in that window, an official one stands in, with finding `official_rate_stood_in`.
        """
        key = ("rate", kind, currency, day, stale_days)
        if key not in self._answers:
            self._answers[key] = self._rate(kind, currency, day, stale_days)
        return self._answers[key]

    def _rate(self, kind: str, currency: str, day: date, stale_days: int) -> Quote | MissingQuote:
        if currency == TENGE:
            return _one_tenge(day)
        kinds = ("market", "official") if kind == "market" else (kind,)
        for tried in kinds:
            series = self._rates.get((tried, currency))
            row = series.at(day, stale_days) if series else None
            if row is None:
                continue
            finding = None if row.day == day else _older(kind, "rate", currency, day, row.day)
            if tried != kind:
                params = {"asset": currency, "day": day.isoformat(), "row_day": row.day.isoformat()}
                finding = Message("official_rate_stood_in", params)
            return Quote(exact_rate(row), TENGE, row.day, row.origin, place(row), finding)
        return _missing(kind, "rate", currency, day, stale_days)

    def year_mean(self, currency: str, year: int) -> Quote | MissingQuote:
        """Mean rate of `currency` over `year`, exact; KZT itself is 1.

        A `year_mean` row wins. Else the mean over all calendar days of official rates, a day without one carrying the
        last (finding `year_mean_computed`, or `year_mean_long_gap`). Missing while the currency's official rates do
        not reach the year's last working day, and where the year has days before its first rate; `so_far` is then the
        mean over the days that are known, up to the last row.
        """
        key = ("year_mean", currency, year)
        if key not in self._answers:
            self._answers[key] = self._year_mean(currency, year)
        return self._answers[key]

    def _year_mean(self, currency: str, year: int) -> Quote | MissingQuote:
        if currency == TENGE:
            return _one_tenge(date(year, 12, 31))
        stated = self._rates.get(("year_mean", currency))
        row = stated.rows.get(date(year, 1, 1)) if stated else None
        if row is not None:
            return Quote(exact_rate(row), TENGE, row.day, row.origin, place(row))
        official = self._rates.get(("official", currency))
        return year_mean.of_days(currency, year, official.rows if official else {})

    def year_is_over(self, year: int) -> bool:
        """Whether the files show that `year` is over: a `year_mean` row for it, or official rates of any currency that
        reach its last working day (semantics 1). The clock is never asked."""
        first, last = date(year, 1, 1), last_working_day(date(year, 12, 31))
        for (kind, _), series in self._rates.items():
            if kind == "year_mean" and first in series.rows:
                return True
            if kind == "official" and series.days()[-1] >= last:
                return True
        return False


def _one_tenge(day: date) -> Quote:
    return Quote(Fraction(1), TENGE, day, "", "")


def _older(kind: str, sort: str, name: str, day: date, row_day: date) -> Message:
    params = {"what": what(f"{kind}_{sort}"), "asset": name, "day": day.isoformat(), "row_day": row_day.isoformat()}
    return Message("quote_older", params)


def _missing(kind: str, sort: str, name: str, day: date, stale_days: int) -> MissingQuote:
    when = Message("quote_on_day", {"day": day.isoformat()})
    if stale_days:
        first = day - timedelta(days=stale_days)
        when = Message("quote_on_days", {"day": day.isoformat(), "first": first.isoformat()})
    params = {
        "what": what(f"{kind}_{sort}"),
        "kind": kind,
        "asset": name,
        "day": day.isoformat(),
        "when": when,
        "table": "asset_values" if sort == "value" else "exchange_rates",
    }
    return MissingQuote(Message("missing_quote", params))
