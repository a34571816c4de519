"""Who mines, and who has a business beside own coins, with a rejected row of an earlier year: the ends hold whatever
that row was, also where it decides whether what was sold had been mined (semantics 5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from salyq.app.api import Assessment, assess
from salyq.facts import few
from salyq.facts.case import read_case

MINES = '[[licence]]\nkind = "mining_I"\nfrom = 2020-01-01\n'
BROUGHT = "[[year]]\nyear = {year}\nbusiness_losses_brought = 0\nvat_payer = true\n"
ACCOUNTS = '[[account]]\nname = "x"\ncountry = "KZ"\n[[account]]\nname = "k"\ncountry = "KZ"\naifc_exchange = true\n'
COMPANY = 'id = "990540000011"\nkind = "company"\nresident = true\n'
PROPRIETOR = 'id = "930417400007"\nkind = "sole_proprietor"\nresident = true\n'
BOOKS = '[[account]]\nname = "x"\ncountry = "KZ"\nin_books = true\n[[account]]\nname = "k"\ncountry = "KZ"\n'
WHO = {
    "company": COMPANY + MINES + BROUGHT + "digital_asset_losses_brought = 0\n" + ACCOUNTS,
    "proprietor": PROPRIETOR + MINES + BROUGHT + ACCOUNTS,
    "in_books": PROPRIETOR + MINES + BROUGHT + BOOKS,
    "not_mining": PROPRIETOR + BROUGHT + BOOKS,
}
LOTS = """id,time,account,kind,asset,quantity,value,currency,counterparty
a,2021-02-01T12:00:00Z,x,buy,BTC,2,1000000,KZT,
b,2021-03-01T12:00:00Z,k,buy,ETH,5,500000,KZT,
p,{earlier}-02-01T12:00:00Z,x,{mined},BTC,1,{worth},,pool
c,{earlier}-03-01T12:00:00Z,{account},{kind},BTC,{quantity},{value},{counter}
d,{earlier}-04-01T12:00:00Z,k,buy,BTC,3,9000000,KZT,
m,{year}-04-20T12:00:00Z,x,{mined},BTC,0.5,{worth},,pool
e,{year}-05-01T12:00:00Z,x,sell,BTC,1.5,6000000,KZT,
f,{year}-06-01T12:00:00Z,k,sell,BTC,1,2000000,KZT,
g,{year}-06-02T12:00:00Z,x,fee,BTC,0.01,,,
i,{year}-06-05T12:00:00Z,x,sell,BTC,1.8,7000000,KZT,
h,{year}-07-01T12:00:00Z,k,sell,ETH,1,900000,KZT,
"""
SPENT = "date,category,amount,currency,document,activity\n{year}-05-20,electricity,3000000,KZT,invoice,mining\n"
QUOTES = "date,asset,value,currency,source,kind\n"
MIGHT_BE = [  # what the row that could not be read may have been, and on which account
    *[
        ("buy", "4", "1", "x"),
        ("buy", "4", "90000000", "x"),
        ("buy", "1", "3000000", "k"),
        ("sell", "0.5", "5000000", "x"),
    ],
    *[("sell", "3", "5000000", "x"), ("sell", "2", "5000000", "k"), ("gift_out", "1.2", "700000", "x")],
    *[("airdrop", "1.2", "700000", "k"), ("mined", "4", "", "x"), ("mined", "0.3", "", "k")],
]


def of_year(folder: Path, who: str, year: int, row: tuple[str, str, str, str]) -> Assessment:
    """The year with a row of the year before as it may have been."""
    kind, quantity, value, account = row
    earlier, mined = year - 1, "staked" if who == "not_mining" else "mined"
    counter = ",pool" if kind == "mined" else "KZT,"
    table = LOTS.format(
        year=year, earlier=earlier, mined=mined, kind=kind, quantity=quantity, value=value, account=account,
        counter=counter, worth="",
    )  # fmt: skip
    of_days = ((f"{earlier}-01", (28, 29, 30, 31)), (f"{earlier}-02", (1, 26, 27, 28)), (f"{earlier}-03", (1,)))
    days = [f"{m}-{d:02}" for m, ds in (*of_days, (f"{year}-04", (18, 19, 20))) for d in ds]
    quotes = QUOTES + "".join(f"{day},BTC,3500000,KZT,made up,{k}\n" for day in days for k in ("official", "market"))
    files = {
        "person.toml": WHO[who].format(year=year),
        "r.csv": table,
        "e.csv": SPENT.format(year=year),
        "v.csv": quotes,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return assess(read_case(folder), year)


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026])
@pytest.mark.parametrize("who", list(WHO))
def test_the_ends_hold_whatever_the_rejected_row_was(tmp_path: Path, who: str, year: int) -> None:
    lost = {(f.name, f.period): f for f in of_year(tmp_path, who, year, ("buy", "many", "1", "x")).figures}
    bounded = {key: f.bounds for key, f in lost.items() if f.bounds is not None}
    tax = "corporate_income_tax.tax" if who == "company" else "personal_income_tax.tax"
    assert bounded[tax, str(year)][1] is not None, lost[tax, str(year)].missing
    for row in MIGHT_BE:
        for f in of_year(tmp_path, who, year, row).figures:
            was = lost[f.name, f.period]
            if was.status == "known" and f.status == "known":
                assert f.value == was.value, (row, f.name)
            low, high = bounded.get((f.name, f.period), (None, None))
            ends = f.bounds or (f.value, f.value)
            assert low is None or ends[0] is None or low <= ends[0], (row, f.name, low, f)
            assert high is None or ends[1] is None or ends[1] <= high, (row, f.name, high, f)


@pytest.mark.parametrize("method", ["fifo", "average", "specific"])
@pytest.mark.parametrize("who", ["company", "in_books"])
def test_many_movements_have_the_ends_of_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str, method: str
) -> None:
    of_year(tmp_path, who, 2023, ("buy", "many", "1", "x"))
    person = tmp_path / "person.toml"
    person.write_text(person.read_text() + f'[elections]\nlot_method = "{method}"\n')
    case = read_case(tmp_path)
    told = [(f.name, f.bounds, f.missing) for f in assess(case, 2023).figures]
    assert any(bounds for _, bounds, _ in told)
    monkeypatch.setattr(few, "LEAST", 0)
    assert [(f.name, f.bounds, f.missing) for f in assess(case, 2023).figures] == told
