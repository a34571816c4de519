"""A second calculation for those who mine without a licence: a company's income and fee, an individual whose coins are
in doubt. Written from the articles: what a pool distributes is income at its value with or without a licence (227-1(1),
325(1)); the fee is 25 tenge a kilowatt-hour from 2026 (659(2)), and has no rate of its own before (F24-nl)."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle.test_other_persons import SLOW, figures_of, half_up, tenge

import salyq

COMPANY = 'id = "990540000011"\nkind = "company"\nresident = true\n'
ALONE = 'id = "900101300017"\nkind = "individual"\nresident = true\n[[account]]\nname = "home"\ncountry = "KZ"\n'
LICENCE = '[[licence]]\nkind = "mining_I"\nfrom = 2022-01-01\n'
QUARTERS = ((1, 4), (4, 7), (7, 10), (10, 13))
RATES = {2022: 1, 2024: 2, 2025: 2, 2026: 25}  # without a licence; with one 2026 has 2


def midnight(year: int, month: int) -> str:
    """The first of a month in Kazakhstan: six hours from Greenwich to the end of February 2024, five since."""
    year, month = (year, month) if month < 13 else (year + 1, 1)
    return f"{year}-{month:02d}-01T00:00:00+0{5 if (year, month) >= (2024, 3) else 6}:00"


def readings(year: int, used: list[int]) -> str:
    rows = "start,end,kwh,meter,own_plant,renewable,grid_connected\n"
    for (first, after), kwh in zip(QUARTERS, used, strict=True):
        rows += f"{midnight(year, first)},{midnight(year, after)},{kwh},m1,no,no,yes\n"
    return rows


@settings(max_examples=16, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(st.integers(0, 10**7), min_size=4, max_size=4),
    st.lists(st.integers(1, 10**11), min_size=1, max_size=4),
    st.sampled_from([2025, 2026]),
    st.booleans(),
)
def test_a_company_that_mines(used: list[int], worth: list[int], year: int, licensed: bool) -> None:
    """The licence changes the fee of 2026 and nothing of what is income."""
    payouts, values = "date,asset,quantity,pool\n", "date,asset,value,currency,source,kind\n"
    for month, tiyn in enumerate(worth, start=2):
        payouts += f"{year}-{month:02d}-05,COIN{month},1,P\n"
        for day in range(1, 6):  # on a day off, the row of the last working day
            values += f"{year}-{month:02d}-{day:02d},COIN{month},{tenge(tiyn)},KZT,made up,official\n"
    files = {"energy.csv": readings(year, used), "payouts.csv": payouts, "values.csv": values}
    got = figures_of(COMPANY + LICENCE * licensed, files, year)
    rate = 2 if licensed else RATES[year]
    for number, kwh in enumerate(used, start=1):
        assert got["mining_fee.due", f"{year}-Q{number}"] == kwh * rate
    income = Fraction(sum(worth), 100)
    assert got["corporate_income_tax.mining_income", str(year)] == income
    assert got["corporate_income_tax.tax", str(year)] == half_up(income / 5)


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(st.lists(st.integers(0, 10**7), min_size=4, max_size=4), st.sampled_from(sorted(RATES)))
def test_the_fee_of_whoever_has_no_licence(used: list[int], year: int) -> None:
    got = figures_of(COMPANY, {"energy.csv": readings(year, used)}, year)
    for number, kwh in enumerate(used, start=1):
        assert got["mining_fee.due", f"{year}-Q{number}"] == kwh * RATES[year]


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(st.integers(1, 10**10), st.integers(1, 10**10), st.integers(1, 10**10), st.sampled_from([2024, 2025, 2026]))
def test_an_individual_who_mines_without_a_licence(mined: int, cost: int, price: int, year: int) -> None:
    """Whether his mining income was determined nobody can say: at most the whole price of the mined coin is income
    (cost 0), at least none of it is (341.1.56, 400.1.7); what he bought is taxed as anybody's."""
    records = "time,kind,asset,quantity,value,currency,document,account\n"
    records += f"{year}-02-05T10:00:00+05:00,mined,AAA,1,,,,home\n"
    records += f"{year}-03-05T10:00:00+05:00,sell,AAA,1,{tenge(mined)},KZT,,home\n"
    records += f"{year}-02-05T10:00:00+05:00,buy,BBB,1,{tenge(cost)},KZT,contract,home\n"
    records += f"{year}-03-05T10:00:00+05:00,sell,BBB,1,{tenge(price)},KZT,,home\n"
    values = "date,asset,value,currency,source,kind\n" + f"{year}-02-05,AAA,{tenge(mined)},KZT,made up,official\n"
    with tempfile.TemporaryDirectory() as place:
        for name, text in (("person.toml", ALONE), ("records.csv", records), ("values.csv", values)):
            (Path(place) / name).write_text(text, encoding="utf-8")
        result = salyq.assess(salyq.read_case(place), year=year, alternatives=False)
    own = Fraction(max(price - cost, 0), 100)
    income = result["personal_income_tax.digital_asset_income"]
    assert income.status == "unknown"
    assert income.bounds == (own, own + Fraction(mined, 100))
    assert result.verdict.state == "incomplete"
