"""Golden forms: the figures of each line are worked out by hand in the comment beside it."""

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


def test_270_of_a_trader_with_sales_at_home_and_abroad(made_up: Callable[..., Asked]) -> None:
    asked = made_up(TRADER, 2025, {"records.csv": DEALS}, kind="regular", tax_office="6007")
    made = fill(asked, "270.00")
    own = texts(made)
    expected = {
        # cost of the half: 20,000,000 × 0.5 = 10,000,000; gain 11,000,000.50 − 10,000,000 = 1,000,000.50 -> 1,000,001
        "270.01.A1.1": "1000001",
        # abroad (Singapore is on no low-tax list): 6,000,000 − 5,000,000 = 1,000,000
        "270.01.A1.2": "1000000",
        "270.01.A1": "2000001",  # A1 1) + A1 2)
        "270.01.A": "2000001",  # A1 alone
        "270.01.B7": "300000",  # 300,000.40 of person.toml in whole tenge
        "270.01.B": "300000",
        "270.01.D": "2300001",  # A + B
        "270.01.G": "2300001",  # no reductions stated
        "270.01.H": "230000",  # 2,300,001 × 10 % = 230,000.1
        "270.01.K": "230000",
        "270.00.1": "900101300017",
        "270.00.2": "2025",
        "270.00.3": "made up",
        "270.00.7": "regular",
        "270.00.8A": "true",
        "270.00.8B": "false",
        "270.00.8C": "false",
        "270.00.8D": "true",
        "270.00.8E": "false",
        "270.00.8F": "false",
        "270.00.8G": "false",
    }
    assert own == expected
    assert made.failed == []
    assert made.notes == []  # the form's own arithmetic comes to the figures of the assessment


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


def test_270_04_has_every_deal_with_the_cabinets_codes(made_up: Callable[..., Asked]) -> None:
    made = fill(made_up(TRADER, 2025, {"records.csv": DEALS}), "270.00")
    deals, holdings = (t.filled for s in made.sheets if s.name == "270.04" for t in s.tables if t.filled)
    assert [r.texts for r in deals] == [
        {"A": "00000001", "B": "1", "C": "8", "D": "1", "E": "BTC, contract 1", "F": "09.01.2025", "G": "-",
         "H": "KZ", "I": "KZT", "J": "20000000.00"},
        {"A": "00000002", "B": "4", "C": "8", "D": "0.5", "E": "BTC", "F": "10.02.2025", "G": "buyer one",
         "H": "KZ", "I": "KZT", "J": "11000000.50"},
        {"A": "00000003", "B": "4", "C": "8", "D": "0.25", "E": "BTC", "F": "11.03.2025", "G": "-",
         "H": "SG", "I": "KZT", "J": "6000000.00"},
        {"A": "00000004", "B": "7", "C": "8", "D": "0.05", "E": "BTC", "F": "12.04.2025", "G": "brother", "H": "KZ"},
        {"A": "00000005", "B": "6", "C": "8", "D": "2", "E": "ETH", "F": "13.05.2025", "G": "sister", "H": "KZ"},
    ]  # fmt: skip
    # what is left on 31 December: 1 − 0.5 − 0.05 BTC at the exchange (abroad: −0.25, no record says how it got there)
    held = {(r.texts["C"], r.texts["E"]): r.extra["quantity"] for r in holdings}
    assert held == {("BTC", "exchange"): "0.45", ("ETH", "exchange"): "2"}
    blank = dict(made.by_hand())
    assert {"270.04.B.J", "270.04.B.I", "270.01.F1", "270.01.F2", "270.01.BIN", "270.00.7"} == set(blank)


AIFC_PERSON = """
id = "900101300017"
name = "made up"
kind = "individual"
resident = true
[[account]]
name = "exchange"
country = "KZ"
aifc_exchange = true
"""
SOLD = """
time,kind,asset,quantity,value,currency,document,account
2025-01-03T12:00:00+05:00,{how},BTC,0.5,20000000,KZT,certificate,exchange
2025-03-03T12:00:00+05:00,sell,BTC,0.5,26000000,KZT,,exchange
"""


def test_270_of_an_heir(made_up: Callable[..., Asked]) -> None:
    made = fill(made_up(AIFC_PERSON, 2025, {"records.csv": SOLD.format(how="inherited")}), "270.00")
    own = texts(made)
    # a certificate of inheritance proves no cost: the gain is the whole price; 26,000,000 × 10 %
    assert [own[f"270.01.{n}"] for n in ("A1.1", "A1", "G", "H", "K")] == ["26000000"] * 3 + ["2600000"] * 2
    rows = [r.texts for s in made.sheets for t in s.tables for r in t.filled]
    # 270.04 B: inheritance 5 at the value that the certificate states, then the sale 4
    assert [(r["B"], r["D"], r["J"]) for r in rows if "J" in r] == [
        ("5", "0.5", "20000000.00"),
        ("4", "0.5", "26000000.00"),
    ]
    assert (made.failed, made.notes) == ([], [])


def test_270_of_a_non_resident_says_that_the_forms_rate_is_not_the_laws(made_up: Callable[..., Asked]) -> None:
    person = AIFC_PERSON.replace("resident = true", "resident = false")
    made = fill(made_up(person, 2025, {"records.csv": SOLD.format(how="buy")}), "270.00")
    own = texts(made)
    # no cost is deducted: the whole price; the form multiplies by 10 %
    assert [own[f"270.01.{n}"] for n in ("A1.1", "G", "H")] == ["26000000", "26000000", "2600000"]
    # law: 26,000,000 × 20 % = 5,200,000; the form has no line for that rate, so both are told
    assert [n.text("en") for n in made.notes] == [
        "line 270.01.H is 2600000 but personal_income_tax.tax is 5200000.00: look into the difference",
        "line 270.01.K is 2600000 but personal_income_tax.tax_due is 5200000.00: look into the difference",
    ]


def test_270_and_880_of_an_individual_who_mines(made_up: Callable[..., Asked]) -> None:
    """A licence of sub-kind II and a meter that was read the whole quarter: 1,000 kWh × 2 tenge."""
    licence = """
[[licence]]
kind = "mining_II"
number = "MII-7"
from = 2024-01-01
"""
    energy = """
start,end,kwh,meter,meter_state,own_plant,renewable,grid_connected,max_power_kw,site,hosted
2025-01-01,2025-04-01,1000,A,ok,no,no,yes,10,home,no
"""
    asked = made_up(AIFC_PERSON + licence, 2025, {"energy.csv": energy}, "2025-Q1")
    made = fill(asked, "880.00")
    own = texts(made)
    expected = {
        "880.00.licence_number": "MII-7",
        "880.01.001.B": "2",
        "880.01.001.E": "1000",
        "880.01.001.F": "2000.00",
        "880.00.001": "2000.00",
        "880.00.003": "2000.00",
    }
    assert {k: own.get(k) for k in expected} == expected
    assert (made.failed, made.notes) == ([], [])


def test_an_officials_deals_stand_in_270_05(made_up: Callable[..., Asked]) -> None:
    made = fill(made_up(TRADER, 2025, {"records.csv": DEALS}, official="yes"), "270.00")
    tables = {(s.name, t.rows.code): t.filled for s in made.sheets for t in s.tables}
    assert tables["270.04", "B"] == []
    assert [r.texts["H"] for r in tables["270.05", "B"]] == ["20000000.00"]
    assert [r.texts["I"] for r in tables["270.05", "C"]] == ["11000000.50", "6000000.00"]
    assert "270.05.B.I" in dict(made.by_hand())  # where the money came from is the person's to say


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
def test_880_of_temir_first_quarter_of_2023() -> None:
    asked = shipped_asked("temir-mining", 2023, "2023-Q1")
    made = fill(asked, "880.00")
    own = texts(made)
    expected = {
        "880.01.001.A": "20.35",  # price of 1 kWh in February and March
        "880.01.001.B": "5",  # 20.35 falls in the step of 5 tenge
        "880.01.001.E": "1286283",  # 615,218 + 671,065 kWh of meter EK-01
        "880.01.001.F": "6431415.00",  # 1,286,283 × 5
        "880.01.011.E": "1286283",
        "880.01.011.F": "6431415.00",
        "880.01.013.F": "6431415.00",
        "880.02.007.A": "1",  # own renewable power
        "880.02.007.D": "69089",  # 27,408 + 41,681 kWh of meter SH-02
        "880.02.007.E": "69089.00",
        "880.02.012.D": "69089",
        "880.02.012.E": "69089.00",
        "880.02.014.E": "69089.00",
        "880.00.001": "6431415.00",
        "880.00.002": "69089.00",
        "880.00.003": "6500504.00",  # the sum, as mining_fee.due
    }
    assert {k: v for k, v in own.items() if k in expected or k[:6] in ("880.01", "880.02")} == expected
    assert made.notes == []


MINER = """
id = "221140000000"
kind = "company"
resident = true
[[licence]]
kind = "mining_I"
number = "MI-1"
from = 2023-01-01
"""
POWER = """
start,end,kwh,meter,meter_state,own_plant,renewable,grid_connected,price_per_kwh,max_power_kw,site,hosted
2023-04-01,2023-05-01,1000,A,ok,no,no,yes,4.00,10,one,no
2023-05-01,2023-06-01,2000,A,ok,no,no,yes,12.00,10,one,no
2023-06-01,2023-06-11,,A,faulty,no,no,yes,12.00,10,one,no
2023-04-01,2023-07-01,500,B,ok,no,no,yes,4.00,10,two,no
2023-04-01,2023-07-01,300,C,ok,yes,no,yes,,5,three,no
2023-04-01,2023-05-01,100,D,ok,yes,yes,yes,,5,four,no
2023-05-01,2023-05-03,,D,missing,yes,yes,yes,,5,four,no
"""


def test_880_with_price_periods_notional_energy_and_own_plants(made_up: Callable[..., Asked]) -> None:
    made = fill(made_up(MINER, 2023, {"energy.csv": POWER}, "2023-Q2"), "880.00")
    own = {k: v for k, v in texts(made).items() if not k.startswith("880.00.") or k[-3:].isdigit()}
    expected = {
        # meter A: two prices (table of 606-3: up to 4 tenge 22, up to 12 tenge 14), then ten days without a meter
        "880.01.001.A": "4", "880.01.001.B": "22", "880.01.001.E": "1000", "880.01.001.F": "22000.00",
        "880.01.002.A": "12", "880.01.002.B": "14", "880.01.002.E": "2000", "880.01.002.F": "28000.00",
        "880.01.011.E": "3000", "880.01.011.F": "50000.00",
        "880.01.012.A": "25", "880.01.012.B": "240", "880.01.012.C": "10",  # 10 days of 24 hours
        "880.01.012.D": "2400", "880.01.012.E": "60000.00",  # 240 × 10; 2,400 × 25
        "880.01.013.F": "110000.00",  # 50,000 + 60,000
        # meter B: a sheet of its own
        "880.01[2].001.A": "4", "880.01[2].001.B": "22", "880.01[2].001.E": "500", "880.01[2].001.F": "11000.00",
        "880.01[2].011.E": "500", "880.01[2].011.F": "11000.00", "880.01[2].013.F": "11000.00",
        # meter C: own plant, not renewable
        "880.02.001.A": "10", "880.02.001.D": "300", "880.02.001.E": "3000.00",
        "880.02.006.D": "300", "880.02.006.E": "3000.00", "880.02.014.E": "3000.00",
        # meter D: own renewable, then two days without a meter (25, the higher rate)
        "880.02[2].007.A": "1", "880.02[2].007.D": "100", "880.02[2].007.E": "100.00",
        "880.02[2].012.D": "100", "880.02[2].012.E": "100.00",
        "880.02[2].013.A": "25", "880.02[2].013.B": "48", "880.02[2].013.C": "5",
        "880.02[2].013.D": "240", "880.02[2].013.E": "6000.00", "880.02[2].014.E": "6100.00",
        "880.00.001": "121000.00",  # 110,000 + 11,000
        "880.00.002": "9100.00",  # 3,000 + 6,100
    }  # fmt: skip
    assert own == expected
    # 121,000 + 9,100 is no total: meters A and D are silent from June and from May on, so law says "at least"
    why = dict(made.by_hand())["880.00.003"].text("en")
    assert "meter four D" in why
    assert why.endswith("at least 130100.00")
    assert made.notes == []


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


def test_100_of_a_farm_line_by_line(made_up: Callable[..., Asked]) -> None:
    """Reading "text": only the pool's service is denied."""
    asked = made_up(FARM, 2025, FARM_FILES)
    asked.settings = {"mining_expenses": "text"}
    made = fill(asked, "100.00")
    own = {k.removeprefix("100.00."): v for k, v in texts(made).items()}
    expected = {
        "001": "35900000.00",  # 26,000,000 of mined coins + 9,900,000 of bought ones
        "014.I.article": "227-1",
        "014.I": "50000000.00",  # 1 BTC at its official value of the day
        "014": "50000000.00",
        "015": "85900000.00",  # 001 + 014
        "016.I.article": "241(1)(11-1)",
        "016.I": "26000000.00",  # coins whose value was income when they were mined
        "016": "26000000.00",
        "018": "59900000.00",  # 015 − 016
        "019.III.H": "3100000.00",  # electricity 3,000,000 + pool 100,000
        "019.coins": "9000000.00",  # what the ether had cost
        "019.VIII": "100000.00",  # the pool's service
        "019": "12000000.00",  # 3,100,000 + 9,000,000 − 100,000
        "payroll": "2000000.00",
        "other": "50000.00",
        "026": "700000.00",
        "036": "400000.00",
        "040.I": "15150000.00",  # 12,000,000 + 2,000,000 + 50,000 + 700,000 + 400,000; equipment is no expense
        "040": "15150000.00",
        "044": "44750000.00",  # 59,900,000 − 15,150,000
        "047": "44750000.00",
        "051": "0.00",
        "053": "44750000.00",
        "054": "500000.00",
        "055": "44250000.00",
        "056": "20",
        "057": "8850000.00",  # 44,250,000 × 20 %
        "058": "8850000.00",
        "059": "8850000.00",
        "062": "8850000.00",
    }
    assert {k: v for k, v in own.items() if k[0].isdigit() or k in expected} == expected
    assert made.notes == []  # 055 and 057 are the assessment's own figures


@pytest.mark.parametrize("year", [2023, 2025])
def test_100_of_temir_comes_to_the_tax_of_law(year: int) -> None:
    asked = shipped_asked("temir-mining", year)
    made = fill(asked, "100.00")
    own = texts(made)
    assert own["100.00.055"] == str(asked.assessment["corporate_income_tax.taxable_income"].value)
    assert own["100.00.062"] == str(asked.assessment["corporate_income_tax.tax"].value)
    assert (made.failed, made.notes) == ([], [])


# ---- 300.00, 250.00, 240.00, 220.00, 910.00 --------------------------------------------------------------------------
def test_300_of_2023_and_of_2024_put_the_same_sale_in_other_lines(made_up: Callable[..., Asked]) -> None:
    sale = """
time,kind,asset,quantity,value,currency,document,account
{y}-02-03T12:00:00+05:00,buy,BTC,1,10000000,KZT,contract,aifc
{y}-02-04T12:00:00+05:00,sell,BTC,1,12000000,KZT,,aifc
"""
    person = FARM.replace("year = 2025", "year = {y}")
    found = {}
    for year in (2023, 2024):
        asked = made_up(person.format(y=year), year, {"records.csv": sale.format(y=year)}, f"{year}-Q1")
        found[year] = {k.removeprefix("300.00."): v for k, v in texts(fill(asked, "300.00")).items()}
    lines = ("001.A", "001.B", "005.A", "006", "007", "012", "030.I")
    # 2023: ordinary turnover, 12,000,000 × 12 % = 1,440,000; all of the turnover is taxable: 100 %
    assert [found[2023].get(n) for n in lines] == [
        "12000000.00", "1440000.00", None, "12000000.00", "100", "1440000.00", "1440000.00",
    ]  # fmt: skip
    # 2024: exempt by 397(4), so the tax is 0, and none of the turnover is taxable
    assert [found[2024].get(n) for n in lines] == [None, "0.00", "12000000.00", "12000000.00", "0", "0.00", "0.00"]


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


def test_250_lists_what_is_held_at_the_end_of_the_year(made_up: Callable[..., Asked]) -> None:
    made = fill(made_up(TRADER, 2025, {"records.csv": DEALS}), "250.00")
    rows = [r.texts for s in made.sheets for t in s.tables for r in t.filled]
    assert {"A": "00000001", "B": "BTC", "C": "0.45", "D": "KZ", "E": "exchange"} in rows


def test_240_of_a_trader_of_2024(made_up: Callable[..., Asked]) -> None:
    deals = DEALS.replace("2025-", "2024-").replace("+05:00", "+06:00")
    made = fill(made_up(TRADER.replace("2025", "2024"), 2024, {"records.csv": deals}), "240.00")
    own = {k.removeprefix("240.00."): v for k, v in texts(made).items()}
    # 1,000,000.50 at home and 1,000,000 abroad; 001 I = both; 001 = I
    lines = ("001.I.A", "001.I.B", "001.I", "001", "002")
    assert [own[n] for n in lines] == ["1000000.50", "1000000.00", "2000000.50", "2000000.50", "300000.40"]


PROPRIETOR = FARM.replace('"company"', '"sole_proprietor"').replace("221140000000", "900101300017")


def test_220_and_910_of_a_proprietor_show_sums_and_leave_the_tax_to_the_cabinet(made_up: Callable[..., Asked]) -> None:
    asked = made_up(PROPRIETOR, 2025, FARM_FILES)
    made = fill(asked, "220.00")
    own = {k.removeprefix("220.00."): v for k, v in texts(made).items()}
    # the same sales and expenses as the farm's
    assert (own["001"], own["012.I"], own["023"], own["029"]) == (
        "35900000.00",
        "26000000.00",
        "700000.00",
        "400000.00",
    )
    blank = dict(made.by_hand())
    assert "220.00.035" in blank
    assert own["010.I"] == "50000000.00"  # the distribution, at its official value


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
    """General regime: 220.00 once; simplified: 910.00 for each half-year, no 220.00. A payer of VAT has 300.00 too."""
    free = SIMPLIFIED.replace("vat_payer = true", "vat_payer = false")
    for person, forms in (
        (free.replace("simplified", "general"), [("220.00", "2025"), ("880.00", "2025-Q1")]),
        (free, [("880.00", "2025-Q1"), ("910.00", "2025-H1"), ("910.00", "2025-H2")]),
    ):
        asked = made_up(person, 2025, FARM_FILES)
        assert [(made.edition.form, made.period) for made, _ in returns(asked, None, None)] == forms
    payer = returns(made_up(SIMPLIFIED, 2025, FARM_FILES), None, None)
    assert [made.period for made, _ in payer if made.edition.form == "300.00"] == [f"2025-Q{q}" for q in (1, 2, 3, 4)]


@pytest.mark.parametrize("kind", ["company", "pool", "exchange"])
def test_every_company_files_100_300_and_880(made_up: Callable[..., Asked], kind: str) -> None:
    """A pool and an exchange pay corporate tax on what they receive as a miner does (old code 227-1)."""
    asked = made_up(FARM.replace('"company"', f'"{kind}"'), 2025, FARM_FILES)
    found = {made.edition.form: made for made, _ in returns(asked, None, None)}
    assert sorted(found) == ["100.00", "300.00", "880.00"]
    assert texts(found["100.00"])["100.00.014.I"] == "50000000.00"
    # coins were mined and no meter was read: the fee is not known, and the total says so
    assert "880.00.003" in dict(found["880.00"].by_hand())
