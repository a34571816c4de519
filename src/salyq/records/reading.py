"""What reading a set of files yields: neutral rows, and an account of every input row (architecture §5.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from salyq.civil.messages import Message
from salyq.records.answers import Answer
from salyq.records.model import (
    AssetValue,
    Balance,
    EnergyReading,
    ExchangeRate,
    Expense,
    Payment,
    Payout,
    Record,
    Source,
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that could not be used. `year` (of Kazakhstan) is None where the row's own day could not be read."""

    source: Source
    column: str | None
    value: str | None
    reason: Message
    year: int | None = None


@dataclass(slots=True)
class FileReport:
    """One input file: rows read = used + ignored (by named rule) + rejected. `event` is false for price files.

    `joined`: physical line a record names as its source -> further rows of the file that went into that record.
    """

    file: str
    reader: str
    sha256: str
    event: bool = True
    read: int = 0
    used: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    joined: Counter[int] = field(default_factory=Counter)

    def balanced(self) -> bool:
        return self.read == self.used + sum(self.ignored.values()) + len(self.rejected)


@dataclass(slots=True)
class Reading:
    """All rows of a case before reconciliation, with reports and notices. Notices are (source, message).

    `balances`: running balances as exports show them; `answers`: what the person answered (answers.toml).
    """

    records: list[Record] = field(default_factory=list)
    energy: list[EnergyReading] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    expenses: list[Expense] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    asset_values: list[AssetValue] = field(default_factory=list)
    exchange_rates: list[ExchangeRate] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    files: list[FileReport] = field(default_factory=list)
    notices: list[tuple[Source | None, Message]] = field(default_factory=list)
