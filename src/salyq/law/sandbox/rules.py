"""The sandbox: who may take part, the contract, cure and plan, the end."""

from __future__ import annotations

from salyq.rulebook.nodes import Day, Flag, Money, Set, Term, Text, after, given, when
from salyq.rulebook.rules import rule

V6 = "law-205-viii"


@rule(cite="nbk-law:51-5.1", by=V6, per="act", since="2025-08-29")
def legal_entity(legal_form: Text) -> Flag:
    return legal_form.isin("jsc", "llp", "other_company")


@rule(cite="nbk-law:51-5.1", by=V6, per="act", since="2025-08-29")
def right_kind(payment_provider: Text, financial_organisation: Flag, providers: Set) -> Flag:
    """A payment provider of items 2), 3), 5), or a company that is no financial organisation."""
    return payment_provider.isin(providers) | ((payment_provider == "none") & ~financial_organisation)


@rule(cite="nbk-law:51-5.4", by=V6, per="act", since="2025-08-29")
def may(legal_entity: Flag, right_kind: Flag, documents_complete: Flag, fits_aims: Flag) -> Flag:
    return legal_entity & right_kind & documents_complete & fits_aims


@rule(cite="nbk-law:51-5.2", by=V6, per="act", since="2025-08-29")
def contract_active(contract_state: Text) -> Flag:
    return contract_state == "active"


@rule(cite="nbk-law:51-5.2", by=V6, per="act", since="2025-08-29")
def told(consumers_told: Flag) -> Flag:
    return consumers_told


@rule(cite="nbk-law:51-5.8", by=V6, per="act", since="2025-08-29")
def verdict(legal_entity: Flag, right_kind: Flag, contract_active: Flag, told: Flag) -> Text:
    return when(legal_entity & right_kind & contract_active & told, "lawful", "unlawful")


@rule(cite="nbk-law:51-5.2", by=V6, per="act", since="2025-08-29")
def gate(contract_active: Flag) -> Text:
    return when(contract_active, "special_regime", "")


@rule(cite="nbk-law:51-4.4", by=V6, per="act", since="2025-08-29")
def authority(law_day: Day) -> Text:
    return when(given(law_day), "nbk", "")


@rule(cite="nbk-law:51-4.4", by=V6, per="act", since="2025-08-29")
def regime_known(regime_from: Day) -> Flag:
    return given(regime_from)


@rule(cite="nbk-law:51-4.4", by=V6, per="act", since="2025-08-29")
def regime_ends(regime_from: Day, regime_most: Term) -> Day:
    return after(regime_from, regime_most)


@rule(cite="nbk-law:51-4.4", by=V6, per="act", since="2025-08-29")
def ardfm_agrees(payment_provider: Text) -> Flag:
    return payment_provider.isin("bank", "bank_operations")


@rule(cite="nbk-law:51-5.6", by=V6, per="act", since="2025-08-29")
def plan(notified: Day) -> Flag:
    return given(notified)


@rule(cite="nbk-law:51-5.6", by=V6, per="act", since="2025-08-29")
def plan_due(notified: Day, plan_term: Term) -> Day:
    return after(notified, plan_term)


@rule(cite="nbk-law:51-5.6", by=V6, per="act", since="2025-08-29")
def cure(notified: Day) -> Flag:
    return given(notified)


@rule(cite="nbk-law:51-5.6", by=V6, per="act", since="2025-08-29")
def cure_due(notified: Day, cure_most: Term) -> Day:
    """At the latest: the notice names its own term within this one."""
    return after(notified, cure_most)


@rule(cite="nbk-law:51-5.7", by=V6, per="act", since="2025-08-29")
def wind_down(contract_state: Text) -> Flag:
    return contract_state == "ended"


@rule(cite="nbk-law:51-4.4", by=V6, per="act", since="2025-08-29")
def limit(client_limit: Money) -> Money:
    return client_limit


@rule(cite="nbk-law:51-5.3", by=V6, per="act", since="2025-08-29")
def selection(criteria: Text) -> Text:
    return criteria


@rule(cite="nbk-law:51-5.3", by=V6, basis="reconstruction", per="act", since="2025-08-29")
def old_criteria(permit: Text) -> Flag:
    return permit == "sandbox"
