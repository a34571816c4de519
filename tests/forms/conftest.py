"""Made-up persons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import salyq
from salyq.forms.asked import Asked


@pytest.fixture(autouse=True)
def own_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A register of the test's own."""
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path_factory.mktemp("store")))


@pytest.fixture
def made_up(tmp_path: Path) -> Callable[..., Asked]:
    """A made-up person: `made_up(person.toml text, year, {file: text})`."""

    def make(person: str, year: int, files: dict[str, str], period: str = "", **options: str) -> Asked:
        (tmp_path / "person.toml").write_text(person, encoding="utf-8")
        for name, text in files.items():
            (tmp_path / name).write_text(text.lstrip("\n"), encoding="utf-8")
        return Asked(salyq.read_case(tmp_path), year, period, options=options)

    return make
