"""Made-up trading histories of any length: the same trades in our own records format or as a Binance statement.

Deterministic (a seeded generator, whole numbers only), so that every run everywhere measures the same bytes. A trader
buys USDT for tenge, trades ten coins against it in orders of one to three fills, pays fees in BNB, gets a little
interest, and sells USDT for tenge. No balance is ever negative. Quantities are in 10⁻⁸ of a coin.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

E8 = 10**8
YEAR = 2025  # the year to assess; the history runs over it and the year before
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2025, 12, 31)
START = datetime(2024, 1, 1, 6, tzinfo=UTC)
SECONDS = 729 * 86_400
BUSY = 366 * 86_400  # from here on all is of the year assessed

# Coin: first price in 10⁻⁸ USD, and the smallest step of a quantity in 10⁻⁸.
COINS = {
    "BTC": (42_000 * E8, 1_000),
    "ETH": (2_300 * E8, 10_000),
    "BNB": (310 * E8, 100_000),
    "SOL": (100 * E8, 1_000_000),
    "LTC": (70 * E8, 1_000_000),
    "TON": (230_000_000, 10_000_000),
    "XRP": (62_000_000, 100_000_000),
    "ADA": (59_000_000, 100_000_000),
    "TRX": (10_700_000, 100_000_000),
    "DOGE": (9_000_000, 100_000_000),
}

PERSON = """# Made up for measuring; no real person.
id = "900101300017"
name = "Өлшеу / measuring"
kind = "individual"
resident = true
[[account]]
name = "binance"
country = "KZ"
"""


class Fill(NamedTuple):
    """`value` of the whole `quantity` in `currency`; `fee` in BNB, outside both. Interest has neither."""

    second: int
    kind: str  # buy | sell | interest
    asset: str
    quantity: int
    value: int
    currency: str
    fee: int
    order: int


class Market:
    """Prices in 10⁻⁸ USD and the dollar in 10⁻⁸ tenge, a deterministic walk with a step a day."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        days = (LAST_DAY - FIRST_DAY).days + 1
        self.coins = {coin: walk(chance, first, days, 300) for coin, (first, _) in COINS.items()}
        self.dollar = walk(chance, 455 * E8, days, 40)


def walk(chance: random.Random, first: int, days: int, swing: int) -> list[int]:
    """A price a day, each at most `swing` parts in 10,000 off the last, kept between a half and three times `first`."""
    prices, price = [], first
    for _ in range(days):
        prices.append(price)
        price += price * chance.randint(-swing, swing + swing // 20) // 10_000
        price = min(max(price, first // 2), first * 3)
    return prices


class Trader:
    """Decides orders one after the other and keeps the balances, so that nothing is sold that is not held."""

    def __init__(self, market: Market, seed: int) -> None:
        self.market = market
        self.chance = random.Random(seed)
        self.held = dict.fromkeys([*COINS, "USDT"], 0)
        self.order = 0

    def fills(self, second: int, most: int) -> list[Fill]:
        """The next order, in at most `most` fills, all in one second."""
        self.order += 1
        day = second // 86_400
        usdt, roll = self.held["USDT"], self.chance.randrange(1000)
        if usdt < 3_000 * E8 and not self.rich_in(day):
            return [self.tenge(second, day, "buy", 20_000 * E8)]
        if usdt > 12_000 * E8 and roll < 40:
            return [self.tenge(second, day, "sell", 5_000 * E8)]
        if self.held["BNB"] < E8 // 2:
            return [self.trade(second, day, "buy", "BNB", 1_000 * E8)]
        if roll < 10:
            return [self.interest(second)]
        coin = self.chance.choice(list(COINS))
        worth = self.held[coin] * self.market.coins[coin][day] // E8
        buys = usdt > 3_000 * E8 and (worth < 2_500 * E8 or roll % 2 == 0)
        if not buys and worth < 2_500 * E8:
            coin = max(COINS, key=lambda c: self.held[c] * self.market.coins[c][day])
        parts = min(most, self.chance.choice((1, 1, 1, 2, 3)))
        return [
            self.trade(second, day, "buy" if buys else "sell", coin, self.chance.randint(60, 700) * E8)
            for _ in range(parts)
        ]

    def rich_in(self, day: int) -> bool:
        return any(self.held[c] * self.market.coins[c][day] // E8 > 5_000 * E8 for c in COINS if c != "BNB")

    def trade(self, second: int, day: int, kind: str, coin: str, dollars: int) -> Fill:
        price, step = self.market.coins[coin][day], COINS[coin][1]
        price += price * self.chance.randint(-50, 50) // 10_000
        quantity = max(step, dollars * E8 // price // step * step)
        value = quantity * price // E8
        sign = 1 if kind == "buy" else -1
        self.held[coin] += sign * quantity
        self.held["USDT"] -= sign * value
        fee = min(max(1, value * 75 * E8 // 100_000 // self.market.coins["BNB"][day]), self.held["BNB"])
        self.held["BNB"] -= fee
        return Fill(second, kind, coin, quantity, value, "USDT", fee, self.order)

    def tenge(self, second: int, day: int, kind: str, quantity: int) -> Fill:
        value = quantity * self.market.dollar[day] // E8 // 10**6 * 10**6  # whole tiyn
        self.held["USDT"] += quantity if kind == "buy" else -quantity
        return Fill(second, kind, "USDT", quantity, value, "KZT", 0, self.order)

    def interest(self, second: int) -> Fill:
        quantity = self.chance.randint(1, 5) * E8 // 100
        self.held["USDT"] += quantity
        return Fill(second, "interest", "USDT", quantity, 0, "", 0, self.order)


def rows_of(fill: Fill, binance: bool) -> int:
    """How many rows a fill takes: one of ours, or a leg each in the statement."""
    return 1 if not binance else 1 + bool(fill.value) + bool(fill.fee)


def history(rows: int, binance: bool, seed: int = 20_250_715, first: int = 0) -> Iterator[Fill]:
    """Fills in time order, from the second `first` on, that make exactly `rows` rows; the last few may be interest to
    fill up."""
    trader = Trader(Market(seed), seed + 1)
    made = 0
    while made < rows:
        second = first + made * (SECONDS - first) // rows
        most = (rows - made) // 3 if binance else rows - made
        for fill in trader.fills(second, most) if most else [trader.interest(second)]:
            made += rows_of(fill, binance)
            yield fill


def movements(rows: int, binance: bool, first: int = 0) -> int:
    """How many movements of assets a history of so many rows tells: what lots are matched of."""
    fills = history(rows, binance, first=first)
    return sum(1 + bool(f.value and f.currency == "USDT") + bool(f.fee) for f in fills)


def plain(n: int) -> str:
    """A quantity in 10⁻⁸ as a plain decimal."""
    whole, part = divmod(abs(n), E8)
    digits = f"{part:08d}".rstrip("0")
    return ("-" if n < 0 else "") + (f"{whole}.{digits}" if digits else str(whole))


def records_rows(fills: Iterator[Fill]) -> Iterator[str]:
    yield "time,kind,asset,quantity,value,currency,fee,fee_asset,account,group,id"
    for n, f in enumerate(fills):
        when = (START + timedelta(seconds=f.second)).strftime("%Y-%m-%dT%H:%M:%SZ")
        value, fee = plain(f.value) if f.value else "", plain(f.fee) if f.fee else ""
        group = f"o{f.order}" if f.value else ""
        fee_asset = "BNB" if f.fee else ""
        deal = f"{plain(f.quantity)},{value},{f.currency},{fee},{fee_asset}"
        yield f"{when},{f.kind},{f.asset},{deal},binance,{group},f{n}"


def binance_rows(fills: Iterator[Fill]) -> Iterator[str]:
    yield "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark"
    for f in fills:
        start = f"100000001,{START + timedelta(seconds=f.second):%Y-%m-%d %H:%M:%S},Spot,"
        if f.kind == "interest":
            yield f"{start}Simple Earn Flexible Interest,{f.asset},{plain(f.quantity)},"
            continue
        sign = 1 if f.kind == "buy" else -1
        given, got = (
            ("Transaction Buy", "Transaction Spend") if sign > 0 else ("Transaction Sold", "Transaction Revenue")
        )
        yield f"{start}{given},{f.asset},{plain(sign * f.quantity)},"
        yield f"{start}{got},{f.currency},{plain(-sign * f.value)},"
        if f.fee:
            yield f"{start}Transaction Fee,BNB,{plain(-f.fee)},"


def write_prices(folder: Path, market: Market) -> None:
    """A rate of the dollar for each day and a day average of each coin: what the law of 2024 and 2025 asks for."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "exchange_rates.csv").open("w", encoding="utf-8", newline="\n") as out:
        out.write("date,currency,rate,quantity,source,kind\n")
        for n, rate in enumerate(market.dollar):
            day = FIRST_DAY + timedelta(days=n)
            shown = f"{rate // E8}.{rate % E8 // 10**6:02d}"
            out.writelines(f"{day},USD,{shown},1,made up for measuring,{kind}\n" for kind in ("official", "market"))
    with (folder / "asset_values.csv").open("w", encoding="utf-8", newline="\n") as out:
        out.write("date,asset,value,currency,source,kind\n")
        for coin, prices in market.coins.items():
            for n, price in enumerate(prices):
                day = FIRST_DAY + timedelta(days=n)
                out.write(f"{day},{coin},{plain(price)},USD,made up for measuring,day_average\n")


def write_case(folder: Path, rows: int, binance: bool, seed: int = 20_250_715, first: int = 0) -> Path:
    """A case folder with a history of `rows` rows from the second `first` on; answers the history's file."""
    write_prices(folder / "prices", Market(seed))
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    path = folder / ("statement.csv" if binance else "records.csv")
    make = binance_rows if binance else records_rows
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(line + "\n" for line in make(history(rows, binance, seed, first)))
    return path


def write_overlap(folder: Path, rows: int, seed: int = 20_250_715) -> tuple[Path, Path]:
    """A Binance statement of `rows` rows, and a second one that tells its later half again, from a new second on."""
    whole = write_case(folder, rows, binance=True, seed=seed)
    head, *body = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    start = len(body) // 2
    while 0 < start < len(body) and body[start].split(",", 2)[1] == body[start - 1].split(",", 2)[1]:
        start += 1
    again = folder / "statement-again.csv"
    again.write_text(head + "".join(body[start:]), encoding="utf-8", newline="\n")
    return whole, again
