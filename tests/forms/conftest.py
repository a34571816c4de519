"""Filled returns of both shipped cases, worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import salyq
from salyq.forms.asked import Asked
from salyq.forms.fill import fill
from salyq.forms.filled import Return

ROOT = Path(__file__).parents[2]


@cache
def shipped_case(name: str) -> salyq.Case:
    return salyq.read_case(ROOT / "examples" / name)


@cache
def shipped_asked(name: str, year: int, period: str = "") -> Asked:
    return Asked(shipped_case(name), year, period)


@pytest.fixture
def made_up(tmp_path: Path) -> Callable[..., Asked]:
    """A made-up person: `made_up(person.toml text, year, {file: text})`."""

    def make(person: str, year: int, files: dict[str, str], period: str = "", **options: str) -> Asked:
        (tmp_path / "person.toml").write_text(person, encoding="utf-8")
        for name, text in files.items():
            (tmp_path / name).write_text(text.lstrip("\n"), encoding="utf-8")
        return Asked(salyq.read_case(tmp_path), year, period, options=options)

    return make


def texts(made: Return) -> dict[str, str]:
    return {x.name: x.text for x in made.lines() if x.text is not None}


__all__ = ["fill", "made_up", "shipped_asked", "shipped_case", "texts"]
