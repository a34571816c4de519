"""The office from the command line: one folder from init to backup and back, with its own server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from salyq.cli.main import main
from salyq.office.intake.files import keep, place
from salyq.office.store.server import Server

PROGRAM = [sys.executable, "-m", "salyq.cli"]


def salyq(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *args, "--data", str(home), "--lang", "en"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "SALYQ_CLOCK": "manual", "SALYQ_PG_FSYNC": "off"},
    )


@pytest.fixture(scope="module")
def office(quick: Path) -> Iterator[Path]:
    """A folder with the demonstration, made and checked by `serve`."""
    home = quick / "cli"
    done = salyq(home, "serve", "--demo", "--check", "--now", "2026-11-28T10:00:00+05:00")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": 200, ") == 3
    yield home
    shutil.rmtree(home)


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this process: its imports are paid once."""
    monkeypatch.setenv("SALYQ_CLOCK", "manual")
    monkeypatch.setenv("SALYQ_PG_FSYNC", "off")
    monkeypatch.delenv("SALYQ_DATABASE_URL", raising=False)

    def ran(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
        code = main([*args, "--data", str(home), "--lang", "en"])
        told = capsys.readouterr()
        return subprocess.CompletedProcess(list(args), code, told.out, told.err)

    return ran


def test_the_demonstration_says_who_may_sign_in(office: Path) -> None:
    document = json.loads((office / "demo.json").read_text(encoding="utf-8"))
    assert {u["name"] for u in document["users"]} >= {
        *("public", "miner", "exchange", "officer", "second_officer", "card_issuer", "bank"),
    }
    assert (office / "demo.json").stat().st_mode & 0o077 == 0
    assert len(document["numbers"]["miners"]) == 80


def test_extract_verify_export_import_backup_restore(office: Path, home: Path, tmp_path: Path, run: Run) -> None:
    number = json.loads((office / "demo.json").read_text(encoding="utf-8"))["numbers"]["miners"][10]
    for name in ("e.json", "e.pdf"):
        done = run(office, "office", "extract", "miners", number, "--to", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        check = [*PROGRAM, "verify-extract", str(tmp_path / name), "--format", "json"]
        assert json.loads(subprocess.run(check, capture_output=True, text=True, check=True).stdout)["valid"]
    text = re.sub(r'"status": "\w+"', '"status": "revoked"', (tmp_path / "e.json").read_text(encoding="utf-8"))
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    bad = subprocess.run([*PROGRAM, "verify-extract", str(tmp_path / "bad.json")], capture_output=True, check=False)
    assert bad.returncode == 3
    assert run(office, "office", "export", "miners", "--to", str(tmp_path / "m.csv")).returncode == 0
    lines = (tmp_path / "m.csv").read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "list.csv").write_text(
        "\n".join([lines[0], *lines[3:], lines[1].replace("M-", "N-")]), encoding="utf-8"
    )
    args = ("office", "import", "miners", str(tmp_path / "list.csv"), "--on", "2026-11-28", "--source", "test")
    counts = json.loads(run(office, *args, "--format", "json").stdout)
    assert (counts["new"], counts["same"], counts["differs"]) == (1, 78, 0)
    kept = keep(office, b"what came in")
    assert run(office, "office", "backup", str(tmp_path / "b.tar")).returncode == 0
    done = run(home, "office", "restore", str(tmp_path / "b.tar"))
    assert done.returncode == 0, done.stderr
    assert place(home, kept).read_bytes() == b"what came in"
    assert run(home, "office", "verify").returncode == 0
    again = run(home, "office", "restore", str(tmp_path / "b.tar"))
    assert again.returncode == 4
    assert "empty folder" in again.stderr


def test_status_speaks_the_language_of_its_reader(office: Path, run: Run) -> None:
    assert "\nMade up: yes\n" in run(office, "office", "status").stdout


def test_the_address_is_given_only_when_it_answers(office: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    startup = uvicorn.Server.startup

    async def late(server: uvicorn.Server, **given: object) -> None:
        await asyncio.sleep(0.5)
        await startup(server, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(uvicorn.Server, "startup", late)
    done = run(office, "serve", "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_time_passes_only_by_tick_and_ended_terms_are_written_down(office: Path, run: Run) -> None:
    before = json.loads(run(office, "office", "status", "--format", "json").stdout)
    done = run(office, "office", "tick", "--to", "2027-02-01T00:00:00+05:00")
    assert done.returncode == 0, done.stderr
    assert "expired" in done.stdout
    after = json.loads(run(office, "office", "status", "--format", "json").stdout)
    assert after["entries"] > before["entries"]
    assert after["clock"].startswith("2027-01-31T19:00")
    assert run(office, "office", "verify").returncode == 0


def test_the_machines_clock_is_not_moved(office: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALYQ_CLOCK", "")
    before = json.loads(run(office, "office", "status", "--format", "json").stdout)
    done = run(office, "office", "tick", "--to", "2100-01-01T00:00:00+05:00")
    assert (done.returncode, done.stdout) == (4, "")
    assert "machine's" in done.stderr
    after = json.loads(run(office, "office", "status", "--format", "json").stdout)
    assert (after["entries"], after["jobs_waiting"]) == (before["entries"], before["jobs_waiting"])


ASKING = [
    ("office", "status"),
    ("office", "verify"),
    ("office", "backup", "b.tar"),
    ("office", "tick", "--to", "2027-01-01"),
    ("office", "export", "miners", "--to", "x.csv"),
    ("office", "extract", "miners", "M-1", "--to", "x.json"),
    *(("office", "user", name, "aidana") for name in ("close", "link", "sign-out")),
    ("office", "user", "iin", "aidana", "900101300017"),
    ("ledger", "balance", "a1"),
    ("ledger", "statement", "a1"),
    ("ledger", "recount"),
    ("pilot", "city", "status"),
    ("pilot", "corridor", "status"),
    ("pilot", "corridor", "report", "--contract", "SB-1", "--year", "2026", "--to", "x"),
    ("pilot", "card", "report", "--holder", "900101300017", "--year", "2026", "--to", "x"),
    ("pilot", "sandbox", "show", "SB-1"),
    ("pilot", "sandbox", "exit", "SB-1", "--outcome", "end"),
    *(("pilot", "sandbox", done, "SB-1", "--ground", "x") for done in ("stop", "resume")),
]


@pytest.mark.parametrize("args", ASKING, ids=lambda a: "_".join(a[:3]))
def test_what_asks_about_an_office_does_not_make_it(args: tuple[str, ...], home: Path, run: Run) -> None:
    done = run(home, *args)
    assert done.returncode == 2
    assert str(home) in done.stderr
    assert "no office" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not home.exists()


def test_whose_account_it_is_is_said_once(office: Path, run: Run) -> None:
    made = run(office, "office", "user", "add", "serik", "--role", "officer", "--office", "ministry")
    assert made.returncode == 0
    assert made.stdout.startswith("http")
    assert "salyq office user iin serik IIN" in made.stderr
    assert run(office, "office", "user", "iin", "serik", "850505300011").stdout == "serik: the IIN is kept\n"
    assert "another account" in run(office, "office", "user", "iin", "serik", "900101300017").stderr
    known = run(
        office, "office", "user", "add", "dana", "--role", "head", "--office", "ministry", "--iin", "900101300017"
    )
    assert (known.returncode, known.stderr) == (0, "")
    run(office, "office", "user", "add", "gone", "--role", "officer", "--office", "ministry")
    run(office, "office", "user", "close", "gone")  # what he proposed waits for a second person all the same
    assert run(office, "office", "user", "iin", "gone", "820515400027").stdout == "gone: the IIN is kept\n"
    assert run(office, "office", "verify").returncode == 0


WRONG = [
    (("office", "extract", "miners", "none", "--to", "x.json"), 4),
    (("office", "export", "nothing", "--to", "x.csv"), 4),
    (("office", "export", "miners", "--to", "x.doc"), 2),
    (("office", "tick", "--to", "soon"), 2),
    (("office", "user", "add", "A B"), 4),
    (("office", "user", "add", "o", "--role", "officer"), 4),
    (("office", "user", "link", "nobody"), 2),
    (("office", "user", "add", "o", "--iin", "900101300018"), 4),
    (("office", "user", "add", "o", "--iin", "230440900503"), 4),
    (("office", "user", "iin", "nobody", "900101300017"), 2),
    (("office", "user", "iin", "officer", "900101300017"), 4),
    (("office", "import", "miners", "none.csv", "--on", "2026-01-01", "--source", "x"), 4),
    (("office", "restore", "none.tar"), 4),
]


def test_what_is_wrong_is_one_line(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALYQ_CLOCK", "manual")
    monkeypatch.setenv("SALYQ_PG_FSYNC", "off")
    monkeypatch.delenv("SALYQ_DATABASE_URL", raising=False)
    with Server(office, sync=False):  # one server for all of them: each command joins it
        for args, code in WRONG:
            assert main([*args, "--data", str(office), "--lang", "en"]) == code, args
            told = capsys.readouterr()
            assert told.err.count("\n") == 1, args
            assert "Traceback" not in told.err
            assert told.out == ""
