"""Financial monitoring: what is reported to AFM and by when, and what is kept of a client (Law 191-IV)."""

from __future__ import annotations

from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    Money,
    Node,
    Ratio,
    Set,
    Term,
    Text,
    Time,
    after,
    day_of,
    given,
    lift,
    unknown,
    when,
)
from salyq.rulebook.rules import rule

V10 = "law-259-viii"


def _stated(fact: Node) -> Node:
    """A flag that counts only where it was stated: nobody is asked for it."""
    return given(fact) & fact


# ---- thresholds ----------------------------------------------------------------------------------------------------
@rule(cite="law-191-iv:4.1", by=V10, per="act", since="2026-05-01")
def threshold(
    asset_kind: Text, threshold_unsecured: Money, threshold_dfa: Money, threshold_dfa_3_other: Money
) -> Money:
    third = when(asset_kind == "dfa_3_other", threshold_dfa_3_other, unknown("no_such_kind", unit="KZT"))
    dfa = when(asset_kind.isin("dfa_1", "dfa_2", "dfa_3_share"), threshold_dfa, third)
    return when(asset_kind == "unsecured", threshold_unsecured, dfa)


@rule(cite="law-191-iv:3.1", by=V10, per="act", since="2026-05-01")
def reports(provider: Text, subjects: Set) -> Flag:
    return provider.isin(subjects)


@rule(cite="law-191-iv:3.1", by=V10, per="act", since="2026-05-01")
def monitors(venue: Text, subjects: Set) -> Flag:
    return venue.isin(subjects)


@rule(cite="law-191-iv:10.2", by=V10, per="act", since="2026-05-01")
def threshold_report(reports: Flag, amount_kzt: Money, threshold: Money) -> Flag:
    """From the threshold on, the threshold itself included."""
    return reports & (amount_kzt >= threshold)


@rule(cite="law-191-iv:10.2", by=V10, per="act", since="2026-05-01")
def deal_report(monitors: Flag, amount_kzt: Money, threshold: Money) -> Flag:
    return monitors & (amount_kzt >= threshold)


@rule(cite="law-191-iv:4.1.2", by=V10, per="act", since="2026-05-01")
def money_report(reports: Flag, amount_kzt: Money, threshold_unsecured: Money) -> Flag:
    """Money paid to a provider, or by it, from the threshold on."""
    return reports & (amount_kzt >= threshold_unsecured)


@rule(cite="law-191-iv:10.2", by=V10, per="act", since="2026-05-01")
def event_day(at: Time, law_day: Day) -> Day:
    return when(given(at), day_of(at), law_day)


@rule(cite="law-191-iv:10.2", by=V10, per="act", since="2026-05-01")
def threshold_report_due(event_day: Day, report_term: Term) -> Day:
    return after(event_day, report_term)


@rule(cite="law-191-iv:4.3", by=V10, per="act", since="2026-05-01")
def suspicious_report(suspicious: Flag) -> Flag:
    return _stated(suspicious)


@rule(cite="law-191-iv:4.3", by=V10, per="act", since="2026-05-01")
def suspicious_due(event_day: Day, suspicious_term: Term) -> Day:
    return after(event_day, suspicious_term)


@rule(cite="law-191-iv:10-1", by=V10, per="act", since="2026-05-01")
def activity_report(recognised: Day) -> Flag:
    return given(recognised)


@rule(cite="law-191-iv:10-1", by=V10, per="act", since="2026-05-01")
def activity_due(recognised: Day, activity_term: Term) -> Day:
    return after(recognised, activity_term)


@rule(cite="law-191-iv:11.5", by=V10, per="act", since="2026-05-01")
def no_tipping_off(suspicious: Flag, recognised: Day) -> Flag:
    return _stated(suspicious) | given(recognised)


# ---- requests, client files ----------------------------------------------------------------------------------------
@rule(cite="law-191-iv:10.3-1", by=V10, per="act", since="2026-05-01")
def answer(received: Day) -> Flag:
    return given(received)


@rule(cite="law-191-iv:10.3-1", by=V10, per="act", since="2026-05-01")
def answer_due(received: Day, about_suspicious: Flag, request_term: Term, request_suspicious_term: Term) -> Day:
    return when(about_suspicious, after(received, request_suspicious_term), after(received, request_term))


@rule(cite="law-191-iv:10.3-1", by=V10, per="act", since="2026-05-01")
def extension_until(answer_due: Day, request_extension: Term) -> Day:
    """Counted from the day on which the answer was due: the text gives the length, not the first day."""
    return after(answer_due, request_extension)


@rule(cite="law-191-iv:12", by=V10, per="act", since="2026-05-01")
def freeze(frozen: Day) -> Flag:
    return given(frozen)


@rule(cite="law-191-iv:12", by=V10, per="act", since="2026-05-01")
def freeze_until(frozen: Day, freeze_most: Term) -> Day:
    return after(frozen, freeze_most)


@rule(cite="law-191-iv:5.3", by=V10, per="act", since="2026-05-01")
def update(doubted: Day) -> Flag:
    return given(doubted)


@rule(cite="law-191-iv:5.3", by=V10, per="act", since="2026-05-01")
def update_due(doubted: Day, update_term: Term) -> Day:
    return after(doubted, update_term)


@rule(cite="law-191-iv:11.4", by=V10, per="act", since="2026-05-01")
def keep(relation_ended: Day) -> Flag:
    return given(relation_ended)


@rule(cite="law-191-iv:11.4", by=V10, per="act", since="2026-05-01")
def keep_until(relation_ended: Day, keep_for: Term) -> Day:
    return after(relation_ended, keep_for)


@rule(cite="law-191-iv:3.1", by=V10, per="act", since="2026-05-01")
def duty_verdict(reports: Flag) -> Text:
    return when(reports, "lawful", "not_regulated")


@rule(cite="law-191-iv:3.1", by=V10, per="act", since="2026-05-01")
def authority(reports: Flag) -> Text:
    return when(reports, "afm", "")


@rule(cite="order-13-2022", per="act", since="2023-04-01")
def resend(rejected: Day) -> Flag:
    return given(rejected)


@rule(cite="order-13-2022", per="act", since="2023-04-01")
def resend_due(rejected: Day, resend_term: Term) -> Day:
    return after(rejected, resend_term)


# ---- taking on a client --------------------------------------------------------------------------------------------
@rule(cite="law-191-iv:5.3", by=V10, per="act", since="2026-05-01")
def client_data(client_identified: Flag) -> Flag:
    return client_identified


@rule(cite="law-191-iv:5.3", by=V10, per="act", since="2026-05-01")
def beneficial_owner(owner_share: Ratio, owner_share_above: Ratio) -> Flag:
    return given(owner_share) & (owner_share > owner_share_above)


@rule(cite="law-191-iv:8", by=V10, per="act", since="2026-05-01")
def pep_measures(exposed_person: Flag) -> Flag:
    return exposed_person


@rule(cite="law-191-iv:5.9", by=V10, per="act", since="2026-05-01")
def remote_ban(remote: Flag, listed_person: Flag, high_risk: Flag) -> Flag:
    return remote & (listed_person | high_risk)


@rule(cite="law-191-iv:5.3", by=V10, per="act", since="2026-05-01")
def onboard_verdict(remote_ban: Flag, client_identified: Flag) -> Text:
    return when(remote_ban, "unlawful", when(client_identified, "lawful", "unlawful"))


@rule(cite="law-191-iv:5.3", by=V10, per="act", since="2026-05-01")
def onboard_gate(remote: Flag) -> Text:
    return when(remote, "remote", "in_person")


@rule(cite="order-22-2025", basis="secondary", per="act", since="2026-04-01")
def request_data(received: Day) -> Flag:
    """What a request may ask for: the set of the order, whose text was not read."""
    return given(received)


# ---- what banks watch: typologies of ARDFM, by the press -------------------------------------------------------------
@rule(cite="press-typologies", by="press-typologies", basis="secondary", per="act", since="2024-12-31")
def many_cards(cards: Count, cards_most: Count) -> Flag:
    return cards > cards_most


@rule(cite="press-typologies", by="press-typologies", basis="secondary", per="act", since="2024-12-31")
def many_credit_cards(credit_cards: Count, credit_cards_most: Count) -> Flag:
    return credit_cards > credit_cards_most


@rule(cite="press-typologies", by="press-typologies", basis="secondary", per="act", since="2024-12-31")
def nonresident_card(resident: Flag) -> Flag:
    return ~resident


@rule(cite="press-typologies", by="press-typologies", basis="secondary", per="act", since="2024-12-31")
def card_months(nonresident_card_months: Count) -> Count:
    return nonresident_card_months


@rule(cite="press-typologies", by="press-typologies", basis="secondary", per="act", since="2024-12-31")
def outside_list(on_aifc_list: Flag) -> Flag:
    """A payment to an exchange that is not on the AIFC's list."""
    return ~on_aifc_list


@rule(cite="press-typologies", by="press-typologies", basis="secondary", per="act", since="2024-12-31")
def watch_verdict(many_credit_cards: Flag) -> Text:
    """A sign makes nothing unlawful: the bank looks closer. Of credit cards the press names the most; whether that is a
    sign too, or forbids, it does not tell."""
    return when(many_credit_cards, unknown("credit_cards_not_told", unit="text"), "lawful")


@rule(cite="press-typologies", by="press-typologies", basis="secondary", per="act", since="2024-12-31")
def watch_authority() -> Text:
    return lift("ardfm", "text")
