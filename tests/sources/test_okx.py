"""OKX: trades of the old layout, the trading account and the funding account. All rows are made up."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from venue_golden import SAMPLES, lines, noticed, rejected, sample, told

from salyq.records.model import UNIT
from salyq.records.reading import Reading

Read = Callable[..., Reading]
TRADES = "Order ID,Trade ID,Trade Time,Pairs,Amount,Price,Total,taker/maker,Fee,unit\n"
TRADING = (
    "UID:1,Account Type:Main,Time Zone:UTC\n"
    "id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,PnL,Fee,Fee Unit,Position Change,"
    "Position Balance,Balance Change,Balance,Balance Unit\n"
)
FUNDING = "UID:1,Account Type:Main,Time Zone:UTC\nid,Time,Type,Amount,Before Balance,After Balance,Symbol\n"
T = "2025-10-20 10:44:26"


def test_trades_of_the_old_layout() -> None:
    reading = sample("okx_trades.csv")
    first = "group okx:20210925T172702Z:900000000000000001 id 5100001"
    assert lines(reading) == [
        f"2 2021-09-25T17:27:02 swap_out USDT 115.425000000000002816 {first}",
        f"2 2021-09-25T17:27:02 swap_in LTC 2.5 fee 0.00375 LTC {first}",
        "3 2021-09-25T23:58:58 airdrop USDT 0.0034 id 5100002",
        "3 2021-09-25T23:58:58 swap_out LTC 1.5 group okx:20210925T235858Z:900000000000000002 id 5100002",
        "3 2021-09-25T23:58:58 swap_in USDT 68.805 group okx:20210925T235858Z:900000000000000002 id 5100002",
        "4 2021-09-26T10:00:00 sell BTC 0.1 for 3000 EUR fee 3 EUR group 900000000000000003 id 5100003",
    ]
    assert noticed(reading) == [(2, "notice_zone_assumed")]
    assert rejected(reading) == []


def test_the_zone_in_the_header(read: Read) -> None:
    head = TRADES.replace("Trade Time", "Trade Time(UTC+8)")
    reading = read(head + f"1,2,{T},btc_kzt,1,5,-5 KZT,taker,0,BTC\n")
    assert (f"{reading.records[0].time:%H:%M}", noticed(reading)) == ("02:44", [])


def test_trading() -> None:
    reading = sample("okx_trading.csv")
    assert lines(reading) == [
        "3 2025-10-25T08:00:00 derivative_result USDT 0.25 for -0.25 USDT id 3009",
        "4 2025-10-24T09:00:00 derivative_result USDT 100.5 for 100.5 USDT fee 2 USDT id 3008",
        "5 2025-10-24T08:00:00 fee USDT 1.95 id 3007",
        "6 2025-10-22T06:00:00 swap_out USDC 100.5 group okx:20251022T060000Z:802 id 3005",
        "7 2025-10-22T06:00:00 swap_in USDT 99.9975 group okx:20251022T060000Z:802 id 3005",
        "8 2025-10-20T22:30:00 swap_out BTC 0.02 group okx:20251020T223000Z:801 id 3003",
        "9 2025-10-20T22:30:00 swap_in USDT 2200 fee 2.2 USDT group okx:20251020T223000Z:801 id 3003",
        "10 2025-10-20T22:30:00 swap_out BTC 0.01 group okx:20251020T223000Z:801 id 3001",
        "11 2025-10-20T22:30:00 swap_in USDT 1099 fee 1.099 USDT group okx:20251020T223000Z:801 id 3001",
        "13 2025-10-20T07:44:26 buy BTC 0.08 for 7621.184 EUR fee 0.00006 BTC group 800 id 2999",
    ]
    (report,) = reading.files
    assert (report.reader, report.read, report.used, dict(report.ignored)) == (
        "okx_trading",
        12,
        11,
        {"own_sub_account": 1},
    )
    assert dict(report.joined) == {13: [12]}
    assert (noticed(reading), rejected(reading)) == ([], [])
    assert reading.records[-1].day.isoformat() == "2025-10-20"


def test_funding() -> None:
    reading = sample("okx_funding.csv")
    swap = "group okx:20251026T090000Z:funding:ADA>USDT"
    assert lines(reading) == [
        "3 2025-10-31T08:55:15 transfer_out BTC 0.01 fee 0.0005 BTC id 5008",
        "4 2025-10-30T22:00:00 transfer_in BTC 0.0105 id 5007",
        "5 2025-10-30T05:58:30 interest USDT 0.0186 id 5006",
        "8 2025-10-27T11:48:45 transfer_out USDT 400 with p2p id 5003",
        f"9 2025-10-26T09:00:00 swap_in USDT 778.6853 {swap}",
        f"10 2025-10-26T09:00:00 swap_out ADA 250 {swap}",
        "11 2025-10-25T09:00:00 airdrop USDT 1000 id 5000",
    ]
    assert dict(reading.files[0].ignored) == {"own_sub_account": 2}
    assert (noticed(reading), rejected(reading)) == ([], [])


@pytest.mark.parametrize("name", ["okx_trading.csv", "okx_funding.csv", "okx_trades.csv"])
def test_the_order_of_rows_changes_nothing(read: Read, name: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8").splitlines(keepends=True)
    start = 1 if name == "okx_trades.csv" else 2
    head, body = text[:start], text[start:]
    random.Random(11).shuffle(body)
    shuffled, plain = read("".join(head + body)), sample(name)
    cut = [sorted(told(r).partition(" ")[2] for r in reading.records) for reading in (shuffled, plain)]
    assert cut[0] == cut[1]
    assert len(noticed(shuffled)) == len(noticed(plain))


def test_the_layout_with_more_units(read: Read) -> None:
    text = (
        "id,Order id,Time(UTC+5),Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,Filled Price Unit,PnL,Fee,"
        "Fee Unit,Position Change,Position Balance,Position Unit,Balance Change,Balance,Balance Unit\n"
        f"9,80,{T},Transfer,,Transfer out,0,cont,0E-8,USDT,0E-8,0E-8,USDT,0E-8,0E-8,USDT,-1851.7,0E-8,USDT\n"
        f"7,79,{T},Spot,BTC-KZT,Sell,0.05,BTC,100,KZT,0E-8,0E-8,BTC,0E-8,0E-8,BTC,-0.05,0E-8,BTC\n"
        f"8,79,{T},Spot,BTC-KZT,Buy,5,KZT,100,KZT,0E-8,-0.01,KZT,0E-8,0E-8,BTC,4.99,9,KZT\n"
    )
    reading = read(text)
    assert lines(reading) == ["3 2025-10-20T05:44:26 sell BTC 0.05 for 5 KZT fee 0.01 KZT group 79 id 7"]
    assert dict(reading.files[0].joined) == {3: [4]}


def test_the_layout_before_2023(read: Read) -> None:
    text = (
        "id,Order id,Time,Trade Type,Instrument,Type,Amount,Unit,PL,Fee,Position Change,Position Balance,"
        "Balance Change,Balance,Unit\n"
        f"7,79,{T},Spot,BTC-USDT,Buy,0.05,BTC,0,-0.001,0,0,0.049,0.049,BTC\n"
        f"7,79,{T},Spot,BTC-USDT,Sell,5,USDT,0,0,0,0,-5,0,USDT\n"
    )
    assert lines(read(text)) == [
        "2 2025-10-20T10:44:26 swap_in BTC 0.05 fee 0.001 BTC group okx:20251020T104426Z:79 id 7",
        "3 2025-10-20T10:44:26 swap_out USDT 5 group okx:20251020T104426Z:79 id 7",
    ]


def spot(number: int, action: str, amount: str, change: str, unit: str, *, price: str = "100", order: str = "5") -> str:
    return f"{number},{order},{T},Spot,BTC-KZT,{action},{amount},BTC,{price},0,0,{unit},0,0,{change},--,{unit}\n"


def test_fills_that_do_not_come_in_pairs_are_one(read: Read) -> None:
    rows = [spot(1, "Buy", "2", "2", "BTC"), spot(2, "Buy", "1", "1", "BTC"), spot(3, "Sell", "300", "-300", "KZT")]
    (buy,) = read(TRADING + "".join(rows)).records
    assert (buy.quantity, buy.value, buy.id) == (3 * UNIT, 300 * UNIT, "1")


def test_fills_of_one_price_are_paired_by_size(read: Read) -> None:
    rows = [
        spot(1, "Buy", "2", "2", "BTC"),
        spot(2, "Buy", "1", "1", "BTC"),
        spot(3, "Sell", "100", "-100", "KZT"),
        spot(4, "Sell", "200", "-200", "KZT"),
    ]
    reading = read(TRADING + "".join(rows))
    assert sorted(((r.value or 0) // r.quantity, r.quantity // UNIT) for r in reading.records) == [(100, 1), (100, 2)]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (spot(1, "Buy", "2", "2", "BTC"), "Symbol", "venue_half_trade"),
        (spot(1, "Swim", "2", "2", "BTC"), "Action", "venue_unknown_operation"),
        (spot(1, "Buy", "2", "2", "BTC").replace("Spot", "Bet"), "Action", "venue_unknown_operation"),
        (spot(1, "Buy", "2", "2", "BTC").replace("Spot", "Interest"), "Action", "venue_not_covered"),
        (spot(1, "", "2", "2", "BTC").replace("Spot", "Auto-borrow"), "Trade Type", "venue_not_covered"),
        (spot(1, "Buy", "2", "much", "BTC"), "Balance Change", "number_not_plain"),
        (spot(1, "Buy", "2", "2", ""), "Balance Unit", "row_cell_missing"),
        (f"1,0,{T},Swap,BTC-EUR-SWAP,Close long,1,cont,1,5,0,EUR,0,0,5,--,EUR\n", "Balance Unit", "row_asset_is_money"),
    ],
)
def test_trading_rows_that_cannot_be_used(read: Read, row: str, column: str, code: str) -> None:
    reading = read(TRADING + row)
    assert rejected(reading) == [(3, column, code)]
    assert reading.records == []


def test_an_opening_without_a_fee_moves_nothing(read: Read) -> None:
    reading = read(TRADING + f"1,7,{T},Futures,BTC-USD-1,Open long,1,cont,1,0,0,BTC,1,1,0,5,BTC\n")
    assert dict(reading.files[0].ignored) == {"zero_change": 1}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (f"1,2,{T},ltc_us_x,1,5,-5 USDT,taker,0,LTC\n", "Pairs", "pair_unclear"),
        (f"1,2,{T},ltc_usdt,1,5,-5 USDT,taker,0,ETH\n", "Pairs", "pair_other_coins"),
        (f"1,2,{T},ltc_eth,1,5,-5 USDT,taker,0,LTC\n", "Pairs", "pair_other_coins"),
        (f"1,2,{T},ltc_usdt,0,5,-5 USDT,taker,0,LTC\n", "Amount", "row_zero"),
        (f"1,2,{T},ltc_usdt,-1,5,-5 USDT,taker,0,LTC\n", "Total", "operation_wrong_sign"),
        (f"1,2,{T},ltc_usdt,1,5,-5 USDT,taker,-1,LTC\n", "Fee", "fee_without_coin"),
        (f"1,2,{T},ltc_usdt,1,5,,taker,0,LTC\n", "Total", "row_cell_missing"),
    ],
)
def test_old_rows_that_cannot_be_used(read: Read, row: str, column: str, code: str) -> None:
    assert rejected(read(TRADES + row)) == [(2, column, code)]


@pytest.mark.parametrize(
    ("kind", "amount", "kinds", "rule"),
    [
        ("Data migration in", "5", [], "own_sub_account"),
        ("From unified trading account", "5", [], "own_sub_account"),
        ("Redeem staking", "5", [], "own_sub_account"),
        ("Simple Earn subscription", "-5", [], "own_sub_account"),
        ("Staking Yield", "5", ["staked"], None),
        ("Fee rebate", "5", ["airdrop"], None),
        ("Buy crypto", "5", ["transfer_in"], None),
        ("Card payment", "-5", ["spend"], None),
        ("Deposit", "0", [], "zero_change"),
    ],
)
def test_types_of_the_funding_account(read: Read, kind: str, amount: str, kinds: list[str], rule: str | None) -> None:
    reading = read(FUNDING + f"1,{T},{kind},{amount},,,BTC\n")
    assert [r.kind for r in reading.records] == kinds
    assert list(reading.files[0].ignored) == ([rule] if rule else [])


def test_a_withdrawal_fee_beside_the_amount(read: Read) -> None:
    head = FUNDING.replace("After Balance,", "After Balance,Fee,")
    rows = f"1,{T},Withdrawal,-10,20,9,1,BTC\n2,{T},Withdrawal,10,9,-1,1,BTC\n"
    reading = read(head + rows)
    assert [told(r).partition("transfer_out ")[2] for r in reading.records] == [
        "BTC 10 fee 1 BTC id 1",
        "BTC 9 fee 1 BTC id 2",  # written without its sign, the fee inside
    ]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (f"1,{T},Teleport,5,0,5,BTC", "Type", "venue_unknown_operation"),
        (f"1,{T},Loan,5,0,5,BTC", "Type", "venue_not_covered"),
        (f"1,{T},Deposit yield,-5,5,0,BTC", "Amount", "operation_wrong_sign"),
        (f"1,{T},Convert,-5,5,0,BTC", None, "venue_half_trade"),
        (f"1,{T},Deposit,much,5,0,BTC", "Amount", "number_not_plain"),
        (f"1,{T},Deposit,5,0,5,", "Symbol", "row_cell_missing"),
        ("1,now,Deposit,5,0,5,BTC", "Time", "row_bad_venue_time"),
    ],
)
def test_funding_rows_that_cannot_be_used(read: Read, row: str, column: str | None, code: str) -> None:
    assert rejected(read(FUNDING + row + "\n")) == [(3, column, code)]
