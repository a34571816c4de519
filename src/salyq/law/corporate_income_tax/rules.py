"""Corporate income tax of companies that mine or trade: who is covered, mining income, base and tax.

Old code 227-1, 241, 264, 313; new code 255, 325-327, 357.
"""

from __future__ import annotations

from salyq.law.facts import Acquisition
from salyq.rulebook.nodes import (
    Amount,
    Flag,
    Money,
    Ratio,
    Rows,
    Text,
    bounded,
    floor0,
    lift,
    rounded,
    stated_or_zero,
    unknown,
    when,
)
from salyq.rulebook.rules import figure, rule


# ---- who is covered --------------------
@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(person_kind: Text) -> Flag:
    return person_kind.isin("company", "pool", "exchange")


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered(resident: Flag) -> Text:
    """Why this person's tax is not computed; empty where it is."""
    return when(resident, "", "not_covered_non_resident_company")


# ---- mining income -------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:325.1", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.1", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def mined_income(pool_: Flag, pool_tenge: Amount, solo: Flag, distributed_value: Money) -> Money:
    """Income of one distribution; coins found without a pool are in no article (C-M6). In a moving average: of the
    distributions that it is made of."""
    own = when(solo, unknown("mined_without_pool", unit="KZT"), distributed_value)
    return bounded(when(pool_, rounded(pool_tenge * lift(1, "rate")), own), lift(0, "KZT"), None)


@rule(cite="tax-code-2017:226", per="acquisition", date="day", since="2009-01-01", name="mined_income")
def mined_income_before_april_2023() -> Money:
    """No income on receipt under general rules: the proceeds are income later (semantics 13)."""
    return lift(0, "KZT")


@rule(cite="tax-code-2025:325.1", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.1", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def taxed_when_mined(kind: Text) -> Flag:
    """Was the coin's value taken to income on distribution?"""
    return kind == "mined"


@rule(cite="tax-code-2017:226", per="acquisition", date="day", since="2009-01-01", name="taxed_when_mined")
def not_taxed_when_mined() -> Flag:
    return lift(False, "flag")


@figure(cite="tax-code-2025:325.1", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:227-1.1", by="law-196-vii", per="year", since="2023-01-01")
@figure(cite="tax-code-2017:226", per="year", since="2018-01-01")
def mining_income(payouts: Rows[Acquisition]) -> Money:
    """Σ quantity distributed × official value of its day; the pool's commission is not the miner's income."""
    return payouts.sum(lambda p: p.mined_income)


@rule(cite="salyq:lot-order", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="convention")
def lot_class(taxed_when_mined: Flag, mined_before_2026_code: Flag) -> Text:
    """Coins that law treats alike share a moving average; unlike ones never do."""
    return when(taxed_when_mined, when(mined_before_2026_code, "mined_to_2025", "mined_from_2026"), "")


# ---- base and tax --------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:357", per="year", since="2026-01-01")
@rule(cite="tax-code-2017:313.1", per="year", since="2018-01-01")
def net_income(
    mining_income: Money,
    trading_income: Money,
    denied_purchase_costs: Money,
    free_receipts: Money,
    earned_income: Money,
    derivative_income: Money,
    other_income: Money,
    allowed_expenses: Money,
) -> Money:
    income = (
        mining_income
        + trading_income
        + denied_purchase_costs
        + free_receipts
        + earned_income
        + derivative_income
        + stated_or_zero(other_income)
    )
    return income - allowed_expenses


@figure(cite="tax-code-2025:339", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:300.1", per="year", since="2018-01-01")
def taxable_income(net_income: Money, business_losses_usable: Money) -> Money:
    return bounded(floor0(net_income - business_losses_usable), lift(0, "KZT"), None)


@rule(cite="tax-code-2025:392", per="year", since="2026-01-01")
@rule(cite="salyq:proprietor", by="salyq", per="year", since="2018-01-01", basis="reconstruction")
def proprietor_income(taxable_income: Money) -> Money:
    """A sole proprietor under the general regime: as a company (SP5; before 2026 no article was read, by analogy)."""
    return taxable_income


@figure(cite="tax-code-2025:357.2.5", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:313.1", per="year", since="2018-01-01")
def tax(taxable_income: Money, rate: Ratio) -> Money:
    return rounded(taxable_income * rate)
