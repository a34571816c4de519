"""What a lot cost, by the law of the year assessed: old code 331.9 and 332-1.10, new code 389.3-389.6."""

from __future__ import annotations

from salyq.law.facts import quoted
from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    Quantity,
    Text,
    Worth,
    as_money,
    lift,
    lookup,
    unknown,
    when,
    worth,
)
from salyq.rulebook.rules import rule

TITLED = ("inherited", "gift_in", "contributed_in")
FREE = ("staked", "airdrop", "fork", "interest", "mined")


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
    cite="salyq:swaps", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="reconstruction",
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
def valued_in_tenge(kind: Text, peg: Text, counter_peg: Text) -> Flag:
    """A stablecoin amount of 2025 became tenge on its own day, and stays so for later sales (semantics 8)."""
    return (kind == "swap_in") & ((peg != "") | (counter_peg != ""))


@rule(
    cite="salyq:coverage", by="salyq", per="acquisition", date="day", since="2009-01-01", basis="convention",
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
    nothing = low_tax_source | ~documented | _free_of_charge(kind, taxed_earlier, valuer_report)
    return _cost(pool, value, nothing, kind.isin(*TITLED), _bought(kind, swapped_in_worth))


@rule(
    cite="tax-code-2017:332-1.10", by="law-208-viii", per="acquisition", date="law_day", since="2025-01-01",
    until="2025-12-31", name="initial_cost",
)  # fmt: skip
def initial_cost_2025(
    pool: Flag, kind: Text, value: Worth, documented: Flag, low_tax_source: Flag, swapped_in_worth: Worth
) -> Worth:
    """Amount of the deal, amount of stablecoin, or value received; free of charge and from a low-tax state 0."""
    nothing = kind.isin(*FREE, "gift_in", "inherited") | low_tax_source | ~documented
    return _cost(pool, value, nothing, kind == "contributed_in", _bought(kind, swapped_in_worth))


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
    nothing = ~documented | _free_of_charge(kind, taxed_earlier, valuer_report)
    return _cost(pool, value, nothing, kind.isin(*TITLED), _bought(kind, swapped_in_worth))


def _bought(kind: Text, swapped_in_worth: Worth) -> Worth:
    """What was paid, in money or by a swap; a coin that merely arrived has no purchase anybody knows."""
    return when(_no_purchase(kind), unknown("missing_acquisition", unit="worth"), swapped_in_worth)


def _free_of_charge(kind: Text, taxed_earlier: Flag, valuer_report: Flag) -> Flag:
    """Free by nature, or a gift that was neither taxed nor valued (semantics 11)."""
    return kind.isin(*FREE) | ((kind == "gift_in") & ~(taxed_earlier | valuer_report))


def _cost(pool: Flag, value: Worth, nothing: Flag, titled: Flag, bought: Worth) -> Worth:
    """The order of the cases: a pool has its own cost; then nothing; a stated value of title; what was paid."""
    return when(pool, value, when(nothing, _zero(), when(titled, value, bought)))
