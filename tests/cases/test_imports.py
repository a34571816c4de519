"""Whole cases of what venues write: figures, holdings and rows that their exports mean (imports/*/expected.toml)."""

from __future__ import annotations

import shutil
import tomllib
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from salyq.app.api import assess, holdings
from salyq.civil.numbers import format_scaled
from salyq.cli.main import main
from salyq.facts.case import read_case
from salyq.sources import read_folder
from salyq.sources.mapping.guess import draft_mapping

CASES = sorted(p for p in (Path(__file__).parent / "imports").iterdir() if p.is_dir())


def expected(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))


def of(key: str) -> list[Path]:
    found = [p for p in CASES if key in expected(p)]
    assert found
    return found


@pytest.mark.parametrize("folder", of("figures"), ids=lambda p: p.name)
def test_figures(folder: Path) -> None:
    case = read_case(folder)
    for year, figures in expected(folder)["figures"].items():
        got = {f.name: f for f in assess(case, int(year)).figures}
        for name, wanted in figures.items():
            found = got[name]
            value = "unknown" if found.status == "unknown" else f"{found.value}"
            assert value in (wanted if isinstance(wanted, list) else [wanted]), name


@pytest.mark.parametrize("folder", of("holdings"), ids=lambda p: p.name)
def test_holdings(folder: Path) -> None:
    case = read_case(folder)
    for day, wanted in expected(folder)["holdings"].items():
        total: dict[str, int] = defaultdict(int)
        for held in holdings(case, date.fromisoformat(day)):
            total[held.asset] += held.quantity
        assert {asset: format_scaled(total[asset]) for asset in wanted} == wanted


@pytest.mark.parametrize("folder", of("rows"), ids=lambda p: p.name)
def test_rows(folder: Path) -> None:
    files = read_case(folder).reading.files
    assert all(f.balanced() for f in files)
    assert sum(len(f.rejected) for f in files) == expected(folder)["rows"]["rejected"]


@pytest.mark.parametrize("folder", of("exit"), ids=lambda p: p.name)
def test_refusals(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(folder), "--lang", "en"]) == expected(folder)["exit"]["read"]
    text = capsys.readouterr().err
    assert not [word for word in expected(folder)["message"]["must_not_contain"] if word in text]
    assert "guess" in text


@pytest.mark.parametrize("folder", of("guess"), ids=lambda p: p.name)
def test_drafts(folder: Path, tmp_path: Path) -> None:
    wanted, case = expected(folder)["guess"], tmp_path / "case"
    shutil.copytree(folder, case)
    (case / "expected.toml").unlink()
    draft = draft_mapping(case / wanted["file"], wanted["file"])
    (case / "draft.mapping.toml").write_text(draft, encoding="utf-8")
    reading, _ = read_folder(case)
    assert sum(f.used for f in reading.files) == wanted["used_after_draft"]
