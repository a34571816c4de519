"""A company's gains and losses: old code 226, 241, 242; new code 255, 326, 342."""

from __future__ import annotations

from salyq.law.amounts import grain, in_tenge, quoted
from salyq.law.facts import Acquisition, Derivative, Disposal, Match, Sale
from salyq.rulebook.nodes import (
    Count,
    Day,
    Election,
    Flag,
    Money,
    Quantity,
    Rows,
    Text,
    Worth,
    bounded,
    choose,
    doubt,
    floor0,
    given,
    lift,
    lookup,
    part,
    rounded,
    smallest,
    when,
    worth,
)
from salyq.rulebook.rules import figure, rule


# ---- one match: excluded or not ------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:326.1", per="sale", date="day", since="2026-01-01")
def is_company_sale(kind: Text) -> Flag:
    """Deals and contributions to capital; gifts, losses and fees in an asset are none."""
    return kind.isin("sell", "swap_out", "spend", "contributed_out")


@rule(cite="tax-code-2017:226", per="sale", date="day", since="2018-01-01", name="is_company_sale")
def is_company_sale_before_2026(kind: Text) -> Flag:
    return kind.isin("sell", "swap_out", "spend")


@rule(cite="tax-code-2025:255.1.2", per="match", date="day", since="2026-01-01")
def company_treatment(sale: Sale, found: Flag, lot: Acquisition, mined_before_2026: Election) -> Text:
    """Coins whose mining income was computed are out of the gain article (326.4)."""
    old = choose(mined_before_2026, excluded=lift("excluded", "text"), gain_over_taxed_value=lift("over_taxed", "text"))
    mined = when(lot.mined_before_2026_code, old, "excluded")
    taxed = when(found, lot.taxed_when_mined, lift(False, "flag"))
    return when(sale.is_company_sale, when(taxed, mined, "difference"), "no_sale")


@rule(cite="tax-code-2017:226", per="match", date="day", since="2018-01-01", name="company_treatment")
@rule(
    cite="tax-code-2017:241.1.11-1", by="law-196-vii", per="match", date="day", since="2023-04-01",
    name="company_treatment",
)  # fmt: skip
def company_treatment_before_2026(sale: Sale, found: Flag, lot: Acquisition) -> Text:
    taxed = when(found, lot.taxed_when_mined, lift(False, "flag"))
    return when(sale.is_company_sale, when(taxed, "excluded", "difference"), "no_sale")


@rule(
    cite="salyq:mined-before-2026",
    by="salyq",
    per="acquisition",
    date="day",
    since="2009-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
    basis="reconstruction",
)
def mined_before_2026_code() -> Flag:
    return lift(True, "flag")


@rule(cite="tax-code-2025:325.1", per="acquisition", date="day", since="2026-01-01", name="mined_before_2026_code")
def mined_under_new_code() -> Flag:
    return lift(False, "flag")


@rule(cite="tax-code-2025:326.1", per="sale", date="day", since="2026-01-01")
def company_sale_worth(kind: Text, given_worth: Worth, capital_paid: Worth) -> Worth:
    """The sale value; of a contribution the value at which it was made, but no more than the capital that it pays."""
    paid = worth(smallest(given_worth.amount, capital_paid.amount), given_worth.currency)
    capped = when(capital_paid.currency == given_worth.currency, paid, given_worth)
    return when((kind == "contributed_out") & given(capital_paid), capped, given_worth)


@rule(cite="tax-code-2017:226", per="sale", date="day", since="2018-01-01", name="company_sale_worth")
def company_sale_worth_before_2026(given_worth: Worth) -> Worth:
    return given_worth


@rule(cite="salyq:parts", by="salyq", per="match", date="day", since="2018-01-01", basis="convention")
def company_proceeds(sale: Sale, y0: Quantity, y1: Quantity) -> Money:
    """The part of the proceeds that falls to this match, in tenge of the day of sale."""
    currency = sale.company_sale_worth.currency
    own = part(sale.company_sale_worth.amount, sale.quantity, y0, y1, grain(currency))
    return in_tenge(own, currency, sale.sale_day_rate)


@rule(cite="salyq:parts", by="salyq", per="match", date="day", since="2018-01-01", basis="convention")
def company_match_cost(found: Flag, lot: Acquisition, x0: Quantity, x1: Quantity, company_proceeds: Money) -> Money:
    """The part of the cost, in tenge of the day of purchase. Not known: from the proceeds down to nothing."""
    none, tiyn = lift(0, "KZT"), lift(1, "count")
    cost = part(lot.company_cost.amount, lot.quantity, x0, x1, grain(lot.company_cost.currency))
    fee = part(lot.foreign_fee_tenge, lot.quantity, x0, x1, tiyn)
    pool = part(lot.company_cost_tenge, lot.quantity, x0, x1, tiyn)
    own = when(lot.pool, pool, in_tenge(cost, lot.company_cost.currency, lot.purchase_day_rate) + fee)
    return when(found, bounded(own, company_proceeds, none), doubt("missing_acquisition", company_proceeds, none))


@rule(cite="tax-code-2025:325.1", per="match", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.1", by="law-196-vii", per="match", date="day", since="2023-04-01")
@rule(cite="tax-code-2017:226", per="match", date="day", since="2018-01-01")
def taxed_value_part(lot: Acquisition, x0: Quantity, x1: Quantity) -> Money:
    """The part of the value taken to income when the coin was mined."""
    return part(lot.mined_income, lot.quantity, x0, x1, lift(1, "count"))


@rule(cite="tax-code-2025:326.1", per="disposal", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:226", per="disposal", date="day", since="2018-01-01")
def disposal_result(first: Match, matches: Rows[Match]) -> Money:
    """Sale value − cost of one disposal, over all its lots: a gain or a loss."""
    over_taxed = matches.sum(lambda m: m.company_proceeds - m.taxed_value_part)
    own = matches.sum(lambda m: m.company_proceeds - m.company_match_cost)
    treatment = first.company_treatment
    return when(treatment == "excluded", lift(0, "KZT"), when(treatment == "over_taxed", floor0(over_taxed), own))


# ---- the year: trading ---------------------------------------------------------------------------------------------
@figure(cite="tax-code-2025:326.1", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:226", per="year", since="2018-01-01")
def trading_gain(disposals: Rows[Disposal]) -> Money:
    return disposals.sum(lambda d: bounded(floor0(d.disposal_result), lift(0, "KZT"), None))


@rule(cite="tax-code-2025:326.5", per="year", since="2026-01-01")
def contribution_gain(disposals: Rows[Disposal]) -> Money:
    """Gains on contributions to capital: losses reduce gains on sale alone."""
    contributed = disposals.where(lambda d: d.sale.kind == "contributed_out")
    return contributed.sum(lambda d: bounded(floor0(d.disposal_result), lift(0, "KZT"), None))


@figure(cite="tax-code-2025:326.5", per="year", since="2026-01-01", falls=True)
@figure(cite="tax-code-2017:242", per="year", since="2018-01-01", falls=True)
def trading_loss(disposals: Rows[Disposal]) -> Money:
    return disposals.sum(lambda d: bounded(floor0(lift(0, "KZT") - d.disposal_result), None, lift(0, "KZT")))


# ---- derivatives ---------------------------------------------------------------------------------------------------
@rule(cite="salyq:company-rate", by="salyq", per="derivative", date="day", since="2018-01-01", basis="reconstruction")
def derivative_received(worth: Worth, in_money: Flag, settled: Quantity, asset: Text, day: Day) -> Worth:
    """The result in money, or what the assets received are worth that day."""
    return when(in_money, worth, quoted(settled, "market", asset, day, 0))


@rule(cite="tax-code-2025:342", per="derivative", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:226", per="derivative", date="day", since="2018-01-01", basis="reconstruction")
def derivative_result(derivative_received: Worth, day: Day, stale_days: Count) -> Money:
    working = lookup("last_working_day", day, unit="day")
    rate = lookup("market_rate", derivative_received.currency, working, stale_days, unit="rate")
    return rounded(derivative_received.amount * rate)


@figure(cite="tax-code-2025:342", per="year", since="2026-01-01", name="derivative_income", quiet=True)
def company_derivative_income(derivative_year_result: Money, derivative_losses_usable: Money) -> Money:
    """Losses on derivatives reduce gains on derivatives only: those of the year, then those brought."""
    return floor0(derivative_year_result - derivative_losses_usable)


@rule(cite="tax-code-2025:342", per="year", since="2026-01-01")
def derivative_year_result(derivatives: Rows[Derivative]) -> Money:
    """Gains less losses of derivatives closed in the year."""
    return derivatives.sum(lambda d: d.derivative_result)


@figure(cite="tax-code-2017:226", per="year", since="2018-01-01", name="derivative_income", quiet=True)
def company_derivative_income_before_2026(derivatives: Rows[Derivative]) -> Money:
    return derivatives.sum(lambda d: d.derivative_result)
