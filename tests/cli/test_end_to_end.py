"""The whole house through the command line, on the shipped cases and on small ones made here."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from salyq.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples"
ALIYA, TEMIR = str(EXAMPLES / "aliya"), str(EXAMPLES / "temir-mining")
PERSON = 'id = "900101300017"\nname = "Test"\nkind = "individual"\nresident = true\n'
RECORDS = (
    "time,kind,asset,quantity,value,currency,account\n"
    "2025-02-03T10:00:00+05:00,buy,BTC,1,40000000,KZT,wallet\n"
    "2025-06-03T10:00:00+05:00,sell,BTC,0.5,30000000,KZT,wallet\n"
)


@pytest.fixture
def case(tmp_path):
    folder = tmp_path / "my case"
    folder.mkdir()
    (folder / "person.toml").write_text(PERSON)
    (folder / "wallet.csv").write_text(RECORDS)
    return folder


@pytest.fixture(autouse=True)
def quiet_place(monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))


def told(capsys, *args, code=0):
    assert main(list(args)) == code, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refused(capsys, *args, code):
    assert main(list(args)) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    return err


# --- assess -----------------------------------------------------------------------------------------------------------


def test_a_small_case_in_three_languages(case, capsys):
    for lang, amount in (("en", "1,000,000.00"), ("ru", "1 000 000,00"), ("kk", "1 000 000,00")):
        text = told(capsys, "assess", str(case), "--year", "2025", "--all", "--lang", lang).replace("\u00a0", " ")
        assert amount in text  # 10 % of 30 − 40 / 2 million
        assert "wallet.csv" in text
        assert f"salyq explain '{case}' --year 2025 --figure personal_income_tax.tax_due" in text


def test_json_is_the_contract_and_the_same_each_time(case, capsys):
    first = told(capsys, "assess", str(case), "--year", "2025", "--format", "json", "--lang", "kk")
    again = told(capsys, "assess", str(case), "--year", "2025", "--format", "json", "--lang", "en")
    assert first == again
    out = json.loads(first)
    due = next(f for f in out["figures"] if f["name"] == "personal_income_tax.tax_due")
    assert (due["value"], due["status"], due["unit"]) == ("1000000.00", "known", "KZT")
    assert out["rows"] == {"read": 2, "used": 2, "ignored": 0, "rejected": 0}


def test_out_writes_whole_results_and_nothing_else(case, capsys, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    text = told(capsys, "assess", str(case), "--year", "2025", "--all", "--out", str(out))
    names = sorted(p.name for p in out.iterdir())
    assert names == ["assessment.json", "assessment.txt", "matches.csv", "mine.txt", "questions.json", "questions.txt"]
    assert (out / "assessment.txt").read_text(encoding="utf-8") == text
    assert json.loads((out / "assessment.json").read_text(encoding="utf-8"))["year"] == 2025
    rows = list(csv.DictReader((out / "matches.csv").open(encoding="utf-8")))
    assert [r["gain_kzt"] for r in rows] == ["10000000.00"]


def test_strict_is_three_when_a_row_is_rejected_or_a_figure_unknown(case, capsys):
    assert main(["assess", str(case), "--year", "2025", "--strict"]) == 0
    with (case / "wallet.csv").open("a") as out:
        out.write("2025-07-03T10:00:00+05:00,buy,BTC,0,1,KZT,wallet\n")
    assert main(["assess", str(case), "--year", "2025"]) == 0
    assert main(["assess", str(case), "--year", "2025", "--strict"]) == 3
    capsys.readouterr()


def test_a_shortage_is_unknown_with_at_most(case, capsys):
    (case / "wallet.csv").write_text(RECORDS.replace("buy,BTC,1,40", "buy,BTC,0.1,4"))
    text = told(capsys, "assess", str(case), "--year", "2025")
    assert "at most" in text
    assert main(["assess", str(case), "--year", "2025", "--strict"]) == 3
    capsys.readouterr()


@pytest.mark.parametrize("year", ["2031", "2010"])
def test_a_year_with_no_law(case, capsys, year):
    assert year in refused(capsys, "assess", str(case), "--year", year, code=2)


def test_an_unknown_election(case, capsys):
    assert "colour" in refused(capsys, "assess", str(case), "--year", "2025", "--set", "colour=red", code=2)


def test_files_with_a_person_apart(case, capsys):
    who, rows = str(case / "person.toml"), str(case / "wallet.csv")
    text = told(capsys, "assess", rows, "--person", who, "--year", "2025")
    assert "900101300017" in text
    refused(capsys, "assess", rows, "--year", "2025", code=4)


BAD = {
    "unknown column": ("wallet.csv", RECORDS.replace("account", "account,colour", 1), "colour"),
    "checksum": ("person.toml", PERSON.replace("900101300017", "900101300018"), "900101300018"),
    "two persons": ("deep/person.toml", PERSON, "person.toml"),
}


@pytest.mark.parametrize("fault", BAD)
def test_inputs_that_cannot_be_used(fault, case, capsys, tmp_path):
    name, text, named = BAD[fault]
    (case / name).parent.mkdir(exist_ok=True)
    (case / name).write_text(text)
    out = tmp_path / "out"
    assert named in refused(capsys, "assess", str(case), "--year", "2025", "--out", str(out), code=4)
    assert not out.exists()


def test_an_empty_folder(capsys, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(capsys, "assess", str(tmp_path / "empty"), "--year", "2025", code=4)


def test_results_are_not_written_among_the_inputs(case, capsys):
    refused(capsys, "assess", str(case), "--year", "2025", "--out", str(case / "out"), code=2)
    assert not (case / "out").exists()


# --- explain ----------------------------------------------------------------------------------------------------------


def test_explain_goes_down_to_rows_and_articles(case, capsys):
    args = ("explain", str(case), "--year", "2025", "--figure", "personal_income_tax.tax_due")
    text = told(capsys, *args)
    for needed in ("wallet.csv:2", "wallet.csv:3", "Tax Code 2017, art. ", "Acts cited", "10\N{NO-BREAK SPACE}%"):
        assert needed in text
    tree = json.loads(told(capsys, *args, "--format", "json"))
    assert tree["value"] == "1000000.00"
    assert set(tree) >= {"name", "value", "unit", "cite", "basis", "how", "inputs"}


def test_explain_names_what_there_is(case, capsys):
    args = ("explain", str(case), "--year", "2025", "--figure")
    assert "personal_income_tax.tax_due" in refused(capsys, *args, "tax_duu", code=2)
    err = refused(capsys, "explain", TEMIR, "--year", "2026", "--figure", "mining_fee.due", code=2)
    assert "2026-Q1, 2026-Q2" in err
    err = refused(capsys, *args, "personal_income_tax.tax_due", "--period", "2024", code=2)
    assert "2025" in err


def test_a_figure_is_named_by_its_end(case, capsys):
    args = ("explain", str(case), "--year", "2025")
    whole = told(capsys, *args, "--figure", "personal_income_tax.tax_due")
    assert told(capsys, *args, "--figure", "tax_due") == whole
    listed = told(capsys, *args)
    assert "personal_income_tax.tax_due" in listed
    assert "personal_income_tax.taxable_income" in listed


def test_several_years_and_never_over_another_year(case, capsys, tmp_path):
    out = tmp_path / "out"
    found = json.loads(told(capsys, "assess", str(case), "--year", "2024-2026", "--format", "json", "--out", str(out)))
    assert [a["year"] for a in found] == [2024, 2025, 2026]
    assert sorted(p.name for p in out.iterdir()) == ["2024", "2025", "2026"]
    before = (out / "2024" / "assessment.json").read_bytes()
    assert "2024" in refused(capsys, "assess", str(case), "--year", "2025", "--out", str(out / "2024"), code=2)
    assert (out / "2024" / "assessment.json").read_bytes() == before


def test_without_options_one_screen(capsys):
    short = told(capsys, "assess", ALIYA, "--year", "2025").splitlines()
    assert len(short) <= 40
    whole = told(capsys, "assess", ALIYA, "--year", "2025", "--all").splitlines()
    assert len(whole) > len(short)
    amounts = [line.split()[-2] for line in short if line.endswith("KZT")]
    assert amounts
    assert all(amount in "\n".join(whole) for amount in amounts)


def test_init_drafts_a_person_that_is_read(case, capsys, monkeypatch):
    (case / "person.toml").unlink()
    assert "salyq assess" in told(capsys, "init", str(case), "--kind", "individual", "--resident", "yes")
    assert "person.toml" in refused(capsys, "init", str(case), code=2)
    monkeypatch.chdir(case)
    found = json.loads(told(capsys, "assess", "--year", "2025", "--format", "json"))
    assert found["person"]["kind"] == "individual"
    assert "person_id_missing" in [r["code"] for r in found["verdict"]["reasons"]]


MINE, OTHER, THIRD = (f"0x{digit * 40}" for digit in "123")
TOKENS = (
    '"Transaction Hash","Blockno","UnixTimestamp","DateTime (UTC)","From","To","TokenValue","USDValueDayOfTx",'
    '"ContractAddress","TokenName","TokenSymbol"\n'
)


def test_init_says_what_it_took_because_nobody_said_it(case, capsys):
    (case / "person.toml").unlink()
    said = told(capsys, "init", str(case))
    assert "taken as an individual" in said
    assert "taken as resident" in said
    assert "taken as an individual" in (case / "person.toml").read_text(encoding="utf-8")


def test_init_leaves_a_place_for_the_address_of_a_wallet(tmp_path, capsys):
    tether = "0xdac17f958d2ee523a2206206994597c13d831ec7"
    rows = [(OTHER, MINE), (MINE, THIRD)]
    text = "".join(
        f'"0x{n}","1","{1737367200 + n * 86400}","2025-01-2{n} 10:00:00","{a}","{b}",'
        f'"5","5","{tether}","Tether USD","USDT"\n'
        for n, (a, b) in enumerate(rows)
    )
    (tmp_path / "tokens.csv").write_text(TOKENS + text, encoding="utf-8")
    assert "tokens.csv" in told(capsys, "init", str(tmp_path), "--kind", "individual", "--resident", "yes")
    person = tmp_path / "person.toml"
    assert f'# addresses = ["{MINE}"]' in person.read_text(encoding="utf-8")
    assert json.loads(told(capsys, "read", str(tmp_path), "--format", "json"))["rows"]["rejected"] == 2
    person.write_text(person.read_text(encoding="utf-8").replace("# addresses", "addresses"), encoding="utf-8")
    assert json.loads(told(capsys, "read", str(tmp_path), "--format", "json"))["rows"]["used"] == 2


def test_init_asks_for_the_address_on_a_terminal(tmp_path):
    from salyq.facts.draft import Draft, Unnamed

    draft = Draft("individual", True, None, (), (), False, 2025, (), (Unnamed(("a.csv",), (MINE, OTHER)),))
    assert [m.code for m in draft.told()] == ["draft_unnamed"]
    answered = replace(draft, owned=frozenset({OTHER}))
    assert f'addresses = ["{OTHER}"]' in answered.text("en").splitlines()
    assert answered.told() == []


@pytest.mark.parametrize("options", [("--id", "123"), ("--kind", "goose"), ("--resident", "maybe")])
def test_init_refuses_what_is_wrong(case, capsys, options):
    (case / "person.toml").unlink()
    refused(capsys, "init", str(case), *options, code=2)
    assert not (case / "person.toml").exists()


# --- the other commands -----------------------------------------------------------------------------------------------


def test_matches(case, capsys, tmp_path):
    to = tmp_path / "matches.csv"
    text = told(capsys, "matches", str(case), "--year", "2025", "--to", str(to))
    assert "wallet.csv:3" in text
    (row,) = json.loads(told(capsys, "matches", str(case), "--year", "2025", "--format", "json"))["matches"]
    assert list(csv.DictReader(to.open(encoding="utf-8"))) == [row]
    assert row["quantity"] == "0.5"


def test_holdings(case, capsys):
    assert "wallet" in told(capsys, "holdings", str(case), "--on", "2025-12-31")
    held = json.loads(told(capsys, "holdings", str(case), "--on", "2025-12-31", "--format", "json"))
    assert held == {"on": "2025-12-31", "holdings": [{"account": "wallet", "asset": "BTC", "quantity": "0.5"}]}


def test_read_and_read_back(case, capsys, tmp_path):
    to = tmp_path / "records.csv"
    assert "wallet.csv" in told(capsys, "read", str(case), "--to", str(to))
    first = json.loads(told(capsys, "read", str(case), "--format", "json"))
    again = json.loads(told(capsys, "read", str(to), "--format", "json"))
    assert first["rows"]["read"] == first["rows"]["used"] == len(first["records"]) == 2
    for mine, back in zip(first["records"], again["records"], strict=True):
        assert {**mine, "source": ""} == {**back, "source": ""}


def test_read_tells_every_rejected_row(case, capsys):
    with (case / "wallet.csv").open("a") as out:
        out.write("2025-07-03T10:00:00+05:00,buy,BTC,1e5,1,KZT,wallet\n")
    text = told(capsys, "read", str(case), "--lang", "ru")
    assert "wallet.csv:4: quantity «1e5»: " in text
    (rejected,) = json.loads(told(capsys, "read", str(case), "--format", "json"))["files"][0]["rejected"]
    assert (rejected["line"], rejected["column"], rejected["value"]) == (4, "quantity", "1e5")


def test_questions(capsys):
    asked = json.loads(told(capsys, "questions", ALIYA, "--format", "json"))["questions"]
    assert {"missing_acquisition", "unmatched_transfer_out"} <= {q["code"] for q in asked}
    short = next(q for q in asked if q["code"] == "missing_acquisition")
    assert short["asset"] == "TON"
    assert short["income_at_stake"].endswith(".00")
    assert "wallets.csv:7" in told(capsys, "questions", ALIYA)


def test_prices_are_kept_once_and_shown(case, capsys, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text("date,currency,rate,quantity,source\n2025-06-02,USD,510.5,1,made up\n")
    assert "added 1" in told(capsys, "prices", "import", str(rates))
    assert "added 0, already there 1" in told(capsys, "prices", "import", str(rates))
    (shown,) = json.loads(told(capsys, "prices", "show", "USD", "--format", "json"))["quotes"]
    assert (shown["day"], shown["value"], shown["currency"]) == ("2025-06-02", "510.5", "KZT")
    assert "510.5" in told(capsys, "prices", "show", "--from", "2025-06-01", "--to", "2025-06-30")
    assert "no such quotes" in told(capsys, "prices", "show", "EUR")
    rates.write_text("date,currency,rate,quantity,source\n2025-06-02,USD,511,1,made up\n")
    refused(capsys, "prices", "import", str(rates), code=4)
    rates.write_text("date,currency,rate,quantity,source\n2025-06-02,USD,-1,1,made up\n")
    refused(capsys, "prices", "import", str(rates), code=4)
    refused(capsys, "prices", "import", str(case / "wallet.csv"), code=4)


def test_law_is_listed_and_shown(capsys):
    assert "mining_fee.rate" in told(capsys, "law", "list")
    listed = json.loads(told(capsys, "law", "list", "--format", "json"))["law"]
    assert all(set(entry["label"]) == {"kk", "ru", "en"} for entry in listed if entry["kind"] == "figure")
    text = told(capsys, "law", "show", "mining_fee.rate", "--on", "2026-05-01", "--lang", "kk")
    assert "2025 ж. Салық кодексі, 659-бап, 1-тармақ" in text
    assert "2024-01-01" not in text
    out = json.loads(told(capsys, "law", "show", "personal_income_tax.scale", "--format", "json"))
    assert any("8500" in (v["value"] or "") for v in out["versions"])
    assert "mining_fee.rate" in refused(capsys, "law", "show", "fee.rate", code=2)


def test_law_check_counts_and_ends_with_zero_only_when_whole(capsys):
    code = main(["law", "check", "--format", "json"])
    out = json.loads(capsys.readouterr().out)
    assert code == bool(out["faults"])
    assert out["values"] > 0 < out["rules"]
    assert main(["law", "check", "--lang", "kk"]) == code
    assert f"ақаулар: {len(out['faults'])}" in capsys.readouterr().out


# --- the process ------------------------------------------------------------------------------------------------------


def salyq(*args, **environ):
    env = {**os.environ, **environ}
    return subprocess.run([sys.executable, "-m", "salyq.cli", *args], capture_output=True, env=env)


def test_the_locale_decides_the_language():
    done = salyq("assess", ALIYA, "--year", "2030", LC_ALL="ru_RU.UTF-8")
    assert done.returncode == 2
    assert done.stdout == b""
    assert "2030" in done.stderr.decode()
    assert any(c in done.stderr.decode() for c in "абвгдежз")


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix pipeline")
def test_a_closed_pipe_is_no_error():
    command = f"'{sys.executable}' -m salyq.cli read '{ALIYA}' --all; echo $? >&2"
    done = subprocess.run(["bash", "-c", f"({command}) | head -1"], capture_output=True, text=True)
    assert done.stdout.count("\n") == 1
    assert done.stderr == "0\n"


@pytest.mark.skipif(sys.platform == "win32", reason="such a file name cannot exist there")
def test_a_hostile_file_name_is_shown_not_obeyed(case):
    (case / "evil\x1b[31m\x07\u202e.csv").write_text(RECORDS.replace("wallet", "=cmd|' /C calc'!A1"))
    for form in ("text", "json"):
        done = salyq("read", str(case), "--format", form)
        assert done.returncode == 0
        for raw in (b"\x1b", b"\x07", "\u202e".encode()):
            assert raw not in done.stdout
