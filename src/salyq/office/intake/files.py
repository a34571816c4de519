"""Files that came in, content-addressed in the office's folder: never executed, never served by a path of the
sender.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path

from salyq.office.intake import scanning
from salyq.office.store.errors import StoreError

LARGEST = 20 * 1024 * 1024


def keep(folder: Path, data: bytes) -> str:
    """The SHA-256 under which the bytes lie now (the same bytes lie there once). Nothing lies there that a scanner of
    the operator's refused.
    """
    if not data:
        raise StoreError("intake_empty_file")
    if len(data) > LARGEST:
        raise StoreError("intake_file_too_large", bytes=LARGEST)
    digest = hashlib.sha256(data).hexdigest()
    path = place(folder, digest)
    if path.exists():
        scanning.check(path, digest)
        return digest
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scanning.check(Path(part), digest)
        os.replace(part, path)
    except OSError as error:
        raise StoreError("store_disk_full") from error
    finally:
        with contextlib.suppress(OSError):
            os.unlink(part)
    return digest


def place(folder: Path, digest: str) -> Path:
    """Where the file of a hash lies; only a hash is taken."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise StoreError("intake_no_filing")
    return folder / "files" / digest[:2] / digest


def safe_name(name: str) -> str:
    """A sender's file name for showing: no folders, no control characters, no endless names."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in bare if c.isprintable())[:120] or "file"
