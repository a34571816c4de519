"""Every condition of the law's rules is met by a worked case, or it is said here why none can meet it."""

from __future__ import annotations

from collections import defaultdict

import pytest
from tools import branches

UNMET = {
    "personal_income_tax.initial_cost": "2025: what was earned; the official value then asks for a rate of a day",
    "valuation.exchanged_against": "what stood against a coin by its own quote: kept for coins without any other value",
    "value_added_tax.digital_asset_turnover": "2024 and 2025: sales are exempt, so nobody is asked whether he pays VAT",
    "value_added_tax.money_service_tax": "2026: such services are exempt, so nobody is asked whether he pays VAT",
}


UNASKED = {  # no worked case yet
    "base.mci_january": "years in which no tax that is worked out counts in it, and 2024",
    "corporate_income_tax.limitation_years_large": "large businesses of 2026",
    "declarations.holding_requires_assets_return": "the assets return of 2026",
    "late_interest.base_rate": "rates of 2022 to 2024, each by itself",
    "late_interest.horizontal_monitoring_multiplier": "participants of horizontal monitoring in 2026",
    "late_interest.reduced_multiplier": "before 2026",
}


@pytest.fixture(scope="module")
def ran() -> tuple[list[branches.Condition], set[str]]:
    taken: branches.Taken = defaultdict(set)
    asked: branches.Asked = set()
    assert branches.run_cases(taken, asked) > 200
    return list(branches.found(taken)), {name for name, _ in branches.unasked(asked)}


@pytest.fixture
def found(ran: tuple[list[branches.Condition], set[str]]) -> list[branches.Condition]:
    return ran[0]


def test_every_version_of_a_value_is_really_asked_for(ran: tuple[list[branches.Condition], set[str]]) -> None:
    assert sorted(ran[1] - set(UNASKED)) == []


def test_every_condition_is_met_by_a_case(found: list[branches.Condition]) -> None:
    never = {c.version.name for c in found if not c.ways}
    assert sorted(never - set(UNMET)) == []
    assert sorted(set(UNMET) - never) == []  # a reason that is no longer needed goes


def test_most_conditions_are_taken_both_ways(found: list[branches.Condition]) -> None:
    both = [c for c in found if len(c.ways) == 2]
    assert len(both) >= len(found) // 2
