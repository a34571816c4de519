"""Each disposal's own positive difference, from its matches with lots: old code 330-332-1, new code 382 and 389."""

from __future__ import annotations

from salyq.law.amounts import grain, in_tenge
from salyq.law.facts import Acquisition, Match, Sale
from salyq.rulebook.nodes import (
    Amount,
    Count,
    Day,
    Flag,
    Money,
    Quantity,
    Rate,
    Rows,
    Text,
    Worth,
    bounded,
    doubt,
    floor0,
    known_or,
    lift,
    lookup,
    part,
    rounded,
    when,
)
from salyq.rulebook.rules import rule


# ---- one match: this part of this lot in this sale -----------------------------------------------------------------
@rule(cite="salyq:parts", by="salyq", per="match", date="day", since="2018-01-01", basis="convention")
def proceeds_part(sale: Sale, y0: Quantity, y1: Quantity) -> Amount:
    """The part of the sale value that falls to this match, by quantity."""
    return part(sale.sale_worth.amount, sale.quantity, y0, y1, grain(sale.sale_worth.currency))


@rule(cite="salyq:parts", by="salyq", per="match", date="day", since="2023-01-01", basis="convention")
def cost_part(found: Flag, lot: Acquisition, x0: Quantity, x1: Quantity, proceeds_part: Amount) -> Amount:
    """The part of the lot's cost. Not known: between the proceeds (no gain) and nothing (semantics 6)."""
    none = lift(0, "amount")
    return when(
        found,
        bounded(
            part(lot.initial_cost.amount, lot.quantity, x0, x1, grain(lot.initial_cost.currency)), proceeds_part, none
        ),
        doubt("missing_acquisition", proceeds_part, none),
    )


@rule(cite="salyq:parts", by="salyq", per="match", date="day", since="2023-01-01", basis="convention")
def cost_currency(found: Flag, lot: Acquisition, sale: Sale) -> Text:
    """The currency of the cost; a cost of nothing, or one not known, is in the currency of the sale."""
    own = sale.sale_worth.currency
    stated = when(lot.initial_cost.amount == 0, own, lot.initial_cost.currency)
    return when(found, known_or(stated, own), own)


@rule(cite="tax-code-2025:382.7", per="match", date="day", since="2026-01-01", quiet=True)
@rule(cite="salyq:one-currency", by="salyq", per="match", date="day", since="2023-01-01", basis="reconstruction")
def one_currency(found: Flag, lot: Acquisition, sale: Sale, cost_currency: Text) -> Flag:
    """Cost and proceeds are in one currency, so the gain is converted once (semantics 7)."""
    tenge = when(found, lot.valued_in_tenge, lift(False, "flag"))
    return (cost_currency == sale.sale_worth.currency) & ((cost_currency == "KZT") | ~tenge)


@rule(
    cite="tax-code-2017:332-1.2", by="law-208-viii", per="match", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
    name="one_currency",
)  # fmt: skip
def one_currency_2025(found: Flag, lot: Acquisition, sale: Sale, cost_currency: Text) -> Flag:
    """A stablecoin amount is converted on its own day, so it never shares the conversion of the other leg; where there
    is no cost there is no other leg."""
    no = lift(False, "flag")
    priced = when(found, known_or(lot.initial_cost.amount > 0, no), no)
    pegged = when(found, lot.valued_in_tenge, no) | sale.sold_for_peg
    return ~priced | ((cost_currency == sale.sale_worth.currency) & ~(pegged & (cost_currency != "KZT")))


@rule(cite="tax-code-2025:382.7", per="sale", date="day", since="2026-01-01")
def gain_rate(sale_worth: Worth, day: Day) -> Rate:
    """The arithmetic mean of the official rates of the calendar year of the sale."""
    return lookup("year_mean", sale_worth.currency, day, unit="rate")


@rule(
    cite="tax-code-2017:330.4",
    per="sale",
    date="day",
    since="2025-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
    name="gain_rate",
)
@rule(
    cite="kpmg-2025",
    by="tax-code-2017",
    per="sale",
    date="day",
    since="2018-01-01",
    basis="secondary",
    name="gain_rate",
)
def gain_rate_before_2026(sale_worth: Worth, day: Day, stale_days: Count) -> Rate:
    """The market rate of the last working day before the sale."""
    before = lookup("working_day_before", day, unit="day")
    return lookup("market_rate", sale_worth.currency, before, stale_days, unit="rate")


@rule(
    cite="salyq:mixed-currencies",
    by="salyq",
    per="acquisition",
    date="law_day",
    since="2023-01-01",
    basis="reconstruction",
)
def purchase_rate(initial_cost: Worth, day: Day, stale_days: Count) -> Rate:
    """The market rate of the last working day before the purchase (semantics 7)."""
    before = lookup("working_day_before", day, unit="day")
    return lookup("market_rate", initial_cost.currency, before, stale_days, unit="rate")


@rule(
    cite="salyq:mixed-currencies",
    by="salyq",
    per="acquisition",
    date="law_day",
    since="2023-01-01",
    basis="reconstruction",
)
def lot_tenge(initial_cost: Worth, purchase_rate: Rate) -> Money:
    """The whole cost of a lot in tenge of its own day."""
    return in_tenge(initial_cost.amount, initial_cost.currency, purchase_rate)


@rule(cite="salyq:mixed-currencies", by="salyq", per="match", date="day", since="2023-01-01", basis="reconstruction")
def proceeds_tenge(proceeds_part: Amount, sale: Sale) -> Money:
    return in_tenge(proceeds_part, sale.sale_worth.currency, sale.gain_rate)


@rule(cite="salyq:mixed-currencies", by="salyq", per="match", date="day", since="2023-01-01", basis="reconstruction")
def cost_tenge(found: Flag, lot: Acquisition, x0: Quantity, x1: Quantity, proceeds_tenge: Money) -> Money:
    """The part of the cost in tenge, converted on the lot's own day."""
    none = lift(0, "KZT")
    own = when(
        lot.pool,
        rounded(part(lot.pool_tenge, lot.quantity, x0, x1, grain("KZT")) * lift(1, "rate")),
        in_tenge(
            part(lot.initial_cost.amount, lot.quantity, x0, x1, grain(lot.initial_cost.currency)),
            lot.initial_cost.currency,
            lot.purchase_rate,
        ),
    )
    return when(found, bounded(own, proceeds_tenge, none), doubt("missing_acquisition", proceeds_tenge, none))


# ---- one disposal --------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:389.2", per="disposal", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:331.9", by="law-165-vii", per="disposal", date="day", since="2023-01-01")
@rule(cite="tax-code-2017:332-1.9", by="law-208-viii", per="disposal", date="day", since="2025-01-01")
def gain(first: Match, matches: Rows[Match], sale: Sale) -> Money:
    """The disposal's own positive difference over all its lots; never below zero."""
    currency = sale.sale_worth.currency
    whole = in_tenge(matches.sum(lambda m: m.proceeds_part), currency, sale.gain_rate)
    same = matches.where(lambda m: m.one_currency).sum(lambda m: m.proceeds_part - m.cost_part)
    mixed = matches.where(lambda m: ~m.one_currency).sum(lambda m: m.proceeds_tenge - m.cost_tenge)
    own = when(first.treatment == "whole_price", whole, in_tenge(same, currency, sale.gain_rate) + mixed)
    return bounded(floor0(own), lift(0, "KZT"), None)


@rule(cite="tax-code-2017:332.1", per="disposal", date="day", since="2018-01-01", name="gain")
def gain_before_2023(first: Match, matches: Rows[Match], sale: Sale) -> Money:
    """The whole sale value from abroad. At home no article named such a sale: between nothing and all of it (P21)."""
    whole = in_tenge(matches.sum(lambda m: m.proceeds_part), sale.sale_worth.currency, sale.gain_rate)
    in_doubt = doubt("sale_not_named_before_2023", lift(0, "KZT"), whole)
    return bounded(when(first.treatment == "whole_price", whole, in_doubt), lift(0, "KZT"), None)
