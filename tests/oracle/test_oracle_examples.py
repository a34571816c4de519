"""The oracle itself, on the worked examples of the law dossier (E published, X derived) and on corner cases."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from company_histories import company
from histories import individual
from oracle_days import last_working, moment, part, round_to, works
from oracle_fee import interest

import oracle

Row = dict[str, Any]
PERSON: Row = {"id": "900101300017", "kind": "individual", "resident": True}
LICENCE = [{"kind": "mining_I", "from": date(2022, 1, 1)}]
MILLION = 1_000_000


def rec(time: str, kind: str, asset: str, quantity: str, value: str = "", currency: str = "", **more: str) -> Row:
    stamp = time if "T" in time else f"{time}T12:00:00+05:00"
    row = {"time": stamp, "kind": kind, "asset": asset, "quantity": quantity, "value": value, "currency": currency}
    return {**row, "id": f"{time}-{kind}-{asset}-{quantity}", **more}


def person_case(*records: Row, person: Row | None = None, **more: Any) -> Row:
    return {"person": {**PERSON, **(person or {})}, "records": list(records), **more}


def income(case: Row, year: int) -> oracle.Answer:
    return oracle.assess(case, year)["personal_income_tax.digital_asset_income", str(year)]


def due(case: Row, year: int) -> Fraction | None:
    return oracle.assess(case, year)["personal_income_tax.tax_due", str(year)].value


def gain_case(year: int, *gains: tuple[int, int], person: Row | None = None) -> Row:
    """Coins bought and sold for whole tenge, a coin of its own for each pair."""
    records = []
    for number, (cost, price) in enumerate(gains):
        records.append(rec(f"{year}-02-02", "buy", f"C{number}", "1", str(cost), "KZT"))
        records.append(rec(f"{year}-06-02", "sell", f"C{number}", "1", str(price), "KZT"))
    return person_case(*records, person=person)


def test_e1_giving_tenge_is_no_income() -> None:
    case = person_case(rec("2025-03-03", "buy", "USDT", "1000", "450000", "KZT"))
    assert due(case, 2025) == 0


def test_e1_the_cost_of_the_stablecoin_is_what_was_paid() -> None:
    buy = rec("2025-03-03", "buy", "USDT", "1000", "450000", "KZT")
    case = person_case(buy, rec("2025-04-03", "sell", "USDT", "1000", "500000", "KZT"))
    assert income(case, 2025).value == 50_000


def test_e2_ten_thousand_mci_a_year() -> None:
    case = gain_case(2026, (0, 10_000 * 4325))
    assert due(case, 2026) == Fraction("4649375")


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_e11_ten_per_cent_of_the_gain(year: int) -> None:
    case = gain_case(year, (4 * MILLION, 6 * MILLION))
    assert income(case, year).value == 2 * MILLION
    assert due(case, year) == 200_000


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_e12_a_fee_does_not_reduce_the_gain(year: int) -> None:
    case = gain_case(year, (10 * MILLION, 15 * MILLION))
    case["records"][1] |= {"fee": "50000", "fee_asset": "KZT"}
    assert income(case, year).value == 5 * MILLION
    assert due(case, year) == 500_000


def test_e13_a_miner_is_not_taxed_on_sales_less_costs() -> None:
    case = company_case(
        rec("2024-06-03", "sell", "BTC", "1", "3000000", "KZT"),
        payouts=[{"date": "2024-05-06", "asset": "BTC", "quantity": "1", "pool": "p"}],
        asset_values=[{"date": "2024-05-06", "asset": "BTC", "value": "2500000", "currency": "KZT"}],
        expenses=[{"date": "2024-05-31", "category": "electricity", "amount": "1200000", "currency": "KZT"}],
    )
    assert cit(case, 2024, "tax") == 500_000


# --- the fee: X1 to X13 ---

QUARTER: Row = {"start": "2026-01-01", "end": "2026-04-01", "kwh": "2160000"}


def fee(year: int, licence: bool = True, **row: str) -> oracle.Answer:
    person = {"kind": "company", "licence": LICENCE if licence else []}
    reading = {**QUARTER, "start": f"{year}-01-01", "end": f"{year}-04-01", **row}
    return oracle.assess({"person": person, "energy": [reading]}, year)["mining_fee.due", f"{year}-Q1"]


@pytest.mark.parametrize(
    ("year", "licence", "row", "expected"),
    [
        (2026, True, {}, 4_320_000),  # X1
        (2026, True, {"own_plant": "yes", "renewable": "yes"}, 2_160_000),  # X2
        (2026, True, {"own_plant": "yes", "grid_connected": "no"}, 2_160_000),  # X2
        (2026, True, {"own_plant": "yes", "grid_connected": "yes"}, 4_320_000),  # X3
        (2026, False, {}, 54_000_000),  # X4
        (2026, False, {"own_plant": "yes", "renewable": "yes"}, 54_000_000),  # X4
        (2026, True, {"meter_state": "faulty", "kwh": "", "max_power_kw": "1000"}, 54_000_000),  # X5
        (2022, True, {}, 2_160_000),  # X6
        (2023, True, {"price_per_kwh": "26"}, 2_160_000),  # X7
        (2023, True, {"price_per_kwh": "24.01"}, 2_160_000),  # X7
        (2023, True, {"price_per_kwh": "24"}, 4_320_000),  # X8
        (2023, True, {"price_per_kwh": "10"}, 34_560_000),  # X9
        (2023, True, {"price_per_kwh": "0.5"}, 54_000_000),  # row 1
        (2023, True, {"own_plant": "yes"}, 21_600_000),  # X10
        (2023, True, {"own_plant": "yes", "grid_connected": "no", "price_per_kwh": "5"}, 21_600_000),  # X10
        (2023, True, {"own_plant": "yes", "renewable": "yes"}, 2_160_000),  # F23-re
        (2023, True, {"meter_state": "missing", "max_power_kw": "1000"}, 54_000_000),  # F23-nm
        (2024, True, {}, 4_320_000),  # X11
        (2024, False, {}, 4_320_000),  # X12
        (2023, True, {"hosted": "yes", "price_per_kwh": "10"}, 0),  # semantics 17
        (2024, True, {"hosted": "yes"}, 4_320_000),  # U3
    ],
)
def test_fee_examples(year: int, licence: bool, row: Row, expected: int) -> None:
    assert fee(year, licence, **row).value == expected


def test_x13_a_broken_meter_in_2024() -> None:
    row = {"start": "2024-04-01", "end": "2024-06-30", "meter_state": "faulty", "max_power_kw": "1000"}
    case = {"person": {"kind": "company"}, "energy": [row]}
    assert oracle.assess(case, 2024)["mining_fee.due", "2024-Q2"].value == 4_320_000


def test_fee_unknown_without_price_or_power() -> None:
    assert fee(2023).value is None
    assert fee(2026, meter_state="missing").value is None


def test_a_reading_across_quarters_and_years_is_split_by_time() -> None:
    row = {"start": "2025-12-01", "end": "2026-01-31", "kwh": "6100"}
    case = {"person": {"kind": "company"}, "energy": [row]}
    assert oracle.assess(case, 2025)["mining_fee.due", "2025-Q4"].value == 6200
    assert oracle.assess(case, 2026)["mining_fee.due", "2026-Q1"].value == 75_000  # no licence: 25


def test_a_licence_that_ends_inside_a_reading() -> None:
    person = {
        "kind": "company",
        "licence": [{"kind": "mining_II", "from": date(2025, 1, 1), "until": date(2026, 1, 9)}],
    }
    case = {"person": person, "energy": [{"start": "2026-01-01", "end": "2026-01-11", "kwh": "1000"}]}
    assert oracle.assess(case, 2026)["mining_fee.due", "2026-Q1"].value == 900 * 2 + 100 * 25


# --- companies: X14 to X18 ---


def company_case(*records: Row, **more: Any) -> Row:
    return {"person": {"id": "x", "kind": "company", "licence": LICENCE}, "records": list(records), **more}


def cit(case: Row, year: int, name: str) -> Fraction | None:
    return oracle.assess(case, year)[f"corporate_income_tax.{name}", str(year)].value


def miner(*records: Row, year: int = 2026, commission: str = "") -> Row:
    payout = {"date": f"{year}-03-02", "asset": "BTC", "quantity": "1.5", "pool": "p", "commission": commission}
    value = {"date": f"{year}-03-02", "asset": "BTC", "value": "50000000", "currency": "KZT", "kind": "official"}
    return company_case(*records, payouts=[payout], asset_values=[value])


def test_x14_x16_mining_income() -> None:
    case = miner(commission="0.03")
    assert cit(case, 2026, "mining_income") == 75 * MILLION
    assert cit(case, 2026, "tax") == 15 * MILLION


def test_x15_the_sale_of_mined_coins_is_no_further_income() -> None:
    case = miner(rec("2026-05-04", "sell", "BTC", "1.5", "90000000", "KZT"))
    assert cit(case, 2026, "taxable_income") == 75 * MILLION
    assert cit(case, 2026, "trading_gain") == 0


def test_coins_of_2025_sold_in_2026_are_excluded_unless_chosen() -> None:
    case = miner(rec("2026-05-04", "sell", "BTC", "1.5", "90000000", "KZT"), year=2025)
    case["asset_values"][0]["date"] = "2025-02-28"  # 2 March 2025 is a Sunday
    assert cit(case, 2025, "mining_income") == 75 * MILLION
    assert cit(case, 2026, "taxable_income") == 0
    case["person"]["elections"] = {"mined_before_2026": "gain_over_taxed_value"}
    assert cit(case, 2026, "trading_gain") == 15 * MILLION


@pytest.mark.parametrize(
    ("deals", "expected", "carried"),
    [(((10, 20), (10, 6)), 6 * MILLION, 0), (((10, 14), (20, 10)), 0, 6 * MILLION)],
)
def test_x17_x18_a_trader_in_2026(deals: Any, expected: int, carried: int) -> None:
    records = gain_case(2026, *((a * MILLION, b * MILLION) for a, b in deals))["records"]
    case = company_case(*records)
    assert cit(case, 2026, "taxable_income") is None  # a mining licence, and nothing says what was mined
    case["payouts"] = [{"date": "2026-12-31", "asset": "BTC", "quantity": "0"}]
    assert cit(case, 2026, "trading_income") == expected
    assert cit(case, 2026, "loss_carried_forward") == carried
    assert cit(case, 2026, "taxable_income") == expected


def test_a_mixed_sale_is_divided_by_quantity() -> None:
    buy = rec("2026-03-03", "buy", "BTC", "0.5", "20000000", "KZT")
    case = miner(buy, rec("2026-05-04", "sell", "BTC", "2", "100000000", "KZT"))
    assert cit(case, 2026, "trading_gain") == 5 * MILLION


def test_readings_of_mining_expenses() -> None:
    expenses = [
        {"date": "2024-06-01", "category": "electricity", "amount": "100", "currency": "KZT"},
        {"date": "2024-06-01", "category": "pool_service", "amount": "10", "currency": "KZT"},
        {"date": "2024-06-01", "category": "equipment", "amount": "1000", "currency": "KZT"},
        {"date": "2024-06-01", "category": "rent", "amount": "1", "currency": "KZT", "activity": "other"},
    ]
    case = company_case(expenses=expenses)
    assert (cit(case, 2024, "denied_expenses"), cit(case, 2024, "allowed_expenses")) == (110, 1)
    case["person"]["elections"] = {"mining_expenses": "text"}
    assert (cit(case, 2024, "denied_expenses"), cit(case, 2024, "allowed_expenses")) == (10, 101)


def test_the_denied_share_of_2023() -> None:
    case = miner(rec("2023-07-03", "sell", "BTC", "0.5", "1", "KZT", account="okx"), year=2023)
    case["expenses"] = [{"date": "2023-06-01", "category": "electricity", "amount": "300", "currency": "KZT"}]
    case["payouts"][0]["date"] = case["asset_values"][0]["date"] = "2023-05-02"
    assert cit(case, 2023, "denied_expenses") == 100
    case["person"]["account"] = [{"name": "okx", "aifc_exchange": True}]
    assert cit(case, 2023, "denied_expenses") == 0


def test_mined_before_april_2023_costs_nothing() -> None:
    case = company_case(rec("2023-03-01", "mined", "BTC", "1"), rec("2026-05-04", "sell", "BTC", "1", "900", "KZT"))
    assert cit(case, 2023, "mining_income") == 0
    assert cit(case, 2026, "trading_gain") == 900


@pytest.mark.parametrize(("payer", "value", "high"), [(True, 12, 12), (False, 0, 0), (None, None, 12)])
def test_vat_of_2023(payer: bool | None, value: int | None, high: int) -> None:
    case = company_case(rec("2023-06-01", "sell", "BTC", "1", "100", "KZT"))
    if payer is not None:
        case["person"]["year"] = [{"year": 2023, "vat_payer": payer}]
    tax = oracle.assess(case, 2023)["value_added_tax.tax", "2023-Q2"]
    assert (tax.value, tax.high) == (value, high)


# --- persons: X19 to X32 ---


@pytest.mark.parametrize(
    ("gains", "facts", "expected"),
    [
        (((0, 2),), {}, 200_000),  # X19
        (((0, 40),), {}, 4_161_875),  # X20
        (((0, 50),), {}, 5_661_875),  # X20
        (((0, 10),), {"employment_income_taxable": "30000000", "personal_income_tax_withheld": "3000000"}, 1_161_875),
        (((0, 10),), {"employment_income_taxable": "20000000", "personal_income_tax_withheld": "2000000"}, MILLION),
        (((2, 5), (5, 3)), {}, 300_000),  # X24
    ],
)
def test_scale_and_aggregation_of_2026(gains: Any, facts: Row, expected: int) -> None:
    deals = ((a * MILLION, b * MILLION) for a, b in gains)
    assert due(gain_case(2026, *deals, person={"year": [{"year": 2026, **facts}]}), 2026) == expected


def test_x23_no_purchase_document() -> None:
    buy = rec("2026-02-02", "buy", "BTC", "1", "4000000", "KZT", document="none")
    case = person_case(buy, rec("2026-06-02", "sell", "BTC", "1", "5000000", "KZT"))
    assert due(case, 2026) == 500_000


def test_x25_the_mean_rate_of_the_year() -> None:
    buy = rec("2026-02-02", "buy", "BTC", "1", "10000", "USD")
    case = person_case(buy, rec("2026-06-02", "sell", "BTC", "1", "14000", "USD"))
    assert due(case, 2026) is None  # the year is not over
    case["exchange_rates"] = [{"date": "2026-12-31", "currency": "USD", "rate": "500", "kind": "year_mean"}]
    assert due(case, 2026) == 200_000


def test_the_mean_is_taken_over_calendar_days() -> None:
    buy = rec("2026-02-02", "buy", "BTC", "1", "10000", "USD")
    case = person_case(buy, rec("2026-06-02", "sell", "BTC", "1", "10365", "USD"))
    days = [("2026-01-01", "500"), ("2026-12-22", "600"), ("2026-12-31", "600")]
    case["exchange_rates"] = [{"date": d, "currency": "USD", "rate": r, "quantity": "1"} for d, r in days]
    assert income(case, 2026).value == 365 * 500 + 10 * 100


def test_x27_first_in_first_out() -> None:
    case = person_case(
        rec("2025-02-03", "buy", "BTC", "1", "20000000", "KZT"),
        rec("2025-03-03", "buy", "BTC", "1", "30000000", "KZT"),
        rec("2025-06-02", "sell", "BTC", "1", "40000000", "KZT"),
        person={"elections": {"lot_method": "average"}},  # 2025 gives no choice
    )
    assert due(case, 2025) == 2 * MILLION


def test_average_cost_where_it_is_chosen() -> None:
    case = person_case(
        rec("2026-02-03", "buy", "BTC", "1", "20000000", "KZT"),
        rec("2026-03-03", "buy", "BTC", "1", "30000000", "KZT"),
        rec("2026-06-02", "sell", "BTC", "1", "40000000", "KZT"),
        person={"elections": {"2026": {"lot_method": "average"}}},
    )
    assert income(case, 2026).value == 15 * MILLION


def stablecoin_case(*more: Row) -> Row:
    buy = rec("2025-02-03", "buy", "BTC", "1", "20000000", "KZT")
    case = person_case(buy, rec("2025-06-02", "sell", "BTC", "1", "60000", "USDT"), *more)
    case["exchange_rates"] = [{"date": "2025-05-30", "currency": "USD", "rate": "500", "kind": "market"}]
    return case


def test_x28_crypto_for_a_stablecoin() -> None:
    assert due(stablecoin_case(), 2025) == MILLION


def test_x29_the_second_leg_is_not_a_sale() -> None:
    case = stablecoin_case(rec("2025-07-01", "sell", "USDT", "60000", "33000000", "KZT"))
    assert due(case, 2025) == MILLION


def test_a_bought_stablecoin_is_sold_and_an_exchanged_one_is_not() -> None:
    bought = rec("2025-06-03", "buy", "USDT", "20000", "8000000", "KZT")
    case = stablecoin_case(bought, rec("2025-07-01", "sell", "USDT", "80000", "40000000", "KZT"))
    assert income(case, 2025).value == 10 * MILLION + 2 * MILLION  # 40m x 2/8 - 8m


def test_giving_a_stablecoin_for_crypto_is_no_sale_in_2025_and_a_sale_in_2026() -> None:
    for year, expected in ((2025, 0), (2026, 500_000)):
        case = person_case(
            rec("2024-03-04", "buy", "USDT", "1000", "450000", "KZT"),
            rec(f"{year}-06-02", "buy", "ETH", "1", "1000", "USDT"),
        )
        case["exchange_rates"] = [{"date": "2026-12-31", "currency": "USD", "rate": "950", "kind": "year_mean"}]
        assert income(case, year).value == expected


def test_x30_a_staking_reward() -> None:
    case = person_case(rec("2025-02-03", "staked", "ETH", "1"), rec("2025-06-02", "sell", "ETH", "1", "1000000", "KZT"))
    assert due(case, 2025) == 100_000


@pytest.mark.parametrize(("year", "low_tax", "expected"), [(2023, False, 6), (2024, False, 4), (2024, True, 6)])
def test_x31_x32_sale_on_a_foreign_exchange(year: int, low_tax: bool, expected: int) -> None:
    case = gain_case(year, (20 * MILLION, 60 * MILLION))
    case["records"][1]["account"] = "abroad"
    case["person"]["account"] = [{"name": "abroad", "country": "AE", "low_tax": low_tax}]
    assert due(case, year) == expected * MILLION


def test_x33_late_interest_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oracle_fee.base_rate", lambda day: Fraction(18, 100))
    paid = [(date(2025, 1, 31), Fraction(MILLION))]
    exact = interest(Fraction(MILLION), date(2025, 1, 1), paid, {})
    assert exact is not None
    assert round_to(exact) == Fraction("18493.15")


def test_late_interest_over_a_change_of_rate_and_in_two_payments() -> None:
    case = {
        "person": {"kind": "company"},
        "energy": [{"start": "2024-01-01", "end": "2024-04-01", "kwh": "500000"}],
        "payments": [
            {"date": "2024-06-04", "name": "mining_fee", "period": "2024-Q1", "amount": "400000"},
            {"date": "2024-06-05", "name": "mining_fee", "period": "2024-Q1", "amount": "600000"},
        ],
    }
    # due 25.05: 26.05-02.06 at 14.75 (8 days), 03.06-04.06 at 14.50 on the whole, 05.06 on the rest
    sum_of_days = MILLION * (8 * Fraction("14.75") + 2 * Fraction("14.5")) + 600_000 * Fraction("14.5")
    expected = round_to(sum_of_days / 100 * Fraction("1.25") / 365)
    assert oracle.assess(case, 2024)["late_interest.due", "2024"].value == expected


# --- shortages, joins, rounding, days ---


def test_a_shortage_gives_bounds() -> None:
    case = person_case(
        rec("2026-02-02", "buy", "BTC", "1", "100", "KZT"), rec("2026-06-02", "sell", "BTC", "4", "800", "KZT")
    )
    answer = income(case, 2026)
    assert (answer.value, answer.low, answer.high) == (None, 100, 700)


def test_fills_of_one_order_are_one_sale() -> None:
    case = person_case(
        rec("2026-02-02", "buy", "BTC", "1", "100", "KZT"),
        rec("2026-02-03", "buy", "BTC", "1", "300", "KZT"),
        rec("2026-06-02T10:00:00+05:00", "sell", "BTC", "1", "200", "KZT", group="o1"),
        rec("2026-06-02T10:00:09+05:00", "sell", "BTC", "1", "200", "KZT", group="o1"),
    )
    assert income(case, 2026).value == 0
    for row in case["records"]:
        row.pop("group", None)
    assert income(case, 2026).value == 100


def test_mixed_currencies_convert_each_side() -> None:
    buy = rec("2024-02-05", "buy", "BTC", "1", "10", "USD")
    case = person_case(buy, rec("2024-06-03", "sell", "BTC", "1", "9000", "KZT"))
    case["exchange_rates"] = [{"date": "2024-02-02", "currency": "USD", "rate": "450", "kind": "market"}]
    assert income(case, 2024).value == 4500


def test_parts_sum_and_round_half_up() -> None:
    assert [part(Fraction(1), Fraction(3), Fraction(k), Fraction(k + 1), Fraction(1, 100)) for k in range(3)] == [
        Fraction("0.33"),
        Fraction("0.34"),
        Fraction("0.33"),
    ]
    assert round_to(Fraction("0.005")) == Fraction("0.01")
    assert round_to(Fraction("-0.005")) == Fraction("-0.01")


def test_days() -> None:
    assert last_working(date(2026, 3, 25)) == date(2026, 3, 20)
    assert not works(date(2026, 8, 31))
    assert sum(works(date.fromordinal(date(2026, 1, 1).toordinal() + n)) for n in range(365)) == 246
    assert moment("2024-02-29T12:00:00").hour == 6
    assert moment("2024-03-01T12:00:00").hour == 7


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    for case in (individual(seed, 60), company(seed, 60)):
        mixed = {k: random.Random(seed).sample(v, len(v)) if isinstance(v, list) else v for k, v in case.items()}
        for year in range(2023, 2027):
            assert oracle.assess(mixed, year) == oracle.assess(case, year)


@pytest.mark.parametrize("seed", range(12))
def test_what_must_hold_of_any_history(seed: int) -> None:
    for year in range(2023, 2027):
        for (name, _), answer in oracle.assess(individual(seed, 60), year).items():
            if answer.value is not None:
                assert answer.low == answer.high == answer.value, name
                assert answer.value >= 0
                assert answer.value == round_to(answer.value)
            elif answer.low is not None and answer.high is not None:
                assert 0 <= answer.low < answer.high
