"""One writer at a time in a case folder: who comes second waits, reads what the first wrote, and adds to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = ".salyq.lock"  # on Windows alone, where no folder can be locked; hidden: no table of the case


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the lock of the folder itself, so that no file is left in it. Where none can be held (there is no folder,
    say), writing fails by itself later."""
    try:
        held = _open(folder)
    except OSError:
        yield
        return
    try:
        _lock(held)
        yield
    finally:
        os.close(held)  # gives the lock back, as the end of the process does


def _open(folder: Path) -> int:
    if os.name == "nt":
        return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT)
    return os.open(folder, os.O_RDONLY)


def _lock(held: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        getattr(msvcrt, "locking")(held, getattr(msvcrt, "LK_LOCK"), 1)  # noqa: B009
        return
    with suppress(OSError):  # a file system that locks no folders
        fcntl.flock(held, fcntl.LOCK_EX)
