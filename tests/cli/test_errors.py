"""A wrong call is one line on stderr and its exit code; never a traceback, nothing on stdout."""

from pathlib import Path

import pytest

from salyq.cli import main as face
from salyq.cli.main import main

ALIYA = Path(__file__).parents[2] / "examples" / "aliya"

WRONG = [
    (["assess", "x", "--year", "20"], "«20»"),
    (["assess", "x", "--year", "abcd"], "--year"),
    (["assess", "x", "--year", "2026", "--format", "xml"], "text | json"),
    (["assess", "x", "--year", "2026", "--lang", "xx"], "kk | ru | en"),
    (["assess", "x", "--year", "2026", "--set", "lot_method"], "lot_method=average"),
    (["assess", "x", "--year", "2026", "--set", "=fifo"], "NAME=VALUE"),
    (["assess", "x", "--year", "2026", "--known", "2026-02-30"], "2026-02-30"),
    (["assess", "x", "--year", "2026", "--known", "20260201"], "ISO"),
    (["assess", "x", "--year"], "--year"),
    (["assess", "x"], "--year"),
    (["assess", "x", "--year", "2026-2024"], "2024-2026"),
    (["assess", "x", "--yeer", "2026"], "did you mean --year?"),
    (["init", "x", "--kind", "indivdual"], "did you mean individual?"),
    (["schema", "asses"], "did you mean assess?"),
    (["ask", "transfr"], "did you mean transfer?"),
    (["ask", "transfer", "asset_knd=unsecured"], "did you mean asset_kind?"),
    (["ask", "transfer", "asset_kind=unsecred"], "did you mean unsecured?"),
    (["assess", str(ALIYA), "--year", "2026", "--set", "lot_metod=average"], "did you mean lot_method?"),
    (["assess", str(ALIYA), "--year", "2026", "--set", "lot_method=averge"], "did you mean average?"),
    (["holdings", "x"], "--on"),
    (["explain", "x"], "--year"),
    (["asess"], "did you mean assess?"),
    (["prices"], "salyq prices --help"),
    (["prices", "fetsh"], "did you mean fetch?"),
    (["prices", "show", "USD", "EUR"], "EUR"),
    (["--lang", "en"], "salyq --help"),
]


@pytest.mark.parametrize(("args", "named"), WRONG, ids=[" ".join(a) for a, _ in WRONG])
def test_wrong_call_is_one_line_and_two(args, named, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    assert main(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert named in err


@pytest.mark.parametrize(("lang", "words"), [("kk", "жыл емес"), ("ru", "не год"), ("en", "not a year")])
def test_errors_speak_the_language(lang, words, capsys):
    assert main(["assess", "x", "--year", "1", "--lang", lang]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "call", [["assess", "--year", "2026"], ["read"], ["questions"], ["holdings", "--on", "2026-01-01"]]
)
def test_a_missing_input_is_four(call, capsys, tmp_path):
    gone = tmp_path / "no such case"
    assert main([*call, str(gone)]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(str(gone))


def test_a_folder_among_files(capsys, tmp_path):
    (tmp_path / "a.csv").write_text("x")
    assert main(["read", str(tmp_path / "a.csv"), str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_a_defect_of_ours_is_one_line_and_a_report(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def broken(words):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("salyq.cli.commands.read.build", broken)
    assert main(["read", "x"]) == 1
    out, err = capsys.readouterr()
    (report,) = tmp_path.iterdir()
    assert out == ""
    assert err.count("\n") == 1
    assert str(report) in err
    assert "Traceback" not in err
    text = report.read_text(encoding="utf-8")
    assert "ZeroDivisionError: planted" in text
    assert "command: salyq 'read' 'x'" in text


def test_control_characters_of_an_argument_are_not_obeyed(capsys):
    assert main(["assess", "x", "--year", "\x1b[31m2026"]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_interrupt_is_one_line(capsys, monkeypatch):
    def stop(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(face, "_dispatch", stop)
    assert main(["read", "x"]) == 130
    assert capsys.readouterr().err.count("\n") == 1
