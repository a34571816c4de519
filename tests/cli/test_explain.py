"""`salyq explain`: to a depth, of one row, the largest part first."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from salyq.cli.main import main

ALIYA = str(Path(__file__).parents[2] / "examples" / "aliya")
INCOME = "personal_income_tax.digital_asset_income"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))


def told(capsys, *args: str) -> str:
    assert main(["explain", ALIYA, "--year", "2025", "--lang", "en", *args]) == 0
    return capsys.readouterr().out


def deepest(step: dict) -> int:
    return 1 + max((deepest(s) for s in step["inputs"]), default=-1)


def test_depth(capsys):
    whole = json.loads(told(capsys, "--figure", INCOME, "--format", "json"))
    assert deepest(whole) > 3
    for depth in (0, 1, 3):
        assert deepest(json.loads(told(capsys, "--figure", INCOME, "--format", "json", "--depth", str(depth)))) == depth
    page = told(capsys, "--figure", INCOME, "--depth", "1").split("\nActs cited")[0]
    assert len([x for x in page.splitlines() if x.startswith(("├─ Sale", "└─ Sale"))]) == 6
    assert not [x for x in page.splitlines() if x.startswith(("│", "   "))]
    assert " …" in page
    assert main(["explain", ALIYA, "--year", "2025", "--figure", INCOME, "--depth", "-1"]) == 2


def test_the_largest_part_comes_first(capsys):
    whole = json.loads(told(capsys, "--figure", INCOME, "--format", "json"))
    stack, sums = [whole], []
    while stack:
        step = stack.pop()
        if step["how"] == "sum":
            sums.append([Decimal(s["value"]) for s in step["inputs"] if s["how"] == "row" and s["unit"] == "KZT"])
        stack += step["inputs"]
    assert any(len(s) == 6 for s in sums)
    assert all(s == sorted(s, key=abs, reverse=True) for s in sums)


def test_one_row(capsys):
    row = "binance/transactions_2025.csv:6"
    step = json.loads(told(capsys, "--row", row, "--format", "json"))
    assert (step["how"], step["place"], step["value"]) == ("row", row, "1432265.69")
    assert json.loads(told(capsys, "--row", "transactions_2025.csv:6", "--format", "json")) == step
    assert json.loads(told(capsys, "--row", row, "--figure", INCOME, "--format", "json")) == step
    assert "2024-" not in told(capsys, "--row", row, "--depth", "0").split("\n")[0]


def test_a_row_on_which_nothing_rests(capsys):
    for row in ("transactions_2025.csv:9999", "x"):
        assert main(["explain", ALIYA, "--year", "2025", "--row", row, "--lang", "en"]) == 2
        assert "no figure rests on this row" in capsys.readouterr().err


def test_why_something_is_owed_is_explained_from_what_was_kept_and_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SALYQ_CACHE", str(tmp_path / "cache"))
    case = str(Path(__file__).parents[2] / "examples" / "temir-mining")
    wanted = ["explain", case, "--year", "2025", "--figure", "mining_fee.payment", "--period", "2025-Q2"]
    told = []
    for more in (["--no-cache"], [], []):
        assert main([*wanted, "--lang", "ru", *more]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] == told[2]
    assert "Уплата платы за цифровой майнинг: да" in told[0]
    assert "law-" not in told[0]  # every act by its name
    assert main(["explain", case, "--year", "2025", "--lang", "en"]) == 0
    assert "mining_fee.payment" in capsys.readouterr().out


def test_a_figure_may_be_the_last_word(monkeypatch, capsys):
    assert main(["explain", ALIYA, "--year", "2025", "--figure", "tax_due", "--lang", "en"]) == 0
    wanted = capsys.readouterr().out
    assert main(["explain", ALIYA, "tax_due", "--year", "2025", "--lang", "en"]) == 0
    assert capsys.readouterr().out == wanted
    assert main(["explain", ALIYA, "tax_deu", "--year", "2025", "--lang", "en"]) == 2
    assert "did you mean tax_due?" in capsys.readouterr().err
    assert main(["explain", ALIYA, "overpaid", "--year", "2026", "--lang", "en"]) == 0
    assert "Tax overpaid: " in capsys.readouterr().out
    assert main(["explain", "no_such_case", "--year", "2025", "--lang", "en"]) == 4
    assert "no such file or folder" in capsys.readouterr().err
    monkeypatch.chdir(ALIYA)
    assert main(["explain", "personal_income_tax.tax_due", "--year", "2025", "--lang", "en"]) == 0
    assert capsys.readouterr().out == wanted


ENDS = "Tax to pay: at most 200,000.00\N{NO-BREAK SPACE}KZT  ["  # worked out, kept, and read back


def test_the_ends_of_an_unknown_figure_are_nobody_s_name(tmp_path, capsys):
    person = 'id = "930417400007"\nkind = "individual"\nresident = true\n'
    sold = "time,kind,asset,quantity,value,currency,account\n2025-07-01T10:00:00+05:00,sell,ETH,2,2000000,KZT,K\n"
    (tmp_path / "records.csv").write_text(sold, encoding="utf-8")
    for name, first in (("", ENDS), ('name = "Aliya"\n', f"Whose: Aliya\n{ENDS}")):
        (tmp_path / "person.toml").write_text(name + person, encoding="utf-8")
        wanted = ["explain", str(tmp_path), "tax_due", "--year", "2025", "--lang", "en"]
        for more in (["--no-cache"], [], []):
            assert main([*wanted, *more]) == 0
            assert capsys.readouterr().out.startswith(first)
        assert main([*wanted, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told.get("whose") == ("Aliya" if name else None)
        assert told["detail"] == "0.00 … 200000.00"


def test_words_of_closed_lists_are_read_without_the_law():
    """`explain` of what was kept shows words, and must not load the law for them."""
    code = "import sys\nfrom salyq.app.words_of_law import lists\nassert lists()\nsys.exit('salyq.law' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_list_writes_days_as_its_reader_does(capsys):
    assert main(["explain", ALIYA, "--year", "2025", "--lang", "kk"]) == 0
    page = capsys.readouterr().out
    assert "15.09.2026" in page
    assert "2026-09-15" not in page
