"""Every command explains itself in three languages, with an example."""

import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

import salyq.cli
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
