"""Places of rows in a question: the first few by file and line, and how many more."""

from __future__ import annotations

from collections.abc import Sequence

from salyq.records.model import Source

SHOWN = 6


def places(sources: Sequence[Source]) -> str:
    """`a.csv:3, b.csv:9, … (+12)`; all of them stand in `Question.sources`."""
    shown = ", ".join(str(s) for s in sources[:SHOWN])
    rest = len(sources) - SHOWN
    return shown if rest <= 0 else f"{shown}, … (+{rest})"
