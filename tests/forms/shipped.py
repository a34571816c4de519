"""Both shipped cases, worked out once for all tests of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import salyq
from salyq.forms.asked import Asked
from salyq.forms.filled import Return

ROOT = Path(__file__).parents[2]


@cache
def shipped_case(name: str) -> salyq.Case:
    return salyq.read_case(ROOT / "examples" / name)


@cache
def shipped_asked(name: str, year: int, period: str = "") -> Asked:
    return Asked(shipped_case(name), year, period)


def texts(made: Return) -> dict[str, str]:
    return {x.name: x.text for x in made.lines() if x.text is not None}
