"""Binance order history with fills nested under each order. All rows are made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from venue_golden import lines, noticed, rejected, sample

from salyq.records.model import UNIT
from salyq.records.reading import Reading

Read = Callable[..., Reading]
HEAD = "Date(UTC);Pair;Type;Order Price;Order Amount;AvgTrading Price;Filled;Total;status\n"
SUB = ";Date(UTC);Trading Price;Filled;Total;Fee;;;\n"
ORDER = "2020-03-19 17:02:52;BTCUSDT;SELL;0.0;0.5;6236;0.5;3118;Filled\n"
FILL = ";2020-03-19 17:02:53;6236;0.5;3118;0.0161BNB;;;\n"


def test_orders() -> None:
    reading = sample("binance_orders.csv")
    assert lines(reading) == [
        "4 2024-05-01T10:00:02 swap_out USDT 5990 fee 0.001 BNB group binance:20240501T100002Z:700100",
        "4 2024-05-01T10:00:02 swap_in BTC 0.1 group binance:20240501T100002Z:700100",
        "5 2024-05-01T10:00:07 swap_out USDT 11995 group binance:20240501T100007Z:700100",
        "5 2024-05-01T10:00:07 swap_in BTC 0.2 fee 0.0002 BTC group binance:20240501T100007Z:700100",
        "7 2024-05-03T12:00:00 sell BTC 0.02 for 560000 KZT group 700102 id 700102",
        "10 2024-05-04T13:05:00 swap_out DOT 40 group binance:20240504T130500Z:700103",
        "10 2024-05-04T13:05:00 swap_in USDT 360 fee 0.36 USDT group binance:20240504T130500Z:700103",
    ]
    (report,) = reading.files
    assert (report.read, report.used) == (9, 4)
    assert dict(report.ignored) == {"sub_header": 2, "told_by_fills": 2, "nothing_filled": 1}
    assert noticed(reading) == [(7, "notice_order_without_fills")]
    assert rejected(reading) == []


def test_without_order_numbers_fills_of_one_order_stay_together(read: Read) -> None:
    second = FILL.replace("17:02:53", "17:05:00").replace("0.5", "0.25")
    reading = read(HEAD + ORDER.replace("USDT", "KZT") + SUB + FILL + second)
    assert [r.group for r in reading.records] == ["20200319T170252Z:BTCKZT:SELL"] * 2
    assert noticed(reading) == [(2, "notice_fills_differ")]


def test_later_exports_have_more_columns(read: Read) -> None:
    head = (
        "Date(UTC);orderId;clientOrderId;Pair;Type;Order Price;Order Amount;AvgTrading Price;Filled;Total;status;"
        "Strategy Id;Strategy Type\n"
    )
    rows = (
        "1.11.2021 6:01;8,38977E+18;web_x;ETHUSDT;SELL;0.0;0.071;4225.1;0.071;299.98;FILLED;-;\n"
        ";Date(UTC);Trading Price;Filled;Total;Fee;;;;;;;\n"
        ";1.11.2021 6:01;4225.1;0.071;299.9821;0.12USDT;;;;;;;\n"
    )
    out, taken = read(head + rows).records
    assert (out.asset, out.quantity, taken.quantity) == ("ETH", 71 * UNIT // 1000, 2999821 * UNIT // 10000)
    assert (out.group, out.id) == ("binance:20211101T060100Z:ETHUSDT:SELL", None)


def test_the_newest_exports_have_no_fills(read: Read) -> None:
    text = (
        "Time,OrderNo,Pair,Type\u00b9,Side,Order Price,Order Amount,Time,Executed\u00b2,Average Price,"
        "Trading total\u00b3,Status\n"
        "2026-01-15 18:37:20,350,XRPUSDC,MARKET,BUY,0,17.9XRP,2026-01-15 18:37:22,17.9XRP,1.1149,19.95671USDC,Filled,\n"
        "2026-01-15 19:00:00,351,XRPUSDC,LIMIT,BUY,1,10XRP,2026-01-15 19:00:00,0XRP,0,0USDC,Canceled,\n"
    )
    reading = read(text, name="orders(UTC+5).csv")
    assert lines(reading) == [
        "2 2026-01-15T13:37:22 swap_out USDC 19.95671 group binance:20260115T133722Z:350 id 350",
        "2 2026-01-15T13:37:22 swap_in XRP 17.9 group binance:20260115T133722Z:350 id 350",
    ]
    assert dict(reading.files[0].ignored) == {"nothing_filled": 1}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (FILL, [(2, None, "fill_alone")]),
        (SUB + FILL, [(3, None, "fill_alone")]),
        (ORDER + FILL, [(3, None, "fill_alone")]),  # no sub-header says what its cells are
        (
            ORDER.replace("SELL", "SOLD") + SUB + FILL,
            [(2, "Type", "row_bad_choice"), (4, None, "fill_of_refused_order")],
        ),
        (
            ORDER.replace("0.5;3118", "0;0").replace("Filled", "Canceled") + SUB + FILL,
            [(4, "Filled", "fill_of_unfilled_order")],
        ),
        (ORDER + SUB + FILL.replace("3118", "-3118"), [(4, "Total", "row_not_positive")]),
        (ORDER + SUB + FILL.replace("BNB", ""), [(4, "Fee", "fee_without_coin")]),
        ("Subtotal;;;;;;;;\n", [(2, "Date(UTC)", "row_bad_venue_time")]),
    ],
)
def test_rows_that_cannot_be_used(read: Read, rows: str, found: list[tuple[int, str | None, str]]) -> None:
    assert rejected(read(HEAD + rows)) == found


def test_an_order_whose_only_fill_is_rejected_does_not_take_its_place(read: Read) -> None:
    reading = read(HEAD + ORDER + SUB + FILL.replace("3118", "x"))
    assert rejected(reading) == [(4, "Total", "number_not_plain")]
    assert [r.kind for r in reading.records] == []
