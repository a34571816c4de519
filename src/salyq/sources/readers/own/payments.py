"""Our own `payments` CSV (interfaces §3): taxes and fees paid, for late interest. Amounts are tenge."""

from __future__ import annotations

from salyq.records.model import Payment
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, RowError, own_columns, yields
from salyq.sources.habits.cells import flag, money, positive
from salyq.sources.habits.periods import period_of
from salyq.sources.habits.words import choices, meant


class PaymentRows:
    """Rows of a payments file."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        date_text, name, period, amount_text, additional = cells
        day = self.book.day(date_text)
        if not name:
            raise RowError("name", None, "row_cell_missing", column="name")
        told = period_of(period)
        if told is None:
            raise RowError("period", period or None, "row_bad_period")
        amount = self.book.tenge(money(amount_text, "amount", "KZT", positive), line)
        extra = bool(additional) and bool(flag(additional, "additional"))
        tax = meant(name, "name", choices("name")) or name
        self.book.reading.payments.append(Payment(day, tax, told, amount, extra, self.book.source(line)))
        return True

    def finish(self) -> None:
        """Rows stand alone."""


FORMAT = Format(
    "payments",
    own_columns("date name period amount", "additional"),
    PaymentRows,
    tells=Tells.OWN,
    yields=yields(Yields.PAYMENTS),
    venue="Salyq",
    page="docs/guide.md",
)
