"""What a person holds through a year: quantity, cost and worth of each asset at the end of each month.

Quantities and costs are those of the open lots, so they agree with what disposals used up; a cost is in tenge at the
rates that law gives a lot (in whole tiyn). Worth is a quote of the day and no figure of law.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from salyq.civil.numbers import round_half_up
from salyq.facts.world import World
from salyq.lots.cost import Costs
from salyq.lots.model import Slice
from salyq.prices.book import PriceBook
from salyq.prices.model import MissingQuote
from salyq.records.model import UNIT

MONTHS = 12
_STALE = 7  # days that a quote may be old
_TIYN = 100


class Held(NamedTuple):
    """`quantity` in 10⁻¹⁸; `cost` and `worth` in tiyn, None where a purchase or a quote is missing."""

    day: date
    asset: str
    quantity: int
    cost: int | None
    worth: int | None


def portfolio(world: World) -> list[Held]:
    """Every asset held at the end of the months of the year, by day and asset; nothing where nothing is held."""
    found: list[Held] = []
    ends = month_ends(world.year_number)
    for asset in sorted(world.queues.keys):
        quantity, cost = _at_end(world.costs_of(asset), world.queues.matched(asset).open)
        steps = sorted(_steps(world, asset), key=lambda s: s[0], reverse=True)
        n = 0
        for day in reversed(ends):
            while n < len(steps) and steps[n][0] > day:
                quantity -= steps[n][1]
                cost = _less(cost, steps[n][2])
                n += 1
            if quantity > 0:
                worth = worth_of(world.case.prices, world.person.stablecoins, asset, quantity, day)
                found.append(Held(day, asset, quantity, cost, worth))
    return sorted(found, key=lambda h: (h.day, h.asset))


def month_ends(year: int) -> list[date]:
    return [date(year + m // MONTHS, m % MONTHS + 1, 1) - timedelta(days=1) for m in range(1, MONTHS + 1)]


def _less(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a - b


def _at_end(costs: Costs, slices: Iterable[Slice]) -> tuple[int, int | None]:
    """(quantity, cost) of the open lots at the end of the year."""
    quantity, cost = 0, 0
    unknown = False
    for lot, x0, x1 in slices:
        quantity += x1 - x0
        part = costs.slice(lot, x0, x1)[1]
        unknown = unknown or part is None
        cost += part or 0
    return quantity, None if unknown else cost


def _steps(world: World, asset: str) -> Iterator[tuple[date, int, int | None]]:
    """(day, change of quantity, change of cost) of each movement of the year."""
    costs, numbers = world.costs_of(asset), {lot.key: lot.number for lot in world.queues.matched(asset).lots}
    year = world.events.of_year(world.year_number)
    for e in world.events.made(key for key in world.queues.keys[asset] if key in year):
        if e.acquisition:
            yield e.record.day, e.quantity, costs.lot(numbers[e.key])[1]
            continue
        for piece in world.queues.pieces(asset, e.key):
            if piece.lot is not None:
                part = costs.slice(piece.lot, piece.x0, piece.x1)[1]
                yield e.record.day, -(piece.x1 - piece.x0), None if part is None else -part


def worth_of(prices: PriceBook, pegs: Mapping[str, str], asset: str, quantity: int, day: date) -> int | None:
    """What a quantity is worth on a day, in tiyn: by a market, day-average or official quote, or by its peg."""
    peg = pegs.get(asset, "")
    found = (Fraction(1), peg) if peg else _price(prices, asset, day)
    if found is None:
        return None
    price, currency = found
    rate = prices.rate("official", currency, day)
    if isinstance(rate, MissingQuote):
        return None
    exact = Fraction(quantity, UNIT) * price * rate.value * _TIYN
    return round_half_up(exact.numerator, exact.denominator)


def _price(prices: PriceBook, asset: str, day: date) -> tuple[Fraction, str] | None:
    for kind in ("market", "day_average", "official"):
        quote = prices.asset_quote(kind, asset, day, stale_days=_STALE)
        if not isinstance(quote, MissingQuote):
            return quote.value, quote.currency
    return None


class Gain(NamedTuple):
    """Disposals of one asset in one month: how many, and the parts of gains in tenge; `open` of them are not known."""

    month: int
    asset: str
    parts: int
    gain: Fraction
    open: int


def gains(rows: list[dict[str, str]]) -> list[Gain]:
    """The rows of `salyq matches` by month and asset."""
    count: dict[tuple[int, str], int] = defaultdict(int)
    gain: dict[tuple[int, str], Fraction] = defaultdict(Fraction)
    unknown: dict[tuple[int, str], int] = defaultdict(int)
    for row in rows:
        if not row["currency"]:
            continue  # no sale in law
        key = (int(row["disposal_day"][5:7]), row["asset"])
        count[key] += 1
        if row["gain_kzt"]:
            gain[key] += Fraction(row["gain_kzt"])
        else:
            unknown[key] += 1
    return [Gain(m, a, count[m, a], gain[m, a], unknown[m, a]) for m, a in sorted(count)]
