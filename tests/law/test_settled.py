"""Settled questions, one by one, each by a small real case from its files to its figure (design: 5, 11, 28 to 39)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import salyq
from salyq.app.api import questions
from salyq.assessing.result import Assessment
from salyq.civil.errors import SalyqError
from salyq.cli.main import main

HEAD = "time,kind,asset,quantity,value,currency,account,document,note,proof,purpose,abroad\n"
PERSON = 'id = "930417400007"\nkind = "individual"\nresident = true\n'
KZ = '[[account]]\nname = "kz"\ncountry = "KZ"\n'
COMPANY = 'id = "221140000000"\nkind = "company"\nresident = true\n'
MINER = COMPANY + '[[licence]]\nkind = "mining_I"\nfrom = 2026-01-01\n'
INCOME, TAX = "personal_income_tax.digital_asset_income", "personal_income_tax.tax"
BROKEN = "2024-05-05T10:00:00+05:00,buy,BTC,abc,100,KZT,kz,r,,,,\n"
RATES = "date,currency,rate,quantity,source,kind\n2025-06-02,USD,510,1,x,market\n2025-01-31,USD,505,1,x,market\n"
DAY_PRICE = "date,asset,value,currency,source,kind\n2025-02-02,BTC,1000000,KZT,x,day_average\n"


def deal(year: int, asset: str = "BTC") -> str:
    bought = f"{year}-02-03T10:00:00+05:00,buy,{asset},1,6000000,KZT,kz,receipt,,,,\n"
    return bought + f"{year}-06-03T10:00:00+05:00,sell,{asset},1,10000000,KZT,kz,,,,,\n"


def came(year: int, kind: str, note: str = "", proof: str = "") -> str:
    got = f"{year}-02-03T10:00:00+05:00,{kind},BTC,1,6000000,KZT,kz,paper,{note},{proof},,\n"
    return got + f"{year}-06-03T10:00:00+05:00,sell,BTC,1,10000000,KZT,kz,,,,,\n"


def spent(purpose: str, abroad: str) -> str:
    got = "2025-02-03T10:00:00+05:00,buy,USDT,1000,400000,KZT,kz,receipt,,,,\n"
    return got + f"2025-06-03T10:00:00+05:00,spend,USDT,1000,600000,KZT,kz,,,,{purpose},{abroad}\n"


STAKED = (
    "2026-02-03T10:00:00+05:00,staked,ETH,1,1000000,KZT,kz,,,,,\n"
    "2026-06-03T10:00:00+05:00,sell,ETH,1,1500000,KZT,kz,,,,,\n"
)
REWARD = STAKED.replace("2026", "2025").replace("staked,ETH", "interest,BTC").replace("sell,ETH", "sell,BTC")
LOSS = '[[loss]]\nyear = {}\nkind = "{}"\namount = "1000000.00"\n'
LOSSES = LOSS.format(2015, "business") + LOSS.format(2024, "business") + LOSS.format(2025, "digital_assets")
PAYER = "[[year]]\nyear = 2026\nvat_payer = true\n"
OWN = COMPANY.replace("company", "sole_proprietor").replace("221140000000", "930417400007")
NO_INCOME = '[elections]\nreceipts = "no_income"\n'
GENERAL = '[[regime]]\nkind = "general"\nfrom = 2026-01-01\n'
EXCHANGE = COMPANY.replace('"company"', '"exchange"')

# name: year, person.toml, rows of records.csv, other files, figure, value (or its ends)
CASES = {
    "5 a rejected row moves coins": (2025, PERSON + KZ, deal(2025) + BROKEN, {}, INCOME, ("0", "10000000")),
    "5 of another asset": (2025, PERSON + KZ, deal(2025, "ETH") + BROKEN, {}, INCOME, "4000000"),
    "11 inherited 2023": (2023, PERSON + KZ, came(2023, "inherited"), {}, INCOME, "10000000"),
    "11 inherited 2024": (2024, PERSON + KZ, came(2024, "inherited"), {}, INCOME, "10000000"),
    "11 taxed earlier 2024": (2024, PERSON + KZ, came(2024, "inherited", "taxed"), {}, INCOME, "4000000"),
    "11 inherited 2025": (2025, PERSON + KZ, came(2025, "inherited"), {}, INCOME, "10000000"),
    "11 a taxed gift 2026": (2026, PERSON + KZ, came(2026, "gift_in", "taxed"), {}, INCOME, "4000000"),
    "28 a valuer's report": (2026, PERSON + KZ, came(2026, "inherited", "", "valuer_report"), {}, INCOME, "4000000"),
    "28 a certificate": (2026, PERSON + KZ, came(2026, "inherited", "", "certificate"), {}, INCOME, "10000000"),
    "28 a deed": (2026, PERSON + KZ, came(2026, "gift_in", "", "deed"), {}, INCOME, "10000000"),
    "29 registrable abroad": (2025, PERSON + KZ, spent("registrable_property", "yes"), {"r.csv": RATES}, INCOME, "0"),
    "29 other property abroad": (2025, PERSON + KZ, spent("property", "yes"), {"r.csv": RATES}, INCOME, "110000"),
    "29 goods at home": (2025, PERSON + KZ, spent("goods", "no"), {"r.csv": RATES}, INCOME, "200000"),
    "31 income on receipt": (2026, PERSON + KZ, STAKED, {}, TAX, "150000"),
    "31 no income on receipt": (2026, PERSON + KZ + NO_INCOME, STAKED, {}, INCOME, "1500000"),
    "32 from an exchange": (2025, PERSON + KZ + "exchange = true\n", REWARD, {"p.csv": DAY_PRICE}, INCOME, "500000"),
    "32 from a contract": (2025, PERSON + KZ, REWARD, {"p.csv": DAY_PRICE}, INCOME, "1500000"),
    "33 losses by year": (2026, COMPANY + PAYER + LOSSES + KZ, deal(2026), {}, "corporate_income_tax.tax", "600000"),
    "35 coins in the books": (
        2026, OWN + GENERAL + KZ + "in_books = true\n", deal(2026), {}, TAX, "400000",
    ),
    "35 coins of one's own": (2026, OWN + KZ, deal(2026), {}, INCOME, "4000000"),
    "36 earned by an exchange": (
        2026, EXCHANGE + KZ, "2026-03-10T10:00:00+05:00,earned,BTC,0.1,,,kz,,,,,\n",
        {"v.csv": "date,asset,value,currency,source,kind\n2026-03-10,BTC,50000000,KZT,x,official\n"},
        "corporate_income_tax.tax", "1000000",
    ),
    "37 2021, a foreign source": (
        2021, PERSON + KZ.replace("KZ", "SG"), deal(2021), {}, INCOME, "10000000",
    ),
    "37 2019": (2019, PERSON + KZ, deal(2019), {}, INCOME, ()),
    "38 base rates given": (
        2026, MINER, "",
        {
            "energy.csv": "start,end,kwh\n2026-01-01,2026-04-01,500000\n",
            "payments.csv": "date,name,period,amount\n2026-06-04,mining_fee,2026-Q1,1000000\n",
            "base_rates.csv": "date,rate,source\n2026-01-01,18,x\n",
        },
        "late_interest.due", "6164.38",
    ),
    "39 a gap": (
        2026, MINER, "", {"energy.csv": "start,end,kwh\n2026-01-01,2026-02-01,100\n2026-02-05,2026-04-01,100\n"},
        "mining_fee.due", ("400", ""),
    ),
    "39 an overlap": (
        2026, MINER, "", {"energy.csv": "start,end,kwh\n2026-01-01,2026-02-10,100\n2026-02-05,2026-04-01,100\n"},
        "mining_fee.due", ("200", ""),
    ),
    "39 not to its end": (
        2026, MINER, "", {"energy.csv": "start,end,kwh\n2026-01-01,2026-03-20,100\n"}, "mining_fee.due", ("200", ""),
    ),
    "39 no readings": (2026, MINER, "", {}, "mining_fee.due", ("0", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_settled_question(name: str, tmp_path: Path) -> None:
    year, person, rows, files, figure, wanted = CASES[name]
    written = {"person.toml": person, **files, **({"records.csv": HEAD + rows} if rows else {})}
    for file, text in written.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    result = salyq.assess(salyq.read_case(tmp_path), year=year)
    found = next(f for f in result.figures if f.name == figure)
    if isinstance(wanted, str):
        assert (found.status, found.value) == ("known", Decimal(wanted))
        return
    assert found.status == "unknown"
    ends = () if found.bounds is None else tuple("" if e is None else str(int(e)) for e in found.bounds)
    assert ends == wanted
    assert result.verdict.state == "incomplete"


def test_a_low_tax_state_is_not_kazakhstan(tmp_path: Path) -> None:
    """30."""
    (tmp_path / "person.toml").write_text(PERSON + KZ + "low_tax = true\n", encoding="utf-8")
    with pytest.raises(SalyqError, match="low_tax"):
        salyq.read_case(tmp_path)


@pytest.mark.parametrize(
    ("year", "document", "income", "cites"),
    [
        (2024, "", "4000000", ("tax-code-2017:331.9", "tax-code-2017:332.9")),
        (2024, "none", "10000000", None),
        (2025, "", "4000000", ("tax-code-2017:331.9", "tax-code-2017:332.9")),
        (2026, "", "4000000", ("tax-code-2025:389.3", "tax-code-2025:389.6")),
        (2026, "none", "10000000", None),
    ],
)
def test_a_purchase_with_a_value_and_no_document_counts_and_is_said_once_with_the_article(
    year: int, document: str, income: str, cites: tuple[str, ...] | None, tmp_path: Path
) -> None:
    (tmp_path / "person.toml").write_text(PERSON + KZ.replace('"KZ"', '"SG"'), encoding="utf-8")
    (tmp_path / "records.csv").write_text(HEAD + deal(year).replace("receipt", document), encoding="utf-8")
    result = salyq.assess(salyq.read_case(tmp_path), year=year)
    figure = next(f for f in result.figures if f.name == INCOME)
    assert (figure.status, figure.value) == ("known", Decimal(income))
    said = [f.cites for f in result.findings if f.code == "notice_counts_as_documented"]
    assert said == ([] if cites is None else [cites])


SPENT = "date,category,amount,currency,document\n2025-05-05,electricity,1000000,KZT,a\n2025-06-05,rent,500000,KZT,a\n"
VALUES = "date,asset,value,currency,source,kind\n2025-05-12,BTC,1000000,KZT,x,official\n"


def settled(folder: Path, **files: str) -> Assessment:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return salyq.assess(salyq.read_case(folder), year=2025)


@pytest.mark.parametrize(
    ("files", "denied", "allowed", "said"),
    [
        ({"person__toml": MINER.replace("2026", "2024")}, "1500000", "0", 1),
        (
            {"payouts__csv": "date,asset,quantity\n2025-05-12,BTC,1\n", "v__csv": VALUES, "person__toml": COMPANY},
            *("1500000", "0", 1),
        ),
        ({"person__toml": COMPANY}, "0", "1500000", 0),
    ],
)
def test_34_expenses_with_no_activity_are_of_mining_for_whoever_mines_and_that_is_said_once(
    files: dict[str, str], denied: str, allowed: str, said: int, tmp_path: Path
) -> None:
    result = settled(tmp_path, expenses__csv=SPENT, **files)
    found = {f.name.rpartition(".")[2]: f.value for f in result.figures if f.name.startswith("corporate")}
    assert (found["denied_expenses"], found["allowed_expenses"]) == (Decimal(denied), Decimal(allowed))
    assert [f.code for f in result.findings].count("activity_assumed") == said


def test_40_an_account_silent_between_busy_periods_is_a_question_and_files_say_their_days(tmp_path: Path) -> None:
    days = ("01-02", "01-09", "01-16", "05-02", "05-09", "05-16")
    rows = "".join(f"2025-{d}T10:00:00+05:00,buy,BTC,1,5,KZT,kz,r,,,,\n" for d in days)
    result = settled(tmp_path, person__toml=PERSON + KZ, records__csv=HEAD + rows)
    assert [q.code for q in questions(salyq.read_case(tmp_path))] == ["silent_account"]
    told = next(i for i in result.inputs if i.file == "records.csv")
    assert (str(told.first), str(told.last)) == ("2025-01-02", "2025-05-16")


def test_41_one_verdict_with_its_reasons_in_order_of_money(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sold = "2025-07-0{}T10:00:00+05:00,sell,{},1,{},KZT,kz,,,,,\n"
    short = sold.format(1, "ETH", 1000000) + sold.format(2, "SOL", 9000000)
    result = settled(tmp_path, person__toml=PERSON + KZ, records__csv=HEAD + deal(2025) + short)
    amounts = [r.amount for r in result.verdict.reasons if r.amount is not None]
    assert (result.verdict.complete, amounts) == (False, sorted(amounts, reverse=True))
    codes = [r.code for r in result.verdict.reasons]
    told = ("assess", str(tmp_path), "--year", "2025", "--lang", "en")
    assert main([*told, "--strict"]) == 3
    assert "Verdict: incomplete" in capsys.readouterr().out
    assert main([*told, "--format", "json"]) == 0
    spoken = json.loads(capsys.readouterr().out)["verdict"]
    assert (spoken["state"], [r["code"] for r in spoken["reasons"]]) == ("incomplete", codes)
    assert main(["check", *told[1:]]) != 0


@pytest.mark.parametrize(
    ("bought", "sold", "answers"),
    [
        ("2025-02-03T10:00:00+05:00,buy,OLD,1", "sell,NEW,100", "OLD"),
        ("2022-03-01T10:00:00+06:00,buy,LUNA,1", "sell,LUNC,1", ""),  # a ticker used again: LUNA to 27.05.2022 is LUNC
    ],
)
def test_42_lots_go_on_under_the_new_name_and_nothing_is_sold(
    tmp_path: Path, bought: str, sold: str, answers: str
) -> None:
    rows = f"{bought},100000,KZT,kz,receipt,,,,\n2025-06-03T10:00:00+05:00,{sold},160000,KZT,kz,,,,,\n"
    said = '[[answer]]\nsay = "renamed"\nasset = "OLD"\nto = "NEW"\nratio = "100"\non = 2025-03-01\n' if answers else ""
    result = settled(tmp_path, person__toml=PERSON + KZ, records__csv=HEAD + rows, answers__toml=said)
    assert (result[INCOME].status, result[INCOME].value) == ("known", Decimal(60000))
    assert [q.code for q in questions(salyq.read_case(tmp_path))] == []


@pytest.mark.parametrize(
    ("received", "at", "fee", "proposed"),
    [
        ("0.99", "2025-03-03T11:00", "0.01", None),  # the same after the stated fee: settled alone
        ("0.98", "2025-03-03T11:00", "", True),  # 2 % less, no fee stated: proposed with its command
        ("0.979999", "2025-03-03T11:00", "", False),
        ("0.98", "2025-03-10T09:59", "", True),
        ("0.98", "2025-03-10T10:01", "", False),  # after seven days
        ("0.98", "2025-03-03T11:00", "0.01", False),  # the stated fee explains another amount
    ],
)
def test_43_a_transfer_between_own_accounts(
    tmp_path: Path, received: str, at: str, fee: str, proposed: bool | None
) -> None:
    head = "time,kind,asset,quantity,value,currency,account,document,fee,fee_asset\n"
    rows = (
        "2025-02-03T10:00:00+05:00,buy,BTC,1,6000000,KZT,kz,receipt,,\n"
        f"2025-03-03T10:00:00+05:00,transfer_out,BTC,1,,,kz,,{fee},{'BTC' if fee else ''}\n"
        f"{at}:00+05:00,transfer_in,BTC,{received},,,cold,,,\n"
    )
    cold = '[[account]]\nname = "cold"\ncountry = "KZ"\n'
    settled(tmp_path, person__toml=PERSON + KZ + cold, records__csv=head + rows)
    asked = [q for q in questions(salyq.read_case(tmp_path)) if q.code == "unmatched_transfer_out"]
    ways = [w.rows for q in asked for w in q.ways if w.label.code == "way_pair" and None not in w.rows]
    assert (not asked) if proposed is None else bool(ways) is proposed
