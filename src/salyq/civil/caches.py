"""Where a user's own cache lies, and files in it that are his alone: what is there may be lost, never wrong."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def cache_folder(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """$SALYQ_CACHE; where $SALYQ_DATA is set, `cache` in it; else the platform's own folder for what may be lost."""
    env = os.environ if environ is None else environ
    if env.get("SALYQ_CACHE"):
        return Path(env["SALYQ_CACHE"])
    if env.get("SALYQ_DATA"):
        return Path(env["SALYQ_DATA"]) / "cache"
    if platform == "win32" and env.get("LOCALAPPDATA"):
        return Path(env["LOCALAPPDATA"]) / "salyq" / "cache"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "salyq"
    given = Path(env.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path.home() / ".cache") / "salyq"


def private_bytes(path: Path, most: int) -> bytes:
    """The bytes of a file that is ours alone, in a folder that is. OSError, or ValueError where it is another's, no
    file, or longer than `most`."""
    _own(os.lstat(path.parent), stat.S_ISDIR)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        _own(found, stat.S_ISREG)
        if found.st_size > most:
            raise ValueError(path.name)
        return file.read(most + 1)


def private_folder(name: str) -> Path:
    """A folder of the cache, made if need be. OSError; ValueError where it is another's."""
    folder = cache_folder() / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _own(os.lstat(folder), stat.S_ISDIR)
    return folder


def write_private(folder: Path, name: str, data: bytes) -> None:
    """Whole or not at all: written beside (for this user alone) and renamed."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(temporary, folder / name)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def clear(folder: Path, most_bytes: int, most_files: int) -> None:
    """The oldest files go until all fit; what a stopped process left behind goes with them."""
    left, count = most_bytes, most_files
    with os.scandir(folder) as entries:
        stats = [(entry.stat(follow_symlinks=False), entry.path) for entry in entries]
    found = [(about.st_mtime_ns, about.st_size, path) for about, path in stats if stat.S_ISREG(about.st_mode)]
    for _, size, path in sorted(found, reverse=True):
        left, count = left - size, count - 1
        if left < 0 or count < 0:
            Path(path).unlink(missing_ok=True)


def _own(found: os.stat_result, kind: Any) -> None:
    mine = not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)
    if not (kind(found.st_mode) and mine):
        raise ValueError
