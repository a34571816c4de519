"""Rows of quotes as this room sees them, and when two of them contradict each other.

Prices know nothing of readers: any row with these fields will do, such as the neutral AssetValue and ExchangeRate.
Amounts are whole 10⁻¹⁸ units. What the store gives back has the same fields in the same order, so that
`AssetValue(*row[:-1], Source(*row.source))` makes it a neutral row again.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple, Protocol

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled

ASSET_KINDS = ("official", "day_average", "market")
RATE_KINDS = ("official", "market", "year_mean")


class SourceRow(Protocol):
    """Where a row stands: file, physical line, SHA-256 of the file."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def sha256(self) -> str: ...


class QuoteRow(Protocol):
    """What both kinds of rows share. `origin` is what the row names as its source."""

    @property
    def day(self) -> date: ...
    @property
    def currency(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> SourceRow: ...


class ValueRow(QuoteRow, Protocol):
    """`value` of one unit of `asset` in `currency`; kind official | day_average | market."""

    @property
    def asset(self) -> str: ...
    @property
    def value(self) -> int: ...


class RateRow(QuoteRow, Protocol):
    """`rate` tenge for `quantity` units of `currency`; kind official | market | year_mean (any day of that year)."""

    @property
    def rate(self) -> int: ...
    @property
    def quantity(self) -> int: ...


class StoredSource(NamedTuple):
    file: str
    line: int
    sha256: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class StoredValue(NamedTuple):
    """A ValueRow out of the store."""

    day: date
    asset: str
    value: int
    currency: str
    origin: str
    kind: str
    source: StoredSource


class StoredRate(NamedTuple):
    """A RateRow out of the store."""

    day: date
    currency: str
    rate: int
    quantity: int
    origin: str
    kind: str
    source: StoredSource


def place(row: QuoteRow) -> str:
    """`file:line` of a row."""
    return f"{row.source.file}:{row.source.line}"


def earlier(a: QuoteRow, b: QuoteRow) -> bool:
    """Whether `a` stands before `b`; keeps what is chosen among equals independent of the order of reading."""
    return (a.source.file, a.source.line) < (b.source.file, b.source.line)


def rate_period(row: RateRow) -> str:
    """What a rate is for: its day, or for a year's mean the year."""
    return str(row.day.year) if row.kind == "year_mean" else row.day.isoformat()


def same_value(a: ValueRow, b: ValueRow) -> bool:
    return a.value == b.value and a.currency == b.currency


def same_rate(a: RateRow, b: RateRow) -> bool:
    """Equal also where 4500 for ten units stands beside 450 for one."""
    return a.rate * b.quantity == b.rate * a.quantity


def exact_value(row: ValueRow) -> Fraction:
    return Fraction(row.value, 10**18)


def exact_rate(row: RateRow) -> Fraction:
    """Tenge for one unit."""
    return Fraction(row.rate, row.quantity)


def check_value(row: ValueRow) -> None:
    """InputError for a value below zero, which no reader lets through but a caller or a store might."""
    if row.value < 0:
        raise _below(row, "value", row.value, "quote_negative")


def check_rate(row: RateRow) -> None:
    """InputError unless both rate and quantity are above zero."""
    for column, amount in (("rate", row.rate), ("quantity", row.quantity)):
        if amount <= 0:
            raise _below(row, column, amount, "quote_not_positive")


def _below(row: QuoteRow, column: str, amount: int, code: str) -> InputError:
    where = row.source
    return InputError(Message(code), file=where.file, line=where.line, column=column, value=format_scaled(amount))


def conflicting_values(a: ValueRow, b: ValueRow) -> InputError:
    """Two rows of one asset, kind and day with different values; names both places."""
    first, second = (a, b) if earlier(a, b) else (b, a)
    texts = [f"{format_scaled(row.value)} {row.currency}" for row in (first, second)]
    return _conflict(what(f"{a.kind}_value"), a.asset, a.day.isoformat(), (first, second), "value", texts)


def conflicting_rates(a: RateRow, b: RateRow) -> InputError:
    """Two rows of one currency, kind and day (or year) with different rates; names both places."""
    first, second = (a, b) if earlier(a, b) else (b, a)
    texts = [f"{format_scaled(row.rate)} KZT / {format_scaled(row.quantity)} {row.currency}" for row in (first, second)]
    return _conflict(what(f"{a.kind}_rate"), a.currency, rate_period(a), (first, second), "rate", texts)


def _conflict(
    kind: Message, name: str, period: str, rows: tuple[QuoteRow, QuoteRow], column: str, texts: list[str]
) -> InputError:
    params = {"what": kind, "asset": name, "day": period, "place": place(rows[0]), "value": texts[0]}
    where = rows[1].source
    message = Message("conflicting_quotes", params)
    return InputError(message, file=where.file, line=where.line, column=column, value=texts[1])


def what(kind: str) -> Message:
    """The words for a kind of quote: official_value, day_average_value, market_value, official_rate, …"""
    return Message(f"quote_{kind}")
