"""Bounds of a shortage hold whatever the purchase turns out to have cost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from company_histories import company
from histories import individual, plain
from house_cases import Row, assessed

import salyq

TIYN = Decimal("0.01")
BOUNDED = (
    "personal_income_tax.digital_asset_income",
    "personal_income_tax.taxable_income",
    "personal_income_tax.tax",
    "corporate_income_tax.trading_gain",
    "corporate_income_tax.taxable_income",
    "corporate_income_tax.tax",
)


def resolved(case: Row, rows: list[dict[str, str]], order: Random) -> Row:
    """The case with each missing part bought in the same instant, at something between nothing and what it brought."""
    by_id = {r["id"]: r for r in case["records"]}
    bought = []
    for number, row in enumerate(rows):
        sale = by_id[row["disposal"]]
        cost = plain(Fraction(row["proceeds"]) * order.randrange(101) / 100, 2 if row["currency"] == "KZT" else 6)
        more = {"asset": row["asset"], "quantity": row["quantity"], "value": cost, "currency": row["currency"]}
        own = {"time": sale["time"], "kind": "buy", "account": "found", "id": f"found{number}", "document": "contract"}
        bought.append({**own, **more})
    return {**case, "records": [*case["records"], *bought]}


def forgotten(case: Row) -> Row:
    """The case without its first two purchases for money."""
    bought = [r for r in case["records"] if r["kind"] == "buy" and r["currency"] in ("KZT", "USD")][:2]
    return {**case, "records": [r for r in case["records"] if r not in bought]}


SHORT = [
    (individual(seed, 60), year, f"individual {seed} {year}") for seed in (62, 65, 70, 88) for year in (2024, 2026)
]
SHORT += [(forgotten(individual(s, 40)), y, f"forgotten {s} {y}") for s in (901, 902, 903, 904) for y in (2024, 2025)]
SHORT += [(forgotten(company(seed, 60)), y, f"company {seed} {y}") for seed in (60, 61, 62) for y in (2024, 2026)]


def held_within(case: Row, year: int, folder: Path, order: Random) -> bool:
    """False where the case has no shortage in the year, or more is unknown than shortages."""
    before = assessed(case, folder / "before", year)
    unknown = [f for f in before.figures if f.status == "unknown" and f.name in BOUNDED]
    rows = salyq.matches(salyq.read_case(folder / "before"), year=year)
    short = [r for r in rows if r["status"] == "missing_acquisition" and r["proceeds"]]
    other = any(m.code != "missing_acquisition" for f in unknown for m in f.missing)
    if not unknown or other or not short or any(r["status"] == "unknown" for r in rows):
        return False
    for turn in range(2):
        after = assessed(resolved(case, short, order), folder / f"after{turn}", year)
        for figure in unknown:
            found = after[figure.name, figure.period].value
            low, high = figure.bounds or (None, None)
            assert found is not None, figure.name
            assert low is None or low - TIYN <= found, figure.name
            assert high is None or found <= high + TIYN, figure.name
    return True


def test_a_purchase_found_later_stays_within_the_bounds(tmp_path: Path) -> None:
    order = Random(1)
    tried = [name for case, year, name in SHORT if held_within(case, year, tmp_path / name, order)]
    for kind in ("individual", "forgotten", "company"):
        assert any(name.startswith(kind) for name in tried), f"no shortage left to try: {kind}"


# --- elections --------------------------------------------------------------------------------------------------------
UNTOUCHED = {  # election -> beginnings of figures that it may never change
    "mining_expenses": ("mining_fee.", "value_added_tax.", "corporate_income_tax.mining", "corporate_income_tax.trad"),
    "renewable_rate": ("corporate_income_tax.", "value_added_tax.", "mining_fee.energy"),
    "lot_method": ("mining_fee.", "value_added_tax.", "corporate_income_tax.mining_income"),
    "fee_in_asset": ("personal_income_tax.derivative",),
    "source_of_sale": ("personal_income_tax.derivative",),
    "receipts": ("personal_income_tax.derivative", "mining_fee.", "corporate_income_tax."),
    "aifc_exemption": ("mining_fee.", "value_added_tax.", "corporate_income_tax.mining"),
    "fee_order": ("corporate_income_tax.", "value_added_tax.", "mining_fee.energy"),
    "mined_before_2026": (
        "mining_fee.",
        "value_added_tax.",
        "corporate_income_tax.mining",
        "corporate_income_tax.denied",
    ),
}
TOLD = ("mining_expenses", "renewable_rate")  # elections that stand in the rules of figures, not in those of the walk


@pytest.mark.parametrize("seed", range(3))
def test_an_election_changes_only_what_it_touches(seed: int, tmp_path: Path) -> None:
    made = [individual(500 + seed, 40), company(500 + seed, 60)]
    for number, case in enumerate(made):
        for year in (2024, 2026):
            result = assessed(case, tmp_path / f"{number} {year}", year)
            for figure in result.figures:
                for other in figure.alternatives:
                    assert not figure.name.startswith(UNTOUCHED[other.election]), (figure.name, other.election)
                    if other.election in TOLD:
                        told = str(result.explain(figure.name, figure.period, rows=None).as_json())
                        assert f"'{other.election}'" in told or f".{other.election}'" in told, figure.name


@pytest.mark.parametrize("seed", range(3))
def test_an_alternative_is_what_the_other_choice_gives(seed: int, tmp_path: Path) -> None:
    for number, case in enumerate((individual(500 + seed, 40), company(500 + seed, 60))):
        result = assessed(case, tmp_path / str(number), 2024)
        elections = {(a.election, a.choice) for f in result.figures for a in f.alternatives}
        read = salyq.read_case(tmp_path / str(number))
        for election, choice in elections:
            other = salyq.assess(read, year=2024, settings={election: choice})
            for figure in result.figures:
                told = {(a.election, a.choice): (a.value, a.bounds) for a in figure.alternatives}
                there = other[figure.name, figure.period]
                mine = told.get((election, choice), (figure.value, figure.bounds))
                assert (there.value, there.bounds) == mine, (figure.name, election)
