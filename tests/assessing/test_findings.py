"""Each finding that law promises is said where it holds and not said where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

import salyq
from salyq.assessing.result import Assessment, Finding
from salyq.civil.messages import LANGUAGES
from salyq.law import shipped
from salyq.present.explain_text import why_page

INDIVIDUAL = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
COMPANY = 'id = "221140000000"\nkind = "company"\nresident = true\n'
LICENCE = '[[licence]]\nkind = "mining_I"\nfrom = 2020-01-01\n'
KZ_ACCOUNT = '[[account]]\nname = "desk"\ncountry = "KZ"\n'
HEAD = "time,kind,asset,quantity,value,currency,account,counterparty,fee,fee_asset,group,proof\n"
COLUMNS = HEAD.count(",")
ENERGY = "start,end,kwh,meter_state,own_plant,renewable,grid_connected,price_per_kwh,max_power_kw,hosted\n"
EXPENSES = "date,category,amount,currency,activity\n"
PAYOUTS = "date,asset,quantity\n"
RATES = "date,currency,rate,quantity,kind\n" + "".join(
    f"{y}-{m:02d}-{d:02d},USD,500,1,market\n"
    for y in range(2022, 2027)
    for m in range(1, 13)
    for d in (1, 5, 10, 15, 20, 25)
)
MEANS = "".join(f"{y}-01-01,USD,500,1,year_mean\n" for y in range(2022, 2027))
VALUES = "date,asset,value,currency,kind\n" + "".join(
    f"{y}-{m:02d}-{d:02d},{a},1000000,KZT,{kind}\n"
    for y in range(2022, 2027)
    for m in (4, 5, 6)
    for d in (9, 10, 11)
    for a in ("BTC", "ETH")
    for kind in ("official", "market", "day_average")
)


def bought(year: int, *, value: str = "1000000,KZT", asset: str = "BTC") -> str:
    return f"{year}-05-10T10:00:00+05:00,buy,{asset},2,{value},desk,,,,\n"


def sold(year: int, *, value: str = "3000000,KZT", asset: str = "BTC") -> str:
    return f"{year}-06-10T10:00:00+05:00,sell,{asset},1,{value},desk,,,,\n"


def row(year: int, kind: str, asset: str = "BTC", more: str = ",,desk,,,,") -> str:
    return f"{year}-06-10T12:00:00+05:00,{kind},{asset},1,{more}\n"


UNREAD = "2025-06-11T10:00:00+05:00,sell,BTC,a lot,3000000,KZT,desk,,,,\n"  # a row that is rejected


def swap(year: int, given: str, received: str) -> str:
    return row(year, "swap_out", given, ",,desk,,,,g1") + row(year, "swap_in", received, ",,desk,,,,g1")


SETTLED = "2026-06-10T12:00:00+05:00,derivative_result,BTC,0.1,0.1,{},desk,,,,,\n"


def served(period: str, amount: str) -> str:
    return f'[[turnover]]\nperiod = "{period}"\nservices = "{amount}"\n'


def staff(year: int, number: int, *, large: str = "false") -> str:
    return f'[[year]]\nyear = {year}\naverage_staff = {number}\naverage_income = "1.00"\nlarge_business = {large}\n'


# a tenge in the first half, the rest in the second: the limit of 2026 is a year's
OVER_TWO_HALVES = served("2026-Q1", "1.00") + '[[turnover]]\nperiod = "2026-Q4"\nservices = '


def reading(year: int, more: str = "1000,ok,no,no,yes,5,,no") -> str:
    return f"{year}-04-01,{year}-07-01,{more}\n"


def _filled(rows: str) -> str:
    """Rows written without the last columns."""
    return "".join(line + "," * (COLUMNS - line.count(",")) + "\n" for line in rows.splitlines())


@pytest.fixture
def assessed(tmp_path: Path):
    """Writes a case and assesses it: `assessed(person, year, records=…, energy=…)`."""

    def run(person: str, year: int, **files: str) -> Assessment:
        heads = {"records": HEAD, "energy": ENERGY, "expenses": EXPENSES, "payouts": PAYOUTS}
        (tmp_path / "person.toml").write_text(person, encoding="utf-8")
        files = {n: _filled(t) if n == "records" else t for n, t in files.items()}
        for name, rows in files.items():
            (tmp_path / f"{name}.csv").write_text(heads[name] + rows, encoding="utf-8")
        if not files:
            (tmp_path / "records.csv").write_text(HEAD, encoding="utf-8")
        (tmp_path / "asset_values.csv").write_text(VALUES, encoding="utf-8")
        (tmp_path / "exchange_rates.csv").write_text(RATES + MEANS, encoding="utf-8")
        return salyq.assess(salyq.read_case(tmp_path), year=year)

    return run


def of(result: Assessment, code: str) -> Finding | None:
    found = [f for f in result.findings if f.code == code]
    assert len(found) <= 1
    return found[0] if found else None


def stated(year: int, *facts: str) -> str:
    return f"[[year]]\nyear = {year}\n" + "".join(f"{f}\n" for f in facts)


SALE_2024 = bought(2024) + sold(2024)
SALE_2026 = bought(2026) + sold(2026)
CONTRIBUTED = row(2026, "contributed_out", more="3000000,KZT,desk,,,,")
NON_RESIDENT = INDIVIDUAL.replace("true", "false")
PROPRIETOR = INDIVIDUAL.replace("individual", "sole_proprietor")
ABROAD = KZ_ACCOUNT.replace("KZ", "SG")
GENERAL = '[[regime]]\nkind = "general"\nfrom = 2018-01-01\n'
SIMPLIFIED = GENERAL.replace("general", "simplified")
DISTRICT = SIMPLIFIED + 'rate = "0.03"\n'
VALUED = "1000000,KZT,desk,,,,,valuer_report"
PERSONAL = [
    ("officials_show_deals", 2026, INDIVIDUAL + stated(2026, "public_official = true"), SALE_2026, True),
    ("officials_show_deals", 2026, INDIVIDUAL + stated(2026, "public_official = false"), SALE_2026, False),
    ("officials_show_deals", 2026, INDIVIDUAL, SALE_2026, False),
    ("social_ground_not_stated", 2026, INDIVIDUAL + stated(2026, 'social_deduction = "3814650.01"'), SALE_2026, True),
    ("social_ground_not_stated", 2026, INDIVIDUAL + stated(2026, 'social_deduction = "3814650.00"'), SALE_2026, False),
    ("source_assumed", 2023, INDIVIDUAL, bought(2023) + sold(2023), True),
    ("source_assumed", 2025, INDIVIDUAL, bought(2025) + sold(2025), True),
    ("source_assumed", 2023, INDIVIDUAL + KZ_ACCOUNT, bought(2023) + sold(2023), False),
    ("source_assumed", 2023, INDIVIDUAL, bought(2023) + row(2023, "gift_out"), False),
    ("source_assumed", 2026, INDIVIDUAL, SALE_2026, False),
    ("swap_is_sale", 2024, INDIVIDUAL, bought(2024) + swap(2024, "BTC", "ETH"), True),
    ("swap_is_sale", 2026, INDIVIDUAL, bought(2026) + swap(2026, "BTC", "ETH"), True),
    ("swap_is_sale", 2025, INDIVIDUAL, bought(2025) + swap(2025, "BTC", "ETH"), False),
    ("swap_is_sale", 2024, INDIVIDUAL, SALE_2024, False),
    ("fee_in_asset_no_income", 2024, INDIVIDUAL, SALE_2024 + row(2024, "fee"), True),
    (
        "fee_in_asset_no_income",
        2024,
        INDIVIDUAL + '[elections]\nfee_in_asset = "sale_at_value"\n',
        SALE_2024 + row(2024, "fee"),
        False,
    ),
    ("fee_in_asset_no_income", 2024, INDIVIDUAL, SALE_2024, False),
    ("mixed_currencies", 2024, INDIVIDUAL, bought(2024) + sold(2024, value="9000,USD"), True),
    ("mixed_currencies", 2026, INDIVIDUAL, bought(2026, value="2000,USD") + sold(2026), True),
    ("mixed_currencies", 2024, INDIVIDUAL, bought(2024, value="2000,USD") + sold(2024, value="9000,USD"), False),
    ("mixed_currencies", 2024, INDIVIDUAL, sold(2024, value="9000,USD"), False),  # no purchase, so no other currency
    ("stablecoin_list_assumed", 2025, INDIVIDUAL, bought(2025) + swap(2025, "BTC", "USDT"), True),
    (
        "stablecoin_list_assumed",
        2026,
        INDIVIDUAL,
        row(2025, "swap_in", "BTC", "2000,USDT,desk,,,,").replace("swap_in", "buy") + sold(2026),
        True,
    ),
    (
        "stablecoin_list_assumed",
        2026,
        INDIVIDUAL + "[elections]\nstablecoins = {}\n",
        bought(2026) + swap(2026, "BTC", "ETH"),
        False,
    ),
    ("stablecoin_list_assumed", 2026, INDIVIDUAL, SALE_2026, False),
    ("reward_no_income", 2024, INDIVIDUAL, row(2024, "staked"), True),
    ("reward_no_income", 2026, INDIVIDUAL, row(2026, "airdrop"), False),
    ("reward_no_income", 2026, INDIVIDUAL + '[elections]\nreceipts = "no_income"\n', row(2026, "airdrop"), True),
    ("reward_income", 2026, INDIVIDUAL, row(2026, "airdrop"), True),
    ("reward_income", 2025, INDIVIDUAL, row(2025, "airdrop"), False),
    ("gift_costs_nothing", 2026, INDIVIDUAL, row(2026, "gift_in"), True),
    ("gift_costs_nothing", 2024, INDIVIDUAL, row(2024, "inherited"), True),
    ("gift_costs_nothing", 2026, INDIVIDUAL, row(2026, "inherited", more=VALUED), False),
    ("valuer_report_in_time", 2026, INDIVIDUAL, row(2026, "inherited", more=VALUED), True),
    ("valuer_report_in_time", 2026, INDIVIDUAL, row(2026, "inherited"), False),
    ("mined_without_business", 2025, INDIVIDUAL, row(2025, "mined"), True),
    ("mined_without_business", 2025, INDIVIDUAL + LICENCE, row(2025, "mined"), False),
    ("mined_without_business", 2022, INDIVIDUAL, row(2022, "mined"), False),
    ("deduction_limit_not_read", 2025, INDIVIDUAL + stated(2025, 'base_deduction = "9.00"'), bought(2025), True),
    ("deduction_limit_not_read", 2025, INDIVIDUAL, bought(2025), False),
    ("non_resident_gross", 2025, NON_RESIDENT + KZ_ACCOUNT, bought(2025) + sold(2025), True),
    ("non_resident_gross", 2026, NON_RESIDENT + ABROAD, SALE_2026, False),
    ("non_resident_gross", 2025, INDIVIDUAL + KZ_ACCOUNT, bought(2025) + sold(2025) + UNREAD, False),
    ("non_resident_gross", 2025, NON_RESIDENT + KZ_ACCOUNT, bought(2025) + UNREAD, True),  # it could have been a sale
    ("proprietor_by_analogy", 2025, PROPRIETOR, row(2025, "mined"), True),
    ("proprietor_by_analogy", 2026, PROPRIETOR, row(2026, "mined"), False),
    ("regime_assumed", 2026, PROPRIETOR, row(2026, "mined"), True),
    ("regime_assumed", 2026, PROPRIETOR + GENERAL, row(2026, "mined"), False),
    ("regime_assumed", 2026, PROPRIETOR, SALE_2026, False),
    ("own_coins_are_property", 2026, PROPRIETOR, SALE_2026, True),
    ("own_coins_are_property", 2026, INDIVIDUAL, SALE_2026, False),
    ("simplified_barred", 2026, PROPRIETOR + SIMPLIFIED, row(2026, "mined"), True),
    ("simplified_barred", 2025, PROPRIETOR + SIMPLIFIED, row(2025, "mined"), False),
    ("simplified_limit_exceeded", 2025, PROPRIETOR + SIMPLIFIED, row(2025, "mined").replace(",1,", ",95,", 1), True),
    ("simplified_limit_exceeded", 2025, PROPRIETOR + SIMPLIFIED, row(2025, "mined").replace(",1,", ",94,", 1), False),
    ("social_contributions_not_stated", 2025, PROPRIETOR + SIMPLIFIED, row(2025, "mined"), True),
    ("social_contributions_not_stated", 2025, PROPRIETOR + SIMPLIFIED, bought(2025), False),
    ("reward_no_income", 2024, INDIVIDUAL, row(2024, "gift_in"), False),
    ("deduction_not_claimed", 2026, INDIVIDUAL, SALE_2026, True),
    ("deduction_not_claimed", 2026, INDIVIDUAL, sold(2026), True),  # the gain is unknown, so it may exist
    ("deduction_not_claimed", 2026, INDIVIDUAL + stated(2026, 'base_deduction = "0.00"'), SALE_2026, False),
    ("deduction_not_claimed", 2026, INDIVIDUAL, bought(2026), False),
    ("deduction_not_claimed", 2025, INDIVIDUAL, bought(2025) + sold(2025), False),
    ("salary_not_stated", 2026, INDIVIDUAL, SALE_2026, True),
    ("salary_not_stated", 2026, INDIVIDUAL + stated(2026, 'employment_income_taxable = "0.00"'), SALE_2026, False),
    ("salary_not_stated", 2024, INDIVIDUAL, SALE_2024, False),
    ("deduction_not_applied", 2024, INDIVIDUAL + stated(2024, 'social_deduction = "100.00"'), SALE_2024, True),
    ("deduction_not_applied", 2024, INDIVIDUAL + stated(2024, 'base_deduction = "0.00"'), SALE_2024, False),
    ("deduction_not_applied", 2026, INDIVIDUAL + stated(2026, 'base_deduction = "100.00"'), SALE_2026, False),
    (
        "contribution_cap",
        2026,
        INDIVIDUAL,
        bought(2026) + row(2026, "contributed_out", more="3000000,KZT,desk,,,,"),
        True,
    ),
    ("contribution_cap", 2026, INDIVIDUAL, SALE_2026, False),
    ("low_tax_by_list", 2026, INDIVIDUAL + '[[account]]\nname = "desk"\ncountry = "SC"\n', SALE_2026, True),
    ("low_tax_by_list", 2026, INDIVIDUAL + '[[account]]\nname = "desk"\ncountry = "AE"\n', SALE_2026, False),
    ("purpose_not_stated", 2025, INDIVIDUAL + ABROAD, bought(2025) + row(2025, "spend"), True),
    ("purpose_not_stated", 2025, INDIVIDUAL + KZ_ACCOUNT, bought(2025) + row(2025, "spend"), False),
    ("purpose_not_stated", 2025, INDIVIDUAL + ABROAD, bought(2025) + sold(2025), False),
    ("dividends_apart", 2026, INDIVIDUAL + stated(2026, 'dividends = "9.00"'), SALE_2026, True),
    ("dividends_apart", 2026, INDIVIDUAL, SALE_2026, False),
    ("practice_days_not_read", 2026, INDIVIDUAL + stated(2026, 'private_practice_income = "9.00"'), SALE_2026, True),
    ("practice_days_not_read", 2026, INDIVIDUAL, SALE_2026, False),
    ("issuers_clause", 2025, INDIVIDUAL + KZ_ACCOUNT, bought(2025) + sold(2025), True),
    ("issuers_clause", 2025, INDIVIDUAL, bought(2025), False),
    ("issuers_clause", 2024, INDIVIDUAL + KZ_ACCOUNT, SALE_2024, False),
    ("derivative_by_delivery", 2026, INDIVIDUAL, SETTLED.format("BTC"), True),
    ("derivative_by_delivery", 2026, INDIVIDUAL, SETTLED.format("KZT"), False),
    ("citizenship_not_stated", 2025, NON_RESIDENT, bought(2025), True),
    ("citizenship_not_stated", 2025, NON_RESIDENT + stated(2025, "citizen = false"), bought(2025), False),
    ("citizenship_not_stated", 2026, NON_RESIDENT, bought(2026), False),
    ("local_rate_not_stated", 2026, PROPRIETOR + SIMPLIFIED + served("2026-Q1", "9.00"), bought(2026), True),
    ("local_rate_not_stated", 2026, PROPRIETOR + DISTRICT + served("2026-Q1", "9.00"), bought(2026), False),
    ("simplified_staff_exceeded", 2025, PROPRIETOR + SIMPLIFIED + staff(2025, 31), bought(2025), True),
    ("simplified_staff_exceeded", 2025, PROPRIETOR + SIMPLIFIED + staff(2025, 30), bought(2025), False),
    ("simplified_staff_exceeded", 2025, PROPRIETOR + SIMPLIFIED + staff(2025, 29), bought(2025), False),
    ("simplified_limit_exceeded", 2025, PROPRIETOR + SIMPLIFIED + served("2025-Q2", "94517415.99"), "", False),
    ("simplified_limit_exceeded", 2025, PROPRIETOR + SIMPLIFIED + served("2025-Q2", "94517416.00"), "", False),
    ("simplified_limit_exceeded", 2025, PROPRIETOR + SIMPLIFIED + served("2025-Q2", "94517416.01"), "", True),
    ("simplified_limit_exceeded", 2026, PROPRIETOR + SIMPLIFIED + OVER_TWO_HALVES + '"2594999998.99"\n', "", False),
    ("simplified_limit_exceeded", 2026, PROPRIETOR + SIMPLIFIED + OVER_TWO_HALVES + '"2594999999.00"\n', "", False),
    ("simplified_limit_exceeded", 2026, PROPRIETOR + SIMPLIFIED + OVER_TWO_HALVES + '"2594999999.01"\n', "", True),
]


@pytest.mark.parametrize(
    ("code", "year", "person", "records", "wanted"),
    PERSONAL,
    ids=[f"{c[0]}-{c[1]}-{n}" for n, c in enumerate(PERSONAL)],
)
def test_personal(assessed, code: str, year: int, person: str, records: str, wanted: bool) -> None:
    assert (of(assessed(person, year, records=records), code) is not None) is wanted


def before_last(year: int, amount: str) -> str:
    return f'[[year]]\nyear = {year}\nincome_year_before_last = "{amount}"\n'


LOST_2025 = '[[loss]]\nyear = 2025\nkind = "digital_assets"\namount = "9.00"\n'
LOST_ON_DERIVATIVES = LOST_2025.replace("digital_assets", "derivatives")
MINED = "2025-05-10,BTC,2\n"
CORPORATE = [
    ("contribution_cap", 2026, {"records": bought(2026) + CONTRIBUTED}, True),
    ("contribution_cap", 2026, {"records": SALE_2026}, False),
    ("no_digital_losses_before_2026", 2026, {"records": SALE_2026, "person": LOST_2025}, True),
    ("no_digital_losses_before_2026", 2026, {"records": SALE_2026}, False),
    ("no_derivative_losses_before_2026", 2026, {"records": SALE_2026, "person": LOST_ON_DERIVATIVES}, True),
    ("no_derivative_losses_before_2026", 2026, {"records": SALE_2026, "person": LOST_2025}, False),
    ("advance_payments", 2024, {"records": bought(2024) + sold(2024)}, True),
    ("advance_payments", 2024, {"records": bought(2024)}, False),
    ("advance_payments", 2024, {"records": SALE_2024, "person": before_last(2024, "9.00")}, False),
    ("sums_of_the_year_before", 2025, {"person": stated(2025, 'business_losses_brought = "9.00"')}, True),
    ("sums_of_the_year_before", 2025, {"person": stated(2025, 'business_losses_brought = "0.00"')}, False),
    ("sums_of_the_year_before", 2025, {"person": LOST_2025.replace("2025", "2024")}, False),
    ("advances_owed", 2024, {"person": before_last(2024, "1199899999.99")}, False),
    ("advances_owed", 2024, {"person": before_last(2024, "1199900000.00")}, True),
    ("advances_owed", 2024, {"person": before_last(2024, "1199900000.01")}, True),
    ("advances_owed", 2024, {"records": SALE_2024}, False),
    ("miner_bought_coins", 2026, {"payouts": "2026-05-12,BTC,2\n", "records": SALE_2026}, True),
    ("miner_bought_coins", 2026, {"records": SALE_2026}, False),
    ("size_differs", 2026, {"records": SALE_2026, "person": staff(2026, 251, large="false")}, True),
    ("size_differs", 2026, {"records": SALE_2026, "person": staff(2026, 250, large="false")}, False),
    ("size_differs", 2026, {"records": SALE_2026, "person": staff(2026, 250, large="true")}, True),
    ("tax_not_deducted", 2024, {"expenses": "2024-05-10,tax,100,KZT,other\n"}, True),
    ("tax_not_deducted", 2024, {"expenses": "2024-05-10,rent,100,KZT,other\n"}, False),
    ("equipment_not_deducted", 2026, {"expenses": "2026-05-10,equipment,100,KZT,mining\n"}, True),
    ("equipment_not_deducted", 2026, {"expenses": "2026-05-10,depreciation,100,KZT,mining\n"}, False),
    (
        "activity_assumed",
        2026,
        {"expenses": "2026-05-10,rent,100,KZT,\n", "payouts": "2026-05-12,BTC,2\n"},
        True,
    ),
    ("activity_assumed", 2026, {"expenses": "2026-05-10,electricity,100,KZT,mining\n"}, False),
    ("activity_assumed", 2026, {"expenses": "2026-05-10,electricity,100,KZT,\n"}, False),
    ("mining_expenses_two_readings", 2024, {"expenses": "2024-05-10,electricity,100,KZT,mining\n"}, True),
    ("mining_expenses_two_readings", 2024, {"expenses": "2024-05-10,electricity,100,KZT,other\n"}, False),
    ("mining_expenses_two_readings", 2024, {"expenses": "2024-05-10,pool_service,100,KZT,mining\n"}, False),
    ("mining_expenses_two_readings", 2026, {"expenses": "2026-05-10,electricity,100,KZT,mining\n"}, False),
    ("off_exchange_costs_denied", 2023, {"payouts": "2023-05-10,BTC,2\n", "records": sold(2023)}, True),
    ("off_exchange_costs_denied", 2023, {"payouts": "2023-05-10,BTC,2\n"}, False),
    ("asset_not_on_value_list", 2024, {"payouts": "2024-05-10,ETH,2\n"}, True),
    ("asset_not_on_value_list", 2026, {"payouts": "2026-05-12,ETH,2\n"}, False),
    ("asset_not_on_value_list", 2026, {"payouts": "2026-05-12,DOGE,2\n"}, True),
    ("official_value_before_order", 2023, {"payouts": "2023-05-10,BTC,2\n"}, True),
    ("official_value_before_order", 2024, {"payouts": "2024-05-10,BTC,2\n"}, False),
    ("mined_before_2026_excluded", 2026, {"payouts": MINED, "records": sold(2026)}, True),
    ("mined_before_2026_excluded", 2025, {"payouts": MINED, "records": sold(2025)}, False),
    ("mined_before_2026_excluded", 2026, {"records": bought(2025) + sold(2026)}, False),
    ("lot_order_by_policy", 2026, {"records": bought(2026) + sold(2026)}, True),
    ("lot_order_by_policy", 2025, {"payouts": MINED, "records": sold(2025)}, False),
    ("swap_is_sale", 2025, {"records": bought(2025) + swap(2025, "BTC", "ETH")}, True),
    ("swap_is_sale", 2025, {"records": bought(2025) + sold(2025)}, False),
    ("stablecoin_list_assumed", 2025, {"records": bought(2025) + swap(2025, "BTC", "USDT")}, True),
    ("stablecoin_list_assumed", 2025, {"records": bought(2025) + sold(2025)}, False),
    ("loss_usable_for_years", 2026, {"records": bought(2026, value="9000000,KZT") + sold(2026)}, True),
    ("loss_usable_for_years", 2026, {"records": bought(2026) + sold(2026)}, False),
]


@pytest.mark.parametrize(
    ("code", "year", "files", "wanted"), CORPORATE, ids=[f"{c[0]}-{c[1]}-{n}" for n, c in enumerate(CORPORATE)]
)
def test_corporate(assessed, code: str, year: int, files: dict[str, str], wanted: bool) -> None:
    more = files.get("person", "")
    own = {k: v for k, v in files.items() if k != "person"}
    assert (of(assessed(COMPANY + more, year, **own), code) is not None) is wanted


FEE = [
    ("host_double_charge", 2024, LICENCE, "1000,ok,no,no,yes,5,,yes", True),
    ("host_double_charge", 2026, LICENCE, "1000,ok,no,no,yes,5,,yes", True),
    ("host_double_charge", 2023, LICENCE, "1000,ok,no,no,yes,5,,yes", False),
    ("host_double_charge", 2024, LICENCE, "1000,ok,no,no,yes,5,,no", False),
    ("price_without_vat", 2023, LICENCE, "1000,ok,no,no,yes,5,,no", True),
    ("price_without_vat", 2023, LICENCE, "1000,ok,yes,no,yes,5,,no", False),
    ("price_without_vat", 2024, LICENCE, "1000,ok,no,no,yes,5,,no", False),
    ("unmetered_at_full_power", 2023, LICENCE, ",missing,no,no,yes,5,10,no", True),
    ("unmetered_at_full_power", 2026, LICENCE, ",faulty,no,no,yes,5,10,no", True),
    ("unmetered_at_full_power", 2026, LICENCE, "1000,ok,no,no,yes,5,10,no", False),
    ("unlicensed_rate", 2026, "", "1000,ok,no,no,yes,5,,no", True),
    ("unlicensed_rate", 2026, LICENCE, "1000,ok,no,no,yes,5,,no", False),
    ("unlicensed_rate", 2025, "", "1000,ok,no,no,yes,5,,no", False),
    ("reduced_rate_two_readings", 2024, LICENCE, "1000,ok,yes,no,yes,5,,no", True),
    ("reduced_rate_two_readings", 2026, LICENCE, "1000,ok,no,no,no,5,,no", True),
    ("reduced_rate_two_readings", 2024, LICENCE, "1000,ok,yes,yes,yes,5,,no", False),
    ("reduced_rate_two_readings", 2024, LICENCE, "1000,ok,no,no,yes,5,,no", False),
    ("reduced_rate_two_readings", 2023, LICENCE, "1000,ok,yes,no,yes,5,,no", False),
]


@pytest.mark.parametrize(
    ("code", "year", "licence", "more", "wanted"), FEE, ids=[f"{c[0]}-{c[1]}-{n}" for n, c in enumerate(FEE)]
)
def test_mining_fee(assessed, code: str, year: int, licence: str, more: str, wanted: bool) -> None:
    result = assessed(COMPANY + licence, year, energy=reading(year, more))
    found = of(result, code)
    assert (found is not None) is wanted
    if found is not None:
        assert found.records == ("energy.csv:2",)


@pytest.mark.parametrize(
    ("year", "payer", "records", "wanted"),
    [
        (2024, "true", SALE_2024, True),
        (2026, "true", SALE_2026, True),
        (2026, "false", SALE_2026, False),
        (2026, "true", bought(2026), False),
        (2023, "true", bought(2023) + sold(2023), False),
    ],
)
def test_apportionment_of_vat(assessed, year: int, payer: str, records: str, wanted: bool) -> None:
    result = assessed(COMPANY + stated(year, f"vat_payer = {payer}"), year, records=records)
    found = of(result, "vat_apportionment")
    assert (found is not None) is wanted
    if found is not None:
        assert found.records == (f"{year}-Q2",)
        assert found.cites[0].startswith("tax-code-2025" if year >= 2026 else "tax-code-2017")


# --- what a finding carries -----------------------------------------------------------------------------------------
def test_a_finding_names_rows_article_and_count_in_three_languages(assessed) -> None:
    found = of(assessed(INDIVIDUAL, 2023, records=bought(2023) + sold(2023)), "source_assumed")
    assert found is not None
    assert (found.severity, found.cites, found.records) == ("notice", ("salyq:source-of-sale",), ("records.csv:3",))
    assert found.message.params["count"] == 1
    texts = found.message.texts()
    assert set(texts) == set(LANGUAGES)
    assert all("source_of_sale = foreign" in t and "1" in t for t in texts.values())


def test_another_source_is_an_alternative(assessed) -> None:
    result = assessed(INDIVIDUAL, 2023, records=bought(2023) + sold(2023))
    other = {a.choice: a.value for a in result["personal_income_tax.digital_asset_income"].alternatives}
    assert str(result["personal_income_tax.digital_asset_income"].value) == "2500000.00"
    assert str(other["foreign"]) == "3000000.00"


def test_findings_of_a_tax_that_is_not_computed_are_silent(assessed) -> None:
    result = assessed(INDIVIDUAL, 2020, records=bought(2020) + sold(2020))
    assert result["personal_income_tax.tax"].status == "unknown"
    assert of(result, "source_assumed") is None


def test_every_finding_can_be_said_in_every_language(assessed) -> None:
    records = bought(2024) + swap(2024, "BTC", "USDT") + sold(2024, value="9000,USD") + row(2024, "staked", "ETH")
    result = assessed(INDIVIDUAL, 2024, records=records)
    assert len(result.findings) >= 4
    for found in result.findings:
        assert all("{" not in t and t.strip() for t in found.message.texts().values())


# --- why a figure is not known --------------------------------------------------------------------------------------
def test_a_missing_fact_is_named_by_its_column_label_and_place(assessed) -> None:
    result = assessed(COMPANY + LICENCE, 2026, energy=reading(2026, ",missing,no,no,yes,5,,no"))
    (why,) = result["mining_fee.due", "2026-Q2"].missing
    assert why.text("en") == "max_power_kw is not given (Hours × greatest power; energy.csv:2)"
    assert "наибольшая мощность" in why.text("ru")
    assert "ең жоғары қуат" in why.text("kk")


def test_a_value_that_law_lacks_gives_its_reason(assessed, tmp_path: Path) -> None:
    paid = "date,name,period,amount\n2026-08-01,mining_fee,2026-Q1,1\n"
    (tmp_path / "payments.csv").write_text(paid, encoding="utf-8")
    start = "2026-01-01,2026-04-01,1000,ok,no,no,yes,5,,no\n"
    result = assessed(COMPANY + LICENCE, 2026, energy=start)
    (why,) = {m.text("en").partition(":")[2] for m in result["late_interest.due"].missing}
    assert "not verified" in why
    assert all("не проверены" in m.text("ru") for m in result["late_interest.due"].missing)


def test_a_purchase_that_is_missing_is_named_by_its_place(assessed) -> None:
    result = assessed(INDIVIDUAL, 2026, records=sold(2026))
    (why,) = result["personal_income_tax.digital_asset_income"].missing
    assert why.code == "missing_acquisition"
    assert all("records.csv:2" in t for t in why.texts().values())


def test_residence_not_stated_says_what_to_write(assessed) -> None:
    person = INDIVIDUAL.replace(
        "resident = true\n", "[[residence]]\nfrom = 2020-01-01\nuntil = 2020-12-31\nresident = true\n"
    )
    result = assessed(person, 2024, records=SALE_2024)
    (why,) = result["personal_income_tax.tax"].missing
    assert why.code == "residence_not_stated"
    assert all("2024" in t and "resident" in t for t in why.texts().values())


def test_losses_not_stated_are_named_with_what_earlier_years_yield(assessed) -> None:
    result = assessed(COMPANY, 2025, records=bought(2024, value="9000000,KZT") + sold(2024) + bought(2025))
    found = [f for f in result.findings if f.code == "losses_not_stated"]
    assert [f.message.params["column"] for f in found] == ["business_losses_brought"]
    assert "2024: 1500000.00" in found[0].message.text("en")
    assert "Business losses brought forward" in found[0].message.text("en")


def test_notes_of_vat_have_words(assessed) -> None:
    result = assessed(COMPANY + stated(2024, "vat_payer = true"), 2024, records=SALE_2024)
    note = result["value_added_tax.tax", "2024-Q2"].note
    assert note is not None
    assert note.text("ru") == "освобождено от НДС"


def test_every_finding_of_law_is_tried_both_ways() -> None:
    law = shipped()
    declared = {n.rpartition(".")[2] for n, versions in law.rules.items() if versions[0].role == "finding"}
    tried = {(c[0], c[-1]) for c in (*PERSONAL, *CORPORATE, *FEE)}
    elsewhere = {"vat_apportionment"}
    assert {(code, way) for code in declared - elsewhere for way in (True, False)} - tried == set()


# --- findings of the assessment itself ------------------------------------------------------------------------------
def test_rejected_rows_are_counted_and_make_the_figures_unknown(assessed) -> None:
    broken = "2024-06-11T10:00:00+05:00,sell,BTC,1e3,3000000,KZT,desk,,,,\n"
    result = assessed(INDIVIDUAL, 2024, records=SALE_2024 + broken)
    found = of(result, "rows_rejected")
    assert found is not None
    assert (found.severity, found.records, found.message.params["count"]) == ("warning", ("records.csv:4",), 1)
    income = result["personal_income_tax.digital_asset_income"]
    assert income.status == "unknown"
    assert any("records.csv:4" in m.text("kk") for m in income.missing)


def test_rejected_rows_of_another_year_are_not_said(assessed) -> None:
    broken = "2023-06-11T10:00:00+05:00,sell,BTC,1e3,3000000,KZT,desk,,,,\n"
    assert of(assessed(INDIVIDUAL, 2024, records=SALE_2024 + broken), "rows_rejected") is None


def test_a_missing_purchase_says_how_much(assessed) -> None:
    result = assessed(INDIVIDUAL, 2026, records=bought(2026) + sold(2026) + sold(2026, asset="ETH"))
    short = of(result, "missing_acquisition")
    assert short is not None
    assert (short.amount, short.cites) == ("1 ETH", ("tax-code-2025:389.6",))
    assert all("1 ETH" in t for t in short.message.texts().values())


def test_questions_that_wait_are_counted(assessed) -> None:
    moved = row(2024, "transfer_out", more=",,desk,,,,")
    found = of(assessed(INDIVIDUAL, 2024, records=bought(2024) + moved), "open_questions")
    assert found is not None
    assert found.message.params["count"] == 1
    assert of(assessed(INDIVIDUAL, 2024, records=SALE_2024), "open_questions") is None


@pytest.mark.parametrize(("day", "wanted"), [("2026-07-01", False), ("2026-07-02", True)])
def test_law_not_read_after(assessed, day: str, wanted: bool) -> None:
    late = f"{day}T10:00:00+05:00,buy,BTC,1,100,KZT,desk,,,,\n"
    found = of(assessed(INDIVIDUAL, 2026, records=late), "law_not_read_after")
    assert (found is not None) is wanted
    if found is not None:
        assert found.cites == ("law-308-viii",)
        assert "2026-07-01" in found.message.text("kk")


@pytest.mark.parametrize(
    ("time", "wanted"),
    [("2024-12-31T23:30:00+05:00", True), ("2024-12-31T22:30:00+05:00", False), ("2024-01-01T00:30:00+06:00", True)],
)
def test_near_the_edge_of_the_year(assessed, time: str, wanted: bool) -> None:
    found = of(assessed(INDIVIDUAL, 2024, records=f"{time},buy,BTC,1,100,KZT,desk,,,,\n"), "near_year_edge")
    assert (found is not None) is wanted


@pytest.mark.parametrize(
    ("span", "wanted"),
    [
        ("2024-03-20,2024-04-10", True),
        ("2024-05-01,2024-05-31", False),
        ("2024-04-01,2024-07-01", False),
        ("2022-12-20,2023-01-10", False),
        ("2023-12-20,2024-01-10", True),
    ],
)
def test_a_reading_over_two_quarters_is_split(assessed, span: str, wanted: bool) -> None:
    found = of(assessed(COMPANY + LICENCE, 2024, energy=f"{span},1000,ok,no,no,yes,5,,no\n"), "reading_split")
    assert (found is not None) is wanted


@pytest.mark.parametrize(("year", "wanted"), [(2025, True), (2024, False)])
def test_a_choice_that_the_year_does_not_allow(assessed, year: int, wanted: bool) -> None:
    person = INDIVIDUAL + '[elections]\nlot_method = "average"\n'
    found = of(assessed(person, year, records=bought(year) + sold(year)), "election_not_available")
    assert (found is not None) is wanted
    if found is not None:
        assert all("lot_method" in t and "average" in t and "2025" in t for t in found.message.texts().values())


def test_a_payment_that_does_not_cover_what_was_due(assessed, tmp_path: Path) -> None:
    paid = "date,name,period,amount\n2024-09-01,mining_fee,2024-Q2,500\n"
    (tmp_path / "payments.csv").write_text(paid, encoding="utf-8")
    found = of(assessed(COMPANY + LICENCE, 2024, energy=reading(2024)), "payment_still_open")
    assert found is not None
    assert found.message.text("en").startswith("Payment of the digital mining fee, 2024-Q2: 1500.00 tenge")


def test_a_payment_of_what_is_not_known(assessed, tmp_path: Path) -> None:
    paid = "date,name,period,amount\n2026-09-01,mining_fee,2026-Q2,500\n"
    (tmp_path / "payments.csv").write_text(paid, encoding="utf-8")
    energy = reading(2026, ",missing,no,no,yes,5,,no")
    found = of(assessed(COMPANY + LICENCE, 2026, energy=energy), "interest_amount_unknown")
    assert found is not None
    assert found.records == ("payments.csv:2",)


def test_a_lot_that_does_not_exist(assessed, tmp_path: Path) -> None:
    rows = (
        "time,kind,asset,quantity,value,currency,id,lot,account\n"
        "2024-05-10T10:00:00+05:00,buy,BTC,2,1000000,KZT,a1,,desk\n"
        "2024-06-10T10:00:00+05:00,sell,BTC,1,3000000,KZT,b1,{lot},desk\n"
    )
    person = INDIVIDUAL + '[elections]\nlot_method = "specific"\n'
    (tmp_path / "trades.csv").write_text(rows.format(lot="nothing:1"), encoding="utf-8")
    found = of(assessed(person, 2024, records=""), "invalid_lot_choice")
    assert found is not None
    assert found.records == ("trades.csv:3",)
    (tmp_path / "trades.csv").write_text(rows.format(lot="a1:1"), encoding="utf-8")
    assert of(assessed(person, 2024, records=""), "invalid_lot_choice") is None


def test_an_explanation_says_in_words_why_a_step_is_not_known(assessed) -> None:
    result = assessed(INDIVIDUAL, 2024, records=sold(2024))
    why = result.explain("personal_income_tax.digital_asset_income")
    told = why_page(why, "ru", everything=True).text()
    assert "неизвестно, как приобретён проданный актив (records.csv:2)" in told
    assert "missing_acquisition" not in told
