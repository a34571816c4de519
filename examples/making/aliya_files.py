"""Aliya's files: three yearly statements of the exchange, its P2P orders, her wallets, and the quotes they need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from making.aliya import account
from making.binance import MONEY, USER, Binance, Leg
from making.days import kz_day, working_days
from making.files import Files, table
from making.quotes import asset_values, market_rates, official_rates
from making.series import ASSETS
from making.wallets import table_of_wallets, wallets

STATEMENT = ("User_ID", "UTC_Time", "Account", "Operation", "Coin", "Change", "Remark")
ORDERS = (
    *("Order Number", "Order Type", "Asset Type", "Fiat Type", "Total Price", "Price", "Quantity", "Exchange rate"),
    *("Maker Fee", "Taker Fee", "Couterparty", "Status", "Created Time"),
)
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
STABLE = ("USDT", "USDC")


def files() -> Files:
    """All CSV files of the case, by their path within it."""
    venue = account()
    legs = venue.statement()
    return {
        **{f"binance/transactions_{year}.csv": _statement(legs, year) for year in (2024, 2025, 2026)},
        "binance/p2p_orders.csv": _orders(venue),
        "wallets.csv": table_of_wallets(),
        "prices/exchange_rates_official.csv": official_rates(FIRST, LAST),
        # From 2026 the law mostly wants the year's mean of official rates: no market rates are kept for it.
        "prices/exchange_rates_market.csv": market_rates(working_days(date(2023, 12, 25), date(2025, 12, 31))),
        "prices/asset_values.csv": asset_values(_quotes(venue)),
    }


def _statement(legs: list[Leg], year: int) -> bytes:
    # The second download begins eleven days too early, as happens: its first rows are known already.
    first, last = f"{year}-01-01", f"{year}-12-31"
    if year == 2025:
        first = "2024-12-20"
    rows = (
        (USER, f"{leg.time:%Y-%m-%d %H:%M:%S}", leg.account, leg.operation, leg.coin, f"{leg.change:.8f}", leg.remark)
        for leg in legs
        if first <= f"{leg.time:%Y-%m-%d}" <= last
    )
    return table(STATEMENT, rows, quoted=year == 2025, mark=year == 2025)


def _orders(venue: Binance) -> bytes:
    rows = (
        (
            *(order.number, order.side, "USDT", "KZT", f"{order.total:.2f}", f"{order.price:.2f}"),
            *(f"{order.quantity:.2f}", "", f"{order.maker_fee:f}", "0", order.counterparty, order.status),
            f"{order.time:%Y-%m-%d %H:%M:%S}",
        )
        for order in venue.orders
    )
    return table(ORDERS, rows)


def _quotes(venue: Binance) -> Iterator[tuple[date, str, Decimal, str, str]]:
    """The day's market price of every coin that moved, and for 2025 the average of the day before (art. 332-1(12))."""
    moved = {(kz_day(leg.time), leg.coin) for leg in venue.legs if leg.coin not in (*MONEY, *STABLE)}
    for row in wallets():
        if row["asset"] not in STABLE:
            moved.add((date.fromisoformat(str(row["time"])[:10]), str(row["asset"])))
    for day, coin in moved:
        yield day, coin, ASSETS[coin].on(day), "USD", "market"
        if day.year == 2025:
            before = day - timedelta(days=1)
            yield before, coin, ASSETS[coin].average(before), "USD", "day_average"
