"""Binance spot trade history, old layout and new, and distributions. All rows are made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from venue_golden import lines, noticed, rejected, sample

from salyq.records.model import UNIT
from salyq.records.reading import Reading

Read = Callable[..., Reading]
OLD = "Date(UTC);Market;Type;Price;Amount;Total;Fee;Fee Coin\n"
NEW = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n"
T = "2024-02-10 09:15:02"


def test_old_layout() -> None:
    reading = sample("binance_trades_old.csv")
    assert lines(reading) == [
        "2 2024-02-10T09:15:02 swap_out USDT 11750 group binance:20240210T091502Z:BTCUSDT:BUY",
        "2 2024-02-10T09:15:02 swap_in BTC 0.25 fee 0.00025 BTC group binance:20240210T091502Z:BTCUSDT:BUY",
        "3 2024-02-11T22:40:51 swap_out ETH 3 fee 0.0021 BNB group binance:20240211T224051Z:ETHBTC:SELL",
        "3 2024-02-11T22:40:51 swap_in BTC 0.1563 group binance:20240211T224051Z:ETHBTC:SELL",
        "4 2024-02-12T06:00:00 swap_out BUSD 480.005 fee 0.0003 BNB group binance:20240212T060000Z:BTCBUSD:BUY",
        "4 2024-02-12T06:00:00 swap_in BTC 0.01 group binance:20240212T060000Z:BTCBUSD:BUY",
        "5 2024-02-12T06:00:00 swap_out BUSD 480.005 fee 0.0003 BNB group binance:20240212T060000Z:BTCBUSD:BUY",
        "5 2024-02-12T06:00:00 swap_in BTC 0.01 group binance:20240212T060000Z:BTCBUSD:BUY",
        "6 2024-02-13T18:30:00 sell USDT 100 for 45520 KZT fee 45.52 KZT",
        "7 2024-02-14T10:00:00 sell USDT 53.5 for 50 EUR fee 0.05 EUR",
    ]
    (report,) = reading.files
    assert (report.reader, report.read, report.used, dict(report.ignored)) == (
        "binance_trades_old",
        7,
        6,
        {"fiat_movement": 1},
    )
    assert (rejected(reading), noticed(reading)) == ([], [])
    assert {r.account for r in reading.records} == {"binance"}
    assert reading.records[2].day.isoformat() == "2024-02-12"  # 22:40 in UTC is the next day in Kazakhstan


def test_new_layout() -> None:
    reading = sample("binance_trades.csv")
    assert lines(reading) == [
        "2 2025-03-01T08:00:05 swap_out USDT 168600 group binance:20250301T080005Z:SOLUSDT:BUY",
        "2 2025-03-01T08:00:05 swap_in SOL 1200 fee 1.2 SOL group binance:20250301T080005Z:SOLUSDT:BUY",
        "3 2025-03-01T08:00:05 swap_out USDT 2.88 group binance:20250301T080005Z:1INCHUSDT:BUY",
        "3 2025-03-01T08:00:05 swap_in 1INCH 7.2 fee 0.0072 1INCH group binance:20250301T080005Z:1INCHUSDT:BUY",
        "4 2025-03-02T20:59:59 sell BTC 0.01 for 430000 KZT fee 0.0012 BNB",
        "5 2025-03-03T12:00:00 swap_out 1000SATS 50000 group binance:20250303T120000Z:1000SATSUSDT:SELL",
        "5 2025-03-03T12:00:00 swap_in USDT 15 fee 0.015 USDT group binance:20250303T120000Z:1000SATSUSDT:SELL",
    ]
    assert (reading.files[0].reader, reading.files[0].used) == ("binance_trades", 4)
    assert rejected(reading) == []


def test_distributions() -> None:
    reading = sample("binance_distributions.csv")
    assert lines(reading) == [
        "2 2024-06-01T00:10:00 staked BNB 0.00123",
        "3 2024-06-01T01:00:00 interest USDT 0.45",
        "4 2024-06-02T05:00:00 airdrop FOO 12",
    ]
    assert dict(reading.files[0].ignored) == {"fiat_movement": 1}


def test_a_distribution_taken_back_is_rejected(read: Read) -> None:
    reading = read("Date(UTC);Product Name;Coin;Amount\n2024-06-01 00:10:00;BNB Vault;BNB;-1\n")
    assert [(line, column) for line, column, _ in rejected(reading)] == [(2, "Amount")]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_any_delimiter_order_of_columns_and_trailing_columns(read: Read, mark: str) -> None:
    head = mark.join(["Fee Coin", "Fee", "Total", "Amount", "Price", "Type", "Market", "Date(UTC)", "More"])
    row = mark.join(["BTC", "0.1", "100", "2", "50", "BUY", "BTCUSDT", T, "x"])
    out, taken = read(f"\ufeff{head}\r\n\r\n{row}\r\n").records
    assert (out.asset, out.quantity, taken.asset, taken.quantity) == ("USDT", 100 * UNIT, "BTC", 2 * UNIT)
    assert (taken.fee, taken.fee_asset) == (UNIT // 10, "BTC")


def test_lines_quoted_whole(read: Read) -> None:
    row = '"2022-02-18 13:24:05,ADABTC,BUY,""1,500.5"",""2,500.0ADA"",""1,250.0BTC"",""2,500.0ADA"""\n'
    out, taken = read("\ufeff" + NEW + row).records
    assert (out.quantity, taken.quantity, taken.fee) == (1250 * UNIT, 2500 * UNIT, 2500 * UNIT)


@pytest.mark.parametrize(
    ("time", "utc"),
    [
        ("24-02-10 09:15:02", "2024-02-10T09:15:02"),
        ("2024/2/10 9:15", "2024-02-10T09:15:00"),
        ("10.2.2024 9:15", "2024-02-10T09:15:00"),
        ("2/10/2024 9:15:02 PM", "2024-02-10T21:15:02"),
        ("2024-02-10T09:15:02+05:00", "2024-02-10T04:15:02"),
    ],
)
def test_spellings_of_time(read: Read, time: str, utc: str) -> None:
    (sale,) = read(OLD + f"{time};BTCKZT;SELL;1;1;1;0;BNB\n").records
    assert f"{sale.time:%Y-%m-%dT%H:%M:%S}" == utc


def test_a_zone_in_the_name_of_the_file(read: Read) -> None:
    head = NEW.replace("Date(UTC)", "Time")
    row = f"{T},BTCKZT,SELL,1,1BTC,1KZT,0BNB\n"
    there = read(head + row, name="Binance-Spot-Trade-History-202501(UTC+5).csv")
    assert (f"{there.records[0].time:%H:%M}", noticed(there)) == ("04:15", [])
    here = read(head + row, name="trades.csv")
    assert (f"{here.records[0].time:%H:%M}", noticed(here)) == ("09:15", [(2, "notice_zone_assumed")])
    stated = read(NEW + row, name="trades (UTC+5).csv")  # the header has the last word
    assert f"{stated.records[0].time:%H:%M}" == "09:15"


def test_headers_in_the_language_of_the_person(read: Read) -> None:
    (sale,) = read(
        "Дата(UTC),Пара,Сторона,Цена,Исполнено,Сумма,Комиссия\n" + f"{T},BTCKZT,Продажа,5,2BTC,10KZT,\n"
    ).records
    assert (sale.kind, sale.quantity, sale.value, sale.fee) == ("sell", 2 * UNIT, 10 * UNIT, None)


def test_ids_join_the_fills_of_an_order(read: Read) -> None:
    head = "Date(UTC),Pair,Side,Price,Executed,Amount,Fee,Trade ID,Order ID\n"
    rows = [f"{T},BTCKZT,BUY,1,1BTC,5KZT,0,{trade},77" for trade in (501, 502)]
    rows += [f"{T},BTCUSDT,BUY,1,1BTC,5USDT,0,503,78", f"{T},BTCUSDT,BUY,1,1BTC,5USDT,0,504,'8.3E+18"]
    buys = read(head + "\n".join(rows)).records
    assert [(r.id, r.group) for r in buys] == [
        ("501", "77"),
        ("502", "77"),
        ("503", "binance:20240210T091502Z:78"),
        ("503", "binance:20240210T091502Z:78"),
        ("504", "binance:20240210T091502Z:504"),  # a number that a spreadsheet has rounded is no id
        ("504", "binance:20240210T091502Z:504"),
    ]


def test_a_coin_with_the_code_of_a_currency(read: Read) -> None:
    reading = read(NEW + f"{T},MNTUSDT,BUY,1,7MNT,5USDT,0.1MNT\n")
    out, taken = reading.records
    assert (out.asset, taken.asset, taken.fee_asset) == ("USDT", "MANTLE", "MANTLE")
    assert noticed(reading) == [(2, "notice_coin_renamed")]


def test_a_rebate_comes_in_free(read: Read) -> None:
    reading = read(NEW + f"{T},BTCUSDT,BUY,1,1BTC,5USDT,-0.5USDT\n")
    assert sorted((r.kind, r.asset, r.fee) for r in reading.records) == [
        ("airdrop", "USDT", None),
        ("swap_in", "BTC", None),
        ("swap_out", "USDT", None),
    ]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (f"{T};BTCUSDT;SOLD;1;1;1;0;BNB", "Type", "row_bad_choice"),
        (f"{T};BTCUSDT;;1;1;1;0;BNB", "Type", "row_bad_choice"),
        (f"{T};FOOBARQUX;BUY;1;1;1;0;BNB", "Pair", "pair_unclear"),
        (f"{T};FOOAEUR;BUY;1;1;1;0;BNB", "Pair", "pair_unclear"),
        (f"{T};;BUY;1;1;1;0;BNB", "Pair", "pair_unclear"),
        (f"{T};BTCUSDT;BUY;1;0;1;0;BNB", "Executed", "row_not_positive"),
        (f"{T};BTCUSDT;BUY;1;-1;1;0;BNB", "Executed", "row_not_positive"),
        (f"{T};BTCUSDT;BUY;1;1;;0;BNB", "Total", "row_cell_missing"),
        (f"{T};BTCUSDT;BUY;1;1;1;0.1;", "Fee", "fee_without_coin"),
        (f"{T};BTCUSDT;BUY;1;x;1;0;BNB", "Executed", "number_not_plain"),
        (f"{T};BTCUSDT;BUY;1;1E-19;1;0;BNB", "Executed", "number_too_many_decimals"),
        (f"{T};BTCUSDT;BUY;1;1,234;1;0;BNB", "Executed", "number_comma_unclear"),
        ("02/10/2024 09:15;BTCUSDT;BUY;1;1;1;0;BNB", "Date(UTC)", "row_bad_venue_time"),
        (";BTCUSDT;BUY;1;1;1;0;BNB", "Date(UTC)", "row_bad_venue_time"),
        ("Total;;;;;;;", "Date(UTC)", "row_bad_venue_time"),
    ],
)
def test_rows_that_cannot_be_used(read: Read, row: str, column: str, code: str) -> None:
    reading = read(OLD + row + "\n")
    assert rejected(reading) == [(2, column, code)]
    assert reading.records == []


def test_a_decimal_comma(read: Read) -> None:
    (sale,) = read(OLD + f"{T};BTCKZT;SELL;1;0,5;1.234,56;0,001;BNB\n").records
    assert (sale.quantity, sale.value, sale.fee) == (UNIT // 2, 123456 * UNIT // 100, UNIT // 1000)


def test_amounts_in_other_coins_than_the_pair(read: Read) -> None:
    reading = read(NEW + f"{T},BTCUSDT,BUY,1,1ETH,5USDT,0\n{T},BTCUSDT,BUY,1,1BTC,5EUR,0\n")
    assert rejected(reading) == [(2, "Pair", "pair_other_coins"), (3, "Pair", "pair_other_coins")]


@pytest.mark.parametrize(
    ("title", "name", "time", "utc"),
    [
        ("Time", "Binance-Transaction-History(UTC+5).csv", "2025-03-01 07:00:00", "02:00"),
        ("Time", "Binance-Transaction-History(UTC+5).csv", "2025-03-01 07:00:00+00:00", "07:00"),
        ("Time", "Binance-Transaction-History.csv", "2025-03-01 07:00:00", "07:00"),
        ("UTC_Time", "Binance-Transaction-History(UTC+5).csv", "2025-03-01 07:00:00", "07:00"),
    ],
)
def test_the_zone_of_a_statement(read: Read, title: str, name: str, time: str, utc: str) -> None:
    text = f"User ID,{title},Account,Operation,Coin,Change,Remark\n1,{time},Spot,Deposit,BTC,1,\n"
    (record,) = read(text, name=name).records
    assert f"{record.time:%H:%M}" == utc
