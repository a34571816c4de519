"""Corporate income tax of companies that mine or trade: old code 227-1, 241, 264, 313; new code 255, 325-327, 357."""

from __future__ import annotations

from salyq.law.facts import Acquisition, Charge, Derivative, Disposal, Expense, Match, Sale, grain, in_tenge
from salyq.rulebook.nodes import (
    Amount,
    Count,
    Day,
    Election,
    Flag,
    Money,
    Quantity,
    Rate,
    Ratio,
    Rows,
    Text,
    Worth,
    bounded,
    choose,
    doubt,
    floor0,
    lift,
    lookup,
    part,
    rounded,
    stated_or_zero,
    unknown,
    when,
    worth,
)
from salyq.rulebook.rules import figure, rule

FREE = ("staked", "airdrop", "fork", "interest", "gift_in", "inherited")


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(person_kind: Text) -> Flag:
    return person_kind.isin("company", "sole_proprietor", "pool", "exchange")


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered(person_kind: Text, resident: Flag) -> Text:
    """Why this person's tax is not computed yet; empty where it is."""
    return when(
        person_kind == "pool",
        "not_covered_pool",
        when(
            person_kind == "exchange",
            "not_covered_exchange",
            when(
                person_kind == "sole_proprietor",
                "not_covered_sole_proprietor",
                when(~resident, "not_covered_non_resident", ""),
            ),
        ),
    )


# ---- mining income -------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:325.1", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.1", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def mined_income(pool_: Flag, pool_tenge: Amount, solo: Flag, distributed_value: Money) -> Money:
    """Income of one distribution; coins found without a pool are in no article (C-M6). In a moving average: of the
    distributions that it is made of."""
    own = when(solo, unknown("mined_without_pool", unit="KZT"), distributed_value)
    return when(pool_, rounded(pool_tenge * lift(1, "rate")), own)


@rule(cite="tax-code-2017:226", per="acquisition", date="day", since="2018-01-01", name="mined_income")
def mined_income_before_april_2023() -> Money:
    """No income on receipt under general rules: the proceeds are income later (semantics 13)."""
    return lift(0, "KZT")


@rule(cite="tax-code-2025:325.1", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.1", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def taxed_when_mined(kind: Text) -> Flag:
    """Was the coin's value taken to income on distribution?"""
    return kind == "mined"


@rule(cite="tax-code-2017:226", per="acquisition", date="day", since="2018-01-01", name="taxed_when_mined")
def not_taxed_when_mined() -> Flag:
    return lift(False, "flag")


@figure(cite="tax-code-2025:325.1", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:227-1.1", by="law-196-vii", per="year", since="2018-01-01")
def mining_income(payouts: Rows[Acquisition]) -> Money:
    """Σ quantity distributed × official value of its day; the pool's commission is not the miner's income."""
    return payouts.sum(lambda p: p.mined_income)


@rule(cite="salyq:lot-order", by="salyq", per="acquisition", date="day", since="2018-01-01", basis="convention")
def lot_class(taxed_when_mined: Flag, mined_before_2026_code: Flag) -> Text:
    """Coins that law treats alike share a moving average; unlike ones never do."""
    return when(taxed_when_mined, when(mined_before_2026_code, "mined_to_2025", "mined_from_2026"), "")


# ---- cost of a lot -------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:326.3", per="acquisition", date="law_day", since="2026-01-01")
@rule(cite="tax-code-2017:242", per="acquisition", date="law_day", since="2018-01-01")
def company_cost(
    pool: Flag, kind: Text, value: Worth, documented: Flag, received_worth: Worth, purchase_fee: Worth
) -> Worth:
    """Actual purchase costs, the fee of the purchase in them (semantics 10); value taken to income if free."""
    both = worth(received_worth.amount + purchase_fee.amount, received_worth.currency)
    bought = when(purchase_fee.currency == received_worth.currency, both, received_worth)
    known = when(kind == "transfer_in", unknown("missing_acquisition", unit="worth"), bought)
    nothing = worth(lift(0, "amount"), "KZT")
    return when(pool, value, when((kind == "mined") | ~documented, nothing, known))


@rule(cite="salyq:company-rate", by="salyq", per="acquisition", date="day", since="2018-01-01", basis="reconstruction")
def purchase_day_rate(company_cost: Worth, day: Day, stale_days: Count) -> Rate:
    """A company's cost at the market rate of its own day (semantics 7)."""
    working = lookup("last_working_day", day, unit="day")
    return lookup("market_rate", company_cost.currency, working, stale_days, unit="rate")


@rule(cite="salyq:company-rate", by="salyq", per="acquisition", date="day", since="2018-01-01", basis="reconstruction")
def foreign_fee_tenge(company_cost: Worth, purchase_fee: Worth, day: Day, stale_days: Count) -> Money:
    """The fee of a purchase in another currency than its price; part of the cost all the same."""
    working = lookup("last_working_day", day, unit="day")
    rate = lookup("market_rate", purchase_fee.currency, working, stale_days, unit="rate")
    apart = (purchase_fee.amount > 0) & (purchase_fee.currency != company_cost.currency)
    return when(apart, rounded(purchase_fee.amount * rate), lift(0, "KZT"))


@rule(
    cite="salyq:company-rate", by="salyq", per="acquisition", date="law_day", since="2018-01-01", basis="reconstruction"
)
def company_cost_tenge(
    pool: Flag, company_cost: Worth, purchase_day_rate: Rate, foreign_fee_tenge: Money, pool_tenge: Amount
) -> Money:
    """The whole cost of a lot in tenge."""
    own = in_tenge(company_cost.amount, company_cost.currency, purchase_day_rate) + foreign_fee_tenge
    return when(pool, rounded(pool_tenge * lift(1, "rate")), own)


@rule(cite="tax-code-2025:326.3", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:226", per="acquisition", date="day", since="2018-01-01")
def free_receipt_income(received_worth: Worth, day: Day, stale_days: Count) -> Money:
    """What is received free is income at its value, and that value is its cost (semantics 11)."""
    working = lookup("last_working_day", day, unit="day")
    return rounded(
        received_worth.amount * lookup("market_rate", received_worth.currency, working, stale_days, unit="rate")
    )


@figure(cite="tax-code-2025:326.3", per="year", since="2026-01-01", quiet=True)
@figure(cite="tax-code-2017:226", per="year", since="2018-01-01", quiet=True)
def free_receipts(receipts: Rows[Acquisition]) -> Money:
    return receipts.where(lambda r: r.kind.isin(*FREE)).sum(lambda r: r.free_receipt_income)


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


@rule(
    cite="tax-code-2017:241.1.11-1",
    by="law-196-vii",
    per="match",
    date="day",
    since="2018-01-01",
    name="company_treatment",
)
def company_treatment_before_2026(sale: Sale, found: Flag, lot: Acquisition) -> Text:
    taxed = when(found, lot.taxed_when_mined, lift(False, "flag"))
    return when(sale.is_company_sale, when(taxed, "excluded", "difference"), "no_sale")


@rule(
    cite="salyq:mined-before-2026",
    by="salyq",
    per="acquisition",
    date="day",
    since="2018-01-01",
    until="2025-12-31",
    basis="reconstruction",
)
def mined_before_2026_code() -> Flag:
    return lift(True, "flag")


@rule(cite="tax-code-2025:325.1", per="acquisition", date="day", since="2026-01-01", name="mined_before_2026_code")
def mined_under_new_code() -> Flag:
    return lift(False, "flag")


@rule(cite="salyq:parts", by="salyq", per="match", date="day", since="2018-01-01", basis="convention")
def company_proceeds(sale: Sale, y0: Quantity, y1: Quantity) -> Money:
    """The part of the proceeds that falls to this match, in tenge of the day of sale."""
    currency = sale.given_worth.currency
    own = part(sale.given_worth.amount, sale.quantity, y0, y1, grain(currency))
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


@rule(cite="tax-code-2025:325.1", per="match", date="day", since="2018-01-01", by="tax-code-2017")
def taxed_value_part(lot: Acquisition, x0: Quantity, x1: Quantity) -> Money:
    """The part of the value taken to income when the coin was mined."""
    return part(lot.mined_income, lot.quantity, x0, x1, lift(1, "count"))


@rule(cite="tax-code-2025:326.1", per="disposal", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:226", per="disposal", date="day", since="2018-01-01")
def disposal_result(treatment: Text, matches: Rows[Match]) -> Money:
    """Sale value − cost of one disposal, over all its lots: a gain or a loss."""
    over_taxed = matches.sum(lambda m: m.company_proceeds - m.taxed_value_part)
    own = matches.sum(lambda m: m.company_proceeds - m.company_match_cost)
    return when(treatment == "excluded", lift(0, "KZT"), when(treatment == "over_taxed", floor0(over_taxed), own))


# ---- the year: trading ---------------------------------------------------------------------------------------------
@figure(cite="tax-code-2025:326.1", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:226", per="year", since="2018-01-01")
def trading_gain(disposals: Rows[Disposal]) -> Money:
    return disposals.sum(lambda d: floor0(d.disposal_result))


@figure(cite="tax-code-2025:326.5", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:242", per="year", since="2018-01-01")
def trading_loss(disposals: Rows[Disposal]) -> Money:
    return disposals.sum(lambda d: floor0(lift(0, "KZT") - d.disposal_result))


@figure(cite="tax-code-2025:326.5", per="year", since="2026-01-01")
def trading_income(trading_gain: Money, trading_loss: Money, digital_asset_losses_brought: Money) -> Money:
    """Losses reduce gains on digital assets of the same year, then losses brought forward of 2026 and later."""
    return floor0(trading_gain - trading_loss - stated_or_zero(digital_asset_losses_brought))


@figure(cite="tax-code-2017:226", per="year", since="2018-01-01", name="trading_income")
def trading_income_before_2026(trading_gain: Money, trading_loss: Money) -> Money:
    """Ordinary income and deductions: below zero it is part of the business loss, not ring-fenced (C-T1e)."""
    return trading_gain - trading_loss


@figure(cite="tax-code-2025:326.5", per="year", since="2026-01-01")
def loss_carried_forward(trading_gain: Money, trading_loss: Money, digital_asset_losses_brought: Money) -> Money:
    """Usable against gains on digital assets only, within the limitation period (65.2-65.3)."""
    return floor0(trading_loss + stated_or_zero(digital_asset_losses_brought) - trading_gain)


@figure(cite="tax-code-2017:300.1", per="year", since="2018-01-01", name="loss_carried_forward")
def loss_carried_forward_before_2026(business_loss: Money) -> Money:
    """Before 2026 a trading loss is part of the business loss."""
    return business_loss


# ---- derivatives ---------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:342", per="derivative", date="day", since="2018-01-01", by="tax-code-2017")
def derivative_result(worth: Worth, day: Day, stale_days: Count) -> Money:
    working = lookup("last_working_day", day, unit="day")
    return rounded(worth.amount * lookup("market_rate", worth.currency, working, stale_days, unit="rate"))


@figure(cite="tax-code-2025:342", per="year", since="2026-01-01", name="derivative_income", quiet=True)
def company_derivative_income(derivatives: Rows[Derivative]) -> Money:
    """Losses on derivatives reduce gains on derivatives only."""
    return floor0(derivatives.sum(lambda d: d.derivative_result))


@figure(cite="tax-code-2017:226", per="year", since="2018-01-01", name="derivative_income", quiet=True)
def company_derivative_income_before_2026(derivatives: Rows[Derivative]) -> Money:
    return derivatives.sum(lambda d: d.derivative_result)


# ---- expenses ------------------------------------------------------------------------------------------------------
def _running(e: Expense) -> Flag:
    """Running costs: equipment is capital and taxes are not deducted, in any period (semantics 15)."""
    return ~e.category.isin("equipment", "tax")


def _mining_running(e: Expense) -> Flag:
    return _running(e) & e.mining & (e.category != "pool_service")


@rule(cite="salyq:expenses", by="salyq", per="year", since="2018-01-01", basis="reconstruction")
def running_expenses(expenses: Rows[Expense]) -> Money:
    return expenses.where(_running).sum(lambda e: e.expense_tenge)


@rule(cite="tax-code-2025:327", per="expense", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:264.1-2", by="law-196-vii", per="expense", date="day", since="2023-04-01")
def pool_service_denied(category: Text) -> Flag:
    """The miner's costs for services of the pool."""
    return category == "pool_service"


@rule(cite="tax-code-2017:264", per="expense", date="day", since="2018-01-01", name="pool_service_denied")
def pool_service_not_denied() -> Flag:
    return lift(False, "flag")


@rule(cite="tax-code-2017:264.1-1", by="law-196-vii", per="year", since="2023-01-01", until="2023-12-31")
def off_exchange_share(payouts: Rows[Acquisition], disposals: Rows[Disposal]) -> Ratio:
    """Value taken to income of coins mined and sold off an AIFC exchange ÷ mining income (semantics 14)."""
    sold = disposals.where(lambda d: (d.treatment == "excluded") & ~d.sale.aifc_exchange).sum(
        lambda d: d.taxed_value_sold
    )
    income = payouts.sum(lambda p: p.mined_income)
    return when(income > 0, sold / income, lift(0, "ratio"))


@rule(cite="tax-code-2017:264.1-1", by="law-196-vii", per="disposal", date="day", since="2018-01-01")
def taxed_value_sold(matches: Rows[Match]) -> Money:
    """Value taken to income of the coins of this disposal that were mined in the same year."""
    return matches.where(lambda m: m.mined_this_year).sum(lambda m: m.taxed_value_part)


@figure(cite="tax-code-2025:327", per="year", since="2026-01-01", name="denied_expenses")
def denied_expenses_2026(expenses: Rows[Expense], mining_expenses: Election) -> Money:
    pool = expenses.where(lambda e: e.pool_service_denied).sum(lambda e: e.expense_tenge)
    return choose(mining_expenses, text=pool)


@figure(cite="tax-code-2017:264.1-2", by="law-45-viii", per="year", since="2024-01-01", until="2025-12-31")
def denied_expenses(expenses: Rows[Expense], mining_expenses: Election) -> Money:
    """Reading "text": pool services; reading "brief": all expenses of mining."""
    pool = expenses.where(lambda e: e.pool_service_denied).sum(lambda e: e.expense_tenge)
    others = expenses.where(_mining_running).sum(lambda e: e.expense_tenge)
    return choose(mining_expenses, brief=pool + others, text=pool)


@figure(
    cite="tax-code-2017:264.1-1", by="law-196-vii", per="year", since="2023-01-01", until="2023-12-31",
    name="denied_expenses",
)  # fmt: skip
def denied_expenses_2023(expenses: Rows[Expense], off_exchange_share: Ratio) -> Money:
    """From April: pool services, and the share of mining costs of coins sold off an AIFC exchange."""
    pool = expenses.where(lambda e: e.pool_service_denied).sum(lambda e: e.expense_tenge)
    others = expenses.where(lambda e: _mining_running(e) & e.april_to_december).sum(lambda e: e.expense_tenge)
    return pool + rounded(others * off_exchange_share)


@figure(cite="tax-code-2017:264", per="year", since="2018-01-01", until="2022-12-31", name="denied_expenses")
def denied_expenses_before_2023() -> Money:
    """Nothing of mining is denied (C-D1)."""
    return lift(0, "KZT")


@rule(
    cite="tax-code-2017:264.1-1", by="law-196-vii", per="disposal", date="day", since="2023-04-01", until="2023-12-31"
)  # fmt: skip
def denied_purchase_cost(treatment: Text, matches: Rows[Match], sale: Sale) -> Money:
    """The cost of bought coins that were sold off an AIFC exchange (C-D3)."""
    cost = matches.sum(lambda m: m.company_match_cost)
    return when((treatment == "difference") & ~sale.aifc_exchange, cost, lift(0, "KZT"))


@rule(cite="tax-code-2017:264", per="disposal", date="day", since="2018-01-01", name="denied_purchase_cost")
@rule(
    cite="tax-code-2017:264",
    by="law-45-viii",
    per="disposal",
    date="day",
    since="2024-01-01",
    name="denied_purchase_cost",
)
def no_denied_purchase_cost() -> Money:
    return lift(0, "KZT")


@figure(cite="tax-code-2017:264.1-1", by="law-196-vii", per="year", since="2018-01-01", quiet=True)
def denied_purchase_costs(disposals: Rows[Disposal]) -> Money:
    """Purchase costs that trading counted and the law denies: added back to income."""
    return disposals.sum(lambda d: d.denied_purchase_cost)


@rule(cite="tax-code-2025:242", per="charge", date="day", since="2026-01-01", basis="reconstruction")
@rule(cite="tax-code-2017:242", per="charge", date="day", since="2018-01-01")
def charge_tenge(worth: Worth, day: Day, stale_days: Count) -> Money:
    """The fee of a sale is an expense (semantics 10)."""
    working = lookup("last_working_day", day, unit="day")
    return rounded(worth.amount * lookup("market_rate", worth.currency, working, stale_days, unit="rate"))


@rule(cite="salyq:company-fees", by="salyq", per="disposal", date="day", since="2018-01-01", basis="reconstruction")
def fee_cost(matches: Rows[Match]) -> Money:
    """What an asset given as a fee had cost: expensed at that cost, no gain and no loss."""
    return matches.sum(lambda m: m.company_match_cost)


@rule(cite="salyq:company-fees", by="salyq", per="year", since="2018-01-01", basis="reconstruction")
def selling_costs(selling_fees: Rows[Charge], fee_disposals: Rows[Disposal]) -> Money:
    """Fees of sales in money, and assets given as fees."""
    return selling_fees.sum(lambda c: c.charge_tenge) + fee_disposals.sum(lambda d: d.fee_cost)


@figure(cite="tax-code-2025:242", per="year", since="2026-01-01", basis="reconstruction")
@figure(cite="tax-code-2017:242", per="year", since="2018-01-01")
def allowed_expenses(running_expenses: Money, denied_expenses: Money, selling_costs: Money) -> Money:
    return running_expenses - denied_expenses + selling_costs


# ---- base and tax --------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:357", per="year", since="2026-01-01")
@rule(cite="tax-code-2017:313.1", per="year", since="2018-01-01")
def net_income(
    mining_income: Money,
    trading_income: Money,
    denied_purchase_costs: Money,
    free_receipts: Money,
    derivative_income: Money,
    other_income: Money,
    allowed_expenses: Money,
) -> Money:
    income = (
        mining_income
        + trading_income
        + denied_purchase_costs
        + free_receipts
        + derivative_income
        + stated_or_zero(other_income)
    )
    return income - allowed_expenses


@figure(cite="tax-code-2025:339", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:300.1", per="year", since="2018-01-01")
def business_loss(net_income: Money) -> Money:
    """Carried to the next ten years."""
    return floor0(lift(0, "KZT") - net_income)


@figure(cite="tax-code-2025:339", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:300.1", per="year", since="2018-01-01")
def taxable_income(net_income: Money, business_losses_brought: Money) -> Money:
    return floor0(net_income - stated_or_zero(business_losses_brought))


@figure(cite="tax-code-2025:357.2.5", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:313.1", per="year", since="2018-01-01")
def tax(taxable_income: Money, rate: Ratio) -> Money:
    return rounded(taxable_income * rate)
