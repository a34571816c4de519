"""Permits: what an application needs, costs and waits for; how a permit is suspended and ended."""

from __future__ import annotations

from salyq.rulebook.nodes import (
    Count,
    Day,
    Flag,
    Money,
    Multiple,
    Node,
    Ratio,
    Term,
    Text,
    Words,
    add_working_days,
    after,
    by_word,
    cited,
    given,
    lift,
    rounded,
    stated_or_zero,
    when,
)
from salyq.rulebook.rules import rule

V2, V10 = "law-44-viii", "law-259-viii"
MINING = ("mining_I", "mining_II")
PLATFORMS = ("dfa_platform", "trading_platform")
OLD = (*MINING, "pool", "hardware")


def _told(permit: Node, node: Node, exchange: str, platform: str, pool: str, mining: str) -> Node:
    """The same answer under the article of the permit asked for."""
    other = when(permit == "pool", cited(node, f"law-193-vii:{pool}"), cited(node, f"law-193-vii:{mining}"))
    registered = when(permit.isin(*PLATFORMS), cited(node, f"law-193-vii:{platform}"), other)
    return when(permit == "exchange_operator", cited(node, f"law-193-vii:{exchange}"), registered)


# ---- which permits there are ---------------------------------------------------------------------------------------
@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01", until="2025-08-28", until_by="law-205-viii")
def known_permit(permit: Text) -> Flag:
    return permit.isin(*OLD, "secured_issue", "fintech_lab")


@rule(
    cite="nbk-law:51-5.2",
    by="law-205-viii",
    per="act",
    since="2025-08-29",
    until="2026-04-30",
    until_by=V10,
    name="known_permit",
)
def known_permit_2025(permit: Text) -> Flag:
    return permit.isin(*OLD, "secured_issue", "fintech_lab", "sandbox")


@rule(cite="law-193-vii:6.7", by=V10, per="act", since="2026-05-01", name="known_permit")
def known_permit_2026(permit: Text) -> Flag:
    return permit.isin(*OLD, *PLATFORMS, "exchange_operator", "fintech_lab", "sandbox")


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01")
def gate(permit: Text, known_permit: Flag) -> Text:
    """Licence, accreditation, registration, permit or contract."""
    later = when(permit == "secured_issue", "permit", when(permit == "sandbox", "contract", "licence"))
    register = when(permit.isin(*PLATFORMS, "hardware"), "registration", later)
    return when(known_permit, when(permit == "pool", "accreditation", register), "")


@rule(cite="law-193-vii:4", per="act", since="2023-04-01")
def authority(permit: Text, known_permit: Flag) -> Text:
    central = when(permit.isin(*PLATFORMS, "exchange_operator", "sandbox"), "nbk", "digital_ministry")
    return when(known_permit, when(permit == "fintech_lab", "afsa", central), "")


# ---- what is needed ------------------------------------------------------------------------------------------------
def _form_ok(permit: Node, legal_form: Node) -> Node:
    companies = legal_form.isin("jsc", "llp")
    entities = legal_form.isin("jsc", "llp", "other_company")
    miners = legal_form.isin("jsc", "llp", "other_company", "sole_proprietor")
    strict = when(permit.isin(*PLATFORMS, "exchange_operator"), companies, entities)
    return when(permit.isin(*MINING, "hardware", "secured_issue"), miners, strict)


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01")
def form_ok(permit: Text, legal_form: Text) -> Flag:
    """Miners: sole proprietors and legal entities; pools and the sandbox: legal entities; operators: JSC or LLP."""
    fits = _form_ok(permit, legal_form)
    told = _told(permit, fits, "12-2", "6", "10.1", "8")
    return when(permit == "sandbox", cited(fits, "nbk-law:51-5.1"), told)


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01")
def right_form(form_ok: Flag) -> Flag:
    return form_ok


@rule(cite="law-193-vii:6", by=V10, per="act", since="2026-05-01")
def capital_set(permit: Text) -> Flag:
    return permit.isin(*PLATFORMS, "exchange_operator")


@rule(cite="law-193-vii:6", by=V10, per="act", since="2026-05-01")
def minimum_capital(permit: Text, platform_capital: Words, exchange_capital: Money) -> Money:
    return when(permit == "exchange_operator", exchange_capital, by_word(platform_capital, permit))


@rule(cite="law-193-vii:6", by=V10, per="act", since="2026-05-01")
def capital_paid(capital_kzt: Money, minimum_capital: Money) -> Flag:
    """The minimum itself is enough."""
    return capital_kzt >= minimum_capital


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01")
def owns_needed(permit: Text) -> Flag:
    return permit.isin(*MINING)


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01")
def owns(permit: Text, owns_centre: Flag, owns_hardware: Flag) -> Flag:
    return when(permit == "mining_I", owns_centre, owns_hardware)


@rule(cite="law-193-vii:10.2", per="act", since="2023-04-01")
def pool_asked(permit: Text) -> Flag:
    return permit == "pool"


@rule(cite="law-193-vii:10.2", per="act", since="2023-04-01")
def pool_ready(equipment_in_kazakhstan: Flag, security_test_passed: Flag) -> Flag:
    return equipment_in_kazakhstan & security_test_passed


@rule(cite="law-193-vii:6.16", per="act", since="2023-04-01")
def full_set(permit: Text, documents_complete: Flag) -> Flag:
    return _told(permit, documents_complete, "12-2", "6.16", "10", "9.1")


def _verdict(known: Node, ready: Node) -> Node:
    return when(known, when(ready, "lawful", "unlawful"), "not_regulated")


def _mining(permit: Node, form: Node, full: Node, owned: Node, pool: Node) -> Node:
    own = when(permit == "pool", pool, when(permit.isin(*MINING), owned, lift(True, "flag")))
    return form & full & own


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01", until="2025-08-28", until_by="law-205-viii")
def verdict(permit: Text, known_permit: Flag, form_ok: Flag, full_set: Flag, owns: Flag, pool_ready: Flag) -> Text:
    """Is the permit to be granted on the facts given?"""
    return _verdict(known_permit, _mining(permit, form_ok, full_set, owns, pool_ready))


@rule(
    cite="nbk-law:51-5.4",
    by="law-205-viii",
    per="act",
    since="2025-08-29",
    until="2026-04-30",
    until_by=V10,
    name="verdict",
)
def verdict_2025(
    permit: Text, known_permit: Flag, form_ok: Flag, full_set: Flag, owns: Flag, pool_ready: Flag, sandbox__may: Flag
) -> Text:
    ready = when(permit == "sandbox", sandbox__may, _mining(permit, form_ok, full_set, owns, pool_ready))
    return _verdict(known_permit, ready)


@rule(cite="law-193-vii:6.18", by=V10, per="act", since="2026-05-01", name="verdict")
def verdict_2026(
    permit: Text,
    known_permit: Flag,
    form_ok: Flag,
    full_set: Flag,
    owns: Flag,
    pool_ready: Flag,
    capital_paid: Flag,
    sandbox__may: Flag,
) -> Text:
    operators = form_ok & full_set & capital_paid
    mining = _mining(permit, form_ok, full_set, owns, pool_ready)
    ready = when(permit.isin(*PLATFORMS, "exchange_operator"), operators, mining)
    granted = _told(permit, _verdict(known_permit, ready), "12-3", "6.18", "10.2", "9.1")
    return when(permit == "sandbox", _verdict(known_permit, sandbox__may), granted)


# ---- the decision --------------------------------------------------------------------------------------------------
@rule(cite="law-193-vii:6.16", per="act", since="2023-04-01")
def decision(known_permit: Flag, permit: Text) -> Flag:
    return _told(permit, known_permit & ~(permit == "fintech_lab"), "12-2.5", "6.16", "10", "9.1")


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01", until="2025-08-28", until_by="law-205-viii")
def decision_due(
    permit: Text,
    filed: Day,
    stopped_days: Count,
    mining_decision: Term,
    pool_decision: Term,
    hardware_decision: Term,
    secured_decision: Term,
) -> Day:
    """The term from the day after filing; days for which the clock stood still are added."""
    other = when(permit == "pool", after(filed, pool_decision), after(filed, secured_decision))
    named = when(permit == "hardware", after(filed, hardware_decision), other)
    own = when(permit.isin(*MINING), after(filed, mining_decision), named)
    return add_working_days(own, stated_or_zero(stopped_days))


@rule(
    cite="law-193-vii:9.1",
    by="law-205-viii",
    per="act",
    since="2025-08-29",
    until="2026-04-30",
    until_by=V10,
    name="decision_due",
)
def decision_due_2025(
    permit: Text,
    filed: Day,
    stopped_days: Count,
    mining_decision: Term,
    pool_decision: Term,
    hardware_decision: Term,
    secured_decision: Term,
    sandbox_decision: Term,
) -> Day:
    last = when(permit == "sandbox", after(filed, sandbox_decision), after(filed, secured_decision))
    other = when(permit == "pool", after(filed, pool_decision), last)
    named = when(permit == "hardware", after(filed, hardware_decision), other)
    own = when(permit.isin(*MINING), after(filed, mining_decision), named)
    return add_working_days(own, stated_or_zero(stopped_days))


@rule(cite="law-193-vii:6.16", by=V10, per="act", since="2026-05-01", name="decision_due")
def decision_due_2026(
    permit: Text,
    filed: Day,
    stopped_days: Count,
    filed_again: Flag,
    mining_decision: Term,
    pool_decision: Term,
    hardware_decision: Term,
    sandbox_decision: Term,
    platform_decision: Term,
    exchange_decision: Term,
    refile_term: Term,
) -> Day:
    """Platforms: 20 working days, 10 where papers are filed again; exchange operators: 20."""
    last = when(permit == "hardware", after(filed, hardware_decision), after(filed, sandbox_decision))
    other = when(permit == "pool", after(filed, pool_decision), last)
    mining = when(permit.isin(*MINING), after(filed, mining_decision), other)
    again = given(filed_again) & filed_again
    platform = when(again, after(filed, refile_term), after(filed, platform_decision))
    exchange = when(permit == "exchange_operator", after(filed, exchange_decision), mining)
    own = when(permit.isin(*PLATFORMS), platform, exchange)
    return add_working_days(own, stated_or_zero(stopped_days))


@rule(cite="law-193-vii:6.16", by=V10, per="act", since="2026-05-01")
def fix(permit: Text, returned: Day) -> Flag:
    return permit.isin(*PLATFORMS) & given(returned)


@rule(cite="law-193-vii:6.16", by=V10, per="act", since="2026-05-01")
def fix_due(returned: Day, fix_term: Term) -> Day:
    return after(returned, fix_term)


# ---- fees and terms ------------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:616.4", per="act", since="2026-01-01")
@rule(
    cite="press-signum",
    by="tax-code-2017",
    basis="secondary",
    per="act",
    since="2023-04-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def fee_set(permit: Text) -> Flag:
    return permit.isin(*MINING, "exchange_operator")


@rule(
    cite="press-signum",
    by="tax-code-2017",
    basis="secondary",
    per="act",
    since="2023-04-01",
    until="2025-12-31",
    until_by="tax-code-2025",
)
def fee(permit: Text, mining_fee: Words, mci_january: Money) -> Money:
    return rounded(by_word(mining_fee, permit) * mci_january)


@rule(
    cite="tax-code-2025:616.4",
    per="act",
    since="2026-01-01",
    until="2026-04-30",
    until_by=V10,
    name="fee",
)
def fee_2026(permit: Text, mining_fee: Words, mci_january: Money) -> Money:
    return rounded(by_word(mining_fee, permit) * mci_january)


@rule(cite="tax-code-2025:616.4", by=V10, per="act", since="2026-05-01", name="fee")
def fee_with_exchange(permit: Text, mining_fee: Words, exchange_fee: Multiple, mci_january: Money) -> Money:
    multiple = when(permit == "exchange_operator", exchange_fee, by_word(mining_fee, permit))
    return rounded(multiple * mci_january)


@rule(cite="tax-code-2025:616.4", per="act", since="2026-01-01")
def duplicate_fee(fee: Money, duplicate_share: Ratio) -> Money:
    return rounded(fee * duplicate_share)


@rule(cite="tax-code-2025:616.4", per="act", since="2026-01-01")
def reissue_fee(fee: Money, reissue_share: Ratio) -> Money:
    return rounded(fee * reissue_share)


@rule(cite="tax-code-2025:616.4", per="act", since="2026-01-01")
def no_fee_row(permit: Text) -> Flag:
    return permit.isin(*PLATFORMS, "exchange_operator")


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01")
def has_term(permit: Text) -> Flag:
    return permit.isin(*MINING, "secured_issue", "fintech_lab")


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01", until="2026-04-30", until_by=V10)
def valid_until(permit: Text, granted: Day, mining_term: Term, secured_term: Term, lab_term: Term) -> Day:
    other = when(permit == "fintech_lab", after(granted, lab_term), after(granted, secured_term))
    return when(permit.isin(*MINING), after(granted, mining_term), other)


@rule(cite="law-193-vii:9.1", by=V10, per="act", since="2026-05-01", name="valid_until")
def valid_until_2026(permit: Text, granted: Day, mining_term: Term, lab_term: Term) -> Day:
    return when(permit.isin(*MINING), after(granted, mining_term), after(granted, lab_term))


@rule(cite="entrepreneurial-code:24.4.13", per="act", since="2023-04-01")
def never_small(permit: Text) -> Flag:
    return permit == "mining_I"


@rule(cite="order-169-2023", basis="secondary", per="act", since="2023-04-28")
def states_place_and_power(permit: Text) -> Flag:
    """What an application to mine states, and where it is filed."""
    return permit.isin(*MINING)


@rule(cite="law-259-viii:2", per="act", since="2026-05-01")
def transition_unknown(permit: Text) -> Flag:
    return permit == "secured_issue"


@rule(cite="law-193-vii:6.18", by=V10, per="act", since="2026-05-01")
def refusal_grounds_known(permit: Text) -> Flag:
    return permit.isin(*PLATFORMS)


@rule(cite="law-193-vii:12-3", by=V10, per="act", since="2026-05-01")
def refusal_grounds_unread(permit: Text) -> Flag:
    """An exchange operator's four grounds stand in an article of their own, which was not read."""
    return permit == "exchange_operator"


@rule(cite="law-193-vii:9.1", per="act", since="2023-04-01")
def is_granted(granted: Day) -> Flag:
    return given(granted)


@rule(cite="tax-code-2025:616.4", per="act", since="2026-01-01")
def reissue_verdict(permit: Text) -> Text:
    """Fees for a duplicate and a re-issue exist for licences only."""
    return when(permit.isin(*MINING, "exchange_operator"), "lawful", "not_regulated")
