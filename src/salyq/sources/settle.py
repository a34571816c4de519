"""The last word on currencies, which needs the whole case (semantics 22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol, TypeVar

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.model import Source
from salyq.records.person import Person
from salyq.records.reading import Reading, Rejection


class _Row(Protocol):
    @property
    def source(self) -> Source: ...
    @property
    def day(self) -> date: ...
    @property
    def currency(self) -> str | None: ...


R = TypeVar("R", bound=_Row)
Place = tuple[str, int]


def settle_currencies(reading: Reading, person: Person) -> None:
    """Reject rows whose currency is not ISO 4217, no stablecoin of `person`, and no asset of the case's records or
    quotes. Their file reports move them from used to rejected, with the rows that went into the same record; call
    once, before reconciling."""
    assets = {r.asset for r in reading.records} | {p.asset for p in reading.payouts}
    assets |= {v.asset for v in reading.asset_values} | set(person.stablecoins)
    good: dict[str | None, bool] = {None: True}

    def known(code: str | None) -> bool:
        if code not in good:
            good[code] = code is None or is_currency(code) or code in assets
        return good[code]

    bad: dict[Place, _Row] = {}
    for rows in (reading.records, reading.expenses, reading.asset_values, reading.exchange_rates):
        bad |= {_place(row): row for row in rows if not known(row.currency)}
    if not bad:
        return
    reports = {report.file: report for report in reading.files}
    for (file, line), row in bad.items():
        report = reports[file]
        lines = [line, *report.joined.pop(line, ())]
        report.used -= len(lines)
        places = [row.source._replace(line=n) for n in lines]
        why, days = Message("row_unknown_currency"), (row.day, row.day)
        report.rejected += [Rejection(place, "currency", row.currency, why, days) for place in places]
    reading.records = _without(reading.records, bad)
    reading.expenses = _without(reading.expenses, bad)
    reading.asset_values = _without(reading.asset_values, bad)
    reading.exchange_rates = _without(reading.exchange_rates, bad)


def _place(row: _Row) -> Place:
    return row.source.file, row.source.line


def _without(rows: list[R], bad: Mapping[Place, object]) -> list[R]:
    """A row that says two things says neither, where one of them cannot be."""
    return [row for row in rows if _place(row) not in bad]
