"""Files are shown to the operator's virus scanner before they are kept, where one is configured.

SALYQ_SCANNER is its command, for example `clamdscan --fdpass --no-summary`; the file's path is put behind it. Its exit
code decides, as ClamAV's does: 0 clean, 1 found something, anything else (also no answer in time) is no answer, and
then the file is refused: a scanner that is configured and silent lets nothing in.
"""

from __future__ import annotations

import logging
import os
import shlex
import threading
from collections import OrderedDict
from pathlib import Path
from time import monotonic

from salyq.office.store import outside
from salyq.office.store.errors import StoreError

log = logging.getLogger("salyq.intake")
SECONDS = 60.0
_REMEMBERED, _MOST = 600.0, 512  # a file that was clean a moment ago is not shown again while its page is answered


class _Clean:
    """Hashes that were clean a moment ago, by command."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()

    def holds(self, command: str, digest: str) -> bool:
        with self._lock:
            return self._seen.get((command, digest), -_REMEMBERED) > monotonic() - _REMEMBERED

    def add(self, command: str, digest: str) -> None:
        with self._lock:
            self._seen[command, digest] = monotonic()
            self._seen.move_to_end((command, digest))
            while len(self._seen) > _MOST:
                self._seen.popitem(last=False)


_clean = _Clean()


def command() -> str:
    """The configured command; empty where none is."""
    return os.environ.get("SALYQ_SCANNER", "").strip()


def check(path: Path, digest: str, seconds: float = SECONDS) -> None:
    """StoreError where the scanner finds something in the file, or does not answer."""
    asked = command()
    if not asked or _clean.holds(asked, digest):
        return
    try:
        words = shlex.split(asked)
    except ValueError:
        words = []
    ran = outside.run([*words, str(path)], seconds) if words else outside.Ran(None, "command")
    if ran.code == 0:
        _clean.add(asked, digest)
        return
    said = " ".join(ran.said.split())[:300]
    if ran.code == 1:
        log.warning("the scanner refused a file: sha256 %s: %s", digest, said)
        raise StoreError("intake_file_infected")
    log.error("the scanner does not answer (exit code %s): %s", ran.code, said)
    raise StoreError("intake_scanner_silent")
