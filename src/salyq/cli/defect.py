"""A defect of ours: one line for the user, everything for the mender in a report file."""

from __future__ import annotations

import platform
import tempfile
import traceback
from collections.abc import Sequence


def version() -> str:
    """The installed version of Salyq."""
    from importlib.metadata import version as installed

    return installed("salyq")


def write_report(error: BaseException, args: Sequence[str]) -> str:
    """Writes what went wrong to a private temporary file and returns its path. It holds the command and the places in
    Salyq's code, not the contents of the user's files."""
    where = f"salyq {version()}, Python {platform.python_version()}, {platform.platform()}\n"
    command = f"command: salyq {' '.join(map(repr, args))}\n\n"
    text = where + command + "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile(
        "w", prefix="salyq-defect-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as out:
        out.write(text)
    return out.name
