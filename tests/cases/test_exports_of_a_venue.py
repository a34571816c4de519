"""Several exports of one venue account, through their real readers: every deal once, every row accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from salyq.app.api import Case, read_case
from salyq.reconcile.holdings import holdings

SAMPLES = Path(__file__).parents[1] / "sources" / "samples"
STATEMENT = """User_ID,UTC_Time,Account,Operation,Coin,Change,Remark
1,2024-03-01 10:00:00,Spot,Deposit,USDT,1000,
1,2024-03-02 10:00:00,Spot,Transaction Buy,BTC,0.002,
1,2024-03-02 10:00:00,Spot,Transaction Spend,USDT,-120,
1,2024-03-02 10:00:00,Spot,Transaction Buy,BTC,0.003,
1,2024-03-02 10:00:00,Spot,Transaction Spend,USDT,-180,
1,2024-03-02 10:00:00,Spot,Transaction Fee,BTC,-0.000005,
1,2024-03-03 11:30:05,Spot,Transaction Sold,BTC,-0.001,
1,2024-03-03 11:30:05,Spot,Transaction Revenue,USDT,62,
1,2024-03-03 11:30:05,Spot,Transaction Fee,USDT,-0.062,
"""
TRADES = """Date(UTC),Pair,Side,Price,Executed,Amount,Fee
2024-03-02 10:00:00,BTCUSDT,BUY,60000,0.0020000000BTC,120.00000000USDT,0.0000020000BTC
2024-03-02 10:00:00,BTCUSDT,BUY,60000,0.0030000000BTC,180.00000000USDT,0.0000030000BTC
2024-03-03 11:30:05,BTCUSDT,SELL,62000,0.0010000000BTC,62.00000000USDT,0.0620000000USDT
"""
OLD_TRADES = """Date(UTC);Market;Type;Price;Amount;Total;Fee;Fee Coin
2024-03-02 10:00:00;BTCUSDT;BUY;60000;0.002;120;0.000002;BTC
2024-03-02 10:00:00;BTCUSDT;BUY;60000;0.003;180;0.000003;BTC
2024-03-03 11:30:05;BTCUSDT;SELL;62000;0.001;62;0.062;USDT
"""


def held(case: Case) -> dict[str, int]:
    last = max(r.day for r in case.ledger.records)
    return {h.asset: h.quantity for h in holdings(case.ledger, last)}


def read(folder: Path, **files: str) -> Case:
    paths = []
    for name, text in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    case = read_case(paths)
    assert all(f.balanced() for f in case.reading.files)
    assert not any(f.rejected for f in case.reading.files)
    return case


@pytest.mark.parametrize("others", [{"new": TRADES}, {"old": OLD_TRADES}, {"new": TRADES, "old": OLD_TRADES}])
def test_a_binance_statement_and_trade_histories_tell_each_trade_once(tmp_path: Path, others: dict[str, str]) -> None:
    alone = read(tmp_path, statement=STATEMENT)
    both = read(tmp_path, statement=STATEMENT, **others)
    assert held(both) == held(alone)
    assert [r[:-1] for r in both.ledger.records] == [r[:-1] for r in alone.ledger.records]
    told = [f for f in both.reading.files if "statement" not in f.file]
    assert all(f.ignored["told_twice"] + f.ignored["repeat"] == f.read for f in told)
    assert {q.code for q in both.ledger.questions} == {"unmatched_transfer_in"}


def test_a_statement_that_lacks_a_month_is_completed_by_the_trade_history(tmp_path: Path) -> None:
    lines = STATEMENT.splitlines(keepends=True)
    case = read(tmp_path, statement="".join(lines[:7]), trades=TRADES)
    assert held(case) == held(read(tmp_path, statement=STATEMENT))


@pytest.mark.parametrize(
    ("full", "part", "once"),
    [
        ("kraken_ledgers_2017.csv", "kraken_trades_2017.csv", 3),
        ("coinbase_pro_account.csv", "coinbase_pro_fills.csv", 2),
    ],
)
def test_ledgers_and_fills_of_the_samples(full: str, part: str, once: int) -> None:
    case = read_case([SAMPLES / full, SAMPLES / part])
    fills = next(f for f in case.reading.files if f.file.endswith(part))
    assert fills.ignored["told_twice"] == once
    assert all(f.balanced() for f in case.reading.files)
    assert "conflicting_rows" not in [q.code for q in case.ledger.questions]
    assert "maybe_same_event" not in [q.code for q in case.ledger.questions]
