"""What returns say beside their golden forms (test_forms_golden_lines.py): law's figures, drafts, who files what."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest
from tests.forms.shipped import shipped_asked, texts

from salyq.forms.asked import Asked
from salyq.forms.fill import fill
from salyq.forms.write import returns

TRADER = """
id = "900101300017"
name = "made up"
kind = "individual"
resident = true
[[account]]
name = "exchange"
country = "KZ"
aifc_exchange = true
[[account]]
name = "abroad"
country = "SG"
[[year]]
year = 2025
other_income = "300000.40"
"""
DEALS = """
time,kind,asset,quantity,value,currency,document,account,counterparty
2025-01-09T12:00:00+05:00,buy,BTC,1,20000000,KZT,contract 1,exchange,
2025-02-10T12:00:00+05:00,sell,BTC,0.5,11000000.50,KZT,,exchange,buyer one
2025-03-11T12:00:00+05:00,sell,BTC,0.25,6000000,KZT,,abroad,
2025-04-12T12:00:00+05:00,gift_out,BTC,0.05,,,,exchange,brother
2025-05-13T12:00:00+05:00,gift_in,ETH,2,,,,exchange,sister
"""


def test_deductions_that_were_stated_stand_in_f1(made_up: Callable[..., Asked]) -> None:
    person = TRADER + 'base_deduction = "100000.00"\n'
    made = fill(made_up(person, 2025, {"records.csv": DEALS}), "270.00")
    own = texts(made)
    # G = 2,300,001 − 100,000; H = 220,000.1 -> 220,000
    assert [own[f"270.01.{n}"] for n in ("F1", "F", "G", "H", "K")] == [
        "100000",
        "100000",
        "2200001",
        "220000",
        "220000",
    ]
    assert made.notes == []  # the law of 2025 comes to the same


def test_a_person_without_a_number_is_told_to_fill_it(made_up: Callable[..., Asked]) -> None:
    person = TRADER.replace('id = "900101300017"\n', "")
    made = fill(made_up(person, 2025, {"records.csv": DEALS}), "270.00")
    assert "270.00.1" in dict(made.by_hand())


def test_income_that_law_taxes_apart_is_named_where_it_stands(made_up: Callable[..., Asked]) -> None:
    """Dividends have a line for those from abroad, a private practice an annex by month: the form says so."""
    apart = 'dividends = "10000000.00"\nprivate_practice_income = "5000000.00"\n'
    made = fill(made_up(TRADER.replace("2025", "2026") + apart, 2026, {"records.csv": DEALS}), "270.00")
    said = dict(made.by_hand())
    assert (said["270.01.B1.4"].code, said["270.03.1"].code) == ("form_dividends_apart", "form_practice_by_month")  # type: ignore[union-attr]
    assert said["270.01.B1.4"].params["sum"] == "10000000.00"  # type: ignore[union-attr]
    assert "270.03" in made.used
    assert "270.01.K" not in texts(made)  # a sum that leaves them out is not written
    without = fill(made_up(TRADER, 2025, {"records.csv": DEALS}), "270.00")
    assert not {"270.01.B1.4", "270.03.1"} & dict(without.by_hand()).keys()


def whole(amount: Decimal | None) -> str:
    """Whole tenge, half up."""
    assert amount is not None
    return str(int(amount.quantize(Decimal(1), ROUND_HALF_UP)))


def test_270_of_aliya_2025() -> None:
    asked = shipped_asked("aliya", 2025)
    made = fill(asked, "270.00")
    own = texts(made)
    gain = whole(asked.assessment["personal_income_tax.digital_asset_income"].value)  # all of it at home
    tax = whole(Decimal(gain) * Decimal("0.10"))
    assert (own["270.01.A1.1"], own["270.01.D"], own["270.01.G"]) == (gain, gain, gain)
    assert (own["270.01.H"], own["270.01.K"]) == (tax, tax)
    assert "270.01.A1.2" not in own
    assert made.notes == []
    assert made.due is not None
    assert made.due.isoformat() == "2026-09-15"


def test_270_of_aliya_2024_leaves_blank_what_is_not_known() -> None:
    """A sale of 2024 has no known purchase: the line and what rests on it are blank, with the ends that are sure."""
    made = fill(shipped_asked("aliya", 2024), "270.00")
    line = made.line("270.01.A1.1")
    assert line is not None
    assert line.text is None
    assert line.why is not None
    assert "wallets.csv:7" in line.why.text()
    assert "270.01.K" in dict(made.by_hand())
    assert made.edition.edition == "o927-2024"


def test_a_year_after_the_last_edition_is_a_marked_draft() -> None:
    made = fill(shipped_asked("aliya", 2026), "270.00")
    assert made.draft is not None
    own, blank = texts(made), dict(made.by_hand())
    # 2026 adds the salary and has a scale: the 10 % of the old form is not its tax, so the lines are blank and say it
    assert "270.01.K" not in own
    tax = shipped_asked("aliya", 2026).assessment["personal_income_tax.tax_due"].value
    assert str(tax) in blank["270.01.K"].text()


# ---- 880.00 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarter", ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"])
def test_880_of_temir_comes_to_the_fee_of_law(quarter: str) -> None:
    asked = shipped_asked("temir-mining", 2025, quarter)
    made = fill(asked, "880.00")
    assert texts(made)["880.00.003"] == str(asked.assessment["mining_fee.due", quarter].value)
    assert made.failed == []
    assert made.notes == []


# ---- 100.00 ----------------------------------------------------------------------------------------------------------
FARM = """
id = "221140000000"
kind = "company"
resident = true
[[account]]
name = "aifc"
country = "KZ"
aifc_exchange = true
[[year]]
year = 2025
vat_payer = true
business_losses_brought = "500000.00"
"""
FARM_FILES = {
    "payouts.csv": """
date,asset,quantity,pool,pool_bin,commission,wallet,licence
2025-02-03,BTC,1,Pool,230340000007,0.01,aifc,
""",
    "records.csv": """
time,kind,asset,quantity,value,currency,document,account
2025-03-03T12:00:00+05:00,sell,BTC,0.5,26000000,KZT,,aifc
2025-03-04T12:00:00+05:00,buy,ETH,10,9000000,KZT,contract,aifc
2025-03-05T12:00:00+05:00,sell,ETH,10,9900000,KZT,,aifc
""",
    "expenses.csv": """
date,category,amount,currency,document,note,activity
2025-02-28,electricity,3000000,KZT,act,,mining
2025-02-28,pool_service,100000,KZT,act,,mining
2025-02-28,payroll,2000000,KZT,sheet,,mining
2025-02-28,depreciation,700000,KZT,ledger,,mining
2025-02-28,mining_fee,400000,KZT,order,,mining
2025-02-28,equipment,9000000,KZT,invoice,,mining
2025-02-28,other,50000,KZT,act,,other
""",
    "values.csv": """
date,asset,value,currency,source,kind
2025-02-03,BTC,50000000,KZT,made up,official
""",
}


@pytest.mark.parametrize("year", [2023, 2025])
def test_100_of_temir_comes_to_the_tax_of_law(year: int) -> None:
    asked = shipped_asked("temir-mining", year)
    made = fill(asked, "100.00")
    own = texts(made)
    assert own["100.00.055"] == str(asked.assessment["corporate_income_tax.taxable_income"].value)
    assert own["100.00.062"] == str(asked.assessment["corporate_income_tax.tax"].value)
    assert (made.failed, made.notes) == ([], [])


# ---- 300.00, 250.00, 240.00, 220.00, 910.00 --------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["company", "sole_proprietor"])
def test_300_has_the_services_that_are_stated(made_up: Callable[..., Asked], kind: str) -> None:
    person = (
        (PROPRIETOR if kind == "sole_proprietor" else FARM)
        + """
[[turnover]]
period = "2025-Q1"
hosting = "5000000.00"
services = "1000000.00"
"""
    )
    found = fill(made_up(person, 2025, FARM_FILES, "2025-Q1"), "300.00")
    own = {k.removeprefix("300.00."): v for k, v in texts(found).items()}
    # hosting 5,000,000 + services 1,000,000; × 12 %
    assert [own[n] for n in ("001.A", "001.B", "012", "030.I")] == ["6000000.00", "720000.00", "720000.00", "720000.00"]
    if kind == "company":  # coins sold for 26,000,000 + 9,900,000 are exempt
        assert (own["005.A"], own["006"]) == ("35900000.00", "41900000.00")
    assert found.notes == []


PROPRIETOR = FARM.replace('"company"', '"sole_proprietor"').replace("221140000000", "900101300017")


SIMPLIFIED = (
    PROPRIETOR
    + """
[[regime]]
kind = "simplified"
from = 2024-01-01
"""
)


@pytest.mark.parametrize(("half", "income"), [("2025-H1", "50000000.00"), ("2025-H2", "0.00")])
def test_910_of_a_proprietor_under_the_simplified_declaration(
    made_up: Callable[..., Asked], half: str, income: str
) -> None:
    """The one distribution of the year, on 3 February: 1 BTC at its official value of 50,000,000."""
    asked = made_up(SIMPLIFIED, 2025, FARM_FILES | {"records.csv": "time,kind,asset,quantity,account\n"}, half)
    made = fill(asked, "910.00")
    assert texts(made)["910.00.001"] == income
    assert "910.00.002" in dict(made.by_hand())


def test_a_proprietor_is_given_the_returns_of_his_regime(made_up: Callable[..., Asked]) -> None:
    """General regime: 220.00 once; simplified: 910.00 for each half-year, no 220.00; coins held on 31 December stand in
    270.00 beside either (OTC 633(1)(8)). A payer of VAT has 300.00 too."""
    free = SIMPLIFIED.replace("vat_payer = true", "vat_payer = false")
    for person, forms in (
        (free.replace("simplified", "general"), [("220.00", "2025"), ("270.00", "2025"), ("880.00", "2025-Q1")]),
        (free, [("270.00", "2025"), ("880.00", "2025-Q1"), ("910.00", "2025-H1"), ("910.00", "2025-H2")]),
    ):
        asked = made_up(person, 2025, FARM_FILES)
        assert [(made.edition.form, made.period) for made, _ in returns(asked, None, None)] == forms
    payer = returns(made_up(SIMPLIFIED, 2025, FARM_FILES), None, None)
    assert [made.period for made, _ in payer if made.edition.form == "300.00"] == [f"2025-Q{q}" for q in (1, 2, 3, 4)]


@pytest.mark.parametrize(("year", "due"), [(2024, "2025-03-31"), (2025, "2026-09-15")])
def test_a_proprietor_declares_his_own_coins_apart_from_his_business(
    year: int, due: str, made_up: Callable[..., Asked]
) -> None:
    """SP7: 2,000,000 of gain at 10 % in 270.00; 0.2 BTC distributed at 50,000,000 in 220.00, nothing of it there."""
    account = '\n[[account]]\nname = "kz"\ncountry = "KZ"\n'
    files = {
        "payouts.csv": f"date,asset,quantity,pool\n{year}-10-10,BTC,0.2,Pool\n",
        "values.csv": f"date,asset,value,currency,source,kind\n{year}-10-10,BTC,50000000,KZT,x,official\n",
        "records.csv": "time,kind,asset,quantity,value,currency,account,document\n"
        f"{year}-02-03T10:00:00+05:00,buy,ETH,1,8000000,KZT,kz,r\n"
        f"{year}-06-03T10:00:00+05:00,sell,ETH,1,10000000,KZT,kz,\n",
    }
    asked = made_up('id = "900101300017"\nkind = "sole_proprietor"\nresident = true\n' + account, year, files)
    found = {made.edition.form: made for made, _ in returns(asked, None, None)}
    own = texts(found["270.00"])
    assert [own[f"270.01.{n}"] for n in ("A1.1", "G", "H", "K")] == ["2000000", "2000000", "200000", "200000"]
    assert not [n for n in found["270.00"].notes if n.code == "form_disagrees"]
    assert found["270.00"].due is not None
    assert found["270.00"].due.isoformat() == due
    assert texts(found["220.00"])["220.00.010.I"] == "10000000.00"


@pytest.mark.parametrize("kind", ["company", "pool", "exchange"])
def test_every_company_files_100_300_and_880(made_up: Callable[..., Asked], kind: str) -> None:
    """A pool and an exchange pay corporate tax on what they receive as a miner does (old code 227-1)."""
    asked = made_up(FARM.replace('"company"', f'"{kind}"'), 2025, FARM_FILES)
    found = {made.edition.form: made for made, _ in returns(asked, None, None)}
    assert sorted(found) == ["100.00", "300.00", "880.00"]
    assert texts(found["100.00"])["100.00.014.I"] == "50000000.00"
    # coins were mined and no meter was read: the fee is not known, and the total says so
    assert "880.00.003" in dict(found["880.00"].by_hand())
