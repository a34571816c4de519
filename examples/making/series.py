"""Made-up prices: straight lines between monthly anchors, with a small repeatable wiggle. Exact decimals, no floats."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from making.days import next_month

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def cut(value: Decimal, decimals: int) -> Decimal:
    """`value` with `decimals` decimals, half up."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_EXACT)


def plain(value: Decimal) -> str:
    """Plain decimal text without an exponent or trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def wiggle(key: str, per_mille: int) -> Decimal:
    """A factor in 1 ± per_mille/1000, the same for the same key on every machine."""
    step = zlib.crc32(key.encode()) % 2001 - 1000
    return 1 + Decimal(step * per_mille) / 1_000_000


@dataclass(frozen=True)
class Series:
    """Monthly anchors from `start` (a first of a month) on; the last one holds for what follows."""

    name: str
    start: date
    anchors: tuple[Decimal, ...]
    decimals: int
    per_mille: int

    def on(self, day: date) -> Decimal:
        """The price of `day`."""
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        here = self.anchors[min(months, len(self.anchors) - 1)]
        there = self.anchors[min(months + 1, len(self.anchors) - 1)]
        first = day.replace(day=1)
        length = (next_month(first) - first).days
        between = here + (there - here) * (day.day - 1) / length
        return cut(between * wiggle(f"{self.name} {day.isoformat()}", self.per_mille), self.decimals)

    def deal(self, day: date, key: str) -> Decimal:
        """A deal's price on `day`: near the day's price."""
        return cut(self.on(day) * wiggle(f"deal {self.name} {key}", 4), self.decimals)

    def average(self, day: date) -> Decimal:
        """The weighted average of `day`: near the day's price."""
        return cut(self.on(day) * wiggle(f"average {self.name} {day.isoformat()}", 3), self.decimals)


def _series(name: str, year: int, decimals: int, per_mille: int, anchors: str) -> Series:
    return Series(name, date(year, 1, 1), tuple(Decimal(x) for x in anchors.split()), decimals, per_mille)


USD_KZT = _series(
    "USD", 2023, 2, 4,
    "462 458 446 450 447 446 448 446 457 475 470 459 "  # 2023
    "455 451 450 447 443 448 470 477 482 484 492 515 "  # 2024
    "524 517 500 504 515 511 519 540 540 546 530 512 "  # 2025
    "508 501 497 503 509 512 516 521 518 513 517 522 520",
)  # fmt: skip
BTC = _series(
    "BTC", 2023, 2, 14,
    "17200 23100 23500 28300 28900 27400 30400 29300 26000 27800 34600 38500 "
    "43400 43100 60200 68400 61100 67300 61900 62800 58300 61400 70600 96200 "
    "97100 100600 86300 83600 95100 105400 106900 114800 109300 116200 108600 89900 "
    "88200 84700 87900 91600 96300 99400 103100 101700 104900 107600 103300 98800 100400",
)  # fmt: skip
ETH = _series(
    "ETH", 2023, 2, 18,
    "1210 1590 1640 1810 1860 1870 1930 1860 1640 1680 1810 2080 "
    "2300 2310 3350 3580 3010 3760 3440 3210 2510 2610 2520 3690 "
    "3350 3180 2240 1880 1810 2540 2480 3680 4390 4210 3870 2990 "
    "3010 2880 2950 3120 3240 3330 3410 3360 3520 3610 3450 3280 3320",
)  # fmt: skip
LTC = _series(
    "LTC", 2023, 2, 18,
    "71 95 93 91 88 92 106 91 65 66 69 72 73 67 79 100 82 84 74 70 65 66 69 125 "
    "103 118 122 83 83 88 86 107 111 108 96 83 80 76 78 81 84 86 89 87 90 93 91 88 87",
)  # fmt: skip
BNB = _series(
    "BNB", 2024, 2, 10,
    "313 302 410 603 575 598 579 572 528 553 573 652 "
    "703 677 601 605 600 657 657 764 863 1011 1088 872 860 812 830 845 871 890 902 894 910 931 905 880 884",
)  # fmt: skip
SOL = _series(
    "SOL", 2024, 2, 16,
    "101 98 125 195 135 165 146 171 131 152 166 232 "
    "193 231 143 126 147 156 154 173 201 208 187 133 126 118 121 124 129 126 122 118 121 117 114 110 112",
)  # fmt: skip
TON = _series("TON", 2024, 3, 12, "2.31 2.09 2.6 5.1 4.9 6.4 7.5 6.7 5.3 5.7 4.9 6.3 5.5 4.9")
DOGS = _series("DOGS", 2024, 7, 12, "0.0013 0.0013 0.0013 0.0013 0.0013 0.0013 0.0013 0.0013 0.00104 0.00076 0.0006")
LAYER = _series("LAYER", 2025, 4, 15, "0.92 0.91 0.97 1.21 1.34 0.74 0.66 0.63 0.58 0.46 0.28 0.21 0.19")
ASSETS = {series.name: series for series in (BTC, ETH, LTC, BNB, SOL, TON, DOGS, LAYER)}


def official_rate(day: date) -> Decimal:
    """Tenge for one US dollar, the made-up official rate of a working day."""
    return USD_KZT.on(day)


def market_rate(day: date) -> Decimal:
    """Tenge for one US dollar, the made-up exchange-session rate of a working day."""
    return cut(USD_KZT.on(day) * wiggle(f"market USD {day.isoformat()}", 3), 2)
