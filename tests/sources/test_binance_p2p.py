"""P2P orders, made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from salyq.records.model import UNIT
from salyq.records.reading import Reading

Read = Callable[..., Reading]
HEAD = (
    "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Maker Fee,Taker Fee,"
    "Couterparty,Status,Created Time\n"
)


def test_orders(read: Read) -> None:
    rows = (
        '2001,Buy,USDT,KZT,"52,000.00",520,100,,0,0.05,friend,Completed,2025-03-01 20:30:00\n'
        "2002,Sell,USDT,KZT,5250.005,525,10,,0.01,,friend,Completed,25-03-02 07:00:00\n"
        "2003,Buy,USDT,KZT,5250,525,10,,,,friend,Cancelled,2025-03-02 07:00:00\n"
    )
    reading = read(HEAD + rows)
    buy, sell = reading.records
    assert (buy.kind, buy.asset, buy.quantity, buy.value, buy.currency) == (
        "buy",
        "USDT",
        100 * UNIT,
        52000 * UNIT,
        "KZT",
    )
    assert (buy.fee, buy.fee_asset, buy.id, buy.counterparty, buy.account) == (
        5 * 10**16,
        "USDT",
        "2001",
        "friend",
        "binance",
    )
    assert (buy.time, buy.day.isoformat()) == (datetime(2025, 3, 1, 20, 30, tzinfo=UTC), "2025-03-02")
    assert (sell.kind, sell.value, sell.fee) == ("sell", 5250_010000000000000000, 10**16)
    assert dict(reading.files[0].ignored) == {"not_completed": 1}
    assert [m.code for _, m in reading.notices] == ["notice_tenge_rounded"]


def test_older_files_lack_the_fees(read: Read) -> None:
    head = HEAD.replace("Maker Fee,Taker Fee,", "").replace("Couterparty", "Counterparty")
    (order,) = read(head + "1,Sell,BTC,KZT,100,50,2,,x,Completed,2021-05-01 10:00:00\n").records
    assert (order.quantity, order.fee, order.counterparty) == (2 * UNIT, None, "x")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("1,Hold,BTC,KZT,100,50,2,,,,x,Completed,2021-05-01 10:00:00", "Order Type"),
        ("1,Buy,BTC,MONEY,100,50,2,,,,x,Completed,2021-05-01 10:00:00", "Fiat Type"),
        ("1,Buy,BTC,KZT,0,50,2,,,,x,Completed,2021-05-01 10:00:00", "Total Price"),
        ("1,Buy,BTC,KZT,100,50,,,,,x,Completed,2021-05-01 10:00:00", "Quantity"),
        ("1,Buy,BTC,KZT,100,50,-2,,,,x,Completed,2021-05-01 10:00:00", "Quantity"),
        ("1,Buy,BTC,KZT,100,50,2,,-1,,x,Completed,2021-05-01 10:00:00", "Maker Fee"),
        ("1,Buy,BTC,KZT,100,50,2,,,,x,Completed,05/01/2021 10:00", "Created Time"),
    ],
)
def test_bad_orders(read: Read, row: str, column: str) -> None:
    (report,) = read(HEAD + row + "\n").files
    assert [r.column for r in report.rejected] == [column]
