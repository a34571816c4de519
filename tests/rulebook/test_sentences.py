"""Rules in words: every operation has its words in three languages, and a rule reads as its code says."""

from __future__ import annotations

from datetime import date

import pytest

from salyq.app.lawbook import whole
from salyq.civil.messages import LANGUAGES, catalog
from salyq.rulebook import sentences
from salyq.rulebook.node import OPS
from salyq.rulebook.sentences import Said, Sentences


def test_every_operation_has_words() -> None:
    own = {n.removeprefix("_") for n in vars(Sentences)} | set(sentences._SIMPLE) | set(sentences._SIGNS)
    own |= {"and", "or", *sentences._UNSAID}
    own |= {"tried", "sided", "edged"}  # the marks of `law check` (tried.py, sides.py), in no graph that is told
    told = {o for o in OPS if f"why_name_{o}" in catalog() or f"how_{o}" in catalog()}
    assert sorted(set(OPS) - own - told) == []
    assert [c for c in sentences._SIMPLE.values() if c not in catalog()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_of_the_law_is_told(lang: str) -> None:
    """Nothing raises, no slot stays open, no line is empty."""
    law = whole()
    teller = Sentences(law, lang)

    def lines(said: tuple[Said, ...]) -> list[str]:
        return [x for s in said for x in (s.line, *lines(s.below))]

    told = [x for versions in law.rules.values() for v in versions for x in lines(teller.rule(v))]
    assert len(told) > 1000
    assert [x for x in told if not x.strip() or "{" in x or "None" in x] == []


def test_a_rule_reads_as_its_code_says() -> None:
    law = whole()
    version = law.rule_at("mining_fee.tariff", date(2026, 3, 31), law.known)
    assert version is not None
    assert Sentences(law, "en").rule(version) == (
        Said(
            "if “Holds a mining licence” and “The meter works”:",
            (
                Said("if “Does the reduced rate fit”: “Reduced fee rate”"),
                Said("otherwise: “Digital mining fee rate”"),
            ),
        ),
        Said("otherwise: “Rate without a licence or a meter”"),
    )
