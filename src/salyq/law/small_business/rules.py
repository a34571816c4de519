"""The simplified declaration of a sole proprietor, by half-year: old code 681-688; new code 722-726."""

from __future__ import annotations

from salyq.law.facts import Acquisition, Disposal
from salyq.rulebook.nodes import (
    Flag,
    Money,
    Multiple,
    Ratio,
    Rows,
    Set,
    Text,
    bounded,
    lift,
    rounded,
    unknown,
    when,
)
from salyq.rulebook.rules import figure, finding, rule

MINING = "63113"  # OKED


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(person_kind: Text, stated_simplified: Flag) -> Flag:
    return (person_kind == "sole_proprietor") & stated_simplified


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered(resident: Flag) -> Text:
    return when(resident, "", "not_covered_non_resident_company")


# ---- who may use it ------------------------------------------------------------------------------------------------
@rule(cite="decree-2025-11-14:11", per="half", date="half_end", since="2026-01-01")
def barred(mines_in_half: Flag, barred_activities: Set) -> Flag:
    """Digital mining stands in the Government's list of activities that the simplified regime is closed to."""
    return mines_in_half & lift(MINING, "text").isin(barred_activities)


@rule(cite="tax-code-2017:683.2.3", by="law-196-vii", per="half", date="half_end", since="2024-01-01", name="barred")
def barred_to_2025(subtype_i: Flag) -> Flag:
    """Closed to mining under a licence of subtype I only."""
    return subtype_i


@rule(cite="tax-code-2017:683", per="half", date="half_end", since="2018-01-01", basis="reconstruction", name="barred")
def not_barred() -> Flag:
    """No bar of mining was read for these years."""
    return lift(False, "flag")


@rule(cite="tax-code-2025:723", per="half", date="half_end", since="2026-01-01")
@rule(cite="tax-code-2017:683.2", per="half", date="half_end", since="2018-01-01")
def simplified(regime: Text, barred: Flag) -> Flag:
    """Is the half-year taxed by the simplified declaration? Where it is barred, the general regime applies."""
    return (regime == "simplified") & ~barred


# ---- income and tax of a half-year -----------------------------------------------------------------------------------
@figure(cite="tax-code-2025:723", per="half", date="half_end", since="2026-01-01")
@figure(cite="tax-code-2017:681.2-1", by="law-196-vii", per="half", date="half_end", since="2023-04-01")
@figure(cite="tax-code-2017:681", per="half", date="half_end", since="2018-01-01")
def gross_income(simplified: Flag, half_payouts: Rows[Acquisition], half_disposals: Rows[Disposal]) -> Money:
    """Quantity distributed × official value; costs do not count. Sales of coins in the books: no article was read."""
    mined = half_payouts.sum(lambda p: p.mined_income)
    traded = bounded(unknown("simplified_trade_not_read", unit="KZT"), mined, None)
    income = when(half_disposals.count() > 0, traded, mined)
    return when(simplified, income, lift(0, "KZT"))


@figure(cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01")
@figure(cite="tax-code-2017:687.1", per="half", date="half_end", since="2018-01-01")
def tax(gross_income: Money, simplified_rate: Ratio) -> Money:
    """3 % of the gross income (2025): half of it income tax, half social tax less social contributions."""
    due = rounded(gross_income * simplified_rate)
    return when(gross_income == 0, lift(0, "KZT"), bounded(due, lift(0, "KZT"), None))


@figure(cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01")
@figure(cite="tax-code-2017:687.1", per="half", date="half_end", since="2018-01-01")
def income_tax(tax: Money, income_tax_share: Ratio) -> Money:
    """The half that is personal income tax."""
    return rounded(tax * income_tax_share)


@figure(cite="tax-code-2025:722.4.1", per="half", date="half_end", since="2026-01-01")
@figure(cite="tax-code-2017:687.1", per="half", date="half_end", since="2018-01-01")
def social_tax(tax: Money, income_tax: Money) -> Money:
    """The other half is social tax, before social contributions are taken off."""
    return tax - income_tax


# ---- what to say -----------------------------------------------------------------------------------------------------
@finding(cite="tax-code-2025:723", per="half", date="half_end", since="2026-01-01", severity="warning")
@finding(cite="tax-code-2017:683.2.3", per="half", date="half_end", since="2018-01-01", severity="warning")
def simplified_barred(regime: Text, barred: Flag) -> Flag:
    """The simplified regime was stated, but it is closed to this mining: the general regime was applied."""
    return (regime == "simplified") & barred


@finding(cite="tax-code-2017:683.2", per="half", date="half_end", since="2018-01-01", severity="warning")
def simplified_limit_exceeded(gross_income: Money, simplified_limit: Multiple, mci_january: Money) -> Flag:
    """The income of the half-year is above the limit of the regime."""
    return gross_income > rounded(simplified_limit * mci_january)


@finding(
    cite="tax-code-2017:687.1",
    per="half",
    date="half_end",
    since="2018-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def social_contributions_not_stated(tax: Money) -> Flag:
    """Social contributions reduce the half that is social tax; no file tells them."""
    return tax > 0
