"""Personal income tax on digital assets: who is covered, the year's income, base and tax.

Old code 320, 331-332-1, 636, 646; new code 363-412, 682. Losses never net.
"""

from __future__ import annotations

from salyq.law.facts import Acquisition, Disposal, Year
from salyq.rulebook.nodes import (
    Flag,
    Money,
    Multiple,
    Ratio,
    Rows,
    Scale,
    Text,
    bounded,
    floor0,
    given,
    known_or,
    lift,
    rounded,
    scale,
    smallest,
    stated_or_zero,
    unknown,
    when,
    widened,
)
from salyq.rulebook.rules import figure, rule

PRIVATE = ("individual", "sole_proprietor")


# ---- who is covered ----------------------------------------------------------------------------------------------
@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(person_kind: Text) -> Flag:
    return person_kind.isin(*PRIVATE)


@rule(cite="tax-code-2017:332.1", per="year", since="2021-01-01")
def law_was_read() -> Flag:
    """From 2021 the text was read: foreign sources first, from 2023 digital assets by name."""
    return lift(True, "flag")


@rule(cite="tax-code-2017:331", per="year", since="2018-01-01", basis="reconstruction", name="law_was_read")
def law_was_not_read() -> Flag:
    """The text of 2018 to 2020 was not read (P18)."""
    return lift(False, "flag")


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered(law_was_read: Flag, residence_known: Flag, non_resident_in_year: Flag) -> Text:
    """Why this person's tax is not computed; empty where it is. The text of 2018 to 2020 that was not read is about
    residents; what is owed without residence (NR1) is the same since 2018."""
    unread = when(non_resident_in_year, "", "not_covered_before_2021")
    return when(residence_known, when(law_was_read, "", unread), "residence_not_stated")


# ---- the year's income ---------------------------------------------------------------------------------------------
@figure(cite="tax-code-2025:389.2", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01")
@figure(cite="tax-code-2017:332.1", per="year", since="2018-01-01")
def digital_asset_income(disposals: Rows[Disposal]) -> Money:
    """Each disposal's positive difference; losses do not net (P-N1, P-N2)."""
    return disposals.sum(lambda d: d.gain)


@figure(
    cite="tax-code-2017:332.1", by="law-165-vii", per="year", since="2023-01-01",
    until="2025-12-31", until_by="tax-code-2025", quiet=True
)  # fmt: skip
def foreign_source_gain(disposals: Rows[Disposal]) -> Money:
    """The part of it that comes from sources outside Kazakhstan: a line of its own in the return."""
    return disposals.where(lambda d: d.sale.foreign_source).sum(lambda d: d.gain)


@figure(cite="tax-code-2025:682.1", per="year", since="2026-01-01", quiet=True)
@figure(cite="tax-code-2017:646.1.1", per="year", since="2018-01-01", quiet=True)
def non_resident_income(disposals: Rows[Disposal], non_resident_in_year: Flag) -> Money:
    """What was sold in Kazakhstan on days without residence: gross (NR4, NR5). Who was resident all year has none,
    whatever rows could not be read."""
    sold = disposals.where(lambda d: ~d.sale.resident).sum(lambda d: d.gain)
    return when(non_resident_in_year, sold, lift(0, "KZT"))


@figure(cite="tax-code-2025:408", per="year", since="2026-01-01", quiet=True)
def receipt_income_of_year(receipts: Rows[Acquisition]) -> Money:
    """Rewards, airdrops, forks and interest, where they are income when received (election `receipts`)."""
    return receipts.where(lambda r: r.income_on_receipt).sum(lambda r: r.receipt_income)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def self_assessed_income(
    digital_asset_income: Money,
    non_resident_income: Money,
    derivative_income: Money,
    receipt_income_of_year: Money,
    other_income: Money,
) -> Money:
    """Income that a resident taxes himself."""
    gains = digital_asset_income - non_resident_income
    return gains + derivative_income + receipt_income_of_year + stated_or_zero(other_income)


@rule(cite="tax-code-2017:636.2", by="law-208-viii", per="year", since="2025-01-01", name="self_assessed_income")
@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01", name="self_assessed_income")
@rule(cite="tax-code-2017:332.1", per="year", since="2018-01-01", name="self_assessed_income")
def self_assessed_income_before_2026(
    digital_asset_income: Money, non_resident_income: Money, derivative_income: Money, other_income: Money
) -> Money:
    return digital_asset_income - non_resident_income + derivative_income + stated_or_zero(other_income)


# ---- deductions and salary -------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:404", per="year", since="2026-01-01")
def social_limit(
    social_deduction_ground: Text,
    social_deduction_limit: Multiple,
    social_deduction_limit_other: Multiple,
    mci_january: Money,
) -> Money:
    """By the ground; where none is stated the larger limit bounds what was stated."""
    other = given(social_deduction_ground) & (social_deduction_ground == "other")
    return rounded(when(other, social_deduction_limit_other, social_deduction_limit) * mci_january)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def deductions(
    base_deduction: Money,
    social_deduction: Money,
    social_payments: Money,
    base_deduction_limit: Multiple,
    social_limit: Money,
    mci_january: Money,
) -> Money:
    """What is still unused at the employer: the base and social deductions within their yearly limits (403, 404),
    social payments (401.1.1)."""
    none = lift(0, "KZT")
    base = when(given(base_deduction), smallest(base_deduction, rounded(base_deduction_limit * mci_january)), none)
    social = when(given(social_deduction), smallest(social_deduction, social_limit), none)
    return base + social + stated_or_zero(social_payments)


@rule(cite="tax-code-2017:636.2", by="law-208-viii", per="year", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
      name="deductions")  # fmt: skip
def deductions_2025(base_deduction: Money, social_deduction: Money, social_payments: Money) -> Money:
    """Deductions of 342.1 that were not used at the employer, as stated: self-assessed income is reduced by them."""
    return stated_or_zero(base_deduction) + stated_or_zero(social_deduction) + stated_or_zero(social_payments)


@rule(cite="salyq:deductions-before-2025", by="salyq", per="year", since="2018-01-01", basis="convention",
      name="deductions")  # fmt: skip
def no_deductions() -> Money:
    """No article that was read applies a deduction to this income of these years."""
    return lift(0, "KZT")


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def aggregated(
    self_assessed_income: Money,
    employment_income_taxable: Money,
    employment_income_accrued: Money,
    aggregation_threshold: Multiple,
    mci_january: Money,
) -> Flag:
    """Is income taxed at source added? Only if both together exceed the threshold. The article tests what was accrued;
    where that is not stated, what was taxed at source stands in."""
    taxable = stated_or_zero(employment_income_taxable)
    salary = when(given(employment_income_accrued), employment_income_accrued, taxable)
    return self_assessed_income + salary > rounded(aggregation_threshold * mci_january)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def resident_base(
    self_assessed_income: Money, deductions: Money, aggregated: Flag, employment_income_taxable: Money
) -> Money:
    """Own income, and the salary where it is added, less the deductions not used at the employer."""
    salary = when(aggregated, stated_or_zero(employment_income_taxable), lift(0, "KZT"))
    return floor0(self_assessed_income + salary - deductions)


@rule(cite="tax-code-2017:636.2", by="law-208-viii", per="year", since="2025-01-01", name="resident_base")
@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01", name="resident_base")
@rule(cite="tax-code-2017:332.1", per="year", since="2018-01-01", name="resident_base")
def resident_base_before_2026(self_assessed_income: Money, deductions: Money) -> Money:
    return floor0(self_assessed_income - deductions)


# ---- a sole proprietor's business ------------------------------------------------------------------------------------
@figure(cite="tax-code-2025:392", per="year", since="2026-01-01", quiet=True)
@figure(cite="salyq:proprietor", by="salyq", per="year", since="2018-01-01", basis="reconstruction", quiet=True)
def business_income(does_business: Flag, business: Year, private_mining: Money) -> Money:
    """A sole proprietor's business under the general regime, by the rules of companies (SP5; to 2025 by analogy)."""
    return when(does_business, business.proprietor_income, private_mining)


@figure(cite="tax-code-2025:392", per="year", since="2026-01-01", quiet=True)
@figure(cite="salyq:proprietor", by="salyq", per="year", since="2018-01-01", basis="reconstruction", quiet=True)
def business_mining_income(does_business: Flag, business: Year) -> Money:
    """Of it what a pool distributed, at the official value."""
    return when(does_business, business.mining_income, lift(0, "KZT"))


@rule(cite="salyq:private-mining", by="salyq", per="year", since="2018-01-01", basis="reconstruction")
def private_mining(payouts: Rows[Acquisition]) -> Money:
    """Mining without a registered business: no article that was read determines its income."""
    in_doubt = bounded(unknown("mining_by_individual", unit="KZT"), lift(0, "KZT"), None)
    return when(payouts.any(lambda p: p.mining_in_doubt), in_doubt, lift(0, "KZT"))


@figure(cite="tax-code-2025:363.4", per="year", since="2026-01-01", quiet=True)
def business_tax(business_income: Money, business_scale: Scale, mci_january: Money) -> Money:
    return rounded(scale(business_income, business_scale, mci_january))


@figure(cite="tax-code-2017:320.1", per="year", since="2018-01-01", name="business_tax", quiet=True)
def business_tax_before_2026(business_income: Money, flat_rate: Ratio) -> Money:
    return rounded(business_income * flat_rate)


# ---- dividends and a private practice -----------------------------------------------------------------------
@figure(cite="tax-code-2025:363.3", per="year", since="2026-01-01", quiet=True)
def dividend_tax(dividends: Money, dividend_scale: Scale, mci_january: Money) -> Money:
    """Of dividends that nobody taxed at source."""
    return rounded(scale(stated_or_zero(dividends), dividend_scale, mci_january))


@figure(cite="tax-code-2025:363.2", per="year", since="2026-01-01", quiet=True)
def private_practice_tax(private_practice_income: Money, private_practice_rate: Ratio) -> Money:
    return rounded(stated_or_zero(private_practice_income) * private_practice_rate)


@rule(cite="tax-code-2025:363", per="year", since="2026-01-01")
def apart_tax(dividend_tax: Money, private_practice_tax: Money) -> Money:
    """Income with a rate of its own: it does not join the scale."""
    return dividend_tax + private_practice_tax


# ---- base and tax ----------------------------------------------------------------------------------------------------
@figure(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def taxable_income(
    resident_base: Money,
    non_resident_income: Money,
    has_business: Flag,
    business_income: Money,
    dividends: Money,
    private_practice_income: Money,
) -> Money:
    """What a resident taxes himself after deductions; what a non-resident sold in Kazakhstan; a business; dividends and
    a private practice."""
    own = resident_base + non_resident_income + when(has_business, business_income, lift(0, "KZT"))
    return own + stated_or_zero(dividends) + stated_or_zero(private_practice_income)


@figure(cite="tax-code-2017:636.2", by="law-208-viii", per="year", since="2025-01-01", name="taxable_income")
@figure(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01", name="taxable_income")
@figure(cite="tax-code-2017:332.1", per="year", since="2018-01-01", name="taxable_income")
def taxable_income_before_2026(
    resident_base: Money, non_resident_income: Money, has_business: Flag, business_income: Money
) -> Money:
    """What a resident taxes himself after deductions; what a non-resident sold in Kazakhstan; a business."""
    return resident_base + non_resident_income + when(has_business, business_income, lift(0, "KZT"))


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def has_business(person_kind: Text, payouts: Rows[Acquisition]) -> Flag:
    """A sole proprietor, or somebody who mines without being one."""
    return (person_kind == "sole_proprietor") | (payouts.count() > 0)


@rule(cite="tax-code-2025:682.1", per="year", since="2026-01-01", basis="reconstruction")
@rule(cite="tax-code-2017:646.1.1", per="year", since="2018-01-01", basis="reconstruction")
def non_resident_tax(non_resident_income: Money, non_resident_rate: Ratio) -> Money:
    """The residual rate: a sale of digital assets is no gain of the lower rate (NR4)."""
    return rounded(non_resident_income * non_resident_rate)


@figure(cite="tax-code-2025:363.1", per="year", since="2026-01-01")
def tax(
    resident_base: Money,
    scale_: Scale,
    mci_january: Money,
    non_resident_income: Money,
    non_resident_tax: Money,
    has_business: Flag,
    business_tax: Money,
    apart_tax: Money,
) -> Money:
    none = lift(0, "KZT")
    apart = when(non_resident_income == 0, none, non_resident_tax) + when(has_business, business_tax, none)
    return rounded(scale(resident_base, scale_, mci_january)) + apart + apart_tax


@figure(cite="tax-code-2017:320.1", per="year", since="2018-01-01", name="tax")
def tax_before_2026(
    resident_base: Money,
    flat_rate: Ratio,
    non_resident_income: Money,
    non_resident_tax: Money,
    has_business: Flag,
    business_tax: Money,
) -> Money:
    none = lift(0, "KZT")
    apart = when(non_resident_income == 0, none, non_resident_tax) + when(has_business, business_tax, none)
    return rounded(resident_base * flat_rate) + apart


@figure(cite="tax-code-2025:413", per="year", since="2026-01-01", quiet=True)
def foreign_credit(tax: Money, foreign_tax_paid: Money) -> Money:
    """Tax paid abroad on this income, proven by a document; never more than the tax here."""
    return smallest(stated_or_zero(foreign_tax_paid), tax)


@rule(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
def salary_tax(
    resident_base: Money, self_assessed_income: Money, deductions: Money, scale_: Scale, mci_january: Money
) -> Money:
    """The tax that the salary adds where it is added: of all, less that of the other income alone."""
    alone = floor0(self_assessed_income - deductions)
    return rounded(scale(resident_base, scale_, mci_january)) - rounded(scale(alone, scale_, mci_january))


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
def withheld_credit(aggregated: Flag, personal_income_tax_withheld: Money) -> Money:
    """Tax withheld at source is credited where the income it was withheld from is added."""
    return when(aggregated, stated_or_zero(personal_income_tax_withheld), lift(0, "KZT"))


@figure(cite="tax-code-2017:320.1", per="year", since="2018-01-01", name="withheld_credit")
def withheld_credit_before_2026() -> Money:
    """Income taxed at source stays apart, so there is nothing to credit."""
    return lift(0, "KZT")


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
def tax_due(
    tax: Money, withheld_credit: Money, foreign_credit: Money, personal_income_tax_withheld: Money, salary_tax: Money
) -> Money:
    """Where the salary joins at a threshold and more was withheld from it than the tax on it, tax due falls there: just
    below, all but the salary was taxed and nothing credited; just above, all that was withheld is."""
    all_credited = known_or(withheld_credit, personal_income_tax_withheld)
    least_credited = known_or(withheld_credit, smallest(withheld_credit, salary_tax))
    due = floor0(tax - withheld_credit - foreign_credit)
    least, most = (floor0(tax - credited - foreign_credit) for credited in (all_credited, least_credited))
    return widened(due, withheld_credit, least, most)


@figure(cite="tax-code-2017:320.1", per="year", since="2018-01-01", name="tax_due")
def tax_due_before_2026(tax: Money, withheld_credit: Money) -> Money:
    return floor0(tax - withheld_credit)


@rule(cite="tax-code-2025:419", per="year", since="2026-01-01")
@rule(cite="tax-code-2017:641", by="law-208-viii", per="year", since="2025-01-01")
@rule(cite="tax-code-2017:362.1", per="year", since="2018-01-01")
def own_tax_due(tax_due: Money, business_tax: Money) -> Money:
    """What is to be paid beside the tax of a business, which has its own day."""
    return floor0(tax_due - business_tax)


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
def overpaid(tax: Money, withheld_credit: Money, foreign_credit: Money, personal_income_tax_withheld: Money) -> Money:
    """Where as much is credited at either end of what is not known, it only falls as the tax rises. Where the salary
    may join or not, more may be overpaid between the ends than at either: nothing to all that was withheld."""
    none = lift(0, "KZT")
    falling = bounded(floor0(withheld_credit + foreign_credit - tax), None, none)
    return widened(falling, withheld_credit, none, known_or(withheld_credit, personal_income_tax_withheld))


@figure(cite="tax-code-2017:320.1", per="year", since="2018-01-01", name="overpaid")
def overpaid_before_2026() -> Money:
    """Nothing is credited, so nothing can be overpaid by crediting."""
    return lift(0, "KZT")
