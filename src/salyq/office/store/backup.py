"""Backup and restore: one file with the database (pg_dump), the files that came in, the key of the log and what was
said of the tree.

A restore goes into an empty database only, and ends with the whole tree recomputed: a backup that was changed does not
come back unnoticed. The file holds the key of the log, so only its owner may read it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from salyq.office.store import entries
from salyq.office.store.errors import StoreError
from salyq.office.store.migrate import make_roles
from salyq.office.store.programs import find_programs
from salyq.office.store.store import Store
from salyq.office.store.verify import Difference, verify

_FORMAT = 1
_FILE = re.compile(r"files/[0-9a-f]{2}/([0-9a-f]{64})")


def backup(store: Store, folder: Path, to: Path) -> int:
    """Writes `to` whole or not at all; how many entries it holds."""
    with store.transaction() as tx:
        note = entries.checkpoint(tx)
    about = {"salyq_backup": _FORMAT, "size": note.size, "root": note.root.hex(), "checkpoint": note.note}
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".salyq-") as work:
        dump, part = Path(work) / "database.dump", Path(work) / "backup.tar"
        _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={store.url}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                _add(tar, "about.json", json.dumps(about).encode())
                tar.add(dump, "database.dump")
                for name, path in (("log.key", folder / "keys" / "log.key"), ("demo.json", folder / "demo.json")):
                    if path.is_file():
                        _add(tar, name, path.read_bytes())
                for path in sorted((folder / "files").glob("[0-9a-f][0-9a-f]/*")):
                    if _FILE.fullmatch(name := f"files/{path.parent.name}/{path.name}"):
                        tar.add(path, name)
            file.flush()
            os.fsync(file.fileno())
        part.replace(to)
    return note.size


def read_about(source: Path) -> dict[str, Any]:
    """What the backup says of itself; StoreError where it is none."""
    try:
        with tarfile.open(source) as tar:
            file = tar.extractfile("about.json")
            about: dict[str, Any] = json.loads(file.read(1_000_000)) if file else {}
    except (tarfile.TarError, KeyError, ValueError, EOFError):
        about = {}
    if about.get("salyq_backup") != _FORMAT:
        raise StoreError("store_not_a_backup", file=str(source))
    return about


def put_key(source: Path, folder: Path) -> None:
    """The key of the log and the demonstration's file, into a folder that has none yet."""
    if (folder / "keys" / "log.key").exists():
        raise StoreError("store_not_empty", folder=str(folder))
    with tarfile.open(source) as tar:
        for name, path in (("log.key", folder / "keys" / "log.key"), ("demo.json", folder / "demo.json")):
            if name in tar.getnames():
                file = tar.extractfile(name)
                assert file is not None
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.write_bytes(file.read())
                path.chmod(0o600)


def put_files(source: Path, folder: Path) -> int:
    """The files that came in, each only where its bytes have the hash that is its name; how many."""
    count = 0
    with tarfile.open(source) as tar:
        for member in tar:
            named = _FILE.fullmatch(member.name)
            file = tar.extractfile(member) if named and member.isfile() else None
            if named is None or file is None:
                continue
            data = file.read()
            if hashlib.sha256(data).hexdigest() != named[1]:
                raise StoreError("store_not_a_backup", file=f"{source}: {member.name}")
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(data)
            count += 1
    return count


def restore_database(source: Path, url: str) -> None:
    """The tables, into an empty database (before any migration)."""
    with tempfile.TemporaryDirectory(prefix="salyq-") as work, tarfile.open(source) as tar:
        dump = Path(work) / "database.dump"
        file = tar.extractfile("database.dump")
        assert file is not None
        with dump.open("wb") as out:
            shutil.copyfileobj(file, out)
        with psycopg.connect(url, autocommit=True) as connection:
            make_roles(connection)
            if connection.execute("select to_regclass('public.salyq_migration')").fetchone() != (None,):
                raise StoreError("store_not_empty", folder=url)
        _run("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={url}", str(dump))


def check_restored(store: Store, about: dict[str, Any]) -> Difference | None:
    """The tree recomputed, and the same as the backup said."""
    with store.transaction() as tx:
        if problem := verify(tx):
            return problem
        note = entries.checkpoint(tx)
    if (note.size, note.root.hex()) != (about["size"], about["root"]):
        return Difference("backup", str(about["size"]), str(about["root"]), note.root.hex())
    return None


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))


def _run(program: str, *args: str) -> None:
    path = find_programs() / program
    if not path.is_file():
        raise StoreError("store_no_program", program=program)
    done = subprocess.run([path, *args], capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        said = (
            [line for line in done.stderr.splitlines() if "error" in line.lower()] or done.stderr.splitlines() or [""]
        )
        raise StoreError("store_program_failed", program=program, reason=said[0][:300])
