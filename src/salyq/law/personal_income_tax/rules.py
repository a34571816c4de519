"""Personal income tax of resident individuals on digital assets: old code 331-332-1, new code 363-412.

An event is classified by the law of its day (`treatment`), each disposal has its own positive difference (`gain`),
and the year adds them up: losses never net.
"""

from __future__ import annotations

from salyq.law.facts import Acquisition, Derivative, Disposal, Match, Sale, grain, in_tenge, quoted
from salyq.rulebook.nodes import (
    Amount,
    Count,
    Day,
    Election,
    Flag,
    Money,
    Multiple,
    Quantity,
    Rate,
    Ratio,
    Rows,
    Scale,
    Text,
    Worth,
    as_money,
    bounded,
    choose,
    doubt,
    floor0,
    known_or,
    lift,
    lookup,
    part,
    rounded,
    scale,
    smallest,
    stated_or_zero,
    unknown,
    when,
    worth,
)
from salyq.rulebook.rules import figure, rule

SUBJECT_KINDS = ("individual",)
DEALS = ("sell", "swap_out", "spend")
FREE = ("staked", "airdrop", "fork", "interest", "mined")


# ---- who is covered ----------------------------------------------------------------------------------------------
@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(person_kind: Text) -> Flag:
    return person_kind.isin("individual", "sole_proprietor")


@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01")
def named_in_law() -> Flag:
    """From 2023 digital assets are named among property income."""
    return lift(True, "flag")


@rule(cite="tax-code-2017:332.1", per="year", since="2018-01-01", name="named_in_law")
def not_named_in_law() -> Flag:
    """Before 2023 they were not (P21): the whole sale value could be other income, which needs a person's review."""
    return lift(False, "flag")


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered(person_kind: Text, resident: Flag, mines: Flag, named_in_law: Flag) -> Text:
    """Why this person's tax is not computed yet; empty where it is."""
    return when(
        ~named_in_law,
        "not_covered_before_2023",
        when(
            person_kind == "sole_proprietor",
            "not_covered_sole_proprietor",
            when(~resident, "not_covered_non_resident", when(mines, "not_covered_individual_miner", "")),
        ),
    )


# ---- what is a sale ----------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:389.1", per="sale", date="day", since="2026-01-01")
def is_sale(kind: Text, fee_in_asset: Election) -> Flag:
    """Deals and contributions to capital; gifts and losses are no sale."""
    as_fee = choose(fee_in_asset, no_income=lift(False, "flag"), sale_at_value=lift(True, "flag"))
    return kind.isin(*DEALS, "contributed_out") | ((kind == "fee") & as_fee)


@rule(
    cite="tax-code-2017:332-1.9", by="law-208-viii", per="sale", date="day", since="2025-01-01", until="2025-12-31",
    name="is_sale",
)  # fmt: skip
def is_sale_2025(kind: Text, fee_in_asset: Election) -> Flag:
    """A gift or inheritance is a transfer at sale value 0: it gives no income either."""
    as_fee = choose(fee_in_asset, no_income=lift(False, "flag"), sale_at_value=lift(True, "flag"))
    return kind.isin(*DEALS) | ((kind == "fee") & as_fee)


@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="sale", date="day", since="2023-01-01", name="is_sale")
def is_sale_2023(kind: Text, fee_in_asset: Election) -> Flag:
    as_fee = choose(fee_in_asset, no_income=lift(False, "flag"), sale_at_value=lift(True, "flag"))
    return kind.isin(*DEALS) | ((kind == "fee") & as_fee)


# ---- sale value --------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:389.2", per="sale", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:331.1.8", by="law-165-vii", per="sale", date="day", since="2023-01-01")
def sale_worth(given_worth: Worth) -> Worth:
    return given_worth


@rule(
    cite="tax-code-2017:332-1.9", by="law-208-viii", per="sale", date="day", since="2025-01-01", name="sale_worth",
    until="2025-12-31",
)  # fmt: skip
def sale_worth_2025(
    value: Worth,
    value_is_money: Flag,
    quantity: Quantity,
    asset: Text,
    day: Day,
    counter_peg: Text,
    counter_quantity: Quantity,
    counter_asset: Text,
    stale_days: Count,
) -> Worth:
    """For money: the amount of the deal; for a listed stablecoin: its amount; otherwise the 24-hour price of what is
    given, on the day before (paragraph 12)."""
    before = lookup("day_before", day, unit="day")
    return when(
        value_is_money & (counter_asset == ""),
        value,
        when(
            counter_peg != "",
            worth(as_money(counter_quantity), counter_peg),
            quoted(quantity, "day_average", asset, before, stale_days),
        ),
    )


@rule(cite="tax-code-2017:332-1.2", by="law-208-viii", per="sale", date="day", since="2025-01-01", until="2025-12-31")
def sold_for_peg(counter_peg: Text, kind: Text) -> Flag:
    """Is the sale value an amount of a stablecoin? Then each leg is converted on its own day."""
    return (counter_peg != "") & kind.isin(*DEALS)


# ---- cost of a lot, by the law of the year assessed ----------------------------------------------------------------
def _zero() -> Worth:
    return worth(lift(0, "amount"), "KZT")


def _no_purchase(kind: Text) -> Flag:
    return kind == "transfer_in"


@rule(
    cite="tax-code-2017:332-1.10", by="law-208-viii", per="acquisition", date="day", since="2025-01-01",
    until="2025-12-31",
)  # fmt: skip
def swapped_in_worth(
    value: Worth,
    value_is_money: Flag,
    quantity: Quantity,
    asset: Text,
    day: Day,
    peg: Text,
    counter_asset: Text,
    counter_peg: Text,
    counter_quantity: Quantity,
    stale_days: Count,
) -> Worth:
    """Bought for money: the amount of the deal; for a stablecoin: its amount; a stablecoin received: its own amount;
    otherwise the 24-hour price of what is received, on the day before (paragraphs 2, 3, 10, 12)."""
    before = lookup("day_before", day, unit="day")
    by_quote = quoted(quantity, "day_average", asset, before, stale_days)
    in_peg = when(
        counter_peg != "",
        worth(as_money(counter_quantity), counter_peg),
        when(peg != "", worth(as_money(quantity), peg), by_quote),
    )
    return when(value_is_money & (counter_asset == ""), value, in_peg)


@rule(
    cite="salyq:swaps", by="salyq", per="acquisition", date="day", since="2018-01-01", basis="reconstruction",
    name="swapped_in_worth",
)  # fmt: skip
@rule(cite="tax-code-2025:389.3", per="acquisition", date="day", since="2026-01-01", name="swapped_in_worth")
def swapped_in_worth_otherwise(received_worth: Worth) -> Worth:
    """Outside article 332-1 one value serves both sides of a swap (semantics 8)."""
    return received_worth


@rule(
    cite="tax-code-2017:332-1.3", by="law-208-viii", per="acquisition", date="day", since="2025-01-01",
    until="2025-12-31",
)  # fmt: skip
def valued_in_tenge(value_is_money: Flag, counter_asset: Text, peg: Text, counter_peg: Text) -> Flag:
    """A stablecoin amount of 2025 became tenge on its own day, and stays so for later sales (semantics 8)."""
    return ((peg != "") | (counter_peg != "")) & ~(value_is_money & (counter_asset == ""))


@rule(
    cite="salyq:coverage", by="salyq", per="acquisition", date="day", since="2018-01-01", basis="convention",
    name="valued_in_tenge",
)  # fmt: skip
@rule(
    cite="salyq:coverage", by="salyq", per="acquisition", date="day", since="2026-01-01", basis="convention",
    name="valued_in_tenge",
)  # fmt: skip
def valued_in_own_currency() -> Flag:
    """Outside 2025 a worth keeps the currency of its deal."""
    return lift(False, "flag")


@rule(cite="tax-code-2025:389.3", per="acquisition", date="law_day", since="2026-01-01")
def initial_cost(
    pool: Flag,
    kind: Text,
    value: Worth,
    documented: Flag,
    taxed_earlier: Flag,
    valuer_report: Flag,
    low_tax_source: Flag,
    swapped_in_worth: Worth,
) -> Worth:
    """Documented price; value of title for an inheritance; amount taxed for a taxed gift; otherwise 0 (389.3-389.6)."""
    free = kind.isin(*FREE) | ((kind == "gift_in") & ~(taxed_earlier | valuer_report))
    return when(
        pool,
        value,
        when(
            low_tax_source | ~documented | free,
            _zero(),
            when(kind.isin("inherited", "gift_in", "contributed_in"), value, _bought(kind, swapped_in_worth)),
        ),
    )


@rule(
    cite="tax-code-2017:332-1.10", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01",
    until="2025-12-31", name="initial_cost",
)  # fmt: skip
def initial_cost_2025(
    pool: Flag, kind: Text, value: Worth, documented: Flag, low_tax_source: Flag, swapped_in_worth: Worth
) -> Worth:
    """Amount of the deal, amount of stablecoin, or value received; free of charge and from a low-tax state 0."""
    free = kind.isin(*FREE, "gift_in", "inherited")
    return when(
        pool,
        value,
        when(
            free | low_tax_source | ~documented,
            _zero(),
            when(kind == "contributed_in", value, _bought(kind, swapped_in_worth)),
        ),
    )


@rule(
    cite="tax-code-2017:331.9", by="law-165-vii", per="acquisition", date="law_day", since="2023-01-01",
    name="initial_cost",
)  # fmt: skip
def initial_cost_2023(
    pool: Flag,
    kind: Text,
    value: Worth,
    documented: Flag,
    taxed_earlier: Flag,
    valuer_report: Flag,
    swapped_in_worth: Worth,
) -> Worth:
    """The acquisition price; where there is none, nothing is deducted."""
    free = kind.isin(*FREE) | ((kind == "gift_in") & ~(taxed_earlier | valuer_report))
    return when(
        pool,
        value,
        when(
            ~documented | free,
            _zero(),
            when(kind.isin("inherited", "gift_in", "contributed_in"), value, _bought(kind, swapped_in_worth)),
        ),
    )


def _bought(kind: Text, swapped_in_worth: Worth) -> Worth:
    """What was paid, in money or by a swap; a coin that merely arrived has no purchase anybody knows."""
    return when(_no_purchase(kind), unknown("missing_acquisition", unit="worth"), swapped_in_worth)


# ---- one match: this part of this lot in this sale -----------------------------------------------------------------
@rule(cite="salyq:parts", by="salyq", per="match", date="day", since="2023-01-01", basis="convention")
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


@rule(cite="tax-code-2025:382.7", per="match", date="day", since="2026-01-01")
@rule(cite="salyq:one-currency", by="salyq", per="match", date="day", since="2023-01-01", basis="reconstruction")
def one_currency(found: Flag, lot: Acquisition, sale: Sale, cost_currency: Text) -> Flag:
    """Cost and proceeds are in one currency, so the gain is converted once (semantics 7)."""
    tenge = when(found, lot.valued_in_tenge, lift(False, "flag"))
    return (cost_currency == sale.sale_worth.currency) & ((cost_currency == "KZT") | ~tenge)


@rule(
    cite="tax-code-2017:332-1.2", by="law-208-viii", per="match", date="day", since="2025-01-01", until="2025-12-31",
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


@rule(cite="tax-code-2017:330.4", per="sale", date="day", since="2025-01-01", until="2025-12-31", name="gain_rate")
@rule(
    cite="kpmg-2025",
    by="tax-code-2017",
    per="sale",
    date="day",
    since="2023-01-01",
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


# ---- treatment: sale or not, difference or whole price -------------------------------------------------------------
@rule(cite="tax-code-2025:389.2", per="match", date="day", since="2026-01-01")
def treatment(sale: Sale) -> Text:
    return when(sale.is_sale, "difference", "no_sale")


@rule(
    cite="tax-code-2017:332-1.4", by="law-208-viii", per="match", date="day", since="2025-01-01", until="2025-12-31",
    name="treatment",
)  # fmt: skip
def treatment_2025(sale: Sale, found: Flag, lot: Acquisition) -> Text:
    """Giving a stablecoin for another asset is no sale (4); nor is selling one that came from a swap (5)."""
    swapped = when(found, lot.came_by_swap, lift(False, "flag"))
    no_sale = (sale.peg != "") & ((sale.counter_asset != "") | swapped)
    return when(sale.is_sale & ~no_sale, _price_or_difference(sale), "no_sale")


@rule(
    cite="tax-code-2017:332.4", by="law-165-vii", per="match", date="day", since="2024-01-01", until="2024-12-31",
    name="treatment",
)  # fmt: skip
def treatment_2024(sale: Sale) -> Text:
    """Foreign source too: the difference, if documented and not from a low-tax state; else the whole sale value."""
    return when(sale.is_sale, _price_or_difference(sale), "no_sale")


@rule(cite="salyq:source-of-sale", by="salyq", per="sale", date="day", since="2023-01-01", basis="reconstruction")
def foreign_source(foreign_account: Flag, account_stated: Flag, source_of_sale: Election) -> Flag:
    """The selling account decides; where its country is not stated it counts as Kazakhstan (semantics 20)."""
    assumed = choose(source_of_sale, kazakhstan=lift(False, "flag"), foreign=lift(True, "flag"))
    return when(account_stated, foreign_account, assumed)


def _price_or_difference(sale: Sale) -> Text:
    """From a low-tax state the whole sale value (332.8); else the difference; a price without a document is 0."""
    return when(sale.foreign_source & sale.low_tax_account, "whole_price", "difference")


@rule(
    cite="tax-code-2017:332.1", by="law-165-vii", per="match", date="day", since="2023-01-01", until="2023-12-31",
    name="treatment",
)  # fmt: skip
def treatment_2023(sale: Sale) -> Text:
    """Kazakhstan source: the difference (331.9: without a price the whole price); foreign source: the whole price."""
    return when(sale.is_sale, when(sale.foreign_source, "whole_price", "difference"), "no_sale")


@rule(cite="tax-code-2017:332-1.5", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01")
def came_by_swap(kind: Text, counter_asset: Text) -> Flag:
    """Was this stablecoin obtained in exchange for another digital asset?"""
    return (kind == "swap_in") & (counter_asset != "")


# ---- one disposal --------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:389.2", per="disposal", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:331.9", by="law-165-vii", per="disposal", date="day", since="2023-01-01")
@rule(cite="tax-code-2017:332-1.9", by="law-208-viii", per="disposal", date="day", since="2025-01-01")
def gain(treatment: Text, matches: Rows[Match], sale: Sale) -> Money:
    """The disposal's own positive difference over all its lots; never below zero."""
    currency = sale.sale_worth.currency
    whole = in_tenge(matches.sum(lambda m: m.proceeds_part), currency, sale.gain_rate)
    same = matches.where(lambda m: m.one_currency).sum(lambda m: m.proceeds_part - m.cost_part)
    mixed = matches.where(lambda m: ~m.one_currency).sum(lambda m: m.proceeds_tenge - m.cost_tenge)
    own = when(treatment == "whole_price", whole, in_tenge(same, currency, sale.gain_rate) + mixed)
    return bounded(floor0(own), lift(0, "KZT"), None)


# ---- the year ------------------------------------------------------------------------------------------------------
@figure(cite="tax-code-2025:389.2", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01")
def digital_asset_income(disposals: Rows[Disposal]) -> Money:
    """Each disposal's positive difference; losses do not net (P-N1, P-N2)."""
    return disposals.sum(lambda d: d.gain)


@figure(cite="tax-code-2025:388", per="year", since="2026-01-01", quiet=True)
@figure(
    cite="tax-code-2017:332-1.6", by="law-208-viii", per="year", since="2025-01-01", until="2025-12-31", quiet=True
)  # fmt: skip
def derivative_income(derivatives: Rows[Derivative]) -> Money:
    """Positive results of closed derivatives."""
    return derivatives.sum(lambda d: d.derivative_gain)


@figure(
    cite="salyq:coverage", by="salyq", per="year", since="2023-01-01", basis="convention", name="derivative_income",
    quiet=True,
)  # fmt: skip
def derivative_income_before_2025(derivatives: Rows[Derivative]) -> Money:
    """No article read says how results of such derivatives are taxed before 2025: unknown where there are any."""
    return when(derivatives.count() > 0, unknown("no_derivative_law", unit="KZT"), lift(0, "KZT"))


@rule(cite="tax-code-2025:388", per="derivative", date="day", since="2026-01-01")
def derivative_gain(worth: Worth, day: Day) -> Money:
    rate = lookup("year_mean", worth.currency, day, unit="rate")
    return bounded(floor0(rounded(worth.amount * rate)), lift(0, "KZT"), None)


@rule(
    cite="tax-code-2017:332-1.6", by="law-208-viii", per="derivative", date="day", since="2025-01-01",
    until="2025-12-31", name="derivative_gain",
)  # fmt: skip
def derivative_gain_2025(worth: Worth, day: Day, stale_days: Count) -> Money:
    before = lookup("working_day_before", day, unit="day")
    rate = lookup("market_rate", worth.currency, before, stale_days, unit="rate")
    return bounded(floor0(rounded(worth.amount * rate)), lift(0, "KZT"), None)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def self_assessed_income(digital_asset_income: Money, derivative_income: Money, other_income: Money) -> Money:
    """Income that the person taxes himself."""
    return digital_asset_income + derivative_income + stated_or_zero(other_income)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def deductions(
    base_deduction: Money, social_deduction: Money, base_deduction_limit: Multiple, mci_january: Money
) -> Money:
    """What is still unused at the employer; the base deduction within its yearly limit (403, 404)."""
    limit = rounded(base_deduction_limit * mci_january)
    return smallest(stated_or_zero(base_deduction), limit) + stated_or_zero(social_deduction)


@rule(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def aggregated(
    self_assessed_income: Money, employment_income_taxable: Money, aggregation_threshold: Multiple, mci_january: Money
) -> Flag:
    """Is income taxed at source added? Only if both together exceed the threshold."""
    salary = stated_or_zero(employment_income_taxable)
    together = self_assessed_income + salary
    return together > rounded(aggregation_threshold * mci_january)


@figure(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def taxable_income(
    self_assessed_income: Money, deductions: Money, aggregated: Flag, employment_income_taxable: Money
) -> Money:
    """Own income, and the salary where it is added, less the deductions not used at the employer."""
    salary = when(aggregated, stated_or_zero(employment_income_taxable), lift(0, "KZT"))
    return floor0(self_assessed_income + salary - deductions)


@figure(cite="tax-code-2017:331.1.8", by="law-165-vii", per="year", since="2023-01-01", name="taxable_income")
def taxable_income_before_2026(digital_asset_income: Money, derivative_income: Money, other_income: Money) -> Money:
    return digital_asset_income + derivative_income + stated_or_zero(other_income)


@figure(cite="tax-code-2025:363.1", per="year", since="2026-01-01")
def tax(taxable_income: Money, scale_: Scale, mci_january: Money) -> Money:
    return rounded(scale(taxable_income, scale_, mci_january))


@figure(cite="tax-code-2017:320.1", per="year", since="2023-01-01", name="tax")
def tax_before_2026(taxable_income: Money, flat_rate: Ratio) -> Money:
    return rounded(taxable_income * flat_rate)


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
def withheld_credit(aggregated: Flag, personal_income_tax_withheld: Money) -> Money:
    """Tax withheld at source is credited where the income it was withheld from is added."""
    return when(aggregated, stated_or_zero(personal_income_tax_withheld), lift(0, "KZT"))


@figure(cite="tax-code-2017:320.1", per="year", since="2023-01-01", name="withheld_credit")
def withheld_credit_before_2026() -> Money:
    """Income taxed at source stays apart, so there is nothing to credit."""
    return lift(0, "KZT")


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
@figure(cite="tax-code-2017:320.1", per="year", since="2023-01-01")
def tax_due(tax: Money, withheld_credit: Money) -> Money:
    return floor0(tax - withheld_credit)


@figure(cite="tax-code-2025:412.3", per="year", since="2026-01-01")
def overpaid(tax: Money, withheld_credit: Money) -> Money:
    return floor0(withheld_credit - tax)


@figure(cite="tax-code-2017:320.1", per="year", since="2023-01-01", name="overpaid")
def overpaid_before_2026() -> Money:
    """Nothing is credited, so nothing can be overpaid by crediting."""
    return lift(0, "KZT")
