"""Every kind of person, every year of law: whatever cannot be told says why; nobody is told "nothing" falsely; and the
verdict is one, in text, JSON, `check` and exit codes."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import salyq
from salyq.assessing.result import CANNOT_BE_TOLD
from salyq.cli.main import main

YEARS = range(2018, 2027)
NATURAL, LEGAL = 'id = "900101300017"\n', 'id = "990540000011"\n'
REGIME = '[[regime]]\nkind = "{}"\nfrom = 2018-01-01\n'
PERSONS = {
    "resident": NATURAL + 'kind = "individual"\nresident = true\n',
    "non-resident": NATURAL + 'kind = "individual"\nresident = false\n',
    "residence not stated": NATURAL + 'kind = "individual"\n',
    "came within a year": NATURAL + 'kind = "individual"\n[[residence]]\nresident = true\nfrom = 2022-07-01\n',
    "proprietor": NATURAL + 'kind = "sole_proprietor"\nresident = true\n',
    "proprietor, general": NATURAL + 'kind = "sole_proprietor"\nresident = true\n' + REGIME.format("general"),
    "proprietor, simplified": NATURAL + 'kind = "sole_proprietor"\nresident = true\n' + REGIME.format("simplified"),
    "proprietor abroad": NATURAL + 'kind = "sole_proprietor"\nresident = false\n',
    "company": LEGAL + 'kind = "company"\nresident = true\n',
    "company abroad": LEGAL + 'kind = "company"\nresident = false\n',
    "pool": LEGAL + 'kind = "pool"\nresident = true\n',
    "exchange": LEGAL + 'kind = "exchange"\nresident = true\n',
}
HEAD = "time,kind,asset,quantity,value,currency,account,document\n"
DOES = {
    "nothing": "",
    "trades": "{y}-02-05T10:00:00+05:00,buy,BTC,2,5000000,KZT,home,paper\n"
    "{y}-05-05T10:00:00+05:00,sell,BTC,1,9000000,KZT,home,\n",
    "mines": "{y}-02-05T10:00:00+05:00,mined,BTC,1,,,home,\n{y}-05-05T10:00:00+05:00,sell,BTC,1,9000000,KZT,home,\n",
    "earns": "{y}-02-05T10:00:00+05:00,earned,BTC,1,,,home,\n",
}


def case(folder: Path, person: str, does: str, year: int) -> Path:
    (folder / "person.toml").write_text(PERSONS[person], encoding="utf-8")
    (folder / "records.csv").write_text(HEAD + DOES[does].format(y=year), encoding="utf-8")
    return folder


@pytest.mark.parametrize("person", PERSONS)
@pytest.mark.parametrize("does", DOES)
def test_whatever_cannot_be_told_says_why(tmp_path: Path, person: str, does: str) -> None:
    for year in YEARS:
        result = salyq.assess(salyq.read_case(case(tmp_path, person, does, year)), year=year, alternatives=False)
        open_figures = [f for f in result.figures if f.status == "unknown"]
        open_duties = [o for o in result.obligations if o.status == CANNOT_BE_TOLD]
        assert all(f.missing for f in open_figures), year
        assert all(o.why is not None for o in open_duties), year
        assert all(o.due or o.why for o in result.obligations), year
        if open_figures or [o for o in open_duties if o.due]:  # a day that no act read gives is said of its duty alone
            assert result.verdict.state == "incomplete", year
            assert result.verdict.reasons, year
        for reason in result.verdict.reasons:  # people read what a duty is called, not its name in law's files
            assert not re.search(r"\w_\w+\.(return|payment)\b", reason.message.text("ru")), year
        if does != "nothing" and result.verdict.state == "complete":
            told = [f for f in result.figures if f.status == "known"]
            assert told or result.obligations or any(f.status == "not_applicable" for f in result.figures), year


SPOKEN = [(p, d, y) for n, (p, d, y) in enumerate(product(PERSONS, DOES, YEARS)) if n % 7 == 3]


@pytest.mark.parametrize("part", range(4))
def test_one_verdict_is_said_everywhere(tmp_path: Path, capsys: Any, monkeypatch: Any, part: int) -> None:
    """Every seventh of them, aloud."""
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    for person, does, year in SPOKEN[part::4]:
        folder = tmp_path / "case"
        folder.mkdir(exist_ok=True)
        args = [str(case(folder, person, does, year)), "--year", str(year), "--lang", "en"]
        assert main(["assess", *args, "--format", "json"]) == 0
        state = json.loads(capsys.readouterr().out)["verdict"]["state"]
        strict = main(["assess", *args, "--strict"])
        page = capsys.readouterr().out
        check = main(["check", *args])
        capsys.readouterr()
        assert (strict == 0) is (state == "complete"), (person, does, year)
        assert (check == 0) is (state == "complete"), (person, does, year)
        assert f"Verdict: {state}" in page, (person, does, year)
        if state == "incomplete":
            assert "On these facts there is nothing to file or to pay." not in page, (person, does, year)
