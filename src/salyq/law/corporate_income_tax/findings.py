"""What a company should know beside the figures of corporate income tax: readings taken, expenses left out."""

from __future__ import annotations

from salyq.law.facts import Acquisition, Disposal, Expense, Match, Sale
from salyq.rulebook.nodes import (
    Count,
    Flag,
    Money,
    Multiple,
    Ratio,
    Rows,
    Set,
    Text,
    Worth,
    given,
    lift,
    rounded,
    stated_or_zero,
    when,
)
from salyq.rulebook.rules import finding, rule

NO_RUNNING_COST = ("equipment", "tax", "pool_service")


# ---- expenses ------------------------------------------------------------------------------------------------------
@finding(cite="salyq:expenses", by="salyq", per="expense", date="day", since="2018-01-01", basis="reconstruction")
def tax_not_deducted(category: Text) -> Flag:
    """Taxes among the expenses are not deducted (semantics 15)."""
    return category == "tax"


@finding(cite="salyq:expenses", by="salyq", per="expense", date="day", since="2023-04-01", basis="convention")
def activity_assumed(mining: Flag, activity_stated: Flag) -> Flag:
    """No activity was stated: of whoever mines then, an expense counts as one of mining (semantics 34)."""
    return mining & ~activity_stated


@finding(cite="salyq:expenses", by="salyq", per="expense", date="day", since="2018-01-01", basis="reconstruction")
def equipment_not_deducted(category: Text) -> Flag:
    """Equipment is capital: only its depreciation is deducted (semantics 15)."""
    return category == "equipment"


@finding(
    cite="salyq-brief:6",
    by="salyq-brief",
    per="year",
    since="2024-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
    basis="convention",
)
def mining_expenses_two_readings(expenses: Rows[Expense]) -> Flag:
    """The brief denies all expenses of mining, article 264 only the pool's services; a choice decides."""
    return expenses.any(lambda e: e.mining & ~e.category.isin(*NO_RUNNING_COST))


@finding(
    cite="salyq:off-exchange-costs",
    by="law-196-vii",
    per="year",
    since="2023-01-01",
    until="2023-12-31",
    until_by="law-45-viii",
    basis="reconstruction",
)
def off_exchange_costs_denied(off_exchange_share: Ratio) -> Flag:
    """Mining costs of coins sold off an AIFC exchange were denied by share of value (semantics 14)."""
    return off_exchange_share > 0


# ---- coins ---------------------------------------------------------------------------------------------------------
@finding(
    cite="salyq:value-before-order",
    by="salyq",
    per="acquisition",
    date="day",
    since="2023-04-01",
    until="2023-06-22",
    until_by="order-578-2023",
    basis="reconstruction",
)
def official_value_before_order(kind: Text) -> Flag:
    """Mined while the article was in force and the order on values was not yet made (U5)."""
    return kind == "mined"


@finding(cite="tax-code-2025:325.4", per="acquisition", date="day", since="2026-01-01")
@finding(cite="order-578-2023", by="order-578-2023", per="acquisition", date="day", since="2023-06-23")
def asset_not_on_value_list(kind: Text, asset: Text, value_list: Set) -> Flag:
    """Distributed, though no official value of it is published (V3, V4, V6)."""
    return (kind == "mined") & ~asset.isin(value_list)


@finding(
    cite="salyq:mined-before-2026", by="salyq", per="match", date="day", since="2026-01-01", basis="reconstruction"
)
def mined_before_2026_excluded(company_treatment: Text, found: Flag, lot: Acquisition) -> Flag:
    """Taxed under article 227-1, sold under the new code: treated as coins of article 325 (semantics 13)."""
    old = when(found, lot.mined_before_2026_code, lift(False, "flag"))
    return (company_treatment == "excluded") & old


@finding(cite="salyq:lot-order", by="salyq", per="year", since="2018-01-01", basis="reconstruction")
def lot_order_by_policy(disposals: Rows[Disposal]) -> Flag:
    """No article orders a company's identical units: its accounting policy decides (C-T3)."""
    return disposals.any(lambda d: d.first.company_treatment.isin("difference", "over_taxed"))


@finding(cite="salyq:swaps", by="salyq", per="sale", date="day", since="2018-01-01", basis="reconstruction")
def swap_is_sale(kind: Text) -> Flag:
    """No clause speaks of a company's swaps: each is a sale (semantics 8)."""
    return kind == "swap_out"


@rule(cite="salyq:stablecoins", by="salyq", per="match", date="day", since="2018-01-01", basis="reconstruction")
def company_lot_paid_in_peg(found: Flag, lot: Acquisition) -> Flag:
    return when(found, ~lot.value_is_money & ((lot.peg != "") | (lot.counter_peg != "")), lift(False, "flag"))


@rule(cite="salyq:stablecoins", by="salyq", per="disposal", date="day", since="2018-01-01", basis="reconstruction")
def company_cost_in_peg(matches: Rows[Match]) -> Flag:
    return matches.any(lambda m: m.company_lot_paid_in_peg)


@finding(cite="salyq:stablecoins", by="salyq", per="year", since="2018-01-01", basis="reconstruction")
def stablecoin_list_assumed(sales: Rows[Sale], disposals: Rows[Disposal]) -> Flag:
    """A coin counted as its currency, though the official list of such coins could not be read (U7)."""
    sold = sales.any(lambda s: s.is_company_sale & ((s.peg != "") | (s.counter_peg != "")))
    return sold | disposals.any(lambda d: d.company_cost_in_peg)


@finding(cite="tax-code-2025:326.1", per="sale", date="day", since="2026-01-01")
def contribution_cap(kind: Text, capital_paid: Worth) -> Flag:
    """Income on a contribution to capital is capped at the capital that it pays, which was not stated (326.1.2)."""
    return (kind == "contributed_out") & ~given(capital_paid)


@finding(cite="tax-code-2025:326.5", per="loss", since="2026-01-01", severity="warning")
def no_digital_losses_before_2026(kind: Text, year: Count, digital_losses_since: Count) -> Flag:
    """Losses on digital assets of years before 2026 do not exist apart: they were business losses."""
    return (kind == "digital_assets") & (year < digital_losses_since)


@finding(cite="tax-code-2025:342", per="loss", since="2026-01-01", severity="warning")
def no_derivative_losses_before_2026(kind: Text, year: Count, derivative_losses_since: Count) -> Flag:
    """Losses on derivatives of years before 2026 were part of the business loss, not ring-fenced."""
    return (kind == "derivatives") & (year < derivative_losses_since)


@finding(cite="tax-code-2025:65.3", per="year", since="2026-01-01")
def loss_usable_for_years(loss_carried_forward: Money) -> Flag:
    """A loss on digital assets lives as long as the limitation period (326.5, 65.2-65.3)."""
    return loss_carried_forward > 0


@finding(
    cite="pwc-2024",
    by="tax-code-2017",
    per="year",
    since="2018-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
    basis="secondary",
)
@finding(cite="pwc-2024", by="tax-code-2025", per="year", since="2026-01-01", basis="reconstruction")
def advance_payments(tax: Money, income_year_before_last: Money) -> Flag:
    """The payment shown is the final one; advance payments may fall due within the year (C-F3): it is not stated what
    the income of the year before last was."""
    return (tax > 0) & ~given(income_year_before_last)


@finding(cite="pwc-2024", by="tax-code-2017", per="year", since="2018-01-01",
    until="2025-12-31", until_by="tax-code-2025", basis="secondary", severity="warning")  # fmt: skip
def advances_owed(income_year_before_last: Money, advances_from: Multiple, mci_january: Money) -> Flag:
    """None where the income of the year before last was under the limit; their amount is in no article that was
    read."""
    owed = income_year_before_last >= rounded(advances_from * mci_january)
    return given(income_year_before_last) & owed


@finding(cite="tax-code-2025:326.4", per="year", since="2026-01-01", basis="reconstruction")
def miner_bought_coins(payouts: Rows[Acquisition], disposals: Rows[Disposal]) -> Flag:
    """Article 326 is not applied by persons who mine; coins that they bought are taken as anybody's (T8)."""
    return (payouts.count() > 0) & disposals.any(lambda d: d.first.company_treatment == "difference")


@finding(cite="tax-code-2025:339", per="year", since="2026-01-01")
def sums_of_the_year_before(business_losses_brought: Money, digital_asset_losses_brought: Money) -> Flag:
    """Losses were stated as a sum: taken as losses of the year before (semantics 33)."""
    return stated_or_zero(business_losses_brought) + stated_or_zero(digital_asset_losses_brought) > 0


@finding(cite="tax-code-2017:300.1", per="year", since="2018-01-01", until="2025-12-31", until_by="tax-code-2025",
         name="sums_of_the_year_before")  # fmt: skip
def sum_of_the_year_before(business_losses_brought: Money) -> Flag:
    return stated_or_zero(business_losses_brought) > 0
