"""Which expenses count: old code 242, 264; new code 327."""

from __future__ import annotations

from salyq.law.facts import Acquisition, Charge, Disposal, Expense, Match, Sale
from salyq.rulebook.nodes import (
    Count,
    Day,
    Election,
    Flag,
    Money,
    Ratio,
    Rows,
    Text,
    Worth,
    choose,
    doubt,
    known_or,
    lift,
    lookup,
    rounded,
    when,
)
from salyq.rulebook.rules import figure, rule


# ---- expenses ------------------------------------------------------------------------------------------------------
def _running(e: Expense) -> Flag:
    """Running costs: equipment is capital and taxes are not deducted, in any period (semantics 15)."""
    return ~e.category.isin("equipment", "tax")


def _mining_running(e: Expense) -> Flag:
    return _running(e) & e.mining & (e.category != "pool_service")


@rule(cite="salyq:expenses", by="salyq", per="year", since="2018-01-01", basis="reconstruction")
def running_expenses(expenses: Rows[Expense], mining_fee_paid: Money) -> Money:
    """All running costs; the mining fee among them has an article of its own."""
    others = expenses.where(lambda e: _running(e) & (e.category != "mining_fee")).sum(lambda e: e.expense_tenge)
    fee = expenses.any(lambda e: e.category == "mining_fee")
    return others + when(fee, mining_fee_paid, lift(0, "KZT"))


@rule(cite="salyq:expenses", by="salyq", per="year", since="2026-01-01", basis="reconstruction")
@rule(cite="tax-code-2017:263.1", per="year", since="2018-01-01")
def mining_fee_paid(expenses: Rows[Expense]) -> Money:
    """A payment to the budget is deducted when it is paid; in the code of 2026 its article was not re-read."""
    return expenses.where(lambda e: e.category == "mining_fee").sum(lambda e: e.expense_tenge)


@rule(cite="tax-code-2025:327", per="expense", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:264.1-2", by="law-196-vii", per="expense", date="day", since="2023-04-01")
def pool_service_denied(category: Text) -> Flag:
    """The miner's costs for services of the pool."""
    return category == "pool_service"


@rule(cite="tax-code-2017:264", per="expense", date="day", since="2018-01-01", name="pool_service_denied")
def pool_service_not_denied() -> Flag:
    return lift(False, "flag")


@rule(
    cite="salyq:off-exchange-costs", by="law-196-vii", per="year", since="2023-01-01",
    until="2023-12-31", until_by="law-45-viii",
    basis="reconstruction",
)  # fmt: skip
def off_exchange_share(payouts: Rows[Acquisition], disposals: Rows[Disposal], lots_in_doubt: Flag) -> Ratio:
    """Value taken to income of coins mined and sold off an AIFC exchange ÷ mining income (semantics 14). Where nobody
    can say which lots were sold, any share of them may have been mined."""
    sold = disposals.where(lambda d: (d.first.company_treatment == "excluded") & ~d.sale.aifc_exchange).sum(
        lambda d: d.taxed_value_sold
    )
    income = payouts.sum(lambda p: p.mined_income)
    share = when(income > 0, sold / income, lift(0, "ratio"))
    # Both parts of the fraction may rise with what is not known: then only its ends are sure.
    share = known_or(share, doubt("share_of_unknown_income", lift(0, "ratio"), lift(1, "ratio")))
    any_share = doubt("share_of_lots_in_doubt", lift(0, "ratio"), lift(1, "ratio"))
    return when(lots_in_doubt & (income > 0), any_share, share)


@rule(cite="tax-code-2017:264.1-1", by="law-196-vii", per="disposal", date="day", since="2018-01-01")
def taxed_value_sold(matches: Rows[Match]) -> Money:
    """Value taken to income of the coins of this disposal that were mined in the same year."""
    return matches.where(lambda m: m.mined_this_year).sum(lambda m: m.taxed_value_part)


@rule(
    cite="salyq-brief:6", by="law-45-viii", per="year", since="2024-01-01",
    until="2025-12-31", until_by="tax-code-2025", basis="convention"
)  # fmt: skip
def denied_by_brief(expenses: Rows[Expense]) -> Money:
    """Reading "brief": what mining cost beside the pool's services."""
    return expenses.where(_mining_running).sum(lambda e: e.expense_tenge)


@figure(cite="tax-code-2025:327", per="year", since="2026-01-01", name="denied_expenses")
def denied_expenses_2026(expenses: Rows[Expense], mining_expenses: Election) -> Money:
    pool = expenses.where(lambda e: e.pool_service_denied).sum(lambda e: e.expense_tenge)
    return choose(mining_expenses, text=pool)


@figure(
    cite="tax-code-2017:264.1-2",
    by="law-45-viii",
    per="year",
    since="2024-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def denied_expenses(expenses: Rows[Expense], mining_expenses: Election, denied_by_brief: Money) -> Money:
    """Reading "text": pool services; reading "brief": all expenses of mining."""
    pool = expenses.where(lambda e: e.pool_service_denied).sum(lambda e: e.expense_tenge)
    return choose(mining_expenses, brief=pool + denied_by_brief, text=pool)


@figure(
    cite="tax-code-2017:264.1-1", by="law-196-vii", per="year", since="2023-01-01",
    until="2023-12-31", until_by="law-45-viii",
    name="denied_expenses",
)  # fmt: skip
def denied_expenses_2023(expenses: Rows[Expense], off_exchange_share: Ratio) -> Money:
    """From April: pool services, and the share of mining costs of coins sold off an AIFC exchange."""
    pool = expenses.where(lambda e: e.pool_service_denied).sum(lambda e: e.expense_tenge)
    others = expenses.where(lambda e: _mining_running(e) & e.april_to_december).sum(lambda e: e.expense_tenge)
    return pool + when(others > 0, rounded(others * off_exchange_share), lift(0, "KZT"))


@figure(
    cite="tax-code-2017:264",
    per="year",
    since="2018-01-01",
    until="2022-12-31",
    until_by="law-196-vii",
    name="denied_expenses",
)
def denied_expenses_before_2023() -> Money:
    """Nothing of mining is denied (C-D1)."""
    return lift(0, "KZT")


@rule(
    cite="tax-code-2017:264.1-1", by="law-196-vii", per="disposal", date="day", since="2023-04-01",
    until="2023-12-31", until_by="law-45-viii"
)  # fmt: skip
def denied_purchase_cost(first: Match, matches: Rows[Match], sale: Sale) -> Money:
    """The cost of bought coins that were sold off an AIFC exchange (C-D3)."""
    cost = matches.sum(lambda m: m.company_match_cost)
    return when((first.company_treatment == "difference") & ~sale.aifc_exchange, cost, lift(0, "KZT"))


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


@figure(cite="tax-code-2025:327", per="year", since="2026-01-01", quiet=True, falls=True)
@figure(cite="tax-code-2017:264", by="law-45-viii", per="year", since="2024-01-01", quiet=True, falls=True)
@figure(cite="tax-code-2017:264.1-1", by="law-196-vii", per="year", since="2023-01-01", quiet=True, falls=True)
@figure(cite="tax-code-2017:264", per="year", since="2018-01-01", quiet=True, falls=True)
def denied_purchase_costs(disposals: Rows[Disposal]) -> Money:
    """Purchase costs that trading counted and the law denies: added back to income."""
    return disposals.sum(lambda d: d.denied_purchase_cost)


@rule(cite="salyq:company-fees", by="salyq", per="charge", date="day", since="2026-01-01", basis="reconstruction")
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


@figure(cite="tax-code-2025:327", per="year", since="2026-01-01", falls=True)
@figure(cite="tax-code-2017:242", per="year", since="2018-01-01", falls=True)
def allowed_expenses(running_expenses: Money, denied_expenses: Money, selling_costs: Money) -> Money:
    return running_expenses - denied_expenses + selling_costs
