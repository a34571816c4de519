"""Prices and rates for the oracle: which row of the quote files answers a question of law (semantics 2, 7, 8)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from oracle_days import grid_of, last_working, round_to, working_before

Row = dict[str, Any]
Amount = tuple[Fraction, str]  # how many, of which currency (a stablecoin's own code where the law of 2025 wants that)

FIAT = {"KZT", "USD", "EUR", "RUB", "CNY", "GBP", "AED"}
ONE_DAY = timedelta(days=1)


class Quotes:
    def __init__(self, case: Row, stablecoins: dict[str, str]) -> None:
        self.pegs = stablecoins
        self.values: dict[tuple[str, str, date], Amount] = {}
        for row in case.get("asset_values", []):
            key = (row.get("kind") or "official", row["asset"], date.fromisoformat(row["date"]))
            self.values[key] = (Fraction(row["value"]), row["currency"])
        self.rates: dict[tuple[str, str], dict[date, Fraction]] = {}
        for row in case.get("exchange_rates", []):
            key2 = (row.get("kind") or "official", row["currency"])
            rate = Fraction(row["rate"]) / Fraction(row.get("quantity") or "1")
            self.rates.setdefault(key2, {})[date.fromisoformat(row["date"])] = rate

    def fiat(self, currency: str) -> str:
        """The money behind a currency code: a stablecoin stands for what it is pegged to."""
        return self.pegs.get(currency, currency)

    def is_asset(self, currency: str) -> bool:
        return currency not in FIAT

    # --- rates: tenge for one unit ---

    def _rate(self, kinds: tuple[str, ...], currency: str, wanted: date) -> Fraction | None:
        currency = self.fiat(currency)
        if currency == "KZT":
            return Fraction(1)
        for kind in kinds:
            rows = self.rates.get((kind, currency), {})
            for back in range(8):
                if wanted - back * ONE_DAY in rows:
                    return rows[wanted - back * ONE_DAY]
        return None

    def market_before(self, currency: str, day: date) -> Fraction | None:
        """Market rate of the last working day before `day`; official rates stand in where no market rate is there."""
        return self._rate(("market", "official"), currency, working_before(day))

    def market_on(self, currency: str, day: date) -> Fraction | None:
        """Market rate of the day itself (companies, semantics 7); on a day off, of the last working day."""
        return self._rate(("market", "official"), currency, last_working(day))

    def official_on(self, currency: str, day: date) -> Fraction | None:
        return self._rate(("official",), currency, day)

    def year_mean(self, currency: str, year: int) -> Fraction | None:
        """Exact mean of the year's official rates over calendar days; None while the year is not over (semantics 1)."""
        currency = self.fiat(currency)
        if currency == "KZT":
            return Fraction(1)
        stated = [r for d, r in self.rates.get(("year_mean", currency), {}).items() if d.year == year]
        if stated:
            return stated[0]
        rows = self.rates.get(("official", currency), {})
        if not any(last_working(date(year, 12, 31)) <= d <= date(year, 12, 31) for d in rows):
            return None
        day, total, count, current = date(year, 1, 1), Fraction(0), 0, None
        while day.year == year:
            current = rows.get(day, current)
            if current is None:
                return None
            total, count, day = total + current, count + 1, day + ONE_DAY
        return total / count

    # --- values of assets ---

    def official_value(self, asset: str, day: date) -> Fraction | None:
        """Tenge for one unit on the day of receipt (tax.md V3, V4; semantics 2)."""
        new = day >= date(2024, 4, 15)
        quote = self.values.get(("official", asset, last_working(day) if new else day))
        if quote is None:
            return None
        rate = self.official_on(quote[1], day) if new else self.market_before(quote[1], day)
        return None if rate is None else quote[0] * rate

    def day_price(self, asset: str, day: date) -> Amount | None:
        """332-1(12): the average of the day before, else the last at most 7 days older."""
        for back in range(1, 9):
            quote = self.values.get(("day_average", asset, day - back * ONE_DAY))
            if quote is not None:
                return quote
        return None

    def swap_quote(self, asset: str, day: date) -> Amount | None:
        """Semantics 8(c): the market, else the day-average quote of that day."""
        return self.values.get(("market", asset, day)) or self.values.get(("day_average", asset, day))

    def worth(self, quantity: Fraction, quote: Amount | None) -> Amount | None:
        """Quantity × quote on the grid of its currency; a quote in a stablecoin is a quote in its money."""
        if quote is None:
            return None
        return round_to(quantity * quote[0], grid_of(self.fiat(quote[1]))), self.fiat(quote[1])
