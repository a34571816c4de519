"""Corporate income tax of companies that mine or trade: who is covered, mining income, base and tax.

Old code 227-1, 241, 264, 313; new code 255, 325-327, 357.
"""

from __future__ import annotations

from salyq.law.facts import Acquisition
from salyq.rulebook.nodes import (
    Amount,
    Election,
    Flag,
    Money,
    Ratio,
    Rows,
    Text,
    bounded,
    choose,
    doubt,
    floor0,
    given,
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


@rule(cite="tax-code-2025:357", per="year", since="2026-01-01")
def taxed_here(resident: Flag, permanent_establishment: Flag) -> Flag:
    """A resident, or a legal entity of abroad through a permanent establishment."""
    return resident | (given(permanent_establishment) & permanent_establishment)


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention", name="taxed_here")
def resident_taxed_here(resident: Flag) -> Flag:
    """To 2025 no article on permanent establishments was read."""
    return resident


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered(taxed_here: Flag) -> Text:
    """Why this person's tax is not computed; empty where it is."""
    return when(taxed_here, "", "not_covered_non_resident_company")


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
    aifc_exempt_income: Money,
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
    return income - allowed_expenses - aifc_exempt_income


@rule(cite="aifc-law:6", per="year", since="2018-01-01", until="2065-12-31", until_by="aifc-law",
      basis="reconstruction")  # fmt: skip
def aifc_exempt_income(aifc_exemption: Election, aifc_permit: Flag, aifc_services_income: Money) -> Money:
    """Income of an AIFC participant from listed financial services, where the exemption is chosen (A1, to 1 January
    2066): the joint list was not read, so by default there is none. It concerns whoever states such income or has a
    permit of the AIFC."""
    none = lift(0, "KZT")
    concerns = aifc_permit | given(aifc_services_income)
    return choose(aifc_exemption, none=none, exempt=when(concerns, bounded(aifc_services_income, None, none), none))


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


@figure(cite="tax-code-2025:357", per="year", since="2026-01-01", quiet=True)
def branch_profit_tax(resident: Flag, taxable_income: Money, tax: Money, branch_profit_rate: Ratio) -> Money:
    """Beside the tax, of a legal entity of abroad: on the profit of its branch. Whether the tax itself leaves that
    profit was not read: between the two."""
    after, before = rounded((taxable_income - tax) * branch_profit_rate), rounded(taxable_income * branch_profit_rate)
    ends = doubt("branch_profit_not_read", after, before)
    return when(resident | (taxable_income == 0), lift(0, "KZT"), bounded(ends, lift(0, "KZT"), None))
