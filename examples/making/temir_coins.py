"""The made-up mining company's coins: what the pool paid out, where it was sold, and a small treasury."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from making.binance import whole
from making.days import kz_text, last_working, months, working_days
from making.files import Cell
from making.series import ASSETS, BTC, LTC, USD_KZT, Series, cut, wiggle

D = Decimal
Row = dict[str, Cell]
WALLET, AIFC, ABROAD = "cold-wallet", "steppe-exchange", "harbour-trade"
FIRST_PAYOUT, LAST_DAY = date(2023, 2, 6), date(2026, 12, 31)
POOL, POOL_BIN = "Altai Pool (made up)", "230340000007"
# Coins a week at the start of each half-year; the reward halves in April 2024.
_WEEKLY = ["0.61", "0.55", "0.46", "0.165", "0.128", "0.112", "0.094", "0.088", "0.083"]


def payouts() -> Iterator[tuple[date, str, Decimal, Decimal]]:
    """(day, asset, quantity to the miner, commission): BTC every Monday, LTC on the 15th until September 2025."""
    day = FIRST_PAYOUT
    while day <= LAST_DAY:
        yield _payout(day, "BTC", _weekly(day))
        if day <= date(2025, 9, 15):
            fifteenth = day.replace(day=15)
            if day <= fifteenth < day + timedelta(days=7):
                yield _payout(fifteenth, "LTC", D("21") - (day.year - 2023) * 5)
        day += timedelta(days=7)


def _weekly(day: date) -> Decimal:
    half = (day.year - 2023) * 2 + (day.month > 6)
    amount = D(_WEEKLY[half])
    return amount / 2 if date(2024, 4, 20) <= day < date(2024, 7, 1) else amount


def _payout(day: date, asset: str, amount: Decimal) -> tuple[date, str, Decimal, Decimal]:
    gross = cut(amount * wiggle(f"payout {asset} {day}", 60), 8)
    commission = cut(gross * D("0.015"), 8)
    return day, asset, gross - commission, commission


def records() -> list[Row]:
    """Every movement of coins other than the payouts, in time order, each with an id."""
    rows = [*_receipts(), *_sales(), *_treasury()]
    rows.sort(key=lambda row: str(row["time"]))
    for number, row in enumerate(rows, start=1):
        row["id"] = f"T-{number:04d}"
    return rows


def _time(day: date, clock: str) -> str:
    return kz_text(datetime.fromisoformat(f"{day}T{clock}:00+00:00"))


def _receipts() -> Iterator[Row]:
    """What the wallet itself saw of four payouts: the same events, told twice."""
    for day, asset, quantity, _ in list(payouts())[20:24]:
        yield {
            "time": _time(day, "09:40"),
            "kind": "transfer_in",
            "asset": asset,
            "quantity": quantity,
            "account": WALLET,
            "counterparty": POOL,
            "note": "seen in the wallet",
        }


def _sales() -> Iterator[Row]:
    """Near each month's end most coins leave the wallet and are sold; every fourth month abroad, for USDT."""
    mined = list(payouts())
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    position = 0
    for number, (_, end) in enumerate(months(date(2023, 2, 1), date(2026, 12, 1))):
        day = last_working(end - timedelta(days=3))
        while position < len(mined) and mined[position][0] < day:
            held[mined[position][1]] += mined[position][2]
            position += 1
        for series in (BTC, LTC):
            # LTC is sold twice a year.
            if series is LTC and day.month not in (5, 11):
                continue
            share = D("0.8") if series is BTC else D("0.95")
            quantity = D(whole(held[series.name] * share, 4))
            if quantity > 0:
                fee = D("0.00012") if series is BTC else D("0.001")
                held[series.name] -= quantity + fee
                yield from _sale(day, series, quantity, fee, abroad=number % 4 == 3)


def _sale(day: date, series: Series, quantity: Decimal, fee: Decimal, *, abroad: bool) -> Iterator[Row]:
    venue = ABROAD if abroad else AIFC
    link: Row = {"asset": series.name, "quantity": quantity, "hash": f"madeup-{series.name.lower()}-{day:%Y%m%d}"}
    yield {
        "time": _time(day, "04:30"),
        "kind": "transfer_out",
        "account": WALLET,
        "counterparty": venue,
        **link,
        "fee": fee,
        "fee_asset": series.name,
    }
    arrived: Row = {"time": _time(day, "05:20"), "kind": "transfer_in", "account": venue, "counterparty": WALLET}
    yield {**arrived, **link}
    dollars = cut(quantity * series.deal(day, f"temir {day}"), 2)
    sold: Row = {"kind": "sell", "asset": series.name, "quantity": quantity, "account": venue}
    if abroad:
        yield {
            **sold,
            "time": _time(day, "06:00"),
            "value": dollars,
            "currency": "USDT",
            "group": f"HT-{series.name}-{day:%y%m%d}",
        }
        yield _cashed(day, series, dollars)
    elif day.month % 3 == 0:
        tenge = cut(dollars * USD_KZT.on(day) * D("0.998"), 2)
        yield {**sold, **_deal(day, "06:10", tenge, "KZT", "SX", series.name)}
    else:
        yield {**sold, **_deal(day, "06:10", dollars, "USD", "SX", series.name)}


def _cashed(day: date, series: Series, dollars: Decimal) -> Row:
    """The stablecoins of a sale abroad become dollars two days later, a little under one for one."""
    later = day + timedelta(days=2)
    value = cut(dollars * wiggle(f"usdt {series.name} {day}", 1), 2)
    return {
        "kind": "sell",
        "asset": "USDT",
        "quantity": dollars,
        "account": ABROAD,
        **_deal(later, "07:15", value, "USD", "HT", f"USDT-{series.name}"),
    }


def _deal(day: date, clock: str, value: Decimal, currency: str, venue: str, what: str) -> Row:
    return {
        "time": _time(day, clock),
        "value": value,
        "currency": currency,
        "fee": cut(value * D("0.0015"), 2),
        "fee_asset": currency,
        "group": f"{venue}-{what}-{day:%y%m%d}",
        "document": f"report {venue}-{day:%Y-%m}",
    }


def _treasury() -> Iterator[Row]:
    """Coins that were bought, not mined: gains and losses of an ordinary trader."""
    deals = (
        ("2024-02-14", "buy", "ETH", "24"),
        ("2024-03-12", "sell", "ETH", "8"),
        ("2024-12-10", "buy", "SOL", "150"),
        ("2025-03-11", "sell", "ETH", "6"),  # a loss: before 2026 it is a loss of the business
        ("2025-08-19", "sell", "SOL", "50"),
        ("2025-10-07", "buy", "ETH", "5"),
        ("2026-03-17", "sell", "SOL", "60"),  # a loss: from 2026 it meets gains on digital assets only
        ("2026-09-08", "sell", "ETH", "7"),
        ("2026-11-17", "sell", "SOL", "40"),
    )
    for text, kind, asset, quantity in deals:
        day = date.fromisoformat(text)
        value = cut(D(quantity) * ASSETS[asset].deal(day, f"treasury {text}"), 2)
        row: Row = {"kind": kind, "asset": asset, "quantity": D(quantity), "account": AIFC}
        yield {**row, **_deal(day, "10:30", value, "USD", "SX", f"{asset}-own")}


def deal_days() -> set[date]:
    """Working days around the deals, for which market rates are kept."""
    days: set[date] = set()
    for row in records():
        if row["kind"] in ("buy", "sell"):
            day = date.fromisoformat(str(row["time"])[:10])
            days.update(working_days(day - timedelta(days=5), day))
    return days
