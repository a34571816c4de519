"""What a lot cost, by the law of the year assessed: old code 331 and 332-1, new code 389.3-389.7.

Each case is a rule of its own, so that an explanation names the paragraph that decided.
"""

from __future__ import annotations

from salyq.law.amounts import as_tenge, quoted
from salyq.rulebook.nodes import (
    Count,
    Day,
    Election,
    Flag,
    Money,
    Quantity,
    Set,
    Text,
    Worth,
    as_money,
    bounded,
    choose,
    excepted,
    lift,
    lookup,
    rounded,
    unknown,
    when,
    worth,
)
from salyq.rulebook.rules import rule

REWARDS = ("staked", "airdrop", "fork", "interest")
FREE = (*REWARDS, "gift_in", "inherited")
PAID = ("interest", "earned")  # a payment of income, where it was taxed


def _zero() -> Worth:
    return worth(lift(0, "amount"), "KZT")


def _by_price(quantity: Quantity, asset: Text, day: Day, stale_days: Count) -> Worth:
    """The 24-hour price of the day before (332-1.12)."""
    return quoted(quantity, "day_average", asset, lookup("day_before", day, unit="day"), stale_days)


# ---- what was paid -------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2017:332-1.12", by="law-208-viii", per="acquisition", date="day", since="2009-01-01")
def received_at_day_price(quantity: Quantity, asset: Text, day: Day, peg: Text, stale_days: Count) -> Worth:
    """The value of what is received: of a listed stablecoin its amount, else the 24-hour price (paragraphs 3, 12)."""
    return when(peg != "", worth(as_money(quantity), peg), _by_price(quantity, asset, day, stale_days))


@rule(
    cite="tax-code-2017:332-1.10", by="law-208-viii", per="acquisition", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
)  # fmt: skip
def swapped_in_worth(
    value: Worth,
    value_is_money: Flag,
    counter_asset: Text,
    counter_peg: Text,
    counter_quantity: Quantity,
    received_at_day_price: Worth,
) -> Worth:
    """Bought for money: the amount of the deal; for a stablecoin: its amount; a stablecoin received: its own amount;
    otherwise the 24-hour price of what is received, on the day before (paragraphs 2, 3, 10, 12)."""
    in_peg = when(counter_peg != "", worth(as_money(counter_quantity), counter_peg), received_at_day_price)
    return when(value_is_money & (counter_asset == ""), value, in_peg)


@rule(
    cite="salyq:swaps", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="reconstruction",
    name="swapped_in_worth",
)  # fmt: skip
@rule(cite="tax-code-2025:389.3", per="acquisition", date="day", since="2026-01-01", name="swapped_in_worth")
def swapped_in_worth_otherwise(received_worth: Worth) -> Worth:
    """Outside article 332-1 one value serves both sides of a swap (semantics 8)."""
    return received_worth


@rule(cite="tax-code-2025:389.3", per="acquisition", date="law_day", since="2026-01-01")
@rule(cite="tax-code-2017:332-1.10", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01")
@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="acquisition", date="law_day", since="2023-01-01")
def cost_bought(kind: Text, swapped_in_worth: Worth) -> Worth:
    """What was paid, in money or by a swap; a coin that merely arrived has no purchase anybody knows."""
    return when(kind == "transfer_in", unknown("missing_acquisition", unit="worth"), swapped_in_worth)


# ---- stablecoin amounts that became tenge on their own day -----------------------------------------------------------
@rule(
    cite="tax-code-2017:332-1.3", by="law-208-viii", per="acquisition", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
)  # fmt: skip
def in_tenge_since_2025(kind: Text, peg: Text, counter_peg: Text) -> Flag:
    """A stablecoin amount of 2025 became tenge on its own day, and stays so for later sales (semantics 8)."""
    return (kind == "swap_in") & ((peg != "") | (counter_peg != ""))


@rule(
    cite="salyq:coverage", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="convention",
    name="in_tenge_since_2025",
)  # fmt: skip
@rule(
    cite="salyq:coverage", by="salyq", per="acquisition", date="day", since="2026-01-01", basis="convention",
    name="in_tenge_since_2025",
)  # fmt: skip
def in_own_currency() -> Flag:
    """Outside 2025 a worth keeps the currency of its deal."""
    return lift(False, "flag")


@rule(
    cite="tax-code-2017:332-1.2", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
)  # fmt: skip
def valued_in_tenge(kind: Text, peg: Text, counter_peg: Text, in_tenge_since_2025: Flag) -> Flag:
    """For a sale of 2025 a cost stated in a stablecoin is converted on the day of purchase, whatever its year."""
    return in_tenge_since_2025 | ((kind == "swap_in") & ((peg != "") | (counter_peg != "")))


@rule(
    cite="salyq:coverage", by="salyq", per="acquisition", date="law_day", since="2009-01-01", basis="convention",
    name="valued_in_tenge",
)  # fmt: skip
@rule(
    cite="salyq:coverage", by="salyq", per="acquisition", date="law_day", since="2026-01-01", basis="convention",
    name="valued_in_tenge",
)  # fmt: skip
def valued_in_tenge_otherwise(in_tenge_since_2025: Flag) -> Flag:
    return in_tenge_since_2025


# ---- coins that were mined -----------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:400.1.7", per="acquisition", date="day", since="2026-01-01", quiet=True)
@rule(cite="tax-code-2017:341.1.56", by="law-196-vii", per="acquisition", date="day", since="2023-04-01", quiet=True)
def mining_income_determined(kind: Text, taxed_earlier: Flag, registered_miner: Flag) -> Flag:
    """Was income determined when the coin was mined? Then its sale is no income."""
    return (kind == "mined") & (taxed_earlier | registered_miner)


@rule(
    cite="tax-code-2017:331",
    per="acquisition",
    date="day",
    since="2009-01-01",
    name="mining_income_determined",
    quiet=True,
)
def mining_income_not_determined() -> Flag:
    """Until April 2023 no article determined mining income on receipt."""
    return lift(False, "flag")


@rule(cite="tax-code-2025:400.1.7", per="acquisition", date="day", since="2026-01-01", quiet=True)
@rule(cite="tax-code-2017:341.1.56", by="law-196-vii", per="acquisition", date="day", since="2023-04-01", quiet=True)
def mining_in_doubt(kind: Text, taxed_earlier: Flag, registered_miner: Flag) -> Flag:
    """Mined by somebody with neither a business nor a licence, and not said to be taxed."""
    return (kind == "mined") & ~taxed_earlier & ~registered_miner


@rule(cite="tax-code-2017:331", per="acquisition", date="day", since="2009-01-01", name="mining_in_doubt", quiet=True)
def mining_not_in_doubt() -> Flag:
    return lift(False, "flag")


@rule(cite="tax-code-2025:400.1.7", per="acquisition", date="law_day", since="2026-01-01")
@rule(cite="tax-code-2017:341.1.56", by="law-196-vii", per="acquisition", date="law_day", since="2023-01-01")
def cost_mined(mining_in_doubt: Flag, cost_nothing: Worth) -> Worth:
    """No purchase price; whether the sale is free of tax depends on whether mining income was determined."""
    return when(mining_in_doubt, unknown("mining_not_determined", unit="worth"), cost_nothing)


# ---- low-tax states ------------------------------------------------------------------------------------------------
@rule(cite="order-492-2025", by="order-492-2025", per="acquisition", date="law_day", since="2026-01-01", quiet=True)
def from_low_tax(low_tax_source: Flag, account_country: Text, low_tax_states: Set) -> Flag:
    """Stated so, or the country of the account is on the list of low-tax states (order 492)."""
    return low_tax_source | account_country.isin(low_tax_states)


@rule(cite="salyq:coverage", by="salyq", per="acquisition", date="law_day", since="2009-01-01", basis="convention",
      name="from_low_tax")  # fmt: skip
def stated_low_tax(low_tax_source: Flag) -> Flag:
    """To 2025 the list was not read: as stated."""
    return low_tax_source


# ---- 2026 on: article 389 ------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:389.5", per="acquisition", date="law_day", since="2026-01-01")
@rule(cite="tax-code-2017:332-1.11", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01")
def cost_low_tax() -> Worth:
    """From a source in a low-tax state: nothing."""
    return _zero()


@rule(cite="tax-code-2025:389.6", per="acquisition", date="law_day", since="2026-01-01")
@rule(cite="tax-code-2017:332-1.10", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01")
@rule(cite="tax-code-2017:331.9.2", by="law-165-vii", per="acquisition", date="law_day", since="2023-01-01")
def cost_nothing() -> Worth:
    """No documents, free of charge, or none of the cases of the article."""
    return _zero()


@rule(cite="tax-code-2025:389.4.4", per="acquisition", date="law_day", since="2026-01-01")
@rule(cite="tax-code-2017:331.5", by="law-165-vii", per="acquisition", date="law_day", since="2023-01-01")
def cost_taxed(value: Worth) -> Worth:
    """Received free and taxed then: the amount that was taxed."""
    return value


@rule(cite="tax-code-2025:389.4.2", per="acquisition", date="law_day", since="2026-01-01")
def cost_paid_income(value: Worth) -> Worth:
    """Received as payment of income that was recognised: that amount."""
    return value


@rule(cite="tax-code-2025:389.4.3", per="acquisition", date="law_day", since="2026-01-01")
def cost_receivable(value: Worth) -> Worth:
    """Received for a receivable that did not arise from income: its amount."""
    return value


@rule(cite="tax-code-2025:389.4.4", per="acquisition", date="law_day", since="2026-01-01")
def cost_income_on_receipt(receipt_tenge: Worth) -> Worth:
    """What was income when it was received (election `receipts`) is its cost."""
    return receipt_tenge


@rule(cite="tax-code-2025:389.4.5", per="acquisition", date="law_day", since="2026-01-01")
def cost_by_valuer(value: Worth) -> Worth:
    """Inherited, or received as charity: market value by a valuer's report made by the filing day (389.7)."""
    return value


@rule(cite="tax-code-2025:389.4.1", per="acquisition", date="law_day", since="2026-01-01")
@rule(cite="salyq:contribution", by="salyq", per="acquisition", date="law_day", since="2018-01-01",
      basis="reconstruction")  # fmt: skip
def cost_transferred(value: Worth) -> Worth:
    """Received from a company: the value in the signed transfer document."""
    return value


@rule(cite="tax-code-2025:389.2", per="acquisition", date="law_day", since="2026-01-01")
def initial_cost(
    pool: Flag,
    kind: Text,
    value: Worth,
    documented: Flag,
    taxed_earlier: Flag,
    for_receivable: Flag,
    valuer_report: Flag,
    from_low_tax: Flag,
    income_on_receipt: Flag,
    cost_low_tax: Worth,
    cost_taxed: Worth,
    cost_paid_income: Worth,
    cost_receivable: Worth,
    cost_income_on_receipt: Worth,
    cost_by_valuer: Worth,
    cost_transferred: Worth,
    cost_bought: Worth,
    cost_mined: Worth,
    cost_nothing: Worth,
) -> Worth:
    """Low-tax source 0; what was taxed; the receivable; a valuer's value; the transfer document; the documented price;
    else 0."""
    free = when(income_on_receipt, cost_income_on_receipt, cost_nothing)
    titled = when((kind == "inherited") & valuer_report, cost_by_valuer, free)
    bought = when(documented, when(kind == "contributed_in", cost_transferred, cost_bought), cost_nothing)
    owed = when((kind == "earned") & for_receivable, cost_receivable, titled)
    by_kind = when(kind.isin(*FREE, "earned"), owed, bought)
    taxed = when(kind.isin(*PAID), cost_paid_income, cost_taxed)
    own = when(from_low_tax, cost_low_tax, when(taxed_earlier & kind.isin(*FREE, "earned"), taxed, by_kind))
    return excepted(own, (pool, value), (kind == "mined", cost_mined))


# ---- 2025: article 332-1 -------------------------------------------------------------------------------------------
@rule(
    cite="tax-code-2017:332-1.10", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025", name="initial_cost",
)  # fmt: skip
def initial_cost_2025(
    pool: Flag,
    kind: Text,
    value: Worth,
    value_is_money: Flag,
    documented: Flag,
    from_low_tax: Flag,
    from_exchange: Flag,
    abroad: Flag,
    cost_low_tax: Worth,
    cost_transferred: Worth,
    received_at_day_price: Worth,
    cost_bought: Worth,
    cost_mined: Worth,
    cost_nothing: Worth,
) -> Worth:
    """Amount of the deal, amount of stablecoin, or value received; from a digital-asset exchange the value of the day;
    free of charge, from a blockchain contract and from a low-tax state 0."""
    free = when(kind.isin(*REWARDS) & from_exchange, received_at_day_price, cost_nothing)
    for_services = when(abroad | ~value_is_money, received_at_day_price, cost_bought)
    paid = when(kind == "contributed_in", cost_transferred, when(kind == "earned", for_services, cost_bought))
    by_kind = when(kind.isin(*FREE), free, when(documented, paid, cost_nothing))
    own = when(from_low_tax, cost_low_tax, by_kind)
    return excepted(own, (pool, value), (kind == "mined", cost_mined))


# ---- 2023-2024: article 331 ----------------------------------------------------------------------------------------
@rule(
    cite="tax-code-2017:331.1.8", by="law-165-vii", per="acquisition", date="law_day", since="2023-01-01",
    name="initial_cost",
)  # fmt: skip
def initial_cost_2023(
    pool: Flag,
    kind: Text,
    value: Worth,
    documented: Flag,
    taxed_earlier: Flag,
    cost_taxed: Worth,
    cost_transferred: Worth,
    cost_bought: Worth,
    cost_mined: Worth,
    cost_nothing: Worth,
) -> Worth:
    """The acquisition price. What came free has none, inherited or given, unless its value was taxed (331.5, 331.9)."""
    free = kind.isin(*FREE, "earned")
    paid = when(kind == "contributed_in", cost_transferred, cost_bought)
    by_kind = when(free | ~documented, cost_nothing, paid)
    own = when(taxed_earlier & free, cost_taxed, by_kind)
    return excepted(own, (pool, value), (kind == "mined", cost_mined))


# ---- before 2023 ---------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2017:332.1", per="acquisition", date="law_day", since="2018-01-01", name="initial_cost")
def no_cost_before_2023() -> Worth:
    """From abroad the whole sale value, no cost deducted; at home no article named such a sale (P21)."""
    return _zero()


# ---- 2026 on: what comes in free is income when it comes, or not: a choice -------------------------------------------
@rule(cite="salyq:coverage", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="convention")
def income_on_receipt(
    kind: Text,
    taxed_earlier: Flag,
    pool: Flag,
    resident: Flag,
    personal_income_tax__receipts: Election,
) -> Flag:
    """Rewards, airdrops, forks, interest from somebody who is no tax agent (405.1.5, 405.1.8, 408), where it is so
    chosen; before 2026 there is no choice."""
    yes, no = lift(True, "flag"), lift(False, "flag")
    chosen = choose(personal_income_tax__receipts, income_on_receipt=yes, no_income=no)
    concerned = kind.isin(*REWARDS) & resident & ~taxed_earlier & ~pool
    return when(concerned, chosen, no)


@rule(cite="tax-code-2025:405.3", per="acquisition", date="law_day", since="2026-01-01")
def receipt_tenge(received_worth: Worth, day: Day) -> Worth:
    """The value of what was received, by document or quote, in tenge at the mean rate of the year."""
    mean = lookup("year_mean", received_worth.currency, day, unit="price")
    return when(received_worth.currency == "KZT", received_worth, as_tenge(received_worth.amount, mean))


@rule(cite="tax-code-2025:408", per="acquisition", date="law_day", since="2026-01-01")
def receipt_income(receipt_tenge: Worth) -> Money:
    """Income of one receipt."""
    return bounded(rounded(receipt_tenge.amount * lift(1, "rate")), lift(0, "KZT"), None)
