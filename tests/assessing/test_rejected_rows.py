"""What a rejected row can touch, and nothing else (semantics 5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from salyq.app.api import Assessment, assess, questions
from salyq.facts import few
from salyq.facts.case import read_case

PERSON = 'id = "990540000011"\nkind = "company"\nresident = true\n[[licence]]\nkind = "mining_I"\nfrom = 2020-01-01\n'


def made(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def status(folder: Path, year: int) -> dict[str, str]:
    result = assess(read_case(folder), year)
    return {f"{f.name}@{f.period}": f.status for f in result.figures}


def rejected(folder: Path, year: int) -> dict[str, tuple[str, bool]]:
    """The state of each figure but for what meters leave out, and whether a rejected row is to blame."""
    result = assess(read_case(folder), year)
    found = {}
    for f in result.figures:
        codes = {m.code for m in f.missing} - {"meter_gap"}
        found[f"{f.name}@{f.period}"] = ("unknown" if codes else "known", "row_rejected" in codes)
    return found


OWN = """start,end,kwh
2026-01-01,2026-04-01,1000
2026-04-01,2026-07-01,{bad}
2026-07-01,2026-10-01,1000
2026-10-01,2027-01-01,1000
"""
HOURS = "time,kWh,meter\n2026-01-05 00:00,1,m\n2026-01-05 01:00,1,m\n2026-04-05 00:00,{bad},m\n2026-04-05 01:00,1,m\n"
DAYS = "date," + ",".join(f"{h:02d}:00" for h in range(24)) + "\n2026-01-05," + ",".join(["1"] * 24) + "\n"
DAYS += "2026-04-05,{bad}," + ",".join(["1"] * 23) + "\n"


@pytest.mark.parametrize("table", [OWN, HOURS, DAYS], ids=["own", "hours", "days"])
def test_a_rejected_meter_row_makes_the_fee_of_its_quarter_unknown_and_nothing_else(tmp_path: Path, table: str) -> None:
    good = rejected(made(tmp_path, person__toml=PERSON, meter__csv=table.format(bad=1)), 2026)
    bad = rejected(made(tmp_path, meter__csv=table.format(bad="abc")), 2026)
    changed = {name for name in good if good[name] != bad[name]}
    assert changed, bad
    assert all(name.startswith("mining_fee.") for name in changed)
    assert all(name.endswith(("-Q2", "@2026")) for name in changed)
    assert bad["mining_fee.due@2026-Q2"] == ("unknown", True)


TRADES = """time,kind,asset,quantity,value,currency
2023-05-01T12:00:00Z,buy,BTC,1,1000,KZT
2023-05-01T12:00:00Z,buy,ETH,1,1000,KZT
2023-06-01T12:00:00Z,{kind},BTC,{quantity},2000,KZT
2025-06-01T12:00:00Z,sell,{sold},0.1,5000,KZT
"""


@pytest.mark.parametrize(("sold", "expected"), [("BTC", "unknown"), ("ETH", "known")])
def test_a_rejected_row_of_an_earlier_year_touches_the_lots_of_its_asset_alone(
    tmp_path: Path, sold: str, expected: str
) -> None:
    person = 'id = "930417400007"\nkind = "individual"\nresident = true\n'
    table = TRADES.format(kind="sell", quantity="many", sold=sold)
    found = status(made(tmp_path, person__toml=person, r__csv=table), 2025)
    assert found["personal_income_tax.digital_asset_income@2025"] == expected


LOTS = """id,time,account,kind,asset,quantity,value,currency
a,2021-02-01T12:00:00Z,x,buy,BTC,2,1000000,KZT
b,2021-03-01T12:00:00Z,x,buy,ETH,5,500000,KZT
c,{earlier}-03-01T12:00:00Z,x,{kind},BTC,{quantity},{value},KZT
d,{earlier}-04-01T12:00:00Z,x,buy,BTC,3,9000000,KZT
e,{year}-05-01T12:00:00Z,x,sell,BTC,1.5,6000000,KZT
f,{year}-06-01T12:00:00Z,x,sell,BTC,1,2000000,KZT
g,{year}-06-02T12:00:00Z,x,fee,BTC,0.01,,
h,{year}-07-01T12:00:00Z,x,sell,ETH,1,900000,KZT
"""
MIGHT_BE = [  # what the row that could not be read may have been
    *[("buy", quantity, value) for quantity in ("0.1", "1", "4") for value in ("1", "3000000", "90000000")],
    *[("sell", quantity, "5000000") for quantity in ("0.5", "2")],
    *[(kind, "1.2", "700000") for kind in ("gift_in", "gift_out", "lost", "airdrop", "inherited")],
]
WHO = {
    "individual": 'id = "930417400007"\nkind = "individual"\nresident = true\n',
    "company": 'id = "990540000011"\nkind = "company"\nresident = true\n[[year]]\nyear = {year}\n'
    "business_losses_brought = 0\ndigital_asset_losses_brought = 0\n",
}


@pytest.mark.parametrize("method", ["fifo", "average", "specific"])
def test_many_movements_have_the_ends_of_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    person = WHO["individual"] + f'[elections]\nlot_method = "{method}"\n'
    table = LOTS.format(year=2025, earlier=2024, kind="buy", quantity="many", value=1)
    case = read_case(made(tmp_path, person__toml=person, r__csv=table))
    told = [(f.name, f.bounds, f.missing) for f in assess(case, 2025).figures]
    assert any(bounds for _, bounds, _ in told)
    monkeypatch.setattr(few, "LEAST", 0)
    assert [(f.name, f.bounds, f.missing) for f in assess(case, 2025).figures] == told


def of_year(folder: Path, who: str, year: int, row: tuple[str, str, str]) -> Assessment:
    """The year with a row of the year before as it may have been."""
    kind, quantity, value = row
    table = LOTS.format(year=year, earlier=year - 1, kind=kind, quantity=quantity, value=value)
    return assess(read_case(made(folder, person__toml=WHO[who].format(year=year), r__csv=table)), year)


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026])
@pytest.mark.parametrize("who", list(WHO))
def test_the_ends_of_lots_in_doubt_hold_whatever_the_rejected_row_was(tmp_path: Path, who: str, year: int) -> None:
    lost = {(f.name, f.period): f for f in of_year(tmp_path, who, year, ("buy", "many", "1")).figures}
    bounded = {key: f.bounds for key, f in lost.items() if f.bounds is not None}
    tax = "personal_income_tax.tax" if who == "individual" else "corporate_income_tax.tax"
    assert bounded[tax, str(year)][1] is not None
    assert who == "company" or year < 2023 or bounded[tax, str(year)][0], "what ETH gained is sure"
    for row in MIGHT_BE:
        for f in of_year(tmp_path, who, year, row).figures:
            was = lost[f.name, f.period]
            if was.status == "known" and f.status == "known":
                assert f.value == was.value, (row, f.name)
            low, high = bounded.get((f.name, f.period), (None, None))
            ends = f.bounds or (f.value, f.value)
            assert low is None or ends[0] is None or low <= ends[0], (row, f.name, low, f)
            assert high is None or ends[1] is None or ends[1] <= high, (row, f.name, high, f)


def test_rejected_rows_of_one_cause_are_one_question(tmp_path: Path) -> None:
    """Their values differ; the year, the file or what is wrong would make it another question."""
    head = "time,kind,asset,quantity,value,currency\n"
    rows = [f"2026-02-0{n} 10:00,buy,BTC,{bad},1000,KZT" for n, bad in enumerate(("x1", "x2", "x3"), 1)]
    rows += [
        "2026-02-05 10:00,buy,BTC,1,much,KZT",
        "2026-02-06 10:00,boy,BTC,1,1000,KZT",
        "2025-02-07 10:00,buy,BTC,y,1,KZT",
        "2026-02-08 10:00,buy,,1,1000,KZT",
    ]
    made(tmp_path, person__toml=PERSON, a__csv=head + "\n".join(rows) + "\n")
    asked = [q for q in questions(read_case(tmp_path)) if q.code == "row_rejected"]
    assert sorted(s.line for q in asked for s in q.sources) == [2, 3, 4, 5, 6, 7, 8]
    together = [q for q in asked if len(q.sources) > 1]
    assert [[s.line for s in q.sources] for q in together] == [[2, 3, 4, 5]]  # none is a number
    told = together[0].message.text("en")
    assert "x1" in told
    assert "(and 3 more)" in told
    assert len({q.key for q in asked}) == len(asked)  # each can be answered by itself
