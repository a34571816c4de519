"""What an event is worth: which quote, which rate, which day (architecture §1, semantics 2, 7, 8)."""

from __future__ import annotations

from salyq.law.amounts import grain, in_tenge, quoted
from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    Money,
    Price,
    Quantity,
    Rate,
    Text,
    Worth,
    as_money,
    lookup,
    rounded,
    when,
    worth,
)
from salyq.rulebook.rules import rule


# ---- official value of mined coins ------------------------------------------------------------------------------
@rule(cite="tax-code-2025:325.4", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.4", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def value_day(day: Day, official_value_day: Text) -> Day:
    """Whose row counts: the day itself, or the last working day where the order of the time says so."""
    return when(official_value_day == "previous_working_day", lookup("last_working_day", day, unit="day"), day)


@rule(cite="tax-code-2025:325.4", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.4", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def official_price(asset: Text, value_day: Day) -> Price:
    return lookup("official_price", asset, value_day, unit="price")


@rule(cite="tax-code-2025:325.4", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.4", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def official_value_rate(
    asset: Text, value_day: Day, day: Day, official_value_conversion: Text, stale_days: Count
) -> Rate:
    """Tenge for the currency in which the official value is fixed; 1 for tenge."""
    currency = lookup("official_currency", asset, value_day, unit="text")
    before = lookup("working_day_before", day, unit="day")
    return when(
        official_value_conversion == "market_before",
        lookup("market_rate", currency, before, stale_days, unit="rate"),
        lookup("official_rate", currency, day, stale_days, unit="rate"),
    )


@rule(cite="tax-code-2025:325.1", per="acquisition", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:227-1.1", by="law-196-vii", per="acquisition", date="day", since="2023-04-01")
def distributed_value(quantity: Quantity, official_price: Price, official_value_rate: Rate) -> Money:
    """Quantity distributed by the pool × official value of the day, rounded once a payout."""
    return rounded(quantity * official_price * official_value_rate)


# ---- worth of what is bought or received in exchange ------------------------------------------------------------
@rule(cite="salyq:swaps", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="reconstruction")
def exchange_price(asset: Text, day: Day) -> Price:
    """Quote of the asset received, on the day: a market quote, else the day's average."""
    return lookup("quote_price", "market", asset, day, 0, unit="price")


@rule(cite="salyq:swaps", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="reconstruction")
def exchange_currency(asset: Text, day: Day) -> Text:
    return lookup("quote_currency", "market", asset, day, 0, unit="text")


@rule(cite="salyq:swaps", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="reconstruction")
def exchanged_for(
    quantity: Quantity,
    peg: Text,
    counter_peg: Text,
    counter_quantity: Quantity,
    exchange_price: Price,
    exchange_currency: Text,
) -> Worth:
    """A swap where the law is silent: a pegged side at its peg, else the quote of what was received (semantics 8)."""
    by_quote = worth(rounded(quantity * exchange_price, grain(exchange_currency)), exchange_currency)
    by_counter = when(counter_peg != "", worth(as_money(counter_quantity), counter_peg), by_quote)
    return when(peg != "", worth(as_money(quantity), peg), by_counter)


@rule(cite="salyq:parts", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="convention")
def received_worth(value: Worth, value_is_money: Flag, exchanged_for: Worth) -> Worth:
    """What was paid: money as stated, else what a swap is worth."""
    return when(value_is_money, value, exchanged_for)


# ---- worth of what is given --------------------------------------------------------------------------------------
@rule(cite="salyq:swaps", by="salyq", per="sale", date="day", since="2018-01-01", basis="reconstruction")
def exchanged_against(
    quantity: Quantity,
    asset: Text,
    day: Day,
    peg: Text,
    counter_asset: Text,
    counter_peg: Text,
    counter_quantity: Quantity,
) -> Worth:
    """The same value seen from the side that is given: of what is received, or of what is given where nothing is."""
    by_quote = when(
        counter_asset != "",
        quoted(counter_quantity, "market", counter_asset, day, 0),
        quoted(quantity, "market", asset, day, 0),
    )
    by_own = when(peg != "", worth(as_money(quantity), peg), by_quote)
    return when(counter_peg != "", worth(as_money(counter_quantity), counter_peg), by_own)


@rule(cite="salyq:parts", by="salyq", per="sale", date="day", since="2018-01-01", basis="convention")
def given_worth(value: Worth, value_is_money: Flag, exchanged_against: Worth) -> Worth:
    """The sale value: money as stated, else what a swap is worth."""
    return when(value_is_money, value, exchanged_against)


# ---- money of the day --------------------------------------------------------------------------------------------
@rule(cite="salyq:company-rate", by="salyq", per="sale", date="day", since="2018-01-01", basis="reconstruction")
def sale_day_rate(given_worth: Worth, day: Day, stale_days: Count) -> Rate:
    """A company's proceeds at the market rate of their own day (semantics 7)."""
    return lookup(
        "market_rate", given_worth.currency, lookup("last_working_day", day, unit="day"), stale_days, unit="rate"
    )


@rule(cite="salyq:expense-rate", by="salyq", per="expense", date="day", since="2018-01-01", basis="reconstruction")
def expense_rate(worth: Worth, day: Day, stale_days: Count) -> Rate:
    """The official rate of the day (semantics 15)."""
    return lookup("official_rate", worth.currency, day, stale_days, unit="rate")


@rule(cite="tax-code-2025:327", per="expense", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:242", per="expense", date="day", since="2018-01-01")
def expense_tenge(worth: Worth, expense_rate: Rate) -> Money:
    """An expense in tenge; in foreign currency at the rate of its day."""
    return in_tenge(worth.amount, worth.currency, expense_rate)
