"""`salyq sources list` and `guess`, and a case with a table that only a mapping file explains."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from salyq.cli.main import main

TABLE = "Дата;Операция;Монета;Кол-во;Сумма;Валюта\n15.03.2025 12:00:00;Покупка;BTC;0,5;15 000 000;KZT\n"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "broker.csv").write_text(TABLE)
    return folder


def refused(capsys: pytest.CaptureFixture[str], *args: str, code: int) -> str:
    assert main(list(args)) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_list_names_readers_headers_and_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "list", "--lang", "ru"]) == 0
    text = capsys.readouterr().out
    assert "UTC_Time, Account, Operation, Coin, Change, [Remark]" in text
    assert "docs/sources/binance.ru.md" in text
    assert main(["sources", "list", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)["sources"]
    assert {"reader", "venue", "columns", "optional", "page", "tells", "yields"} == set(listed[0])


def test_a_draft_is_put_beside_the_table_and_used(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", str(case), "--lang", "en"]) == 0
    assert "salyq sources guess" in capsys.readouterr().out
    table, mapping = str(case / "broker.csv"), case / "broker.mapping.toml"
    assert main(["sources", "guess", table]) == 0
    shown = capsys.readouterr().out
    assert main(["sources", "guess", table, "--to", str(mapping)]) == 0
    assert str(mapping) in capsys.readouterr().out
    assert mapping.read_text() == shown
    assert tomllib.loads(shown)["kinds"] == {"Покупка": "buy"}
    assert main(["read", str(case), "--format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert (record["kind"], record["quantity"], record["value"]) == ("buy", "0.5", "15000000")


def test_what_guess_refuses(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = str(case / "broker.csv")
    mapping = case / "mine.mapping.toml"
    mapping.write_text("# mine\n")
    assert "--to" in refused(capsys, "sources", "guess", table, "--to", str(mapping), code=2)
    assert mapping.read_text() == "# mine\n"
    assert ".mapping.toml" in refused(capsys, "sources", "guess", table, "--to", str(case / "x.toml"), code=2)
    refused(capsys, "sources", "guess", str(case / "nowhere.csv"), code=4)
    refused(capsys, "sources", "guess", str(case), code=4)
    (case / "own.csv").write_text("time,kind,asset,quantity\n")
    assert "records" in refused(capsys, "sources", "guess", str(case / "own.csv"), code=4)
