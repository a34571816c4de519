"""The city of Alatau: what is in force where and when (Constitutional Law 286-VIII)."""

from __future__ import annotations

from salyq.rulebook.nodes import Day, Flag, Set, Term, Text, Words, after, by_word, given, lift, when
from salyq.rulebook.rules import rule


@rule(
    cite="law-193-vii:1",
    basis="reconstruction",
    per="act",
    since="2023-04-01",
    until="2026-06-30",
    until_by="law-286-viii",
)
def in_city(place: Text) -> Flag:
    """Before 1 July 2026 there is no place with rules of its own."""
    return ~given(place)


@rule(cite="kato-codes", by="law-286-viii", basis="official", per="act", since="2026-07-01", name="in_city")
def in_city_2026(place: Text, alatau_places: Set) -> Flag:
    return place.isin(alatau_places)


@rule(cite="law-286-viii:47", per="act", since="2026-07-01")
@rule(
    cite="law-193-vii:1",
    basis="reconstruction",
    per="act",
    since="2023-04-01",
    until="2026-06-30",
    until_by="law-286-viii",
)
def verdict(in_city: Flag, digital_assets_part: Flag) -> Text:
    """Are there own rules on digital assets in this place on this day?"""
    return when(in_city & digital_assets_part, "lawful", "not_regulated")


@rule(cite="law-286-viii:90", per="act", since="2026-07-01")
@rule(
    cite="law-193-vii:1",
    basis="reconstruction",
    per="act",
    since="2023-04-01",
    until="2026-06-30",
    until_by="law-286-viii",
)
def gate(in_city: Flag, regime: Flag) -> Text:
    return when(in_city & regime, "alatau", "")


@rule(cite="law-286-viii:42", per="act", since="2026-07-01")
@rule(
    cite="law-193-vii:1",
    basis="reconstruction",
    per="act",
    since="2023-04-01",
    until="2026-06-30",
    until_by="law-286-viii",
)
def authority(in_city: Flag, digital_assets_part: Flag) -> Text:
    return when(in_city & digital_assets_part, "city_administration", "")


@rule(cite="law-286-viii:47", per="act", since="2027-01-01")
def digital_assets_act(in_city: Flag) -> Flag:
    return in_city


@rule(cite="law-286-viii:47", per="act", since="2027-01-01")
def act_of_city(city_act: Text) -> Text:
    return city_act


@rule(cite="law-286-viii:44", per="act", since="2027-01-01")
def tax_preferences(in_city: Flag) -> Flag:
    return in_city


@rule(cite="law-286-viii:46", per="act", since="2027-01-01")
def currency_rules(in_city: Flag) -> Flag:
    return in_city


@rule(cite="law-286-viii:38", per="act", since="2027-01-01")
def permits(in_city: Flag) -> Flag:
    return in_city


@rule(cite="law-286-viii:4.3", per="act", since="2027-01-01")
def national_law_stays(in_city: Flag) -> Flag:
    return in_city


@rule(cite="law-286-viii:90", per="act", since="2026-07-01")
def whole_in_force(in_city: Flag, whole_law: Flag) -> Flag:
    return in_city & whole_law


@rule(cite="law-286-viii:90", per="act", since="2027-07-01")
def whole(whole_in_force: Flag) -> Flag:
    return whole_in_force


@rule(cite="law-286-viii:90", per="act", since="2023-04-01")
def starts_first(starts: Words) -> Text:
    return by_word(starts, lift("first", "text"))


@rule(cite="law-286-viii:90", per="act", since="2023-04-01")
def starts_digital_assets(starts: Words) -> Text:
    return by_word(starts, lift("digital_assets", "text"))


@rule(cite="law-286-viii:90", per="act", since="2023-04-01")
def starts_whole(starts: Words) -> Text:
    return by_word(starts, lift("whole", "text"))


# ---- terms that run from a day given -------------------------------------------------------------------------------
@rule(cite="law-286-viii:88", per="act", since="2027-01-01")
def agree_until(draft_sent: Day, agreement_most: Term) -> Day:
    return after(draft_sent, agreement_most)


@rule(cite="law-286-viii:88", per="act", since="2027-01-01")
def temporary_until(temporary_act: Day, temporary_act_most: Term) -> Day:
    return after(temporary_act, temporary_act_most)


@rule(cite="law-286-viii:44", per="act", since="2027-01-01")
def preference_until(granted: Day, preference_most: Term) -> Day:
    return after(granted, preference_most)


@rule(cite="law-286-viii:46", per="act", since="2027-01-01")
def currency_recorded_by(paid: Day, currency_record_term: Term) -> Day:
    return after(paid, currency_record_term)


@rule(cite="law-286-viii:85", per="act", since="2027-01-01")
def transition_until(started: Day, transition_most: Term) -> Day:
    return after(started, transition_most)


@rule(cite="law-286-viii:90", per="act", since="2027-01-01")
def draft_known(draft_sent: Day) -> Flag:
    return given(draft_sent)


@rule(cite="law-286-viii:90", per="act", since="2027-01-01")
def temporary_known(temporary_act: Day) -> Flag:
    return given(temporary_act)


@rule(cite="law-286-viii:90", per="act", since="2027-01-01")
def granted_known(granted: Day) -> Flag:
    return given(granted)


@rule(cite="law-286-viii:90", per="act", since="2027-01-01")
def paid_known(paid: Day) -> Flag:
    return given(paid)


@rule(cite="law-286-viii:90", per="act", since="2027-01-01")
def started_known(started: Day) -> Flag:
    return given(started)


@rule(cite="kato-codes", by="law-286-viii", basis="official", per="act", since="2026-05-08")
def alatau(place: Text) -> Flag:
    """The city, from the day on which its law was adopted: what is coming is said too."""
    return place.isin("191800000", "191810000")
