"""Exports of exchanges say that their account is at one, where person.toml does not describe it."""

from __future__ import annotations

from pathlib import Path

import pytest

from salyq.facts.case import read_case

STATEMENT = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n1,2025-03-01 03:00:00,Spot,Deposit,BTC,1,\n"


@pytest.mark.parametrize(
    ("described", "facts"),
    [
        ("", {"exchange": True}),
        ('[[account]]\nname = "binance"\n', {}),
        ('[[account]]\nname = "binance"\nexchange = false\n', {"exchange": False}),
    ],
)
def test_an_export_of_an_exchange_says_so(tmp_path: Path, described: str, facts: dict[str, bool]) -> None:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n' + described)
    (tmp_path / "binance.csv").write_text(STATEMENT)
    account = read_case(tmp_path).person.accounts["binance"]
    assert {k: v for k, v in account.facts.items() if k == "exchange"} == facts


def test_rows_kept_in_a_records_file_say_it_too(tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n')
    (tmp_path / "r.csv").write_text(
        "time,kind,asset,quantity,account,source\n"
        f"2025-03-01T03:00:00Z,transfer_in,BTC,1,binance,binance_history!{'a' * 64}:2:binance.csv\n"
        "2025-03-01T03:00:00Z,transfer_in,BTC,1,wallet,\n"
    )
    assert set(read_case(tmp_path).person.accounts) == {"binance"}
