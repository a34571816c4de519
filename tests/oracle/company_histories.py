"""Random companies that mine and trade, 2022 to 2026, for the comparison with the oracle.

BTC is mined (from April 2023 on) and, from 2024 on, bought as well, so that sales mix the two; LTC was mined before
April 2023 only; ETH is only traded. ETH is not sold off an AIFC exchange in 2023 (test_engine_vs_oracle has that as a
case of its own), and every payout is a day of its own before the sales that may use it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from histories import plain, price_of, rate_of
from hypothesis import strategies as st
from oracle_days import last_working, working_before, works

Row = dict[str, Any]
LAST = date(2026, 9, 30)
COMPANY: Row = {
    "id": "230440900503",
    "name": "Made-up Mining LLP",
    "kind": "company",
    "resident": True,
    "account": [{"name": "aifc", "country": "KZ", "aifc_exchange": True}, {"name": "otc", "country": "KZ"}],
}
CATEGORIES = (
    "electricity",
    "hosting",
    "payroll",
    "depreciation",
    "pool_service",
    "equipment",
    "rent",
    "mining_fee",
    "tax",
)


class _Books:
    def __init__(self, seed: int) -> None:
        self.spread = Random(seed)
        self.case: Row = {name: [] for name in ("records", "payouts", "expenses", "energy", "payments")}
        self.values: dict[tuple[str, str], Row] = {}
        self.official: dict[tuple[str, date], Row] = {}
        self.market: dict[tuple[str, date], Row] = {}
        self.held: dict[str, Fraction] = {}
        self.lack = self.spread.random() < 0.2

    def amount(self, low: int, high: int, decimals: int) -> Fraction:
        return Fraction(self.spread.randrange(low, high), 10**decimals)

    def rate(self, table: dict[tuple[str, date], Row], currency: str, day: date, kind: str) -> None:
        if currency != "KZT":
            row = {"date": day.isoformat(), "currency": currency, "rate": rate_of(currency, day), "quantity": "1"}
            table[currency, day] = row | {"kind": kind}

    def record(self, day: date, kind: str, asset: str, quantity: Fraction, **more: str) -> None:
        when = datetime(day.year, day.month, day.day, 5, tzinfo=UTC) + timedelta(seconds=self.spread.randrange(30_000))
        row = {"time": when.isoformat().replace("+00:00", "Z"), "kind": kind, "asset": asset}
        row |= {"quantity": plain(quantity, 8), "id": f"c{len(self.case['records']):04d}"}
        self.case["records"].append(row | {k: v for k, v in more.items() if v})
        for currency in ("USD", "EUR"):
            self.rate(self.market, currency, last_working(day), "market")
            self.rate(self.official, currency, day, "official")

    # --- steps ---

    def payout(self, day: date) -> None:
        quantity = self.amount(1, 300_000_000, 8)
        if day < date(2023, 4, 1):
            self.record(day, "mined", "LTC", quantity, account="otc", counterparty="pool-1")
            self.held["LTC"] = self.held.get("LTC", Fraction(0)) + quantity
            return
        row = {"date": day.isoformat(), "asset": "BTC", "quantity": plain(quantity, 8), "pool": "pool-1"}
        self.case["payouts"].append(row | {"commission": plain(quantity / 50, 8), "wallet": "otc"})
        self.held["BTC"] = self.held.get("BTC", Fraction(0)) + quantity
        wanted = last_working(day) if day >= date(2024, 4, 15) else day
        currency = self.spread.choice(("KZT", "KZT", "USD"))
        if self.spread.random() < 0.97:
            self.value("BTC", wanted, currency, "official")
        if not works(day):
            self.value("BTC", day, currency, "official")
        self.rate(self.official, "USD", day, "official")
        self.rate(self.market, "USD", working_before(day), "market")
        if self.spread.random() < 0.3:  # the wallet tells the same payout again
            asset, size = "BTC", quantity
            self.record(day + timedelta(days=1), "transfer_in", asset, size, account="otc")

    def value(self, asset: str, day: date, currency: str, kind: str) -> None:
        row = {"date": day.isoformat(), "asset": asset, "value": price_of(asset, day, currency), "currency": currency}
        self.values.setdefault((asset, day.isoformat() + kind), row | {"source": "list", "kind": kind})

    def deal(self, day: date, asset: str, quantity: Fraction) -> tuple[str, str]:
        currency = self.spread.choice(("KZT", "KZT", "USD", "EUR"))
        price = Fraction(price_of(asset, day, "KZT" if currency == "KZT" else "USD"))
        return plain(quantity * price * self.amount(700, 1300, 3), 2 if currency == "KZT" else 6), currency

    def fee(self, currency: str) -> Row:
        return {"fee": plain(self.amount(1, 9000, 2), 2), "fee_asset": currency} if self.spread.random() < 0.3 else {}

    def buy(self, day: date) -> None:
        asset = self.spread.choice(("BTC", "ETH")) if day.year >= 2024 else "ETH"
        quantity = self.amount(1, 200_000_000, 8)
        value, currency = self.deal(day, asset, quantity)
        more = {"value": value, "currency": currency, "account": "aifc"} | self.fee(currency)
        self.record(day, "buy", asset, quantity, **more)
        self.held[asset] = self.held.get(asset, Fraction(0)) + quantity

    def sell(self, day: date) -> None:
        asset = self.spread.choice(("BTC", "BTC", "ETH", "LTC", "USDT"))
        held = self.held.get(asset, Fraction(0))
        quantity = held * self.amount(50, 1001, 3) if held else Fraction(0)
        if self.lack and self.spread.random() < 0.2:
            quantity = held + 1
        quantity = Fraction(plain(quantity, 8))
        if not quantity:
            return
        account = self.spread.choice(("aifc", "otc"))
        if asset in ("ETH", "USDT") and day.year == 2023:
            account = "aifc"
        self.held[asset] = max(Fraction(0), held - quantity)
        kind = self.spread.random()
        if kind < 0.25 and asset != "USDT":
            value = plain(quantity * Fraction(price_of(asset, day, "USD")) * self.amount(700, 1300, 3), 6)
            if Fraction(value):
                self.record(day, "sell", asset, quantity, value=value, currency="USDT", account=account)
                self.held["USDT"] = self.held.get("USDT", Fraction(0)) + Fraction(value)
            return
        if kind < 0.35 and asset not in ("USDT", "ETH"):
            return self.swap(day, asset, quantity, account)
        value, currency = self.deal(day, asset, quantity)
        more = self.fee("KZT") if asset == "ETH" else {}
        self.record(day, "sell", asset, quantity, value=value, currency=currency, account=account, **more)

    def swap(self, day: date, asset: str, quantity: Fraction, account: str) -> None:
        got, group = self.amount(1, 300_000_000, 8), f"g{len(self.case['records'])}"
        self.record(day, "swap_out", asset, quantity, group=group, account=account)
        self.record(day, "swap_in", "ETH", got, group=group, account=account)
        self.case["records"][-1]["time"] = self.case["records"][-2]["time"]
        self.value("ETH", day, self.spread.choice(("KZT", "USD")), self.spread.choice(("market", "day_average")))
        self.held["ETH"] = self.held.get("ETH", Fraction(0)) + got

    def expense(self, day: date) -> None:
        currency = self.spread.choice(("KZT", "KZT", "KZT", "USD"))
        row = {"date": day.isoformat(), "category": self.spread.choice(CATEGORIES), "currency": currency}
        row["amount"] = plain(self.amount(1, 900_000_000, 2), 2)
        if row["category"] != "pool_service" and self.spread.random() < 0.3:
            row["activity"] = self.spread.choice(("mining", "other"))
        self.case["expenses"].append(row)
        self.rate(self.official, currency, day, "official")

    def reading(self, day: date) -> None:
        start = day.replace(day=1)
        end = start + timedelta(days=self.spread.choice((10, 28, 30, 92)))
        if start < date(2024, 3, 1) < end:  # the day of 25 hours has a case of its own in test_engine_vs_oracle
            end = start + timedelta(days=28)
        row = {"start": start.isoformat(), "end": end.isoformat(), "kwh": plain(self.amount(1, 10**9, 2), 2)}
        if self.spread.random() < 0.5:
            row |= {"start": f"{start}T00:00:00+05:00", "end": f"{end}T06:00:00+05:00"}
        for name, chance in (("own_plant", 0.3), ("renewable", 0.3), ("hosted", 0.15)):
            row[name] = "yes" if self.spread.random() < chance else "no"
        row["grid_connected"] = "no" if row["own_plant"] == "yes" and self.spread.random() < 0.4 else "yes"
        row["meter_state"] = "ok"
        if start.year >= 2023 and self.spread.random() < 0.2:
            row["meter_state"], row["max_power_kw"] = self.spread.choice(("missing", "faulty")), "640.5"
        if self.spread.random() < 0.9:
            row["price_per_kwh"] = plain(self.amount(0, 28_00, 2), 2)
        self.case["energy"].append(row | {"meter": f"m{len(self.case['energy'])}", "site": "north"})

    def finish(self) -> Row:
        elections = {"mining_expenses": self.spread.choice(("brief", "text"))}
        years = []
        for year in range(2022, 2027):
            facts: Row = {"year": year, "business_losses_brought": plain(self.amount(0, 10**9, 2), 2)}
            if self.spread.random() < 0.7:
                facts["vat_payer"] = self.spread.random() < 0.6
            years.append(facts)
        licence = {"kind": "mining_I", "number": "7", "from": date(2022, 5, 17), "until": date(2026, 2, 10)}
        self.case["person"] = {**COMPANY, "licence": [licence], "elections": elections, "year": years}
        self.case["asset_values"] = list(self.values.values())
        self.case["exchange_rates"] = [*self.market.values(), *self.official.values()]
        return self.case


def company(seed: int, length: int) -> Row:
    """The history of a company; the first `length` steps of the story of `seed`."""
    books = _Books(seed)
    told = (books.payout, books.payout, books.buy, books.sell, books.sell, books.expense, books.reading)
    day = date(2022, 6, 1) + timedelta(days=books.spread.randrange(700))
    for number in range(length):
        books.spread = Random(seed * 1009 + number)
        day += timedelta(days=3 + books.spread.choice((0, 5, 20, 60)))
        if day > LAST:
            break
        books.spread.choice(told)(day)
    return books.finish()


def companies() -> st.SearchStrategy[Row]:
    return st.builds(company, st.integers(0, 2**48), st.integers(1, 60))
