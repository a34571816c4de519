"""What law asks of the world, answered from quotes and the calendar; each answer with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from salyq.civil.days import last_working_day, working_day_before
from salyq.civil.messages import Message
from salyq.prices.book import PriceBook
from salyq.prices.model import MissingQuote, Quote
from salyq.rulebook.evaluate import Found
from salyq.rulebook.states import Unknown, from_message

Answer = Found | Unknown


class Lookups:
    """The lookups of one assessment. `findings` gathers what a quote had to say, `missing` what was not there."""

    def __init__(self, prices: PriceBook) -> None:
        self.prices = prices
        self.findings: dict[tuple[str, str], list[tuple[Message, str]]] = {}
        self._said: set[tuple[str, str, str]] = set()

    def table(self) -> Mapping[str, Callable[..., Answer]]:
        return {
            "last_working_day": lambda day: Found(last_working_day(day)),
            "working_day_before": lambda day: Found(working_day_before(day)),
            "day_before": lambda day: Found(day - timedelta(days=1)),
            "official_price": lambda asset, day: self._price(self._official(asset, day)),
            "official_currency": lambda asset, day: self._currency(self._official(asset, day)),
            "quote_price": lambda kind, asset, day, stale: self._price(self._quote(kind, asset, day, stale)),
            "quote_currency": lambda kind, asset, day, stale: self._currency(self._quote(kind, asset, day, stale)),
            "market_rate": lambda currency, day, stale: self._rate("market", currency, day, stale),
            "official_rate": lambda currency, day, stale: self._rate("official", currency, day, stale),
            "year_mean": self._year_mean,
        }

    def _official(self, asset: str, day: date) -> Quote | MissingQuote:
        return self.prices.asset_quote("official", asset, day)

    def _quote(self, kind: str, asset: str, day: date, stale: Fraction) -> Quote | MissingQuote:
        """A market quote, else the day's average (semantics 8c); or the 24-hour average alone."""
        found = self.prices.asset_quote(kind, asset, day, stale_days=int(stale))
        if isinstance(found, MissingQuote) and kind == "market":
            average = self.prices.asset_quote("day_average", asset, day, stale_days=int(stale))
            return found if isinstance(average, MissingQuote) else average
        return found

    def _price(self, found: Quote | MissingQuote) -> Answer:
        answer = self._answer(found, found.value if isinstance(found, Quote) else None)
        if isinstance(found, Quote) and isinstance(answer, Found):
            return answer._replace(detail=f"{answer.detail} {found.currency}")
        return answer

    def _currency(self, found: Quote | MissingQuote) -> Answer:
        return self._answer(found, found.currency if isinstance(found, Quote) else None)

    def _rate(self, kind: str, currency: str, day: date, stale: Fraction) -> Answer:
        found = self.prices.rate(kind, currency, day, stale_days=int(stale))
        return self._answer(found, found.value if isinstance(found, Quote) else None)

    def _year_mean(self, currency: str, day: date) -> Answer:
        found = self.prices.year_mean(currency, day.year)
        return self._answer(found, found.value if isinstance(found, Quote) else None)

    def _answer(self, found: Quote | MissingQuote, value: object) -> Answer:
        if isinstance(found, MissingQuote):
            return Unknown(frozenset({from_message(found.reason)}), so_far=found.so_far)
        if found.finding is not None:
            self._say(found.finding, found.place)
        return Found(value, found.origin, found.place, f"{found.day} {found.how}".rstrip())

    def _say(self, message: Message, place: str) -> None:
        about = str(message.params.get("asset", ""))
        key = (message.code, about, str(message.params.get("day", "")))
        if key not in self._said:
            self._said.add(key)
            self.findings.setdefault((message.code, about), []).append((message, place))
