"""Interest on what was paid late (пеня): old code 117, new code 5.2."""

from __future__ import annotations

from salyq.law.late_interest.facts import Overdue
from salyq.rulebook.nodes import (
    Count,
    Exact,
    Flag,
    Money,
    Ratio,
    Rows,
    Text,
    bounded,
    given,
    lift,
    rounded,
    when,
)
from salyq.rulebook.rules import figure, rule


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(payments_given: Flag) -> Flag:
    return payments_given


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered() -> Text:
    return lift("", "text")


@rule(cite="tax-code-2025:5.2", per="overdue", date="day", since="2026-01-01")
def interest_multiplier(
    multiplier: Ratio, horizontal_monitoring_multiplier: Ratio, horizontal_monitoring: Flag
) -> Ratio:
    """0.65 for participants of horizontal monitoring, else 1.25."""
    low = when(given(horizontal_monitoring), horizontal_monitoring, lift(False, "flag"))
    return when(low, horizontal_monitoring_multiplier, multiplier)


@rule(cite="tax-code-2017:117.2.2", per="overdue", date="day", since="2018-01-01", name="interest_multiplier")
def interest_multiplier_before_2026(
    additional: Flag, tax: Text, multiplier: Ratio, additional_multiplier: Ratio
) -> Ratio:
    """Less for income tax of a business that an additional return brought to light (302, 366)."""
    of_business = tax.isin("corporate_income_tax", "personal_income_tax")
    return when(additional & of_business, additional_multiplier, multiplier)


@rule(cite="tax-code-2017:117.2.2-1", per="overdue", date="day", since="2018-01-01")
def additional_multiplier(reduced_multiplier: Ratio) -> Ratio:
    """Income tax that an additional return filed before 1 September brought to light."""
    return reduced_multiplier


@rule(cite="tax-code-2025:5.2", per="overdue", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:117.2.2", per="overdue", date="day", since="2018-01-01")
def interest(arrears: Money, days: Count, rate_of_days: Ratio, interest_multiplier: Ratio, day_share: Ratio) -> Exact:
    """Arrears × base rate × multiplier × days ÷ 365, over days with one base rate; not less than nothing where the
    rate is not known."""
    return bounded(arrears * (rate_of_days * interest_multiplier) * (days * day_share), lift(0, "KZT"), None)


@rule(cite="salyq:base-rate", by="salyq", per="overdue", date="day", since="2018-01-01", basis="convention")
def rate_of_days(base_rate: Ratio, stated_rate: Ratio) -> Ratio:
    """The base rate of the days: one that was given with its source, else the one that this law knows."""
    return when(given(stated_rate), stated_rate, base_rate)


@rule(cite="salyq:day-count-365", by="salyq", per="overdue", date="day", since="2018-01-01", basis="convention")
def day_share(days_in_year: Count) -> Ratio:
    """One day of a year of 365."""
    return lift(1, "count") / days_in_year


@figure(cite="tax-code-2025:5.2", per="year", since="2026-01-01", name="due")
@figure(cite="tax-code-2017:117.2.2", per="year", since="2018-01-01", name="due")
def interest_due(overdue: Rows[Overdue]) -> Money:
    """From the day after the due date to the day of payment, for what was paid; rounded once."""
    return rounded(overdue.sum(lambda o: o.interest))
