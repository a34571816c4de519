"""What a payer of the mining fee should know beside the figures: who pays, which rate, how consumption was found."""

from __future__ import annotations

from salyq.rulebook.nodes import Amount, Flag, given
from salyq.rulebook.rules import finding


@finding(cite="tax-code-2025:658", per="reading", date="day", since="2026-01-01")
@finding(
    cite="tax-code-2017:606-2",
    by="law-165-vii",
    per="reading",
    date="day",
    since="2024-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def host_double_charge(hosted: Flag) -> Flag:
    """Since 2024 both the miner and the host are payers, and no clause stops charging the same power twice (U3)."""
    return hosted


@finding(
    cite="salyq:price-without-vat",
    by="salyq",
    per="reading",
    date="day",
    since="2023-01-01",
    until="2023-12-31",
    until_by="law-45-viii",
    basis="reconstruction",
)
def price_without_vat(own_plant: Flag, metered: Flag, price_per_kwh: Amount) -> Flag:
    """The table of 2023 does not say whether its price includes VAT (U2)."""
    return ~own_plant & metered & given(price_per_kwh)


@finding(cite="tax-code-2025:659.3", per="reading", date="day", since="2026-01-01")
@finding(
    cite="tax-code-2017:606-3.3",
    by="law-135-vii",
    per="reading",
    date="day",
    since="2023-01-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def unmetered_at_full_power(metered: Flag) -> Flag:
    """Without a working meter hours × greatest power count."""
    return ~metered


@finding(cite="tax-code-2025:659.2", per="reading", date="day", since="2026-01-01", severity="warning")
def unlicensed_rate(licensed: Flag) -> Flag:
    """No mining licence on the day of the reading: the highest rate."""
    return ~licensed


@finding(cite="salyq-brief:3", by="salyq-brief", per="reading", date="day", since="2024-01-01", basis="convention")
def reduced_rate_two_readings(own_plant: Flag, renewable: Flag, grid_connected: Flag) -> Flag:
    """The brief and the article disagree on whether this power costs 1 tenge; a choice decides."""
    text = (renewable & own_plant) | ~grid_connected
    brief = renewable | own_plant
    return (text & ~brief) | (brief & ~text)
