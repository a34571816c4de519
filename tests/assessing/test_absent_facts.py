"""An absent fact never becomes a known zero: a table, an order or a quote left out makes what hangs on it
unknown, or the verdict says what is open."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path

import pytest

from salyq.app.api import assess, holdings, questions
from salyq.assessing.result import Assessment
from salyq.facts.case import read_case
from salyq.records.model import UNIT

IDS = {"company": "990540000011", "individual": "900101300017", "sole_proprietor": "900101300017"}
LICENCE = '[[licence]]\nkind = "mining_I"\nfrom = 2020-01-01\n'
STATEMENT = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n"
ORDERS = (
    "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,"
    "Couterparty,Status,Created Time\n"
    "1,Buy,USDT,KZT,500000,500,1000,,nick,Completed,2025-03-01 10:00:00\n"
)
BOUGHT = STATEMENT + "1,2025-03-01 10:00:00,Funding,P2P Trading,USDT,1000,\n"
SOLD = "1,2025-04-01 10:00:00,Funding,P2P Trading,USDT,-600,\n1,2025-05-01 10:00:00,Funding,P2P Trading,USDT,-100,\n"
_DAYS = [date(2025, 1, 1) + timedelta(n) for n in range(365)]
RATES = "".join(f"{d},USD,500,official,x\n" for d in _DAYS)
WHOLE = {
    "energy.csv": "start,end,kwh,meter\n2025-01-01,2026-01-01,1000,m\n",
    "payouts.csv": "date,asset,quantity\n2025-05-05,BTC,0.01\n2025-08-05,BTC,0.01\n",
    "sales.csv": "time,kind,asset,quantity,value,currency,account\n"
    "2025-09-03T10:00:00+05:00,sell,BTC,0.01,500000,KZT,w\n",
    "values.csv": "date,asset,currency,value,kind,source\n2025-05-05,BTC,USD,60000,official,x\n"
    "2025-08-05,BTC,USD,60000,official,x\n",
    "rates.csv": f"date,currency,rate,kind,source\n{RATES}",
}


def person(kind: str, more: str = "") -> str:
    return f'id = "{IDS[kind]}"\nkind = "{kind}"\nresident = true\n{more}'


def told(folder: Path, who: str, files: dict[str, str], year: int = 2025) -> Assessment:
    folder.mkdir()
    (folder / "person.toml").write_text(who, encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return assess(read_case(folder), year)


def codes(result: Assessment) -> set[str]:
    return {r.code for r in result.verdict.reasons}


@pytest.mark.parametrize(
    "left_out", [names for n in (1, 2, 3) for names in itertools.combinations(sorted({*WHOLE} - {"sales.csv"}), n)]
)
def test_a_table_left_out_makes_nothing_a_known_other_sum(tmp_path: Path, left_out: tuple[str, ...]) -> None:
    """Sales apart: of a sale that no file tells nothing can be known; nor of coins where neither power nor payouts are
    told, but then the fee is unknown and the year open."""
    miner = person("company", LICENCE)
    whole = told(tmp_path / "whole", miner, WHOLE)
    assert whole["corporate_income_tax.mining_income"].value == 600_000
    less = told(tmp_path / "less", miner, {n: t for n, t in WHOLE.items() if n not in left_out})
    before = {(f.name, f.period): f.value for f in whole.figures if f.status == "known"}
    for figure in less.figures if not {"energy.csv", "payouts.csv"} <= {*left_out} else ():
        known = figure.value if figure.status == "known" else before.get((figure.name, figure.period))
        assert known == before.get((figure.name, figure.period)), figure.name
    assert not less.verdict.complete


@pytest.mark.parametrize("kind", sorted(IDS))
def test_power_without_coins_is_no_income_of_nothing(tmp_path: Path, kind: str) -> None:
    files = {name: WHOLE[name] for name in ("energy.csv", "rates.csv")}
    result = told(tmp_path / "c", person(kind, LICENCE), files)
    taxes = [f for f in result.figures if f.name in ("corporate_income_tax.tax", "personal_income_tax.tax")]
    assert {f.status for f in taxes} == {"unknown"}
    assert "power_without_coins" in codes(result) | {r.message.code for r in result.verdict.reasons}


def test_a_payout_of_nothing_says_that_nothing_was_mined(tmp_path: Path) -> None:
    none = {**WHOLE, "payouts.csv": "date,asset,quantity\n2025-12-31,BTC,0\n"}
    del none["sales.csv"]
    result = told(tmp_path / "c", person("company", LICENCE), none)
    assert result["corporate_income_tax.mining_income"].value == 0
    assert "power_without_coins" not in codes(result)
    assert (result.rows.read, result.rows.rejected) == (result.rows.used + result.rows.ignored, 0)


def test_coins_sold_by_p2p_without_their_order_are_a_sale_of_unknown_price(tmp_path: Path) -> None:
    result = told(tmp_path / "c", person("individual"), {"s.csv": BOUGHT + SOLD, "orders.csv": ORDERS})
    income = result["personal_income_tax.digital_asset_income"]
    assert (income.status, income.value, income.bounds) == ("unknown", None, (0, None))
    assert {m.code for m in income.missing} == {"sale_price_unknown"}
    assert codes(result) == {"p2p_sold_without_order"}
    case = read_case(tmp_path / "c")
    asked = [(q.code, q.quantity, len(q.sources)) for q in questions(case)]
    assert asked == [("p2p_sold_without_order", 700 * UNIT, 2)]
    assert [(h.asset, h.quantity) for h in holdings(case, date(2025, 12, 31))] == [("USDT", 300 * UNIT)]


def test_the_orders_settle_what_a_statement_alone_leaves_open(tmp_path: Path) -> None:
    orders = ORDERS + (
        "2,Sell,USDT,KZT,360000,600,600,,nick,Completed,2025-04-01 10:00:00\n"
        "3,Sell,USDT,KZT,60000,600,100,,nick,Completed,2025-05-01 10:00:00\n"
    )
    result = told(tmp_path / "c", person("individual"), {"s.csv": BOUGHT + SOLD, "orders.csv": orders})
    assert result["personal_income_tax.digital_asset_income"].value == 70_000
    assert result.verdict.complete


def test_coins_bought_by_p2p_without_their_order_have_an_unknown_cost(tmp_path: Path) -> None:
    sale = ORDERS.replace("1,Buy", "2,Sell").replace("2025-03-01", "2025-04-01").replace("1000,,", "600,,")
    result = told(tmp_path / "c", person("individual"), {"s.csv": BOUGHT + SOLD.split("\n")[0], "orders.csv": sale})
    income = result["personal_income_tax.digital_asset_income"]
    assert (income.status, income.bounds) == ("unknown", (0, 500_000))
    assert codes(result) == {"p2p_bought_without_order"}
