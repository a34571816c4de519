"""The product against the independent oracle, figure by figure, on random histories written as case folders."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from case_folder import write_case
from company_histories import COMPANY, companies, company
from histories import INDIVIDUAL, individual, individuals, plain
from hypothesis import HealthCheck, given, settings
from oracle_fee import due_day

import oracle

Row = dict[str, Any]
FAMILIES = ("personal_income_tax.", "corporate_income_tax.", "value_added_tax.", "mining_fee.", "late_interest.")
BEYOND = (  # figures that only the product has: business losses of a year, carried on (OTC 300, NTC 338)
    "corporate_income_tax.business_loss",
    "corporate_income_tax.loss_carried_forward",
    "corporate_income_tax.denied_purchase_costs",  # part of taxable_income in the oracle
    "corporate_income_tax.business_loss_carried_forward",
    "personal_income_tax.foreign_source_gain",  # part of digital_asset_income
    "personal_income_tax.receipt_income_of_year",  # part of taxable_income
)
QUIET = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)


def shown(value: Fraction | None) -> str:
    return "unknown" if value is None else f"{float(value):.4f}"


def one_difference(answer: oracle.Answer, figure: Any) -> str | None:
    """What the product says otherwise, in words; None when both say the same."""
    if figure is None or figure.status == "not_applicable":
        # what does not apply is absent or not_applicable; the oracle says 0
        return None if answer.value == 0 else f"absent or not applicable, the oracle has {shown(answer.value)}"
    if answer.value is None:
        if figure.status != "unknown":
            return f"{figure.status} {figure.value}, the oracle has it unknown [{answer.low}, {answer.high}]"
        if answer.low is None or figure.bounds is None or figure.bounds[0] is None or figure.bounds[1] is None:
            return None
        same = Fraction(figure.bounds[0]) == answer.low and Fraction(figure.bounds[1]) == answer.high
        return None if same else f"bounds {figure.bounds}, the oracle has [{shown(answer.low)}, {shown(answer.high)}]"
    if figure.bounds is not None and figure.bounds == (figure.bounds[0],) * 2 and figure.bounds[0] is not None:
        # not fully known, but whatever is missing does not change it
        return None if Fraction(figure.bounds[0]) == answer.value else f"{figure.bounds}, {shown(answer.value)}"
    if figure.status != "known" or figure.value is None:
        why = "; ".join(f"{m.code} {dict(m.params)}" for m in figure.missing)
        return f"{figure.status} ({why}), the oracle has {shown(answer.value)}"
    slack = Fraction(1, 100) if figure.unit != "KZT" else Fraction(0)  # kWh may be shown rounded
    same = abs(Fraction(figure.value) - answer.value) <= slack
    return None if same else f"{figure.value}, the oracle has {shown(answer.value)}"


def differences(case: Row, years: range, folder: Path) -> list[str]:
    import salyq

    case = covered(case)
    read = salyq.read_case(write_case(case, folder))
    found = []
    for year in years:
        expected = oracle.assess(case, year)
        figures = {(f.name, f.period): f for f in salyq.assess(read, year=year).figures}
        for key in sorted(expected):
            words = one_difference(expected[key], figures.get(key))
            if words:
                found.append(f"{year} {key[0]} {key[1]}: {words}")
        for key in sorted(figures.keys() - expected.keys()):
            figure = figures[key]
            if key[0].startswith(FAMILIES) and key[0] not in BEYOND and figure.value:
                found.append(f"{year} {key[0]} {key[1]}: {figure.value}, the oracle has no such figure")
    return found


def covered(case: Row) -> Row:
    """The case with a reading of nothing after the last one of each meter, to the end of its quarter (semantics 39)."""
    rows = list(case.get("energy", ()))
    for row in case.get("energy", ()):
        until = row["end"]
        last = date.fromisoformat(until[:10]) - (timedelta(days=1) if len(until) == 10 else timedelta())
        month = (last.month - 1) // 3 * 3 + 4
        end = f"{last.year + month // 13}-{(month - 1) % 12 + 1:02d}-01"
        if len(until) != 10:
            end += "T00:00:00+05:00" if end >= "2024-03-01" else "T00:00:00+06:00"
        if end > until:
            rows.append({"start": until, "end": end, "kwh": "0", "meter_state": "ok", **_of_meter(row)})
    return {**case, "energy": rows} if rows else case


def _of_meter(row: Row) -> Row:
    return {k: v for k, v in row.items() if k in ("meter", "site", "own_plant", "renewable", "hosted", "price_per_kwh")}


def check(case: Row, years: range) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert differences(case, years, Path(folder) / "case") == []


def with_late_payments(case: Row) -> Row:
    """The fees of 2023 and 2024, each paid some days late, every second one in two payments."""
    payments = []
    for year in (2023, 2024):
        for (name, period), answer in sorted(oracle.assess(case, year).items()):
            day = due_day("mining_fee", period) if name == "mining_fee.due" else None
            if day is None or not answer.value or day.year > 2025 or day.month > 9:
                continue
            first = Fraction(int(answer.value / 3)) if day.month % 2 else Fraction(0)
            for part, wait in ((first, 9), (answer.value - first, 40)):
                paid = day.fromordinal(day.toordinal() + wait).isoformat()
                row = {"date": paid, "name": "mining_fee", "period": period, "amount": plain(part, 2)}
                payments += [row] if part else []
    return {**case, "payments": payments}


@QUIET
@given(individuals())
def test_individuals_agree(case: Row) -> None:
    check(case, range(2023, 2027))


@QUIET
@given(companies())
def test_companies_agree(case: Row) -> None:
    check(with_late_payments(case), range(2022, 2027))


@pytest.mark.parametrize("seed", range(6))
def test_long_individuals_agree(seed: int) -> None:
    check(individual(1000 + seed, 90), range(2023, 2027))


@pytest.mark.parametrize("seed", range(6))
def test_long_companies_agree(seed: int) -> None:
    check(with_late_payments(company(2000 + seed, 90)), range(2022, 2027))


def deal(time: str, kind: str, value: str, currency: str = "KZT", account: str = "home", quantity: str = "1") -> Row:
    row = {"time": f"{time}T12:00:00+05:00", "kind": kind, "asset": "BTC", "quantity": quantity, "value": value}
    return {**row, "currency": currency, "account": account, "id": f"{time}-{kind}"}


CONTESTED: dict[str, tuple[Row, list[Row], list[Row], int]] = {
    # number of the oracle's choice: person, records, exchange rates, year
    "14 bought and sold off AIFC in 2023": (
        COMPANY,
        [deal("2023-05-03", "buy", "400", account="aifc"), deal("2023-07-05", "sell", "1000", account="otc")],
        [],
        2023,
    ),
    "10 low-tax account of purchase": (
        {**INDIVIDUAL, "account": [{"name": "isle", "country": "VG", "low_tax": True}]},
        [deal("2025-05-05", "buy", "400", account="isle"), deal("2026-07-06", "sell", "1000")],
        [],
        2026,
    ),
    "10 low-tax account of sale": (
        {**INDIVIDUAL, "account": [{"name": "isle", "country": "VG", "low_tax": True}]},
        [deal("2024-05-06", "buy", "400"), deal("2024-07-09", "sell", "1000", account="isle")],
        [],
        2024,
    ),
    "4 bought for a stablecoin in 2025, sold for dollars in 2026": (
        INDIVIDUAL,
        [deal("2025-05-05", "buy", "1000", "USDT"), deal("2026-07-06", "sell", "1500", "USD")],
        [
            {"date": "2025-05-02", "currency": "USD", "rate": "520", "quantity": "1", "kind": "market"},
            {"date": "2026-12-31", "currency": "USD", "rate": "400", "quantity": "1", "kind": "year_mean"},
        ],
        2026,
    ),
    "9 a gift taxed earlier, sold in 2025": (
        INDIVIDUAL,
        [{**deal("2024-05-06", "gift_in", "400"), "note": "taxed"}, deal("2025-07-09", "sell", "1000")],
        [],
        2025,
    ),
    "9 an inheritance sold in 2025": (
        INDIVIDUAL,
        [{**deal("2024-05-06", "inherited", "400"), "document": "report"}, deal("2025-07-09", "sell", "1000")],
        [],
        2025,
    ),
    "10 no purchase known, sold on a foreign exchange in 2023": (
        INDIVIDUAL,
        [deal("2023-07-10", "sell", "1000", account="abroad")],
        [],
        2023,
    ),
    "11 value stated, document none, 2024": (
        INDIVIDUAL,
        [{**deal("2024-05-06", "buy", "400"), "document": "none"}, deal("2024-07-09", "sell", "1000")],
        [],
        2024,
    ),
    "4 of semantics: a sale and a purchase for USDT in one second": (
        INDIVIDUAL,
        [
            deal("2026-02-02", "buy", "100"),
            deal("2026-05-05", "sell", "1000", "USDT"),
            {**deal("2026-05-05", "buy", "1000", "USDT"), "asset": "ETH"},
        ],
        [
            {"date": "2026-05-04", "currency": "USD", "rate": "500", "quantity": "1", "kind": "market"},
            {"date": "2026-12-31", "currency": "USD", "rate": "400", "quantity": "1", "kind": "year_mean"},
        ],
        2026,
    ),
    "3 lots of cost 0 are converted with the others": (
        INDIVIDUAL,
        [
            {**deal("2025-04-21", "fork", "", ""), "id": "a"},
            {**deal("2025-06-04", "buy", "0.01", "USD"), "id": "b"},
            {**deal("2025-07-24", "fork", "", ""), "id": "c"},
            deal("2026-04-24", "sell", "0.05", "USD", quantity="3"),
        ],
        [{"date": "2026-12-31", "currency": "USD", "rate": "473.1234", "quantity": "1", "kind": "year_mean"}],
        2026,
    ),
    "12 deductions above the own income": (
        {
            **INDIVIDUAL,
            "year": [
                {
                    "year": 2026,
                    "employment_income_taxable": "40000000.00",
                    "personal_income_tax_withheld": "4000000.00",
                    "base_deduction": "1557000.00",
                }
            ],
        },
        [deal("2026-05-06", "buy", "400"), deal("2026-07-09", "sell", "1000")],
        [],
        2026,
    ),
}


def test_a_share_of_nothing_is_nothing(tmp_path: Path) -> None:
    """No expenses to share in 2023: what coins were worth does not matter to what is denied."""
    payout = {"date": "2023-07-05", "asset": "BTC", "quantity": "1", "pool": "p"}
    expense = {"date": "2023-06-21", "category": "pool_service", "currency": "KZT", "amount": "100"}
    case = {"person": COMPANY, "payouts": [payout], "expenses": [expense]}
    assert differences(case, range(2023, 2024), tmp_path / "case") == []


def test_a_reading_of_whole_days_over_the_day_of_25_hours(tmp_path: Path) -> None:
    row = {"start": "2024-02-01", "end": "2024-05-03", "kwh": "9200", "meter": "m"}
    assert differences({"person": COMPANY, "energy": [row]}, range(2024, 2025), tmp_path / "case") == []


@pytest.mark.parametrize("name", CONTESTED)
def test_choices_agree(name: str, tmp_path: Path) -> None:
    person, records, rates, year = CONTESTED[name]
    case = {"person": person, "records": records, "exchange_rates": rates}
    assert differences(case, range(year, year + 1), tmp_path / "case") == []
