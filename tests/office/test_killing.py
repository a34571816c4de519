"""A few kills in the suite; `python -m benchmarks.office_kills` does two hundred."""

from __future__ import annotations

from pathlib import Path

from tests.office.killing import Killer


def test_nothing_answered_is_lost_and_nothing_is_doubled(home: Path) -> None:
    done = Killer(home, seed=3).run(2)
    assert done["kills"] == 2
    assert done["answered"] > 0
