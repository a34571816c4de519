"""`salyq prices fetch` from end to end, against a server on this machine."""

import csv
import json

import pytest
from bank_server import feed, running

from salyq.cli.main import main

LANGS = ("kk", "ru", "en")


@pytest.fixture
def server():
    with running() as bank:
        yield bank


@pytest.fixture(autouse=True)
def quiet_place(monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))


def call(capsys, *args, code=0):
    assert main(["prices", *args]) == code
    out, err = capsys.readouterr()
    if code:
        assert out == ""
        assert err.count("\n") == 1, err
        return err
    assert err == ""
    return out


def test_fetched_rates_serve_an_import_and_a_table(server, capsys, tmp_path):
    table = tmp_path / "rates.csv"
    where = ["--base-url", server.base]
    out = call(capsys, "fetch", "--from", "2025-06-13", "--until", "2025-06-15", "--to", str(table), *where)
    assert "asked of the National Bank 3" in out
    assert "added 6" in out
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert len(rows) == 6
    assert rows[0]["source"].startswith("nationalbank.kz get_rates 13.06.2025")
    assert {(r["currency"], r["rate"], r["quantity"], r["kind"]) for r in rows} == {
        ("USD", "511.19", "1", "official"),
        ("AMD", "13.05", "10", "official"),
    }
    assert "already there 6" in call(capsys, "import", str(table))
    assert "511.19" in call(capsys, "show", "USD", "--from", "2025-06-14", "--to", "2025-06-14")


def test_json_says_what_became_of_every_day(server, capsys):
    server.says["14.06.2025"] = [feed("14.06.2025", ())]
    server.says["15.06.2025"] = [feed("15.06.2025", [("USD", "n/a", "1"), ("EUR", "590", "1")])]
    args = ["--from", "2025-06-13", "--until", "2025-06-15", "--currency", "usd", "--currency", "VND"]
    told = json.loads(call(capsys, "fetch", *args, "--base-url", server.base, "--format", "json"))
    assert told["days"] == {"asked": 3, "kept": 0, "stored": 0, "empty": ["2025-06-14"], "not_asked": []}
    assert told["rates"] == {"added": 1, "same": 0, "replaced": 0}
    assert told["absent"] == {"VND": ["2025-06-13", "2025-06-15"]}
    assert told["left_out"] == {"XDR": 1}
    (rejected,) = told["rejected"]
    assert (rejected["column"], rejected["value"]) == ("USD description", "n/a")
    assert set(rejected["message"]) == set(LANGS)


@pytest.mark.parametrize("lang", LANGS)
def test_everything_worth_knowing_is_said_in_three_languages(server, capsys, lang):
    server.says["13.06.2025"] = [feed("13.06.2025", [("USD", "n/a", "1"), ("XDR", "7", "1")])]
    server.default = lambda day: feed(day, ())
    args = ["--from", "2025-06-13", "--until", "2025-08-01", "--currency", "USD", "--currency", "EUR"]
    lines = call(capsys, "fetch", *args, "--base-url", server.base, "--lang", lang).splitlines()
    assert len(lines) == 8
    assert any("EUR" in line for line in lines)
    assert any("XDR" in line for line in lines)
    assert lines[-1].lstrip().startswith(server.base)


def test_no_network_is_one_line_and_four(capsys, tmp_path):
    with running() as gone:
        pass
    table = tmp_path / "rates.csv"
    args = ["--from", "2025-06-13", "--base-url", gone.base, "--to", str(table)]
    assert gone.base in call(capsys, "fetch", *args, code=4)
    assert not table.exists()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["--until", "2025-06-13"], "--from"),
        (["--from", "2025-06-13", "--until", "2025-06-12"], "2025-06-13"),
        (["--from", "13.06.2025"], "ISO"),
        (["--from", "2025-06-13", "--currency", "KZT"], "KZT"),
        (["--from", "2025-06-13", "--currency", "bitcoin"], "USD"),
        (["--from", "2025-06-13", "--base-url", "http://nationalbank.kz"], "https"),
        (["--from", "2025-06-13", "--base-url", "nationalbank.kz"], "https"),
    ],
)
def test_a_wrong_call_is_one_line_and_two(capsys, tmp_path, args, named):
    assert named in call(capsys, "fetch", *args, code=2)
    assert not (tmp_path / "data").exists()
