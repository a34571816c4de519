"""What the made-up mining company used and owed for it: meter readings of two sites, fees and payments."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from making.days import each_day, last_working, months, next_month, quarter
from making.files import Cell
from making.series import cut, wiggle

D = Decimal
FIRST, LAST = date(2023, 2, 1), date(2026, 12, 1)
GRID_POWER, SOLAR_POWER = 950, 400  # kW
BROKEN_METER = date(2026, 2, 1)  # the solar meter fails for this month
LATE_READING = date(2025, 6, 1)  # the grid meter was read on 3 July, in another quarter
_SOLAR = (21, 27, 41, 52, 64, 70, 72, 66, 51, 36, 24, 19)  # MWh by month
# Tenge for a kWh without VAT, by year and quarter.
_PRICES = (
    ("20.35", "21.10", "22.40", "24.60"),
    ("21.80", "21.95", "22.30", "22.90"),
    ("23.40", "23.40", "23.75", "24.20"),
    ("24.90", "25.10", "25.60", "26.30"),
)


@dataclass(frozen=True)
class Reading:
    """A reading over [start, end) of one meter."""

    start: date
    end: date
    site: str
    kwh: Decimal | None
    price: Decimal | None

    @property
    def solar(self) -> bool:
        """Made at the company's own solar plant."""
        return self.site == "shu-solar"

    def cells(self) -> dict[str, Cell]:
        """The row of energy.csv."""
        return {
            "start": self.start,
            "end": self.end,
            "kwh": self.kwh,
            "site": self.site,
            "hosted": "no",
            "meter": "SH-02" if self.solar else "EK-01",
            "meter_state": "ok" if self.kwh is not None else "faulty",
            **dict.fromkeys(("own_plant", "renewable"), "yes" if self.solar else "no"),
            "grid_connected": "yes",
            "price_per_kwh": self.price,
            "max_power_kw": D(SOLAR_POWER if self.solar else GRID_POWER),
        }


def price(day: date) -> Decimal:
    """What a kWh from the grid costs on `day`."""
    return D(_PRICES[day.year - 2023][(day.month - 1) // 3])


def readings() -> list[Reading]:
    """Monthly readings of both sites."""
    found = []
    for start, end in months(FIRST, LAST):
        begins = date(2025, 7, 3) if start == next_month(LATE_READING) else start
        ends = date(2025, 7, 3) if start == LATE_READING else end
        hours = (ends - begins).days * 24
        grid = cut(D(GRID_POWER * hours) * D("0.945") * wiggle(f"grid {start}", 25), 0)
        found.append(Reading(begins, ends, "ekibastuz", grid, price(start)))
        solar = cut(D(_SOLAR[start.month - 1] * 1000) * wiggle(f"solar {start}", 60), 0)
        found.append(Reading(start, end, "shu-solar", None if start == BROKEN_METER else solar, None))
    return found


def fees() -> dict[str, Decimal]:
    """The company's own sums of the digital mining fee by quarter, tenge."""
    due: defaultdict[str, Decimal] = defaultdict(Decimal)
    for reading in readings():
        days = list(each_day(reading.start, reading.end - timedelta(days=1)))
        kwh = D(SOLAR_POWER * 24 * len(days)) if reading.kwh is None else reading.kwh
        by_quarter: defaultdict[str, int] = defaultdict(int)
        for day in days:
            by_quarter[quarter(day)] += 1
        for name, count in by_quarter.items():
            due[name] += kwh * count / len(days) * _rate(reading)
    return {name: cut(amount, 2) for name, amount in due.items()}


def _rate(reading: Reading) -> Decimal:
    if reading.kwh is None:
        return D(25)
    if reading.solar:
        return D(1)
    if reading.start.year > 2023 or reading.price is None:
        return D(2)
    steps = reading.price.to_integral_value(ROUND_CEILING)
    return D(1) if reading.price > 24 else 26 - steps


def payments() -> list[tuple[date, str, Decimal]]:
    """(day, quarter, amount) of each payment of the fee to the end of 2026; the third quarter of 2024 came late."""
    paid = []
    for name, amount in fees().items():
        year, number = int(name[:4]), int(name[-1])
        due = date(year + number // 4, (number * 3 + 2 - 1) % 12 + 1, 25)
        day = date(2024, 12, 9) if name == "2024-Q3" else last_working(due - timedelta(days=3))
        if day <= date(2026, 12, 31):
            paid.append((day, name, amount))
    return paid
