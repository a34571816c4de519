"""Mining: licence, pool, site, single business; and whether another licensed business may go on."""

from __future__ import annotations

from salyq.rulebook.nodes import Flag, Text, Words, by_word, lift, when
from salyq.rulebook.rules import rule

V8, V10 = "law-231-viii", "law-259-viii"


@rule(cite="law-193-vii:8", per="act", since="2023-04-01")
def licensed(licence: Text) -> Flag:
    return licence.isin("mining_I", "mining_II")


@rule(cite="law-193-vii:9.5", per="act", since="2023-04-01")
def in_force(licence_state: Text) -> Flag:
    return licence_state == "active"


@rule(cite="law-193-vii:8", per="act", since="2023-04-01")
def through_pool(pool_accredited: Flag) -> Flag:
    return pool_accredited


@rule(cite="law-193-vii:1.9", per="act", since="2023-04-01")
def in_centre(site: Text) -> Flag:
    return site == "data_centre"


@rule(cite="law-193-vii:1.9", per="act", since="2023-04-01")
def building_needed(building_required: Flag) -> Flag:
    return building_required


@rule(cite="law-193-vii:1.9", per="act", since="2023-04-01")
def in_building(building: Flag) -> Flag:
    return building


@rule(cite="law-193-vii:8.6", per="act", since="2023-04-01")
def alone_needed(single_business: Flag) -> Flag:
    return single_business


@rule(cite="law-193-vii:8.6", per="act", since="2023-04-01")
def alone(other_business: Flag) -> Flag:
    return ~other_business


@rule(cite="law-193-vii:8", per="act", since="2023-04-01")
def verdict(
    licensed: Flag,
    in_force: Flag,
    through_pool: Flag,
    in_centre: Flag,
    building_needed: Flag,
    in_building: Flag,
    alone_needed: Flag,
    alone: Flag,
) -> Text:
    """Every condition of the day: what the law of the day does not ask for is not asked."""
    site = in_centre & (~building_needed | in_building)
    business = ~alone_needed | alone
    return when(licensed & in_force & through_pool & site & business, "lawful", "unlawful")


@rule(cite="law-193-vii:8", per="act", since="2023-04-01")
def gate(licensed: Flag, licence: Text) -> Text:
    return when(licensed, licence, "")


@rule(cite="law-193-vii:4", per="act", since="2023-04-01")
def authority(responsible: Words) -> Text:
    return by_word(responsible, lift("mining", "text"))


@rule(cite="tax-code-2025:659.2", per="act", since="2026-01-01")
def fee_without_licence(licensed: Flag) -> Flag:
    return ~licensed


@rule(cite="koap:463.1", per="act", since="2023-04-01")
def illegal_mining(licensed: Flag) -> Flag:
    return ~licensed


@rule(cite="koap:464.1", per="act", since="2023-04-01", basis="reconstruction")
def against_norms(licensed: Flag, mining_site__verdict: Text) -> Flag:
    """A licence was given, and the mining is against its norms or while it is suspended."""
    return licensed & (mining_site__verdict == "unlawful")


# ---- another licensed business -------------------------------------------------------------------------------------
@rule(cite="law-193-vii:12-2.2", by=V10, per="act", since="2026-05-01")
def permit_in_force(permit_state: Text) -> Flag:
    return permit_state == "active"


@rule(cite="koap:463.1", by=V10, per="act", since="2026-05-01")
def no_permit(permit_in_force: Flag, permit_state: Text) -> Flag:
    """None was given, or it ended. A suspended one is another offence (464)."""
    return ~permit_in_force & (permit_state != "suspended")


@rule(cite="koap:464.1", by=V10, per="act", since="2026-05-01", basis="reconstruction")
def business_against_norms(no_permit: Flag, operate_verdict: Text) -> Flag:
    """A permit was given, and the business is against its norms or while it is suspended."""
    return ~no_permit & (operate_verdict == "unlawful")


@rule(cite="law-193-vii:12-2.13", by=V10, per="act", since="2026-05-01")
def sole_needed(business: Text) -> Flag:
    return business == "exchange_operator"


@rule(cite="law-193-vii:12-2.13", by=V10, per="act", since="2026-05-01")
def sole_business(other_business: Flag) -> Flag:
    return ~other_business


@rule(cite="law-193-vii:10.1", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def operate_verdict(business: Text, permit_state: Text) -> Text:
    """Before May 2026 the national law knows pools and the AIFC's firms only."""
    known = business.isin("pool", "aifc")
    return when(known, when(permit_state == "active", "lawful", "unlawful"), "unlawful")


@rule(cite="law-193-vii:12-2.2", by=V10, per="act", since="2026-05-01", name="operate_verdict")
def operate_verdict_2026(permit_in_force: Flag, sole_needed: Flag, sole_business: Flag) -> Text:
    return when(permit_in_force & (~sole_needed | sole_business), "lawful", "unlawful")


@rule(cite="law-193-vii:12-2.2", per="act", since="2023-04-01")
def operate_gate(business: Text, operate_verdict: Text) -> Text:
    return when(operate_verdict == "lawful", business, "")


@rule(cite="law-193-vii:4", per="act", since="2023-04-01")
def operate_authority(business: Text) -> Text:
    return when(business == "pool", "digital_ministry", when(business == "aifc", "afsa", "nbk"))


@rule(cite="law-193-vii:10.4", per="act", since="2023-04-01")
def is_pool(business: Text) -> Flag:
    return business == "pool"


@rule(cite="law-193-vii:10.4", per="act", since="2023-04-01")
def pool_not_turnover(is_pool: Flag) -> Flag:
    return is_pool


# ---- a miner sells -------------------------------------------------------------------------------------------------
@rule(cite="law-193-vii:11.5", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def sell_gate(venue: Text) -> Text:
    return when(venue == "aifc", "aifc", "")


@rule(cite="law-193-vii:12-1.1.5", by=V10, per="act", since="2026-05-01", name="sell_gate")
def sell_gate_2026(mined_by_seller: Flag) -> Text:
    return when(mined_by_seller, "miner", "")


@rule(cite="law-193-vii:11.5", per="act", since="2023-04-01")
def sell_verdict(sell_gate: Text) -> Text:
    return when(sell_gate == "", "unlawful", "lawful")
