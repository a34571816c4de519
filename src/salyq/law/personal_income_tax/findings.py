"""What a person should know beside the figures of personal income tax: assumptions made, facts not stated."""

from __future__ import annotations

from salyq.law.facts import Acquisition, Disposal, Match, Sale
from salyq.rulebook.nodes import (
    Election,
    Flag,
    Money,
    Multiple,
    Rows,
    Set,
    Text,
    Worth,
    choose,
    given,
    known_or,
    lift,
    rounded,
    stated_or_zero,
    when,
)
from salyq.rulebook.rules import finding, rule

DEALS = ("sell", "swap_out", "spend")
REWARDS = ("staked", "airdrop", "fork", "interest")


# ---- assumptions about sales ---------------------------------------------------------------------------------------
@finding(
    cite="salyq:source-of-sale",
    by="salyq",
    per="sale",
    date="day",
    since="2023-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
    basis="convention",
)
def source_assumed(is_sale: Flag, account_stated: Flag) -> Flag:
    """The country of the selling account is not stated, so the election `source_of_sale` decides (semantics 20)."""
    return is_sale & ~account_stated


@finding(
    cite="salyq:swaps",
    by="salyq",
    per="sale",
    date="day",
    since="2023-01-01",
    until="2024-12-31",
    until_by="law-208-viii",
    basis="reconstruction",
)
@finding(cite="salyq:swaps", by="salyq", per="sale", date="day", since="2026-01-01", basis="reconstruction")
def swap_is_sale(kind: Text) -> Flag:
    """Outside article 332-1 no clause speaks of swaps: each is a sale (semantics 8)."""
    return kind == "swap_out"


@finding(cite="salyq:fee-in-asset", by="salyq", per="sale", date="day", since="2023-01-01", basis="convention")
def fee_in_asset_no_income(kind: Text, fee_in_asset: Election) -> Flag:
    """A fee paid in an asset is no sale unless so chosen."""
    unseen = choose(fee_in_asset, no_income=lift(True, "flag"), sale_at_value=lift(False, "flag"))
    return (kind == "fee") & unseen


@finding(cite="salyq:mixed-currencies", by="salyq", per="match", date="day", since="2023-01-01", basis="reconstruction")
@finding(
    cite="salyq:mixed-currencies", by="salyq", per="match", date="day", since="2026-01-01", basis="reconstruction"
)  # fmt: skip
def mixed_currencies(treatment: Text, cost_currency: Text, sale: Sale) -> Flag:
    """Cost and proceeds in different currencies, each converted on its own (semantics 7)."""
    return (treatment == "difference") & (cost_currency != sale.sale_worth.currency)


@finding(
    cite="salyq:mixed-currencies", by="law-208-viii", per="match", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025", basis="reconstruction", name="mixed_currencies",
)  # fmt: skip
def mixed_currencies_2025(treatment: Text, cost_currency: Text, sale: Sale, found: Flag, lot: Acquisition) -> Flag:
    """The same; where a leg is a stablecoin amount the article itself has each leg converted on its own day."""
    pegged = sale.sold_for_peg | when(found, lot.valued_in_tenge, lift(False, "flag"))
    return (treatment == "difference") & (cost_currency != sale.sale_worth.currency) & ~pegged


@rule(cite="salyq:stablecoins", by="salyq", per="match", date="day", since="2023-01-01", basis="reconstruction")
def lot_paid_in_peg(found: Flag, lot: Acquisition) -> Flag:
    """Was the lot bought with a stablecoin, or a stablecoin itself that came by a swap?"""
    return when(found, ~lot.value_is_money & ((lot.peg != "") | (lot.counter_peg != "")), lift(False, "flag"))


@rule(cite="salyq:stablecoins", by="salyq", per="disposal", date="day", since="2023-01-01", basis="reconstruction")
def cost_in_peg(matches: Rows[Match]) -> Flag:
    return matches.any(lambda m: m.lot_paid_in_peg)


@finding(cite="salyq:stablecoins", by="salyq", per="year", since="2023-01-01", basis="reconstruction")
def stablecoin_list_assumed(sales: Rows[Sale], disposals: Rows[Disposal]) -> Flag:
    """A coin counted as its currency, though the official list of such coins could not be read (U7)."""
    sold = sales.any(lambda s: s.kind.isin(*DEALS) & ((s.peg != "") | (s.counter_peg != "")))
    return sold | disposals.any(lambda d: d.cost_in_peg)


# ---- what came in free ---------------------------------------------------------------------------------------------
@finding(
    cite="salyq:free-receipts", by="salyq", per="acquisition", date="day", since="2023-01-01", basis="reconstruction"
)
def reward_no_income(kind: Text, income_on_receipt: Flag, taxed_earlier: Flag) -> Flag:
    """Rewards, airdrops and forks: no income on receipt; a reading to 2025, a choice from 2026."""
    return kind.isin(*REWARDS) & ~income_on_receipt & ~taxed_earlier


@finding(cite="tax-code-2025:405.1.5", per="acquisition", date="day", since="2026-01-01")
def reward_income(income_on_receipt: Flag) -> Flag:
    """What came free is income on receipt, and that value is its cost later (election `receipts`)."""
    return income_on_receipt


@finding(cite="tax-code-2025:389.6", per="acquisition", date="day", since="2026-01-01", severity="warning")
@finding(cite="tax-code-2017:332-1.10", by="law-208-viii", per="acquisition", date="day", since="2025-01-01",
         severity="warning")  # fmt: skip
@finding(cite="tax-code-2017:331.9.2", by="law-165-vii", per="acquisition", date="day", since="2023-01-01",
         severity="warning")  # fmt: skip
def gift_costs_nothing(kind: Text, taxed_earlier: Flag, valuer_report: Flag) -> Flag:
    """A deed or a certificate gives a gift or an inheritance no cost (389.6, 389.7). Whether a gift between individuals
    is no income when received, no article that was read says."""
    return kind.isin("gift_in", "inherited") & ~taxed_earlier & ~valuer_report


@finding(cite="order-492-2025", by="order-492-2025", per="match", date="day", since="2026-01-01", severity="warning")
def low_tax_by_list(found: Flag, lot: Acquisition, low_tax_states: Set) -> Flag:
    """The lot came to an account in a state of the list of low-tax states, though nobody said so: it cost nothing
    (389.5)."""
    listed = lot.account_country.isin(low_tax_states) & ~lot.low_tax_source
    return when(found, listed, lift(False, "flag"))


@finding(cite="tax-code-2025:389.7", per="acquisition", date="day", since="2026-01-01")
def valuer_report_in_time(kind: Text, valuer_report: Flag) -> Flag:
    """The report must be made by the day the return is due."""
    return (kind == "inherited") & valuer_report


@finding(cite="salyq:private-mining", by="salyq", per="acquisition", date="day", since="2023-04-01",
         basis="reconstruction", severity="warning")  # fmt: skip
def mined_without_business(mining_in_doubt: Flag) -> Flag:
    """Mined by somebody with neither a business nor a licence."""
    return mining_in_doubt


# ---- deductions and salary -----------------------------------------------------------------------------------------
@finding(cite="tax-code-2025:403", per="year", since="2026-01-01")
def deduction_not_claimed(base_deduction: Money, self_assessed_income: Money) -> Flag:
    """The base deduction may be unused, and would lower the tax."""
    return ~given(base_deduction) & _has(self_assessed_income)


@finding(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def salary_not_stated(employment_income_taxable: Money, self_assessed_income: Money) -> Flag:
    """Salary is added to the base where both together exceed the threshold; nothing was said of it."""
    return ~given(employment_income_taxable) & _has(self_assessed_income)


@finding(
    cite="salyq:deductions-before-2025",
    by="salyq",
    per="year",
    since="2018-01-01",
    until="2024-12-31",
    until_by="law-208-viii",
    basis="convention",
    severity="warning",
)
def deduction_not_applied(base_deduction: Money, social_deduction: Money) -> Flag:
    """A deduction was stated for a year in which no article that was read applies it to this income."""
    return stated_or_zero(base_deduction) + stated_or_zero(social_deduction) > 0


def _has(income: Money) -> Flag:
    """Is there income, or could there be?"""
    return known_or(income > 0, lift(True, "flag"))


@finding(cite="tax-code-2025:389.1", per="sale", date="day", since="2026-01-01")
def contribution_cap(kind: Text, capital_paid: Worth) -> Flag:
    """Income on a contribution to capital is capped at the capital that it pays, which was not stated (P26)."""
    return (kind == "contributed_out") & ~given(capital_paid)


@finding(
    cite="tax-code-2017:636.2",
    by="law-208-viii",
    per="year",
    since="2025-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def deduction_limit_not_read(base_deduction: Money, social_deduction: Money) -> Flag:
    """Deductions of 342.1 are applied as stated: their limits of 2025 were not read."""
    return stated_or_zero(base_deduction) + stated_or_zero(social_deduction) > 0


@finding(cite="tax-code-2025:682.1", per="year", since="2026-01-01", basis="reconstruction", severity="warning")
@finding(cite="tax-code-2017:646.1.1", per="year", since="2018-01-01", basis="reconstruction", severity="warning")
def non_resident_gross(non_resident_income: Money) -> Flag:
    """A non-resident's sale in Kazakhstan is taxed gross at the residual rate, by our reading (NR4)."""
    return _has(non_resident_income)


@finding(cite="salyq:proprietor", by="salyq", per="year", since="2018-01-01",
    until="2025-12-31", until_by="tax-code-2025",
         basis="reconstruction")  # fmt: skip
def proprietor_by_analogy(does_business: Flag) -> Flag:
    """A sole proprietor's business to 2025: no article was read; the rules of companies by analogy (U13)."""
    return does_business


@finding(cite="tax-code-2025:392", per="year", since="2026-01-01")
@finding(cite="tax-code-2017:643.2", per="year", since="2018-01-01")
def regime_assumed(regime_stated: Flag, does_business: Flag) -> Flag:
    """No regime was stated: the general one was applied (semantics 35)."""
    return does_business & ~regime_stated


@finding(cite="tax-code-2025:382.4", per="year", since="2026-01-01")
def own_coins_are_property(person_kind: Text, digital_asset_income: Money) -> Flag:
    """Coins outside the books of the business are the person's own: property income (SP7)."""
    return (person_kind == "sole_proprietor") & _has(digital_asset_income)


@finding(cite="tax-code-2025:363.3", per="year", since="2026-01-01")
def dividends_apart(dividends: Money) -> Flag:
    """Dividends have a scale of their own; whether they count towards the threshold of 411.1 was not read."""
    return stated_or_zero(dividends) > 0


@finding(cite="tax-code-2025:363.2", per="year", since="2026-01-01")
def practice_days_not_read(private_practice_income: Money) -> Flag:
    """The rate of a private practice was read, its days were not."""
    return stated_or_zero(private_practice_income) > 0


@finding(cite="tax-code-2017:331.1.8", by="law-208-viii", per="year", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025", basis="reconstruction")  # fmt: skip
def issuers_clause(digital_asset_income: Money) -> Flag:
    """Does "whose issuers are registered in Kazakhstan" limit digital assets? Read as not (T2)."""
    return _has(digital_asset_income)


@finding(cite="tax-code-2025:388.1", per="derivative", date="day", since="2026-01-01")
def derivative_by_delivery(in_money: Flag) -> Flag:
    """A derivative that ends in acquiring or selling the base asset follows it (T10)."""
    return ~in_money


@finding(cite="tax-code-2017:633.1", by="law-208-viii", per="year", since="2024-01-01",
    until="2025-12-31", until_by="tax-code-2025", severity="warning")  # fmt: skip
def citizenship_not_stated(citizen: Flag, resident: Flag, residence_known: Flag, holds_at_year_end: Flag) -> Flag:
    """A citizen who is no resident declares what is held on 31 December too (T6)."""
    return residence_known & ~resident & holds_at_year_end & ~given(citizen)


@finding(cite="tax-code-2017:332-1.9", by="law-208-viii", per="sale", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025")  # fmt: skip
def purpose_not_stated(kind: Text, purpose: Text, abroad: Flag, peg: Text) -> Flag:
    """What was paid for decides abroad, and for a stablecoin: it was not said (semantics 29)."""
    return (kind == "spend") & (purpose == "") & (abroad | (peg != ""))


@finding(cite="tax-code-2025:417.4.6", per="year", since="2026-01-01", severity="notice")
@finding(
    cite="tax-code-2017:634.4.4",
    by="law-208-viii",
    per="year",
    since="2025-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
    severity="notice",
)
def officials_show_deals(public_official: Flag) -> Flag:
    """Officials, and others whom the law lists, show purchases and sales of digital assets in the return."""
    return given(public_official) & public_official


@finding(cite="tax-code-2025:404", per="year", since="2026-01-01", severity="warning")
def social_ground_not_stated(
    social_deduction: Money, social_deduction_ground: Text, social_deduction_limit_other: Multiple, mci_january: Money
) -> Flag:
    """More was stated than any ground but disability of groups I and II gives."""
    more = given(social_deduction) & (social_deduction > rounded(social_deduction_limit_other * mci_january))
    return more & ~given(social_deduction_ground)
