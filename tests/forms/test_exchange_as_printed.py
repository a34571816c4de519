"""The commands that the licensed exchange's example prints work as printed, but for the folder they write into."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from salyq.cli.main import main

ROOT = Path(__file__).parents[2]


def test_each_printed_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    page = (ROOT / "examples/exchange/README.md").read_text(encoding="utf-8")
    docs = (ROOT / "docs/forms.md").read_text(encoding="utf-8")
    commands = [line for line in page.splitlines() if line.startswith("salyq ")]
    assert len(commands) == 3
    for command in commands:
        assert command in docs
        assert main([w.replace("out/", f"{tmp_path}/out/") for w in shlex.split(command)[1:]]) == 0
    assert len(list((tmp_path / "out/fm1").glob("*.xml"))) == 1
    assert len(list((tmp_path / "out/reports").glob("o817-deals-2025-Q1.*"))) == 2
