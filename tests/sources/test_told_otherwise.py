"""What one row says of another: receipts taken back, tickers used again, orders over seconds, trades told elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.civil.numbers import format_scaled
from salyq.reconcile import reconcile
from salyq.records.model import UNIT
from salyq.records.person import Person
from salyq.records.reading import Reading
from salyq.sources import read_folder, settle_currencies

PERSON = Person("900101300017", "individual")
STATEMENT = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n"
TRADES = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n"


def read(folder: Path, **files: str) -> Reading:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    reading, _ = read_folder(folder)
    settle_currencies(reading, PERSON)
    reconcile(reading, PERSON)
    assert all(f.balanced() for f in reading.files)
    return reading


def brief(reading: Reading) -> list[str]:
    rows = sorted(reading.records, key=lambda r: (r.source.file, r.source.line, r.kind))
    return [f"{r.source.line} {r.kind} {r.asset} {format_scaled(r.quantity)}" for r in rows]


def rules(reading: Reading) -> dict[str, int]:
    total: Counter[str] = Counter()
    for report in reading.files:
        total.update(report.ignored)
    return dict(total)


def reward(day: int, change: str) -> str:
    return f"1,2025-03-{day:02d} 03:00:00,Earn,Staking Rewards,SOL,{change},\n"


@pytest.mark.parametrize(
    ("changes", "left", "undone"),
    [
        (["1", "2", "-2"], ["2 staked SOL 1"], 2),  # just that receipt
        (["2", "1", "-2"], ["3 staked SOL 1"], 2),
        (["3", "1", "-0.5"], ["2 staked SOL 3", "3 staked SOL 0.5"], 0),
        (["3", "1", "-1.5"], ["2 staked SOL 2.5"], 1),
        (["1", "-1", "1", "-1"], [], 4),
    ],
)
def test_a_receipt_taken_back(tmp_path: Path, changes: list[str], left: list[str], undone: int) -> None:
    reading = read(tmp_path, s=STATEMENT + "".join(reward(n, c) for n, c in enumerate(changes, start=1)))
    assert brief(reading) == left
    assert rules(reading).get("undone", 0) == undone
    assert not reading.files[0].rejected


def test_more_taken_back_than_ever_came_is_rejected(tmp_path: Path) -> None:
    reading = read(tmp_path, s=STATEMENT + reward(1, "1") + reward(2, "-3") + reward(3, "5"))
    assert brief(reading) == ["2 staked SOL 1", "4 staked SOL 5"]
    assert [r.source.line for r in reading.files[0].rejected] == [3]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-5, 5).filter(bool), max_size=12))
def test_what_is_left_is_the_sum(tmp_path_factory: pytest.TempPathFactory, changes: list[int]) -> None:
    folder = tmp_path_factory.mktemp("c")
    reading = read(folder, s=STATEMENT + "".join(reward(n, str(c)) for n, c in enumerate(changes, start=1)))
    refused = [changes[r.source.line - 2] for r in reading.files[0].rejected]
    assert sum(r.quantity for r in reading.records) // UNIT == sum(changes) - sum(refused)
    assert all(r.quantity > 0 for r in reading.records)


def test_a_ticker_used_again_names_the_coin_of_its_day(tmp_path: Path) -> None:
    trades = TRADES + "2022-05-27 10:00:00,LUNAEUR,BUY,90,10LUNA,900EUR,0EUR\n"
    trades += "2022-05-28 10:00:00,LUNAEUR,BUY,9,1LUNA,9EUR,0EUR\n"
    reading = read(tmp_path, t=trades)
    assert brief(reading) == ["2 buy LUNC 10", "3 buy LUNA 1"]
    ((source, said),) = [(s, m) for s, m in reading.notices if m.code == "notice_ticker_used_again"]
    assert source is not None
    assert (source.line, said.params["count"]) == (2, 1)


@pytest.mark.parametrize("day", ["2022-05-26", "2022-05-30"])
def test_the_venues_own_renaming_is_no_deal(tmp_path: Path, day: str) -> None:
    swap = "1,{0} 08:00:00,Spot,Token Swap - Redenomination/Rebranding,{1},\n"
    rows = "1,2022-04-01 08:00:00,Spot,Deposit,LUNA,10,\n" + swap.format(day, "LUNA,-10") + swap.format(day, "LUNC,10")
    reading = read(tmp_path, s=STATEMENT + rows)
    assert brief(reading) == ["2 transfer_in LUNC 10"]
    assert rules(reading) == {"renamed": 2}


MOMENT = "2025-03-01 10:00:00"
LEGS = [("Buy", "BTC", "0.001"), ("Spend", "USDT", "-90"), ("Buy", "ETH", "0.05"), ("Spend", "USDT", "-110")]
HISTORY = STATEMENT + "".join(f"1,{MOMENT},Spot,Transaction {op},{coin},{n},\n" for op, coin, n in LEGS)
HISTORY += f"1,{MOMENT},Spot,Transaction Fee,BNB,-0.0003,\n"
TOLD = f"{MOMENT},BTCUSDT,BUY,90000,0.001BTC,90USDT,0.0001BNB\n{MOMENT},ETHUSDT,BUY,2200,0.05ETH,{{}}USDT,0.0002BNB\n"


def test_trades_of_one_second_are_told_apart_by_the_trade_history(tmp_path: Path) -> None:
    reading = read(tmp_path, s=HISTORY, t=TRADES + TOLD.format("110"))
    assert rules(reading) == {"told_by_trades": 4}
    assert not [r for f in reading.files for r in f.rejected]
    ledger = reconcile(reading, PERSON)  # as often as one likes
    assert [r.quantity for r in ledger.records if r.kind == "fee"] == [3 * UNIT // 10**4]
    assert not [r for r in ledger.records if r.fee]


def test_a_trade_history_of_other_sums_explains_nothing(tmp_path: Path) -> None:
    reading = read(tmp_path, s=HISTORY, t=TRADES + TOLD.format("111"))
    assert [r.source.line for f in reading.files for r in f.rejected] == [2, 3, 4, 5]


@pytest.mark.parametrize(("remarks", "seconds"), [(["N0123456789"] * 3, 40), ([""] * 3, 1)])
def test_a_card_purchase_of_three_rows(tmp_path: Path, remarks: list[str], seconds: int) -> None:
    rows = ""
    for n, (coin, change) in enumerate((("KZT", "100"), ("KZT", "-100"), ("BTC", "0.002"))):
        at = f"{timedelta(hours=10, seconds=n * seconds)}".zfill(8)
        rows += f"1,2025-03-01 {at},Spot,Buy Crypto,{coin},{change},{remarks[n]}\n"
    reading = read(tmp_path, s=STATEMENT + rows)
    assert [(r.kind, r.value) for r in reading.records] == [("buy", 100 * UNIT)]
    assert rules(reading) == {"fiat_movement": 1}


def test_dust_that_comes_to_nothing_is_gone(tmp_path: Path) -> None:
    rows = "1,2025-03-01 10:00:00,Spot,Small Assets Exchange BNB,BTC,-0.00000001,\n"
    rows += "1,2025-03-01 10:00:00,Spot,Small Assets Exchange BNB,BNB,0.00000000,\n"
    reading = read(tmp_path, s=STATEMENT + rows)
    assert brief(reading) == ["2 fee BTC 0.00000001"]


BYBIT = "Uid,Date & Time(UTC),Coin,QTY,Type,Account Balance,Description\n"
UNIFIED = (
    "Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,"
    "Wallet Balance,Action,Time(UTC)\n"
)
OKX = "id,Time,Type,Amount,Before Balance,After Balance,Symbol\n"
KUCOIN = "UID,Account Type,Currency,Side,Amount,Fee,Time(UTC+08:00),Remark,Type\n"
LIST = "Date,Wallet,Pair,Type,Sell,Buy,Price,Inverse Price,Date Updated,Status\n"
DUST = {
    "bybit": BYBIT + "1,{0},ADA,-0.00000001,Convert,4.9,Convert\n1,{1},USDT,0,Convert,0,Convert\n",
    "unified": UNIFIED
    + "1,ADA,,CONVERT,,0.00000001,0,0,0,0,-0.00000001,-0.00000001,4,,{0}\n1,USDT,,CONVERT,,0,0,0,0,0,0,0,0,,{1}\n",
    "okx": OKX + "1,{0},Convert,-0.00000001,5,4.99999999,ADA\n2,{1},Convert,0,0,0,USDC\n",
    "binance": STATEMENT + "1,{0},Spot,Binance Convert,ADA,-0.00000001,\n1,{1},Spot,Binance Convert,BNB,0,\n",
    "list": LIST + "{0},Spot,ADAUSDT,Market,0.00000001 ADA,0.00000000 USDT,0,0,{0},Successful\n",
    "kucoin": KUCOIN + "1,main,ADA,Withdrawal,0.00000001,0,{0},Convert Dust to KCS,x\n"
    "1,main,KCS,Deposit,0,0,{0},Convert Dust to KCS,x\n",
}


@pytest.mark.parametrize("apart", [0, 1])
@pytest.mark.parametrize("venue", DUST)
def test_dust_for_nothing_is_gone_and_no_half_of_a_deal(tmp_path: Path, venue: str, apart: int) -> None:
    found = read(tmp_path, d=DUST[venue].format("2025-01-02 00:00:00", f"2025-01-02 00:00:0{apart}"))
    assert [(r.kind, r.asset, r.quantity) for r in found.records] == [("fee", "ADA", UNIT // 10**8)]
    assert not found.files[0].rejected


def test_balances_shown_before_something_is_taken_back_agree_with_what_is_told(tmp_path: Path) -> None:
    head = "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance\n"
    rows = ["deposit,,currency,DOT,1,0,1", "staking,,currency,DOT,0.5,0,1.5", "staking,,currency,DOT,0.4,0,1.9"]
    rows += [
        "staking,,currency,DOT,-0.6,0,1.3",
        "withdrawal,,currency,DOT,-1,0.1,0.2",
        "withdrawal,,currency,DOT,1,-0.1,1.3",
    ]
    table = "".join(f"L{n},R{n if n < 6 else 5},2025-04-0{n} 10:00:00,{row}\n" for n, row in enumerate(rows, 1))
    reading = read(tmp_path, kraken=head + table)
    assert brief(reading) == ["2 transfer_in DOT 1", "3 staked DOT 0.3"]
    assert [format_scaled(b.quantity) for b in reading.balances] == ["1", "1.3", "1.3", "1.3", "1.3"]
