"""Files are written whole or not at all; a closed pipe and a poor encoding are no reason to fail."""

import os
import subprocess
import sys

import pytest

from salyq.civil.errors import UsageError
from salyq.cli import output
from salyq.cli.output import check_target, write_file, write_files


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_writes_all_and_leaves_others_alone(tmp_path):
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    (out / "mine.txt").write_text("mine")
    (out / "a.txt").write_text("old")
    write_files("--out", out, {"a.txt": "new\n", "b.txt": "ә\n"})
    assert names(out) == ["a.txt", "b.txt", "mine.txt"]
    assert (out / "a.txt").read_bytes() == b"new\n"
    assert (out / "b.txt").read_text(encoding="utf-8") == "ә\n"
    assert (out / "mine.txt").read_text() == "mine"


def test_nothing_half_written_when_a_write_fails(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("old")
    real, calls = output._temporary, []

    def full_disk(folder, text, final):
        calls.append(text)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(folder, text, final)

    monkeypatch.setattr(output, "_temporary", full_disk)
    with pytest.raises(UsageError) as caught:
        write_files("--out", tmp_path, {"a.txt": "new", "b.txt": "new"})
    assert "No space left on device" in caught.value.text("en")
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError):
        write_files("--out", tmp_path / "file", {"a": "b"})
    with pytest.raises(UsageError):
        write_file("--to", tmp_path, "x")


def test_results_never_land_among_the_inputs(tmp_path):
    case = tmp_path / "case"
    case.mkdir()
    source = tmp_path / "a.csv"
    source.write_text("x")
    for target in (case, case / "out", case / "deep" / "er.csv", tmp_path / "case" / ".." / "case" / "x"):
        with pytest.raises(UsageError):
            check_target("--out", str(target), [str(case)])
    with pytest.raises(UsageError):
        check_target("--to", str(source), [str(source)])
    assert check_target("--to", str(tmp_path / "b.csv"), [str(source)]) == tmp_path / "b.csv"
    assert check_target("--out", str(tmp_path / "case2"), [str(case)]) == tmp_path / "case2"


def python(code: str, **environ: str) -> subprocess.Popen:
    env = {**os.environ, **environ}
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)


def test_a_closed_pipe_is_silent_and_keeps_the_exit_code():
    child = python(
        "import sys\nfrom salyq.cli.output import emit\nsys.stdin.read() if False else None\n"
        "for _ in range(200): emit('x' * 10000 + '\\n')\nsys.exit(3)"
    )
    child.stdout.read(10)
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait(20) == 3


def test_a_poor_encoding_shows_question_marks_and_json_stays_utf8():
    code = "from salyq.cli.output import emit, emit_json\nemit('салық ₸\\n')\nemit_json({'a': 'салық'})"
    out, err = python(code, PYTHONIOENCODING="ascii").communicate(timeout=20)
    assert err == b""
    assert out.startswith(b"????? ?\n")
    assert out.endswith('{\n  "a": "салық"\n}\n'.encode())
