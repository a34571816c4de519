"""Own tables other than records (energy, expenses, payments, payouts, quotes), as a mapping file teaches them.

A row's cells become those of our own format (docs/guide.md), and our own reader does the rest: it says what is wrong in
the words of the table that the person has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from salyq.civil.days import zone
from salyq.civil.numbers import format_scaled
from salyq.records.reading import Rule
from salyq.sources.book import Book
from salyq.sources.format import Facts, Format, Handler, RowError
from salyq.sources.habits.rules import OTHER_STATE, TOTAL
from salyq.sources.habits.small_units import whole_coins
from salyq.sources.habits.time_pattern import month_of, time_parser
from salyq.sources.habits.totals import says_total
from salyq.sources.habits.written_number import written_number
from salyq.sources.mapping.model import RECORDS, Mapping
from salyq.sources.readers.own.asset_values import FORMAT as ASSET_VALUES
from salyq.sources.readers.own.energy import FORMAT as ENERGY
from salyq.sources.readers.own.exchange_rates import FORMAT as EXCHANGE_RATES
from salyq.sources.readers.own.expenses import FORMAT as EXPENSES
from salyq.sources.readers.own.payments import FORMAT as PAYMENTS
from salyq.sources.readers.own.payouts import FORMAT as PAYOUTS

_KWH = re.compile(r"\s*(?:квт[\s·*.\-]*(?:ч|сағ|час\w*)|kwh)\.?\s*$", re.IGNORECASE)


class Shape(NamedTuple):
    """An own table: its format, its fields of days and of numbers, and what a unit beside a number says."""

    form: Format
    days: tuple[str, ...]
    numbers: tuple[str, ...]
    unit_of: dict[str, str]  # number -> the field that its unit fills


SHAPES = {
    "energy": Shape(ENERGY, ("start", "end"), ("kwh", "price_per_kwh", "max_power_kw"), {}),
    "expenses": Shape(EXPENSES, ("date",), ("amount",), {"amount": "currency"}),
    "payments": Shape(PAYMENTS, ("date",), ("amount",), {}),
    "payouts": Shape(PAYOUTS, ("date",), ("quantity", "commission"), {"quantity": "asset", "commission": "asset"}),
    "asset_values": Shape(ASSET_VALUES, ("date",), ("value",), {"value": "currency"}),
    "exchange_rates": Shape(EXCHANGE_RATES, ("date",), ("rate", "quantity"), {}),
}
MONTH = "month"  # instead of the start and the end of a reading


def fields_of(table: str) -> tuple[str, ...]:
    """The fields that a mapping of this table may name."""
    own = tuple([column.name for column in SHAPES[table].form.columns])
    return (*own, MONTH) if table == "energy" else own


def lacking(table: str, has: set[str]) -> str | None:
    """A field that rows of the table cannot do without and that comes from nowhere."""
    if table == "energy" and MONTH in has:
        has = {*has, "start", "end"}
    return next((c.name for c in SHAPES[table].form.columns if c.required and c.name not in has), None)


class TableRows:
    """The row handler of such a mapping."""

    def __init__(self, book: Book, mapping: Mapping, facts: Facts) -> None:
        self.book, self.mapping, self.shape = book, mapping, SHAPES[mapping.table]
        self.inner: Handler = self.shape.form.start(book, facts)
        places = {title: n for n, title in enumerate(mapping.titles())}
        self.places = {name: [places[t] for t in titles] for name, titles in mapping.columns.items()}
        self.only = [(places[t], {w.casefold() for w in words}) for t, words in mapping.only.items()]
        self.parsers: list[tuple[str, Callable[[str], datetime]]] = [
            (pattern, parser) for pattern in mapping.formats if (parser := time_parser(pattern)) is not None
        ]

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        if says_total(cells) and not self.dated(cells):
            return TOTAL
        if any(cells[place].casefold() not in words for place, words in self.only):
            return OTHER_STATE
        said: dict[str, str] = {}
        try:
            for name in fields_of(self.mapping.table):
                text = self.text(name, cells)
                if text:
                    said[name] = self.written(name, text, said)
            if MONTH in said:
                said["start"], said["end"] = month_of(said.pop(MONTH)) or ("", "")
            own = tuple([said.get(column.name, "") for column in self.shape.form.columns])
            return self.inner.row(own, line)
        except RowError as error:
            title = " + ".join(self.mapping.columns.get(error.column or "", (error.column or "",)))
            raise RowError(title or None, error.value, error.message.code, **error.message.params) from None

    def dated(self, cells: tuple[str, ...]) -> bool:
        """Whether a row has a day: one of totals has none."""
        names = (*self.shape.days, MONTH)
        texts = [cells[place] for name in names for place in self.places.get(name, [])]
        return any(any(c.isdigit() for c in text) for text in texts)

    def text(self, name: str, cells: tuple[str, ...]) -> str:
        found = " ".join([cells[place] for place in self.places.get(name, []) if cells[place]])
        return found or self.mapping.always.get(name, "")

    def written(self, name: str, text: str, said: dict[str, str]) -> str:
        """A cell as our own format has it."""
        word = self.mapping.words.get(name, {}).get(text.casefold())
        if word is not None:
            return word
        if name in self.shape.days:
            return self.day(name, text)
        if name == MONTH:
            if month_of(text) is None:
                raise RowError(name, text, "row_bad_month")
            return text
        if name not in self.shape.numbers or text in ("-", "—", "--"):
            return "" if text in ("-", "—", "--") else text
        plain = _KWH.sub("", text) if self.mapping.table == "energy" else text
        number, unit = written_number(plain, name, self.mapping.decimal, self.mapping.thousands)
        number = whole_coins(number, " + ".join(self.mapping.columns.get(name, ())), text)
        field = self.shape.unit_of.get(name)
        if unit and field and said.setdefault(field, unit).upper() != unit:
            raise RowError(name, text, "mapping_other_unit", unit=said[field])
        return format_scaled(number)

    def day(self, name: str, text: str) -> str:
        """A day, or a time with its offset, in ISO 8601."""
        for pattern, parser in self.parsers:
            try:
                moment = parser(text.replace("\u00a0", " "))
            except (ValueError, KeyError, OverflowError):
                continue
            if not 1970 <= moment.year <= 2199:
                break
            if moment.tzinfo is None and not ("H" in pattern or "h" in pattern or (pattern == "iso" and ":" in text)):
                return moment.date().isoformat()
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self.mapping.zone or zone())
            return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if name != "date" else _day(moment)
        raise RowError(name, text, "mapping_time_not_so", formats=", ".join(self.mapping.formats))

    def finish(self) -> None:
        """What our own reader does last."""
        self.inner.finish()


def _day(moment: datetime) -> str:
    return moment.astimezone(zone()).date().isoformat()


def table_format(mapping: Mapping) -> Callable[[Book, Facts], Handler]:
    """What starts the handler of a mapping of an own table other than records."""
    if mapping.table == RECORDS:
        raise ValueError("records have a handler of their own")

    def start(book: Book, facts: Facts) -> Handler:
        return TableRows(book, mapping, facts)

    return start
