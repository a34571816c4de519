"""Who must declare and pay, and when: each duty names its deadline and the figure to be paid."""

from __future__ import annotations

from salyq.law.mining_fee.facts import Reading
from salyq.rulebook.nodes import Flag, Money, Multiple, Rows, Text, given, lift, rounded, stated_or_zero, when
from salyq.rulebook.rules import duty, rule


# ---- digital mining fee --------------------------------------------------------------------------------------------
@duty(name="mining_fee.return", due="mining_fee.return_due", amount=None,
      cite="tax-code-2025:660.2", per="quarter", date="quarter_end", since="2026-01-01")  # fmt: skip
@duty(name="mining_fee.return", due="mining_fee.return_due", amount=None,
      cite="tax-code-2017:606-4.2", by="law-165-vii",
      per="quarter", date="quarter_end", since="2023-01-01")  # fmt: skip
def fee_return(readings: Rows[Reading]) -> Flag:
    """Whoever used power in mining in the quarter. In 2022 there was no return."""
    return readings.any(lambda r: r.pays)


@duty(name="mining_fee.payment", due="mining_fee.payment_due", amount="mining_fee.due",
      cite="tax-code-2025:661.2", per="quarter", date="quarter_end", since="2026-01-01")  # fmt: skip
@duty(name="mining_fee.payment", due="mining_fee.payment_due", amount="mining_fee.due",
      cite="tax-code-2017:606-5.2", by="law-53-vii", per="quarter", date="quarter_end", since="2022-01-01")  # fmt: skip
def fee_payment(readings: Rows[Reading]) -> Flag:
    return readings.any(lambda r: r.pays)


# ---- personal income tax -------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:422.2", per="year", since="2026-01-01", name="owes_assets_return")
def owes_assets_return_2026(
    person_kind: Text,
    person_kind_covered: Flag,
    public_official: Flag,
    property_abroad: Flag,
    much_abroad: Flag,
    held_at_last_year_end: Flag,
    holding_requires_assets_return: Flag,
    assets_return_filed: Flag,
) -> Flag:
    """Officials; citizens and residents with listed property abroad. Holding digital assets is no ground of its own."""
    official = given(public_official) & public_official & person_kind.isin("individual", "sole_proprietor")
    abroad = person_kind_covered & ((given(property_abroad) & property_abroad) | much_abroad)
    holds = person_kind_covered & holding_requires_assets_return & held_at_last_year_end
    return (official | abroad | holds) & ~(given(assets_return_filed) & assets_return_filed)


@rule(cite="tax-code-2025:417.1.4", per="year", since="2026-01-01")
def much_abroad(foreign_bank_money: Money, foreign_money_requires_return: Multiple, mci_december: Money) -> Flag:
    """More than the limit in foreign banks on 31 December."""
    limit = rounded(foreign_money_requires_return * mci_december)
    return given(foreign_bank_money) & (foreign_bank_money > limit)


@rule(cite="tax-code-2017:630.2.3", by="law-208-viii", per="year", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025")  # fmt: skip
def owes_assets_return(
    person_kind_covered: Flag,
    held_at_last_year_end: Flag,
    assets_return_filed: Flag,
    holding_requires_assets_return: Flag,
) -> Flag:
    """Once, by whoever had digital assets on 31 December of the year before (630.1), unless filed before 2025."""
    filed = when(given(assets_return_filed), assets_return_filed, lift(False, "flag"))
    return person_kind_covered & holding_requires_assets_return & held_at_last_year_end & ~filed


@rule(cite="tax-code-2017:630", per="year", since="2018-01-01", name="owes_assets_return")
def owes_no_assets_return() -> Flag:
    return lift(False, "flag")


@rule(cite="tax-code-2017:633.1", by="law-208-viii", per="year", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025")  # fmt: skip
@rule(cite="tax-code-2017:363.1", per="year", since="2024-01-01")
def person_kind_covered(person_kind: Text, resident: Flag, citizen: Flag) -> Flag:
    """Whose holdings count: citizens and residents at the end of the year, sole proprietors among them."""
    return person_kind.isin("individual", "sole_proprietor") & (resident | (given(citizen) & citizen))


@rule(cite="salyq:coverage", by="salyq", per="year", since="2026-01-01", basis="convention",
      name="person_kind_covered")  # fmt: skip
@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention", name="person_kind_covered")
def resident_covered(person_kind: Text, resident: Flag) -> Flag:
    """Whose holdings count: individuals, sole proprietors among them, who were residents at the end of the year."""
    return person_kind.isin("individual", "sole_proprietor") & resident


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def private_person(person_kind: Text, residence_known: Flag) -> Flag:
    return person_kind.isin("individual", "sole_proprietor") & residence_known


@duty(name="personal_income_tax.return", due="personal_income_tax.return_due", amount=None,
      cite="tax-code-2025:417.1", per="year", since="2026-01-01")  # fmt: skip
def income_return(
    private_person: Flag, person_kind_covered: Flag, self_assessed_income: Money, non_resident_income: Money,
    holds_at_year_end: Flag, holding_requires_return: Flag, apart_tax: Money, many_dividends: Flag, much_abroad: Flag,
) -> Flag:  # fmt: skip
    """Income that the person taxes himself (3), much money in foreign banks (4) or digital assets owned (7) on
    31 December, dividends above a limit (9).
    A high salary that an agent taxed is no ground of its own (exception in 8)."""
    holds = person_kind_covered & holding_requires_return & holds_at_year_end
    own = (self_assessed_income > 0) | (non_resident_income > 0) | (apart_tax > 0)
    return private_person & (own | holds | many_dividends | (person_kind_covered & much_abroad))


@rule(cite="tax-code-2025:417.1.9", per="year", since="2026-01-01")
def many_dividends(
    dividends: Money, dividends_at_source: Money, dividends_require_return: Multiple, mci_december: Money
) -> Flag:
    """Dividends of the year above the limit, by the MCI of 31 December."""
    total = stated_or_zero(dividends) + stated_or_zero(dividends_at_source)
    return (total > 0) & (total > rounded(dividends_require_return * mci_december))


@duty(name="personal_income_tax.return", due="personal_income_tax.return_due", amount=None,
      cite="tax-code-2017:633.1", by="law-208-viii", per="year", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025")  # fmt: skip
@duty(name="personal_income_tax.return", due="personal_income_tax.return_due", amount=None,
      cite="tax-code-2017:363.1", per="year", since="2018-01-01")  # fmt: skip
def income_return_before_2026(
    private_person: Flag,
    person_kind_covered: Flag,
    self_assessed_income: Money,
    non_resident_income: Money,
    holds_at_year_end: Flag,
    holding_requires_return: Flag,
    owes_assets_return: Flag,
) -> Flag:
    """Income that the person taxes himself, or digital assets owned on 31 December (then the assets return may stand
    in its place)."""
    holds = person_kind_covered & holding_requires_return & holds_at_year_end & ~owes_assets_return
    return private_person & ((self_assessed_income > 0) | (non_resident_income > 0) | holds)


@duty(name="personal_income_tax.payment", due="personal_income_tax.payment_due",
      amount="personal_income_tax.own_tax_due",
      cite="tax-code-2025:419", per="year", since="2026-01-01")  # fmt: skip
@duty(name="personal_income_tax.payment", due="personal_income_tax.payment_due",
      amount="personal_income_tax.own_tax_due",
      cite="tax-code-2017:641", by="law-208-viii", per="year", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025")  # fmt: skip
@duty(name="personal_income_tax.payment", due="personal_income_tax.payment_due",
      amount="personal_income_tax.own_tax_due",
      cite="tax-code-2017:362.1", per="year", since="2018-01-01")  # fmt: skip
def income_payment(private_person: Flag, own_tax_due: Money) -> Flag:
    return private_person & (own_tax_due > 0)


# ---- a sole proprietor's business ------------------------------------------------------------------------------------
@duty(name="personal_income_tax.business_return", due="personal_income_tax.business_return_due", amount=None,
      shown="personal_income_tax.return",
      cite="tax-code-2025:420", per="year", since="2026-01-01")  # fmt: skip
@duty(name="personal_income_tax.business_return", due="personal_income_tax.business_return_due", amount=None,
      shown="personal_income_tax.return",
      cite="tax-code-2017:643.2", per="year", since="2018-01-01")  # fmt: skip
def business_return(does_business: Flag) -> Flag:
    """A sole proprietor under the general regime."""
    return does_business


@duty(name="personal_income_tax.business_payment", due="personal_income_tax.business_payment_due",
      amount="personal_income_tax.business_tax", shown="personal_income_tax.payment",
      cite="tax-code-2025:421", per="year", since="2026-01-01")  # fmt: skip
@duty(name="personal_income_tax.business_payment", due="personal_income_tax.business_payment_due",
      amount="personal_income_tax.business_tax", shown="personal_income_tax.payment",
      cite="tax-code-2017:643-1.1", per="year", since="2018-01-01")  # fmt: skip
def business_payment(does_business: Flag, business_tax: Money) -> Flag:
    return does_business & (business_tax > 0)


@duty(name="small_business.return", due="small_business.return_due", amount=None,
      cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01")  # fmt: skip
@duty(name="small_business.return", due="small_business.return_due", amount=None,
      cite="tax-code-2017:688", per="half", date="half_end", since="2018-01-01")  # fmt: skip
def simplified_return(simplified: Flag) -> Flag:
    """Every half-year under the simplified declaration."""
    return simplified


@duty(name="small_business.payment", due="small_business.payment_due", amount="small_business.tax_due",
      cite="tax-code-2025:726", per="half", date="half_end", since="2026-01-01")  # fmt: skip
@duty(name="small_business.payment", due="small_business.payment_due", amount="small_business.tax_due",
      cite="tax-code-2017:688", per="half", date="half_end", since="2018-01-01")  # fmt: skip
def simplified_payment(simplified: Flag, small_business__tax: Money) -> Flag:
    return simplified & (small_business__tax > 0)


@duty(name="assets_and_liabilities.return", due="declarations.assets_and_liabilities_due", amount=None,
      cite="tax-code-2025:424", per="year", since="2026-01-01")  # fmt: skip
@duty(name="assets_and_liabilities.return", due="declarations.assets_and_liabilities_due", amount=None,
      cite="tax-code-2017:632", by="law-208-viii", per="year", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025")  # fmt: skip
def assets_return(owes_assets_return: Flag) -> Flag:
    return owes_assets_return


# ---- corporate income tax ------------------------------------------------------------------------------------------
@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def company_covered(person_kind: Text, resident: Flag) -> Flag:
    return person_kind.isin("company", "pool", "exchange") & resident


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def company_taxed(person_kind: Text, corporate_income_tax__taxed_here: Flag) -> Flag:
    """A resident company, or one of abroad with a permanent establishment."""
    return person_kind.isin("company", "pool", "exchange") & corporate_income_tax__taxed_here


@duty(name="corporate_income_tax.return", due="corporate_income_tax.return_due", amount=None,
      cite="tax-code-2025:359", per="year", since="2026-01-01")  # fmt: skip
@duty(name="corporate_income_tax.return", due="corporate_income_tax.return_due", amount=None,
      cite="tax-code-2017:315.1", per="year", since="2018-01-01")  # fmt: skip
def corporate_return(company_taxed: Flag) -> Flag:
    return company_taxed


@duty(name="corporate_income_tax.payment", due="corporate_income_tax.payment_due", amount="corporate_income_tax.tax",
      cite="pwc-2024", by="tax-code-2017", per="year", since="2018-01-01", basis="secondary")  # fmt: skip
def corporate_payment(company_taxed: Flag, corporate_income_tax__tax: Money) -> Flag:
    return company_taxed & (corporate_income_tax__tax > 0)


@duty(name="corporate_income_tax.branch_payment", due="corporate_income_tax.branch_payment_due",
      amount="corporate_income_tax.branch_profit_tax",
      cite="tax-code-2025:357", per="year", since="2026-01-01")  # fmt: skip
def branch_payment(company_taxed: Flag, corporate_income_tax__branch_profit_tax: Money) -> Flag:
    return company_taxed & (corporate_income_tax__branch_profit_tax > 0)


# ---- value added tax -----------------------------------------------------------------------------------------------
@rule(cite="salyq:coverage", by="salyq", per="quarter", date="quarter_end", since="2018-01-01", basis="convention")
def pays_vat(
    vat_payer: Flag, company_covered: Flag, person_kind: Text, value_added_tax__no_vat_by_regime: Flag
) -> Flag:
    """Stated to pay VAT: a company, or a sole proprietor whose regime does not free it."""
    concerned = company_covered | (person_kind == "sole_proprietor")
    return concerned & when(given(vat_payer), vat_payer, lift(False, "flag")) & ~value_added_tax__no_vat_by_regime


@duty(name="value_added_tax.return", due="value_added_tax.return_due", amount=None,
      cite="tax-code-2025:505", per="quarter", date="quarter_end", since="2026-01-01")  # fmt: skip
@duty(name="value_added_tax.return", due="value_added_tax.return_due", amount=None,
      cite="tax-code-2017", per="quarter", date="quarter_end", since="2018-01-01", basis="reconstruction")  # fmt: skip
def vat_return(pays_vat: Flag) -> Flag:
    return pays_vat


@duty(name="value_added_tax.payment", due="value_added_tax.payment_due", amount="value_added_tax.tax",
      cite="tax-code-2025:506", per="quarter", date="quarter_end", since="2026-01-01")  # fmt: skip
@duty(name="value_added_tax.payment", due="value_added_tax.payment_due", amount="value_added_tax.tax",
      cite="tax-code-2017", per="quarter", date="quarter_end", since="2018-01-01", basis="reconstruction")  # fmt: skip
def vat_payment(pays_vat: Flag, value_added_tax__tax: Money) -> Flag:
    return pays_vat & (value_added_tax__tax > 0)
