"""The mining company's files: payouts, power, expenses, payments, sales, and the quotes they need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from making.days import last_working, months
from making.files import Cell, Files, named, table
from making.quotes import asset_values, market_rates, official_rates
from making.series import ASSETS, USD_KZT, cut, wiggle
from making.temir_coins import LAST_DAY, POOL, POOL_BIN, WALLET, deal_days, payouts, records
from making.temir_power import FIRST, LAST, payments, price, readings

D = Decimal
ENERGY = (
    *("start", "end", "kwh", "meter", "meter_state", "own_plant", "renewable"),
    *("grid_connected", "price_per_kwh", "max_power_kw", "site", "hosted"),
)
RECORDS = (
    *("time", "kind", "asset", "quantity", "value", "currency", "fee", "fee_asset"),
    *("account", "counterparty", "group", "id", "note", "document", "hash"),
)
PAYOUTS = ("date", "asset", "quantity", "pool", "pool_bin", "commission", "wallet", "licence")
EXPENSES = ("date", "category", "amount", "currency", "document", "note", "activity")
WORKING_DAY_RULE = date(2024, 4, 15)  # before it every day had an official value of its own
IN_TENGE = 2026  # from this year on the official values are given in tenge
LICENCES = ((date(2023, 4, 1), "MI-0042 (made up)"), (date(2026, 4, 1), "MI-0142 (made up)"))


def files() -> Files:
    """All CSV files of the case, by their path within it."""
    return {
        "payouts.csv": table(PAYOUTS, _payouts()),
        "energy.csv": named(ENERGY, (reading.cells() for reading in readings())),
        "expenses.csv": table(EXPENSES, sorted(_expenses(), key=lambda row: (row[0], row[1]))),
        "payments.csv": table(
            ("date", "name", "period", "amount"),
            ((day, "mining_fee", period, f"{amount:.2f}") for day, period, amount in payments()),
        ),
        "sales.csv": named(RECORDS, records()),
        "prices/exchange_rates_official.csv": official_rates(date(2023, 1, 3), LAST_DAY),
        "prices/exchange_rates_market.csv": market_rates(deal_days()),
        "prices/asset_values.csv": asset_values(_official_values()),
    }


def _payouts() -> Iterator[tuple[Cell, ...]]:
    for day, asset, quantity, commission in payouts():
        licence = next((number for start, number in reversed(LICENCES) if day >= start), None)
        yield day, asset, quantity, POOL, POOL_BIN, commission, WALLET, licence


def _official_values() -> Iterator[tuple[date, str, Decimal, str, str]]:
    """The official value of each payout's day: the day itself at first, the last working day since 15.04.2024."""
    for day, asset, _, _ in payouts():
        value_day = day if day < WORKING_DAY_RULE else last_working(day)
        dollars = ASSETS[asset].average(value_day)
        if day.year >= IN_TENGE:
            yield value_day, asset, cut(dollars * USD_KZT.on(value_day), 2), "KZT", "official"
        else:
            yield value_day, asset, dollars, "USD", "official"


def _expenses() -> Iterator[tuple[str, str, str, str, str, str, str]]:
    for start, end in months(FIRST, LAST):
        yield from _monthly(start, end - timedelta(days=1))
        if start.month % 3 == 0:
            yield from _quarterly(end - timedelta(days=1))
    for day, _, amount in payments():
        # The fee is mentioned where it is paid: it is deducted when paid.
        yield _row(day, "mining_fee", amount, f"payment order {day}", "digital mining fee", "mining")
    for text, dollars, what in (
        ("2023-02-20", "182000.00", "machines, first batch"),
        ("2024-06-11", "96500.00", "machines, second batch"),
        ("2025-05-20", "41200.00", "transformer and racks"),
    ):
        yield _row(date.fromisoformat(text), "equipment", D(dollars), f"invoice {text}", what, "mining", "USD")


def _row(
    day: date, category: str, amount: Decimal, paper: str, note: str, activity: str, currency: str = "KZT"
) -> tuple[str, str, str, str, str, str, str]:
    return day.isoformat(), category, f"{amount:.2f}", currency, paper, note, activity


def _monthly(first: date, last: date) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    month = f"{last:%Y-%m}"
    grid = next(x for x in readings() if not x.solar and (x.start.year, x.start.month) == (last.year, last.month))
    cost = (grid.kwh or D(0)) * price(first)
    yield _row(last, "electricity", cut(cost, 2), f"act EK-{month}", "grid power, Ekibastuz", "mining")
    pay = cut(D(1_850_000 + 190_000 * (last.year - 2023)) * wiggle(f"pay {month}", 15), 2)
    yield _row(last, "payroll", pay, f"payroll {month}", "five people at the sites", "mining")


def _quarterly(last: date) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    when = f"{last:%Y-%m}"
    worn = D(5_600_000 if last < date(2024, 7, 1) else 7_300_000)
    yield _row(last, "depreciation", worn, f"ledger {when}", "machines and the solar plant", "mining")
    service = cut(D(420_000) * wiggle(f"pool {when}", 40), 2)
    yield _row(last, "pool_service", service, f"act AP-{when}", "service of the pool", "mining")
    yield _row(last, "rent", D(1_350_000), f"contract 7, {when}", "land and office", "mining")
    if last < date(2024, 10, 1):
        hosting = cut(D(2_400_000) * wiggle(f"hosting {when}", 30), 2)
        yield _row(last, "hosting", hosting, f"act HC-{when}", "containers in a data centre of others", "mining")
    else:
        yield _row(last, "other", D(310_000), f"act BK-{when}", "bookkeeping", "other")
    if last.month == 12:
        yield _row(last, "tax", D(640_000), f"payment order {when}", "property tax of the year", "other")
