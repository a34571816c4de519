"""Random coherent histories for hypothesis: what a person or a company may have done from 2022 to 2026.

A history is a case of oracle.assess: `person` and rows of strings. It is made from a seed and a number of steps: the
seed spreads (hypothesis alone draws small and repeated numbers), the number of steps shrinks to the shortest prefix.
Prices and rates are made for the days that need them, as plain functions of the day, so that they are many different
numbers. company_histories.py makes companies, case_folder.py writes a history to disk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import strategies as st
from oracle_days import kz_day, last_working, moment, working_before

Row = dict[str, Any]
Step = tuple[int, int, int, int, int]  # which step, gap in days, quantity, price, flags

MARKET_ASSETS = ("BTC", "ETH")
BUSY_DAYS = (date(2023, 12, 31), date(2024, 2, 29), date(2024, 12, 31), date(2025, 12, 31), date(2026, 3, 24))


def plain(n: Fraction | int, decimals: int) -> str:
    """A plain decimal with at most `decimals` digits after the point, none of them idle."""
    scaled = int(n * 10**decimals)
    text = f"{scaled // 10**decimals}.{scaled % 10**decimals:0{decimals}d}" if decimals else str(scaled)
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate_of(currency: str, day: date) -> str:
    """Tenge for one unit, different every day."""
    return plain(Fraction(41_000 + day.toordinal() * 7919 % 9973, 100) + (25 if currency == "EUR" else 0), 4)


def price_of(asset: str, day: date, currency: str) -> str:
    base = {"BTC": 50_000, "ETH": 2_500, "USDT": 1}.get(asset, 90)
    price = base * Fraction(800 + day.toordinal() * 613 % 401, 1000)
    return plain(price * (470 if currency == "KZT" else 1), 8)


class _Story:
    """Tells steps as records and keeps what is held, so that most disposals are covered."""

    def __init__(self, start: date, only_tenge: bool, may_lack: bool) -> None:
        self.when = datetime(start.year, start.month, start.day, 6, tzinfo=UTC)
        self.only_tenge, self.may_lack = only_tenge, may_lack
        self.records: list[Row] = []
        self.values: dict[tuple[str, str, date], Row] = {}
        self.held: dict[str, Fraction] = {}

    @property
    def day(self) -> date:
        return kz_day(self.when)

    def wait(self, gap: int, flags: int) -> None:
        """Some days and odd seconds; now and then no time at all, or to the last hours of a day that matters."""
        self.when += timedelta(days=gap, seconds=(flags * 7 + gap * 331) % 80_000 + 1) if gap else timedelta(0)
        ahead = [d for d in BUSY_DAYS if self.day < d < self.day + timedelta(days=60)]
        if ahead and flags % 5 == 0:
            hour, minute = (18, 30) if flags % 2 else (19, 30)
            self.when = datetime(ahead[0].year, ahead[0].month, ahead[0].day, hour, minute, flags % 60, tzinfo=UTC)

    def add(self, kind: str, asset: str, quantity: Fraction, **more: str) -> None:
        zone = (0, 5, 6)[len(self.records) % 3]
        stamp = (self.when + timedelta(hours=zone)).replace(tzinfo=None).isoformat()
        stamp += "Z" if not zone else f"+0{zone}:00"
        row = {"time": stamp, "kind": kind, "asset": asset, "quantity": plain(quantity, 8)}
        row["id"] = f"r{len(self.records):04d}"
        self.records.append(row | {k: v for k, v in more.items() if v})
        coming = kind in ("buy", "swap_in", "transfer_in", "mined") or kind.endswith("_in") or kind in _FREE
        self.held[asset] = max(Fraction(0), self.held.get(asset, Fraction(0)) + (quantity if coming else -quantity))

    def available(self, asset: str, wanted: Fraction, flags: int) -> Fraction | None:
        """What of `wanted` may leave; None when there is nothing and a shortage is not asked for."""
        held = self.held.get(asset, Fraction(0))
        if wanted <= held or (self.may_lack and flags % 11 == 0):
            return wanted
        return held or None

    def odd(self, amount: Fraction) -> Fraction:
        """A little less than `amount`, so that no two transfers have the same quantity by chance."""
        less = amount - Fraction(len(self.records) + 1, 10**8)
        return less if less > 0 else amount

    def quote(self, asset: str, day: date, kind: str, flags: int) -> None:
        currency = "KZT" if self.only_tenge or flags % 2 else "USD"
        row = {"date": day.isoformat(), "asset": asset, "value": price_of(asset, day, currency)}
        self.values.setdefault((kind, asset, day), row | {"currency": currency, "kind": kind})


_FREE = ("staked", "airdrop", "fork", "interest", "inherited")


def _account(flags: int) -> str:
    return ("home", "home", "home", "wallet", "abroad")[flags % 5]


def _money(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> tuple[str, str]:
    """A deal value near the market: (value, currency)."""
    currency = "KZT" if story.only_tenge or flags % 3 == 0 else "USD"
    value = quantity * Fraction(price_of(asset, story.day, currency)) * Fraction(700 + price, 1000)
    return plain(value, 2 if currency == "KZT" else 6), currency


def _fee(story: _Story, flags: int) -> Row:
    if flags % 7 == 0:
        return {"fee": "0.5", "fee_asset": "KZT"}
    if flags % 7 == 1 and story.held.get("BNB", 0) > Fraction("0.01"):
        story.held["BNB"] -= Fraction("0.01")
        return {"fee": "0.01", "fee_asset": "BNB"}
    return {}


# --- steps of an individual; each takes (story, asset, quantity, price, flags) ---


def _buy(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    value, currency = _money(story, asset, quantity, price, flags)
    document = "none" if flags % 13 == 0 else ""
    story.add("buy", asset, quantity, value=value, currency=currency, account=_account(flags), document=document)
    story.records[-1] |= _fee(story, flags)


def _buy_for_stablecoin(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    wanted = quantity * Fraction(price_of(asset, story.day, "USD"))
    paid = story.available("USDT", Fraction(plain(wanted, 6)), flags)
    if not paid or story.only_tenge or asset == "USDT":
        return _buy(story, asset, quantity, price, flags)
    story.add("buy", asset, quantity, value=plain(paid, 8), currency="USDT", account=_account(flags))
    story.held["USDT"] = max(Fraction(0), story.held.get("USDT", Fraction(0)) - paid)


def _sell(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    amount = story.available(asset, quantity, flags)
    if not amount:
        return
    fills = [amount] if flags % 3 or amount < Fraction(1, 100) else [Fraction(plain(amount / 3, 8))] * 2
    if len(fills) == 2:
        fills.append(amount - 2 * fills[0])
    group = f"o{len(story.records)}" if flags % 2 else ""
    for number, fill in enumerate(fills):
        value, currency = _money(story, asset, fill, (price + 17 * number) % 600, flags)
        story.add("sell", asset, fill, value=value, currency=currency, account=_account(flags), group=group)
        if group:
            story.when += timedelta(seconds=3 * number)
    story.records[-1] |= _fee(story, flags)


def _sell_for_stablecoin(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    if story.only_tenge or asset == "USDT":
        return _sell(story, asset, quantity, price, flags)
    amount = story.available(asset, quantity, flags)
    if amount:
        value = plain(amount * Fraction(price_of(asset, story.day, "USD")) * Fraction(700 + price, 1000), 6)
        if Fraction(value):
            story.add("sell", asset, amount, value=value, currency="USDT", account=_account(flags))
            story.held["USDT"] = story.held.get("USDT", Fraction(0)) + Fraction(value)


def _swap(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    other = MARKET_ASSETS[1] if asset == MARKET_ASSETS[0] else MARKET_ASSETS[0]
    amount = story.available(asset, quantity, flags)
    if not amount:
        return
    ratio = Fraction(price_of(asset, story.day, "USD")) / Fraction(price_of(other, story.day, "USD"))
    got = max(Fraction(plain(amount * ratio, 8)), Fraction(1, 10**8))
    stated: Row = {}
    if flags % 4 == 1:
        stated = dict(zip(("value", "currency"), _money(story, asset, amount, price, flags), strict=True))
    story.when += timedelta(seconds=1)  # two swaps within a second may or may not be one sale: not asked here
    group, account = f"s{len(story.records)}", _account(flags)
    story.add("swap_out", asset, amount, group=group, account=account, **stated)
    story.add("swap_in", other, got, group=group, account=account)
    if story.may_lack and flags % 19 == 0:
        return  # no price anywhere
    if story.day.year == 2025:
        for name in (asset, other):
            story.quote(name, story.day - timedelta(days=1 + flags % 4 * 2), "day_average", flags)
    else:
        story.quote(other, story.day, "market" if flags % 2 else "day_average", flags // 2)


def _free(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    story.add(("staked", "airdrop", "fork", "interest")[flags % 4], asset, quantity, account=_account(flags))


def _gift(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    if story.day.year < 2026 or flags % 3 == 0:  # what was received free before is sold under several laws: keep to 0
        story.add("gift_in", asset, quantity, account=_account(flags))
        return
    value, currency = _money(story, asset, quantity, price, flags)
    if flags % 3 == 1:
        story.add("gift_in", asset, quantity, value=value, currency=currency, note="taxed", document="form 250.00")
    else:
        story.add("inherited", asset, quantity, value=value, currency=currency, document="valuer report 7")


def _leave(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    kind = ("gift_out", "lost", "fee", "spend", "transfer_out")[flags % 5]
    amount = story.available(asset, quantity, flags)
    if not amount:
        return
    more: Row = {}
    if kind == "spend":
        if asset == "USDT":
            return
        more = dict(zip(("value", "currency"), _money(story, asset, amount, price, flags), strict=True))
    if kind == "transfer_out":
        amount = story.odd(amount)
    story.add(kind, asset, amount, account=_account(flags // 5), **more)
    if kind == "transfer_out":
        story.held[asset] += amount  # to nobody known: still owned


def _transfer(story: _Story, asset: str, quantity: Fraction, price: int, flags: int) -> None:
    amount = story.available(asset, quantity, 1)
    if story.may_lack and flags % 23 == 0:
        story.add("transfer_in", asset, quantity + Fraction(7, 10**8), account="wallet")
    elif amount:
        tag = f"0x{len(story.records):04x}" if flags % 2 else ""
        amount = story.odd(amount)
        story.add("transfer_out", asset, amount, account="home", hash=tag)
        story.when += timedelta(minutes=4)
        story.add("transfer_in", asset, amount, account="wallet", hash=tag)


INDIVIDUAL_STEPS: tuple[Callable[[_Story, str, Fraction, int, int], None], ...] = (
    _buy, _buy, _buy_for_stablecoin, _sell, _sell, _sell_for_stablecoin, _swap, _swap, _free, _gift, _leave, _transfer,
)  # fmt: skip


def _step(spread: Random) -> Step:
    gap = spread.choice((0, 1, 3, 9, 20, 40, 90)) + spread.randrange(4)
    size, price, flags = spread.randrange(1, 40_000_000), spread.randrange(600), spread.randrange(99_999)
    return spread.randrange(12), max(0, gap - 1), size, price, flags


def _tell(story: _Story, told: list[Step], assets: tuple[str, ...], last: date) -> None:
    for number, gap, quantity, price, flags in told:
        story.wait(gap, flags)
        if story.day > last:
            break
        asset = assets[(quantity + flags) % len(assets)]
        size = Fraction(quantity, 10**8) * (2000 if asset == "USDT" else 1)
        INDIVIDUAL_STEPS[number](story, asset, size, price, flags)


# --- rates ---


def _rates(days: set[date], kind: str, currencies: tuple[str, ...] = ("USD",)) -> list[Row]:
    """Rates of the working days that a rule may ask for: the one before each day, and the last one up to it."""
    wanted = {working_before(d) for d in days} | {last_working(d) for d in days}
    if kind == "sparse":  # some rows are a few days older than wanted
        wanted = {last_working(d - timedelta(days=d.toordinal() % 4)) for d in wanted}
        kind = "market"
    rows = []
    for day in sorted(wanted):
        for currency in currencies:
            units = "100" if day.day % 5 == 0 else "1"
            rate = plain(Fraction(rate_of(currency, day)) * int(units), 4)
            rows.append({"date": day.isoformat(), "currency": currency, "rate": rate, "quantity": units, "kind": kind})
    return rows


def _of_2026(how: str) -> list[Row]:
    """What tells the mean of 2026: its own row, official rates to the end of the year, or not yet."""
    if how == "mean":
        return [{"date": "2026-12-31", "currency": "USD", "rate": "473.1234", "quantity": "1", "kind": "year_mean"}]
    days = [date(2026, 1, 1), date(2026, 2, 11), date(2026, 5, 5), date(2026, 8, 20), date(2026, 10, 1)]
    days += [date(2026, 12, 31)] if how == "rates" else []
    common = {"currency": "USD", "quantity": "1", "kind": "official"}
    return [{"date": d.isoformat(), "rate": rate_of("USD", d), **common} for d in days]


def _days(story: _Story) -> set[date]:
    return {kz_day(moment(r["time"])) for r in story.records}


# --- a whole individual ---

INDIVIDUAL: Row = {
    "id": "900101300017",
    "name": "Made-up Person",
    "kind": "individual",
    "resident": True,
    "account": [{"name": "home", "country": "KZ"}, {"name": "wallet"}, {"name": "abroad", "country": "AE"}],
}


def individual(seed: int, length: int) -> Row:
    """The history of a resident individual; the first `length` steps of the story of `seed`."""
    spread = Random(seed)
    only_tenge = spread.random() < 0.3
    method = spread.choice(("fifo", "average")) if only_tenge else "fifo"
    may_lack = method == "fifo" and spread.random() < 0.4
    start = date(2023, 1, 9) + timedelta(days=spread.randrange(spread.choice((60, 400, 900))))
    rates_kind, mean = (
        spread.choice(("market", "sparse", "official")),
        spread.choice(("mean", "rates", "rates", "open")),
    )
    person: Row = {**INDIVIDUAL, "elections": {"lot_method": method}}
    if spread.random() < 0.5:
        facts: Row = {"year": 2026, "base_deduction": spread.choice(("0.00", "1557000.00"))}
        facts["employment_income_taxable"] = f"{spread.randrange(50_000_000)}.50"
        facts["personal_income_tax_withheld"] = f"{spread.randrange(5_000_000)}.25"
        person["year"] = [facts]
    story = _Story(start, only_tenge, may_lack)
    assets = (*MARKET_ASSETS, "BNB") if only_tenge else (*MARKET_ASSETS, "BNB", "USDT")
    _tell(story, [_step(spread) for _ in range(length)], assets, date(2026, 12, 20))
    rates = [] if only_tenge else _rates(_days(story), rates_kind)
    rates += _of_2026(mean)
    unique = {(r["date"], r["currency"], r["kind"]): r for r in rates}
    return {
        "person": person,
        "records": story.records,
        "asset_values": list(story.values.values()),
        "exchange_rates": list(unique.values()),
    }


def individuals() -> st.SearchStrategy[Row]:
    return st.builds(individual, st.integers(0, 2**48), st.integers(1, 45))
