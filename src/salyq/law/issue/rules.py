"""Issue of digital financial assets (articles 5, 6), of secured assets before, and admission to trading."""

from __future__ import annotations

from salyq.rulebook.nodes import Flag, Set, Text, unknown, when
from salyq.rulebook.rules import rule

V10 = "law-259-viii"
DFA = ("dfa_1", "dfa_2", "dfa_3_share", "dfa_3_other")


@rule(cite="law-193-vii:6.1", by=V10, per="act", since="2026-05-01")
def is_dfa(asset_kind: Text) -> Flag:
    return asset_kind.isin(*DFA)


@rule(cite="law-193-vii:6.1", by=V10, per="act", since="2026-05-01")
def resident_company(resident: Flag, legal_form: Text) -> Flag:
    return resident & legal_form.isin("jsc", "llp", "other_company")


@rule(cite="law-193-vii:6.1", by=V10, per="act", since="2026-05-01")
def platform(on_platform: Flag) -> Flag:
    return on_platform


@rule(cite="law-193-vii:6.2", by=V10, per="act", since="2026-05-01")
def decision(issue_decision: Flag) -> Flag:
    return issue_decision


@rule(cite="law-193-vii:6.3", by=V10, per="act", since="2026-05-01")
def base_needed(asset_kind: Text) -> Flag:
    """Kinds 1 and 2 stand for a base asset; kind 3 is the instrument itself."""
    return asset_kind.isin("dfa_1", "dfa_2")


@rule(cite="law-193-vii:6.3", by=V10, per="act", since="2026-05-01")
def base_verified(base_checked: Flag) -> Flag:
    return base_checked


@rule(cite="law-193-vii:5", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def verdict(asset_kind: Text, permit_state: Text, on_platform: Flag) -> Text:
    """Secured assets under a permit; an issue of unsecured ones was no business of the national law but banned."""
    secured = when((permit_state == "active") & on_platform, "lawful", "unlawful")
    return when(asset_kind == "secured", secured, when(asset_kind == "unsecured", "unlawful", "not_regulated"))


@rule(cite="law-193-vii:6.1", by=V10, per="act", since="2026-05-01", name="verdict")
def verdict_2026(
    asset_kind: Text,
    is_dfa: Flag,
    resident_company: Flag,
    platform: Flag,
    decision: Flag,
    base_needed: Flag,
    base_verified: Flag,
) -> Text:
    ready = resident_company & platform & decision & (~base_needed | base_verified)
    other = when(asset_kind == "secured", "not_regulated", unknown("issue_of_unsecured", unit="text"))
    return when(is_dfa, when(ready, "lawful", "unlawful"), other)


@rule(cite="law-193-vii:5", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def gate(asset_kind: Text) -> Text:
    return when(asset_kind == "secured", "permit", "")


@rule(cite="law-193-vii:6.2", by=V10, per="act", since="2026-05-01", name="gate")
def gate_2026(is_dfa: Flag) -> Text:
    return when(is_dfa, "dfa_platform", "")


@rule(cite="law-193-vii:4", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def authority(asset_kind: Text) -> Text:
    return when(asset_kind == "secured", "digital_ministry", "")


@rule(cite="law-193-vii:5", by=V10, per="act", since="2026-05-01", name="authority")
def authority_2026(asset_kind: Text, is_dfa: Flag) -> Text:
    return when(is_dfa, when(asset_kind == "dfa_1", "nbk", "ardfm"), "")


@rule(cite="law-193-vii:6.6", by=V10, per="act", since="2026-05-01")
def register(asset_kind: Text, is_dfa: Flag) -> Text:
    return when(is_dfa, when(asset_kind == "dfa_1", "dfa_platform", "central_depository"), "")


@rule(cite="law-191-iv:3.1", by=V10, per="act", since="2026-05-01")
def reports_threshold(is_dfa: Flag) -> Flag:
    return is_dfa


# ---- admission to trading ------------------------------------------------------------------------------------------
@rule(cite="aifc-daa:2.8", per="act", since="2024-01-01")
def in_aifc_venue(venue: Text) -> Flag:
    return venue == "aifc"


@rule(cite="aifc-daa:2.8", per="act", since="2024-01-01")
def approval_needed(in_aifc_venue: Flag, stablecoin: Flag, issued_by_licensee: Flag) -> Flag:
    return in_aifc_venue & stablecoin & ~issued_by_licensee


@rule(cite="aifc-daa:2.8", per="act", since="2024-01-01")
def stablecoin_approval(afsa_approval: Flag) -> Flag:
    return afsa_approval


@rule(cite="aifc-daa:2.8", per="act", since="2024-01-01")
def suitable(asset_suitable: Flag) -> Flag:
    return asset_suitable


@rule(cite="aifc-daa:4.7", per="act", since="2024-01-01")
def kzt_stablecoin(in_aifc_venue: Flag, stablecoin: Flag, pegged_to: Text, stablecoin_currencies: Set) -> Flag:
    return in_aifc_venue & stablecoin & ~pegged_to.isin(stablecoin_currencies)


@rule(cite="aifc-daa:2.8", per="act", since="2024-01-01")
def list_verdict(
    in_aifc_venue: Flag, suitable: Flag, approval_needed: Flag, stablecoin_approval: Flag, kzt_stablecoin: Flag
) -> Text:
    """In the AIFC; on national venues the list is the National Bank's and was not found."""
    ready = suitable & ~kzt_stablecoin & (~approval_needed | stablecoin_approval)
    return when(in_aifc_venue, when(ready, "lawful", "unlawful"), unknown("permitted_list", unit="text"))


@rule(cite="aifc-daa:2.8", per="act", since="2024-01-01")
def list_gate(in_aifc_venue: Flag) -> Text:
    return when(in_aifc_venue, "aifc", "")


@rule(cite="aifc-daa:2.8", per="act", since="2024-01-01")
def list_authority(in_aifc_venue: Flag, approval_needed: Flag) -> Text:
    return when(in_aifc_venue, when(approval_needed, "afsa", ""), "nbk")
