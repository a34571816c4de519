"""Where digital assets may circulate: 11(5) until 30 April 2026, then the six gates of 12-1(1)."""

from __future__ import annotations

from salyq.rulebook.nodes import Flag, Money, Node, Set, Text, given, unknown, when
from salyq.rulebook.rules import rule

V8, V10 = "law-231-viii", "law-259-viii"


def _open(way: Node, gates: Set) -> Node:
    return when(way.isin(gates), way, "")


# ---- deals ---------------------------------------------------------------------------------------------------------
@rule(cite="law-193-vii:11.5", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def deal_gate(asset_kind: Text, venue: Text, gates: Set) -> Text:
    """The AIFC only (since autumn 2025 the special regime too)."""
    return when(asset_kind == "unsecured", _open(venue, gates), "")


@rule(cite="law-193-vii:12-1.1", by=V10, per="act", since="2026-05-01", name="deal_gate")
def deal_gate_2026(asset_kind: Text, venue: Text, party: Text, gates: Set, dfa_gates: Set) -> Text:
    """The gate of the venue, else that of the party."""
    unsecured = when(venue.isin(gates), venue, _open(party, gates))
    return when(asset_kind == "unsecured", unsecured, _open(venue, dfa_gates))


@rule(cite="law-193-vii:11.5", per="act", since="2023-04-01", until="2026-01-17", until_by=V8)
def deal_verdict(asset_kind: Text, deal_gate: Text) -> Text:
    free = when(deal_gate == "", "unlawful", "lawful")
    other = when(asset_kind == "secured", unknown("secured_circulation", unit="text"), "not_regulated")
    return when(asset_kind == "unsecured", free, other)


@rule(
    cite="law-193-vii:11.5", by=V8, per="act", since="2026-01-18", until="2026-04-30", until_by=V10, name="deal_verdict"
)
def deal_verdict_v8(asset_kind: Text, venue: Text, deal_gate: Text) -> Text:
    """The ban speaks of whoever organises turnover: a deal without a venue has no organiser."""
    closed = when(venue == "none", "not_regulated", "unlawful")
    other = when(asset_kind == "secured", unknown("secured_circulation", unit="text"), "not_regulated")
    return when(asset_kind == "unsecured", when(deal_gate == "", closed, "lawful"), other)


@rule(cite="law-193-vii:12-1.1", by=V10, per="act", since="2026-05-01", name="deal_verdict")
def deal_verdict_2026(asset_kind: Text, venue: Text, deal_gate: Text) -> Text:
    """Secured assets are no kind of asset any more. On DFA outside platforms the text is silent."""
    closed_dfa = when(venue == "exchange_operator", "unlawful", unknown("dfa_outside_platforms", unit="text"))
    closed = when(asset_kind == "unsecured", "unlawful", closed_dfa)
    return when(asset_kind == "secured", "not_regulated", when(deal_gate == "", closed, "lawful"))


def _keeper(gate: Node) -> Node:
    central = gate.isin("exchange_operator", "trading_platform", "dfa_platform", "special_regime", "nbk")
    return when(central, "nbk", when(gate == "aifc", "afsa", when(gate == "miner", "digital_ministry", "")))


@rule(cite="law-193-vii:4", per="act", since="2023-04-01")
def deal_authority(deal_gate: Text) -> Text:
    return _keeper(deal_gate)


# ---- transfers -----------------------------------------------------------------------------------------------------
@rule(cite="law-193-vii:11.5", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def transfer_gate(asset_kind: Text, provider: Text, gates: Set) -> Text:
    return when(asset_kind == "unsecured", _open(provider, gates), "")


@rule(cite="law-193-vii:12-1.1", by=V10, per="act", since="2026-05-01", name="transfer_gate")
def transfer_gate_2026(asset_kind: Text, provider: Text, gates: Set, dfa_gates: Set) -> Text:
    return when(asset_kind == "unsecured", _open(provider, gates), _open(provider, dfa_gates))


@rule(cite="law-193-vii:11.5", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def transfer_verdict(asset_kind: Text, transfer_gate: Text) -> Text:
    other = when(asset_kind == "secured", unknown("secured_circulation", unit="text"), "not_regulated")
    return when(asset_kind == "unsecured", when(transfer_gate == "", "unlawful", "lawful"), other)


@rule(cite="law-193-vii:12-1.1", by=V10, per="act", since="2026-05-01", name="transfer_verdict")
def transfer_verdict_2026(asset_kind: Text, provider: Text, transfer_gate: Text, hold: Flag) -> Text:
    """Through a gate, and only with the data of both sides: without them it is held, then refused."""
    closed_dfa = when(provider == "exchange_operator", "unlawful", unknown("dfa_outside_platforms", unit="text"))
    closed = when(asset_kind == "unsecured", "unlawful", closed_dfa)
    through = when(transfer_gate == "", closed, when(hold, "unlawful", "lawful"))
    return when(asset_kind == "secured", "not_regulated", through)


@rule(cite="law-193-vii:4", per="act", since="2023-04-01")
def transfer_authority(transfer_gate: Text) -> Text:
    return _keeper(transfer_gate)


# ---- payment -------------------------------------------------------------------------------------------------------
@rule(cite="payments-law:12.1", basis="reconstruction", per="act", since="2026-05-01")
def pay_gate(asset_kind: Text, merchant_gets: Text, venue: Text, gates: Set) -> Text:
    """Tenge for the merchant: then the asset is only sold, through the gate of the venue."""
    sold = when(merchant_gets == "tenge", _open(venue, gates), "")
    return when(asset_kind == "unsecured", sold, "")


@rule(cite="law-193-vii:12-1.2", by=V10, per="act", since="2026-05-01")
def pay_verdict(asset_kind: Text, merchant_gets: Text, pay_gate: Text, means_of_payment: Flag) -> Text:
    as_such = when(means_of_payment, "lawful", "unlawful")
    sold = when(merchant_gets == "tenge", when(pay_gate == "", "unlawful", "lawful"), as_such)
    return when(asset_kind == "unsecured", sold, unknown("dfa_as_payment", unit="text"))


@rule(cite="law-193-vii:4", by=V10, per="act", since="2026-05-01")
def pay_authority(pay_gate: Text) -> Text:
    return _keeper(pay_gate)


@rule(cite="payments-law:12.1", basis="reconstruction", per="act", since="2026-05-01")
def two_legs(merchant_gets: Text) -> Flag:
    return merchant_gets == "tenge"


# ---- what a provider owes its client -------------------------------------------------------------------------------
@rule(cite="law-193-vii:12-1.3", by=V10, per="act", since="2026-05-01")
def by_exchange_operator(venue: Text, asset_kind: Text) -> Flag:
    return (venue == "exchange_operator") & (asset_kind == "unsecured")


@rule(cite="law-193-vii:12-1.6", by=V10, per="act", since="2026-05-01")
def identified(client_identified: Flag) -> Flag:
    return client_identified


@rule(cite="law-193-vii:12-1.3", by=V10, per="act", since="2026-05-01")
def bank_account(through_bank: Flag) -> Flag:
    return through_bank


@rule(cite="law-193-vii:12-1.4", by=V10, per="act", since="2026-05-01")
def risk_notice(risk_notice_given: Flag) -> Flag:
    return risk_notice_given


@rule(cite="law-193-vii:12-1.4", by=V10, per="act", since="2026-05-01")
def price_risk_on_client(deal_gate: Text) -> Flag:
    return deal_gate.isin("exchange_operator", "trading_platform", "aifc")


@rule(cite="law-193-vii:12-1.1.1", by=V10, per="act", since="2026-05-01")
def analysis_system(deal_gate: Text) -> Flag:
    """An exchange operator analyses and controls operations by a system of its own; what it must do is not known."""
    return deal_gate == "exchange_operator"


@rule(cite="law-193-vii:12-1.5", by=V10, per="act", since="2026-05-01")
def client_limit_of(client_limit: Money) -> Money:
    return client_limit


@rule(cite="law-193-vii:12-1.5", by=V10, per="act", since="2026-05-01")
def limits_unknown(by_exchange_operator: Flag) -> Flag:
    return by_exchange_operator


@rule(cite="law-193-vii:11.5", per="act", since="2023-04-01")
def organiser_answers(deal_verdict: Text) -> Flag:
    return deal_verdict == "unlawful"


@rule(cite="law-193-vii:1", per="act", since="2023-04-01")
def kind_gone(asset_kind: Text, kinds: Set) -> Flag:
    """Secured assets since May 2026, digital financial assets before."""
    return ~asset_kind.isin(kinds)


@rule(cite="afsa-warning", basis="official", per="act", since="2026-01-01")
def warned_venue(venue_name: Text, warned: Set) -> Flag:
    return venue_name.isin(warned)


@rule(cite="afsa-warning", basis="official", per="act", since="2026-01-01")
def venue_named(venue_name: Text) -> Flag:
    return given(venue_name)
