"""No false assurance: one verdict, said the same everywhere; what is absent is never a known zero."""

from __future__ import annotations

import csv
import hashlib
import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

import salyq
from salyq.app.api import assess, questions
from salyq.assessing.result import Assessment
from salyq.assessing.standing import ASKED
from salyq.cli.main import main
from salyq.dialogue.close import checklist
from salyq.facts.case import read_case
from salyq.present.ways_text import command

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
MINER = 'id = "990540000011"\nkind = "company"\nresident = true\n[[licence]]\nkind = "mining_I"\nfrom = 2020-01-01\n'
HEAD = "time,kind,asset,quantity,value,currency,account\n"
DEALS = (
    HEAD
    + "2025-02-03T10:00:00+05:00,buy,BTC,1,5000000,KZT,desk\n2025-03-03T10:00:00+05:00,sell,BTC,1,7000000,KZT,desk\n"
)
ENERGY = "start,end,kwh,meter\n"
IDS = {"company": "990540000011", "individual": "900101300017", "sole_proprietor": "900101300017"}


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "C")


def case(folder: Path, person: str = PERSON, **files: str) -> Path:
    home = folder / "case"
    home.mkdir(exist_ok=True)
    (home / "person.toml").write_text(person, encoding="utf-8")
    for name, text in files.items():
        (home / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return home


def codes(result: Assessment) -> list[str]:
    return [r.code for r in result.verdict.reasons]


def spoken(folder: Path, year: int, capsys: Any) -> tuple[str, int, int, str]:
    """(verdict of the JSON, exit of --strict, exit of check, the page)."""
    args = [str(folder), "--year", str(year)]
    assert main(["assess", *args, "--format", "json"]) == 0
    state = json.loads(capsys.readouterr().out)["verdict"]["state"]
    strict, check = main(["assess", *args, "--strict"]), main(["check", *args])
    page = capsys.readouterr().out
    return state, strict, check, page


# --- one verdict ------------------------------------------------------------------------------------------------------
def test_a_complete_year_is_complete_everywhere(tmp_path: Path, capsys: Any) -> None:
    state, strict, check, page = spoken(case(tmp_path, r__csv=DEALS), 2025, capsys)
    assert (state, strict, check) == ("complete", 0, 0)
    assert "Verdict: complete" in page
    assert "All clean" in page


@pytest.mark.parametrize(
    ("person", "files", "year", "code"),
    [
        (PERSON, {"r__csv": DEALS + "2025-04-03T10:00:00+05:00,sell,BTC,1,1,KZT,desk\n"}, 2025, "missing_acquisition"),
        (PERSON, {"r__csv": DEALS + "soon,sell,BTC,1,1,KZT,desk\n"}, 2025, "row_rejected"),
        (PERSON, {"r__csv": DEALS, "notes__csv": "name,age\nA,5\n"}, 2025, "unread_file"),
        (PERSON, {"r__csv": DEALS, "more__zip": "PK"}, 2025, "unread_file"),
        (PERSON, {"more__xls": "x"}, 2025, "unread_file"),
        (PERSON, {}, 2025, "no_events_read"),
        (PERSON.replace("id =", "name ="), {"r__csv": DEALS}, 2025, "person_id_missing"),
        (MINER, {"energy__csv": ENERGY + "2025-01-01,2025-03-01,5,m\n"}, 2025, "meter_gap"),
        (
            MINER,
            {"energy__csv": ENERGY + "2025-01-01,2025-02-01,5,m\n2025-02-02,2025-04-01,5,m\n"},
            2025,
            "meter_gap",
        ),
        (
            MINER,
            {"energy__csv": ENERGY + "2025-01-01,2025-02-02,5,m\n2025-02-01,2025-04-01,5,m\n"},
            2025,
            "meter_overlap",
        ),
        (MINER, {"payouts__csv": "date,asset,quantity\n2025-05-05,BTC,1\n"}, 2025, "fee_without_readings"),
        (MINER, {"energy__csv": ENERGY + "2025-01-01,2025-04-01,5,m\n"}, 2025, "power_without_coins"),
        (MINER, {"r__csv": DEALS}, 2025, "licence_without_readings"),
        (MINER, {"r__csv": DEALS}, 2025, "licence_without_coins"),
        (MINER, {"energy__csv": ENERGY + "2025-01-01,2025-04-01,5,m\n"}, 2025, "licence_without_readings"),
    ],
)
def test_what_is_not_known_keeps_the_year_open_everywhere(
    person: str, files: dict[str, str], year: int, code: str, tmp_path: Path, capsys: Any
) -> None:
    folder = case(tmp_path, person, **files)
    reasons = assess(read_case(folder), year).verdict.reasons
    assert code in {r.code for r in reasons} | {r.message.code for r in reasons}
    state, strict, check, page = spoken(folder, year, capsys)
    assert (state, strict, check) == ("incomplete", 3, 3)
    assert "All clean" not in page
    assert "Verdict: complete" not in page


@pytest.mark.parametrize(
    "files",
    [
        {"r__csv": DEALS},
        {"e__csv": "date,category,amount\n2025-03-01,rent,1000\n"},
        {"payouts__csv": "date,asset,quantity\n2025-05-05,BTC,1\n"},
        {"energy__csv": ENERGY + "2025-01-01,2025-04-01,5,m\n"},
        {},  # the year is only asked about
    ],
)
def test_a_licence_without_readings_is_asked_about_whatever_else_is_told(files: dict[str, str], tmp_path: Path) -> None:
    read = read_case(case(tmp_path, MINER, **files))
    asked = {q.code: q for q in salyq.questions(read, year=2025)}
    quarters = [f"2025-Q{n}" for n in range(1 + ("energy__csv" in files), 5)]
    assert asked["licence_without_readings"].message.params["period"] == ", ".join(quarters)
    assert ("licence_without_coins" in asked) is not bool({"payouts__csv", "energy__csv"} & {*files})
    assert all(q.ways for q in asked.values())
    points = {p.name: p for p in checklist(read, assess(read, 2025), list(asked.values())).points}
    assert {m.code for m in points["meters"].details} >= {code for code in asked if code.startswith("licence_")}
    assert "licence_without_coins" not in {m.code for m in points["questions"].details}
    assert {q.year for q in salyq.questions(read)} <= {2025}  # no year is made up


def test_reasons_stand_in_order_of_money(tmp_path: Path) -> None:
    rows = (
        "2025-04-03T10:00:00+05:00,sell,BTC,1,5000000,KZT,desk\n2025-04-04T10:00:00+05:00,transfer_out,ETH,1,,,desk\n"
    )
    result = assess(read_case(case(tmp_path, r__csv=DEALS + rows)), 2025)
    amounts = [r.amount for r in result.verdict.reasons]
    assert amounts[0] == 500_000  # a tenth of what the sale brought
    assert amounts[1:] == [None] * (len(amounts) - 1)
    assert "unmatched_transfer_out" in codes(result)


def test_a_case_of_nothing_read_is_no_known_zero(tmp_path: Path) -> None:
    result = assess(read_case(case(tmp_path, more__xls="x")), 2025)
    assert result["personal_income_tax.digital_asset_income"].status == "unknown"
    assert codes(result)[-1] in ("nothing_read", "unread_file")


def test_a_stray_table_can_be_ignored_by_name(tmp_path: Path) -> None:
    folder = case(tmp_path, PERSON + '[ignore]\nfiles = ["notes.csv"]\n', r__csv=DEALS, notes__csv="name,age\nA,5\n")
    read = read_case(folder)
    assert assess(read, 2025).verdict.complete
    assert "notice_file_ignored" in [m.code for _, m in read.reading.notices]


def test_a_heading_does_not_contradict_its_table(tmp_path: Path, capsys: Any) -> None:
    folder = case(tmp_path, r__csv=DEALS + "soon,sell,BTC,1,1,KZT,desk\n")
    assert main(["assess", str(folder), "--year", "2024"]) == 0
    page = capsys.readouterr().out
    assert "none is lost" not in page
    assert "there is nothing to file" not in page


# --- meters -----------------------------------------------------------------------------------------------------------
def fee(folder: Path, year: int, period: str) -> Any:
    return assess(read_case(folder), year)["mining_fee.due", period]


def test_a_gap_makes_its_quarter_unknown_with_the_sum_so_far_as_the_lower_bound(tmp_path: Path) -> None:
    rows = "2025-01-01,2025-02-01,1000,m\n2025-03-01,2025-04-01,1000,m\n2025-04-01,2025-07-01,1000,m\n"
    folder = case(tmp_path, MINER, energy__csv=ENERGY + rows)
    first, second = fee(folder, 2025, "2025-Q1"), fee(folder, 2025, "2025-Q2")
    assert (first.status, first.bounds, first.so_far) == ("unknown", (4000, None), 4000)
    assert (second.status, second.value) == ("known", 2000)


def test_what_is_told_twice_is_counted_once(tmp_path: Path) -> None:
    rows = "2025-01-01,2025-04-01,1000,m\n2025-01-01,2025-04-01,700,m\n2025-01-01,2025-04-01,50,other\n"
    found = fee(case(tmp_path, MINER, energy__csv=ENERGY + rows), 2025, "2025-Q1")
    assert (found.status, found.bounds) == ("unknown", (1500, None))
    assert [m.code for m in found.missing] == ["meter_overlap"]


def test_kinds_of_supply_run_beside_each_other(tmp_path: Path) -> None:
    rows = "start,end,kwh,own_plant,renewable\n2025-01-01,2025-04-01,100,yes,yes\n2025-01-01,2025-04-01,100,no,no\n"
    assert fee(case(tmp_path, MINER, energy__csv=rows), 2025, "2025-Q1").value == 300


def test_questions_of_meters_say_what_would_settle_them(tmp_path: Path) -> None:
    rows = "2025-01-01,2025-02-01,5,m\n2025-02-05,2025-03-01,5,m\n"
    folder = case(tmp_path, MINER, energy__csv=ENERGY + rows)
    (q,) = [q for q in questions(read_case(folder)) if q.code == "meter_gap"]
    (way,) = [w for w in q.ways if w.label.code == "way_no_power"]
    header, gaps = str(way.label.params["header"]), str(way.label.params["rows"]).split("; ")
    (folder / "idle.csv").write_text("\n".join([header, *gaps]) + "\n", encoding="utf-8")  # as it says
    assert "meter_gap" not in [q.code for q in questions(read_case(folder))]
    assert fee(folder, 2025, "2025-Q1").value == 20


@pytest.mark.parametrize("kind", ["company", "individual"])
def test_who_mines_without_readings_has_an_unknown_fee(tmp_path: Path, kind: str) -> None:
    person = MINER if kind == "company" else PERSON
    folder = case(tmp_path, person, payouts__csv="date,asset,quantity\n2025-05-05,BTC,1\n")
    found = fee(folder, 2025, "2025-Q2")
    assert found.status == "unknown"
    assert found.missing[0].code == "fee_without_readings"
    duties = {(o.name, o.period): o for o in assess(read_case(folder), 2025).obligations}
    assert duties["mining_fee.payment", "2025-Q2"].status == "cannot_be_told"
    assert duties["mining_fee.payment", "2025-Q2"].why is not None


@pytest.mark.parametrize("person", ["company", "sole_proprietor", "individual"])
def test_a_licence_without_readings_is_no_fee_of_nothing(tmp_path: Path, person: str) -> None:
    licence = '[[licence]]\nkind = "mining_II"\nfrom = 2025-04-01\nuntil = 2025-09-30\n'
    stated = PERSON.replace('"individual"', f'"{person}"').replace("900101300017", IDS[person]) + licence
    folder = case(tmp_path, stated, r__csv=DEALS)
    for period, known in (("2025-Q1", True), ("2025-Q2", False), ("2025-Q3", False), ("2025-Q4", True)):
        found = fee(folder, 2025, period)
        assert (found.status, found.value) == (("known", 0) if known else ("unknown", None))
        assert [m.code for m in found.missing] == ([] if known else ["licence_without_readings"])
    (folder / "idle.csv").write_text(ENERGY + "2025-01-01,2025-10-01,0,m\n", encoding="utf-8")  # as it says
    assert fee(folder, 2025, "2025-Q3").value == 0
    assert "licence_without_readings" not in codes(assess(read_case(folder), 2025))


def test_a_licence_with_neither_meter_nor_coins_is_no_income_of_nothing(tmp_path: Path) -> None:
    folder = case(tmp_path, MINER, r__csv=DEALS)
    result = assess(read_case(folder), 2025)
    income = result["corporate_income_tax.mining_income"]
    assert (income.status, income.value) == ("unknown", None)
    assert [m.code for m in income.missing] == ["licence_without_coins"]
    assert result["corporate_income_tax.tax"].status == "unknown"
    (folder / "payouts.csv").write_text("date,asset,quantity\n2025-12-31,BTC,0\n", encoding="utf-8")  # nothing came
    assert assess(read_case(folder), 2025)["corporate_income_tax.mining_income"].value == 0


def test_power_of_other_peoples_machines_asks_for_no_coins(tmp_path: Path) -> None:
    for word, asked in (("no", True), ("yes", False)):
        rows = f"start,end,kwh,hosted\n2025-01-01,2025-04-01,100,{word}\n"
        found = assess(read_case(case(tmp_path, MINER, energy__csv=rows)), 2025)
        assert ("power_without_coins" in codes(found)) is asked


def test_a_row_that_could_not_be_read_is_no_doubt_about_mining(tmp_path: Path) -> None:
    result = assess(read_case(case(tmp_path, r__csv=DEALS + "soon,sell,BTC,1,1,KZT,desk\n")), 2025)
    assert result["personal_income_tax.tax"].status == "unknown"
    assert codes(result) == ["row_rejected"]
    mined = assess(read_case(case(tmp_path, r__csv=DEALS + "2025-04-03,mined,BTC,1,1,KZT,desk\n")), 2025)
    assert "mining_by_individual" in codes(mined)


def test_a_table_of_tabs_is_read_whatever_its_ending(tmp_path: Path) -> None:
    tabbed = DEALS.replace(",", "\t")
    result = assess(read_case(case(tmp_path, r__tsv=tabbed)), 2025)
    assert result["personal_income_tax.tax"].value == 200_000
    assert "unread_file" in codes(assess(read_case(case(tmp_path, r__tsv=tabbed, n__tsv="name\tage\nA\t5\n")), 2025))


def test_a_point_is_clean_only_where_there_was_something_to_check(tmp_path: Path) -> None:
    def states(name: str, **files: str) -> dict[str, str]:
        (home := tmp_path / name).mkdir()
        read = read_case(case(home, **files))
        return {p.name: p.state for p in checklist(read, assess(read, 2025), questions(read)).points}

    full, empty = states("full", r__csv=DEALS), states("empty", more__xls="x")
    assert (full["transfers"], full["balances"], full["meters"]) == ("clean", "clean", "nothing")
    assert {empty[name] for name in ("transfers", "balances", "meters")} == {"nothing"}
    assert empty["histories"] == "open"


def test_interest_of_an_unknown_fee_is_not_nothing(tmp_path: Path) -> None:
    folder = case(
        tmp_path,
        MINER,
        payouts__csv="date,asset,quantity\n2024-05-05,BTC,1\n",
        payments__csv="date,name,period,amount\n2024-12-01,mining_fee,2024-Q2,5\n",
    )
    found = assess(read_case(folder), 2024)["late_interest.due"]
    assert found.status == "unknown"
    assert [m.code for m in found.missing] == ["interest_amount_unknown"]


# --- histories --------------------------------------------------------------------------------------------------------
def history(*days: str) -> str:
    return HEAD + "".join(f"{d}T10:00:00+05:00,buy,BTC,1,5,KZT,desk\n" for d in days)


BUSY = ("2025-01-02", "2025-01-09", "2025-01-16", "2025-05-02", "2025-05-09", "2025-05-16")


def test_a_silent_account_is_asked_about_and_answered(tmp_path: Path, capsys: Any) -> None:
    folder = case(tmp_path, r__csv=history(*BUSY))
    read = read_case(folder)
    (q,) = [q for q in questions(read) if q.code == "silent_account"]
    assert [s.line for s in q.sources] == [4, 5]
    typed = next(command(w, q.code, read) for w in q.ways if w.label.code == "way_quiet")
    assert main(typed.split()[1:]) == 0
    assert questions(read_case(folder)) == []
    assert assess(read_case(folder), 2025).verdict.complete
    capsys.readouterr()


@pytest.mark.parametrize(
    "days",
    [
        ("2025-01-02", "2025-01-09", "2025-01-16", "2025-03-16"),  # one event after it: no busy period
        ("2025-01-02", "2025-01-09", "2025-01-16", "2025-03-16", "2025-03-18", "2025-03-20"),  # 59 days
        ("2025-01-02", "2025-04-02", "2025-07-02", "2025-10-02", "2026-01-02"),  # seldom, as ever
    ],
)
def test_a_pause_is_no_silence(tmp_path: Path, days: tuple[str, ...]) -> None:
    assert questions(read_case(case(tmp_path, r__csv=history(*days)))) == []


def test_each_input_says_its_hash_and_days(tmp_path: Path) -> None:
    folder = case(tmp_path, r__csv=DEALS)
    told = {i.file: i for i in assess(read_case(folder), 2025).inputs}
    assert set(told) == {"person.toml", "r.csv"}
    rows = told["r.csv"]
    assert (str(rows.first), str(rows.last), rows.rows, rows.reader) == ("2025-02-03", "2025-03-03", 2, "records")
    for name, one in told.items():
        assert one.sha256 == hashlib.sha256((folder / name).read_bytes()).hexdigest()


# --- choices ----------------------------------------------------------------------------------------------------------
def test_choices_are_said_with_who_made_them(tmp_path: Path) -> None:
    folder = case(tmp_path, PERSON + '[elections.2024]\nlot_method = "average"\n', r__csv=DEALS.replace("2025", "2024"))
    result = assess(read_case(folder), 2024)
    assert ("lot_method", "average", True) in [(c.election, c.choice, c.stated) for c in result.choices]
    assert ("source_of_sale", "kazakhstan", False) in [(c.election, c.choice, c.stated) for c in result.choices]
    plain = assess(read_case(folder), 2024, settings={"lot_method": "fifo"})
    assert ("fifo", True) in [(c.choice, c.stated) for c in plain.choices]


EARLIER = HEAD + (
    "2024-01-05T10:00:00+05:00,buy,BTC,1,1000000,KZT,desk\n"
    "2024-02-05T10:00:00+05:00,buy,BTC,1,3000000,KZT,desk\n"
    "2024-03-05T10:00:00+05:00,sell,BTC,1,3000000,KZT,desk\n"
    "2025-03-05T10:00:00+05:00,sell,BTC,1,9000000,KZT,desk\n"
)


def test_a_choice_of_an_earlier_year_is_said_and_listed(tmp_path: Path) -> None:
    result = assess(read_case(case(tmp_path, r__csv=EARLIER)), 2025)  # in 2025 itself there is no choice
    (other,) = result["personal_income_tax.digital_asset_income"].alternatives
    assert (other.election, other.choice, other.value, other.years) == ("lot_method", "average", 7_000_000, (2024,))
    (said,) = [f for f in result.findings if f.code == "earlier_choice"]
    assert "2024" in said.message.text("en")


def test_explaining_computes_no_alternatives(tmp_path: Path) -> None:
    result = salyq.assess(read_case(case(tmp_path, r__csv=EARLIER)), 2025, alternatives=False)
    assert all(not f.alternatives for f in result.figures)
    assert result.explain("personal_income_tax.tax_due").value == "600000.00"


# --- quotes -----------------------------------------------------------------------------------------------------------
def test_missing_quotes_are_one_question_a_currency_and_kind(tmp_path: Path) -> None:
    rows = "".join(f"2025-0{m}-05T10:00:00+05:00,sell,BTC,0.1,{m}00,USD,desk\n" for m in range(3, 9))
    rows += "".join(f"2025-0{m}-06T10:00:00+05:00,sell,BTC,0.01,{m}00,EUR,desk\n" for m in range(3, 9))
    folder = case(tmp_path, r__csv=HEAD + "2025-02-03T10:00:00+05:00,buy,BTC,1,5000000,KZT,desk\n" + rows)
    read = read_case(folder)
    asked = [q for q in questions(read) if q.code == "missing_quotes"]
    assert sorted(q.asset or "" for q in asked) == ["EUR", "USD"]
    assert [q.message.params["count"] for q in asked] == [6, 6]
    result = assess(read, 2025)
    missing = result["personal_income_tax.digital_asset_income"].missing
    assert len(missing) == 2  # once a currency, not once a day
    assert codes(result).count("missing_quotes") == 2


SOLD_ABROAD = HEAD + (
    "2025-02-03T10:00:00+05:00,buy,BTC,1,5000000,KZT,desk\n"
    "2025-06-05T10:00:00+05:00,sell,BTC,0.5,9000,USD,desk\n"
    "2025-06-06T10:00:00+05:00,sell,BTC,0.5,9000,USD,desk\n"
)


def test_the_template_that_a_question_prints_is_filled_and_settles_it(tmp_path: Path, capsys: Any) -> None:
    folder = case(tmp_path, r__csv=SOLD_ABROAD)
    read = read_case(folder)
    (q,) = [q for q in questions(read) if q.code == "missing_quotes"]
    assert [s.line for s in q.sources] == [3, 4]
    typed = next(command(w, q.code, read) for w in q.ways if w.label.code == "way_fill")
    args = shlex.split(typed)[1:]
    target = tmp_path / args[-1]
    assert main([*args[:-1], str(target)]) == 0
    shutil.copy(target, folder / "quotes.csv")  # not filled yet: the question stays
    assert [x.code for x in questions(read_case(folder))] == ["missing_quotes"]
    rows = list(csv.DictReader(target.open(encoding="utf-8-sig", newline="")))
    assert [(r["date"], r["currency"], r["kind"], r["rate"]) for r in rows] == [
        ("2025-06-04", "USD", "market", ""),
        ("2025-06-05", "USD", "market", ""),
    ]
    assert all("2025: r.csv:" in r["needed_for"] and "nationalbank.kz" in r["published"] for r in rows)
    with (folder / "quotes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(r | {"rate": "500"} for r in rows)
    assert questions(read_case(folder)) == []
    assert assess(read_case(folder), 2025).verdict.complete
    capsys.readouterr()


def test_rates_can_be_fetched_into_the_case(tmp_path: Path) -> None:
    folder = case(tmp_path, r__csv=SOLD_ABROAD)
    read = read_case(folder)
    (q,) = [q for q in questions(read) if q.code == "missing_quotes"]
    typed = next(command(w, q.code, read) for w in q.ways if w.label.code == "way_fetch")
    assert "--from 2025-06-04 --until 2025-06-05 --currency USD" in typed
    assert str(folder) in typed


# --- replay -----------------------------------------------------------------------------------------------------------
def replayed(result: Path, capsys: Any, *more: str) -> tuple[int, list[tuple[str, str]]]:
    code = main(["replay", str(result), *more, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert told["same"] is (code == 0)
    return code, [(d["what"], d["name"]) for d in told["differences"]]


def test_a_result_is_made_again_and_what_differs_is_said(tmp_path: Path, capsys: Any) -> None:
    folder = case(tmp_path, r__csv=DEALS)
    args = ["assess", str(folder), "--year", "2025", "--set", "source_of_sale=foreign", "--format", "json"]
    assert main(args) == 0
    result = tmp_path / "result.json"
    result.write_text(capsys.readouterr().out, encoding="utf-8")
    assert replayed(result, capsys) == (0, [])
    (folder / "r.csv").write_text(DEALS.replace("7000000", "8000000"), encoding="utf-8")
    code, found = replayed(result, capsys)
    assert code == 3
    assert found[0] == ("input", "r.csv")
    assert ("figure", "personal_income_tax.tax_due 2025") in found
    assert main(["replay", str(result)]) == 3
    told = capsys.readouterr().out
    assert "Tax to pay (personal_income_tax.tax_due 2025): was 200,000.00, is 300,000.00" in told
    assert "Personal income tax: payment 2025: was 2026-09-25 200,000.00, is 2026-09-25 300,000.00" in told
    (folder / "r.csv").write_text(DEALS, encoding="utf-8")
    moved = folder.rename(tmp_path / "moved")
    assert replayed(result, capsys, str(moved)) == (0, [])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"year": 2025}', '{"year": 2025, "run": {"inputs": []}}', "\xff"])
def test_what_is_no_result_is_one_line(tmp_path: Path, capsys: Any, text: str) -> None:
    (tmp_path / "r.json").write_text(text, encoding="latin-1")
    assert main(["replay", str(tmp_path / "r.json")]) == 4
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("other", [1, "x", [1], [{"filed": True}], [{"name": ["a"], "period": {}, "filed": 1}]])
@pytest.mark.parametrize("key", ["obligations", "figures", "law", "person", "verdict", "inputs", "choices"])
def test_a_damaged_result_is_one_line(tmp_path: Path, capsys: Any, key: str, other: Any) -> None:
    run = {"inputs": ["x"], "settings": {}, "known": None, "person": None}
    (tmp_path / "r.json").write_text(json.dumps([{"year": 2025, "run": run, key: other}]), encoding="utf-8")
    assert main(["replay", str(tmp_path / "r.json"), "--lang", "en"]) == 4
    said = capsys.readouterr().err
    assert (said.count("\n"), "this is no result" in said) == (1, True)


def test_a_folder_is_no_case_and_the_library_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(salyq.UsageError, match=r"salyq\.read_case"):
        salyq.assess(case(tmp_path, r__csv=DEALS), 2025)  # type: ignore[arg-type]


def test_returns_handed_in_several_years_and_a_reform_are_no_difference(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salyq.cli.commands import assess as command

    def handed_in(result: Any) -> Any:
        return {(o.name, o.period): None for o in result.obligations if o.name.endswith(".return")}

    monkeypatch.setattr(command, "_filed", handed_in)
    folder = case(tmp_path, r__csv=DEALS)
    result = tmp_path / "result.json"
    reform = Path(__file__).parents[2] / "examples" / "reforms" / "one-rate.toml"
    for more in (["2025"], ["2024-2025"], ["2025", "--reform", str(reform)]):
        assert main(["assess", str(folder), "--year", *more, "--format", "json"]) == 0
        text = capsys.readouterr().out
        assert '"filed": null' in text
        result.write_text(text, encoding="utf-8")
        assert replayed(result, capsys) == (0, [])
    (folder / "r.csv").write_text(DEALS.replace("7000000", "8000000"), encoding="utf-8")
    main(["assess", str(folder), "--year", "2024-2025", "--format", "json"])
    result.write_text(capsys.readouterr().out, encoding="utf-8")
    (folder / "r.csv").write_text(DEALS, encoding="utf-8")
    code, found = replayed(result, capsys)
    assert (code, found.count(("input", "r.csv"))) == (3, 2)


def test_each_reason_that_asks_leads_to_a_question(tmp_path: Path) -> None:
    readings = "start,end,kwh,meter\n2025-01-01,2025-04-01,1000,A\n"
    payouts = "date,asset,quantity\n2025-02-03,BTC,0.1\n2025-11-03,BTC,0.1\n"
    found = read_case(case(tmp_path, MINER, energy__csv=readings, payouts__csv=payouts))
    reasons = {r.code for r in assess(found, 2025).verdict.reasons}
    assert "fee_without_readings" in reasons
    assert reasons & ASKED <= {q.code for q in questions(found)}


def test_a_mining_licence_says_its_sub_kind(tmp_path: Path) -> None:
    with pytest.raises(salyq.SalyqError, match="mining_I"):
        read_case(case(tmp_path, MINER.replace("mining_II", "mining").replace("mining_I", "mining"), r__csv=DEALS))
