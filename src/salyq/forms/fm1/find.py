"""Which operations must be reported: law is asked about each (financial monitoring); no threshold stands here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

from salyq.civil.days import kz_day
from salyq.civil.errors import InputError, UsageError
from salyq.forms.fm1.rows import Operation, Subject, operations
from salyq.law.asked.asking import ask_act, whole_law
from salyq.law.named import THRESHOLD_REPORT, THRESHOLD_RESEND, THRESHOLDS


class Reportable(NamedTuple):
    """An operation that law wants reported, by when, and by which articles."""

    operation: Operation
    day: date
    due: str
    cites: tuple[str, ...]


def reportable(path: Path, subject: Subject) -> Iterator[Reportable]:
    """The operations of a file that must be reported, in the order of the file."""
    for operation in operations(path):
        day = kz_day(operation.at)
        if Fraction(operation.cells["amount_kzt"]) < _least(day):
            continue
        facts = {
            "asset_kind": operation.cells["asset_kind"],
            "amount_kzt": operation.cells["amount_kzt"],
            "provider": subject.provider,
            "at": operation.at.isoformat(),
        }
        try:
            duty = ask_act("transfer", facts).duty(THRESHOLD_REPORT)
        except UsageError as error:
            raise InputError(
                error.message, file=str(path), line=operation.line, column=error.column, value=error.value
            ) from None
        if duty is not None:
            yield Reportable(operation, day, duty.due or "", tuple(duty.cites))


def resend_by(rejected: date, provider: str) -> str:
    """The day by which a rejected message must be sent again, "" where law does not say."""
    duty = ask_act("answer_afm", {"rejected": rejected.isoformat(), "provider": provider}).duty(THRESHOLD_RESEND)
    return "" if duty is None else duty.due or ""


@cache
def _least(day: date) -> Fraction:
    """The least threshold of any kind on a day: below it law need not be asked one by one."""
    found = []
    for name, series in whole_law().series.items():
        if name.startswith(THRESHOLDS) and series.unit == "KZT":
            own = [v for v in series.values if v.start <= day and (v.until is None or day <= v.until)]
            found += [Fraction(v.data, 100) if isinstance(v.data, int) else Fraction(0) for v in own]
    return min(found, default=Fraction(0))
