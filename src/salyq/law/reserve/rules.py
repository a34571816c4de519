"""The strategic crypto reserve: what it may invest in, who keeps it, to whom it reports."""

from __future__ import annotations

from salyq.rulebook.nodes import Day, Dollars, Flag, Set, Term, Text, after, given, when
from salyq.rulebook.rules import rule

V10 = "law-259-viii"


@rule(cite="law-193-vii:11-1", by=V10, per="act", since="2026-03-19")
def allowed(investment: Text, investments: Set) -> Flag:
    return investment.isin(investments)


@rule(cite="law-193-vii:11-1", by=V10, per="act", since="2026-03-19")
def verdict(allowed: Flag) -> Text:
    return when(allowed, "lawful", "unlawful")


@rule(cite="law-193-vii:11-1", by=V10, per="act", since="2026-03-19")
def gate(allowed: Flag) -> Text:
    return when(allowed, "nbk", "")


@rule(cite="law-193-vii:11-1", by=V10, per="act", since="2026-03-19")
def authority(law_day: Day) -> Text:
    return when(given(law_day), "nbk", "")


@rule(cite="law-193-vii:11-1", by=V10, per="act", since="2026-03-19")
def yearly_report(law_day: Day) -> Flag:
    return given(law_day)


@rule(cite="law-193-vii:11-1", by=V10, per="act", since="2026-03-19")
def report_due(law_day: Day, report_term: Term) -> Day:
    return after(law_day, report_term)


@rule(cite="law-193-vii:11-1", by=V10, per="act", since="2026-03-19")
def depository(law_day: Day) -> Flag:
    return given(law_day)


@rule(cite="press-reserve", basis="secondary", per="act", since="2026-03-19")
def most_gold(from_gold: Dollars) -> Dollars:
    return from_gold


@rule(cite="press-reserve", basis="secondary", per="act", since="2026-03-19")
def most_fund(from_fund: Dollars) -> Dollars:
    return from_fund
