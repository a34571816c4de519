"""P2P orders, made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salyq.facts.case import read_case
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


ORDER = {
    "bybit": "Order No.,p2p-convert,Type,Fiat Amount,Currency,Price,Currency,Coin Amount,Cryptocurrency,"
    "Transaction Fees,Cryptocurrency,Counterparty,Status,Time\n9,P2P,BUY,52000,KZT,520,KZT,100,USDT,0,USDT,x,{done},"
    "2025-03-01 20:30:00\n",
    "okx": "Order No,Order type,Crypto,Currency,Price,Volume,Amount,Status,Created date\n"
    "9,Buy,USDT,KZT,520,100,52000,{done},2025-03-01 20:30:00\n",
    "kucoin": "TIME,SIDE,STATUS,LEGAL/CURRENCY,LEGAL_AMOUNT,CURRENCY_AMOUNT,ORDER_ID\n"
    "2025-03-01 20:30:00,BUY,{done},KZT/USDT,52000,100,9\n",
}
STATEMENT = {
    "bybit": "Uid,Date & Time(UTC),Coin,QTY,Type,Account Balance,Description\n"
    "1,2025-03-01 20:41:00,USDT,100,P2P,100,P2P Buy\n",
    "okx": "id,Time,Type,Amount,Before Balance,After Balance,Symbol\n1,2025-03-01 20:41:00,P2P buy,100,0,100,USDT\n",
}


@pytest.mark.parametrize("venue", ORDER)
def test_an_order_of_another_venue_is_a_purchase_once_it_is_done(read: Read, venue: str) -> None:
    done = {"bybit": "Completed", "okx": "Fulfilled", "kucoin": "DONE"}[venue]
    (order,) = read(ORDER[venue].format(done=done)).records
    told = (order.kind, order.asset, order.quantity // UNIT, order.value, order.currency, order.account, order.id)
    assert told == ("buy", "USDT", 100, 52000 * UNIT, "KZT", venue, "9")
    undone = read(ORDER[venue].format(done="Canceled"))
    assert (undone.records, dict(undone.files[0].ignored)) == ([], {"not_completed": 1})
    (wrong,) = read(ORDER[venue].format(done="Perhaps")).files[0].rejected
    assert wrong.reason.code == "row_bad_choice"


@pytest.mark.parametrize("venue", STATEMENT)
def test_an_order_and_its_row_in_the_statement_are_one_purchase(tmp_path: Path, venue: str) -> None:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n')
    (tmp_path / "orders.csv").write_text(ORDER[venue].format(done={"bybit": "Completed", "okx": "Fulfilled"}[venue]))
    (tmp_path / "statement.csv").write_text(STATEMENT[venue])
    ledger = read_case(tmp_path).ledger
    assert [(r.kind, r.quantity // UNIT) for r in ledger.records] == [("buy", 100)]


def test_a_zone_in_the_title_of_the_time_and_lines_above_it(read: Read) -> None:
    text = ORDER["bybit"].replace("Type,", "Direction,").replace(",Time\n", ",Time (UTC+05:00)\n")
    reading = read("P2P order history\nUID: 1\n" + text.format(done="Completed"))
    assert [f"{r.time:%H:%M}" for r in reading.records] == ["15:30"]
    assert reading.notices == []
