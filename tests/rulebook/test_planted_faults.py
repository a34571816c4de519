"""Each slip of the pen that an author of law can make is one line with file, line and what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from made_up import PARAMS

from salyq.cli.main import main
from salyq.law import shipped
from salyq.rulebook.asking import Door
from salyq.rulebook.check import check
from salyq.rulebook.fault import LoadError
from salyq.rulebook.law import Law

TWICE = PARAMS.replace('is = "0.1"', 'iss = "0.1"').replace('"12.34"', "12.34")
Load = Callable[..., Law]
FIRST = 'enacted = 2020-01-01\nby = "code"\nis = "0.1"'


def told(load: Load, *change: str) -> list[str]:
    """What `salyq law check` says of a change to a file: faults of loading or of the whole law."""
    try:
        return [str(f) for f in check(load(*change))]
    except LoadError as error:
        return [str(f) for f in error.faults]


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("params.toml", FIRST, "untill = 2022-12-31\n" + FIRST, r"params.toml:7: .*untill.*: until$"),
        ("params.toml", 'is = "0.1"', "is = 0.1", r"params.toml:9: rate .*“0.1”.*\"0.1\"$"),
        ("params.toml", 'is = "0.1"', 'is = "0,1"', r"params.toml:9: rate .*“0,1”.*\"2.1\""),
        ("params.toml", 'is = "0.1"', 'is = "1e-1"', r"params.toml:9: rate "),
        ("params.toml", 'is = "0.1"', "is = true", r"params.toml:9: rate "),
        ("params.toml", 'is = "0.1"', 'is = "1/0"', r"params.toml:9: rate "),
        ("params.toml", 'is = "0.1"', 'iss = "0.1"', r"params.toml:9: .*“iss”.*: is$"),
        ("params.toml", FIRST, FIRST.replace("enacted", "enactd"), r"params.toml:7: .*“enactd”.*: enacted$"),
        (
            "params.toml",
            "from = 2022-01-01",
            'from = "2022-01-01"',
            r"params.toml:6: .*“from” cannot be .*YYYY-MM-DD",
        ),
        ("params.toml", 'unit = "1"', 'unit = "percent"', r"params.toml:3: .*no unit “percent”.*ratio"),
        (
            "params.toml",
            'unit = "1"',
            'unit = "1"\nrenews = "yearli"',
            r"params.toml:4: .*“renews” .*yearli.*yearly",
        ),
        ("params.toml", "[rate]\nunit", "[rate]\nlabl = 1\nunit", r"params.toml:3: .*“labl”.*: label$"),
        ("params.toml", 'cite = "code:1"\n', "", r"params.toml:5: .*“cite” is missing"),
        (
            "params.toml",
            'is = "0.1"',
            'is = "0.1"\nis = "0.2"',
            r"params.toml:10: .*0.2.* cannot be read as TOML .*; right would be: each key once",
        ),
        (
            "params.toml",
            "from = 2022-01-01",
            "from = 2022-13-01",
            r"params.toml:6: “from = 2022-13-01” cannot be read as TOML .*: a day that exists, YYYY-MM-DD$",
        ),
        ("labels.toml", 'en = "tax"', 'eng = "tax"', r"labels.toml:1: due: .*“eng”"),
        ("cases.toml", "[case.expect]", "[case.expects]", r"cases.toml:\d+: case 2022: .*“expects”.*: expect$"),
        ("cases.toml", "levy.due", "levy.duee", r"levy, case 2022: .*“levy.duee”.*: levy.due$"),
        ("cases.toml", '"1.00"', "1.0", r"cases.toml:\d+: case 2022: .*expect"),
        (
            "rules.py",
            'per="year", since',
            'per="year", date="law_dya", since',
            r"rules.py:\d+: .*law_dya.*: law_day$",
        ),
        ("rules.py", 'per="year"', 'per="yaer"', r"rules.py:\d+: levy.due .*“yaer”.*: year$"),
        ("rules.py", "@figure(", "@figure(quite=True, ", r"rules.py:\d+: .*@figure takes no “quite”.*: quiet$"),
        ("rules.py", "rate: Ratio", "rate: Money", r"rules.py:\d+: levy.due .*“rate” is declared Money.*: Ratio$"),
        (
            "rules.py",
            "a: Money, allowance",
            "a: Flag, allowance",
            r"rules.py:\d+: .*“a” is declared Flag.*: Money$",
        ),
        ("rules.py", "a: Money, allowance", "a, allowance", r"rules.py:\d+: levy.due .*“a” is declared .*: Money$"),
        ("rules.py", 'since="2022-01-01"', 'since="2022-1-1"', r"rules.py:\d+: .*2022-1-1"),
        ("rules.py", "return rounded", "retrun rounded", r"rules.py:\d+: "),
        ("rules.py", "return rounded", "return roundd", r"rules.py:\d+: levy.due .*NameError: name 'roundd'"),
        ("acts.toml", "date = 2020-01-01", "dat = 2020-01-01", r"acts.toml:10: code: .*“dat”.*: date$"),
        (
            "acts.toml",
            'kind = "act"',
            'kind = "law"',
            r"acts.toml:9: code: .*“kind” .*act, source, convention",
        ),
        (
            "acts.toml",
            "last_year = 2024",
            'last_year = "2024"',
            r"acts.toml:4: .*“last_year” cannot be “2024”",
        ),
    ],
)
def test_a_slip_of_the_pen(load: Load, file: str, old: str, new: str, line: str) -> None:
    path = file if file == "acts.toml" else f"levy/{file}"
    said = told(load, path, old, new)
    assert any(re.search(line, s) for s in said), said
    assert all("\n" not in s for s in said)


def test_several_slips_are_told_together(load: Load) -> None:
    said = told(
        load, "levy/params.toml", PARAMS, PARAMS.replace('is = "0.1"', 'iss = "0.1"').replace('"12.34"', "12.34")
    )
    assert len(said) == 2


def test_the_command_tells_the_file_and_no_defect(
    load: Load, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Law:
        return load("levy/params.toml", 'is = "0.1"', 'iss = "0.1"')

    monkeypatch.setattr("salyq.cli.lawbook.law", broken)
    monkeypatch.setattr("salyq.cli.lawbook.whole", broken)
    for args, code in ((["law", "check"], 1), (["law", "coverage"], 4)):
        assert main(args) == code
        out = "".join(capsys.readouterr())
        assert "levy/params.toml:9" in out
        assert "defect" not in out


# ---- values that the state sets anew -----------------------------------------------------------------------------
def test_a_yearly_value_does_not_roll_into_the_next_year(load: Load) -> None:
    said = told(load, "levy/params.toml", 'unit = "1"', 'unit = "1"\nrenews = "yearly"')
    assert any("needs “levy.rate” on 2023-01-01" in s for s in said), said
    law = load("levy/params.toml", 'unit = "1"', 'unit = "1"\nrenews = "yearly"')
    assert law.value_at("levy.rate", date(2022, 12, 31), law.known) is not None
    assert law.value_at("levy.rate", date(2023, 1, 1), law.known) is None


def test_a_yearly_value_that_is_not_there_is_unknown_and_never_that_of_another_year(load: Load) -> None:
    law = load("levy/params.toml", 'unit = "1"', 'unit = "1"\nrenews = "yearly"')
    found = Door(law).ask("levy.due", {"a": "100"}, date(2023, 12, 31))
    assert (found.status, [r.code for r in found.reasons]) == ("unknown", ["missing_yearly_value"])
    assert found.explain().value is None
    assert Door(law).ask("levy.due", {"a": "100"}, date(2022, 12, 31)).status == "known"


def test_nothing_holds_after_it_was_read(load: Load) -> None:
    law = load("levy/params.toml", 'unit = "1"', 'unit = "1"\nread_until = 2023-06-30')
    assert law.value_at("levy.rate", date(2023, 6, 30), law.known) is not None
    assert law.value_at("levy.rate", date(2023, 7, 1), law.known) is None
    assert any("on 2023-07-01" in str(f) for f in check(law))


def test_the_shipped_law_cannot_be_opened_for_a_year_whose_index_was_not_read() -> None:
    """The index of the last year in the file, known or said to be unknown, holds in no later year."""
    law = shipped()
    year = law.series["base.mci_january"].values[-1].start.year + 1
    opened = replace(law, reading={**law.reading, "last_year": year})
    assert any(f"needs “base.mci_january” on {year}-01-01" in str(f) for f in check(opened))


def test_a_year_without_a_working_calendar_cannot_be_opened() -> None:
    law = shipped()
    opened = replace(law, reading={**law.reading, "last_year": 2031})
    assert {f.place for f in check(opened) if f.message.code == "law_no_calendar"} >= {"2030", "2031"}


def test_a_new_version_of_a_value_needs_a_case(load: Load) -> None:
    """The cases of 2022 and 2024 say nothing of a rate that holds in 2023 alone."""
    block = PARAMS.partition("\n[allowance]")[0].partition("[[rate.value]]")[2]
    newer = block.replace("from = 2022-01-01", "from = 2023-01-01\nuntil = 2023-12-31").replace("code:1", "code:7")
    back = block.replace("from = 2022-01-01", "from = 2024-01-01").replace("code:1", "code:8")
    changed = PARAMS.replace("\n[allowance]", f"[[rate.value]]{newer}[[rate.value]]{back}\n[allowance]")
    (said,) = told(load, "levy/params.toml", PARAMS, changed)
    assert re.search(r"levy.rate \(code:7\): no worked case asks for the version in force from 2023-01-01", said)


# ---- ends --------------------------------------------------------------------------------------------------------
def test_an_end_is_known_from_the_day_its_act_was_adopted(load: Load) -> None:
    acts = '[code]\nkind = "act"'
    ender = '[ender]\nkind = "act"\ndate = 2022-06-01\ntitle = { kk = "а", ru = "а", en = "a" }\n'
    law = load("acts.toml", acts, ender + acts)
    (only,) = law.series["levy.rate"].values
    ended = replace(only, until=date(2022, 12, 31), until_by="ender", until_enacted=date(2022, 6, 1))
    series = replace(law.series["levy.rate"], values=(ended,))
    law = replace(law, series={**law.series, "levy.rate": series})
    for known, held in ((date(2022, 5, 31), True), (date(2022, 6, 1), False)):
        assert (law.value_at("levy.rate", date(2023, 1, 1), known) is not None) is held
    (rule,) = law.rules["levy.due"]
    law = replace(law, rules={"levy.due": (replace(rule, until=date(2022, 12, 31), until_by="ender"),)})
    for known, held in ((date(2022, 5, 31), True), (date(2022, 6, 1), False)):
        assert (law.rule_at("levy.due", date(2023, 1, 1), known) is not None) is held
    assert law.rule_at("levy.due", date(2022, 12, 31), date(2024, 1, 1)) is not None


def test_the_files_of_the_shipped_law_are_where_they_say() -> None:
    root = Path(str(shipped().root))
    assert (root / "acts.toml").is_file()
