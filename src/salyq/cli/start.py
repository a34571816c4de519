"""Where the installed command begins: Ctrl-C is quiet from the first moment, before anything else is imported."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130  # the shell's own number for a program stopped by Ctrl-C


def _leave(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
    os._exit(INTERRUPTED)  # nothing was opened or written yet


def run() -> NoReturn:
    """The entry point of the installed command."""
    try:
        signal.signal(signal.SIGINT, _leave)
        from salyq.cli.main import main

        signal.signal(signal.SIGINT, signal.default_int_handler)
        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # between two lines of ours: main answers for everything inside
        code = INTERRUPTED
    sys.exit(code)
