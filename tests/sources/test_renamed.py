"""A coin that the person says was renamed goes on under its new name: no disposal, no lot lost, no row forgotten."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import salyq
from salyq.cli.main import main
from salyq.facts.case import Case, read_case
from salyq.present.ways_text import command
from salyq.records.answers_file import answer_text, parse_answers
from salyq.records.model import UNIT

PERSON = 'kind = "individual"\nresident = true\n[[account]]\nname = "binance"\ncountry = "KZ"\n'
RECORDS = """time,kind,asset,quantity,value,currency,account,document,group,fee,fee_asset
2024-03-01T10:00:00+05:00,buy,OLD,100,1000,KZT,binance,d,,,
2024-03-02T10:00:00+05:00,transfer_out,OLD,10,,,binance,,,1,OLD
2024-09-20T10:00:00+05:00,swap_out,OLD,89,,,binance,,s1,,
2024-09-20T10:00:00+05:00,swap_in,NEW,8900,,,binance,,s1,,
2025-06-02T10:00:00+05:00,sell,NEW,8900,5000,KZT,binance,,,,
"""
ANSWER = '[[answer]]\nsay = "renamed"\nasset = "OLD"\nto = "NEW"\nratio = "100"\non = 2024-09-20\n'


def case_of(folder: Path, answers: str = ANSWER) -> Case:
    (folder / "person.toml").write_text(PERSON)
    (folder / "records.csv").write_text(RECORDS)
    if answers:
        (folder / "answers.toml").write_text(answers)
    return read_case(folder)


def test_the_lots_go_on_and_nothing_is_sold(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    assert [(r.kind, r.asset, r.quantity // UNIT, (r.fee or 0) // UNIT) for r in case.reading.records] == [
        ("buy", "NEW", 10_000, 0),
        ("transfer_out", "NEW", 1000, 100),
        ("sell", "NEW", 8900, 0),
    ]
    (report,) = case.reading.files
    assert (report.used, dict(report.ignored), report.balanced()) == (3, {"renamed": 2}, True)
    result = salyq.assess(salyq.read_case(str(tmp_path)), year=2025)
    assert str(result["personal_income_tax.digital_asset_income"].value) == "4110.00"  # 5000 less 0.1 for each of 8900


def test_without_the_answer_the_exchange_is_a_swap(tmp_path: Path) -> None:
    assert "swap_out" in {r.kind for r in case_of(tmp_path, "").reading.records}


def test_quotes_and_other_answers_follow_the_name(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("date,asset,value,currency,source,kind\n2024-03-02,OLD,50,USD,x,market\n")
    other = '\n[[answer]]\nsay = "kind"\nkind = "gift_out"\nrows = [{ account = "binance", '
    other += 'time = "2024-03-02T05:00:00Z", asset = "OLD", quantity = "10" }]\n'
    case = case_of(tmp_path, ANSWER + other)
    assert [(v.asset, v.value * 2) for v in case.reading.asset_values] == [("NEW", UNIT)]
    assert [(r.kind, r.asset) for r in case.ledger.records][1] == ("gift_out", "NEW")


def test_a_name_that_no_row_bears_is_said(tmp_path: Path) -> None:
    case = case_of(tmp_path, ANSWER.replace('"OLD"', '"NONE"'))
    assert "notice_renamed_nothing" in {m.code for _, m in case.reading.notices}


@pytest.mark.parametrize(
    "text",
    [
        ANSWER.replace('to = "NEW"\n', ""),
        ANSWER.replace("on = 2024-09-20\n", ""),
        ANSWER.replace('"NEW"', '"old"'),
        ANSWER.replace('"100"', '"0"'),
        ANSWER + 'rows = [{ id = "1" }]\n',
    ],
)
def test_an_answer_that_cannot_be_is_one_line(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "person.toml").write_text(PERSON)
    (tmp_path / "records.csv").write_text(RECORDS)
    (tmp_path / "answers.toml").write_text(text)
    assert main(["read", str(tmp_path), "--lang", "en"]) == 4
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case_of(tmp_path, "")
    line = ["answer", str(tmp_path), "renamed", "old", "--to", "new", "--ratio", "100", "--on", "2024-09-20"]
    assert main([*line, "--lang", "en"]) == 0, capsys.readouterr().err
    (answer,) = parse_answers((tmp_path / "answers.toml").read_text())
    assert (answer.asset, answer.to, answer.ratio) == ("OLD", "NEW", 100 * UNIT)
    assert parse_answers(answer_text(answer))[0].ratio == answer.ratio
    assert {r.asset for r in read_case(tmp_path).reading.records} == {"NEW"}
    assert main([*line[:4], "--lang", "en"]) == 2
    assert "renamed OLD --to NEW" in capsys.readouterr().err


MIGRATED = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
    "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
    "a1,2025-03-01 10:00:00 UTC,Buy,MATIC,100,USD,$0.50,$50.00,$51.00,$1.00,Bought 100 MATIC for 51 USD\n"
    "a2,2025-05-15 12:00:00 UTC,Asset Migration,MATIC,-100,USD,$0.40,-$40.00,-$40.00,$0.00,\n"
    "a3,2025-05-15 12:00:00 UTC,Asset Migration,POL,100,USD,$0.40,$40.00,$40.00,$0.00,\n"
)
REBRANDED = (
    "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n"
    "1,2025-03-01 10:00:00,Spot,Deposit,GAL,100,\n"
    "1,2025-04-03 10:00:00,Spot,Token Swap - Redenomination/Rebranding,GAL,-100,\n"
    "1,2025-04-03 10:00:00,Spot,Token Swap - Redenomination/Rebranding,G,6000,\n"
)


@pytest.mark.parametrize(
    ("text", "kept"), [(MIGRATED, ("buy", "POL", 100 * UNIT)), (REBRANDED, ("transfer_in", "G", 6000 * UNIT))]
)
def test_a_migration_that_the_venue_tells_is_no_sale(tmp_path: Path, text: str, kept: tuple[str, str, int]) -> None:
    (tmp_path / "venue.csv").write_text(text, encoding="utf-8")
    case = read_case(tmp_path)
    assert [(r.kind, r.asset, r.quantity) for r in case.ledger.records] == [kept]
    (report,) = case.reading.files
    assert (report.used, report.ignored) == (1, {"renamed": 2})
    assert "notice_renamed" in [m.code for _, m in case.reading.notices]


def test_an_old_name_that_is_told_later_stays_a_swap_and_is_said(tmp_path: Path) -> None:
    later = MIGRATED + "a4,2025-06-15 12:00:00 UTC,Receive,MATIC,5,USD,$0.40,$2.00,$2.00,$0.00,\n"
    (tmp_path / "venue.csv").write_text(later, encoding="utf-8")
    case = read_case(tmp_path)
    assert {"swap_in", "swap_out"} < {r.kind for r in case.ledger.records}
    assert "notice_maybe_renamed" in [m.code for _, m in case.reading.notices]


def test_a_renaming_holds_in_our_own_format_too(tmp_path: Path) -> None:
    """What `read --to` wrote of a venue's renaming, and what a person writes, is read as one."""
    (tmp_path / "person.toml").write_text(PERSON)
    rows = RECORDS.replace("note", "x").splitlines()
    head = rows[0] + ",note"
    named = [r + (",renamed: Asset Migration" if "swap" in r else ",") for r in rows[1:]]
    (tmp_path / "records.csv").write_text("\n".join([head, *named]) + "\n")
    kinds = {r.kind for r in read_case(tmp_path).reading.records}
    assert kinds == {"buy", "transfer_out", "sell"}


EXCHANGES = {
    "records": "time,kind,asset,quantity,account,group\n"
    "{0}T10:00:00Z,swap_out,MATIC,100,x,g\n{0}T10:00:00Z,swap_in,POL,{1},x,g\n",
    "binance": "Date,Wallet,Pair,Type,Sell,Buy,Price,Inverse Price,Date Updated,Status\n"
    "{0} 10:00:00,Spot Wallet,MATICPOL,Market,100 MATIC,{1} POL,1,1,{0} 10:00:00,Successful\n",
    "kucoin": "UID,Account Type,Payment Account,Sell,Buy,Price,Tax,Time of Update(UTC+08:00),Status\n"
    "1,mainAccount,Funding,100 MATIC,{1} POL,1,,{0} 10:00:00,Success\n",
}


@pytest.mark.parametrize("file", EXCHANGES)
@pytest.mark.parametrize(("taken", "asked"), [("100", True), ("99.9", False)])
def test_a_plain_exchange_for_just_as_much_of_the_new_name_is_asked_about(
    file: str, taken: str, asked: bool, tmp_path: Path
) -> None:
    """It counts as a sale until the person says that it is one coin; a deal at a price of its own is no question."""
    (tmp_path / "person.toml").write_text(
        'id = "900101300017"\nkind = "individual"\nresident = true\n', encoding="utf-8"
    )
    (tmp_path / f"{file}.csv").write_text(EXCHANGES[file].format("2024-09-13", taken))
    case = salyq.read_case(tmp_path)
    found = [q for q in salyq.questions(case) if q.code == "maybe_renamed"]
    assert [(q.asset, q.year) for q in found] == ([("MATIC", 2024)] if asked else [])
    if asked:
        typed = command(found[0].ways[0], found[0].code, case)
        assert typed.endswith("renamed MATIC --to POL --on 2024-09-13 --ratio 1")
        assert main(shlex.split(typed)[1:]) == 0
        assert not [q for q in salyq.questions(salyq.read_case(tmp_path)) if q.code == "maybe_renamed"]
