"""The simplified declaration of a sole proprietor, by half-year: old code 681-688; new code 722-726."""

from __future__ import annotations

from salyq.law.facts import Acquisition, Disposal
from salyq.law.small_business.facts import Half
from salyq.rulebook.nodes import (
    Count,
    Flag,
    Money,
    Multiple,
    Ratio,
    Rows,
    Set,
    Text,
    bounded,
    doubt,
    floor0,
    given,
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
def gross_income(
    simplified: Flag,
    half_payouts: Rows[Acquisition],
    half_disposals: Rows[Disposal],
    half_earnings: Rows[Acquisition],
    half_turnover: Money,
) -> Money:
    """Quantity distributed × official value, and services, paid for in money or in assets; costs do not count. Sales
    of coins in the books: no article was read."""
    services = half_turnover + half_earnings.sum(lambda r: r.earned_value)
    sure = half_payouts.sum(lambda p: p.mined_income) + services
    traded = bounded(unknown("simplified_trade_not_read", unit="KZT"), sure, None)
    income = when(half_disposals.count() > 0, traded, sure)
    return when(simplified, income, lift(0, "KZT"))


@rule(cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01", basis="secondary")
def rate_least(simplified_rate: Ratio, local_change: Ratio) -> Ratio:
    """The lowest rate that a local council may set."""
    return simplified_rate * (lift(1, "ratio") - local_change)


@rule(cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01", basis="secondary")
def rate_most(simplified_rate: Ratio, local_change: Ratio) -> Ratio:
    """The highest rate that a local council may set."""
    return simplified_rate * (lift(1, "ratio") + local_change)


@figure(cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01", basis="secondary")
def tax(gross_income: Money, local_rate: Ratio, rate_least: Ratio, rate_most: Ratio) -> Money:
    """4 % of the gross income, which the local council may lower or raise by half: where its rate is not stated,
    between the two ends."""
    ends = doubt("local_rate_not_stated", rounded(gross_income * rate_least), rounded(gross_income * rate_most))
    due = when(given(local_rate), rounded(gross_income * local_rate), ends)
    return when(gross_income == 0, lift(0, "KZT"), due)


@figure(cite="tax-code-2017:687.1", per="half", date="half_end", since="2018-01-01", name="tax")
def tax_to_2025(gross_income: Money, simplified_rate: Ratio) -> Money:
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


@figure(cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01", basis="secondary")
def tax_due(tax: Money) -> Money:
    """From 2026 no social tax is paid, so nothing is taken off."""
    return tax


@figure(cite="tax-code-2017:687.1", per="half", date="half_end", since="2018-01-01", name="tax_due")
def tax_due_to_2025(income_tax: Money, social_tax: Money, social_contributions: Money) -> Money:
    """Income tax, and social tax less social contributions, never below nothing. Not stated: between the two."""
    ends = doubt("social_contributions_not_stated", income_tax, income_tax + social_tax)
    paid = income_tax + floor0(social_tax - social_contributions)
    return when(social_tax == 0, income_tax, when(given(social_contributions), paid, ends))


# ---- what to say -----------------------------------------------------------------------------------------------------
@finding(cite="tax-code-2025:723", per="half", date="half_end", since="2026-01-01", severity="warning")
@finding(cite="tax-code-2017:683.2.3", per="half", date="half_end", since="2018-01-01", severity="warning")
def simplified_barred(regime: Text, barred: Flag) -> Flag:
    """The simplified regime was stated, but it is closed to this mining: the general regime was applied."""
    return (regime == "simplified") & barred


@rule(cite="tax-code-2025:723", per="half", date="half_end", since="2026-01-01")
def income_to_date(gross_income: Money, second: Flag, first_half: Half) -> Money:
    """The income of the year to the end of the half-year: the limit of 2026 is a year's."""
    return gross_income + when(second, first_half.gross_income, lift(0, "KZT"))


@finding(cite="tax-code-2025:723", per="half", date="half_end", since="2026-01-01", severity="warning")
def simplified_limit_exceeded(income_to_date: Money, simplified_limit: Multiple, mci_january: Money) -> Flag:
    """The income of the year is above the limit of the regime."""
    return income_to_date > rounded(simplified_limit * mci_january)


@finding(cite="tax-code-2017:683.2", per="half", date="half_end", since="2018-01-01",
    until="2025-12-31", until_by="tax-code-2025", severity="warning",
         name="simplified_limit_exceeded")  # fmt: skip
def half_limit_exceeded(gross_income: Money, simplified_limit: Multiple, mci_january: Money) -> Flag:
    """The income of the half-year is above the limit of the regime."""
    return gross_income > rounded(simplified_limit * mci_january)


@finding(cite="tax-code-2017:683.2", per="half", date="half_end", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025", severity="warning")  # fmt: skip
def simplified_staff_exceeded(simplified: Flag, average_staff: Count, simplified_staff: Count) -> Flag:
    """More staff than the regime allows."""
    return simplified & given(average_staff) & (average_staff > simplified_staff)


@finding(cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01", basis="secondary")
def local_rate_not_stated(simplified: Flag, gross_income: Money, local_rate: Ratio) -> Flag:
    """The rate of the person's district is not stated."""
    return simplified & ~given(local_rate) & (gross_income > 0)


@finding(
    cite="tax-code-2017:687.1",
    per="half",
    date="half_end",
    since="2018-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def social_contributions_not_stated(tax: Money, social_contributions: Money) -> Flag:
    """Social contributions reduce the half that is social tax, and are not stated."""
    return (tax > 0) & ~given(social_contributions)
