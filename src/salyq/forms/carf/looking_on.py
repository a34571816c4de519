"""The schema looks on while a message is written: in this process for a small one, in a second one for a large one, so
that both cores of a plain machine work."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from typing import Any

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.forms.carf.check import Checked, Stream

SMALL = 1 << 21  # bytes up to which a second process is not worth its start
END = b""


class Onlooker:
    """`feed` takes the next block; `end` says what was found. InputError at the first breach of the schema."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept: list[bytes] = []
        self.size = 0
        self.pipe: Connection | None = None
        self.process: Any = None

    def feed(self, data: bytes) -> None:
        """The next block, not empty."""
        if self.pipe is not None:
            self._send(data)
            return
        self.kept.append(data)
        self.size += len(data)
        if self.size > SMALL:
            self._start()

    def end(self) -> Checked:
        """What was found in the whole message."""
        if self.pipe is None:
            stream = Stream(self.name, own=True)
            for data in self.kept:
                stream.feed(data)
            return stream.close()
        self._send(END)
        return self._answer()

    def stop(self) -> None:
        """Ends the second process, whatever it was doing."""
        if self.process is not None:
            self.process.terminate()
            self.process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_look, args=(theirs, self.name), daemon=True)
        self.process.start()
        theirs.close()
        for data in self.kept:
            self._send(data)
        self.kept.clear()

    def _send(self, data: bytes) -> None:
        assert self.pipe is not None
        try:
            self.pipe.send_bytes(data)
        except OSError:
            self._answer()  # it found something and left
            raise

    def _answer(self) -> Checked:
        assert self.pipe is not None
        kind, told = self.pipe.recv()
        if kind == "refused":
            code, params, line = told
            raise InputError(Message(code, params), file=self.name, line=line)
        found: Checked = told
        return found


def _look(pipe: Connection, name: str) -> None:
    """The second process: reads blocks until the empty one, answers once."""
    stream = Stream(name, own=True)
    try:
        while data := pipe.recv_bytes():
            stream.feed(data)
        pipe.send(("checked", stream.close()))
    except InputError as error:
        pipe.send(("refused", (error.message.code, dict(error.message.params), error.line)))
    except EOFError:
        return
