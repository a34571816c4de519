"""One writer at a time in a case folder: who comes second waits, reads what the first wrote, and adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

LOCK = ".salyq.lock"  # hidden: no table of the case


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Where none can be held (a read-only folder, say), writing fails by itself later."""
    try:
        file = (folder / LOCK).open("ab")
    except OSError:
        yield
        return
    with file:
        _lock(file)
        yield  # closing the file gives the lock back, also when the process is killed


def _lock(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        getattr(msvcrt, "locking")(file.fileno(), getattr(msvcrt, "LK_LOCK"), 1)  # noqa: B009
        return
    fcntl.flock(file, fcntl.LOCK_EX)
