"""Digital mining fee: old code 606-1 to 606-5, new code 657-661; so much a kilowatt-hour, by quarter."""

from __future__ import annotations

from salyq.law.facts import Acquisition
from salyq.law.mining_fee.facts import Reading
from salyq.rulebook.nodes import (
    Amount,
    Election,
    Energy,
    Exact,
    Flag,
    Money,
    Rows,
    Table,
    Tariff,
    Text,
    bounded,
    choose,
    largest,
    lift,
    rounded,
    table,
    when,
)
from salyq.rulebook.rules import figure, rule


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def applies(
    uses_power: Flag, licensed_to_mine: Flag, mines: Flag, person_kind: Text, payouts: Rows[Acquisition]
) -> Flag:
    """Whoever used power, mined or held a mining licence in the year; a company that mines, in every year."""
    return uses_power | licensed_to_mine | (mines & (person_kind == "company")) | (payouts.count() > 0)


@rule(cite="salyq:coverage", by="salyq", per="year", since="2018-01-01", basis="convention")
def not_covered() -> Text:
    """The fee falls on whoever mines, whatever the person's kind."""
    return lift("", "text")


# ---- volume --------------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:659.3", per="reading", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:606-3.3", by="law-45-viii", per="reading", date="day", since="2024-01-01")
@rule(cite="tax-code-2017:606-3.3", by="law-135-vii", per="reading", date="day", since="2023-01-01")
def unmetered_energy(hours_at_full_power: Energy) -> Energy:
    """Without a working meter: greatest power × hours."""
    return hours_at_full_power


@rule(cite="tax-code-2025:657.1", per="reading", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:606-1.1", by="law-135-vii", per="reading", date="day", since="2023-01-01")
def kwh_used(metered: Flag, energy: Energy, unmetered_energy: Energy) -> Energy:
    """Electricity used: as metered, or as the article counts it without a meter."""
    return bounded(when(metered, energy, unmetered_energy), lift(0, "kWh"), None)


@rule(cite="tax-code-2017:606-1.1", by="law-53-vii", per="reading", date="day", since="2022-01-01", name="kwh_used")
def kwh_used_2022(energy: Energy) -> Energy:
    """The article of 2022 says nothing of meters: what the person states."""
    return bounded(energy, lift(0, "kWh"), None)


@rule(cite="tax-code-2025:658", per="reading", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:606-2", by="law-165-vii", per="reading", date="day", since="2024-01-01")
@rule(cite="tax-code-2017:606-2", by="law-53-vii", per="reading", date="day", since="2022-01-01")
def pays(hosted: Flag, hosts_pay: Flag) -> Flag:
    """Power used by other people's machines: the host pays only since 2024."""
    return ~hosted | hosts_pay


# ---- rate ----------------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2017:606-3", by="law-53-vii", per="reading", date="day", since="2022-01-01", name="tariff")
def tariff_2022(rate: Tariff) -> Tariff:
    return rate


@rule(cite="tax-code-2017:606-3", by="law-135-vii", per="reading", date="day", since="2023-01-01", name="tariff")
def tariff_2023(
    own_plant: Flag,
    renewable: Flag,
    metered: Flag,
    price_per_kwh: Amount,
    rate_by_price: Table,
    own_power_rate: Tariff,
    own_renewable_rate: Tariff,
    no_meter_rate: Tariff,
) -> Tariff:
    """Own power at its own rate, bought power by its price; where several grounds meet, the highest rate."""
    # Without a price the rate lies between the least and the greatest of the year.
    bought = bounded(table(price_per_kwh, rate_by_price), own_renewable_rate, no_meter_rate)
    supply = when(own_plant, when(renewable, own_renewable_rate, own_power_rate), bought)
    return when(metered, supply, when(own_plant, largest(no_meter_rate, supply), no_meter_rate))


def _reduced(own_plant: Flag, renewable: Flag, grid_connected: Flag, renewable_rate: Election) -> Flag:
    text = (renewable & own_plant) | ~grid_connected
    return choose(renewable_rate, text=text, brief=renewable | own_plant)


@rule(cite="tax-code-2017:606-3.1", by="law-45-viii", per="reading", date="day", since="2024-01-01")
def tariff(
    own_plant: Flag,
    renewable: Flag,
    grid_connected: Flag,
    renewable_rate: Election,
    rate: Tariff,
    reduced_rate: Tariff,
) -> Tariff:
    """2 tenge; 1 for own renewable power or a unit off the grid. A missing meter or licence has no rate of its own."""
    return when(_reduced(own_plant, renewable, grid_connected, renewable_rate), reduced_rate, rate)


@rule(cite="tax-code-2025:659", per="reading", date="day", since="2026-01-01", name="tariff")
def tariff_2026(
    licensed: Flag, metered: Flag, reduced: Flag, rate: Tariff, reduced_rate: Tariff, penal_tariff: Tariff
) -> Tariff:
    """Without licence or working meter the highest rate; else 1 or 2 tenge."""
    return when(licensed & metered, when(reduced, reduced_rate, rate), penal_tariff)


@rule(cite="tax-code-2025:659.2", per="reading", date="day", since="2026-01-01")
def reduced(own_plant: Flag, renewable: Flag, grid_connected: Flag, renewable_rate: Election) -> Flag:
    """Own renewable power, or a unit off the unified grid."""
    return _reduced(own_plant, renewable, grid_connected, renewable_rate)


@rule(cite="tax-code-2025:659.2", per="reading", date="day", since="2026-01-01")
def penal_tariff(reduced: Flag, unlicensed_or_unmetered_rate: Tariff, both_grounds_tariff: Tariff) -> Tariff:
    """No licence, no meter, or a meter out of order."""
    return when(reduced, both_grounds_tariff, unlicensed_or_unmetered_rate)


@rule(cite="salyq:fee-order", by="salyq", per="reading", date="day", since="2026-01-01", basis="reconstruction")
def both_grounds_tariff(fee_order: Election, unlicensed_or_unmetered_rate: Tariff, reduced_rate: Tariff) -> Tariff:
    """Both the highest and the reduced rate fit: no clause ranks them (F26-ord), so it is a choice."""
    return choose(fee_order, highest=unlicensed_or_unmetered_rate, reduced=reduced_rate)


# ---- the quarter ---------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:661.1", per="reading", date="day", since="2026-01-01")
@rule(cite="tax-code-2017:606-5.1", by="law-53-vii", per="reading", date="day", since="2022-01-01")
def reading_fee(kwh_used: Energy, tariff: Tariff) -> Exact:
    return kwh_used * tariff


@figure(cite="tax-code-2025:657.1", per="quarter", date="quarter_end", since="2026-01-01")
@figure(cite="tax-code-2017:606-1.1", by="law-53-vii", per="quarter", date="quarter_end", since="2022-01-01")
def energy(readings: Rows[Reading]) -> Energy:
    """Kilowatt-hours on which this person pays."""
    return readings.where(lambda r: r.pays).sum(lambda r: r.kwh_used)


@figure(cite="tax-code-2025:661.1", per="quarter", date="quarter_end", since="2026-01-01")
@figure(cite="tax-code-2017:606-5.1", by="law-53-vii", per="quarter", date="quarter_end", since="2022-01-01")
def due(readings: Rows[Reading]) -> Money:
    """kWh × rate, rounded once a quarter."""
    return rounded(readings.where(lambda r: r.pays).sum(lambda r: r.reading_fee))


@figure(cite="law-53-vii", by="tax-code-2017", per="quarter", date="quarter_end", since="2018-01-01",
        basis="secondary", name="due")  # fmt: skip
def no_fee_before_2022() -> Money:
    """There was no such fee (F18)."""
    return lift(0, "KZT")
