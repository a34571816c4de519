"""What is a sale and what it is worth, by the law of its day: old code 331-332-1, new code 389."""

from __future__ import annotations

from salyq.law.amounts import quoted
from salyq.law.facts import Acquisition, Sale
from salyq.rulebook.nodes import (
    Count,
    Day,
    Election,
    Flag,
    Quantity,
    Text,
    Worth,
    as_money,
    choose,
    cited,
    given,
    lift,
    lookup,
    smallest,
    when,
    worth,
)
from salyq.rulebook.rules import rule

DEALS = ("sell", "swap_out", "spend")


# ---- what is a sale ----------------------------------------------------------------------------------------------
def _counts_as_sale(kind: Text, fee_in_asset: Election, *deals: str) -> Flag:
    """The deals of a time, and a fee paid in an asset where that is chosen to be a sale."""
    as_fee = choose(fee_in_asset, no_income=lift(False, "flag"), sale_at_value=lift(True, "flag"))
    return kind.isin(*deals) | ((kind == "fee") & as_fee)


@rule(cite="tax-code-2025:389.1", per="sale", date="day", since="2026-01-01")
def is_sale(kind: Text, fee_in_asset: Election) -> Flag:
    """Deals and contributions to capital; gifts and losses are no sale."""
    return _counts_as_sale(kind, fee_in_asset, *DEALS, "contributed_out")


@rule(
    cite="tax-code-2017:332-1.9", by="law-208-viii", per="sale", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
    name="is_sale",
)  # fmt: skip
@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="sale", date="day", since="2023-01-01", name="is_sale")
@rule(cite="tax-code-2017:332.1", per="sale", date="day", since="2018-01-01", name="is_sale")
def is_sale_before_2026(kind: Text, fee_in_asset: Election) -> Flag:
    """Deals. A gift is a transfer at sale value 0 (332-1.9) and gives no income either."""
    return _counts_as_sale(kind, fee_in_asset, *DEALS)


# ---- sale value --------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:389.2", per="sale", date="day", since="2026-01-01")
def sale_worth(kind: Text, given_worth: Worth, contribution_worth: Worth) -> Worth:
    """What was given for it; of a contribution no more than the capital that it pays."""
    return when(kind == "contributed_out", contribution_worth, given_worth)


@rule(cite="tax-code-2025:389.2", per="sale", date="day", since="2026-01-01")
def contribution_worth(given_worth: Worth, capital_paid: Worth) -> Worth:
    """The value at which it was contributed, but no more than the charter capital that it pays (sub-paragraph 2)."""
    paid = worth(smallest(given_worth.amount, capital_paid.amount), given_worth.currency)
    capped = when(capital_paid.currency == given_worth.currency, paid, given_worth)
    return when(given(capital_paid), capped, given_worth)


@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="sale", date="day", since="2023-01-01", name="sale_worth")
@rule(cite="tax-code-2017:332.1", per="sale", date="day", since="2018-01-01", name="sale_worth")
def sale_worth_before_2026(given_worth: Worth) -> Worth:
    return given_worth


@rule(
    cite="tax-code-2017:332-1.9", by="law-208-viii", per="sale", date="day", since="2025-01-01", name="sale_worth",
    until="2025-12-31", until_by="tax-code-2025",
)  # fmt: skip
def sale_worth_2025(
    value: Worth,
    value_is_money: Flag,
    counter_peg: Text,
    counter_quantity: Quantity,
    counter_asset: Text,
    given_abroad_for_property: Flag,
    given_at_day_price: Worth,
) -> Worth:
    """For money: the amount of the deal; for a listed stablecoin: its amount; otherwise, and abroad for property, the
    value of what is given."""
    in_peg = when(counter_peg != "", worth(as_money(counter_quantity), counter_peg), given_at_day_price)
    for_money = value_is_money & (counter_asset == "") & ~given_abroad_for_property
    return when(for_money, value, in_peg)


@rule(
    cite="tax-code-2017:332-1.12",
    by="law-208-viii",
    per="sale",
    date="day",
    since="2025-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def given_at_day_price(quantity: Quantity, asset: Text, day: Day, kind: Text, peg: Text, stale_days: Count) -> Worth:
    """The 24-hour price of what is given, on the day before; of a listed stablecoin paid away its amount."""
    before = lookup("day_before", day, unit="day")
    by_quote = quoted(quantity, "day_average", asset, before, stale_days)
    return when((kind == "spend") & (peg != ""), worth(as_money(quantity), peg), by_quote)


@rule(
    cite="tax-code-2017:332-1.9",
    by="law-208-viii",
    per="sale",
    date="day",
    since="2025-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def given_abroad_for_property(kind: Text, abroad: Flag, purpose: Text) -> Flag:
    """Handed over outside Kazakhstan for anything but services (paragraph 9, sub-paragraph 4)."""
    return (kind == "spend") & abroad & (purpose != "services")


@rule(
    cite="tax-code-2017:332-1.2",
    by="law-208-viii",
    per="sale",
    date="day",
    since="2025-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def sold_for_peg(counter_peg: Text, kind: Text) -> Flag:
    """Is the sale value an amount of a stablecoin? Then each leg is converted on its own day."""
    return (counter_peg != "") & kind.isin(*DEALS)


# ---- treatment: sale or not, difference or whole price -------------------------------------------------------------
@rule(cite="tax-code-2025:389.2", per="match", date="day", since="2026-01-01")
def treatment(sale: Sale, found: Flag, lot: Acquisition) -> Text:
    """The difference; nothing for coins whose mining income was determined (400.1.7)."""
    own = when(sale.resident, "difference", sale.non_resident_treatment)
    return _unless_mined(sale, found, lot, own, "tax-code-2025:400.1.7")


def _unless_mined(sale: Sale, found: Flag, lot: Acquisition, treatment: Text, article: str) -> Text:
    """How a sale is treated, unless the coin's mining income was determined: then the article takes it out."""
    mined = when(found, lot.mining_income_determined, lift(False, "flag"))
    out = cited(lift("no_sale", "text"), article)
    return when(sale.is_sale, when(mined, out, treatment), "no_sale")


@rule(cite="tax-code-2025:682.1", per="sale", date="day", since="2026-01-01", basis="reconstruction")
@rule(cite="tax-code-2017:646.1.1", per="sale", date="day", since="2018-01-01", basis="reconstruction")
def non_resident_treatment(foreign_source: Flag) -> Text:
    """A non-resident is taxed on what arises in Kazakhstan alone, without deducting a cost (NR4, NR5)."""
    return when(foreign_source, "no_sale", "whole_price")


@rule(
    cite="tax-code-2017:332-1.4", by="law-208-viii", per="match", date="day", since="2025-01-01",
    until="2025-12-31", until_by="tax-code-2025",
    name="treatment",
)  # fmt: skip
def treatment_2025(sale: Sale, found: Flag, lot: Acquisition) -> Text:
    """Giving a stablecoin for another asset, or for property registrable abroad, is no sale (4); nor is selling one
    that came from a swap (5)."""
    swapped = when(found, lot.came_by_swap, lift(False, "flag"))
    registrable = (sale.purpose == "registrable_property") & sale.abroad
    no_sale = (sale.peg != "") & ((sale.counter_asset != "") | registrable | swapped)
    own = when(no_sale, "no_sale", _price_or_difference(sale))
    return _unless_mined(sale, found, lot, own, "tax-code-2017:341.1.56")


@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="match", date="day", since="2023-01-01", name="treatment")
def treatment_2023(sale: Sale, found: Flag, lot: Acquisition) -> Text:
    """The difference (331.9: the whole price where there is no purchase price), or the whole sale value."""
    return _unless_mined(sale, found, lot, _price_or_difference(sale), "tax-code-2017:341.1.56")


@rule(cite="tax-code-2017:332.1", per="match", date="day", since="2021-01-01", name="treatment")
def treatment_2021(sale: Sale) -> Text:
    """Foreign source: the whole sale value. In Kazakhstan digital assets were not named among property income (P21)."""
    at_home = when(sale.resident, "not_named", sale.non_resident_treatment)
    abroad = when(sale.resident, "whole_price", sale.non_resident_treatment)
    return when(sale.is_sale, when(sale.foreign_source, abroad, at_home), "no_sale")


@rule(
    cite="tax-code-2017:331", per="match", date="day", since="2018-01-01", basis="reconstruction", name="treatment",
)  # fmt: skip
def treatment_2018(sale: Sale) -> Text:
    """The text of 2018 to 2020 on residents was not read (P18); without residence as ever since."""
    return when(sale.is_sale, when(sale.resident, "not_named", sale.non_resident_treatment), "no_sale")


@rule(cite="salyq:source-of-sale", by="salyq", per="sale", date="day", since="2018-01-01", basis="reconstruction")
def foreign_source(foreign_account: Flag, account_stated: Flag, source_of_sale: Election) -> Flag:
    """The selling account decides; where its country is not stated it counts as Kazakhstan (semantics 20)."""
    assumed = choose(source_of_sale, kazakhstan=lift(False, "flag"), foreign=lift(True, "flag"))
    return when(account_stated, foreign_account, assumed)


@rule(cite="tax-code-2017:332.1", by="law-165-vii", per="sale", date="day", since="2023-01-01")
def whole_price_due() -> Flag:
    """Of a foreign source, in 2023: the whole sale value."""
    return lift(True, "flag")


@rule(
    cite="tax-code-2017:332.8", by="law-165-vii", per="sale", date="day", since="2024-01-01", name="whole_price_due",
)  # fmt: skip
def whole_price_due_2024(low_tax_account: Flag) -> Flag:
    """From 2024 a foreign source has the difference too (332.4), but not from a low-tax state."""
    return low_tax_account


def _price_or_difference(sale: Sale) -> Text:
    abroad = when(sale.whole_price_due, "whole_price", "difference")
    return when(sale.resident, when(sale.foreign_source, abroad, "difference"), sale.non_resident_treatment)


@rule(cite="tax-code-2017:332-1.5", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01")
def came_by_swap(kind: Text, counter_asset: Text) -> Flag:
    """Was this stablecoin obtained in exchange for another digital asset?"""
    return (kind == "swap_in") & (counter_asset != "")
