"""Personal income tax of resident individuals on digital assets: who is covered, the year's income, base and tax.

Old code 331-332-1, new code 363-412. Losses never net.
"""

from __future__ import annotations

from salyq.law.facts import Derivative, Disposal
from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    Money,
    Multiple,
    Ratio,
    Rows,
    Scale,
    Text,
    Worth,
    bounded,
    doubt,
    floor0,
    known_or,
    lift,
    lookup,
    rounded,
    scale,
    smallest,
    stated_or_zero,
    unknown,
    when,
)
from salyq.rulebook.rules import figure, rule


# ---- who is covered ----------------------------------------------------------------------------------------------
@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(person_kind: Text) -> Flag:
    return person_kind.isin("individual", "sole_proprietor")


@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01")
def named_in_law() -> Flag:
    """From 2023 digital assets are named among property income."""
    return lift(True, "flag")


@rule(cite="tax-code-2017:332.1", per="year", since="2018-01-01", name="named_in_law")
def not_named_in_law() -> Flag:
    """Before 2023 they were not (P21): the whole sale value could be other income, which needs a person's review."""
    return lift(False, "flag")


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered(person_kind: Text, resident: Flag, mines: Flag, named_in_law: Flag) -> Text:
    """Why this person's tax is not computed yet; empty where it is."""
    return when(
        ~named_in_law,
        "not_covered_before_2023",
        when(
            person_kind == "sole_proprietor",
            "not_covered_sole_proprietor",
            when(~resident, "not_covered_non_resident", when(mines, "not_covered_individual_miner", "")),
        ),
    )


# ---- the year ------------------------------------------------------------------------------------------------------
@figure(cite="tax-code-2025:389.2", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01")
def digital_asset_income(disposals: Rows[Disposal]) -> Money:
    """Each disposal's positive difference; losses do not net (P-N1, P-N2)."""
    return disposals.sum(lambda d: d.gain)


@figure(
    cite="tax-code-2017:332.1", by="law-165-vii", per="year", since="2023-01-01", until="2025-12-31", quiet=True
)  # fmt: skip
def foreign_source_gain(disposals: Rows[Disposal]) -> Money:
    """The part of it that comes from sources outside Kazakhstan: a line of its own in the return."""
    return disposals.where(lambda d: d.sale.foreign_source).sum(lambda d: d.gain)


@figure(cite="tax-code-2025:388", per="year", since="2026-01-01", quiet=True)
@figure(
    cite="tax-code-2017:332-1.6", by="law-208-viii", per="year", since="2025-01-01", until="2025-12-31", quiet=True
)  # fmt: skip
def derivative_income(derivatives: Rows[Derivative]) -> Money:
    """Positive results of closed derivatives."""
    return derivatives.sum(lambda d: d.derivative_gain)


@figure(
    cite="salyq:coverage", by="salyq", per="year", since="2023-01-01", basis="convention", name="derivative_income",
    quiet=True,
)  # fmt: skip
def derivative_income_before_2025(derivatives: Rows[Derivative]) -> Money:
    """No article read says how results of such derivatives are taxed before 2025: unknown where there are any."""
    return when(derivatives.count() > 0, unknown("no_derivative_law", unit="KZT"), lift(0, "KZT"))


@rule(cite="tax-code-2025:388", per="derivative", date="day", since="2026-01-01")
def derivative_gain(worth: Worth, day: Day) -> Money:
    rate = lookup("year_mean", worth.currency, day, unit="rate")
    return bounded(floor0(rounded(worth.amount * rate)), lift(0, "KZT"), None)


@rule(
    cite="tax-code-2017:332-1.6", by="law-208-viii", per="derivative", date="day", since="2025-01-01",
    until="2025-12-31", name="derivative_gain",
)  # fmt: skip
def derivative_gain_2025(worth: Worth, day: Day, stale_days: Count) -> Money:
    before = lookup("working_day_before", day, unit="day")
    rate = lookup("market_rate", worth.currency, before, stale_days, unit="rate")
    return bounded(floor0(rounded(worth.amount * rate)), lift(0, "KZT"), None)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def self_assessed_income(digital_asset_income: Money, derivative_income: Money, other_income: Money) -> Money:
    """Income that the person taxes himself."""
    return digital_asset_income + derivative_income + stated_or_zero(other_income)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def deductions(
    base_deduction: Money, social_deduction: Money, base_deduction_limit: Multiple, mci_january: Money
) -> Money:
    """What is still unused at the employer; the base deduction within its yearly limit (403, 404)."""
    limit = rounded(base_deduction_limit * mci_january)
    return smallest(stated_or_zero(base_deduction), limit) + stated_or_zero(social_deduction)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def aggregated(
    self_assessed_income: Money, employment_income_taxable: Money, aggregation_threshold: Multiple, mci_january: Money
) -> Flag:
    """Is income taxed at source added? Only if both together exceed the threshold."""
    salary = stated_or_zero(employment_income_taxable)
    together = self_assessed_income + salary
    return together > rounded(aggregation_threshold * mci_january)


@figure(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def taxable_income(
    self_assessed_income: Money, deductions: Money, aggregated: Flag, employment_income_taxable: Money
) -> Money:
    """Own income, and the salary where it is added, less the deductions not used at the employer."""
    salary = when(aggregated, stated_or_zero(employment_income_taxable), lift(0, "KZT"))
    return floor0(self_assessed_income + salary - deductions)


@figure(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01", name="taxable_income")
def taxable_income_before_2026(digital_asset_income: Money, derivative_income: Money, other_income: Money) -> Money:
    return digital_asset_income + derivative_income + stated_or_zero(other_income)


@figure(cite="tax-code-2025:363.1", per="year", since="2026-01-01")
def tax(taxable_income: Money, scale_: Scale, mci_january: Money) -> Money:
    return rounded(scale(taxable_income, scale_, mci_january))


@figure(cite="tax-code-2017:320.1", per="year", since="2023-01-01", name="tax")
def tax_before_2026(taxable_income: Money, flat_rate: Ratio) -> Money:
    return rounded(taxable_income * flat_rate)


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
def withheld_credit(aggregated: Flag, personal_income_tax_withheld: Money) -> Money:
    """Tax withheld at source is credited where the income it was withheld from is added."""
    return when(aggregated, stated_or_zero(personal_income_tax_withheld), lift(0, "KZT"))


@figure(cite="tax-code-2017:320.1", per="year", since="2023-01-01", name="withheld_credit")
def withheld_credit_before_2026() -> Money:
    """Income taxed at source stays apart, so there is nothing to credit."""
    return lift(0, "KZT")


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:320.1", per="year", since="2023-01-01")
def tax_due(tax: Money, withheld_credit: Money) -> Money:
    return floor0(tax - withheld_credit)


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
def overpaid(tax: Money, withheld_credit: Money, personal_income_tax_withheld: Money) -> Money:
    """Neither rises nor only falls with income (the salary joins at a threshold): where the tax is not known, only its
    ends are sure, nothing and all that was withheld."""
    ends = doubt("overpaid_not_known", lift(0, "KZT"), stated_or_zero(personal_income_tax_withheld))
    return known_or(floor0(withheld_credit - tax), ends)


@figure(cite="tax-code-2017:320.1", per="year", since="2023-01-01", name="overpaid")
def overpaid_before_2026() -> Money:
    """Nothing is credited, so nothing can be overpaid by crediting."""
    return lift(0, "KZT")
