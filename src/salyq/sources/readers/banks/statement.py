"""The statement that Kazakhstan's banks make as a workbook, in the form of financial monitoring.

Дата и время операции, Валюта операции, Виды операции (категория документа), [Наименование СДП,] Сумма | Сумма в валюте
ее проведения [по кредиту | по дебету], [Сумма в тенге,] Наименование/ФИО плательщика, ИИН/БИН плательщика, …, the same
of получателя, [Код назначения платежа,] Назначение платежа. Where the title has two lines, the parties stand under
Плательщик and Получатель. Money makes no lot: a row can prove what an order was paid with, and nothing else.
"""

from __future__ import annotations

import re

from salyq.civil.days import zone
from salyq.records.model import BankRow
from salyq.records.reading import Rule, Tells, Yields
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, RowError, yields
from salyq.sources.habits.amounts import amount, optional_amount
from salyq.sources.habits.clock import clock
from salyq.sources.habits.rules import COLUMN_NUMBERS, FOOTER, REPEATED_HEADER, TOTAL, ZERO

_HAS_TIME = re.compile(r"\d{1,2}:\d{2}", re.ASCII)
_TITLES = re.compile(r"наименование|фио|иин|бин|резидентство|банк|номер счета", re.IGNORECASE)
_TOTALS = ("итого", "всего", "жиыны", "барлығы", "оборот", "остаток")


class StatementRows:
    """Rows of a statement: tenge that came or went."""

    def __init__(self, book: Book, _facts: Facts) -> None:
        self.book = book
        self.parse = clock(zone())

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        when, currency, _kind, total, credit, debit, tenge, payer, payer_id, receiver, receiver_id, purpose = cells
        aside = self.aside(cells)
        if aside is not None:
            return aside
        time, day = self.book.venue_time(when, self.parse, "Дата и время операции")
        came, went = optional_amount(credit, "по кредиту"), optional_amount(debit, "по дебету")
        code = self.book.code(currency, "Валюта операции") if currency else "KZT"
        paid = tenge if tenge.strip("- ") else total if code in ("KZT", "398") else ""
        if not paid and code in ("KZT", "398"):
            paid = credit if came else debit
        if not paid:
            raise RowError("Сумма в тенге", None, "row_cell_missing", column="Сумма в тенге")
        quantity = abs(amount(paid, "Сумма в тенге"))
        if not quantity:
            return ZERO
        way = 0 if bool(came) == bool(went) else 1 if came else -1
        self.book.reading.bank.append(
            BankRow(
                time,
                day,
                _HAS_TIME.search(when[:40]) is None,
                way,
                quantity,
                _party(payer_id, payer),
                _party(receiver_id, receiver),
                purpose or None,
                self.book.source(line),
            )
        )
        return True

    def aside(self, cells: tuple[str, ...]) -> Rule | None:
        """What is no row of the table: the second line of its title, the numbers of its columns, totals, signatures."""
        filled = [cell for cell in cells if cell]
        if all(cell.isdigit() and len(cell) <= 2 for cell in filled):
            return COLUMN_NUMBERS
        if any(cell.casefold().startswith(_TOTALS) for cell in filled[:2]):
            return TOTAL
        if not cells[0]:
            return REPEATED_HEADER if any(_TITLES.match(cell) for cell in filled) else FOOTER
        return FOOTER if len(filled) == 1 and not cells[0][:1].isdigit() else None

    def finish(self) -> None:
        """Rows stand alone; sources/proofs.py says what they prove."""


def _party(number: str, name: str) -> str:
    """Who it is: the IIN or BIN, else the name."""
    digits = "".join(c for c in number if c.isdigit())
    return digits if len(digits) == 12 else " ".join(name.casefold().split())


def _title(words: str, more: str = "") -> str:
    """A pattern of a title: any blanks between its words."""
    return r"\s*" + r"\s+".join(re.escape(word) for word in words.split()) + more + r"\s*"


_SUM = r"Сумма\s+в\s+валюте\s+е[её]\s+проведения"
FORMAT = Format(
    "bank_statement",
    (
        Column("Дата и время операции", pattern=_title("Дата и время операции")),
        Column("Валюта операции", pattern=_title("Валюта операции")),
        Column("Виды операции", pattern=_title("Виды операции", r"[\s\S]{0,60}")),
        Column("Сумма", pattern=rf"\s*(Сумма|{_SUM})\s*", required=False),
        Column("по кредиту", pattern=rf"\s*({_SUM}|Сумма)\s+по\s+кредиту\s*", required=False),
        Column("по дебету", pattern=rf"\s*({_SUM}|Сумма)\s+по\s+дебету\s*", required=False),
        Column("Сумма в тенге", pattern=_title("Сумма в тенге"), required=False),
        Column("Плательщик", pattern=r"\s*(Наименование/ФИО\s+плательщика|Плательщик)\s*", required=False),
        Column("ИИН/БИН плательщика", pattern=_title("ИИН/БИН плательщика"), required=False),
        Column("Получатель", pattern=r"\s*(Наименование/ФИО\s+получателя|Получатель)\s*", required=False),
        Column("ИИН/БИН получателя", pattern=_title("ИИН/БИН получателя"), required=False),
        Column("Назначение платежа", pattern=_title("Назначение платежа"), required=False),
    ),
    StatementRows,
    tells=Tells.FILLS,
    yields=yields(Yields.PROOFS),
    venue="Kazakhstan's banks",
    page="docs/sources/bank-statement.md",
)
