"""What law asks about: the kinds of rows and periods, with their columns and units (architecture §2).

Quantities and amounts are whole 10⁻¹⁸ units, money of the year's facts whole tiyn. The classes give rules their
types; `KINDS` is the same as data, read by the rulebook.
"""

from __future__ import annotations

from typing import NamedTuple

import salyq.law.units  # noqa: F401  (declares the units)
from salyq.rulebook.law import Kind
from salyq.rulebook.nodes import Node, Symbols, lift, lookup, rounded, when, worth

Acquisition = Symbols
Charge = Symbols
Disposal = Symbols
Expense = Symbols
Half = Symbols
Loss = Symbols
Year = Symbols
Derivative = Symbols
Match = Symbols
Overdue = Symbols
Reading = Symbols
Sale = Symbols

YEAR = {
    "person_kind": "text",
    "law_day": "day",  # the last day of the year: picks the version of yearly rules
    "year_over": "flag",
    "resident": "flag",  # on 31 December
    "resident_in_year": "flag",  # on any day of the year
    "residence_known": "flag",
    "regime_stated": "flag",
    "stated_simplified": "flag",  # the simplified declaration on any day of the year
    "aifc_permit": "flag",  # an exchange with the AIFC's permit
    "does_business": "flag",  # of a sole proprietor: mining, coins in the books or expenses under the general regime
    "mines": "flag",  # mined coins up to the end of the year
    "payments_given": "flag",
    "uses_power": "flag",  # meter readings of the year were given
    "holds_at_year_end": "flag",
    "held_at_last_year_end": "flag",
    "employment_income_taxable": "KZT",
    "personal_income_tax_withheld": "KZT",
    "base_deduction": "KZT",
    "social_deduction": "KZT",
    "social_payments": "KZT",
    "employment_income_accrued": "KZT",
    "foreign_tax_paid": "KZT",
    "other_income": "KZT",
    "digital_asset_losses_brought": "KZT",
    "business_losses_brought": "KZT",
    "vat_payer": "flag",
    "large_business": "flag",
    "horizontal_monitoring": "flag",
    "assets_return_filed": "flag",
}
YEAR_ROWS = {
    "disposals": "disposal",
    "sales": "sale",
    "payouts": "acquisition",
    "expenses": "expense",
    "derivatives": "derivative",
    "receipts": "acquisition",
    "fee_disposals": "disposal",
    "selling_fees": "charge",
    "overdue": "overdue",
    "earnings": "acquisition",
    "losses": "loss",
}
QUARTER = {
    "quarter_end": "day",
    "hosting_turnover": "KZT",  # hosting of other people's machines, without VAT
    "money_turnover": "KZT",  # services with digital assets that were paid for in money, without VAT
    "simplified": "flag",  # a sole proprietor's business under the simplified declaration
}
READING = {
    "day": "day",
    "energy": "kWh",  # as metered; absent where the row gives none
    "metered": "flag",
    "hours_at_full_power": "kWh",  # elapsed hours × greatest power, without a working meter
    "own_plant": "flag",
    "renewable": "flag",
    "grid_connected": "flag",
    "price_per_kwh": "amount",
    "licensed": "flag",
    "hosted": "flag",
}
ACQUISITION = {
    "kind": "text",
    "pool": "flag",  # a lot of a moving average: several acquisitions as one
    "day": "day",
    "asset": "text",
    "quantity": "quantity",
    "value": "worth",  # stated on the record, or the pool's cost
    "value_is_money": "flag",
    "counter_asset": "text",  # swaps: what was given for it
    "counter_quantity": "quantity",
    "peg": "text",  # the currency that this asset is pegged to, "" for none
    "counter_peg": "text",
    "documented": "flag",  # false only where the person says document = none
    "taxed_earlier": "flag",
    "registered_miner": "flag",  # the person had a business or a mining licence on that day
    "from_exchange": "flag",
    "abroad": "flag",
    "resident": "flag",  # the person, on that day
    "operator": "flag",  # received by a mining pool or a digital-asset exchange
    "valuer_report": "flag",
    "low_tax_source": "flag",
    "solo": "flag",
    "purchase_fee": "worth",  # a fee in money or a pegged asset; zero where there is none
    "pool_tenge": "amount",  # moving average: what the pool cost, in tenge
}
SALE = {
    "kind": "text",
    "day": "day",
    "asset": "text",
    "quantity": "quantity",
    "value": "worth",
    "value_is_money": "flag",
    "counter_asset": "text",
    "counter_quantity": "quantity",
    "peg": "text",
    "counter_peg": "text",
    "foreign_account": "flag",
    "account_stated": "flag",
    "low_tax_account": "flag",
    "aifc_exchange": "flag",
    "resident": "flag",  # the person, on the day of sale
    "purpose": "text",
    "abroad": "flag",
    "capital_paid": "worth",  # of a contribution: the charter capital that it pays
}
MATCH = {
    "day": "day",
    "mined_this_year": "flag",
    "x0": "quantity",
    "x1": "quantity",
    "y0": "quantity",
    "y1": "quantity",
    "found": "flag",
}
DISPOSAL = {"day": "day", "asset": "text"}
EXPENSE = {"day": "day", "category": "text", "worth": "worth", "mining": "flag", "april_to_december": "flag"}
DERIVATIVE = {
    "day": "day",
    "worth": "worth",
    "in_money": "flag",
    "asset": "text",  # settled in this asset
    "settled": "quantity",  # below zero where it was paid
    "resident": "flag",
}
LOSS = {"year": "count", "kind": "text", "amount": "KZT", "age": "count"}
HALF = {"half_end": "day", "regime": "text", "subtype_i": "flag", "mines_in_half": "flag"}
CHARGE = {"day": "day", "worth": "worth"}
OVERDUE = {
    "day": "day",
    "arrears": "KZT",
    "days": "count",
    "tax": "text",
    "stated_rate": "ratio",  # a base rate that the person gave, with its source
    "additional": "flag",  # income tax from an additional return filed before 1 September of the next year
}


def _kind(
    name: str,
    parent: str | None,
    columns: dict[str, str],
    rows: dict[str, str] | None = None,
    refs: dict[str, str] | None = None,
) -> Kind:
    return Kind(name, parent, columns, rows or {}, refs or {})


KINDS = {
    k.name: k
    for k in (
        _kind("year", None, YEAR, YEAR_ROWS, {"business": "year"}),
        _kind("half", "year", HALF, {"half_payouts": "acquisition", "half_disposals": "disposal"}),
        _kind(
            "quarter",
            "year",
            QUARTER,
            {"readings": "reading", "quarter_sales": "sale", "quarter_earnings": "acquisition"},
        ),
        _kind("reading", "quarter", READING),
        Kind("acquisition", "year", ACQUISITION, {}, {}, earlier=True),
        _kind("sale", "year", SALE, {"all_matches": "match"}),
        _kind("disposal", "year", DISPOSAL, {"matches": "match"}, {"sale": "sale", "first": "match"}),
        _kind("match", "year", MATCH, {}, {"sale": "sale", "lot": "acquisition"}),
        _kind("expense", "year", EXPENSE),
        _kind("derivative", "year", DERIVATIVE),
        _kind("charge", "year", CHARGE),
        Kind("overdue", "year", OVERDUE, {}, {}, daily=True),
        _kind("loss", "year", LOSS),
    )
}


def grain(currency: Node | str) -> Node:
    """The unit in which a whole is divided: a tiyn where the deal was in tenge, else 10⁻¹⁸ (architecture §3)."""
    one, tiyn = lift(1, "count"), lift(10**16, "count")
    return when(lift(currency, "text") == "KZT", tiyn, one)


def in_tenge(amount: Node, currency: Node, rate: Node) -> Node:
    """An amount in whole tiyn; what is in tenge already needs no rate, and then no rule of conversion decides."""
    return when(currency == "KZT", rounded(amount * lift(1, "rate")), rounded(amount * rate))


def as_tenge(amount: Node, price: Node) -> Node:
    """An amount of a currency as a worth in tenge, in whole tiyn."""
    return worth(rounded(amount * price, grain("KZT")), "KZT")


def in_tiyn_units(money: Node) -> Node:
    """Money of law as an amount of tenge beside a currency (10⁻¹⁸ of a tenge)."""
    return rounded(money * lift(1, "price"))


def quoted(quantity: Node, kind: str, asset: Node, day: Node, stale_days: Node | int) -> Node:
    """What a quantity is worth by a quote of a day, in whole units of the quote's currency."""
    price = lookup("quote_price", kind, asset, day, stale_days, unit="price")
    currency = lookup("quote_currency", kind, asset, day, stale_days, unit="text")
    return worth(rounded(quantity * price, grain(currency)), currency)


class Walk(NamedTuple):
    """Which rules lead a person's events through lots to figures."""

    lot_method: str  # election: which lot leaves first
    lot_class: str | None  # acquisitions that a moving average must keep apart
    mined_value: str | None  # value taken to income of a mined coin
    treatment: str  # of each match
    cost: str  # worth of an acquisition
    tenge_cost: str  # the same in tenge


WALKS = {
    "individual": Walk(
        "personal_income_tax.lot_method",
        None,
        None,
        "personal_income_tax.treatment",
        "personal_income_tax.initial_cost",
        "personal_income_tax.lot_tenge",
    ),
    "company": Walk(
        "corporate_income_tax.lot_method",
        "corporate_income_tax.lot_class",
        "corporate_income_tax.mined_income",
        "corporate_income_tax.company_treatment",
        "corporate_income_tax.company_cost",
        "corporate_income_tax.company_cost_tenge",
    ),
}
WALKS["sole_proprietor"] = WALKS["individual"]  # coins outside the books; a business walks as a company
FREE_KINDS = ("staked", "airdrop", "fork", "interest", "gift_in", "inherited")
TAX_SUBJECTS = (
    *("personal_income_tax", "small_business", "corporate_income_tax", "value_added_tax", "mining_fee"),
    "late_interest",
)
