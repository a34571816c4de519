"""A second calculation of pools and exchanges, dealers, individuals who mine, years before 2023, the simplified
declaration of services, income with a rate of its own. Written from the articles, one purchase and one sale an asset.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.oracle.test_other_persons import MCI_2026, figures_of, half_up, steps, tenge

SLOW = (HealthCheck.too_slow,)
HEAD = "time,kind,asset,quantity,value,currency,account,document,capital_paid\n"
ASSETS = ("BTC", "ETH", "LTC", "DASH", "ZEC")
tiyn = st.integers(1, 3_000_000_000)
COMPANY = 'id = "210140000016"\nkind = "{}"\nresident = true\n'
PERSON = 'id = "900101300017"\nkind = "{}"\nresident = true\n'


def row(day: str, kind: str, asset: str, value: int | None, where: str = "home", paid: int | None = None) -> str:
    worth, capital = ("," if value is None else f"{tenge(value)},KZT"), ("" if paid is None else tenge(paid))
    return f"{day}T12:00:00+05:00,{kind},{asset},1,{worth},{where},paper,{capital}\n"


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(st.tuples(tiyn, st.none() | tiyn), min_size=1, max_size=5),
    st.sampled_from(["pool", "exchange"]),
    st.sampled_from([2024, 2025, 2026]),
    st.booleans(),
)
def test_pools_and_exchanges(earned: list[tuple[int, int | None]], kind: str, year: int, permit: bool) -> None:
    """Income in assets at the official value (227-1.3, 325.3), a later sale gains over it; tax of 20 % (313, 357). VAT
    on services: 12 % to 2025, 16 % from 2026, none for an exchange with the AIFC's permit (477.4)."""
    person = COMPANY.format(kind) + f"[[year]]\nyear = {year}\nvat_payer = true\n"
    if permit:
        person += '[[licence]]\nkind = "aifc_exchange"\nfrom = 2023-01-01\n'
    records, values = HEAD, "date,asset,value,currency,source,kind\n"
    income, gain, loss = sum(v for v, _ in earned), 0, 0
    for asset, (value, price) in zip(ASSETS, earned, strict=False):
        records += row(f"{year}-02-05", "earned", asset, None)
        values += f"{year}-02-05,{asset},{tenge(value)},KZT,made up,official\n"
        if price is not None:
            records += row(f"{year}-03-05", "sell", asset, price)
            gain, loss = gain + max(price - value, 0), loss + max(value - price, 0)
    got = figures_of(person, {"records.csv": records, "values.csv": values}, year)
    result = max(gain - loss, 0) if year == 2026 else gain - loss
    base = max(income + result, 0)
    assert got["corporate_income_tax.earned_income", str(year)] == Fraction(income, 100)
    assert got["corporate_income_tax.tax", str(year)] == half_up(Fraction(base, 500))
    rate = Fraction(16 if year == 2026 else 12, 100)
    free = year == 2026 and kind == "exchange" and permit
    assert got["value_added_tax.tax", f"{year}-Q1"] == (0 if free else half_up(Fraction(income, 100) * rate))


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(st.tuples(tiyn, tiyn, st.booleans(), tiyn), min_size=1, max_size=5),
    st.sampled_from([2018, 2019, 2020, 2021, 2024, 2026]),
)
def test_dealers(deals: list[tuple[int, int, bool, int]], year: int) -> None:
    """To 2025 ordinary result (226, 300); from 2026 losses reduce gains on sale alone, a contribution counts up to the
    capital that it pays and keeps its gain (326.1, 326.5)."""
    records, gain, given_in, loss = HEAD, 0, 0, 0
    for asset, (cost, price, contributes, capital) in zip(ASSETS, deals, strict=False):
        contributes &= year == 2026
        worth = min(price, capital) if contributes else price
        records += row(f"{year}-02-05", "buy", asset, cost)
        kind = "contributed_out" if contributes else "sell"
        records += row(f"{year}-03-05", kind, asset, price, paid=capital if contributes else None)
        gain += max(worth - cost, 0)
        given_in += max(worth - cost, 0) if contributes else 0
        loss += max(cost - worth, 0)
    got = figures_of(COMPANY.format("company"), {"records.csv": records}, year)
    base = max(gain - given_in - loss, 0) + given_in if year == 2026 else max(gain - loss, 0)
    goes_on = max(loss - (gain - given_in if year == 2026 else gain), 0)
    assert got["corporate_income_tax.taxable_income", str(year)] == Fraction(base, 100)
    assert got["corporate_income_tax.tax", str(year)] == half_up(Fraction(base, 500))
    assert got["corporate_income_tax.loss_carried_forward", str(year)] == Fraction(goes_on, 100)


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(st.tuples(st.booleans(), tiyn, tiyn), min_size=1, max_size=5),
    st.sampled_from([2024, 2025, 2026]),
)
def test_individuals_who_mine_under_a_licence(deals: list[tuple[bool, int, int]], year: int) -> None:
    """The gain on coins whose mining income was determined is left out (341.1.56, 400.1.7); bought ones are taxed."""
    person = PERSON.format("individual") + '[[licence]]\nkind = "mining_II"\nfrom = 2022-01-01\n'
    person += '[[account]]\nname = "home"\ncountry = "KZ"\n'
    records, values, own = HEAD, "date,asset,value,currency,source,kind\n", 0
    for asset, (mined, cost, price) in zip(ASSETS, deals, strict=False):
        records += row(f"{year}-02-05", "mined" if mined else "buy", asset, None if mined else cost)
        records += row(f"{year}-03-05", "sell", asset, price)
        own += 0 if mined else max(price - cost, 0)
        values += f"{year}-02-05,{asset},{tenge(cost)},KZT,made up,official\n"
    got = figures_of(person, {"records.csv": records, "values.csv": values}, year)
    assert got["personal_income_tax.digital_asset_income", str(year)] == Fraction(own, 100)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(st.lists(st.tuples(tiyn, tiyn, st.booleans()), min_size=1, max_size=5), st.sampled_from([2021, 2022]))
def test_individuals_before_2023(deals: list[tuple[int, int, bool]], year: int) -> None:
    """Foreign sources: the whole sale value, 10 %; at home such a sale is not named, so nothing is told (P21)."""
    person = PERSON.format("individual")
    person += '[[account]]\nname = "home"\ncountry = "KZ"\n[[account]]\nname = "away"\ncountry = "AE"\n'
    records, whole, home = HEAD, 0, 0
    for asset, (cost, price, abroad) in zip(ASSETS, deals, strict=False):
        where = "away" if abroad else "home"
        records += row(f"{year}-02-05", "buy", asset, cost, where) + row(f"{year}-03-05", "sell", asset, price, where)
        whole, home = whole + (price if abroad else 0), home + (0 if abroad else price)
    got = figures_of(person, {"records.csv": records}, year)
    least, most = half_up(Fraction(whole, 1000)), half_up(Fraction(whole + home, 1000))
    assert got["personal_income_tax.tax", str(year)] == (least if least == most else None)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 10**11)), min_size=1, max_size=4, unique_by=lambda t: t[0]),
    st.sampled_from([2025, 2026]),
    st.sampled_from(["0.02", "0.03", "0.04", "0.06"]),
    st.integers(0, 3 * 10**9),
)
def test_services_under_the_simplified_declaration(
    served: list[tuple[int, int]], year: int, rate: str, contributed: int
) -> None:
    """3 % in 2025, half of it social tax less contributions (687); from 2026 the rate of the district, no social tax
    (726, 722.4.1)."""
    person = PERSON.format("sole_proprietor")
    person += f'[[regime]]\nkind = "simplified"\nfrom = 2020-01-01\nrate = "{rate}"\n'
    for quarter, amount in served:
        person += f'[[turnover]]\nperiod = "{year}-Q{quarter}"\nhosting = "{tenge(amount)}"\n'
    person += f'[[year]]\nyear = {year}\nsocial_contributions_h1 = "{tenge(contributed)}"\n'
    got = figures_of(person, {"records.csv": HEAD + row("2020-02-05", "buy", "BTC", 1)}, year)
    for half, quarters in (("H1", (1, 2)), ("H2", (3, 4))):
        gross = Fraction(sum(a for q, a in served if q in quarters), 100)
        due = half_up(gross * (Fraction(rate) if year == 2026 else Fraction(3, 100)))
        assert got["small_business.gross_income", f"{year}-{half}"] == gross
        assert got["small_business.tax", f"{year}-{half}"] == due
        social = 0 if year == 2026 else due - half_up(due / 2)
        assert got["small_business.social_tax", f"{year}-{half}"] == social
        paid = min(social, Fraction(contributed, 100))
        known = half == "H1" or not social
        assert got["small_business.tax_due", f"{year}-{half}"] == (
            due - (paid if half == "H1" else 0) if known else None
        )


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(st.integers(0, 2 * 10**11), st.integers(0, 10**11), st.integers(1, 10**10))
def test_income_with_a_rate_of_its_own(dividends: int, practice: int, gain: int) -> None:
    """Dividends 5 % to 230,000 MCI and 15 % above (363.3), a private practice 9 % (363.2), beside the scale (363.1)."""
    limit = Fraction(230_000 * MCI_2026)
    paid = Fraction(dividends, 100)
    own = half_up(min(paid, limit) / 20 + max(paid - limit, Fraction(0)) * Fraction(15, 100))
    person = PERSON.format("individual") + f'[[year]]\nyear = 2026\ndividends = "{tenge(dividends)}"\n'
    person += f'private_practice_income = "{tenge(practice)}"\n'
    records = HEAD + row("2026-02-05", "buy", "BTC", 1) + row("2026-03-05", "sell", "BTC", gain + 1)
    got = figures_of(person, {"records.csv": records}, 2026)
    tax = steps(Fraction(gain, 100), 8500 * MCI_2026) + own + half_up(Fraction(practice, 100) * Fraction(9, 100))
    assert got["personal_income_tax.tax", "2026"] == tax
