"""Data that must go with a transfer, and what happens without them: 12-1(8)-(9), 6(26)-(27), AIFC AML 11-1, 11-2."""

from __future__ import annotations

from salyq.rulebook.nodes import Dollars, Flag, Term, Text, Time, after, cited, when
from salyq.rulebook.rules import rule

V10 = "law-259-viii"
DFA = ("dfa_1", "dfa_2", "dfa_3_share", "dfa_3_other")


# ---- national law --------------------------------------------------------------------------------------------------
@rule(cite="law-193-vii:12-1.8", by=V10, per="act", since="2026-05-01", name="sender_data")
def sender_is_there(sender_data: Flag, asset_kind: Text) -> Flag:
    return when(asset_kind.isin(*DFA), cited(sender_data, "law-193-vii:6.26"), sender_data)


@rule(cite="law-193-vii:12-1.8", by=V10, per="act", since="2026-05-01", name="recipient_data")
def recipient_is_there(recipient_data: Flag, asset_kind: Text) -> Flag:
    return when(asset_kind.isin(*DFA), cited(recipient_data, "law-193-vii:6.26"), recipient_data)


@rule(cite="law-193-vii:12-1.9", by=V10, per="act", since="2026-05-01")
def hold(sender_data: Flag, recipient_data: Flag) -> Flag:
    """Something is missing, whatever the amount."""
    return ~(sender_data & recipient_data)


@rule(cite="law-193-vii:12-1.9", by=V10, per="act", since="2026-05-01")
def hold_until(at: Time, asset_kind: Text, hold_for: Term, hold_dfa_for: Term) -> Time:
    return when(asset_kind.isin(*DFA), after(at, hold_dfa_for), after(at, hold_for))


@rule(cite="law-193-vii:12-1.9", by=V10, per="act", since="2026-05-01")
def refuse(hold: Flag) -> Flag:
    """When the time of suspension is over and the data have not come."""
    return hold


# ---- AIFC ----------------------------------------------------------------------------------------------------------
@rule(cite="aifc-aml:11-1", per="act", since="2025-01-01")
def in_aifc(provider: Text) -> Flag:
    return provider == "aifc"


@rule(cite="aifc-aml:11-1", per="act", since="2025-01-01")
def full_set_needed(in_aifc: Flag, amount_usd: Dollars, full_set_from: Dollars) -> Flag:
    return in_aifc & (amount_usd >= full_set_from)


@rule(cite="aifc-aml:11-1", per="act", since="2025-01-01")
def names_only(in_aifc: Flag, amount_usd: Dollars, full_set_from: Dollars) -> Flag:
    return in_aifc & (amount_usd < full_set_from)


@rule(cite="aifc-aml:11-1", per="act", since="2025-01-01")
def aifc_full_set(full_data: Flag) -> Flag:
    return full_data


@rule(cite="aifc-aml:11-1", per="act", since="2025-01-01")
def aifc_names(sender_data: Flag, recipient_data: Flag) -> Flag:
    return sender_data & recipient_data


@rule(cite="aifc-aml:11-2", per="act", since="2025-01-01")
def self_hosted_measures(in_aifc: Flag, self_hosted: Flag, amount_usd: Dollars, self_hosted_above: Dollars) -> Flag:
    return in_aifc & self_hosted & (amount_usd > self_hosted_above)


@rule(cite="aifc-aml:11-2", per="act", since="2025-01-01")
def counterparty(counterparty_checked: Flag) -> Flag:
    return counterparty_checked
