"""Our own `base_rates` CSV: the National Bank's base rate from a day on, a percentage a year."""

from __future__ import annotations

from salyq.records.model import UNIT, BaseRate
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, RowError, own_columns, yields
from salyq.sources.habits.cells import positive

_MOST = 100 * UNIT  # per cent a year: above it stands the rate of a currency


class BaseRateRows:
    """Rows of a base_rates file: `rate` as the Bank prints it, 18.00 for 18 %."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        date_text, rate, origin = cells
        day = self.book.day(date_text)
        percent = positive(rate, "rate")
        if percent > _MOST:
            raise RowError("rate", rate, "row_base_rate_too_high")
        self.book.reading.base_rates.append(BaseRate(day, percent, origin, self.book.source(line)))
        return True

    def finish(self) -> None:
        """Rows stand alone."""


FORMAT = Format(
    "base_rates",
    own_columns("date rate source", ""),
    BaseRateRows,
    tells=Tells.OWN,
    yields=yields(Yields.QUOTES),
    venue="Salyq",
    page="docs/guide.md",
)
