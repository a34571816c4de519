"""Running a program of the operator's (OpenSSL, a scanner of files) over a file: an argument list, never a shell; a
time after which it and its children are ended; little of what it says is read; none of the office's secrets.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from typing import NamedTuple

LONGEST_ANSWER = 20_000
# What a program may know of our environment: no address of a database, no secret of a provider.
_KNOWN = ("PATH", "HOME", "TMPDIR", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES", "LD_LIBRARY_PATH")


class Ran(NamedTuple):
    """`code` is None where it did not start or took too long; `said` is the beginning of its words."""

    code: int | None
    said: str


def find(program: str) -> str | None:
    """Where the program is, by its name or path; None where there is none."""
    return shutil.which(program)


def run(command: Sequence[str], seconds: float) -> Ran:
    """The program's exit code and the beginning of what it says. It reads nothing from us."""
    env = {"LC_ALL": "C", **{k: os.environ[k] for k in _KNOWN if k in os.environ}}
    with tempfile.TemporaryFile() as words:
        try:
            child = subprocess.Popen(  # noqa: S603
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return Ran(None, type(error).__name__)
        try:
            code: int | None = child.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        words.seek(0)
        return Ran(code, words.read(LONGEST_ANSWER).decode("utf-8", "replace"))
