"""Sentences of the contract, each on a small case: what is told when something is wrong, missing, or not known yet."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import salyq
from salyq.assessing.result import Assessment
from salyq.civil.errors import InputError, UsageError
from salyq.cli.main import main

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n[[account]]\nname = "desk"\ncountry = "KZ"\n'
COMPANY = 'id = "230440900503"\nkind = "company"\nresident = true\n'
LICENCE = '[[licence]]\nkind = "mining_I"\nnumber = "1"\nfrom = 2022-01-01\nuntil = 2030-12-31\n'
RECORDS = "time,kind,asset,quantity,value,currency,account,document\n"
BUY = "2026-02-03T10:00:00+05:00,buy,BTC,1,4000000,KZT,desk,contract\n"
SELL = "2026-06-03T10:00:00+05:00,sell,BTC,1,6000000,KZT,desk,\n"
ENERGY = "start,end,kwh,meter,meter_state,own_plant,renewable,grid_connected,price_per_kwh,max_power_kw\n"
PAYOUTS = "date,asset,quantity,pool\n"
VALUES = "date,asset,value,currency,kind\n"


def folder(place: Path, person: str = PERSON, **files: str) -> Path:
    (place / "person.toml").write_text(person, encoding="utf-8")
    for name, text in files.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def assessed(place: Path, year: int, person: str = PERSON, known: date | None = None, **files: str) -> Assessment:
    return salyq.assess(salyq.read_case(folder(place, person, **files)), year=year, known=known)


# --- rejected rows and notices ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (BUY.replace("BTC,1,", "BTC,0,"), "quantity «0»"),
        (BUY.replace("BTC,1,", "BTC,1e3,"), "quantity «1e3»"),
        (BUY.replace("4000000", "-4000000"), "value «-4000000»"),
        (BUY.replace("BTC,1,", f"BTC,{'7' * 40},"), f"quantity «{'7' * 40}»"),
    ],
)
def test_a_rejected_row_is_one_line_with_column_value_and_remedy(
    row: str, wanted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    case = folder(tmp_path, records=RECORDS + BUY + row + SELL)
    for options, code in ((["--format", "json"], 0), (["--strict"], 3)):
        assert main(["assess", str(case), "--year", "2026", *options]) == code
        out, err = capsys.readouterr()
        assert err.count("\n") == 1
        assert err.startswith(f"records.csv:3: {wanted}: ")
        assert f"records.csv:3: {wanted}" in out
    income = assessed(tmp_path, 2026, records=RECORDS + BUY + row + SELL)["personal_income_tax.digital_asset_income"]
    assert (income.status, income.value) == ("unknown", None)


def test_what_reading_assumed_stands_among_the_findings(tmp_path: Path) -> None:
    bare = BUY.replace("+05:00", "").replace("contract", "")
    found = {f.code: f for f in assessed(tmp_path, 2026, records=RECORDS + bare).findings}
    for code in ("notice_time_without_offset", "notice_counts_as_documented"):
        assert (found[code].severity, found[code].records) == ("notice", ("records.csv:2",))


def test_residence_not_stated_is_said(tmp_path: Path) -> None:
    silent = PERSON.replace("resident = true\n", "")
    codes = [f.code for f in assessed(tmp_path, 2026, silent, records=RECORDS + BUY).findings]
    assert codes.count("residence_assumed") == 1
    assert "residence_assumed" not in [f.code for f in assessed(tmp_path, 2026, records=RECORDS + BUY).findings]


def test_stablecoins_of_one_year_are_refused_in_one_line(tmp_path: Path) -> None:
    person = PERSON + '[elections.2026]\nstablecoins = { EURT = "EUR" }\n'
    with pytest.raises(InputError) as caught:
        assessed(tmp_path, 2026, person, records=RECORDS + BUY)
    assert "[elections]" in caught.value.text("en")


# --- law as it was known ----------------------------------------------------------------------------------------------
def test_before_article_332_1_was_made_a_swap_of_2025_was_a_sale(tmp_path: Path) -> None:
    deals = (
        "2025-02-03T10:00:00+05:00,buy,BTC,1,20000000,KZT,desk,contract\n"
        "2025-06-03T10:00:00+05:00,sell,BTC,1,60000,USDT,desk,\n"
        "2025-07-03T10:00:00+05:00,sell,USDT,60000,33000000,KZT,desk,\n"
    )
    rates = "date,currency,rate,quantity,kind\n2025-06-02,USD,500,1,market\n"
    income = {
        known: assessed(tmp_path, 2025, known=known, records=RECORDS + deals, rates=rates)[
            "personal_income_tax.digital_asset_income"
        ].value
        for known in (date(2025, 7, 14), date(2025, 7, 15))
    }
    # before: 30 − 20 and 33 − 30 million; then the second leg is no sale (332-1(5))
    assert income == {date(2025, 7, 14): Decimal("13000000.00"), date(2025, 7, 15): Decimal("10000000.00")}


def test_before_an_end_was_made_the_law_goes_on_and_before_any_law_there_is_none(tmp_path: Path) -> None:
    before = assessed(tmp_path, 2026, known=date(2025, 7, 17), records=RECORDS + BUY + SELL)
    assert before["personal_income_tax.tax_due"].value == Decimal("200000.00")
    assert {"tax-code-2017"} == {c.partition(":")[0] for c in before["personal_income_tax.tax_due"].cites}
    with pytest.raises(UsageError) as caught:
        assessed(tmp_path, 2026, known=date(2017, 12, 24), records=RECORDS + BUY + SELL)
    assert caught.value.exit_code == 2
    assert "2017-12-24" in caught.value.text("ru")
    made = assessed(tmp_path, 2026, known=date(2025, 7, 18), records=RECORDS + BUY + SELL)
    assert made["personal_income_tax.tax_due"].status == "unknown"  # the index of 2026 was not set yet
    after = assessed(tmp_path, 2026, known=date(2025, 12, 8), records=RECORDS + BUY + SELL)
    assert after["personal_income_tax.tax_due"].value == Decimal("200000.00")


# --- bounds -----------------------------------------------------------------------------------------------------------
def test_a_missing_official_value_leaves_a_lower_end(tmp_path: Path) -> None:
    payouts = PAYOUTS + "2026-03-02,BTC,1,pool\n2026-03-03,BTC,1,pool\n"
    values = VALUES + "2026-03-02,BTC,10,KZT,official\n"
    result = assessed(tmp_path, 2026, COMPANY + LICENCE, payouts=payouts, values=values)
    income, tax = result["corporate_income_tax.mining_income"], result["corporate_income_tax.tax"]
    assert (income.status, income.value, income.bounds) == ("unknown", None, (Decimal("10.00"), None))
    assert tax.bounds == (Decimal("2.00"), None)
    assert result["corporate_income_tax.business_loss"].value == Decimal("0.00")  # whatever the value turns out to be


def test_a_missing_price_of_power_lies_between_the_rates_of_the_year(tmp_path: Path) -> None:
    energy = ENERGY + "2023-01-01,2023-04-01,1000,m,ok,no,no,yes,,\n"
    due = assessed(tmp_path, 2023, COMPANY, energy=energy)["mining_fee.due", "2023-Q1"]
    assert (due.status, due.bounds) == ("unknown", (Decimal("1000.00"), Decimal("25000.00")))


def test_without_withholding_nothing_is_overpaid_even_if_the_tax_is_unknown(tmp_path: Path) -> None:
    dollars = (BUY + SELL).replace("KZT", "USD")
    result = assessed(tmp_path, 2026, records=RECORDS + dollars)
    assert result["personal_income_tax.tax"].status == "unknown"
    for name in ("withheld_credit", "overpaid"):
        assert result[f"personal_income_tax.{name}"].value == Decimal("0.00")


def test_what_may_be_overpaid_lies_between_nothing_and_all_that_was_withheld(tmp_path: Path) -> None:
    """The salary joins at 8,500 MCI: between the ends more may be overpaid than at either."""
    facts = '[[year]]\nyear = 2026\nemployment_income_taxable = "30000000.00"\n'
    facts += 'personal_income_tax_withheld = "5000000.00"\n'
    sold = "2026-06-03T10:00:00+05:00,sell,BTC,1,20000000,KZT,desk,\n"
    found = assessed(tmp_path, 2026, PERSON + facts, records=RECORDS + sold)["personal_income_tax.overpaid"]
    assert found.bounds == (Decimal("0.00"), Decimal("5000000.00"))


# --- energy -----------------------------------------------------------------------------------------------------------
def test_a_rejected_reading_makes_the_fee_unknown_not_absent(tmp_path: Path) -> None:
    energy = ENERGY + "2026-01-01,2026-04-01,1e6,m,ok,no,no,yes,,\n"
    result = assessed(tmp_path, 2026, COMPANY + LICENCE, energy=energy)
    assert result["mining_fee.due", "2026-Q1"].status == "unknown"


@pytest.mark.parametrize(("end", "said"), [("2026-07-02", False), ("2026-10-01", True)])
def test_a_reading_that_goes_on_after_the_last_law_read_is_said(end: str, said: bool, tmp_path: Path) -> None:
    energy = ENERGY + f"2026-07-01,{end},100,m,ok,no,no,yes,,\n"
    codes = [f.code for f in assessed(tmp_path, 2026, COMPANY + LICENCE, energy=energy).findings]
    assert ("law_not_read_after" in codes) is said


def test_findings_are_json_with_words_in_three_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = folder(tmp_path, records=RECORDS + BUY + SELL.replace("BTC,1,", "BTC,0,"))
    assert main(["assess", str(case), "--year", "2026", "--format", "json"]) == 0
    for finding in json.loads(capsys.readouterr().out)["findings"]:
        assert sorted(finding["message"]) == ["en", "kk", "ru"]
        assert len(set(finding["message"].values())) == 3


def test_a_payment_for_what_is_not_owed_is_said(tmp_path: Path) -> None:
    energy = ENERGY + "2024-01-01,2024-04-01,500000,m,ok,no,no,yes,,\n"
    paid = "date,name,period,amount\n2024-05-25,mining_fee,2024-Q1,1000000\n2024-05-25,mining_tax,2024-Q1,7\n"
    result = assessed(tmp_path, 2024, COMPANY + LICENCE, energy=energy, payments=paid)
    said = [f.records for f in result.findings if f.code == "payment_for_nothing_owed"]
    assert said == [("payments.csv:3",)]
    assert result["late_interest.due"].value == Decimal("0.00")
