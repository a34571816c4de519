"""Rows under one law are worked out together: what a rule rests on is the same for all of them, and they are not cut
apart by days on which other law changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from salyq.law import shipped
from salyq.rulebook.columns import Column
from salyq.rulebook.graph import Graph
from salyq.rulebook.many_spans import ByDay
from salyq.rulebook.many_tables import Table


@pytest.fixture(scope="module")
def by_day() -> ByDay:
    return ByDay(Graph(shipped()))


def table_of(by_day: ByDay, column: str) -> Table:
    """A row for each day on which some law changes, in no order, and a day before all of them."""
    days = np.random.default_rng(3).permutation(np.concatenate(([1], by_day.changes)))
    return Table("made up", len(days), {column: Column((days,))})


def read_by(node: Any) -> set[tuple[str, str]]:
    own = {(node.op, node.data)} if node.op in ("value", "election") else set()
    return own.union(*map(read_by, node.args)) if node.args else own


def test_rows_together_rest_on_one_law_and_stand_once(by_day: ByDay) -> None:
    graph, fewer = by_day.graph, 0
    for name, versions in graph.law.rules.items():
        table = table_of(by_day, versions[0].date)
        days = [date.fromordinal(int(d)) for d in table.columns[versions[0].date].parts[0]]
        stood: list[int] = []
        parts = list(by_day.rows(name, table, None))
        for rows, day in parts:
            own = range(table.count) if rows is None else rows.tolist()
            stood += own
            assert day == days[own[0]]
            version = graph.rule_at(name, day)
            assert {graph.rule_at(name, days[n]) for n in own} == {version}
            if version is not None:
                for op, what in read_by(graph.trees[version]):
                    assert len({id(graph.value_at(what, days[n])) for n in own}) == 1
                    assert op == "value" or len(own) == 1, f"{name} chooses"
        assert sorted(stood) == list(range(table.count))
        fewer += len(parts) < table.count / 2
    assert fewer > len(graph.law.rules) * 0.8


def test_versions_of_some_rows(by_day: ByDay) -> None:
    graph = by_day.graph
    for name, versions in graph.law.rules.items():
        table = table_of(by_day, versions[0].date)
        days, rows = table.columns[versions[0].date].parts[0], np.arange(0, table.count, 3)[::-1]
        found: dict[int, Any] = {}
        for numbers, version in by_day.versions(name, table, rows):
            found |= dict.fromkeys(range(len(rows)) if numbers is None else numbers.tolist(), version)
        assert found == {n: graph.rule_at(name, date.fromordinal(int(days[r]))) for n, r in enumerate(rows)}


def test_a_table_without_rows_has_no_law(by_day: ByDay) -> None:
    name = next(iter(by_day.graph.law.rules))
    table = Table("made up", 0, {by_day.graph.law.rules[name][0].date: Column((np.zeros(0, np.int64),))})
    assert not list(by_day.rows(name, table, None))
    assert not list(by_day.versions(name, table, np.zeros(0, np.int64)))
