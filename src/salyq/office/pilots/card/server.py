"""The host on a TCP port: two bytes of length, then the message, any number of connections and of messages on each.

One thread reads and writes all lines, one lets the host settle: what arrives while a batch is being settled goes into
the next one. A message that cannot be read ends its connection, for nobody knows where the next one begins.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self, cast

from salyq.office.pilots.card import spec
from salyq.office.pilots.card.host import Host

log = logging.getLogger("salyq.card")
MOST = 200  # messages of one batch
LINES = 2000  # connections at a time; one more is closed at once
WAITING = 200  # messages of one line that wait for their answers; more are not read before
_IDLE = 300  # seconds that a connection may say nothing
_SWEEP = 30
_HEAD = 2


class _Asked(NamedTuple):
    fields: Mapping[str, str]
    line: _Line


class Desk:
    """Gathers messages of all connections and lets the host settle them, a batch after the other."""

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop) -> None:
        self._host, self._loop = host, loop
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="salyq-card", daemon=True)
        self._thread.start()

    def ask(self, fields: Mapping[str, str], line: _Line) -> None:
        self._queue.put(_Asked(fields, line))

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            first = self._queue.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < MOST:
                try:
                    further = self._queue.get_nowait()
                except queue.Empty:
                    break
                if further is None:
                    going = False
                    break
                batch.append(further)
            answered = [(a.line, raw) for a, raw in zip(batch, self._settle(batch), strict=True)]
            with contextlib.suppress(RuntimeError):  # the server was closed meanwhile
                self._loop.call_soon_threadsafe(_give, answered)

    def _settle(self, batch: Sequence[_Asked]) -> list[bytes]:
        try:
            return [spec.encode(reply) for reply in self._host.handle([asked.fields for asked in batch])]
        except Exception:
            log.exception("a batch of %d messages was not settled", len(batch))
        if len(batch) == 1:
            return [spec.encode(spec.answer(batch[0].fields, spec.FAULT))]
        return [reply for asked in batch for reply in self._settle([asked])]  # the fault of one is not the others'


def _give(answered: Sequence[tuple[_Line, bytes]]) -> None:
    for line, raw in answered:
        line.reply(raw)


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: CardServer) -> None:
        self._server = server
        self._read = bytearray()
        self._waiting = 0
        self._over = False  # the other side says no more
        self._full = False  # it does not read its answers
        self.heard = server.loop.time()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if len(self._server.lines) >= LINES:
            self.transport.abort()
            return
        self._server.lines.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.transport = None
        self._server.lines.discard(self)

    def data_received(self, data: bytes) -> None:
        self.heard = self._server.loop.time()
        self._read += data
        self._take()

    def eof_received(self) -> bool:
        self._over = True
        return self._waiting > 0

    def pause_writing(self) -> None:
        self._full = True
        self._pace()

    def resume_writing(self) -> None:
        self._full = False
        self._take()

    def reply(self, raw: bytes) -> None:
        """Gives an answer to whoever is still there."""
        self._waiting -= 1
        if self.transport is None:
            log.warning("an answer could not be given: the line is closed")
            return
        self.transport.write(raw)
        self._take()
        if self._over and not self._waiting:
            self.transport.close()

    def _take(self) -> None:
        """Asks the desk for each whole message that was read, as long as few enough wait."""
        while self.transport is not None and self._waiting < WAITING and not self._full and len(self._read) >= _HEAD:
            size = int.from_bytes(self._read[:_HEAD], "big")
            if size and len(self._read) < _HEAD + size:
                break
            raw = bytes(self._read[_HEAD : _HEAD + size])
            del self._read[: _HEAD + size]
            try:
                fields = spec.decode(raw)
            except spec.FormatError as error:
                log.warning(
                    "a message that cannot be read from %s: %s", self.transport.get_extra_info("peername"), error
                )
                self.transport.abort()
                return
            self._waiting += 1
            self._server.desk.ask(fields, self)
        self._pace()

    def _pace(self) -> None:
        if self.transport is None or self._over or self.transport.is_closing():
            return
        if self._full or self._waiting >= WAITING:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()


class CardServer:
    """Listens from its making on; `port` is the one that was given out. `serve_forever` answers until `shutdown`."""

    def __init__(self, host: Host, address: str = "127.0.0.1", port: int = 0) -> None:
        self.lines: set[_Line] = set()
        self.loop = asyncio.new_event_loop()
        self._over = threading.Event()
        try:
            listening = self.loop.create_server(lambda: _Line(self), address, port, backlog=512)
            self._listening = self.loop.run_until_complete(listening)
        except BaseException:
            self.loop.close()
            raise
        self.port: int = self._listening.sockets[0].getsockname()[1]
        self.desk = Desk(host, self.loop)

    def serve_forever(self) -> None:
        """In this thread, until another one calls `shutdown` or Ctrl-C is pressed."""
        self._sweep()
        try:
            self.loop.run_forever()
        finally:
            self._over.set()

    def shutdown(self) -> None:
        """Ends `serve_forever`, from any thread, and waits until it has ended."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._over.wait()

    def server_close(self) -> None:
        """Settles what was asked, then closes every line."""
        self.desk.close()
        self._listening.close()
        self.loop.run_until_complete(self._leave())
        self.loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server_close()

    async def _leave(self) -> None:
        await asyncio.sleep(0)  # answers that the desk gave last
        for line in list(self.lines):
            if line.transport is not None:
                line.transport.close()
        await asyncio.sleep(0)

    def _sweep(self) -> None:
        """Closes lines that say nothing."""
        for line in list(self.lines):
            if line.transport is not None and self.loop.time() - line.heard > _IDLE:
                line.transport.abort()
        self.loop.call_later(_SWEEP, self._sweep)
