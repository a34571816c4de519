"""What law says of acts: the worked cases, the catalogue, how it fails, what is never assumed."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salyq.civil.messages import LANGUAGES
from salyq.cli.main import main
from salyq.law.asked.asking import ask_act
from salyq.law.asked.catalogue import acts, facts
from salyq.law.asked.checking import faults, whole_law
from salyq.law.asked.working import answered, cases, differences

FOLDER = files("salyq.law.asked")
TRANSFER = {
    "asset_kind": "unsecured",
    "amount_kzt": "5000000",
    "provider": "exchange_operator",
    "sender_data": "yes",
    "recipient_data": "yes",
    "at": "2026-06-15T10:00",
}


@pytest.mark.parametrize("case", cases(), ids=lambda c: c["id"])
def test_worked_case(case: dict[str, Any]) -> None:
    assert list(differences(case, answered(case))) == []


def test_the_law_of_acts_is_whole() -> None:
    assert [f.text() for f in faults()] == []


def test_entries_are_the_tables_of_the_files() -> None:
    """Facts and acts are parsed one by one; read whole, the files say the same."""
    for name, entries in (("facts.toml", facts()), ("acts.toml", acts())):
        whole = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
        assert list(whole) == list(entries)
        for key, text in entries.texts.items():
            assert tomllib.loads(text)[key] == whole[key]


@pytest.mark.parametrize("name", list(acts()))
def test_the_example_of_each_act_answers(name: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    words = acts()[name].example.split()[1:]
    assert main([*words, "--format", "json"]) == 0
    answer = json.loads(capsysbinary.readouterr().out)
    assert answer["act"] == name
    assert answer["verdict"] in ("lawful", "unlawful", "unknown", "not_regulated")
    for lang in LANGUAGES:
        assert main([*words, "--why", "--lang", lang]) == 0
    assert b"Traceback" not in capsysbinary.readouterr().out


def test_the_contract_of_transfer() -> None:
    answer = ask_act("transfer", TRANSFER).as_json()
    assert answer["on"] == "2026-06-15"
    assert (answer["verdict"], answer["gate"], answer["authority"]) == ("lawful", "exchange_operator", "nbk")
    need = answer["needs"][0]
    assert (need["name"], need["basis"]) == ("travel_rule.sender_data", "statute")
    assert "law-193-vii:12-1.8" in need["cites"]
    duty = answer["duties"][0]
    assert (duty["name"], duty["to"], duty["due"]) == ("financial_monitoring.threshold_report", "afm", "2026-06-16")
    assert "law-191-iv:10.2" in duty["cites"]
    assert duty["why"]["inputs"]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(sorted(TRANSFER.keys() - {"at"}))))
def test_a_fact_left_out_is_asked_for_and_never_decides(left_out: set[str]) -> None:
    """Whatever is left out: the verdict is unknown or the one with all facts."""
    full = ask_act("transfer", TRANSFER, explain=False)
    part = ask_act("transfer", {k: v for k, v in TRANSFER.items() if k not in left_out}, explain=False)
    assert part.verdict in ("unknown", full.verdict)
    if part.verdict == "unknown":
        assert {m.fact for m in part.missing} & left_out


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**8), st.sampled_from(["unsecured", "dfa_1", "dfa_2", "dfa_3_share", "dfa_3_other"]))
def test_thresholds_only_rise(amount: int, kind: str) -> None:
    """An independent second calculation of the threshold report."""
    limit = {"unsecured": 5_000_000, "dfa_3_other": 45_000_000}.get(kind, 7_000_000)
    row = TRANSFER | {"asset_kind": kind, "amount_kzt": str(amount), "provider": "trading_platform"}
    answer = ask_act("transfer", row, explain=False)
    assert (answer.duty("financial_monitoring.threshold_report") is not None) is (amount >= limit)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nope"], "«nope»"),
        (["transfer", "colour=red"], "colour"),
        (["transfer", "amount_kzt=1,500"], "amount_kzt «1,500»"),
        (["transfer", "amount_kzt=0.001"], "amount_kzt"),
        (["transfer", "sender_data=maybe"], "sender_data «maybe»"),
        (["transfer", "at=yesterday"], "at «yesterday»"),
        (["deal", "asset_kind=gold"], "asset_kind «gold»"),
        (["deal", "--on", "2023-03-31"], "2023-03-31"),
        (["mandatory_sale", "period=2025-13"], "period"),
        (["own_rules_of", "place=1"], "place"),
        (["end_permit", "breach_days=2026-01-01;x"], "breach_days"),
        (["own_rules_of", "place=191810000", "on=soon"], "on «soon»"),
        (["transfer", "at"], "«at»"),
        (["transfer", "at=2026-06-15", "at=2026-06-16"], "at"),
        ([], "--list"),
    ],
)
def test_a_wrong_question_is_one_line_and_exit_2(
    args: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang in LANGUAGES:
        assert main(["ask", *args, "--lang", lang]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.splitlines()) == 1
        assert words in said.err


def test_facts_of_a_file(tmp_path: Any, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "facts.toml"
    path.write_text('period = "2025"\nasset = "BTC"\nsold = 40\nsold_on_aifc = "30"\n', encoding="utf-8")
    assert main(["ask", "mandatory_sale", str(path), "--format", "json"]) == 0
    answer = json.loads(capsysbinary.readouterr().out)
    assert answer["amounts"][0] | {"value": "30", "unit": "BTC"} == answer["amounts"][0]
    assert main(["ask", "mandatory_sale", str(tmp_path / "none.toml")]) == 4


def test_the_day_may_stand_among_the_facts() -> None:
    place = {"place": "191810000"}
    inside = ask_act("own_rules_of", place | {"on": "2026-12-31"})
    assert inside.as_json() == ask_act("own_rules_of", place, date(2026, 12, 31)).as_json()
    assert inside.on == date(2026, 12, 31)
    known = ask_act("mandatory_sale", {"period": "2026-03", "sold": "100", "known": "2025-11-16"})
    assert known.amount("mandatory_sale.required") == "75"


def test_known_as_of_a_day() -> None:
    """What was enacted later does not speak."""
    early = ask_act("mandatory_sale", {"period": "2026-03", "sold": "100"}, known=date(2025, 11, 16))
    late = ask_act("mandatory_sale", {"period": "2026-03", "sold": "100"})
    assert (early.amount("mandatory_sale.required"), late.amount("mandatory_sale.required")) == ("75", "0")
    assert ask_act("transfer", TRANSFER, known=date(2022, 1, 1)).verdict == "not_regulated"


def test_a_part_that_was_not_known_yet_is_told_and_the_rest_is_answered() -> None:
    """What the reserve may take was published after the law that made it."""
    day = date(2026, 6, 15)
    early = ask_act("invest_reserve", {"investment": "digital_assets"}, day, date(2026, 1, 16))
    assert (early.verdict, early.amounts) == ("lawful", [])
    assert {"reserve.most_gold", "reserve.most_fund"} <= {u.name for u in early.unsettled}
    full = ask_act("invest_reserve", {"investment": "digital_assets"}, day)
    assert [p.name for p in early.duties] == [p.name for p in full.duties] != []
    assert {p.name for p in full.amounts} == {"reserve.most_gold", "reserve.most_fund"}


def test_every_unknown_value_says_who_sets_it() -> None:
    unknown = [(n, v) for n, s in whole_law().series.items() for v in s.values if v.data is None]
    assert len(unknown) > 10
    for name, value in unknown:
        assert value.reason, name
        assert all(value.reason[lang] for lang in LANGUAGES), name


def test_planted_faults_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong case, a rule that no case reaches: the check is not blind."""
    from salyq.law.asked import checking

    some = cases()
    wrong = [{**some[0], "verdict": "unlawful"}, *some[1:]]
    monkeypatch.setattr(checking, "cases", lambda: wrong)
    assert [f.message.code for f in checking.faults()] == ["law_asked_case"]
    fewer = [c for c in some if c["act"] != "plan"]
    monkeypatch.setattr(checking, "cases", lambda: fewer)
    found = {(f.name, f.message.code) for f in checking.faults()}
    assert ("plan", "law_asked_no_case") in found
    assert ("licensing.plan_review_due", "law_no_case") in found


def test_an_act_takes_the_facts_that_its_rules_ask_for() -> None:
    from salyq.law.asked import checking

    act = acts()["plan"]
    fewer = dataclasses.replace(act, facts=("plan_filed", "remote"))
    codes = {(f.message.code, f.message.params["fact"]) for f in checking._fact_faults(fewer)}
    assert codes == {
        ("law_asked_fact_not_taken", "item_done"),
        ("law_asked_fact_not_taken", "review_extended"),
        ("law_asked_fact_not_used", "remote"),
    }


def test_places_of_the_law_are_those_of_the_country() -> None:
    """Alatau's codes stand in the law of zones and in the list of places: the same ones."""
    from salyq.civil.regions import special_place

    value = whole_law().value_at("zones.alatau_places", date(2026, 8, 1), date(2026, 12, 31))
    assert value is not None
    assert all(special_place(code, date(2026, 8, 1)) for code in value.data)


def test_questions_of_the_guide_answer(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
    commands = [c for c in re.findall(r"`salyq (ask [a-z_]+ [^`…]*=[^`]*)`", guide) if ".toml" not in c]
    assert len(commands) >= 8
    for command in commands:
        assert main([*command.split(), "--lang", "en"]) == 0, command
    shown = re.search(r"\$ salyq (ask transfer .*)\n((?:.*\n)*?)```", guide)
    assert shown is not None
    capsysbinary.readouterr()
    assert main([*shown[1].split(), "--lang", "en"]) == 0
    assert shown[2].strip() in capsysbinary.readouterr().out.decode()


def test_days_hours_and_amending_acts_are_told_as_people_write_them(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """An answer for people has no 2026-06-03T10:00 in Kazakh or Russian, no law-247-viii, no name of a column."""
    from salyq.cli.main import main

    transfer = ["transfer", "asset_kind=unsecured", "amount_kzt=500000", "provider=exchange_operator"]
    transfer += ["sender_data=yes", "recipient_data=no", "at=2026-06-01T10:00", "--why"]
    for lang in ("kk", "ru"):
        assert main(["ask", *transfer, "--lang", lang]) == 0
        told = capsysbinary.readouterr().out.decode()
        assert "03.06.2026 10:00" in told
        assert "2026-06-0" not in told
    assert (
        main(["ask", "breach", "article=KOAP:463.2", "class=large", "--on", "2026-06-15", "--why", "--lang", "en"]) == 0
    )
    told = capsysbinary.readouterr().out.decode()
    assert "as amended by Law No. 247-VIII" in told
    assert "law-247-viii" not in told
    assert "law_day" not in told
