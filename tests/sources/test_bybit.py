"""Bybit's unified trading account and funding account. All rows are made up; types are those that real exports name."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from venue_golden import lines, noticed, rejected, sample, told

from salyq.records.model import UNIT
from salyq.records.reading import Reading

Read = Callable[..., Reading]
HEAD = (
    "UID: 1,Company Name: ,Country: KAZ\n"
    "Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,"
    "Wallet Balance,Action,Time(UTC)\n"
)
FUNDING = "UID: 1,Company Name: ,Country: KAZ\nUid,Date & Time(UTC),Coin,QTY,Type,Account Balance,Description\n"
T = "2025-04-02 12:00:00"


def row(
    coin: str,
    contract: str,
    kind: str,
    cash: str,
    *,
    side: str = "BUY",
    price: str = "100",
    fee: str = "0",
    change: str = "",
    position: str = "0",
    funding: str = "0",
    action: str = "--",
    time: str = T,
) -> str:
    money = f"{cash},{position},{price},{funding},{fee},{cash},{change}"
    return f"1,{coin},{contract},{kind},{side},{money},--,{action},{time}\n"


def unified(read: Read, rows: Sequence[str]) -> Reading:
    return read(HEAD + "".join(rows))


def test_unified() -> None:
    reading = sample("bybit_unified.csv")
    trade = "group bybit:20250402T120000Z:ETHUSDT:BUY"
    swap = "group bybit:20250404T100000Z:convert:USDT>MANTLE"
    assert lines(reading) == [
        "3 2025-04-05T08:00:00 derivative_result USDT 0.5 for -0.5 USDT",
        "4 2025-04-05T07:00:00 derivative_result USDT 300 for 300 USDT fee 4.565 USDT",
        "5 2025-04-05T06:00:00 fee USDT 4.4",
        f"6 2025-04-04T10:00:00 swap_in MANTLE 0.86 {swap}",
        f"7 2025-04-04T10:00:00 swap_out USDT 0.6 {swap}",
        "9 2025-04-03T19:30:00 sell ETH 1 for 1600 EUR fee 1.6 EUR",
        f"10 2025-04-02T12:00:00 swap_in ETH 2 fee 0.0015 ETH {trade}",
        f"11 2025-04-02T12:00:00 swap_out USDT 2437.5 {trade}",
    ]
    (report,) = reading.files
    assert (report.reader, report.read, report.used, dict(report.ignored)) == (
        "bybit_unified",
        12,
        11,
        {"own_sub_account": 1},
    )
    assert dict(report.joined) == {9: [8], 10: [12, 13]}
    assert noticed(reading) == [(6, "notice_coin_renamed")]
    assert {r.account for r in reading.records} == {"bybit"}


def test_funding() -> None:
    reading = sample("bybit_funding.csv")
    swap = "group bybit:20250504T090000Z:funding:TON>USDT"
    assert lines(reading) == [
        "3 2025-05-06T10:00:00 spend USDT 15.5",
        "5 2025-05-05T10:00:00 transfer_out BTC 0.01",
        f"6 2025-05-04T09:00:00 swap_in USDT 86 {swap}",
        f"7 2025-05-04T09:00:00 swap_out TON 25 {swap}",
        "8 2025-05-03T00:30:00 interest USDT 0.00000027",
        "9 2025-05-02T19:30:00 airdrop USDT 0.5",
        "11 2025-05-02T11:00:00 transfer_in USDT 100.103 with p2p",
        "12 2025-05-01T12:00:00 transfer_in BTC 0.01",
    ]
    assert dict(reading.files[0].ignored) == {"fiat_movement": 1, "own_sub_account": 2}
    assert (noticed(reading), rejected(reading)) == ([], [])


def test_the_order_of_rows_changes_nothing(read: Read) -> None:
    text = sample_text("bybit_unified.csv")
    head, body = text[:2], text[2:]
    random.Random(7).shuffle(body)
    shuffled = read("".join(head + body))
    plain = sample("bybit_unified.csv")
    cut = [sorted(told(r).partition(" ")[2] for r in reading.records) for reading in (shuffled, plain)]
    assert cut[0] == cut[1]
    assert noticed(shuffled)[0][1] == "notice_coin_renamed"
    assert len(noticed(shuffled)) == 1  # the balances are looked at in order of time


def sample_text(name: str) -> list[str]:
    from venue_golden import SAMPLES

    return (SAMPLES / name).read_text(encoding="utf-8").splitlines(keepends=True)


def test_a_trade_across_two_seconds(read: Read) -> None:
    reading = unified(
        read,
        [
            row("BTC", "BTCEUR", "TRADE", "0.1", fee="-0.001"),
            row("EUR", "BTCEUR", "TRADE", "-10", time="2025-04-02 12:00:01"),
            row("EUR", "BTCEUR", "TRADE", "-20", time="2025-04-02 12:00:09"),
        ],
    )
    (buy,) = reading.records
    assert (buy.kind, buy.value, buy.currency, buy.fee, buy.fee_asset) == ("buy", 10 * UNIT, "EUR", UNIT // 1000, "BTC")
    assert rejected(reading) == [(5, "Contract", "venue_half_trade")]


def test_fills_of_two_prices_are_two_deals(read: Read) -> None:
    rows = [row("BTC", "BTC-EUR", "TRADE", q, price=p) for q, p in (("1", "100"), ("2", "99"))]
    rows += [row("EUR", "BTC-EUR", "TRADE", q, price=p) for q, p in (("-198", "99"), ("-100", "100"))]
    reading = unified(read, rows)
    assert sorted((r.quantity // UNIT, (r.value or 0) // UNIT) for r in reading.records) == [(1, 100), (2, 198)]


def test_a_fee_in_a_third_coin(read: Read) -> None:
    rows = [
        row("BTC", "BTCEUR", "TRADE", "1"),
        row("EUR", "BTCEUR", "TRADE", "-100"),
        row("BNB", "BTCEUR", "TRADE", "0", fee="-0.5"),
    ]
    (buy,) = unified(read, rows).records
    assert (buy.fee, buy.fee_asset) == (UNIT // 2, "BNB")
    (alone,) = unified(read, rows[2:]).records
    assert (alone.kind, alone.asset, alone.quantity) == ("fee", "BNB", UNIT // 2)


def test_a_maker_is_paid(read: Read) -> None:
    rows = [row("BTC", "BTCUSDT", "TRADE", "1", fee="0.001"), row("USDT", "BTCUSDT", "TRADE", "-100")]
    reading = unified(read, [rows[0].replace(",,--,", ",1.001,--,"), rows[1]])
    assert sorted((r.kind, r.asset, r.quantity, r.fee) for r in reading.records) == [
        ("airdrop", "BTC", UNIT // 1000, None),
        ("swap_in", "BTC", UNIT, None),
        ("swap_out", "USDT", 100 * UNIT, None),
    ]


def test_trade_ids_where_the_export_has_them(read: Read) -> None:
    head = HEAD.replace("Action,Time(UTC)", "Action,OrderId,TradeId,Time")
    rows = [
        f"1,{coin},BTCUSDT,TRADE,BUY,{cash},0,100,0,0,{cash},{cash},--,--,o5,{trade},{T}.123\n"
        for trade, coin, cash in (
            ("x5", "BTC", "1"),
            ("x6", "BTC", "2"),
            ("x5", "USDT", "-100"),
            ("x6", "USDT", "-200"),
        )
    ]
    reading = read(head + "".join(rows))
    assert sorted((r.id or "", r.kind, r.quantity // UNIT, r.group) for r in reading.records) == [
        ("x5", "swap_in", 1, "bybit:20250402T120000Z:o5"),
        ("x5", "swap_out", 100, "bybit:20250402T120000Z:o5"),
        ("x6", "swap_in", 2, "bybit:20250402T120000Z:o5"),
        ("x6", "swap_out", 200, "bybit:20250402T120000Z:o5"),
    ]


def test_older_futures_files_write_fees_above_zero(read: Read) -> None:
    rows = [
        row("BTC", "BTCUSD", "trade", "0.02", side="Close Long", fee="0.001", change="0.019"),
        row("BTC", "BTCUSD", "funding", "0", funding="0.003", change="-0.003"),
        row("BTC", "", "transferIn", "1", change="1"),
    ]
    reading = unified(read, rows)
    assert [(r.kind, r.value, r.fee) for r in reading.records] == [
        ("derivative_result", UNIT // 50, UNIT // 1000),
        ("derivative_result", -3 * UNIT // 1000, None),
    ]


def test_several_coins_converted_in_one_second(read: Read) -> None:
    rows = [
        row("AAA", "", "--", "-3"),
        row("BBB", "", "--", "-4"),
        row("MNT", "", "--", "1"),
        row("MNT", "", "--", "2"),
    ]
    reading = unified(read, rows)
    tie = "group bybit:20250402T120000Z:convert:many"
    assert lines(reading) == [
        f"3 2025-04-02T12:00:00 swap_out AAA 3 {tie}",
        f"4 2025-04-02T12:00:00 swap_out BBB 4 {tie}",
        f"5 2025-04-02T12:00:00 swap_in MANTLE 3 {tie}",
    ]
    assert dict(reading.files[0].joined) == {3: [6]}
    assert noticed(reading) == [(3, "notice_converted_together"), (5, "notice_coin_renamed")]
    with_money = unified(read, [*rows, row("EUR", "", "--", "2")])
    assert {code for _, _, code in rejected(with_money)} == {"venue_legs_unclear"}


def test_options_and_liquidations(read: Read) -> None:
    rows = [
        row("USDT", "BTC-27MAR26-120000-C-USDT", "TRADE", "-5", fee="-0.03"),
        row("USDT", "BTCUSDT", "LIQUIDATION", "-50", fee="-1", action="CLOSE"),
        row("USDT", "BTC-27MAR26-120000-C-USDT", "DELIVERY", "9"),
    ]
    assert [(r.kind, (r.value or 0) // UNIT) for r in unified(read, rows).records] == [
        ("derivative_result", -5),
        ("derivative_result", -50),
        ("derivative_result", 9),
    ]


def test_a_row_taken_out_breaks_the_balance(read: Read) -> None:
    text = sample_text("bybit_unified.csv")
    gone = [line for line in text if ",SETTLEMENT," not in line and ",CLOSE," not in line]
    assert noticed(read("".join(gone))) == [(4, "notice_coin_renamed")]  # the last rows of all may be missing
    gone = [line for line in text if ",OPEN," not in line]
    assert (4, "notice_balance_breaks") in noticed(read("".join(gone)))


@pytest.mark.parametrize(
    ("rows", "column", "code"),
    [
        ([row("BTC", "", "TELEPORT", "1")], "Type", "venue_unknown_operation"),
        ([row("BTC", "", "BORROW", "1")], "Type", "venue_not_covered"),
        ([row("USDT", "", "INTEREST", "-1")], "Type", "venue_not_covered"),
        ([row("BTC", "", "AIRDROP", "-1")], "Change", "operation_wrong_sign"),
        ([row("BTC", "BTCUSDT", "TRADE", "1", change="7")], "Change", "row_does_not_add_up"),
        ([row("BTC", "BTCUSDT", "TRADE", "1")], "Contract", "venue_half_trade"),
        ([row("USDT", "", "--", "-1")], None, "venue_half_trade"),
        ([row("BTC", "ETHUSDT", "TRADE", "1")], "Contract", "venue_legs_unclear"),
        ([row("EUR", "BTCEUR", "TRADE", "5", action="CLOSE")], "Currency", "row_asset_is_money"),
        ([row("BTC", "BTCUSDT", "TRADE", "1", time="soon")], "Time(UTC)", "row_bad_venue_time"),
        ([row("", "BTCUSDT", "TRADE", "1")], "Currency", "row_cell_missing"),
    ],
)
def test_rows_that_cannot_be_used(read: Read, rows: list[str], column: str | None, code: str) -> None:
    reading = unified(read, rows)
    assert rejected(reading) == [(3, column, code)]
    assert reading.records == []


@pytest.mark.parametrize(
    ("kind", "description", "quantity", "kinds", "rule"),
    [
        ("Earn", "Easy Earn | Flexible Redemption", "5", [], "own_sub_account"),
        ("Earn", "Launchpool Manual Withdrawal", "5", [], "own_sub_account"),
        ("Earn", "Launchpool Rewards Distribution", "5", ["interest"], None),
        ("Earn", "On-chain Staking Rewards", "5", ["staked"], None),
        ("Transfer out", "Transfer to Unified Trading Account", "-5", [], "own_sub_account"),
        ("Withdraw", "Withdrawal fee", "-1", ["fee"], None),
        ("Withdraw", "Withdrawal fee", "1", ["airdrop"], None),
        ("Fiat", "Buy Crypto with Card", "5", ["transfer_in"], None),
        ("Bybit Card", "Cashback", "5", ["airdrop"], None),
        ("Bybit Card", "Refund", "5", ["transfer_in"], None),
        ("Rewards", "Rewards Hub", "5", ["airdrop"], None),
        ("Deposit", "Deposit", "0", [], "zero_change"),
    ],
)
def test_types_of_the_funding_account(
    read: Read, kind: str, description: str, quantity: str, kinds: list[str], rule: str | None
) -> None:
    reading = read(FUNDING + f"1,{T},BTC,{quantity},{kind},5,{description}\n")
    assert [r.kind for r in reading.records] == kinds
    assert list(reading.files[0].ignored) == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (f"1,{T},BTC,1,Teleport,5,Whatever", "Type", "venue_unknown_operation"),
        (f"1,{T},BTC,1,Earn,5,Whatever", "Type", "venue_unknown_operation"),
        (f"1,{T},BTC,1,Loan,5,Crypto Loan Borrow", "Type", "venue_not_covered"),
        (f"1,{T},BTC,-1,Airdrop,5,Airdrop", "QTY", "operation_wrong_sign"),
        (f"1,{T},BTC,1,Convert,5,Convert", None, "venue_half_trade"),
        (f"1,{T},BTC,,Deposit,5,Deposit", "QTY", "row_cell_missing"),
        (f"1,{T},BTC,1,Deposit,much,Deposit", "Account Balance", "number_not_plain"),
    ],
)
def test_funding_rows_that_cannot_be_used(read: Read, line: str, column: str | None, code: str) -> None:
    assert rejected(read(FUNDING + line + "\n")) == [(3, column, code)]
