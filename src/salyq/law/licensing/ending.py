"""How a permit is suspended and ended, measures of the supervisor, who may head an operator."""

from __future__ import annotations

from salyq.law.asked.terms import most_within
from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    Set,
    Term,
    Text,
    add_months,
    after,
    before,
    given,
    lift,
    unknown,
    when,
)
from salyq.rulebook.rules import rule

V2, V10 = "law-44-viii", "law-259-viii"
MINING = ("mining_I", "mining_II")
PLATFORMS = ("dfa_platform", "trading_platform")
NOT_READ = unknown("end_not_read", unit="text")


# ---- suspension ----------------------------------------------------------------------------------------------------
@rule(cite="law-193-vii:9.4", by=V2, per="act", since="2024-02-10")
def suspend_verdict(
    permit: Text,
    ground: Text,
    months: Count,
    suspend_grounds: Set,
    suspend_months_least: Count,
    suspend_months_most: Count,
) -> Text:
    within = (months >= suspend_months_least) & (months <= suspend_months_most)
    mining = when(ground.isin(suspend_grounds) & within, "lawful", "unlawful")
    return when(permit.isin(*MINING), mining, unknown("suspension_not_read", unit="text"))


@rule(cite="law-193-vii:9.4", by=V2, per="act", since="2024-02-10")
def suspend_gate(ground: Text, suspend_grounds: Set) -> Text:
    return when(ground.isin(suspend_grounds), ground, "")


@rule(cite="law-193-vii:9.4", by=V2, per="act", since="2024-02-10")
def suspend_authority(permit: Text) -> Text:
    return when(permit.isin(*MINING), "digital_ministry", "nbk")


@rule(cite="law-193-vii:9.5", by=V2, per="act", since="2024-02-10")
def must_stop(permit: Text) -> Flag:
    return permit.isin(*MINING)


@rule(cite="law-193-vii:9.5", by=V2, per="act", since="2024-02-10")
def suspended_until(decided: Day, months: Count) -> Day:
    return add_months(decided, months)


@rule(cite="law-193-vii:9.6", by=V2, per="act", since="2024-02-10")
def resume_on_request(permit: Text) -> Flag:
    return permit.isin(*MINING)


# ---- the end -------------------------------------------------------------------------------------------------------
@rule(cite="law-193-vii:7.5", by=V10, per="act", since="2026-05-01")
def systematic(
    permit: Text, breach_days: Text, breaches_systematic: Count, platform_window: Count, exchange_window: Count
) -> Flag:
    """Three breaches within the window; 24 months for an exchange operator."""
    months = when(permit == "exchange_operator", exchange_window, platform_window)
    return given(breach_days) & (most_within(breach_days, months) >= breaches_systematic)


@rule(cite="law-193-vii:12-6", by=V10, per="act", since="2026-05-01")
def unperformed(permit: Text, measure_days: Text, breaches_systematic: Count, measures_window: Count) -> Flag:
    many = given(measure_days) & (most_within(measure_days, measures_window) >= breaches_systematic)
    return (permit == "exchange_operator") & many


@rule(cite="law-193-vii:7.5", by=V10, per="act", since="2026-05-01")
def no_ground(
    permit: Text,
    breach_days: Text,
    measure_days: Text,
    registered: Day,
    never_worked: Flag,
    works_now: Flag,
    stopped_on: Day,
    false_papers: Flag,
    other_business: Flag,
    law_day: Day,
    breaches_systematic: Count,
    platform_window: Count,
    exchange_window: Count,
    measures_window: Count,
    idle_term: Term,
    stop_term: Term,
) -> Flag:
    """Every ground that was read is asked of, and none is met."""
    exchange = permit == "exchange_operator"
    months = when(exchange, exchange_window, platform_window)
    few = most_within(breach_days, months) < breaches_systematic
    begun = ~never_worked | (law_day < after(registered, idle_term))
    active = when(given(stopped_on), law_day < after(stopped_on, stop_term), works_now | (stopped_on > law_day))
    heeded = most_within(measure_days, measures_window) < breaches_systematic
    return few & begun & active & when(exchange, heeded & ~other_business, ~false_papers)


@rule(cite="law-193-vii:7.5", by=V10, per="act", since="2026-05-01")
def idle(registered: Day, never_worked: Flag, law_day: Day, idle_term: Term) -> Flag:
    return given(registered) & (never_worked & (law_day >= after(registered, idle_term)))


@rule(cite="law-193-vii:7.5", by=V10, per="act", since="2026-05-01")
def stopped(stopped_on: Day, law_day: Day, stop_term: Term) -> Flag:
    return given(stopped_on) & (law_day >= after(stopped_on, stop_term))


@rule(cite="law-193-vii:9.7", by=V2, per="act", since="2024-02-10", until="2026-04-30", until_by=V10)
def end_gate(permit: Text) -> Text:
    return when(permit.isin(*MINING), "court", "")


@rule(cite="law-193-vii:7.5", by=V10, per="act", since="2026-05-01", name="end_gate")
def end_gate_2026(
    permit: Text,
    systematic: Flag,
    unperformed: Flag,
    idle: Flag,
    stopped: Flag,
    false_papers: Flag,
    other_business: Flag,
) -> Text:
    """The first ground that is met."""
    exchange = permit == "exchange_operator"
    alone = when(given(other_business) & other_business, "other_business", "")
    last = when(exchange, alone, when(given(false_papers) & false_papers, "false_papers", ""))
    quiet = when(idle, "idle", when(stopped, "stopped", last))
    operators = when(systematic, "systematic_breaches", when(unperformed, "unperformed_measures", quiet))
    return when(permit.isin(*MINING), "court", operators)


@rule(cite="law-193-vii:9.7", by=V2, per="act", since="2024-02-10", until="2026-04-30", until_by=V10)
def end_verdict(permit: Text) -> Text:
    """May the authority end the permit? A mining licence only through a court; of others nothing was read."""
    return when(permit.isin(*MINING), "unlawful", NOT_READ)


@rule(cite="law-193-vii:7.5", by=V10, per="act", since="2026-05-01", name="end_verdict")
def end_verdict_2026(permit: Text, end_gate: Text, no_ground: Flag) -> Text:
    """On any ground that was told and is met. Of platforms the law has more grounds than were read."""
    platform = when(no_ground, unknown("end_grounds_not_read", unit="text"), "lawful")
    exchange = when(no_ground, "unlawful", "lawful")
    without = when(permit.isin(*PLATFORMS), platform, when(permit == "exchange_operator", exchange, NOT_READ))
    operators = when(end_gate == "", without, "lawful")
    return when(permit.isin(*MINING), "unlawful", operators)


@rule(cite="law-193-vii:9.7", by=V2, per="act", since="2024-02-10")
def end_authority(permit: Text) -> Text:
    return when(permit.isin(*MINING), "court", when(permit == "pool", "digital_ministry", "nbk"))


@rule(cite="law-193-vii:7.6", by=V10, per="act", since="2026-05-01")
def is_removed(removed: Day, permit: Text) -> Flag:
    return given(removed) & permit.isin(*PLATFORMS)


@rule(cite="law-193-vii:7.6", by=V10, per="act", since="2026-05-01")
def notice_of_removal(is_removed: Flag) -> Flag:
    return is_removed


@rule(cite="law-193-vii:7.6", by=V10, per="act", since="2026-05-01")
def notice_due(removed: Day, removal_notice: Term) -> Day:
    return after(removed, removal_notice)


@rule(cite="law-193-vii:7.8", by=V10, per="act", since="2026-05-01")
def handover(notified: Day, permit: Text) -> Flag:
    return given(notified) & permit.isin(*PLATFORMS)


@rule(cite="law-193-vii:7.8", by=V10, per="act", since="2026-05-01")
def handover_due(notified: Day, handover_term: Term) -> Day:
    return after(notified, handover_term)


@rule(cite="law-193-vii:7.7", by=V10, per="act", since="2026-05-01")
def services_stop(notified: Day, permit: Text) -> Flag:
    return given(notified) & permit.isin(*PLATFORMS)


@rule(cite="law-193-vii:12-6", by=V10, per="act", since="2026-05-01")
def warned(permit: Text, revoked: Day) -> Flag:
    return (permit == "exchange_operator") & given(revoked)


@rule(cite="law-193-vii:12-6", by=V10, per="act", since="2026-05-01")
def warn_by(revoked: Day, warning_before: Term) -> Day:
    return before(revoked, warning_before)


# ---- measures, executives ------------------------------------------------------------------------------------------
@rule(cite="law-193-vii:12-5", by=V10, per="act", since="2026-05-01")
def plan_verdict(plan_filed: Day) -> Text:
    return when(given(plan_filed), "lawful", unknown("no_plan_filed", unit="text"))


@rule(cite="law-193-vii:12-5", by=V10, per="act", since="2026-05-01")
def plan_authority(reviews: Flag) -> Text:
    return when(reviews, "nbk", "")


@rule(cite="law-193-vii:12-5", by=V10, per="act", since="2026-05-01")
def reviews(plan_filed: Day) -> Flag:
    return given(plan_filed)


@rule(cite="law-193-vii:12-5", by=V10, per="act", since="2026-05-01")
def plan_review_due(plan_filed: Day, review_extended: Flag, plan_review: Term) -> Day:
    """Ten working days, and once as many again."""
    first = after(plan_filed, plan_review)
    return when(given(review_extended) & review_extended, after(first, plan_review), first)


@rule(cite="law-193-vii:12-5", by=V10, per="act", since="2026-05-01")
def reports_item(item_done: Day) -> Flag:
    return given(item_done)


@rule(cite="law-193-vii:12-5", by=V10, per="act", since="2026-05-01")
def item_due(item_done: Day, item_report: Term) -> Day:
    return after(item_done, item_report)


@rule(cite="law-193-vii:6.13", by=V10, per="act", since="2026-05-01")
def executive_free_from(permit: Text, failed_on: Day, executive_ban: Term, exchange_executive_ban: Term) -> Day:
    return when(
        permit == "exchange_operator", after(failed_on, exchange_executive_ban), after(failed_on, executive_ban)
    )


@rule(cite="law-193-vii:6.13", by=V10, per="act", since="2026-05-01")
def executive_verdict(
    failed_on: Day, ever_failed: Flag, executive_free_from: Day, law_day: Day, good_reputation: Flag
) -> Text:
    late = law_day >= executive_free_from
    free = when(given(failed_on), late, when(ever_failed, late, lift(True, "flag")))
    return when(free & good_reputation, "lawful", "unlawful")


@rule(cite="law-193-vii:6.13", by=V10, per="act", since="2026-05-01")
def once_failed(failed_on: Day) -> Flag:
    return given(failed_on)
