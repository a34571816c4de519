"""A few kills in the suite; `python -m tests.office.ledger.crash --kills 1000` for the measure."""

from __future__ import annotations

from pathlib import Path

from tests.office.ledger.crash import Run


def test_kills_lose_no_answered_request_and_double_none(home: Path) -> None:
    counts = Run(home, 3, 11, sync=False)()
    assert counts["requests asked twice"] > 0
    assert {"database", "writer", "answer"} <= set(counts)
