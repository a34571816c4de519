"""What kind of digital asset a thing is in law, by day."""

from __future__ import annotations

from salyq.rulebook.nodes import Flag, Ratio, Text, given, unknown, when
from salyq.rulebook.rules import rule


@rule(cite="law-193-vii:1", per="act", since="2023-04-01", until="2025-01-07", until_by="law-115-viii")
def kind(digital_code: Flag, base: Text, on_platform: Flag) -> Text:
    """Secured: registered on the platform, a right to anything but money and securities."""
    between = unknown("asset_between_kinds", unit="text")
    backed = when(base == "goods", when(on_platform, "secured", between), between)
    return when(digital_code, when(base == "none", "unsecured", backed), "none")


@rule(
    cite="law-193-vii:1",
    by="law-115-viii",
    per="act",
    since="2025-01-08",
    until="2026-04-30",
    until_by="law-259-viii",
    name="kind",
)
def kind_2025(digital_code: Flag, base: Text, on_platform: Flag) -> Text:
    """What fails the requirements of a secured asset is unsecured."""
    secured = when(base == "none", "unsecured", when(on_platform, "secured", "unsecured"))
    return when(digital_code, secured, "none")


@rule(cite="law-193-vii:12-1.2", by="law-259-viii", per="act", since="2026-05-01", name="kind")
def kind_2026(digital_code: Flag, base: Text, on_platform: Flag, share: Flag) -> Text:
    """What fails the requirements of a DFA is unsecured."""
    third = when(share, "dfa_3_share", "dfa_3_other")
    backed = when(base == "money", "dfa_1", when(base == "digital_instrument", third, "dfa_2"))
    issued = when(base == "none", "unsecured", when(on_platform, backed, "unsecured"))
    return when(digital_code, issued, "none")


@rule(cite="law-193-vii:1.4", per="act", since="2023-04-01")
def verdict(digital_code: Flag) -> Text:
    return when(digital_code, "lawful", "not_regulated")


@rule(cite="law-193-vii:5", by="law-259-viii", per="act", since="2026-05-01")
def supervisor(kind: Text) -> Text:
    return when(kind.isin("none", "unsecured"), "", when(kind == "dfa_1", "nbk", "ardfm"))


@rule(cite="law-193-vii:6.6", by="law-259-viii", per="act", since="2026-05-01")
def holders_register(kind: Text) -> Text:
    return when(kind.isin("none", "unsecured"), "", when(kind == "dfa_1", "dfa_platform", "central_depository"))


@rule(cite="order-600-2025", per="act", since="2025-12-13")
def fixed_value(
    kind: Text, pegged: Flag, deviation: Ratio, backing_told: Flag, court_decision: Flag, fixed_deviation: Ratio
) -> Flag:
    """The criteria of an unsecured asset with fixed value; the list itself was not found."""
    steady = deviation <= fixed_deviation
    return given(pegged) & (kind == "unsecured") & pegged & steady & backing_told & ~court_decision


@rule(cite="order-600-2025", per="act", since="2025-12-13")
def not_fixed_value(pegged: Flag, fixed_value: Flag) -> Flag:
    return given(pegged) & ~fixed_value
