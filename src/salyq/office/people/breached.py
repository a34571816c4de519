"""Whether a password stands in the operator's file of breached ones (SALYQ_BREACHED_PASSWORDS): lines of SHA-1 in hex,
sorted, as Have I Been Pwned publishes them (`HASH` or `HASH:COUNT`). Looked up where it lies, however large it is.

SHA-1 is the format of such files; nothing is kept by it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from salyq.office.store.errors import StoreError


def known(password: str) -> bool:
    """False also where no file is configured; StoreError where the configured one cannot be read."""
    named = os.environ.get("SALYQ_BREACHED_PASSWORDS", "")
    if not named:
        return False
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with Path(named).open("rb") as file:
            return _found(file, wanted)
    except OSError as error:
        raise StoreError("people_breached_unreadable") from error


def _found(file: BinaryIO, wanted: bytes) -> bool:
    """Whether a line begins with the hash, in a file whose lines are sorted."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:  # the first line that begins at or after `low` … `high`
        middle = (low + high) // 2
        file.seek(middle)
        if middle:
            file.seek(middle - 1)
            file.readline()
        if file.tell() < high and _hash(file.readline()) < wanted:
            low = file.tell()
        else:
            high = middle
    file.seek(low)
    if low:
        file.seek(low - 1)
        file.readline()
    return _hash(file.readline()) == wanted


def _hash(line: bytes) -> bytes:
    return line[:40].strip().upper()
