"""The columns of law's rows for one case (law/facts.py says what each means)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

Worth = Any  # (amount, currency), Unknown, or None where nothing was stated


@dataclass(slots=True)
class AcquisitionRow:
    kind: str
    day: date
    asset: str
    quantity: int
    value: Worth
    value_is_money: bool
    pool: bool = False
    counter_asset: str = ""
    counter_quantity: int | None = None
    peg: str = ""
    counter_peg: str = ""
    documented: bool = True
    taxed_earlier: bool = False
    registered_miner: bool = False
    from_exchange: bool = False
    abroad: bool = False
    resident: bool = True
    operator: bool = False
    valuer_report: bool = False
    low_tax_source: bool = False
    solo: bool = False
    purchase_fee: Worth = (0, "KZT")
    pool_tenge: Any = 0


@dataclass(slots=True)
class SaleRow:
    kind: str
    day: date
    asset: str
    quantity: int
    value: Worth
    value_is_money: bool
    counter_asset: str
    counter_quantity: int | None
    peg: str
    counter_peg: str
    foreign_account: bool
    account_stated: bool
    low_tax_account: bool
    aifc_exchange: bool
    resident: bool
    purpose: str
    abroad: bool
    capital_paid: Worth = None


@dataclass(slots=True)
class MatchRow:
    day: date
    x0: int
    x1: int
    y0: int
    y1: int
    found: bool
    mined_this_year: bool


@dataclass(slots=True)
class DisposalRow:
    day: date
    asset: str
    quantity: int


@dataclass(slots=True)
class ReadingRow:
    day: date
    energy: int | None
    metered: bool
    hours_at_full_power: int | None
    own_plant: bool
    renewable: bool
    grid_connected: bool
    price_per_kwh: int | None
    licensed: bool
    hosted: bool


@dataclass(slots=True)
class ExpenseRow:
    day: date
    category: str
    worth: Worth
    mining: bool
    april_to_december: bool


@dataclass(slots=True)
class MoneyRow:
    """A fee of a sale: money of a day."""

    day: date
    worth: Worth


@dataclass(slots=True)
class DerivativeRow:
    """The result of a closed derivative: money, or so much of an asset."""

    day: date
    worth: Worth
    in_money: bool
    asset: str
    settled: int
    resident: bool


@dataclass(slots=True)
class LossRow:
    """A loss brought from an earlier year; `age` in years."""

    year: int
    kind: str
    amount: int
    age: int


@dataclass(slots=True)
class HalfRow:
    half_end: date
    regime: str
    subtype_i: bool
    mines_in_half: bool


@dataclass(slots=True)
class OverdueRow:
    day: date
    arrears: int
    days: int
    tax: str
    stated_rate: Any = None
    additional: bool = False


@dataclass(slots=True)
class QuarterRow:
    quarter_end: date
    hosting_turnover: int = 0
    money_turnover: int = 0
    simplified: bool = False
