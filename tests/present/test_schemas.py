"""Every JSON that is made of the shipped cases has the form that `salyq schema` promises."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from salyq.cli.main import main
from salyq.present.schemas import DEFS, SCHEMAS, schema

ROOT = Path(__file__).parents[2]
YEARS = [("aliya", 2024), ("aliya", 2025), ("aliya", 2026), ("temir-mining", 2025), ("temir-mining", 2026)]
IMPORTS = sorted(p for p in (ROOT / "tests" / "cases" / "imports").iterdir() if (p / "person.toml").exists())
CHECK = {name: jsonschema_rs.Draft202012Validator(schema(name)) for name in SCHEMAS}


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))


def printed(capsys, *args: str) -> object:
    code = main([*args, "--format", "json", "--lang", "en"])
    out = capsys.readouterr()
    assert code in (0, 3), out.err
    return json.loads(out.out)


def fits(name: str, value: object) -> None:
    wrong = [f"{'/'.join(map(str, e.instance_path))}: {e.message[:200]}" for e in CHECK[name].iter_errors(value)]
    assert wrong == []


def of_case(capsys, tmp_path: Path, folder: str, year: int) -> None:
    told = printed(capsys, "assess", folder, "--year", str(year))
    fits("assess", told)
    fits("obligations", told["obligations"])
    fits("figures", printed(capsys, "explain", folder, "--year", str(year)))
    for f in told["figures"][:: 4 if len(told["figures"]) > 12 else 1]:
        of = ["--figure", f["name"], "--period", f["period"]]
        fits("explain", printed(capsys, "explain", folder, "--year", str(year), *of))
    fits("check", printed(capsys, "check", folder, "--year", str(year)))
    fits("questions", printed(capsys, "questions", folder))
    fits("matches", printed(capsys, "matches", folder, "--year", str(year)))
    fits("holdings", printed(capsys, "holdings", folder, "--on", f"{year}-12-31"))
    fits("calendar", printed(capsys, "calendar", folder, "--from", f"{year}-01-01", "--to", f"{year + 1}-12-31"))
    fits("prices-missing", printed(capsys, "prices", "missing", folder))
    result = tmp_path / "result.json"
    result.write_text(json.dumps({**told, "law": {**told["law"], "known": "2026-01-01"}}), encoding="utf-8")
    fits("replay", printed(capsys, "replay", str(result)))


@pytest.mark.parametrize(("name", "year"), YEARS)
def test_what_is_printed_of_the_examples(name, year, capsys, tmp_path):
    of_case(capsys, tmp_path, str(ROOT / "examples" / name), year)


def test_what_is_printed_of_exports_with_questions_and_rejected_rows(capsys, tmp_path):
    read = 0
    for folder in IMPORTS:
        fits("assess", printed(capsys, "assess", str(folder), "--year", "2025"))
        fits("questions", printed(capsys, "questions", str(folder)))
        if main(["read", str(folder), "--format", "json"]) == 0:
            fits("read", json.loads(capsys.readouterr().out))
            read += 1
        capsys.readouterr()
    assert read >= 10


def test_missing_quotes(capsys, tmp_path):
    case = tmp_path / "case"
    case.mkdir()
    (case / "person.toml").write_text('id = "900101300017"\nkind = "individual"\nresident = true\n')
    (case / "r.csv").write_text(
        "time,kind,asset,quantity,value,currency\n"
        "2025-03-01T10:00:00Z,buy,BTC,1,100.00,USD\n2025-03-02T10:00:00Z,sell,BTC,1,300.00,USD\n"
    )
    told = printed(capsys, "prices", "missing", str(case))
    assert told["missing"]
    fits("prices-missing", told)
    fits("assess", printed(capsys, "assess", str(case), "--year", "2025"))
    fits("check", printed(capsys, "check", str(case), "--year", "2025"))


ACTS = [
    "transfer asset_kind=unsecured amount_kzt=5000000 provider=exchange_operator sender_data=yes at=2026-06-15T10:00",
    "apply permit=mining_I filed=2026-06-01 legal_form=llp documents_complete=yes owns_centre=yes",
    "deal --on 2026-06-15 asset_kind=unsecured venue=foreign party=individual amount_kzt=1000000",
    "mandatory_sale period=2025 asset=BTC mined=100 sold=40",
    "breach --on 2026-06-15 article=KOAP:463.1 class=medium repeat=yes",
    "own_rules_of --on 2027-01-01 place=191810000",
]


@pytest.mark.parametrize("act", ACTS, ids=lambda a: a.partition(" ")[0])
def test_what_law_answers(act, capsys):
    fits("ask", printed(capsys, "ask", *act.split()))
    fits("ask", printed(capsys, "ask", *act.split(), "--why"))


def test_sources(capsys):
    fits("sources", printed(capsys, "sources", "list"))


def test_filled_returns(capsys, tmp_path):
    for name, year in (("aliya", "2025"), ("temir-mining", "2026")):
        to = tmp_path / name
        assert main(["forms", "fill", str(ROOT / "examples" / name), "--year", year, "--to", str(to)]) in (0, 3)
        capsys.readouterr()
        made = sorted(to.glob("*.lines.json"))
        assert made
        for path in made:
            fits("return", json.loads(path.read_text(encoding="utf-8")))


def test_a_changed_form_is_seen():
    """A schema that lets everything through would notice nothing."""
    for name, value in {
        "holdings": {"on": "2025-12-31", "holdings": [{"account": "a", "asset": "BTC", "quantity": 1.5}]},
        "check": {"year": 2025, "clean": True, "verdict": {"state": "fine", "reasons": []}, "points": []},
        "explain": {"name": "x", "value": "1", "unit": "", "cite": "", "basis": "", "how": "", "inputs": [], "new": 1},
    }.items():
        assert not CHECK[name].is_valid(value)


def test_the_command(capsys):
    for name in SCHEMAS:
        assert main(["schema", name]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told == schema(name)
        jsonschema_rs.meta.validate(told)
    assert main(["schema"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in SCHEMAS)
    assert main(["schema", "nothing", "--lang", "en"]) == 2
    assert "assess" in capsys.readouterr().err
    assert set(DEFS) <= {n for name in SCHEMAS for n in schema(name).get("$defs", {})}
