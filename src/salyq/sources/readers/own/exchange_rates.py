"""Our own `exchange_rates` CSV (interfaces §3): tenge for `quantity` units of a currency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from salyq.records.model import UNIT, ExchangeRate
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, own_columns, yields
from salyq.sources.habits.by_columns import there
from salyq.sources.habits.cells import choice, money, positive
from salyq.sources.readers.own.asset_values import NOT_FILLED

if TYPE_CHECKING:
    from salyq.sources.tables.cells import Cells

_KINDS = ("official", "market", "year_mean")


class ExchangeRateRows:
    """Rows of an exchange_rates file. Without a quantity a rate is for one unit, without a kind official; said once."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        date_text, currency, rate, quantity, origin, kind, _, _ = cells
        if not rate:
            return NOT_FILLED
        day = self.book.day(date_text)
        for column, text, default in (("quantity", quantity, "1"), ("kind", kind, "official")):
            if not text:
                self.book.notice(line, "notice_default", column=column, default=default)
        self.book.reading.exchange_rates.append(
            ExchangeRate(
                day=day,
                currency=self.book.code(currency, "currency"),
                rate=money(rate, "rate", "KZT", positive),
                quantity=positive(quantity, "quantity") if quantity else UNIT,
                origin=origin,
                kind=choice(kind or "official", "kind", _KINDS),
                source=self.book.source(line),
            )
        )
        return True

    def many(self, lines: Sequence[int], columns: Sequence[Cells | None], one: Callable[[int], None]) -> int:
        from salyq.sources.readers.own.quote_columns import Columns, QuoteColumns

        dates, currencies, rates = there(*columns[:3])
        quantities, origins, kinds = columns[3:6]
        own = QuoteColumns(self.book, lines)
        told: Columns = (own.days(dates), own.codes(currencies, "currency"), own.positive(rates), own.units(quantities))
        told = (*told, own.origins(origins), own.kinds(kinds, _KINDS))
        return own.put(self.book.reading.exchange_rates, ExchangeRate, told, one)

    def finish(self) -> None:
        """Rows stand alone."""


FORMAT = Format(
    "exchange_rates",
    own_columns("date currency rate", "quantity source kind needed_for published"),
    ExchangeRateRows,
    tells=Tells.OWN,
    yields=yields(Yields.QUOTES),
    venue="Salyq",
    page="docs/guide.md",
)
