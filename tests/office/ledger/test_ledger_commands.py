"""`salyq ledger …` as people and acceptance checks call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.office.ledger.test_ledger_requests import FUND, OPEN, move

from salyq.cli.main import main

NOW = "2026-06-15T12:00:00+05:00"


@pytest.fixture
def office(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALYQ_DATABASE_URL", database)
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsysbinary: pytest.CaptureFixture[bytes], *args: str, code: int = 0) -> tuple[str, str]:
    assert main(["ledger", *args, "--lang", "en"]) == code
    said = capsysbinary.readouterr()
    return said.out.decode(), said.err.decode()


def write(file: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return file


def test_a_file_is_answered_line_by_line(office: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    hold = {"request": "h", "transfers": [move("700", hold="PT30M")]}
    file = write(
        office / "a.jsonl",
        OPEN,
        FUND,
        "",
        hold,
        hold,
        {**hold, "x": 1},
        "nonsense",
        {"request": 5},
        {"request": "p", "post": "h"},
    )
    out, err = told(capsysbinary, "apply", str(file), "--now", NOW)
    assert [json.loads(line) for line in out.splitlines()] == [
        {"request": "open", "result": "ok", "position": 1},
        {"request": "fund", "result": "ok", "position": 2},
        {"request": "h", "result": "ok", "position": 3},
        {"request": "h", "result": "exists", "position": 3},
        {"request": "h", "result": "different_content"},
        {"request": None, "result": "invalid"},
        {"request": 5, "result": "invalid"},
        {"request": "p", "result": "ok", "position": 4},
    ]
    lines = err.splitlines()
    assert any("a.jsonl:7: «nonsense»: must be an object in JSON" in x for x in lines)
    assert not any("Traceback" in x for x in lines)
    out, _ = told(capsysbinary, "apply", str(file), "--to", "results.jsonl")
    assert "exists 5" in out
    assert len((office / "results.jsonl").read_text().splitlines()) == 8
    out, _ = told(capsysbinary, "balance", "a1", "--format", "json")
    assert json.loads(out) == {
        "account": "a1",
        "asset": "KZT",
        "debits": "700",
        "credits": "1000",
        "debits_held": "0",
        "credits_held": "0",
    }


def test_balances_and_statements(office: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    told(capsysbinary, "apply", str(write(office / "a.jsonl", OPEN, FUND)), "--now", NOW)
    hold = {"request": "h", "transfers": [move("700", hold="PT30M", code="coffee")]}
    told(capsysbinary, "apply", str(write(office / "b.jsonl", hold)), "--now", "2026-06-16T12:00:00+05:00")

    def balance(*args: str) -> list[str]:
        found: dict[str, str] = json.loads(told(capsysbinary, "balance", "a1", "--format", "json", *args)[0])
        return [found["credits"], found["debits_held"]]

    assert balance("--now", "2026-06-16T12:29:00+05:00") == ["1000", "700"]
    assert balance("--now", "2026-06-16T12:30:00+05:00") == ["1000", "0"]
    assert balance("--at", "2026-06-16T12:01:00+05:00") == ["1000", "700"]
    assert balance("--at", "2026-06-15T11:59:00+05:00") == ["0", "0"]
    assert balance("--known", "2026-06-15T12:00:00+05:00") == ["1000", "0"]
    assert "10.00" in told(capsysbinary, "balance", "a1")[0]
    out, _ = told(capsysbinary, "statement", "a1", "--to", "a1.csv")
    assert "2026-06-16 12:00:00" in out
    assert "coffee" in out
    rows = (office / "a1.csv").read_text().splitlines()
    assert rows[0].startswith("position,n,request,kind,other,amount,held,balance")
    assert rows[2].startswith("3,0,h,hold,a2,0,700,1000,700,coffee")
    page: dict[str, Any] = json.loads(told(capsysbinary, "statement", "a1", "--limit", "1", "--format", "json")[0])
    assert page["next"] == 2
    rest = json.loads(told(capsysbinary, "statement", "a1", "--after", "2", "--format", "json")[0])
    assert [x["request"] for x in rest["lines"]] == ["h"]


def test_an_account_is_closed_from_the_moment_it_was(office: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    told(capsysbinary, "apply", str(write(office / "a.jsonl", OPEN, FUND)), "--now", NOW)
    for day, act in ((20, "close"), (22, "reopen"), (24, "close")):
        request = {"request": f"{act}{day}", act: ["a1"]}
        told(capsysbinary, "apply", str(write(office / "b.jsonl", request)), "--now", f"2026-06-{day}T12:00:00+05:00")

    def closed(*args: str) -> bool:
        return "closed" in told(capsysbinary, "balance", "a1", *args)[0]

    assert closed()
    for option in ("--known", "--at"):
        days = range(19, 26)
        found = [closed(option, f"2026-06-{day}T13:00:00+05:00") for day in days]
        assert found == [day in (20, 21, 24, 25) for day in days]
    assert not closed("--at", "2026-06-25T13:00:00+05:00", "--known", "2026-06-23T13:00:00+05:00")


def test_a_corridor_without_payments_says_so(office: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["pilot", "corridor", "status", "--lang", "en"]) == 0
    assert "Payments by state\n—\n" in capsysbinary.readouterr().out.decode()


def test_one_line_for_what_cannot_be(office: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert "there is no such account" in told(capsysbinary, "balance", "nobody", code=4)[1]
    assert "nothing.jsonl" in told(capsysbinary, "apply", "nothing.jsonl", code=4)[1]
    assert "offset" in told(capsysbinary, "balance", "a1", "--at", "yesterday", code=2)[1]
    assert "offset" in told(capsysbinary, "balance", "a1", "--at", "2026-06-15T12:00:00", code=2)[1]
    empty = write(office / "empty.jsonl")
    assert told(capsysbinary, "apply", str(empty)) == ("", "")
    assert told(capsysbinary, "apply", str(empty), "--to", "no/such/folder.jsonl", code=2)[0] == ""


def test_recount_is_an_alarm(office: Path, database: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    told(capsysbinary, "apply", str(write(office / "a.jsonl", OPEN, FUND)))
    assert "are right: 5 accounts agree with their transfers up to position 2" in told(capsysbinary, "recount")[0]
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(b"set session_replication_role = replica")
        owner.execute(b"update ledger.account set credits = 999 where id = 'a1'")
    out, _ = told(capsysbinary, "recount", code=3)
    assert "WRONG" in out
    assert "a1" in out
    found = json.loads(told(capsysbinary, "recount", "--sample", "5", "--format", "json", code=3)[0])
    assert found["differences"][0] == {"what": "total", "which": "a1", "kept": "0 0 0 999", "counted": "0 0 0 1000"}
