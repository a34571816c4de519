"""Codes that are put together while the program runs belong to a declared family, and every member has its words.

Each entry is what stands before the last part of the code, and all that can stand there. A new family is declared here
or the first test fails.
"""

from __future__ import annotations

import re

import pytest
from test_messages import literals, sources

from salyq.civil.messages import catalog
from salyq.cli.commands.law_coverage import COUNTS
from salyq.law import shipped
from salyq.law.regimes import TAX_SUBJECTS
from salyq.records.person import PERSON_KINDS
from salyq.rulebook.law import BASES
from salyq.rulebook.rules import ROLES

FAMILIES: dict[str, tuple[str, ...]] = {
    "basis": BASES,
    "coverage": (*COUNTS, "title", "about", "subject", "all", "without"),
    "person_kind": PERSON_KINDS,
    "severity": ("notice", "warning", "error"),
    "tax": TAX_SUBJECTS,
    "duty": ("return", "payment"),
    "book_kind": ("act", "source", "convention"),
    "book_page": ("index", "articles", "acts", "coverage", "statistics", "search"),
    "book_part": ("taxes", "regulation"),
    "book_role": ROLES,
    "book_term": ("days", "working_days", "hours", "months", "years"),
    "rule_unit": ("days", "working_days", "hours", "months", "years"),
    "reform": ("figure", "baseline", "under", "difference"),
    "status": ("unknown", "not_applicable"),
}
# Families whose members are known in their own room only: that room's tests ask for their words.
ELSEWHERE = re.compile(
    r"answer|ask_type|brief_part|card_\w+|check|cite_point|check_state|cli_\w+|col|corridor|form_\w+|gaps|how|ledger_col|office_\w+|page|portal|records|register"
    r"|published|quote|quote_\w+|replay_what|report|scenario|unmatched|why|why_name"
)


def patterns() -> set[str]:
    """What stands before the first changing part of each code that is put together."""
    found = {p.split(r"_\w+")[0] for tree in sources().values() for p in literals(tree)[1]}
    return {p for p in found if any(code.startswith(f"{p}_") for code in catalog())}


def test_every_family_is_declared() -> None:
    strange = sorted(p for p in patterns() - set(FAMILIES) if not ELSEWHERE.fullmatch(p))
    assert strange == []


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_member_has_words(family: str) -> None:
    assert [m for m in FAMILIES[family] if f"{family}_{m}" not in catalog()] == []


def test_bases_of_law_are_a_family() -> None:
    law = shipped()
    used = {v.basis for s in law.series.values() for v in s.values} | {r.basis for vs in law.rules.values() for r in vs}
    assert used <= set(FAMILIES["basis"])
