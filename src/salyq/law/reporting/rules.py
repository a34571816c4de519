"""Reports: to the revenue body, the ministry, the National Bank, AFSA; by when for a period."""

from __future__ import annotations

from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    Money,
    Node,
    Ratio,
    Term,
    Text,
    add_days,
    add_months,
    after,
    lift,
    rounded,
    unknown,
    when,
    year_of,
)
from salyq.rulebook.rules import rule

V10 = "law-259-viii"
REPORTERS = ("miner", "pool", "exchange", "aifc_participant", "fintech_lab", "utility", "agent")
OPERATORS = ("exchange_operator", "trading_platform", "dfa_platform")


def _day_of_month(period_to: Node, months: int, number: Node) -> Node:
    """The `number`-th of the month that begins `months` months after the day after the period."""
    return add_days(add_months(add_days(period_to, 1), months), number - 1)


@rule(
    cite="tax-code-2017:26.26",
    by="law-196-vii",
    per="act",
    since="2024-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def pool(reporter: Text) -> Flag:
    return reporter == "pool"


@rule(cite="tax-code-2025:56.10", per="act", since="2026-01-01", name="pool")
def pool_2026(reporter: Text) -> Flag:
    return reporter == "pool"


@rule(cite="tax-code-2025:56.10", per="act", since="2026-01-01")
@rule(
    cite="tax-code-2017:26.26",
    by="law-196-vii",
    per="act",
    since="2024-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def pool_due(period_to: Day, pool_day: Count) -> Day:
    return _day_of_month(period_to, 0, pool_day)


@rule(cite="order-119-2026", per="act", since="2026-04-28")
def two_dates(pool: Flag) -> Flag:
    return pool


@rule(cite="order-817-2023", per="act", since="2024-01-01", until="2025-12-31", until_by="order-634-2025")
def exchange(reporter: Text) -> Flag:
    return reporter.isin("exchange", "aifc_participant")


@rule(cite="tax-code-2025:56.11", per="act", since="2026-01-01", name="exchange")
def exchange_2026(reporter: Text) -> Flag:
    return reporter.isin("exchange", "aifc_participant")


@rule(cite="tax-code-2025:56.11", per="act", since="2026-01-01")
@rule(cite="order-817-2023", per="act", since="2024-01-01", until="2025-12-31", until_by="order-634-2025")
def exchange_due(period_to: Day, exchange_day: Count) -> Day:
    return _day_of_month(period_to, 1, exchange_day)


@rule(cite="order-817-2023", per="act", since="2024-01-01", until="2025-12-31", until_by="order-634-2025")
def residents_only(exchange: Flag) -> Flag:
    return exchange


@rule(cite="tax-code-2025:56.11", per="act", since="2026-01-01")
def form_2026_unknown(exchange: Flag) -> Flag:
    return exchange


@rule(cite="tax-code-2025:56.6", per="act", since="2026-01-01")
def utility(reporter: Text) -> Flag:
    return reporter == "utility"


@rule(cite="tax-code-2025:56.6", per="act", since="2026-01-01")
def utility_due(period_to: Day, utility_day: Count) -> Day:
    return _day_of_month(period_to, 0, utility_day)


@rule(cite="tax-code-2025:684", basis="statute", per="act", since="2026-01-01")
def agent(reporter: Text) -> Flag:
    """Who pays a non-resident and withholds the tax."""
    return reporter == "agent"


@rule(cite="tax-code-2025:684", per="act", since="2026-01-01")
def agent_month(agent: Flag, period_from: Day, period_to: Day) -> Flag:
    """Of a month: the tax withheld is paid."""
    return agent & (period_to == add_days(add_months(period_from, 1), -1))


@rule(cite="tax-code-2025:684", per="act", since="2026-01-01")
def agent_month_due(period_to: Day, agent_days: Count) -> Day:
    return add_days(period_to, agent_days)


@rule(cite="tax-code-2025:685", per="act", since="2026-01-01")
def agent_quarter(agent: Flag, period_from: Day, period_to: Day) -> Flag:
    """Of a quarter: the calculation is filed."""
    return agent & (period_to == add_days(add_months(period_from, 3), -1))


@rule(cite="tax-code-2025:685", per="act", since="2026-01-01")
def agent_quarter_due(period_to: Day, agent_day: Count) -> Day:
    """The 15th of the second month after the quarter; of the fourth, 31 March."""
    next_day = add_days(period_to, 1)
    fourth = year_of(next_day) > year_of(period_to)
    return when(fourth, add_days(add_months(next_day, 3), -1), _day_of_month(period_to, 1, agent_day))


@rule(cite="order-166-2023", basis="secondary", per="act", since="2023-04-26")
def income_data(reporter: Text) -> Flag:
    return reporter.isin("miner", "pool")


@rule(cite="order-166-2023", basis="secondary", per="act", since="2023-04-26")
def income_due(period_to: Day, miner_term: Term) -> Day:
    return after(period_to, miner_term)


@rule(cite="law-193-vii:4.1", by=V10, per="act", since="2026-05-01")
def operator(reporter: Text) -> Flag:
    return reporter.isin(*OPERATORS)


@rule(cite="law-193-vii:4.1", by=V10, per="act", since="2026-05-01")
def operator_due(period_to: Day, nbk_term: Term) -> Day:
    return after(period_to, nbk_term)


@rule(cite="aifc-daa:2.13.11", per="act", since="2024-01-01")
def afsa_quarterly(reporter: Text) -> Flag:
    return reporter.isin("exchange", "aifc_participant")


@rule(cite="aifc-daa:2.13.11", per="act", since="2024-01-01")
def afsa_quarterly_due(period_to: Day, afsa_quarter: Term) -> Day:
    return after(period_to, afsa_quarter)


@rule(cite="aifc-daa:2.13.11", per="act", since="2024-01-01")
def afsa_yearly(reporter: Text, whole_year: Flag) -> Flag:
    return reporter.isin("exchange", "aifc_participant") & whole_year


@rule(cite="aifc-daa:2.13.11", per="act", since="2024-01-01")
def whole_year(period_from: Day, period_to: Day) -> Flag:
    return period_to == add_days(add_months(period_from, 12), -1)


@rule(cite="aifc-daa:2.13.11", per="act", since="2024-01-01")
def afsa_yearly_due(period_to: Day, afsa_year: Count) -> Day:
    return add_months(period_to, afsa_year)


@rule(cite="afsa-lab-pages", basis="official", per="act", since="2019-03-15")
def lab(reporter: Text) -> Flag:
    return reporter == "fintech_lab"


@rule(cite="afsa-lab-pages", basis="official", per="act", since="2019-03-15")
def lab_due(period_to: Day, lab_term: Term) -> Day:
    return after(period_to, lab_term)


@rule(cite="tax-code-2017:26.26", per="act", since="2023-04-26", until="2025-12-31", until_by="tax-code-2025")
def verdict(reporter: Text) -> Text:
    return when(
        reporter.isin("miner", "pool", "exchange", "aifc_participant", "fintech_lab"), "lawful", "not_regulated"
    )


@rule(cite="tax-code-2025:56", per="act", since="2026-01-01", until="2026-04-30", until_by=V10, name="verdict")
def verdict_2026(reporter: Text) -> Text:
    known = reporter.isin(*REPORTERS)
    return when(known, "lawful", "not_regulated")


@rule(cite="tax-code-2025:56", by=V10, per="act", since="2026-05-01", name="verdict")
def verdict_v10(reporter: Text) -> Text:
    known = reporter.isin(
        "miner", "pool", "exchange", "aifc_participant", "fintech_lab", "utility", "agent", *OPERATORS
    )
    return when(known, "lawful", "not_regulated")


@rule(cite="tax-code-2025:56", per="act", since="2026-01-01")
@rule(cite="tax-code-2017:26", per="act", since="2023-04-26", until="2025-12-31", until_by="tax-code-2025")
def gate(reporter: Text) -> Text:
    return reporter


@rule(cite="tax-code-2025:56", per="act", since="2026-01-01")
@rule(cite="tax-code-2017:26", per="act", since="2023-04-26", until="2025-12-31", until_by="tax-code-2025")
def authority(reporter: Text) -> Text:
    central = when(reporter.isin(*OPERATORS), "nbk", "kgd")
    return when(reporter == "miner", "digital_ministry", when(reporter == "fintech_lab", "afsa", central))


# ---- the order of 2020 to 2023: notice and quarterly reports of miners ------------------------------
@rule(
    cite="order-384-2020",
    basis="secondary",
    per="act",
    since="2020-10-13",
    until="2023-03-30",
    until_by="order-117-2023",
)
def mining_notice() -> Flag:
    """A miner tells the ministry before he starts."""
    return lift(True, "flag")


@rule(
    cite="order-384-2020",
    basis="secondary",
    per="act",
    since="2020-10-13",
    until="2023-03-30",
    until_by="order-117-2023",
)
def mining_notice_due(mining_starts: Day, notice_days: Count) -> Day:
    return add_days(mining_starts, lift(0, "count") - notice_days)


@rule(
    cite="order-384-2020",
    basis="secondary",
    per="act",
    since="2020-10-13",
    until="2023-03-30",
    until_by="order-117-2023",
)
def notice_verdict() -> Text:
    """No licence was needed; the notice was."""
    return lift("lawful", "text")


@rule(cite="law-193-vii:8", per="act", since="2023-04-01", name="notice_verdict")
def no_notice() -> Text:
    """The notice is gone: a licence takes its place."""
    return lift("not_regulated", "text")


@rule(cite="order-384-2020", basis="secondary", per="act", since="2020-10-13")
def notice_authority() -> Text:
    return lift("digital_ministry", "text")


@rule(cite="law-193-vii:8", per="act", since="2023-04-01")
def licence_instead() -> Flag:
    return lift(True, "flag")


@rule(
    cite="order-384-2020",
    basis="secondary",
    per="act",
    since="2020-10-13",
    until="2023-03-30",
    until_by="order-117-2023",
)
def miner_quarterly(reporter: Text) -> Flag:
    return reporter == "miner"


@rule(
    cite="order-384-2020",
    basis="secondary",
    per="act",
    since="2020-10-13",
    until="2023-03-30",
    until_by="order-117-2023",
)
def miner_quarterly_due(period_to: Day, miner_quarter_day: Count) -> Day:
    return _day_of_month(period_to, 0, miner_quarter_day)


@rule(
    cite="order-384-2020",
    basis="secondary",
    per="act",
    since="2020-10-13",
    until="2023-03-30",
    until_by="order-117-2023",
    name="verdict",
)
def verdict_2020(reporter: Text) -> Text:
    return when(reporter.isin("miner", "fintech_lab"), "lawful", "not_regulated")


@rule(cite="afsa-lab-pages", basis="official", per="act", since="2023-03-31", name="verdict")
def verdict_spring_2023(reporter: Text) -> Text:
    """Between the repeal of the order and the rules on data of income."""
    return when(reporter == "fintech_lab", "lawful", "not_regulated")


@rule(cite="afsa-lab-pages", basis="official", per="act", since="2020-10-13", name="gate")
def gate_2020(reporter: Text) -> Text:
    return reporter


@rule(cite="afsa-lab-pages", basis="official", per="act", since="2020-10-13", name="authority")
def authority_2020(reporter: Text) -> Text:
    return when(reporter == "fintech_lab", "afsa", "digital_ministry")


# ---- banks: signs of business on personal accounts; what the signs are, by the press --------------------------------
@rule(cite="press-bank-signs", basis="secondary", per="act", since="2026-01-01")
def many_payers(payers: Count, months_in_row: Count, sign_payers: Count, sign_months: Count) -> Flag:
    return (payers >= sign_payers) & (months_in_row >= sign_months)


@rule(cite="press-bank-signs", basis="secondary", per="act", since="2026-01-01")
def sum_over(received_kzt: Money, received_least_kzt: Money, sign_wages: Ratio, minimum_wage: Money) -> Flag:
    """Over so many minimum wages in every month, or not even in all of them together; between the two the source does
    not tell which is meant."""
    floor = rounded(minimum_wage * sign_wages)
    open_ = when(received_kzt > floor, unknown("sign_span_not_told", unit="flag"), lift(False, "flag"))
    return when(received_least_kzt > floor, lift(True, "flag"), open_)


@rule(cite="press-bank-signs", basis="secondary", per="act", since="2026-01-01")
def business_signs(many_payers: Flag, sum_over: Flag) -> Flag:
    return when(many_payers, sum_over, lift(False, "flag"))


@rule(cite="tax-code-2025:55.2.24", per="act", since="2026-01-01")
def bank(business_signs: Flag) -> Flag:
    """The bank tells the revenue body; by when was not read."""
    return business_signs


# ---- the line of digital assets in the forms of 2026 ----------------------------------------------------------------
@rule(cite="order-695-2025", basis="official", per="act", since="2026-01-01")
def venue_named(has_venue_name: Flag) -> Flag:
    """Of the exchange or the wallet."""
    return has_venue_name


@rule(cite="order-695-2025", basis="official", per="act", since="2026-01-01")
def venue_placed(has_venue_address: Flag) -> Flag:
    """Of the exchange or the wallet."""
    return has_venue_address


# ---- what is told to the revenue body, and is lawful in itself -------------------------------------------------------
@rule(cite="tax-code-2025:55.2.24", per="act", since="2026-01-01", name="bank_verdict")
@rule(cite="tax-code-2025:417", per="act", since="2026-01-01", name="holding_verdict")
def only_told() -> Text:
    """A sign of business and a holding make nothing unlawful: they are told."""
    return lift("lawful", "text")


@rule(cite="tax-code-2025:55.2.24", per="act", since="2026-01-01", name="bank_authority")
@rule(cite="tax-code-2025:417", per="act", since="2026-01-01", name="holding_authority")
def told_to() -> Text:
    return lift("kgd", "text")
