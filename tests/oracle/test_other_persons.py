"""A second calculation of the persons that oracle.py does not know: non-residents and who came or left within a year,
sole proprietors, companies with losses of many years. Written from the articles, not from the engine: plain loops over
small histories in tenge."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import salyq

SLOW = (HealthCheck.too_slow,)
MCI_2026 = 4325
TIYN = Fraction(1, 100)


def half_up(x: Fraction) -> Fraction:
    """To the tiyn, half up."""
    return Fraction((x * 100 + Fraction(1, 2)).__floor__(), 100)


def steps(base: Fraction, limit: int) -> Fraction:
    """10 % up to the limit inclusive, 15 % of the rest."""
    return half_up(min(base, Fraction(limit)) / 10 + max(base - limit, Fraction(0)) * Fraction(15, 100))


def figures_of(person: str, files: Mapping[str, str], year: int) -> dict[tuple[str, str], Decimal | None]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "person.toml").write_text(person, encoding="utf-8")
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        result = salyq.assess(salyq.read_case(folder), year=year, alternatives=False)
    return {(f.name, f.period): f.value for f in result.figures}


def tenge(tiyn: int) -> str:
    return f"{tiyn // 100}.{tiyn % 100:02d}"


# ---- residence -----------------------------------------------------------------------------------------------------
class Deal(NamedTuple):
    day: int  # of the year
    sells: bool
    coins: int
    tiyn: int  # of the whole
    abroad: bool


deals = st.lists(
    st.builds(
        Deal, st.integers(0, 360), st.booleans(), st.integers(1, 9), st.integers(1, 6_000_000_000), st.booleans()
    ),
    min_size=1,
    max_size=12,
)


def _covered(found: list[Deal]) -> list[Deal]:
    """In order of days, at most one a day, never selling more than is held."""
    held, kept = 0, []
    for deal in sorted({d.day: d for d in found}.values()):
        if deal.sells and held < deal.coins:
            continue
        held += -deal.coins if deal.sells else deal.coins
        kept.append(deal)
    return kept


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(deals, st.integers(0, 364), st.booleans(), st.sampled_from([2024, 2025, 2026]))
def test_residence_by_the_day_of_sale(found: list[Deal], turns: int, leaves: bool, year: int) -> None:
    """A resident's own gains by the scale (389, 363) or 10 % (331, 320); a non-resident's whole price in Kazakhstan
    at 20 % (646, 682), nothing abroad. Losses never net; lots leave first-in first-out."""
    history = _covered(found)
    turn = date(year, 1, 1) + timedelta(turns)
    first, then = ("true", "false") if leaves else ("false", "true")
    person = (
        'id = "900101300017"\nkind = "individual"\n'
        f"[[residence]]\nfrom = 2010-01-01\nuntil = {turn - timedelta(1)}\nresident = {first}\n"
        f"[[residence]]\nfrom = {turn}\nresident = {then}\n"
        '[[account]]\nname = "home"\ncountry = "KZ"\n[[account]]\nname = "away"\ncountry = "AE"\n'
    )
    lots: list[tuple[int, Fraction]] = []  # coins, price of one
    own = apart = Fraction(0)
    rows = ["time,kind,asset,quantity,value,currency,account,document"]
    for deal in history:
        day = date(year, 1, 1) + timedelta(deal.day)
        resident = (day < turn) == leaves
        where = "away" if deal.abroad else "home"
        kind = "sell" if deal.sells else "buy"
        rows.append(f"{day}T12:00:00+05:00,{kind},BTC,{deal.coins},{tenge(deal.tiyn)},KZT,{where},paper")
        if not deal.sells:
            lots.append((deal.coins, Fraction(deal.tiyn, 100 * deal.coins)))
            continue
        price, left, gain = Fraction(deal.tiyn, 100), deal.coins, Fraction(deal.tiyn, 100)
        while left:
            coins, one = lots.pop(0)
            used = min(coins, left)
            gain -= one * used
            left -= used
            if coins > used:
                lots.insert(0, (coins - used, one))
        if resident:
            own += max(gain, Fraction(0))
        elif not deal.abroad:
            apart += price
    tax = steps(own, 8500 * MCI_2026) if year == 2026 else half_up(own / 10)
    got = figures_of(person, {"records.csv": "\n".join(rows) + "\n"}, year)
    value = got.get(("personal_income_tax.tax", str(year)))
    if own == apart == 0:  # nothing to tax, or nobody whom the tax concerns
        assert value in (None, 0)
    else:
        assert value is not None
        assert abs(Fraction(value) - tax - half_up(apart / 5)) <= TIYN * len(history)  # parts of lots are in tiyn


# ---- sole proprietors -----------------------------------------------------------------------------------------------
payout = st.tuples(st.integers(1, 12), st.integers(1, 5_000_000_000))  # month, tiyn of what was distributed
spent = st.tuples(st.integers(1, 12), st.sampled_from(["electricity", "pool_service"]), st.integers(1, 900_000_000))


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(payout, min_size=1, max_size=5, unique_by=lambda p: p[0]),
    st.lists(spent, max_size=4),
    st.sampled_from([2025, 2026]),
    st.sampled_from(["I", "II"]),
    st.booleans(),
)
def test_a_sole_proprietor_that_mines(
    paid: list[tuple[int, int]], costs: list[tuple[int, str, int]], year: int, sub_kind: str, simplified: bool
) -> None:
    """General regime: rules of companies, in 2026 only pool services are denied (327, 392), in 2025 the brief denies
    all mining costs; 10 % (320) or the scale of 230,000 MCI (363.4). Simplified: 3 % of the gross by half-year (687),
    closed to sub-kind I in 2025 (683.2.3) and to all who mine from 2026 (decree, item 11)."""
    person = (
        'id = "900101300017"\nkind = "sole_proprietor"\nresident = true\n'
        f'[[regime]]\nkind = "{"simplified" if simplified else "general"}"\nfrom = 2024-01-01\n'
        f'[[licence]]\nkind = "mining_{sub_kind}"\nfrom = 2023-04-01\n'
    )
    day = {m: _thursday(date(year, m, 11)) for m in range(1, 13)}  # never a holiday in these years
    files = {
        "payouts.csv": "date,asset,quantity,pool\n" + "".join(f"{day[m]},BTC,1,P\n" for m, _ in paid),
        "values.csv": "date,asset,value,currency,source,kind\n"
        + "".join(f"{day[m]},BTC,{tenge(v)},KZT,made up,official\n" for m, v in paid),
        "expenses.csv": "date,category,amount,currency\n"
        + "".join(f"{day[m]},{name},{tenge(v)},KZT\n" for m, name, v in costs),
    }
    got = figures_of(person, files, year)
    gross = Fraction(sum(v for _, v in paid), 100)
    if simplified and year == 2025 and sub_kind == "II":
        for half, months in (("H1", range(1, 7)), ("H2", range(7, 13))):
            own = Fraction(sum(v for m, v in paid if m in months), 100)
            due = half_up(own * Fraction(3, 100))
            assert got["small_business.tax", f"{year}-{half}"] == due
            assert got["small_business.income_tax", f"{year}-{half}"] == half_up(due / 2)
        assert got["personal_income_tax.tax", str(year)] == 0
        return
    # a half-year in which nothing was mined stays under the declaration that is stated: its costs are none of the rest
    halves = {m <= 6 for m, _ in paid} if simplified else {True, False}
    power = Fraction(sum(v for m, name, v in costs if name == "electricity" and (m <= 6) in halves), 100)
    income = max(gross - (power if year == 2026 else 0), Fraction(0))
    tax = steps(income, 230_000 * MCI_2026) if year == 2026 else half_up(income / 10)
    assert got["personal_income_tax.tax", str(year)] == tax


def _thursday(day: date) -> date:
    return day + timedelta((3 - day.weekday()) % 7)


# ---- losses of many years ------------------------------------------------------------------------------------------
lost = st.tuples(
    st.integers(2010, 2025), st.sampled_from(["business", "digital_assets", "derivatives"]), st.integers(1, 10**9)
)


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(st.lists(lost, max_size=6), st.integers(1, 3 * 10**9), st.booleans(), st.sampled_from([2025, 2026]))
def test_losses_of_earlier_years(brought: list[tuple[int, str, int]], result: int, gains: bool, year: int) -> None:
    """A business loss lives ten years and the oldest is used first (300, 339); losses on digital assets and on
    derivatives of years before 2026 do not exist apart (326.5, 342)."""
    brought = [b for b in brought if b[0] < year]
    cost, price = (10**9, 10**9 + result) if gains else (10**9 + result, 10**9)
    person = 'id = "210140000016"\nkind = "company"\nresident = true\n' + "".join(
        f'[[loss]]\nyear = {y}\nkind = "{kind}"\namount = "{tenge(amount)}"\n' for y, kind, amount in brought
    )
    rows = [
        "time,kind,asset,quantity,value,currency,document",
        f"{year}-02-03T12:00:00+05:00,buy,BTC,1,{tenge(cost)},KZT,paper",
        f"{year}-06-03T12:00:00+05:00,sell,BTC,1,{tenge(price)},KZT,",
    ]
    got = figures_of(person, {"records.csv": "\n".join(rows) + "\n"}, year)
    left: dict[int, int] = {}
    for y, kind, amount in brought:
        if kind == "business" and year - y <= 10:
            left[y] = left.get(y, 0) + amount
    profit = result if gains else 0
    for y in sorted(left):
        used = min(left[y], profit)
        left[y] -= used
        profit -= used
    goes_on = sum(amount for y, amount in left.items() if year - y < 10)  # the tenth year was its last
    own_loss = 0 if gains else result
    assert got["corporate_income_tax.taxable_income", str(year)] == Fraction(profit, 100)
    assert got["corporate_income_tax.tax", str(year)] == half_up(Fraction(profit, 500))
    carried: Any = got["corporate_income_tax.business_loss_carried_forward", str(year)]
    assert carried == Fraction(goes_on + (own_loss if year == 2025 else 0), 100)
    if year == 2026:  # ring-fenced
        assert got["corporate_income_tax.loss_carried_forward", "2026"] == Fraction(own_loss, 100)


@pytest.mark.parametrize(
    ("tiyn", "tax"),
    [
        (3_676_249_999, "3676250.00"),  # 36,762,499.99: a tiyn below 8,500 MCI
        (3_676_250_000, "3676250.00"),
        (3_676_250_001, "3676250.00"),
        (3_676_250_010, "3676250.02"),
    ],
)
def test_the_edge_of_the_scale(tiyn: int, tax: str) -> None:
    rows = [
        "time,kind,asset,quantity,value,currency,document",
        "2026-02-03T12:00:00+05:00,buy,BTC,1,0.01,KZT,paper",
        f"2026-06-03T12:00:00+05:00,sell,BTC,1,{tenge(tiyn + 1)},KZT,",
    ]
    person = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
    got = figures_of(person, {"records.csv": "\n".join(rows) + "\n"}, 2026)
    assert str(got["personal_income_tax.tax", "2026"]) == tax
