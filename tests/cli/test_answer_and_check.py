"""`salyq answer` and `salyq check` through the command line: a question, its answer, a year that can be signed off."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from salyq.cli.main import main

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
HEAD = "time,kind,asset,quantity,value,currency,account,counterparty\n"
SOLD = "2025-06-03T10:00:00+05:00,sell,BTC,0.5,30000000,KZT,wallet,\n"
CAME = "2025-02-03T10:00:00+05:00,transfer_in,BTC,1,,,wallet,somebody\n"
LEFT = "2025-07-03T10:00:00+05:00,transfer_out,BTC,0.25,,,wallet,\n"


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    folder = tmp_path / "my case"
    folder.mkdir()
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    (folder / "w.csv").write_text(HEAD + CAME + SOLD + LEFT, encoding="utf-8")
    return folder


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*args: str, code: int = 0) -> str:
        found = main(list(args))
        out, err = capsys.readouterr()
        assert found == code, err
        if code in (2, 4):
            assert out == ""
            assert err.count("\n") == 1
            return err
        assert err == ""
        return out

    return run


def questions(say: Any, case: Path) -> dict[str, dict[str, Any]]:
    found = json.loads(say("questions", str(case), "--format", "json"))["questions"]
    return {q["code"]: q for q in found}


def test_every_question_says_what_is_at_stake_and_how_to_answer(say: Any, case: Path) -> None:
    asked = questions(say, case)
    assert set(asked) == {"unmatched_transfer_in", "unmatched_transfer_out"}
    came = asked["unmatched_transfer_in"]
    assert came["income_at_stake"] == "30000000.00"
    assert came["tax"] == {"year": 2025, "low": "0.00", "high": "3000000.00"}
    command = shlex.split(came["answers"][0]["command"])
    assert command[:5] == ["salyq", "answer", str(case), "unmatched_transfer_in", "w.csv:2"]
    for lang in ("kk", "ru", "en"):
        assert "salyq answer" in say("questions", str(case), "--lang", lang)


def test_questions_of_one_year_are_its_own_and_what_came_before(say: Any, case: Path) -> None:
    later = CAME.replace("2025-02-03", "2026-02-03").replace("somebody", "another")
    (case / "w.csv").write_text(HEAD + CAME + SOLD + LEFT + later, encoding="utf-8")
    rows = {}
    for year in ("2024", "2025", "2026"):
        found = json.loads(say("questions", str(case), "--year", year, "--format", "json"))["questions"]
        rows[year] = {row for q in found for row in q["records"]}
    assert rows == {"2024": set(), "2025": {"w.csv:2", "w.csv:4"}, "2026": {"w.csv:2", "w.csv:4", "w.csv:5"}}
    every = json.loads(say("questions", str(case), "--format", "json"))["questions"]
    assert {row for q in every for row in q["records"]} == rows["2026"]


def test_a_cost_that_is_answered_is_taxed_and_cited(say: Any, case: Path) -> None:
    args = ["--cost", "20000000", "--document", "deal 5", "--on", "2024-11-05"]
    out = say("answer", str(case), "unmatched_transfer_in", "w.csv:2", *args)
    assert "answers.toml:1" in out
    found = json.loads(say("assess", str(case), "--year", "2025", "--format", "json"))
    value = next(f for f in found["figures"] if f["name"] == "personal_income_tax.digital_asset_income")
    assert (value["status"], value["value"]) == ("known", "20000000.00")  # half of the coins cost half
    assert "answers_used" in [f["code"] for f in found["findings"]]
    why = say("explain", str(case), "--year", "2025", "--figure", "personal_income_tax.tax")
    assert "answers.toml:1" in why
    assert set(questions(say, case)) == {"unmatched_transfer_out"}


@pytest.mark.parametrize("cost", ["20 000 000,00", "20\u00a0000\u00a0000,00", "20\u202f000\u202f000", "20000000,0"])
def test_a_cost_as_the_reader_writes_it(say: Any, case: Path, cost: str) -> None:
    say("answer", str(case), "unmatched_transfer_in", "w.csv:2", "--cost", cost)
    assert 'cost = "20000000"' in (case / "answers.toml").read_text(encoding="utf-8")
    answers = (case / "answers.toml").read_text(encoding="utf-8").replace('"20000000"', f'"{cost}"')
    (case / "answers.toml").write_text(answers, encoding="utf-8")  # by hand
    found = json.loads(say("assess", str(case), "--year", "2025", "--format", "json"))
    value = next(f for f in found["figures"] if f["name"] == "personal_income_tax.digital_asset_income")
    assert value["value"] == "20000000.00"
    say("check", str(case), "--year", "2025", "--threshold", cost, code=3)


def test_the_commands_that_a_question_prints_work(say: Any, case: Path) -> None:
    asked = questions(say, case)
    for code, option in (("unmatched_transfer_in", "--kind"), ("unmatched_transfer_out", "--own")):
        way = next(a for a in asked[code]["answers"] if a["command"] and option in a["command"])
        kinds = next((f["choices"] for f in way["fields"] if f["name"] == "kind"), [])
        say(*(kinds[0] if word == "KIND" else word for word in shlex.split(way["command"])[1:]))
    assert not questions(say, case)


def test_answers_are_added_and_comments_stay(say: Any, case: Path) -> None:
    path = case / "answers.toml"
    path.write_text("# what my sister told me\n", encoding="utf-8")
    say("answer", str(case), "unmatched_transfer_out", "w.csv:4", "--kind", "gift_out", "--note", "сіңліме")
    out = json.loads(say("answer", str(case), "row", "w.csv:2", "--nothing", "--format", "json"))
    assert out["answers"][0]["state"] == "used"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# what my sister told me\n")
    assert "сіңліме" in text
    assert text.count("[[answer]]") == 2
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line == "[[answer]]"]
    assert ", ".join(f"answers.toml:{n}" for n in lines) in say("assess", str(case), "--year", "2025", "--all")


def test_an_answer_that_no_longer_fits_is_told(say: Any, case: Path) -> None:
    say("answer", str(case), "unmatched_transfer_out", "w.csv:4", "--kind", "gift_out")
    (case / "w.csv").write_text(HEAD + CAME + SOLD + LEFT.replace("0.25", "0.3"), encoding="utf-8")
    asked = questions(say, case)
    assert asked["answer_does_not_fit"]["records"] == ["answers.toml:1"]
    assert asked["answer_does_not_fit"]["severity"] == "error"
    found = json.loads(say("assess", str(case), "--year", "2025", "--format", "json"))
    assert "answers_unfit" in [f["code"] for f in found["findings"]]
    assert "[ ] all answers fit their rows" in say("check", str(case), "--year", "2025", code=3)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["unmatched_transfer_in", "w.csv:2"], "--cost"),
        (["unmatched_transfer_in", "w.csv:2", "--own", "--nothing"], "--cost"),
        (["unmatched_transfer_in", "w.csv:3", "--own"], "w.csv:2"),
        (["half_swap", "w.csv:2", "--own"], "unmatched_transfer_in"),
        (["unmatched_transfr_in", "w.csv:2", "--own"], "did you mean unmatched_transfer_in?"),
        (["row", "w.csv:99", "--nothing"], "w.csv:99"),
        (["row", "w.csv:2:sell", "--nothing"], "transfer_in"),
        (["unmatched_transfer_in", "w.csv:2", "--cost", "1e5"], "1e5"),
        (["unmatched_transfer_in", "w.csv:2", "--cost", "1,234"], "1234"),
        (["unmatched_transfer_in", "w.csv:2", "--cost", "5", "--on", "soon"], "soon"),
        (["row", "w.csv:2", "--times", "none"], "none"),
    ],
)
def test_a_wrong_answer_is_one_line_and_writes_nothing(say: Any, case: Path, args: list[str], told: str) -> None:
    before = sorted(case.rglob("*"))
    assert told in say("answer", str(case), *args, code=2)
    assert sorted(case.rglob("*")) == before


def test_facts_that_the_file_refuses_are_refused_before_anything_is_written(say: Any, case: Path) -> None:
    assert "XYZ1" in say("answer", str(case), "row", "w.csv:2", "--cost", "5", "--currency", "XYZ1", code=4)
    assert not (case / "answers.toml").exists()
    (case / "answers.toml").write_text("[[answer]]\nsay = 'cost'\n", encoding="utf-8")
    assert "answers.toml" in say("questions", str(case), code=4)
    assert (case / "answers.toml").read_text(encoding="utf-8") == "[[answer]]\nsay = 'cost'\n"


def test_the_checklist_opens_and_closes(say: Any, case: Path) -> None:
    say("check", str(case), "--year", "2025", code=3)
    say("answer", str(case), "unmatched_transfer_in", "w.csv:2", "--cost", "5", "--document", "d")
    say("answer", str(case), "unmatched_transfer_out", "w.csv:4", "--kind", "gift_out")
    assert "[-] declared holdings" in say("check", str(case), "--year", "2025")
    declared = '\n[[holding]]\non = 2025-12-31\naccount = "wallet"\nasset = "BTC"\nquantity = "0.25"\n'
    (case / "person.toml").write_text(PERSON + declared, encoding="utf-8")
    for lang in ("kk", "ru", "en"):
        page = say("check", str(case), "--year", "2025", "--lang", lang)
        assert (page.count("[x]"), page.count("[-]")) == (9, 1)  # there are no meters to check
    (case / "person.toml").write_text(PERSON + declared.replace("0.25", "0.3"), encoding="utf-8")
    found = json.loads(say("check", str(case), "--year", "2025", "--format", "json", code=3))
    (point,) = [p for p in found["points"] if p["state"] == "open"]
    assert point["name"] == "holdings"
    assert not found["clean"]
    assert "0.25" in point["details"][0]["message"]["en"]
    assert "person.toml:5" in point["details"][0]["message"]["en"]


def test_a_rejected_row_keeps_the_year_open(say: Any, case: Path) -> None:
    (case / "w.csv").write_text(HEAD + "2025-06-03T10:00:00+05:00,sell,BTC,0,30000000,KZT,wallet,\n", encoding="utf-8")
    assert "[ ] all rows are accounted for" in say("check", str(case), "--year", "2025", code=3)


def test_a_threshold_passes_small_questions(say: Any, case: Path) -> None:
    (case / "w.csv").write_text(HEAD + SOLD.replace("wallet", ""), encoding="utf-8")
    assert "no other open question" in say("check", str(case), "--year", "2025", code=3)
    say("check", str(case), "--year", "2025", "--threshold", "2999999.99", code=3)
    say("check", str(case), "--year", "2025", "--threshold", "3000000")
    assert "--threshold" in say("check", str(case), "--year", "2025", "--threshold", "-1", code=2)


def test_a_year_without_law_or_a_case_without_a_person(say: Any, case: Path) -> None:
    say("check", str(case), "--year", "2017", code=2)
    (case / "person.toml").unlink()
    say("check", str(case), "--year", "2025", code=4)


def test_several_writers_at_once_lose_no_answer(tmp_path: Path) -> None:
    rows = "".join(f"2025-01-0{n}T00:00:00Z,transfer_in,BTC,{n},w\n" for n in range(1, 5))
    (tmp_path / "r.csv").write_text("time,kind,asset,quantity,account\n" + rows, encoding="utf-8")
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n', encoding="utf-8")
    (tmp_path / "answers.toml").write_text("", encoding="utf-8")
    (tmp_path / "answers.toml").chmod(0o600)
    program = [sys.executable, "-m", "salyq.cli", "answer", str(tmp_path), "unmatched_transfer_in"]
    runs = [
        subprocess.Popen([*program, f"r.csv:{n}", "--cost", str(n)], stdout=subprocess.DEVNULL) for n in range(2, 6)
    ]
    assert [run.wait(120) for run in runs] == [0, 0, 0, 0]
    assert (tmp_path / "answers.toml").read_text(encoding="utf-8").count("[[answer]]") == 4
    assert (tmp_path / "answers.toml").stat().st_mode & 0o777 == 0o600
