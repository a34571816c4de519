"""What a lot cost a company, and what it received free: old code 242, new code 326.3."""

from __future__ import annotations

from salyq.law.amounts import in_tenge, in_tiyn_units
from salyq.law.facts import Acquisition
from salyq.rulebook.nodes import (
    Amount,
    Count,
    Day,
    Flag,
    Money,
    Rate,
    Rows,
    Text,
    Worth,
    bounded,
    lift,
    lookup,
    rounded,
    unknown,
    when,
    worth,
)
from salyq.rulebook.rules import figure, rule

FREE = ("staked", "airdrop", "fork", "interest", "gift_in", "inherited")


# ---- cost of a lot -------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:326.3", per="acquisition", date="law_day", since="2026-01-01")
@rule(cite="tax-code-2017:242", per="acquisition", date="law_day", since="2018-01-01")
def company_cost(
    pool: Flag,
    kind: Text,
    value: Worth,
    documented: Flag,
    received_worth: Worth,
    purchase_fee: Worth,
    earned_value: Money,
) -> Worth:
    """Actual purchase costs, the fee of the purchase in them (semantics 10); value taken to income if free, earned."""
    both = worth(received_worth.amount + purchase_fee.amount, received_worth.currency)
    bought = when(purchase_fee.currency == received_worth.currency, both, received_worth)
    known = when(kind == "transfer_in", unknown("missing_acquisition", unit="worth"), bought)
    nothing = worth(lift(0, "amount"), "KZT")
    earned = worth(in_tiyn_units(earned_value), "KZT")
    own = when(kind == "earned", earned, when((kind == "mined") | ~documented, nothing, known))
    return when(pool, value, own)


@rule(cite="salyq:company-rate", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="reconstruction")
def purchase_day_rate(company_cost: Worth, day: Day, stale_days: Count) -> Rate:
    """A company's cost at the market rate of its own day (semantics 7)."""
    working = lookup("last_working_day", day, unit="day")
    return lookup("market_rate", company_cost.currency, working, stale_days, unit="rate")


@rule(cite="salyq:company-rate", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="reconstruction")
def foreign_fee_tenge(company_cost: Worth, purchase_fee: Worth, day: Day, stale_days: Count) -> Money:
    """The fee of a purchase in another currency than its price; part of the cost all the same."""
    working = lookup("last_working_day", day, unit="day")
    rate = lookup("market_rate", purchase_fee.currency, working, stale_days, unit="rate")
    apart = (purchase_fee.amount > 0) & (purchase_fee.currency != company_cost.currency)
    return when(apart, rounded(purchase_fee.amount * rate), lift(0, "KZT"))


@rule(
    cite="salyq:company-rate", by="salyq", per="acquisition", date="law_day", since="2018-01-01", basis="reconstruction"
)
def company_cost_tenge(
    pool: Flag, company_cost: Worth, purchase_day_rate: Rate, foreign_fee_tenge: Money, pool_tenge: Amount
) -> Money:
    """The whole cost of a lot in tenge."""
    own = in_tenge(company_cost.amount, company_cost.currency, purchase_day_rate) + foreign_fee_tenge
    return when(pool, rounded(pool_tenge * lift(1, "rate")), own)


@rule(cite="tax-code-2025:326.3", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:226", per="acquisition", date="day", since="2009-01-01")
def free_receipt_income(received_worth: Worth, day: Day, stale_days: Count) -> Money:
    """What is received free is income at its value, and that value is its cost (semantics 11)."""
    working = lookup("last_working_day", day, unit="day")
    return rounded(
        received_worth.amount * lookup("market_rate", received_worth.currency, working, stale_days, unit="rate")
    )


# ---- received for services -----------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:325.3", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.3", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def earned_value(operator: Flag, distributed_value: Money, free_receipt_income: Money) -> Money:
    """A pool's or an exchange's income received in digital assets, at the official value; another company's at its
    worth."""
    return bounded(when(operator, distributed_value, free_receipt_income), lift(0, "KZT"), None)


@rule(cite="tax-code-2017:226", per="acquisition", date="day", since="2009-01-01", name="earned_value")
def earned_value_before_april_2023(free_receipt_income: Money) -> Money:
    """General rules: what it is worth."""
    return bounded(free_receipt_income, lift(0, "KZT"), None)


@figure(cite="tax-code-2025:325.3", per="year", since="2026-01-01", quiet=True)
@figure(cite="tax-code-2017:227-1.3", by="law-196-vii", per="year", since="2023-01-01", quiet=True)
@figure(cite="tax-code-2017:226", per="year", since="2018-01-01", quiet=True)
def earned_income(earnings: Rows[Acquisition]) -> Money:
    """Income received in digital assets for services (C-P1, C-P2)."""
    return earnings.sum(lambda r: r.earned_value)


@figure(cite="tax-code-2025:326.3", per="year", since="2026-01-01", quiet=True)
@figure(cite="tax-code-2017:226", per="year", since="2018-01-01", quiet=True)
def free_receipts(receipts: Rows[Acquisition]) -> Money:
    return receipts.where(lambda r: r.kind.isin(*FREE)).sum(lambda r: r.free_receipt_income)
