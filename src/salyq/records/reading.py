"""What reading a set of files yields: neutral rows, and an account of every input row (architecture §5.1)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import NamedTuple

from salyq.civil.messages import Message, Words
from salyq.records.answers import Answer
from salyq.records.model import (
    AssetValue,
    Balance,
    BankRow,
    BaseRate,
    EnergyReading,
    ExchangeRate,
    Expense,
    Payment,
    Payout,
    Source,
)
from salyq.records.table import Records


class Tells(IntEnum):
    """How fully a table tells an account; where two tell one event, the fuller is believed on fees and times.

    ORDERS: an order a row, the least exact on time. FILLS: deals, receipts or transfers, but not every movement.
    LEDGER: every movement of the account. OWN: what the person writes, in a format of ours."""

    ORDERS = 0
    FILLS = 1
    LEDGER = 2
    OWN = 3


class Yields(StrEnum):
    """What the rows of a table become."""

    RECORDS = "records"
    ENERGY = "energy"
    PAYOUTS = "payouts"
    EXPENSES = "expenses"
    PAYMENTS = "payments"
    QUOTES = "quotes"
    PROOFS = "proofs"  # of what other files tell


class Rule(NamedTuple):
    """A rule by which rows are left out: its stable name, and its words for people."""

    name: str
    words: Words


def rule(name: str, *, kk: str, ru: str, en: str) -> Rule:
    """A rule with its words in three languages."""
    return Rule(name, Words(kk, ru, en))


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that could not be used, and what it could have told of.

    `days`: first and last day (of Kazakhstan); None where its own day could not be read. `assets`: what it could have
    moved; None: any. `way`: "in" or "out" where that is certain, else ""."""

    source: Source
    column: str | None
    value: str | None
    reason: Message
    days: tuple[date, date] | None = None
    assets: frozenset[str] | None = None
    way: str = ""

    @property
    def year(self) -> int | None:
        """The year in which the row begins; None where its day could not be read."""
        return self.days[0].year if self.days else None

    def could_be_in(self, first: date, last: date) -> bool:
        """Whether the row could tell of a day from `first` to `last`."""
        return self.days is None or (self.days[0] <= last and self.days[1] >= first)


@dataclass(slots=True)
class FileReport:
    """One input file: rows read = used + ignored (by named rule) + rejected.

    `tells`, `yields`: what its reader says of such a table; `rules`: the words of the rules in `ignored`.
    `sheet`: its title, where a workbook has several.
    `joined`: physical line a record names as its source -> lines of further rows that went into that record.
    """

    file: str
    reader: str
    sha256: str
    tells: Tells = Tells.OWN
    yields: frozenset[Yields] = frozenset({Yields.RECORDS})
    read: int = 0
    used: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    rules: dict[str, Words] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    joined: dict[int, list[int]] = field(default_factory=dict)
    sheet: str = ""

    @property
    def identity(self) -> str:
        """What makes its rows the same rows again: the content of the file, and which of its sheets."""
        return hashlib.sha256(f"{self.sha256}\0{self.sheet}".encode()).hexdigest() if self.sheet else self.sha256

    @property
    def event(self) -> bool:
        """Whether its rows tell of events; quotes, rates and proofs do not."""
        return not self.yields <= {Yields.QUOTES, Yields.PROOFS}

    @property
    def own(self) -> bool:
        """Whether the person writes it, in a format of ours."""
        return self.tells is Tells.OWN

    def join(self, line: int, others: Iterable[int]) -> None:
        """Rows without a record of their own: they went into the one that names `line`."""
        found = sorted(others)
        if found:
            self.joined.setdefault(line, []).extend(found)

    def ignore(self, by: Rule, rows: int = 1) -> None:
        """Count rows that a rule leaves out."""
        self.ignored[by.name] += rows
        self.rules[by.name] = by.words

    def balanced(self) -> bool:
        return self.read == self.used + sum(self.ignored.values()) + len(self.rejected)


class Unclear(NamedTuple):
    """Legs of one account and second (since 1970) that could not be told apart: signed `changes` by asset (10⁻¹⁸), and
    their rows, which are rejected. A list of the trades may tell them (reconcile/explained.py)."""

    file: str
    account: str
    second: int
    changes: tuple[tuple[str, int], ...]
    lines: tuple[int, ...]


@dataclass(slots=True)
class Reading:
    """All rows of a case before reconciliation, with reports and notices. Notices are (source, message).

    `addresses`: own addresses on chains -> their account (person.address_key). `exchanges`: readers of exchanges.
    `balances`: running balances as exports show them; `answers`: what the person answered (answers.toml).
    `unclear`: rejected legs that a list of trades may tell, and `told_apart` the rows of which it does. `unread`:
    files of the case that may hold events and that nothing reads, each with why. `tells`: reader -> how fully it
    tells an account, for every reader that is known (a records file names them).
    """

    records: Records = field(default_factory=Records)
    energy: list[EnergyReading] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    expenses: list[Expense] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    asset_values: list[AssetValue] = field(default_factory=list)
    exchange_rates: list[ExchangeRate] = field(default_factory=list)
    base_rates: list[BaseRate] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    bank: list[BankRow] = field(default_factory=list)
    exchanges: frozenset[str] = frozenset()
    renamed: list[Answer] = field(default_factory=list)
    addresses: Mapping[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    tells: Mapping[str, Tells] = field(default_factory=dict)
    files: list[FileReport] = field(default_factory=list)
    notices: list[tuple[Source | None, Message]] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
    told_apart: set[tuple[str, int]] = field(default_factory=set)
    unread: list[tuple[Source, Message]] = field(default_factory=list)
