"""AIFC: what a licensed firm needs and pays, how much a retail client may put in, the FinTech Lab."""

from __future__ import annotations

from salyq.rulebook.nodes import (
    Count,
    Day,
    Dollars,
    Flag,
    Ratio,
    Set,
    Term,
    Text,
    Words,
    after,
    before,
    by_word,
    cited,
    given,
    largest,
    smallest,
    when,
)
from salyq.rulebook.rules import rule


@rule(cite="aifc-daa:1.1", per="act", since="2024-01-01")
def known_activity(activity: Text, activities: Set) -> Flag:
    return activity.isin(activities)


@rule(cite="aifc-daa:3.2", per="act", since="2024-01-01", until="2026-02-09", until_by="press-custody")
def minimum_capital(activity: Text, capital: Words) -> Dollars:
    return by_word(capital, activity)


@rule(cite="aifc-daa:3.2", by="press-custody", per="act", since="2026-02-10", name="minimum_capital")
def minimum_capital_with_press(activity: Text, capital: Words, custody_capital: Dollars) -> Dollars:
    """Of custody the press alone tells a figure."""
    return when(activity == "custody", cited(custody_capital, "press-custody"), by_word(capital, activity))


@rule(cite="aifc-daa:3.2", per="act", since="2024-01-01")
def capital_ok(capital_usd: Dollars, minimum_capital: Dollars) -> Flag:
    return capital_usd >= minimum_capital


@rule(cite="aifc-daa:2.3.1", per="act", since="2024-01-01")
def posts_needed(activity: Text) -> Flag:
    return activity == "trading_facility"


@rule(cite="aifc-daa:2.3.1", per="act", since="2024-01-01")
def posts(posts_filled: Flag) -> Flag:
    return posts_filled


@rule(cite="aifc-daa:2.3.2", per="act", since="2024-01-01")
def directors_needed(posts_needed: Flag, started: Day, law_day: Day, directors_after: Term) -> Flag:
    """From twelve months after the start."""
    return posts_needed & (law_day >= after(started, directors_after))


@rule(cite="aifc-daa:2.3.2", per="act", since="2024-01-01")
def third_independent(independent_share: Ratio, directors: Ratio) -> Flag:
    return independent_share >= directors


@rule(cite="aifc-daa:1.1", per="act", since="2024-01-01")
def verdict(
    known_activity: Flag,
    permit_state: Text,
    capital_ok: Flag,
    posts_needed: Flag,
    posts: Flag,
    directors_needed: Flag,
    third_independent: Flag,
) -> Text:
    organs = (~posts_needed | posts) & (~directors_needed | third_independent)
    ready = (permit_state == "active") & capital_ok & organs
    return when(known_activity, when(ready, "lawful", "unlawful"), "unlawful")


@rule(cite="aifc-law:4-1", per="act", since="2023-04-01")
def gate(activity: Text) -> Text:
    return when(given(activity), "aifc", "")


@rule(cite="aifc-law:4-1", per="act", since="2019-03-15")
def authority(law_day: Day) -> Text:
    return when(given(law_day), "afsa", "")


@rule(cite="aifc-daa:2.5.1", per="act", since="2024-01-01")
def members_told(rules_change: Day) -> Flag:
    return given(rules_change)


@rule(cite="aifc-daa:2.5.1", per="act", since="2024-01-01")
def members_told_by(rules_change: Day, rules_notice: Term) -> Day:
    return before(rules_change, rules_notice)


@rule(cite="aifc-daa:2.13", per="act", since="2024-01-01")
def prefunded(posts_needed: Flag) -> Flag:
    return posts_needed


# ---- fees ----------------------------------------------------------------------------------------------------------
@rule(cite="aifc-fees", basis="secondary", per="act", since="2024-01-01")
def yearly(activity: Text, yearly_fee: Words) -> Dollars:
    return by_word(yearly_fee, activity)


@rule(cite="aifc-fees", basis="secondary", per="act", since="2024-01-01")
def application(facility_application: Dollars) -> Dollars:
    return facility_application


@rule(cite="aifc-fees", basis="secondary", per="act", since="2024-01-01")
def first_fee(started: Day) -> Flag:
    return given(started)


@rule(cite="aifc-fees", basis="secondary", per="act", since="2024-01-01")
def first_fee_due(started: Day, first_fee_term: Term) -> Day:
    return after(started, first_fee_term)


# ---- deposits of retail clients ------------------------------------------------------------------------------------
@rule(cite="aifc-cooperation:3.1.1", per="act", since="2024-01-01")
@rule(cite="aifc-ce-2021", per="act", since="2021-01-01", until="2023-12-31", until_by="aifc-cooperation")
def retail(client: Text, resident: Flag) -> Flag:
    return (client == "retail") & resident


@rule(cite="aifc-ce-2021", per="act", since="2021-01-01", until="2023-12-31", until_by="aifc-cooperation")
def limit(
    income_proved: Flag,
    income_usd: Dollars,
    worth_usd: Dollars,
    retail_month: Dollars,
    income_share: Ratio,
    worth_share: Ratio,
    old_cap: Dollars,
) -> Dollars:
    """Without proof 1,000 dollars; with it 10 % of income or 5 % of net worth, at most 100,000."""
    proved = smallest(largest(income_usd * income_share, worth_usd * worth_share), old_cap)
    return when(income_proved, proved, retail_month)


@rule(cite="aifc-cooperation:3.1.1", per="act", since="2024-01-01", name="limit")
def limit_2024(retail_month: Dollars) -> Dollars:
    return retail_month


@rule(cite="aifc-cooperation:3.1.1", per="act", since="2024-01-01")
@rule(cite="aifc-ce-2021", per="act", since="2021-01-01", until="2023-12-31", until_by="aifc-cooperation")
def over(month_usd: Dollars, limit: Dollars) -> Flag:
    """Over, not at, the limit: deposits of the calendar month, this one included."""
    return month_usd > limit


@rule(cite="aifc-cooperation:3.1.1", per="act", since="2024-01-01")
def test(test_passed: Flag) -> Flag:
    return test_passed


@rule(cite="aifc-ce-2021", per="act", since="2021-01-01", until="2023-12-31", until_by="aifc-cooperation")
def deposit_verdict(retail: Flag, over: Flag) -> Text:
    return when(retail & over, "unlawful", "lawful")


@rule(cite="aifc-cooperation:3.1.1", per="act", since="2024-01-01", name="deposit_verdict")
def deposit_verdict_2024(retail: Flag, over: Flag, test: Flag) -> Text:
    return when(retail & over & ~test, "unlawful", "lawful")


@rule(cite="aifc-cooperation:3.1.1", per="act", since="2024-01-01")
@rule(cite="aifc-ce-2021", per="act", since="2021-01-01", until="2023-12-31", until_by="aifc-cooperation")
def deposit_gate(deposit_verdict: Text) -> Text:
    return when(deposit_verdict == "lawful", "aifc", "")


@rule(cite="aifc-cooperation:3.1.1", per="act", since="2024-01-01")
@rule(cite="aifc-ce-2021", per="act", since="2021-01-01", until="2023-12-31", until_by="aifc-cooperation")
def stop_deposit(deposit_verdict: Text) -> Flag:
    return deposit_verdict == "unlawful"


@rule(cite="aifc-cooperation:3.1.1", per="act", since="2024-01-01")
def data_exchange(retail: Flag) -> Flag:
    return retail


# ---- FinTech Lab ---------------------------------------------------------------------------------------------------
@rule(cite="aifc-fintech:2.8", per="act", since="2019-03-15")
def lab_limit(lab_client: Text, lab_client_usd: Words) -> Dollars:
    return by_word(lab_client_usd, lab_client)


@rule(cite="aifc-fintech:2.8", per="act", since="2019-03-15")
def lab_total(lab_total_usd: Dollars) -> Dollars:
    return lab_total_usd


@rule(cite="aifc-fintech:2.8", per="act", since="2019-03-15")
def lab_facility(activity: Text, lab_client: Text, lab_client_btc: Words, lab_client_btc_other: Words) -> Count:
    wide = activity.isin("trading_facility", "custody")
    return when(wide, by_word(lab_client_btc, lab_client), by_word(lab_client_btc_other, lab_client))


@rule(cite="aifc-fintech:2.8", per="act", since="2019-03-15")
def lab_verdict(amount_usd: Dollars, total_usd: Dollars, lab_limit: Dollars, lab_total_usd: Dollars) -> Text:
    return when((amount_usd <= lab_limit) & (total_usd <= lab_total_usd), "lawful", "unlawful")


@rule(cite="aifc-fintech:2.8", per="act", since="2019-03-15")
def lab_gate(lab_verdict: Text) -> Text:
    return when(lab_verdict == "lawful", "fintech_lab", "")


@rule(cite="aifc-fintech:2.5.1", per="act", since="2019-03-15")
def lab_ends(granted: Day, lab_term: Term) -> Day:
    return after(granted, lab_term)


@rule(cite="aifc-fintech:2.5.2", per="act", since="2019-03-15")
def lab_extend(granted: Day) -> Flag:
    return given(granted)


@rule(cite="aifc-fintech:2.5.2", per="act", since="2019-03-15")
def lab_extend_by(lab_ends: Day, lab_extension: Term) -> Day:
    return before(lab_ends, lab_extension)


@rule(cite="aifc-fintech:2.5.2", per="act", since="2019-03-15")
def lab_told(terms_change: Day) -> Flag:
    return given(terms_change)


@rule(cite="aifc-fintech:2.5.2", per="act", since="2019-03-15")
def lab_told_by(terms_change: Day, lab_vary: Term) -> Day:
    return before(terms_change, lab_vary)
