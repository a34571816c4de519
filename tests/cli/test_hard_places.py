"""Places that cannot be written, streams that are closed, files that are no files: one line, never a defect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
RECORDS = (
    "time,kind,asset,quantity,value,currency\n"
    "2026-01-05T10:00:00+05:00,buy,BTC,1,10000,KZT\n2026-02-05T10:00:00+05:00,sell,BTC,1,20000,KZT\n"
)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    (folder / "records.csv").write_text(RECORDS, encoding="utf-8")
    return folder


def salyq(shell: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`shell` redirects; the words are the command's arguments."""
    run = ["sh", "-c", f'exec "$0" -m salyq.cli "$@" --lang en {shell}', sys.executable, *words]
    return subprocess.run(run, capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_a_closed_stderr_changes_nothing(case: Path) -> None:
    done = salyq("2>&-", "assess", str(case), "--year", "2026", "--all")
    assert done.returncode == 0
    assert "10,000.00" in done.stdout


@pytest.mark.parametrize("shell", [">&-", ">/dev/full"])
def test_a_stdout_that_takes_nothing_is_said_in_one_line(shell: str) -> None:
    done = salyq(shell, "law", "list")
    assert done.returncode == 2
    assert done.stderr.startswith("stdout: cannot write")
    assert len(done.stderr.splitlines()) == 1


def test_no_result_is_half_written(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "matches.csv").mkdir(parents=True)
    done = salyq("", "assess", str(case), "--year", "2026", "--out", str(out))
    assert done.returncode == 2
    assert sorted(p.name for p in out.iterdir()) == ["matches.csv"]


def test_a_pipe_is_never_replaced(case: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    done = salyq("", "read", str(case), "--to", str(pipe))
    assert done.returncode == 2
    assert pipe.is_fifo()


def test_an_empty_place_is_no_place(case: Path) -> None:
    assert salyq("", "assess", str(case), "--year", "2026", "--out", "").returncode == 2
    assert salyq("", "read", "").returncode == 4


def test_a_pipe_is_no_answers_file(case: Path) -> None:
    os.mkfifo(case / "answers.toml")
    done = salyq("", "read", str(case))
    assert done.returncode == 4
    assert "answers.toml" in done.stderr


@pytest.mark.parametrize("name", ["person.toml", "answers.toml", "x.mapping.toml"])
def test_a_number_without_end_is_said_in_one_line(case: Path, name: str) -> None:
    with (case / name).open("a", encoding="utf-8") as file:
        file.write("x = " + "9" * 5000 + "\n")
    done = salyq("", "read", str(case))
    assert done.returncode == 4
    assert "too long" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_no_escape_and_no_full_width_formula_in_what_is_written(case: Path, tmp_path: Path) -> None:
    rows = RECORDS.replace("currency\n", "currency,id\n").replace("10000,KZT", "10000,KZT,a\x1b[31m")
    (case / "records.csv").write_text(rows.replace("20000,KZT", "20000,KZT,＝1+2"), encoding="utf-8")
    out = tmp_path / "out"
    assert salyq("", "assess", str(case), "--year", "2026", "--out", str(out)).returncode == 0
    written = (out / "matches.csv").read_text(encoding="utf-8")
    assert "\x1b" not in written
    assert "\n'＝1+2," in written
