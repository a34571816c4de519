"""A total in a fine grain is taken in 128 bits: the kernel says what whole numbers of Python say."""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from salyq.lots.kernel import InC, kernel, unpacked
from salyq.population import parts_many
from salyq.population.engines import Local
from salyq.population.part import Plan, work
from salyq.population.run import silent, spilled
from salyq.population.sample import write_sample
from salyq.population.tables import find_tables
from salyq.rulebook import many_numbers
from salyq.rulebook.columns import Column, whole
from salyq.rulebook.many_tables import Table


@pytest.mark.parametrize("factor", [1, 10, 10**10, 10**16, 2**32 - 1, 2**32, 2**62 - 1])
def test_a_product_of_two_words(factor: int) -> None:
    dice = Random(factor)
    values = [0, 1, 2**32 - 1, 2**32, 2**63 - 1, *(dice.randrange(2 ** dice.randrange(1, 63)) for _ in range(500))]
    made = unpacked(parts_many._times(np.array(values, np.int64), factor))
    assert made.tolist() == [v * factor for v in values]


def values(column: Column) -> list[int]:
    return [int(x) * column.grain for x in column.parts[0].tolist()]


@pytest.mark.skipif(not isinstance(kernel(), InC), reason="the kernel in C is not there")
@pytest.mark.parametrize("seed", range(4))
def test_parts_to_the_last_place_are_what_python_says(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice, count = Random(seed), 300
    quantity = [dice.randrange(1, 10 ** dice.randrange(1, 14)) for _ in range(count)]
    first = [dice.randrange(q) for q in quantity]
    last = [dice.randrange(x, q + 1) for x, q in zip(first, quantity, strict=True)]
    total = [dice.randrange(10 ** dice.randrange(1, 16)) for _ in range(count)]
    columns = [whole(np.array(c, np.int64), grain=10**10) for c in (total, quantity, first, last)]
    columns.append(whole(dice.choice((1, 10**6, 10**10))))
    table = Table("made up", count, {})
    asked = SimpleNamespace(values=lambda *_: columns)
    node: Any = SimpleNamespace()
    exact = many_numbers.part(asked, node, table, None, date.min)  # type: ignore[arg-type]
    monkeypatch.setattr(many_numbers, "carried", lambda *_: pytest.fail("the kernel had no room"))
    made = parts_many.part(asked, node, table, None, date.min)  # type: ignore[arg-type]
    assert values(made) == values(exact)
    assert made.ends == exact.ends


def test_a_worker_keeps_nothing_of_a_part_that_is_done(tmp_path: Path) -> None:
    write_sample(tmp_path / "in", 6, 3, 2025)
    plan = Plan(tmp_path / "out", tuple(find_tables(tmp_path / "in")), 2025, (), "en", 1)
    spilled(plan, Local(1), silent)
    gc.collect()
    before = sum(type(thing) is Table for thing in gc.get_objects())
    gc.disable()
    try:
        work(plan, 0)
        assert sum(type(thing) is Table for thing in gc.get_objects()) == before
    finally:
        gc.enable()
