"""The audit of the law, finding by finding: which worked case, or which test, would notice if it came back."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from salyq.app.lawbook import whole
from salyq.law import shipped
from salyq.law.asked.working import cases as asked_cases

TESTS = Path(__file__).resolve().parents[1]
FINDINGS = {  # of section 1: worked cases by id, tests by name
    1: ("test_every_person", "NR-2025", "SP5", "left-in-october"),
    2: ("389(6)-gift", "389(6)-gift-report", "389(7)-certificate", "389(7)-report"),
    3: ("630(1)", "return-2025-instead"),
    4: ("331(9)(2)-inherited", "331(5)"),
    5: ("value-2024-day-off", "test_each_month_has_as_many_working_days_as_the_official_table"),
    6: ("389(4)(2)-interest", "389(4)(4)-airdrop", "389(4)(4)-taxed-gift"),
    7: ("300(1)-left", "300(1)-oldest", "339-loss-of-2015", "326(5)-before-2026", "24-large"),
    8: ("332-1(9)(4)", "332-1(10)(6)", "332-1(4)(c)", "332-1(2)-old-lot", "332-1(6)-coins"),
    9: ("636(2)", "636(2)-all"),
    10: ("405-staking", "405-staking-kept", "405-usd"),
    11: ("28.08.2023", "steps-2022", "rates-not-read", "base-rates-given", "LI2-additional-return"),
    12: ("332(8)-no-country",),
    13: ("264(1-2)-no-licence",),
    14: ("417(1)(8)", "417(1)(9)-at", "411-accrued-salary-over-threshold", "401-social-payments", "413-foreign-credit"),
    15: ("mined-2019",),
    16: ("test_a_licence_without_readings_is_no_fee_of_nothing",),
    17: ("326-contribution-capped", "389-contribution-capped"),
    18: ("F26-ord",),
}
CORRECTIONS = {  # of section 2
    "T1": ("pit-2024-usd",),
    "T2": ("test_findings", "issuers_clause"),
    "T3": ("331(5)", "331(9)(2)-inherited"),
    "T4": ("332-1(9)-gift", "332-1(12)-earlier", "332-1(12)-missing"),
    "T5": ("630(1)", "assets-return-2025"),
    "T6": ("citizen-2025", "630(1)-citizen"),
    "T7": ("636(2)",),
    "T8": ("X15", "miner_bought_coins"),
    "T9": ("326(5)-contribution", "326-contribution-capped", "RE-transfer-act"),
    "T10": ("388-derivative", "388-derivative-coins"),
    "T11": ("389(7)-report",),
    "T12": ("405-staking", "405-usd"),
    "T13": ("411-threshold-at", "411-accrued-salary-over-threshold"),
    "T14": ("417(1)(8)", "417(1)(9)-at", "assets-return-2026"),
    "T15": ("test_articles_of_t15_stand_in_the_edition_that_was_read",),
    "T16": ("28.08.2023", "LI-rate-2022-07-25"),
}

AXES = {  # of section 3: what was tried
    "case 27 on the day before and the day of Law 208": ("test_an_amendment_that_reaches_back",),
    "2026, 2025, 2024 before the new code and its acts": ("test_a_person_under_the_law_as_it_was_known",),
    "2023 on 20.12.2022": ("test_2023_before_digital_assets_were_named",),
    "law show of an end not known yet": ("test_an_end_that_was_not_known_then_is_not_told",),
    "B1 on 12.10.2025": ("test_a_base_rate_counts_from_the_day_it_was_known",),
    "the cause: an end has its own day": (
        "test_every_end_is_known_from_its_day_and_not_before",
        "test_a_fee_under_the_law_as_it_was_known",
        "test_no_day_since_the_code_is_refused",
    ),
    "show in words, by article, act, amending act": (
        "test_a_rule_in_words_and_the_day_its_end_was_known",
        "test_an_article_by_any_of_its_names",
        "test_an_act_with_what_stands_in_it_and_what_it_made",
        "test_a_later_beginning_ends_a_version",
    ),
    "a list of provisions": ("test_provisions", "test_every_provision_can_be_shown"),
}
TREES = {  # of section 4: the figures checked by hand, and what is general
    "aliya 2026": ("test_a_tree_tells_what_it_rests_on", "test_rounding_parts_and_long_fractions"),
    "temir 2026-Q2": ("test_a_tree_tells_what_it_rests_on", "test_what_was_not_stated_is_said_once"),
    "late interest": ("test_a_tree_tells_what_it_rests_on",),
    "CIT 2023": ("test_a_tree_tells_what_it_rests_on", "test_codes_of_closed_lists_are_told_in_words"),
    "mining income": ("test_a_tree_tells_what_it_rests_on", "test_a_quote_names_its_day_and_place"),
    "articles of the branch taken": (
        "test_every_branch_with_an_article_of_its_own_names_it_where_it_decides",
        "test_the_branch_that_decided_and_no_other_is_named",
    ),
    "lines for people": ("test_conditions_are_sentences",),
    "a tree of an obligation": ("test_why_something_is_owed_is_explained_from_what_was_kept_and_anew",),
}


@cache
def named() -> frozenset[str]:
    """The ids of all worked cases, the names of all tests and test files, the names of rules."""
    law = shipped()
    ids = {str(c["id"]) for cases in law.cases.values() for c in cases} | {str(c["id"]) for c in asked_cases()}
    texts = [p.read_text(encoding="utf-8") for p in TESTS.rglob("test_*.py")]
    tests = {n for t in texts for n in re.findall(r"^def (test_\w+)", t, re.M)} | {
        p.stem for p in TESTS.rglob("test_*.py")
    }
    return frozenset(ids | tests | {n.rpartition(".")[2] for n in law.rules})


def test_every_finding_and_correction_is_in_the_table() -> None:
    assert sorted(FINDINGS) == list(range(1, 19))
    assert sorted(CORRECTIONS, key=lambda t: int(t[1:])) == [f"T{n}" for n in range(1, 17)]


@pytest.mark.parametrize(
    ("finding", "guards"), [*FINDINGS.items(), *CORRECTIONS.items(), *AXES.items(), *TREES.items()]
)
def test_what_guards_it_is_there(finding: object, guards: tuple[str, ...]) -> None:
    assert sorted(set(guards) - named()) == [], finding


def test_no_text_was_read_after_it_had_gone() -> None:
    """Words that an act ended are read in an edition that still has them; a note on what went may be read later."""
    told_by_a_note = {"financial_monitoring/subjects-old"}
    found = {
        p.full
        for provisions in whole().provisions.values()
        for p in provisions
        if p.basis == "statute" and p.until is not None and p.edition > p.until
    }
    assert found == told_by_a_note


def test_the_codes_were_read_in_editions_that_exist() -> None:
    """A provision of a tax code names an edition that was read: none between 15.07.2025 and the end of the old code."""
    read = {
        "tax-code-2017": {"2022-12-31", "2023-03-31", "2023-06-22", "2023-12-31", "2024-08-31", "2025-07-15"},
        "tax-code-2025": {"2026-07-01"},
    }
    by_order = {"valuation/market-rate", "reporting/utility-form", "reporting/crs-partners"}  # orders without a number
    found = {
        p.full: str(p.edition)
        for provisions in whole().provisions.values()
        for p in provisions
        if p.act in read and str(p.edition) not in read[p.act] and p.full not in by_order
    }
    assert found == {}


def test_articles_of_t15_stand_in_the_edition_that_was_read() -> None:
    """Reductions 400(1)(1)-(24), base 411, returns 417 and 418: read in the edition of 01.07.2026, no undated copy."""
    articles = re.compile(r"(400|411|417|418)(\..*)?")
    found = [
        p
        for provisions in shipped().provisions.values()
        for p in provisions
        if p.act == "tax-code-2025" and articles.fullmatch(p.article or "")
    ]
    assert {articles.fullmatch(p.article).group(1) for p in found} == {"400", "411", "417", "418"}  # type: ignore[union-attr]
    assert {p.edition for p in found} == {date(2026, 7, 1)}
    encoded = [p for p in found if p.encodes]
    assert {p.basis for p in encoded if not p.gap} == {"statute"}
