"""The last word on currencies, which needs the whole case (semantics 22)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol, TypeVar

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.records.model import Source
from salyq.records.person import Person
from salyq.records.reading import FileReport, Reading, Rejection


class _Row(Protocol):
    @property
    def source(self) -> Source: ...
    @property
    def day(self) -> date: ...


R = TypeVar("R", bound=_Row)


def settle_currencies(reading: Reading, person: Person) -> None:
    """Reject rows whose currency is not ISO 4217, no stablecoin of `person`, and no asset of the case's records or
    quotes. Their file reports move them from used to rejected; call once, before reconciling."""
    assets = {r.asset for r in reading.records} | {p.asset for p in reading.payouts}
    assets |= {v.asset for v in reading.asset_values} | set(person.stablecoins)
    good: dict[str | None, bool] = {None: True}

    def known(code: str | None) -> bool:
        if code not in good:
            good[code] = code is None or is_currency(code) or code in assets
        return good[code]

    reports = {report.file: report for report in reading.files}
    reading.records = _keep(reading.records, lambda r: r.currency, known, reports)
    reading.expenses = _keep(reading.expenses, lambda e: e.currency, known, reports)
    reading.asset_values = _keep(reading.asset_values, lambda v: v.currency, known, reports)
    reading.exchange_rates = _keep(reading.exchange_rates, lambda x: x.currency, known, reports)


def _keep(
    rows: Iterable[R],
    currency: Callable[[R], str | None],
    known: Callable[[str | None], bool],
    reports: dict[str, FileReport],
) -> list[R]:
    kept = []
    for row in rows:
        code = currency(row)
        if known(code):
            kept.append(row)
            continue
        reason = Message("row_unknown_currency")
        report = reports[row.source.file]
        report.used -= 1
        report.rejected.append(Rejection(row.source, "currency", code, reason, (row.day, row.day)))
    return kept
