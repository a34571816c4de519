"""Histories of deposits, withdrawals, conversions and trades: what each says, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from venue_golden import lines, noticed, rejected

from salyq.facts.case import read_case
from salyq.records.reading import Reading

Read = Callable[..., Reading]
OLD = "Date(UTC),Coin,Network,Amount,TransactionFee,Address,TXID,SourceAddress,PaymentID,Status\n"
NEW = "Date(UTC+0),Coin,Network,Amount,{}Address,TXID,Status\n"
MEXC = "Pairs,Time,Side,Filled Price,Executed Amount,Total,Fee,Role\n"
GATE = "no,time,action_desc,action_data,type,change_amount,amount,total\n"
CONVERT = "Date,Wallet,Pair,Type,Sell,Buy,Price,Inverse Price,Date Updated,Status\n"
T = "2025-03-01 10:00:00"


def test_a_layout_of_both_ways_asks_which_unless_something_tells(read: Read) -> None:
    row = f"{T},SOL,SOL,5,0,addr,x1,,,Completed\n"
    assert rejected(read(OLD + row)) == [(2, None, "transfer_way_unknown")]
    assert [r.kind for r in read(OLD + row, "Export Deposit History.csv").records] == ["transfer_in"]
    assert [r.kind for r in read(OLD + row, "Export Withdraw History.csv").records] == ["transfer_out"]
    paid = row.replace(",0,addr", ",0.1,addr").replace("x1", "x2")
    assert [r.kind for r in read(OLD + row + paid).records] == ["transfer_out", "transfer_out"]


def test_a_fee_column_makes_withdrawals(read: Read) -> None:
    assert [r.kind for r in read(NEW.format("") + f"{T},BTC,BTC,1,addr,x,Completed\n").records] == ["transfer_in"]
    reading = read(NEW.format("Fee,") + f"{T},BTC,BTC,1,0.1,addr,x,Completed\n")
    assert [(r.kind, r.counterparty, r.hash) for r in reading.records] == [("transfer_out", "addr", "x")]


@pytest.mark.parametrize("word", ["Perhaps", "Успешно?", "0", "completed maybe"])
def test_a_state_that_is_not_known_is_not_guessed(read: Read, word: str) -> None:
    assert rejected(read(NEW.format("") + f"{T},BTC,BTC,1,addr,x,{word}\n")) == [(2, "Status", "row_bad_choice")]


@pytest.mark.parametrize("word", ["Failed", "Withdrawal Failed", "Cancelled", "Pending", "Processing", "Refunded"])
def test_what_was_not_carried_out_moves_nothing(read: Read, word: str) -> None:
    reading = read(NEW.format("") + f"{T},BTC,BTC,1,addr,x,{word}\n")
    assert (reading.records, dict(reading.files[0].ignored)) == ([], {"not_completed": 1})


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (f"BTC_USDT,{T},HOLD,1,1,1,0,Maker\n", "Side", "row_bad_choice"),
        (f"BTC_USDT,{T},BUY,1,0,1,0,Maker\n", None, None),
        (f"BTC_USDT,{T},BUY,1,1,0,0,Maker\n", "Total", "row_not_positive"),
        (f"BTC_USDT,{T},BUY,1,1ETH,1,0,Maker\n", "Amount", "amount_of_other_coin"),
        (f"NONSENSE,{T},BUY,1,1,1,0,Maker\n", "Pair", "pair_unclear"),
        ("BTC_USDT,01/02/2025 10:00,BUY,1,1,1,0,Maker\n", "Time", "row_bad_venue_time"),
        (f"BTC_USDT,{T},BUY,1,1,1,much,Maker\n", "Fee", "number_not_plain"),
    ],
)
def test_a_trade_is_whole_or_rejected(read: Read, row: str, column: str | None, code: str | None) -> None:
    assert rejected(read(MEXC + row)) == ([(2, column, code)] if code else [])


def test_a_fee_without_a_coin_is_of_what_was_received(read: Read) -> None:
    reading = read(MEXC + f"BTC_USDT,{T},BUY,60000,0.1,6000,0.0001,Maker\nBTC_USDT,{T},SELL,60000,0.1,6000,6,Maker\n")
    assert [(r.fee_asset, r.kind) for r in reading.records if r.fee] == [("BTC", "swap_in"), ("USDT", "swap_in")]


def test_a_conversion_names_both_coins(read: Read) -> None:
    reading = read(CONVERT + f"{T},Spot,USDTBTC,Market,100 USDT,0.001,1,1,{T},Successful\n")
    assert rejected(reading) == [(2, "Buy", "amount_without_coin")]


def test_a_zone_in_a_file_name_that_cannot_be_told_is_said(read: Read) -> None:
    row = CONVERT + f"{T},Spot,USDTBTC,Market,100 USDT,0.001 BTC,1,1,{T},Successful\n"
    assert noticed(read(row, "Convert(UTC--6).csv")) == [(2, "notice_zone_assumed")]
    stated = read(row, "Convert(UTC+5).csv")
    assert noticed(stated) == []
    assert [f"{r.time:%H:%M}" for r in stated.records] == ["05:00", "05:00"]


def test_gate_nets_an_order_and_leaves_an_open_one(read: Read) -> None:
    text = GATE + "1,2024-01-01 10:00:00,Order Placed,5,USDT,-100,0,0\n"
    text += "2,2024-01-01 11:00:00,Order Filled,5,BTC,0.001,0,0\n3,2024-01-02 10:00:00,Order Cancelled,5,USDT,40,0,0\n"
    text += "4,2024-01-03 10:00:00,Order Placed,6,USDT,-70,0,0\n5,2024-01-03 10:00:00,Order Cancelled,6,USDT,10,0,0\n"
    reading = read(text)
    assert [line.split(" group")[0] for line in lines(reading)] == [
        "2 2024-01-01T11:00:00 swap_out USDT 60",
        "3 2024-01-01T11:00:00 swap_in BTC 0.001",
    ]
    assert dict(reading.files[0].ignored) == {"nothing_filled": 2}


def test_gate_tells_two_coins_for_two_from_one_order_by_no_guess(read: Read) -> None:
    text = GATE + "".join(
        f"{n},2024-01-01 10:00:00,Order Filled,5,{coin},{change},0,0\n"
        for n, (coin, change) in enumerate((("A", "1"), ("B", "2"), ("C", "-3"), ("D", "-4")))
    )
    assert {code for _, _, code in rejected(read(text))} == {"venue_legs_unclear"}


def test_a_withdrawal_told_with_and_without_its_fee_is_one(tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n')
    (tmp_path / "statement.csv").write_text(
        "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n"
        "1,2025-03-01 09:00:00,Spot,Deposit,USDT,100,\n"
        f"1,{T},Spot,Withdraw,USDT,-100,Withdraw fee is included\n"
    )
    (tmp_path / "withdrawals.csv").write_text(NEW.format("Fee,") + f"{T},USDT,ETH,99,1,0xaddr,0xhash,Completed\n")
    ledger = read_case(tmp_path).ledger
    out = [r for r in ledger.records if r.kind == "transfer_out"]
    assert [(r.quantity // 10**18, (r.fee or 0) // 10**18, r.hash, r.counterparty) for r in out] == [
        (99, 1, "0xhash", "0xaddr")
    ]


def test_trades_told_to_the_minute_are_those_of_the_ledger(tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n')
    head = "Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,"
    head += "Wallet Balance,Action,Time(UTC)\n"
    rows = ""
    for second, size in (("14:35:20", 2), ("14:35:41", 3)):
        rows += f"1,ICP,ICPUSDT,TRADE,SELL,{size},0,10,0,0,-{size},-{size},0,--,2024-11-16 {second}\n"
        rows += f"1,USDT,ICPUSDT,TRADE,SELL,{size},0,10,0,0,{size * 10},{size * 10},0,--,2024-11-16 {second}\n"
    (tmp_path / "ledger.csv").write_text("UID: 1,,,\n" + head + rows)
    (tmp_path / "trades.csv").write_text(
        "Spot Pairs,Order Type,Direction,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,"
        "Timestamp (UTC)\n"
        "ICPUSDT,MARKET,SELL,20,10,2,0,2200000000355489633,53982208,14:35 2024-11-16\n"
        "ICPUSDT,MARKET,SELL,30,10,3,0,2200000000355489634,53982208,14:35 2024-11-16\n"
    )
    ledger = read_case(tmp_path).ledger
    assert sum(r.quantity for r in ledger.records if r.kind == "swap_out") == 5 * 10**18


KUCOIN_LEDGER = "UID,Account Type,Currency,Side,Amount,Fee,Time(UTC),Remark,Type\n"
KUCOIN_TRADES = "tradeCreatedAt(UTC),orderId,symbol,side,price,size,funds,fee,liquidity,feeCurrency,orderType\n"


@pytest.mark.parametrize("with_trades", [True, False])
def test_trades_of_one_second_are_told_by_the_list_of_trades_at_other_venues_too(
    tmp_path: Path, with_trades: bool
) -> None:
    """KuCoin: two pairs, two coins out and two in, in one second."""
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n')
    moves = (
        ("BTC", "Deposit", "0.1"),
        ("USDT", "Withdrawal", "6000"),
        ("ETH", "Deposit", "2"),
        ("USDC", "Withdrawal", "5000"),
    )
    ledger = "".join(f"1,Trading,{c},{side},{n},0,2025-05-01 10:00:00,Spot,\n" for c, side, n in moves)
    (tmp_path / "ledger.csv").write_text(KUCOIN_LEDGER + ledger)
    if with_trades:
        (tmp_path / "trades.csv").write_text(
            KUCOIN_TRADES + "2025-05-01 10:00:00,o1,BTC-USDT,buy,60000,0.1,6000,0,taker,USDT,limit\n"
            "2025-05-01 10:00:00,o2,ETH-USDC,buy,2500,2,5000,0,taker,USDC,limit\n"
        )
    case = read_case(tmp_path)
    report = next(f for f in case.reading.files if f.file == "ledger.csv")
    assert report.balanced()
    assert (len(report.rejected), dict(report.ignored)) == ((0, {"told_by_trades": 4}) if with_trades else (4, {}))
    assert len(case.ledger.records) == (4 if with_trades else 0)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            f"{CONVERT[:-1]},Service Fee\n{T},Spot Wallet,POLUSDT,Market,2 USDT,1 POL,1,1,{T},Successful,0.5 BNB\n"
            f"{T},Spot Wallet,POLUSDT,Market,3 USDT,1 POL,1,1,{T},Successful,0.25 BNB\n"
            f"{T},Spot Wallet,POLUSDT,Market,3 USDT,1 POL,1,1,{T},Failed,7 BNB\n",  # what was not done cost nothing
            [("Service Fee", "0.75 BNB", 2)],
        ),
        (f"{NEW.format('Комиссия сети,')}{T},SOL,SOL,5,0.01,addr,x1,Completed\n", [("Комиссия сети", "0.01", 1)]),
        (f"{NEW.format('Network fee paid,')}{T},SOL,SOL,5,0,addr,x1,Completed\n", []),  # none was paid
        (f"{NEW.format('Fee Rate,')}{T},SOL,SOL,5,0.1,addr,x1,Completed\n", []),  # no amount
        (f"{NEW.format('Fee,Fee paid,')}{T},SOL,SOL,5,0.1,0.1,addr,x1,Completed\n", []),  # it reads one
        (
            "Symbol,Close Type,Realized PNL,Position Closing Time(UTC+00:00),Total Realized PNL,Total Trading Fees\n"
            f"ETHUSDTM,Close Long,5,{T},5,0.4\n",  # a part of the result
            [],
        ),
    ],
)
def test_fees_in_a_column_that_nobody_reads_are_told(read: Read, table: str, told: list[tuple[str, str, int]]) -> None:
    reading = read(table)
    found = [m.params for _, m in reading.notices if m.code == "notice_fee_unread"]
    assert reading.records
    assert [(p["column"], p["sum"], p["count"]) for p in found] == told
