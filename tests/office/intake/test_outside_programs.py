"""The operator's programs: OpenSSL for signatures that our library cannot check, a virus scanner."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.office.conftest import Portal

from salyq.office.intake import files, openssl, scanning
from salyq.office.intake.signatures import INVALID, NOT_CHECKED, VALID, check
from salyq.office.store import outside
from salyq.office.store.errors import StoreError

PROGRAM = openssl.program()
needs_openssl = pytest.mark.skipif(PROGRAM is None, reason="OpenSSL's program is not installed")
needs_gost = pytest.mark.skipif(
    PROGRAM is None or not openssl.knows_gost(PROGRAM),
    reason="OpenSSL has no engine or provider for GOST here: GOST signatures were NOT tried",
)


def made(folder: Path, *arguments: str) -> None:
    """OpenSSL makes something in the folder."""
    assert PROGRAM is not None
    done = subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


RSA, CURVE, GOST = ["rsa:2048"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["gost2012_256", "-pkeyopt"]


def world(folder: Path, key: list[str], *engine: str, digest: str = "sha256") -> bytes:
    """A root, a certificate of it, and its detached signature of `b"return"`; all in the folder."""
    new = ["req", "-newkey", *key, "-nodes", f"-{digest}", *engine]
    made(folder, *new, "-x509", "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "300")
    made(folder, *new, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=Aidana")
    issue = ["x509", "-req", "-in", "own.csr", "-CA", "root.pem", "-CAkey", "root.key", f"-{digest}", *engine]
    made(folder, *issue, "-out", "own.pem", "-days", "200", "-set_serial", "7")
    (folder / "content").write_bytes(b"return")
    sign = ["cms", "-sign", "-binary", "-in", "content", "-signer", "own.pem", "-inkey", "own.key", "-outform", "DER"]
    made(folder, *sign, "-out", "mark", "-md", digest, *engine)
    return (folder / "mark").read_bytes()


def each_answer(folder: Path, mark: bytes) -> None:
    """What the adaptor says of a good signature and of every way in which one is not good."""
    now, root = datetime.now(UTC), folder / "root.pem"
    assert openssl.check(b"return", mark, root, now) == "signature_revocation_unknown"
    assert openssl.check(b"return!", mark, root, now) == "signature_of_other_content"
    assert openssl.check(b"return", mark, folder / "none.pem", now) == "signature_no_roots"
    assert openssl.check(b"return", mark, root, now + timedelta(days=250)) == "signature_certificate_over"
    assert openssl.check(b"return", mark, root, now - timedelta(days=9)) == "signature_certificate_over"
    changed = mark[:-3] + bytes([mark[-3] ^ 1]) + mark[-2:]
    assert openssl.check(b"return", changed, root, now) == "signature_bad"


@needs_openssl
@pytest.mark.parametrize("key", [RSA, CURVE], ids=["rsa", "curve"])
def test_openssl_judges_a_signature_each_way(tmp_path: Path, key: list[str]) -> None:
    mark = world(tmp_path, key)
    each_answer(tmp_path, mark)
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    world(stranger, key)
    assert openssl.check(b"return", mark, stranger / "root.pem", datetime.now(UTC)) == "signature_unknown_issuer"


@needs_gost
def test_a_gost_signature_is_judged_each_way(tmp_path: Path) -> None:
    engine, digest = ["-engine", "gost"], "md_gost12_256"
    mark = world(tmp_path, [*GOST, "paramset:A"], *engine, digest=digest)
    each_answer(tmp_path, mark)
    found = check(b"return", mark, tmp_path / "root.pem", datetime.now(UTC))
    assert found == (VALID, "CN=Aidana", "signature_revocation_unknown")
    assert check(b"other", mark, tmp_path / "root.pem", datetime.now(UTC)).state == INVALID


@needs_openssl
def test_a_curve_is_checked_where_openssl_is_and_said_to_be_unchecked_where_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, root, now = world(tmp_path, CURVE), tmp_path / "root.pem", datetime.now(UTC)
    assert check(b"return", mark, root, now) == (VALID, "CN=Aidana", "signature_revocation_unknown")
    for without in ("", str(tmp_path / "no-such-program"), "/bin/false"):
        monkeypatch.setenv("SALYQ_OPENSSL", without)
        assert check(b"return", mark, root, now)[::2] == (NOT_CHECKED, "signature_other_algorithm")


@needs_openssl
def test_whoever_holds_a_certificate_cannot_issue_another(tmp_path: Path) -> None:
    """A chain root → Aidana → Eve: Aidana's certificate may not issue."""
    world(tmp_path, CURVE)
    (tmp_path / "ext").write_text("basicConstraints=critical,CA:FALSE\n")
    issue = ["x509", "-req", "-in", "own.csr", "-CA", "root.pem", "-CAkey", "root.key", "-extfile", "ext"]
    made(tmp_path, *issue, "-out", "own.pem", "-days", "200", "-set_serial", "8")
    made(tmp_path, "req", "-newkey", *CURVE, "-nodes", "-keyout", "eve.key", "-out", "eve.csr", "-subj", "/CN=Eve")
    made(tmp_path, "x509", "-req", "-in", "eve.csr", "-CA", "own.pem", "-CAkey", "own.key", "-out", "eve.pem")
    sign = ["cms", "-sign", "-binary", "-in", "content", "-signer", "eve.pem", "-inkey", "eve.key", "-outform", "DER"]
    made(tmp_path, *sign, "-certfile", "own.pem", "-out", "mark")
    found = openssl.check(b"return", (tmp_path / "mark").read_bytes(), tmp_path / "root.pem", datetime.now(UTC))
    assert found == "signature_unknown_issuer"


@needs_openssl
def test_a_signature_with_a_content_of_its_own_says_nothing_of_the_file(tmp_path: Path) -> None:
    world(tmp_path, CURVE)
    sign = ["cms", "-sign", "-binary", "-nodetach", "-in", "content", "-signer", "own.pem", "-inkey", "own.key"]
    made(tmp_path, *sign, "-outform", "DER", "-out", "whole")
    found = check(b"another file", (tmp_path / "whole").read_bytes(), tmp_path / "root.pem", datetime.now(UTC))
    assert found.state == INVALID


# --- programs -----


def script(path: Path, body: str) -> Path:
    path.write_text("#!/bin/sh\n" + body)
    path.chmod(0o700)
    return path


def test_a_program_is_ended_with_its_children_and_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALYQ_OIDC_CLIENT_SECRET", "hidden")
    assert "hidden" not in outside.run([str(script(tmp_path / "env", "env\n"))], 10).said
    slow = script(tmp_path / "slow", f"sleep 60 & echo $! > {tmp_path}/child\nwait\n")
    before = time.monotonic()
    assert outside.run([str(slow)], 0.5).code is None
    assert time.monotonic() - before < 10
    child = int((tmp_path / "child").read_text())
    stat = Path(f"/proc/{child}/stat")
    deadline = time.monotonic() + 10
    while stat.exists() and stat.read_text().split()[2] != "Z" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not stat.exists() or stat.read_text().split()[2] == "Z"
    long = script(tmp_path / "long", "head -c 100000 /dev/zero | tr '\\0' x\n")
    assert len(outside.run([str(long)], 10).said) == outside.LONGEST_ANSWER
    assert outside.run([str(tmp_path / "none")], 10).code is None
    assert outside.run(["/bin/echo", "$(id); `id` > x"], 10).said == "$(id); `id` > x\n"


# --- the scanner -----


@pytest.fixture
def scanner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made scanner: it finds EICAR-LIKE, and writes down how often it was asked."""
    path = script(
        tmp_path / "scan",
        'echo asked >> "$1"\n[ -f "$2" ] || exit 2\nif grep -q MADE-VIRUS "$2"; then echo FOUND; exit 1; fi\nexit 0\n',
    )
    monkeypatch.setenv("SALYQ_SCANNER", f"{path} {tmp_path / 'asked'}")
    return tmp_path


def test_a_scanner_lets_clean_files_in_and_no_others(scanner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, clean, bad = scanner / "data", os.urandom(40), b"MADE-VIRUS" + os.urandom(40)
    digest = files.keep(folder, clean)
    assert files.place(folder, digest).read_bytes() == clean
    assert files.keep(folder, clean) == digest  # remembered: not asked again
    assert (scanner / "asked").read_text().count("asked") == 1
    with pytest.raises(StoreError) as told:
        files.keep(folder, bad)
    assert told.value.code == "intake_file_infected"
    assert not files.place(folder, hashlib.sha256(bad).hexdigest()).exists()
    assert not list((folder / "files").rglob(".part-*"))
    # kept before there was a scanner: shown to it when it comes again
    monkeypatch.delenv("SALYQ_SCANNER")
    files.keep(folder, bad)
    monkeypatch.setenv("SALYQ_SCANNER", f"{scanner / 'scan'} {scanner / 'asked'}")
    with pytest.raises(StoreError):
        files.keep(folder, bad)


@pytest.mark.parametrize(
    "broken",
    [
        "/no/such/scanner",
        "/bin/sh -c 'exit 2'",
        "'unclosed",
    ],
)
def test_a_scanner_that_does_not_answer_lets_nothing_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setenv("SALYQ_SCANNER", broken)
    with pytest.raises(StoreError) as told:
        files.keep(tmp_path, os.urandom(20))
    assert told.value.code == "intake_scanner_silent"
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_scanner_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"x")
    monkeypatch.setenv("SALYQ_SCANNER", str(script(tmp_path / "hang", "sleep 60\n")))
    with pytest.raises(StoreError) as told:
        scanning.check(tmp_path / "file", "0" * 64, seconds=0.3)
    assert told.value.code == "intake_scanner_silent"


def test_an_upload_is_refused_in_words_and_leaves_nothing(country: Portal, scanner: Path) -> None:
    form = {"kind": "pool_table", "organisation": country.user("pool")["organisation"]}
    for data, status, code in ((b"MADE-VIRUS", 422, "intake_file_infected"), (b"", 422, "intake_empty_file")):
        answer = country.browser.post(
            "/api/v1/filings", data=form, files={"file": ("t.csv", data)}, headers=country.key("pool")
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    (scanner / "scan").unlink()
    answer = country.browser.post(
        "/api/v1/filings", data=form, files={"file": ("t.csv", b"miner\n")}, headers=country.key("pool")
    )
    assert (answer.status_code, answer.json()["code"]) == (503, "intake_scanner_silent")
