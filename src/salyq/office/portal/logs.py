"""Lines of the log (docs/security.md V16): to stderr, one line an event, time in UTC, nothing that a visitor sent can
begin a line of its own. SALYQ_LOG says from which level on: info tells every request, warning only what was refused.
"""

from __future__ import annotations

import logging
import os
import sys
import time

LEVELS = ("debug", "info", "warning", "error")


class Lines(logging.Formatter):
    """`2026-11-28T06:00:00Z WARNING salyq.portal: …`; a traceback of a defect stands in the lines below, indented."""

    def __init__(self) -> None:
        self.converter = time.gmtime
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return printable(super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        told = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join(f"    {printable(line)}" for line in told.splitlines())


def printable(text: str) -> str:
    """The text with line ends, controls and what turns the direction of writing shown as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def to_stderr(usual: str) -> None:
    """Sends the office's lines to stderr, from SALYQ_LOG on, or the usual level where it names none."""
    wanted = os.environ.get("SALYQ_LOG", "").lower()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger("salyq")
    root.handlers[:] = [handler]
    root.setLevel((wanted if wanted in LEVELS else usual).upper())
    root.propagate = False
