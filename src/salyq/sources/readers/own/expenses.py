"""Our own `expenses` CSV (interfaces §3)."""

from __future__ import annotations

from salyq.records.model import Expense
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, own_columns, yields
from salyq.sources.habits.cells import choice, money, not_negative

CATEGORIES = (
    "electricity",
    "hosting",
    "payroll",
    "depreciation",
    "pool_service",
    "equipment",
    "rent",
    "mining_fee",
    "tax",
    "other",
)
ACTIVITIES = ("mining", "other")


class ExpenseRows:
    """Rows of an expenses file. Without a currency an amount is in tenge, said once."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        date_text, category, amount_text, currency_text, document, note, activity = cells
        day = self.book.day(date_text)
        category = choice(category, "category", CATEGORIES)
        currency = self.book.code(currency_text, "currency") if currency_text else "KZT"
        amount = money(amount_text, "amount", currency, not_negative)
        if not currency_text:
            self.book.notice(line, "notice_default", column="currency", default=currency)
        self.book.reading.expenses.append(
            Expense(
                day=day,
                category=category,
                amount=self.book.tenge(amount, line) if currency == "KZT" else amount,
                currency=currency,
                document=document or None,
                note=note or None,
                activity=choice(activity, "activity", ACTIVITIES) if activity else None,
                source=self.book.source(line),
            )
        )
        return True

    def finish(self) -> None:
        """Rows stand alone."""


FORMAT = Format(
    "expenses",
    own_columns("date category amount", "currency document note activity"),
    ExpenseRows,
    tells=Tells.OWN,
    yields=yields(Yields.EXPENSES),
    venue="Salyq",
    page="docs/guide.md",
)
