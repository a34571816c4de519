"""The mean rate of a year from official rates of its days (semantics 1): exact, never rounded, a reconstruction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from salyq.civil.days import last_working_day
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled, round_half_up
from salyq.prices.model import MissingQuote, Quote
from salyq.prices.rows import RateRow, exact_rate, place

LONG_GAP = 7  # days in a row without a rate; holidays of Kazakhstan never last as long

_DAY = timedelta(days=1)


def of_days(currency: str, year: int, official: Mapping[date, RateRow]) -> Quote | MissingQuote:
    """Mean over the calendar days of `year`, a day without a row of `official` carrying the last one of that year.

    A row of the year before is not carried over: days before the year's first row are unknown, and so is the mean.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = sorted(day for day in official if first <= day <= last)
    if not days:
        return MissingQuote(Message("year_mean_no_rates", {"asset": currency, "year": year}))
    needed = last_working_day(last)
    if max(official) < needed:
        params = {"asset": currency, "year": year, "row_day": days[-1].isoformat(), "day": needed.isoformat()}
        return MissingQuote(Message("year_mean_unfinished", params), _mean(days, official, days[-1]))
    mean = _mean(days, official, last)
    if days[0] != first:
        params = {"asset": currency, "year": year, "row_day": days[0].isoformat(), "day": first.isoformat()}
        return MissingQuote(Message("year_mean_late_start", params), mean)
    final = official[days[-1]]
    length = (last - first).days + 1
    how = f"{format_scaled(round_half_up(mean.numerator * length * 10**18, mean.denominator))}/{length}"
    return Quote(mean, "KZT", last, final.origin, place(final), _finding(currency, year, days, last), how)


def _mean(days: list[date], official: Mapping[date, RateRow], last: date) -> Fraction:
    """Each rate counts for its own day and the days up to the next row, the last one up to `last`."""
    ends = [*days[1:], last + _DAY]
    weighed = (exact_rate(official[day]) * (end - day).days for day, end in zip(days, ends, strict=True))
    return sum(weighed, Fraction(0)) / ((last - days[0]).days + 1)


def _finding(currency: str, year: int, days: list[date], last: date) -> Message:
    """How the mean came about; a gap too long for holidays is named instead."""
    gaps = [((end - day).days - 1, day) for day, end in zip(days, [*days[1:], last + _DAY], strict=True)]
    longest, since = max(gaps)
    if longest >= LONG_GAP:
        params = {"asset": currency, "year": year, "row_day": since.isoformat(), "days": longest}
        return Message("year_mean_long_gap", params)
    carried = sum(gap for gap, _ in gaps)
    return Message("year_mean_computed", {"asset": currency, "year": year, "days": len(days), "carried": carried})
