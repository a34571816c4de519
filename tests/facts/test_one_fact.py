"""A fact is declared once: one line of law, and it is read, asked for, computed with, explained, listed and drafted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import salyq

HOUSE = Path(salyq.__file__).parent
YEAR_FACT = '    disabled_child: Flag = fact("Бала", "Ребёнок", "A disabled child", stated="year", of=NATURAL)\n'
SALE_FACT = '    insured: Flag = fact("Сақтандырылған", "Застрахован", "Insured", stated="account", otherwise=False)\n'
RULES = '''"""Rules of the new facts."""

from __future__ import annotations

from salyq.law.facts import Sale
from salyq.rulebook.nodes import Count, Flag, Money, Rows, lift, when
from salyq.rulebook.rules import figure


@figure(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def child_relief(disabled_child: Flag) -> Money:
    """A made-up relief."""
    return when(disabled_child, lift(12_300, "KZT"), lift(0, "KZT"))


@figure(cite="tax-code-2025:411.1", per="year", since="2026-01-01")
def insured_sales(sales: Rows[Sale]) -> Count:
    """How many sales were on an insured account."""
    return sales.where(lambda s: s.insured).count()
'''
LABELS = """
child_relief = { kk = "Жеңілдік", ru = "Льгота", en = "Relief" }
insured_sales = { kk = "Сақтандырылған сатулар", ru = "Застрахованные продажи", en = "Insured sales" }
"""
PERSON = 'kind = "individual"\nresident = true\n[[account]]\nname = "desk"\ncountry = "KZ"\ninsured = true\n'
RECORDS = (
    "time,kind,asset,quantity,value,currency,account,document\n"
    "2026-02-03T10:00:00+05:00,buy,BTC,1,4000000,KZT,desk,contract\n"
    "2026-06-03T10:00:00+05:00,sell,BTC,1,6000000,KZT,desk,\n"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Salyq with another law beside it: everything but law/ is the shipped code itself."""
    place = tmp_path_factory.mktemp("house")
    (place / "salyq").mkdir()
    for path in HOUSE.iterdir():
        if path.name not in ("law", "__pycache__"):
            (place / "salyq" / path.name).symlink_to(path)
    law = place / "salyq" / "law"
    shutil.copytree(HOUSE / "law", law, ignore=shutil.ignore_patterns("__pycache__"))
    facts = (law / "facts.py").read_text(encoding="utf-8")
    facts = facts.replace("    person_kind: Text", YEAR_FACT + "    person_kind: Text", 1)
    facts = facts.replace("    purpose: Text", SALE_FACT + "    purpose: Text", 1)
    assert facts.count("\n") == (HOUSE / "law" / "facts.py").read_text(encoding="utf-8").count("\n") + 2
    (law / "facts.py").write_text(facts, encoding="utf-8")
    subject = law / "personal_income_tax"
    (subject / "made_up.py").write_text(RULES, encoding="utf-8")
    with (subject / "labels.toml").open("a", encoding="utf-8") as file:
        file.write(LABELS)
    return place


def run(house: Path, *arguments: str) -> str:
    code = "import sys; from salyq.cli.main import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(house), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 4), done.stderr
    return done.stdout


def case(place: Path, stated: str, person: str = PERSON) -> str:
    (place / "person.toml").write_text(person + stated, encoding="utf-8")
    (place / "records.csv").write_text(RECORDS, encoding="utf-8")
    return str(place)


def figures(house: Path, case: str) -> dict[str, Any]:
    told = json.loads(run(house, "assess", case, "--year", "2026", "--format", "json"))
    return {f["name"].partition(".")[2]: f for f in told["figures"]}


def test_a_new_fact_reaches_the_rule_and_the_json(house: Path, tmp_path: Path) -> None:
    found = figures(house, case(tmp_path, "[[year]]\nyear = 2026\ndisabled_child = true\n"))
    assert (found["child_relief"]["value"], found["child_relief"]["status"]) == ("123.00", "known")
    assert found["insured_sales"]["value"] == "1"
    why = json.loads(
        run(
            *(house, "explain", str(tmp_path), "--year", "2026"),
            *("--figure", "personal_income_tax.child_relief", "--format", "json"),
        )
    )
    assert "disabled_child" in json.dumps(why)
    assert "A disabled child" in json.dumps(why)


def test_a_new_fact_that_nobody_states_is_asked_for(house: Path, tmp_path: Path) -> None:
    found = figures(house, case(tmp_path, ""))
    assert found["child_relief"]["status"] == "unknown"
    assert "disabled_child" in json.dumps(found["child_relief"]["missing"])


def test_a_new_fact_is_listed_and_drafted(house: Path, tmp_path: Path) -> None:
    page = run(house, "law", "facts", "--lang", "en")
    assert "| `[[year]] disabled_child` | flag | A disabled child |" in page
    assert "| `[[account]] insured` | flag | Insured |" in page
    listed = json.loads(run(house, "law", "facts", "--format", "json"))["facts"]
    assert {f["stated"] for f in listed} >= {"year.disabled_child", "account.insured"}
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    run(house, "init", str(tmp_path), "--kind", "individual", "--lang", "en")
    draft = (tmp_path / "person.toml").read_text(encoding="utf-8")
    assert "# disabled_child = false  # A disabled child" in draft


def test_the_shipped_list_of_facts_is_the_laws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from salyq.cli.main import main

    assert main(["law", "facts", "--lang", "en", "--to", str(tmp_path / "facts.md")]) == 0
    shipped = Path(__file__).resolve().parents[2] / "docs" / "facts.md"
    assert shipped.read_text(encoding="utf-8") == (tmp_path / "facts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("stated", "figure", "value"),
    [
        ('foreign_tax_paid = "50000.00"', "foreign_credit", "50000.00"),
        ('social_payments = "100000.00"', "tax", "190000.00"),
    ],
)
def test_every_fact_that_law_asks_of_a_year_can_be_stated(stated: str, figure: str, value: str, tmp_path: Path) -> None:
    place = case(tmp_path, f"[[year]]\nyear = 2026\n{stated}\n", PERSON.replace("insured = true\n", ""))
    found = salyq.assess(salyq.read_case(place), year=2026)[f"personal_income_tax.{figure}"]
    assert str(found.value) == value
