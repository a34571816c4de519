"""Results of closed derivatives: old code 332-1.6, new code 388."""

from __future__ import annotations

from salyq.law.amounts import quoted
from salyq.law.facts import Derivative
from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    Money,
    Quantity,
    Rate,
    Rows,
    Text,
    Worth,
    bounded,
    floor0,
    lift,
    lookup,
    rounded,
    unknown,
    when,
)
from salyq.rulebook.rules import figure, rule


@figure(cite="tax-code-2025:388", per="year", since="2026-01-01", quiet=True)
@figure(
    cite="tax-code-2017:332-1.6", by="law-208-viii", per="year", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025", quiet=True
)  # fmt: skip
def derivative_income(derivatives: Rows[Derivative]) -> Money:
    """Positive results of closed derivatives."""
    return derivatives.sum(lambda d: d.derivative_gain)


@figure(
    cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention", name="derivative_income",
    quiet=True,
)  # fmt: skip
def derivative_income_before_2025(derivatives: Rows[Derivative]) -> Money:
    """No article read says how results of such derivatives are taxed before 2025: unknown where there are any."""
    return when(derivatives.count() > 0, unknown("no_derivative_law", unit="KZT"), lift(0, "KZT"))


@rule(cite="tax-code-2025:388", per="derivative", date="day", since="2026-01-01")
def derivative_worth(worth: Worth, in_money: Flag, settled: Quantity, asset: Text, day: Day) -> Worth:
    """The result in money, or what the assets received at the close are worth that day."""
    return when(in_money, worth, quoted(settled, "market", asset, day, 0))


@rule(
    cite="tax-code-2017:332-1.6", by="law-208-viii", per="derivative", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025", name="derivative_worth",
)  # fmt: skip
def derivative_worth_2025(
    worth: Worth, in_money: Flag, settled: Quantity, asset: Text, day: Day, stale_days: Count
) -> Worth:
    """The value of digital assets received at the close less one's own put in, at the 24-hour price (6, 12)."""
    before = lookup("day_before", day, unit="day")
    return when(in_money, worth, quoted(settled, "day_average", asset, before, stale_days))


@rule(cite="tax-code-2025:382.7", per="derivative", date="day", since="2026-01-01")
def derivative_rate(derivative_worth: Worth, day: Day) -> Rate:
    """The mean rate of the year."""
    return lookup("year_mean", derivative_worth.currency, day, unit="rate")


@rule(cite="tax-code-2017:330.4", per="derivative", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
      name="derivative_rate")  # fmt: skip
def derivative_rate_2025(derivative_worth: Worth, day: Day, stale_days: Count) -> Rate:
    """The market rate of the last working day before the close."""
    before = lookup("working_day_before", day, unit="day")
    return lookup("market_rate", derivative_worth.currency, before, stale_days, unit="rate")


@rule(cite="tax-code-2025:388", per="derivative", date="day", since="2026-01-01")
@rule(
    cite="tax-code-2017:332-1.6", by="law-208-viii", per="derivative", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
)  # fmt: skip
def derivative_gain(derivative_worth: Worth, derivative_rate: Rate, resident: Flag) -> Money:
    """A positive result in tenge; of a non-resident no rule that was read gives a base."""
    own = bounded(floor0(rounded(derivative_worth.amount * derivative_rate)), lift(0, "KZT"), None)
    return when(resident, own, bounded(unknown("non_resident_derivative", unit="KZT"), lift(0, "KZT"), None))
