"""Section 4 of the audit: what a reader of a printed tree could not see stands in it now."""

from __future__ import annotations

from pathlib import Path

import pytest

from salyq.cli.main import main

MINER = """
id = "210140000016"
kind = "company"
resident = true
[[licence]]
kind = "mining_I"
number = "KZ-77"
from = 2022-01-01
"""
PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
TRADES = """time,kind,asset,quantity,value,currency,document,account
2026-02-03T12:00:00+05:00,buy,BTC,0.5,5000,USD,contract,wallet
2026-03-03T12:00:00+05:00,sell,BTC,0.2,3000,USD,,wallet
2026-06-11T12:00:00+05:00,sell,BTC,0.1,1400,USD,,wallet
"""
RATES = """date,currency,rate,quantity,source,kind
2026-01-01,USD,500,1,example,official
2026-07-01,USD,510,1,example,official
2026-12-31,USD,520,1,example,official
"""
CASES = {  # files, year, figure, period, lines that stand in the tree
    "mean, currency, lots": (
        {"person.toml": PERSON, "records.csv": TRADES, "rates.csv": RATES},
        ("2026", "digital_asset_income", ""),
        (  # 181 days at 500, 183 at 510, one at 520
            "USD 2026-06-11 · rates of 365 days sum to 184,350",
            "Lots sold: 1,000 USD",
            "Sale value of this part: 1,400 USD",
            "Used of the lot before: 0.2",
            "Used of the lot with this part: 0.3",
        ),
    ),
    "reading divided, hours, licence": (
        {
            "person.toml": MINER,
            "energy.csv": "start,end,kwh,max_power_kw,meter_state\n2026-03-01,2026-05-01,61000,,\n"
            "2026-05-01,2026-07-01,,1000,faulty\n",
        },
        ("2026", "mining_fee.due", "2026-Q2"),
        (
            "The whole reading: 61,000 kWh",
            "Days of the reading: 61",
            "Days of this part: 30",
            "Hours: 1464",
            "Greatest power, kW: 1000",
            "Licence number: KZ-77",
        ),
    ),
    "nothing added is no term": (
        {
            "person.toml": MINER,
            "payouts.csv": "date,asset,quantity,pool,wallet\n2026-05-12,BTC,1,pool,wallet\n",
            "values.csv": "date,asset,value,currency,source,kind\n2026-05-12,BTC,5000000,KZT,x,official\n",
            "expenses.csv": "date,category,amount,currency\n2026-05-12,electricity,2000000,KZT\n",
        },
        ("2026", "corporate_income_tax.tax", ""),
        ("Taxable income: 3,000,000.00 KZT  [", "= 5,000,000.00 − 2,000,000.00  ["),
    ),
    "days overdue": (
        {
            "person.toml": MINER,
            "energy.csv": "start,end,kwh\n2025-04-01,2025-07-01,500000\n",
            "payments.csv": "date,name,period,amount\n2025-10-20,mining_fee,2025-Q2,1000000\n",
        },
        ("2025", "late_interest.due", ""),
        ("To be paid by: 2025-08-25", "Last day: 2025-10-12", "Last day: 2025-10-20", "Days: 48", "(2340000/73)"),
    ),
    "value of the day before": (
        {
            "person.toml": MINER,
            "payouts.csv": "date,asset,quantity,pool,wallet\n2025-05-17,BTC,1,pool,wallet\n",
            "values.csv": "date,asset,value,currency,source,kind\n2025-05-16,BTC,100000,USD,example,official\n",
            "rates.csv": "date,currency,rate,quantity,source,kind\n2025-05-17,USD,510,1,example,official\n",
        },
        ("2025", "mining_income", ""),
        ("BTC 2025-05-16 USD", "Day whose value counts: 2025-05-16", "the working day before", "USD 2025-05-17"),
    ),
    "expenses by category": (
        {
            "person.toml": MINER,
            "payouts.csv": "date,asset,quantity,pool,wallet\n2023-06-05,BTC,1,pool,wallet\n",
            "values.csv": "date,asset,value,currency,source,kind\n2023-06-05,BTC,40000000,KZT,example,official\n",
            "expenses.csv": "date,category,amount,currency\n2023-06-06,pool_service,1000000,KZT\n"
            "2023-03-06,electricity,500000,KZT\n",
        },
        ("2023", "corporate_income_tax.allowed_expenses", ""),
        ("Category: electricity", "Category: services of a pool", "Belongs to mining: yes", "April to December: no"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_tree_tells_what_it_rests_on(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files, (year, figure, period), lines = CASES[name]
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    asked = ["explain", str(tmp_path), "--year", year, "--figure", figure, "--lang", "en"]
    assert main([*asked, *(["--period", period] if period else [])]) == 0
    told = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    for line in lines:
        assert line in told
