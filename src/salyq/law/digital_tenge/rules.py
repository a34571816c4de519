"""Digital tenge (chapter 7-1 of the payments law) and the currency law."""

from __future__ import annotations

from salyq.rulebook.nodes import Count, Day, Flag, Money, Set, Text, given, unknown, when
from salyq.rulebook.rules import rule

V10 = "law-259-viii"


@rule(cite="payments-law:41-1", by=V10, per="act", since="2026-07-19")
def opened_by_participant(account_keeper: Text, openers: Set) -> Flag:
    return account_keeper.isin(openers)


@rule(cite="payments-law:41-1", by=V10, per="act", since="2026-07-19")
def within_balance(within_the_balance: Flag) -> Flag:
    return within_the_balance


@rule(cite="payments-law:41-2.2", by=V10, per="act", since="2026-07-19")
def is_cross_border(operation: Text) -> Flag:
    return operation == "cross_border"


@rule(cite="payments-law:41-1", by=V10, per="act", since="2026-07-19")
def verdict(
    operation: Text, operations: Set, opened_by_participant: Flag, within_balance: Flag, is_cross_border: Flag
) -> Text:
    """Across the border the law allows it, in the order of rules that were not found."""
    ready = opened_by_participant & within_balance & operation.isin(operations)
    at_home = when(ready, "lawful", "unlawful")
    return when(is_cross_border, unknown("order_of_cross_border", unit="text"), at_home)


@rule(cite="payments-law:41-1", by=V10, per="act", since="2026-07-19")
def gate(opened_by_participant: Flag, account_keeper: Text) -> Text:
    return when(opened_by_participant, account_keeper, "")


@rule(cite="payments-law:41-3", by=V10, per="act", since="2026-07-19")
def authority(law_day: Day) -> Text:
    return when(given(law_day), "nbk", "")


@rule(cite="payments-law:41-2.2", by=V10, per="act", since="2026-07-19")
def order_of_nbk(is_cross_border: Flag) -> Flag:
    return is_cross_border


@rule(cite="currency-law:1.1.10", per="act", since="2026-07-19")
def national_currency(law_day: Day) -> Flag:
    return given(law_day)


# ---- currency law --------------------------------------------------------------------------------------------------
@rule(cite="currency-law:1.1.2", per="act", since="2023-04-01")
def is_asset_leg(leg: Text) -> Flag:
    return leg == "asset"


@rule(cite="currency-law:1.1.2", basis="reconstruction", per="act", since="2023-04-01")
def currency_verdict(is_asset_leg: Flag, currency_value: Flag, counterparty_resident: Flag) -> Text:
    """The asset leg is no currency operation; money between residents stays in tenge, with non-residents it is free."""
    outside = when(currency_value, "unlawful", "not_regulated")
    return when(is_asset_leg, outside, when(counterparty_resident, "unlawful", "lawful"))


@rule(cite="currency-law:7.1", per="act", since="2023-04-01")
def currency_gate(currency_verdict: Text) -> Text:
    return when(currency_verdict == "lawful", "bank_account", "")


@rule(cite="currency-law:9", per="act", since="2023-04-01")
def currency_authority(is_asset_leg: Flag) -> Text:
    return when(is_asset_leg, "", "nbk")


@rule(cite="currency-law:9.3", basis="reconstruction", per="act", since="2023-04-01")
def ask_bank(is_asset_leg: Flag, export_contract: Flag) -> Flag:
    """An export paid in an asset: whether the duty of repatriation is met was not read."""
    return is_asset_leg & export_contract


@rule(cite="currency-law:1.1.2", basis="reconstruction", per="act", since="2023-04-01")
def asset_leg_outside(is_asset_leg: Flag) -> Flag:
    return is_asset_leg


# ---- bank cards: by the press ---------------------------------------------------------------------------------------
@rule(cite="press-cards", by="press-cards", basis="secondary", per="act", since="2026-01-01")
def needs_confirmation(amount_kzt: Money, card_confirm_over: Money) -> Flag:
    return amount_kzt > card_confirm_over


@rule(cite="press-cards", by="press-cards", basis="secondary", per="act", since="2026-01-01")
def iin_given(iin_told: Flag) -> Flag:
    return iin_told


@rule(cite="press-cards", by="press-cards", basis="secondary", per="act", since="2026-01-01")
def app_confirmed(confirmed_in_app: Flag) -> Flag:
    return confirmed_in_app


@rule(cite="press-cards", by="press-cards", basis="secondary", per="act", since="2026-01-01")
def top_up_verdict(needs_confirmation: Flag, iin_given: Flag, app_confirmed: Flag) -> Text:
    confirmed = when(iin_given & app_confirmed, "lawful", "unlawful")
    return when(needs_confirmation, confirmed, "lawful")


@rule(cite="press-cards", by="press-cards", basis="secondary", per="act", since="2026-01-01")
def video_days(atm_video_days: Count) -> Count:
    return atm_video_days
