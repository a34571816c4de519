"""Digital mining fee (OTC 606-1 to 606-5, NTC 657-661) and late interest (OTC 117, NTC 5)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from oracle_days import kz_day, kz_midnight, moment, quarter, round_to
from oracle_lots import ZERO
from oracle_person import Answer, election, facts_of

Row = dict[str, Any]


def _yes(row: Row, name: str, default: str) -> bool:
    return (row.get(name) or default) == "yes"


def _licensed(person: Row, day: date) -> bool:
    for licence in person.get("licence", []):
        start, until = licence.get("from"), licence.get("until")
        if licence["kind"] in ("mining_I", "mining_II") and start <= day and (until is None or day <= until):
            return True
    return False


def pieces(row: Row, person: Row) -> list[tuple[date, Fraction, Fraction]]:
    """A reading cut by quarter and by licence: (first day, share of the time, hours)."""
    by_days = len(row["start"]) == 10 and len(row["end"]) == 10
    start, end = moment(row["start"]), moment(row["end"])
    cuts = {start, end}
    for year in range(start.year - 1, end.year + 2):
        cuts |= {kz_midnight(date(year, month, 1)) for month in (1, 4, 7, 10)}
    for licence in person.get("licence", []):
        cuts.add(kz_midnight(licence["from"]))
        if licence.get("until"):
            cuts.add(kz_midnight(licence["until"] + timedelta(days=1)))
    edges = sorted(c for c in cuts if start <= c <= end)

    def hours(a: Any, b: Any) -> Fraction:
        if by_days:
            return Fraction(24 * (kz_day(b) - kz_day(a)).days)
        return Fraction(int((b - a).total_seconds()), 3600)

    whole = hours(start, end)
    result = []
    for a, b in pairwise(edges):
        result.append((kz_day(a), hours(a, b) / whole, hours(a, b)))
    return result


def price_rate_2023(price: Fraction) -> int:
    """The 25 rows of OTC 606-3(1): upper bounds inclusive."""
    for bound in range(1, 25):
        if price <= bound:
            return 26 - bound
    return 1


def rate(row: Row, person: Row, day: date) -> int | None:
    """Tenge per kWh; None when a fact is missing."""
    broken = (row.get("meter_state") or "ok") != "ok"
    own, renewable = _yes(row, "own_plant", "no"), _yes(row, "renewable", "no")
    if _yes(row, "hosted", "no") and day.year < 2024:
        return 0  # hosts are payers from 2024 only
    if day.year < 2022:
        return 0
    if day.year == 2022:
        return 1
    if day.year == 2023:
        if broken:
            return 25  # the highest of all grounds, 606-3(4)
        if own:
            return 1 if renewable else 10
        return price_rate_2023(Fraction(row["price_per_kwh"])) if row.get("price_per_kwh") else None
    if day.year >= 2026 and (broken or not _licensed(person, day)):
        return 25
    if election(person, day.year, "renewable_rate", "text") == "brief":
        return 1 if own or renewable else 2
    return 1 if (own and renewable) or not _yes(row, "grid_connected", "yes") else 2


def volume(row: Row, share: Fraction, hours: Fraction) -> Fraction | None:
    if (row.get("meter_state") or "ok") != "ok":
        return hours * Fraction(row["max_power_kw"]) if row.get("max_power_kw") else None
    return Fraction(row["kwh"]) * share if row.get("kwh") else None


def assess_fee(case: Row, year: int) -> dict[tuple[str, str], Answer]:
    energy: dict[str, Fraction | None] = {}
    due: dict[str, Fraction | None] = {}
    for row in case.get("energy", []):
        for day, share, hours in pieces(row, case["person"]):
            if day.year != year:
                continue
            kwh, tenge, period = volume(row, share, hours), rate(row, case["person"], day), quarter(day)
            if _yes(row, "hosted", "no") and year < 2024:
                kwh = ZERO
            before, owed = energy.get(period, ZERO), due.get(period, ZERO)
            energy[period] = None if kwh is None or before is None else before + kwh
            due[period] = None if kwh is None or tenge is None or owed is None else owed + kwh * tenge
    result = {("mining_fee.energy", p): Answer(v, v, v) for p, v in energy.items()}
    for period, amount in due.items():
        rounded = None if amount is None else round_to(amount)
        result["mining_fee.due", period] = Answer(rounded, rounded, rounded)
    return result


# --- late interest ---

BASE_RATES = [  # % a year, tax.md 6.2, forms_and_lists 3.1; before 2023 and in 2026 the levels are not established (U9)
    ("2023-01-16", "16.75"), ("2023-08-28", "16.50"), ("2023-10-09", "16.00"), ("2023-11-27", "15.75"),
    ("2024-01-22", "15.25"), ("2024-02-26", "14.75"), ("2024-06-03", "14.50"), ("2024-07-15", "14.25"),
    ("2024-12-02", "15.25"), ("2025-03-11", "16.50"), ("2025-10-13", "18.00"), ("2026-01-01", None),
]  # fmt: skip


def base_rate(day: date) -> Fraction | None:
    found = None
    for start, percent in BASE_RATES:
        if date.fromisoformat(start) <= day:
            found = percent
    return None if found is None else Fraction(found) / 100


def multiplier(person: Row, day: date) -> Fraction:
    """1.25; from 2026 0.65 for participants of horizontal monitoring (NTC 5(2))."""
    relieved = day.year >= 2026 and facts_of(person, day.year).get("horizontal_monitoring", False)
    return Fraction("0.65") if relieved else Fraction("1.25")


def interest(debt: Fraction, due: date, payments: list[tuple[date, Fraction]], person: Row) -> Fraction | None:
    """Σ over days of arrears × base rate × multiplier / 365, to the day of payment inclusive (LI1, LI3, LI4). Exact."""
    total, day = ZERO, due
    last = max((d for d, _ in payments), default=due)
    while day < last:
        day += timedelta(days=1)
        arrears = debt - sum((a for d, a in payments if d < day), ZERO)
        if arrears <= 0:
            break
        percent = base_rate(day)
        if percent is None:
            return None
        total += arrears * percent * multiplier(person, day) / 365
    if debt > sum((a for _, a in payments), ZERO):
        return None  # interest runs on, and nobody asks the clock
    return total


def fee_due_day(period: str) -> date:
    """Day of payment of the fee of a quarter (OTC 606-5(2), NTC 661(2)); not moved when it is a day off."""
    year, number = int(period[:4]), int(period[-1])
    month = 3 * number + (1 if year == 2022 else 2)
    return date(year + (month > 12), (month - 1) % 12 + 1, 20 if year == 2022 else 25)


def due_day(name: str, period: str) -> date | None:
    year = int(period[:4])
    if name == "mining_fee":
        return fee_due_day(period)
    if name == "corporate_income_tax":
        return date(year + 1, 4, 10)
    if name == "personal_income_tax":
        return date(year + 1, 9, 25) if year >= 2025 else date(year + 1, 4, 10)
    return None


def assess_interest(case: Row, year: int, figures: dict[tuple[str, str], Answer]) -> dict[tuple[str, str], Answer]:
    paid: dict[tuple[str, str], list[tuple[date, Fraction]]] = {}
    for row in case.get("payments", []):
        if int(row["period"][:4]) == year:
            key = (row["name"], row["period"])
            paid.setdefault(key, []).append((date.fromisoformat(row["date"]), Fraction(row["amount"])))
    total: Fraction | None = ZERO
    for (name, period), payments in paid.items():
        owed = figures.get((name + {"mining_fee": ".due", "personal_income_tax": ".tax_due"}.get(name, ".tax"), period))
        day = due_day(name, period)
        if owed is None or owed.value is None or day is None or total is None:
            total = None
            continue
        part = interest(owed.value, day, payments, case["person"])
        total = None if part is None else total + part
    total = None if total is None else round_to(total)
    return {("late_interest.due", str(year)): Answer(total, total, total)} if paid else {}
