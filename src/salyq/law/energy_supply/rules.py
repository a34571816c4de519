"""Power for miners: from whom, at trades above the cap, paid before the day (Law 588-II, article 19-1)."""

from __future__ import annotations

from salyq.rulebook.nodes import Flag, Money, Set, Text, Words, by_word, given, lift, when
from salyq.rulebook.rules import rule


@rule(cite="law-588-ii:19-1.5.4", per="act", since="2023-07-01")
def source_ok(power_source: Text, sources: Set) -> Flag:
    return power_source.isin(sources)


@rule(cite="law-588-ii:19-1.3.2", per="act", since="2023-07-01")
def from_purchaser(power_source: Text) -> Flag:
    return power_source == "single_purchaser"


@rule(cite="law-588-ii:19-1.3.2", per="act", since="2023-07-01")
def above_cap(price_kzt: Money, cap_kzt: Money) -> Flag:
    """Above, not at, the cap tariff; both in tenge for one kilowatt-hour."""
    return price_kzt > cap_kzt


@rule(cite="law-588-ii:19-1.5.15", per="act", since="2023-07-01")
def prepaid(paid_before: Flag) -> Flag:
    return paid_before


@rule(cite="law-588-ii:19-1.5.6", per="act", since="2023-07-01")
def contract(grid_contract: Flag) -> Flag:
    return grid_contract


@rule(cite="law-588-ii:19-1.5", per="act", since="2023-07-01")
def verdict(source_ok: Flag, from_purchaser: Flag, above_cap: Flag, prepaid: Flag, contract: Flag) -> Text:
    at_trades = ~from_purchaser | (above_cap & prepaid)
    return when(source_ok & contract & at_trades, "lawful", "unlawful")


@rule(cite="law-588-ii:19-1.5.4", per="act", since="2023-07-01")
def gate(source_ok: Flag, power_source: Text) -> Text:
    return when(source_ok, power_source, "")


@rule(cite="law-193-vii:4.5", per="act", since="2023-07-01")
def authority(responsible: Words) -> Text:
    return by_word(responsible, lift("power", "text"))


@rule(cite="press-korem", basis="secondary", per="act", since="2023-07-01")
def session_at(session: Text) -> Text:
    return session


@rule(cite="press-korem", basis="secondary", per="act", since="2023-07-01")
def prepay_at(prepay_by: Text) -> Text:
    return prepay_by


@rule(cite="press-korem", basis="secondary", per="act", since="2023-07-01")
def quota_at(quota_by: Text) -> Text:
    return quota_by


@rule(cite="press-quota", basis="secondary", per="act", since="2023-07-01")
def outside_quota(power_source: Text) -> Flag:
    """What the press says of power that is not bought at the trades."""
    return power_source.isin("import", "own_plant")


@rule(cite="law-588-ii:19-1.6", per="act", since="2023-07-01")
def unpaid_excluded(from_purchaser: Flag, prepaid: Flag) -> Flag:
    return from_purchaser & ~prepaid


@rule(cite="koap:165", per="act", since="2023-07-01")
def not_offence(from_purchaser: Flag) -> Flag:
    return from_purchaser


@rule(cite="law-193-vii:8", basis="reconstruction", per="act", since="2023-07-01")
def limits_not_law(power_source: Text) -> Flag:
    return given(power_source)
