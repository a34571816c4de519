"""The neutral rows between import and everything else (interfaces §3).

Units: `quantity` and amounts are whole numbers of 10⁻¹⁸ (of the asset or currency), so decimal(38,18) is exact;
energy is in 10⁻¹⁸ kWh. Times are aware and in UTC; `day` is the day in Kazakhstan. An empty cell is `None`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

UNIT = 10**18  # one whole coin, currency unit or kWh
PROOFS = ("purchase", "deed", "certificate", "valuer_report", "agent_statement", "declaration", "none")
PURPOSES = ("goods", "services", "property", "registrable_property")


class Source(NamedTuple):
    """Where a row stands: file as given by the user (relative to the case), physical line, SHA-256 of the file.

    Line 0 is the file as a whole. `origin` is what the row itself says of where it came from (column `source` of a
    records file that Salyq wrote from another file): `reader!sha256:line:file`, else empty. `answer` is the place of
    the person's answer that the record rests on too (`answers.toml:12`), else empty.
    """

    file: str
    line: int
    sha256: str = ""
    origin: str = ""
    answer: str = ""

    @property
    def place(self) -> str:
        """`file:line`, without the answer."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.place} ({self.answer})" if self.answer and self.answer != self.place else self.place


class Record(NamedTuple):
    """One event. `kind` is one of records.kinds.KINDS; direction comes from it. Fields: interfaces §3."""

    time: datetime
    day: date
    kind: str
    asset: str
    quantity: int
    value: int | None = None
    currency: str | None = None
    fee: int | None = None
    fee_asset: str | None = None
    account: str = ""
    counterparty: str | None = None
    group: str | None = None
    id: str | None = None
    note: str | None = None
    document: str | None = None
    lot: str | None = None
    hash: str | None = None
    proof: str | None = None  # one of PROOFS; absent: told by `document`
    purpose: str | None = None  # of a spend: one of PURPOSES
    abroad: bool | None = None  # handed over or received outside Kazakhstan; absent: as the account says
    capital_paid: int | None = None  # of a contribution made: the charter capital that it pays, in `currency`
    source: Source = Source("", 0)


class EnergyReading(NamedTuple):
    """Power used over [start, end). `by_days`: both ends were given as bare dates (then a day counts 24 hours)."""

    start: datetime
    end: datetime
    by_days: bool
    kwh: int | None
    meter: str | None
    meter_state: str  # ok | missing | faulty
    own_plant: bool
    renewable: bool
    grid_connected: bool
    price_per_kwh: int | None
    max_power_kw: int | None
    site: str | None
    hosted: bool
    source: Source


class Payout(NamedTuple):
    """What a pool distributed; `quantity` is net of `commission` (both in `asset`)."""

    day: date
    asset: str
    quantity: int
    pool: str | None
    pool_bin: str | None
    commission: int | None
    wallet: str | None
    licence: str | None
    source: Source


class Expense(NamedTuple):
    day: date
    category: str
    amount: int
    currency: str
    document: str | None
    note: str | None
    activity: str | None  # mining | other | None (by licence on the day)
    source: Source


class Payment(NamedTuple):
    day: date
    name: str
    period: str
    amount: int  # KZT
    additional: bool  # income tax from an additional return filed before 1 September of the next year
    source: Source  # the last of every row: what stands before it is what the row says


class AssetValue(NamedTuple):
    """A quote of one unit of `asset` in `currency`. For `day_average` the day is the day averaged."""

    day: date
    asset: str
    value: int
    currency: str
    origin: str
    kind: str  # official | day_average | market
    source: Source


class ExchangeRate(NamedTuple):
    """`rate` tenge for `quantity` units of `currency`. For `year_mean` the day is any day of the year."""

    day: date
    currency: str
    rate: int
    quantity: int
    origin: str
    kind: str  # official | market | year_mean
    source: Source


class BaseRate(NamedTuple):
    """The base rate from `day` on: 10⁻¹⁸ of a percent a year, with where it was read."""

    day: date
    rate: int
    origin: str
    source: Source


class BankRow(NamedTuple):
    """Tenge (10⁻¹⁸) that a bank booked: `way` 1 received, -1 paid, 0 where the row does not say. `whole_day`: no time
    of day was given. `payer`, `receiver`: an IIN or BIN, else a name in small letters."""

    time: datetime
    day: date
    whole_day: bool
    way: int
    quantity: int
    payer: str
    receiver: str
    purpose: str | None
    source: Source


class Balance(NamedTuple):
    """What an export says is held in `account` after the row at `source`: 10⁻¹⁸ of `asset`. Only where the figure
    counts every movement of the account that the records tell (no sub-accounts)."""

    time: datetime
    account: str
    asset: str
    quantity: int
    source: Source
