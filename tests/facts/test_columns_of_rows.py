"""Columns of stored rows, of some of them, and each row by itself say the same."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salyq.app.api import assess
from salyq.assessing.year import law_graph
from salyq.facts import few
from salyq.facts.case import read_case
from salyq.facts.choices import Choices
from salyq.facts.world import World
from salyq.law import shipped
from salyq.rulebook.columns import values_of
from salyq.rulebook.evaluate import Variant
from salyq.rulebook.one_tables import OneTable
from salyq.rulebook.states import Unknown
from salyq.rulebook.stored import Stored

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "oracle"))
from case_folder import write_case  # noqa: E402
from company_histories import company  # noqa: E402
from histories import individual  # noqa: E402


def world_of(made: object, tmp_path: Path, method: str, year: int) -> World:
    case = read_case(write_case(made, tmp_path / "case"))
    graph = law_graph(shipped().known)
    return World(case, year, graph, Choices(graph, case.person, {"lot_method": method}))


def lists(world: World) -> list[Stored]:
    return [world.parts, world.match_rows, world.sold_rows, world.acquisition(world.events[0]).stored]


@pytest.mark.parametrize("least", [1, few.LEAST])
@pytest.mark.parametrize("method", ["fifo", "average"])
@pytest.mark.parametrize("kind", [individual, company])
def test_columns_of_all_of_some_and_of_one(
    kind: object, method: str, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few, "LEAST", least)
    world = world_of(kind(4, 60), tmp_path, method, 2024)  # type: ignore[operator]
    for stored in lists(world):
        assert len(stored) > 5
        items = [row.item for row in stored]
        for name, unit in world.graph.law.kinds[stored.kind].columns.items():
            own = [getattr(row.given, name) for row in stored]
            for told in (stored.columns.column(name, stored.items), stored.columns.column(name, items)):
                assert repr(told) == repr(own), (stored.kind, name)
            filled = stored.columns.filled(name, stored.items)
            if filled is not None:
                known = [None if isinstance(v, Unknown) else v for v in own]
                assert values_of(filled, unit, len(own)) == known, (stored.kind, name)


@pytest.mark.parametrize("method", ["fifo", "average", "specific"])
@pytest.mark.parametrize("kind", [individual, company])
def test_few_movements_and_many_make_the_same_rows(
    kind: object, method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sales, matches and disposals, in plain Python and as columns."""
    told = []
    for least in (1, 10**6):
        monkeypatch.setattr(few, "LEAST", least)
        world = world_of(kind(9, 60), tmp_path / str(least), method, 2024)  # type: ignore[operator]
        some = world.divided(world.treatments, range(1, len(world.sold), 2)).items
        assert len(world.parts) > 3
        told.append([list(world.sold), list(world.taken), list(world.parts.items), list(some)])
    assert repr(told[0]) == repr(told[1]).replace("/1000000/", "/1/")


def test_rows_of_two_lists_are_one_table(tmp_path: Path) -> None:
    """What another choice leaves open are disposals that are there and ones that are made anew."""
    world = world_of(individual(4, 60), tmp_path, "fifo", 2024)
    anew = world.divided(world.treatments, range(3))
    choices = Choices(world.graph, world.person, {})
    variant = Variant(world.evaluator, choices, frozenset())
    rows = [*anew, *world.parts[4:9]]
    table = OneTable(variant.many, rows)
    days = [date.fromordinal(int(n)) for n in table.columns["day"].parts[0]]
    assert days == [row.given.day for row in rows]
    variant.close()


def test_a_pool_a_purchase_and_a_shortage_of_one_sale(tmp_path: Path) -> None:
    """The average of 2024 and the order of 2025: of a sale that takes the pool, what came since, and more than there
    was, the last part has no lot at all."""
    (tmp_path / "person.toml").write_text(
        'kind = "individual"\nresident = true\n[elections]\nlot_method = "average"\n', encoding="utf-8"
    )
    (tmp_path / "records.csv").write_text(
        "time,kind,asset,quantity,value,currency,document,account\n"
        "2024-02-03T12:00:00+05:00,buy,BTC,1,1000000,KZT,contract,desk\n"
        "2024-03-03T12:00:00+05:00,buy,BTC,1,3000000,KZT,contract,desk\n"
        "2025-02-03T12:00:00+05:00,buy,BTC,1,5000000,KZT,contract,desk\n"
        "2025-06-03T12:00:00+05:00,sell,BTC,4,40000000,KZT,contract,desk\n",
        encoding="utf-8",
    )
    case = read_case(tmp_path)
    graph = law_graph(shipped().known)
    world = World(case, 2025, graph, Choices(graph, case.person, {}))
    assert [m.given.found for m in world.match_rows] == [True, True, False]
    assert [m.refs.get("lot") is not None for m in world.match_rows] == [True, True, False]
    (income,) = (f for f in assess(case, 2025).figures if f.name == "personal_income_tax.digital_asset_income")
    assert (income.status, income.bounds) == ("unknown", (Decimal(21_000_000), Decimal(31_000_000)))
