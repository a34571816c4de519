"""Every command explains itself in three languages, with an example."""

import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

import salyq.cli
from salyq.cli.helping import Help
from salyq.cli.main import COMMANDS, main

HELP = tomllib.loads((Path(salyq.cli.__file__).parent / "help.toml").read_text(encoding="utf-8"))
CALLS = [[name] for name in COMMANDS] + [["prices", x] for x in ("import", "show", "fetch")]
CALLS += [["sources", x] for x in ("list", "guess")]
CALLS += [["law", x] for x in ("list", "show", "check")]
EXAMPLE = {"kk": "Мысал:", "ru": "Пример:", "en": "Example:"}


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_command_help(call, lang, capsys):
    assert main([*call, "--help", "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert EXAMPLE[lang] in out
    assert "\n  salyq " + call[0] in out
    section = HELP["_".join(call)]
    assert section["summary"][lang]
    assert "".join(section["text"][lang].split())[:40] in "".join(out.split())


def test_words_stand_in_three_languages():
    for section, names in HELP.items():
        for name, words in names.items():
            assert set(words) == {"kk", "ru", "en"}, f"{section}.{name}"
            assert all(words.values()), f"{section}.{name}"


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_an_entry_read_by_itself_is_that_of_the_file_read_whole(lang):
    words = Help(lang)
    assert {f"{s}.{n}": words(s, n) for s, names in HELP.items() for n in names} == {
        f"{s}.{n}": texts[lang].strip() for s, names in HELP.items() for n, texts in names.items()
    }


def test_group_help_lists_commands(capsys):
    assert main([]) == 0
    out = capsys.readouterr().out
    for name in COMMANDS:
        assert f"\n  {name} " in out


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("salyq 0.")


def test_help_is_quick_and_leaves_heavy_rooms_alone():
    code = (
        "import sys\nfrom salyq.cli.main import main\nassert main(['--help']) == 0\n"
        "heavy = [m for m in ('rich', 'babel', 'salyq.assess', 'salyq.law', 'salyq.sources') if m in sys.modules]\n"
        "sys.exit(' '.join(heavy) or 0)"
    )
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    taken = time.perf_counter() - begun
    assert done.returncode == 0, done.stderr
    assert taken < 3, "0.3 s is the promise on a quiet machine (benchmarks); ten times that is a fault anywhere"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion(shell, capsys):
    assert main(["--show-completion", shell]) == 0
    assert "_SALYQ_COMPLETE=" + shell in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("asse", "assess"),
        ("explain . --figure personal_income_tax.ta", "personal_income_tax.tax"),
        ("explain . --figure tax_du", "personal_income_tax.tax_due"),
        ("assess . --format j", "json"),
    ],
)
def test_words_are_completed(typed, found):
    words = ["salyq", *typed.split()]
    told = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1), "_SALYQ_COMPLETE": "bash_complete"}
    run = [sys.executable, "-c", "from salyq.cli.start import run; run()"]
    done = subprocess.run(run, capture_output=True, text=True, env={**os.environ, **told})
    assert found in [line.partition(",")[2] for line in done.stdout.splitlines()], done


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize(("pager", "paged"), [("sed s/^/paged:/", True), ("cat", False)])
def test_a_long_page_goes_through_the_pager_on_a_terminal(pager, paged, tmp_path):
    env = {**os.environ, "PAGER": pager, "LINES": "10", "COLUMNS": "100", "TERM": "xterm"}
    env.pop("NO_COLOR", None)
    ours, theirs = os.openpty()
    run = [sys.executable, "-c", "from salyq.cli.start import run; run()", "sources", "list", "--lang", "en"]
    with subprocess.Popen(run, stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True) as process:
        os.close(theirs)
        seen = b""
        try:
            while part := os.read(ours, 65536):
                seen += part
        except OSError:  # the other end was closed: the program is done
            pass
    os.close(ours)
    assert (process.returncode, b"paged:" in seen) == (0, paged), seen[-400:]
