"""`assess` without a year takes the last that the files tell of, and says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salyq.cli.main import main

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
ROWS = (
    "time,kind,asset,quantity,value,currency\n2023-02-03T10:00:00+05:00,buy,BTC,1,5,KZT\n"
    "2024-03-03T10:00:00+05:00,sell,BTC,1,7,KZT\n"
)


def test_the_last_year_told_is_assessed_and_named(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    case = tmp_path / "case"
    case.mkdir()
    (case / "person.toml").write_text(PERSON, encoding="utf-8")
    (case / "r.csv").write_text(ROWS, encoding="utf-8")
    assert main(["assess", str(case), "--lang", "en"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("Digital-asset taxes for 2024")
    assert "year: 2024, the last that the files tell of" in shown.err
    (case / "r.csv").write_text(ROWS.partition("\n")[0] + "\n", encoding="utf-8")
    assert main(["assess", str(case), "--lang", "en"]) == 2
    assert "the files tell of no year" in capsys.readouterr().err
