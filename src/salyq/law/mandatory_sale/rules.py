"""How much of what a miner sold had to go through AIFC exchanges: a share of what was SOLD in the period."""

from __future__ import annotations

from salyq.rulebook.nodes import Day, Flag, Quantity, Ratio, Text, given, rounded, unknown, when
from salyq.rulebook.rules import rule


@rule(cite="law-193-vii:8.4", per="act", since="2023-04-01")
def crosses(period_from: Day, changed_on: Day, sale_share: Ratio, share_before: Ratio) -> Flag:
    """The period began under another share: then what was sold before and after are counted apart."""
    return (period_from < changed_on) & ~(sale_share == share_before)


@rule(cite="law-193-vii:8.4", per="act", since="2023-04-01")
def required(
    sold: Quantity, sold_before_change: Quantity, sale_share: Ratio, share_before: Ratio, crosses: Flag
) -> Quantity:
    """share × sold; what was mined and not sold does not count."""
    apart = rounded(sold_before_change * share_before) + rounded((sold - sold_before_change) * sale_share)
    parts = when(sold_before_change <= sold, apart, unknown("sold_parts_disagree", unit="quantity"))
    return when(crosses, parts, rounded(sold * sale_share))


@rule(cite="law-193-vii:8.4", per="act", since="2023-04-01")
def verdict(required: Quantity, sold_on_aifc: Quantity) -> Text:
    return when(required <= 0, "lawful", when(sold_on_aifc >= required, "lawful", "unlawful"))


@rule(cite="law-193-vii:8.4", per="act", since="2023-04-01")
def gate(required: Quantity) -> Text:
    return when(required <= 0, "", "aifc")


@rule(cite="law-193-vii:4", per="act", since="2023-04-01")
def authority(required: Quantity) -> Text:
    return when(required <= 0, "", "digital_ministry")


@rule(cite="law-193-vii:8.4", per="act", since="2024-01-01", until="2026-01-17", until_by="law-231-viii")
def base_is_sold(sold: Quantity) -> Flag:
    return sold >= 0


@rule(
    cite="law-193-vii:10.3",
    basis="reconstruction",
    per="act",
    since="2024-01-01",
    until="2026-01-17",
    until_by="law-231-viii",
)
def period_assumed(sold: Quantity) -> Flag:
    return sold >= 0


@rule(cite="law-193-vii:8.4", per="act", since="2023-04-01")
def sold_stated(sold: Quantity) -> Flag:
    return given(sold)
