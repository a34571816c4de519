"""Where the installed command begins: Ctrl-C is quiet from the first moment, before anything else is imported."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from salyq.cli import INTERRUPTED

# Commands that read, work out, print and end: nothing of theirs is worth collecting on the way or taking apart.
AT_ONCE = ("assess", "check", "explain", "holdings", "matches", "questions", "read", "replay")
_COLLECT = (20_000, 20, 50)  # objects and rounds until the collector looks; a message leaves no rings
_SWITCH = 0.001  # seconds that a thread computes before another may


def _leave(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
    os._exit(INTERRUPTED)  # nothing was opened or written yet


def run() -> NoReturn:
    """The entry point of the installed command."""
    try:
        signal.signal(signal.SIGINT, _leave)
        from salyq.cli.main import main

        signal.signal(signal.SIGINT, signal.default_int_handler)
        at_once = sys.argv[1:2] and sys.argv[1] in AT_ONCE
        if at_once:
            gc.disable()  # the cycle collector walks every row again and again while rows are only added
        code = main(sys.argv[1:])
        if at_once:
            _end(code)
    except KeyboardInterrupt:  # between two lines of ours: main answers for everything inside
        code = INTERRUPTED
    sys.exit(code)


def be_prompt() -> None:
    """For a server that somebody waits for: what is loaded is not looked at again by the collector (20 to 40 ms each
    time), and a thread that has its answer does not wait 5 ms for the others to pause."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    sys.setswitchinterval(_SWITCH)


def _end(code: int) -> None:
    """Ends the process at once: taking a hundred thousand rows apart takes seconds and helps nobody."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            return  # the usual way out says what is to be said
    os._exit(code)
