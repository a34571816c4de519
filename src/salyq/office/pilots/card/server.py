"""The host on a TCP port: two bytes of length, then the message, any number of connections and of messages on each.

One thread reads and writes all lines, one lets the host settle: what arrives while batches are being settled goes into
the next one. A message that cannot be read ends its connection, for nobody knows where the next one begins.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import NamedTuple, Self, cast

from salyq.office.pilots.card import spec
from salyq.office.pilots.card.host import Host, stands_alone

log = logging.getLogger("salyq.card")
MOST = 200  # messages of one batch
PACE = 0.012  # seconds between two batches: each costs its 4 ms of processor however small it is
BEGUN = 2  # batches that are not kept yet while the next is made ready
LINES = 2000  # connections at a time; one more is closed at once
WAITING = 200  # messages of one line that wait for their answers; more are not read before
_IDLE = 300  # seconds that a connection may say nothing
_SWEEP = 30
_HEAD = 2


class _Asked(NamedTuple):
    fields: Mapping[str, str]
    line: _Line


class _Failed(NamedTuple):
    """A batch that could not be settled together."""

    batch: Sequence[_Asked]
    error: Exception


class _Begun(NamedTuple):
    """A batch on its way to the books: the names of its authorisations, and when its answers went out."""

    keys: frozenset[str]
    answered: threading.Event


class Desk:
    """Gathers messages of all connections and lets the host settle them, a batch after the other. While one is being
    kept the next is made ready, unless a message of it hangs on one that is not kept yet."""

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop) -> None:
        self._host, self._loop = host, loop
        self._queue: queue.SimpleQueue[_Asked | _Failed | None] = queue.SimpleQueue()
        self._failed: list[_Failed] = []
        self._thread = threading.Thread(target=self._run, name="salyq-card", daemon=True)
        self._thread.start()

    def ask(self, fields: Mapping[str, str], line: _Line) -> None:
        self._queue.put(_Asked(fields, line))

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        going, last = True, 0.0
        begun: deque[_Begun] = deque()
        while going:
            while len(begun) >= BEGUN:
                begun.popleft().answered.wait()
            batch, going = self._gather()
            if batch and going and (wait := last + PACE - time.monotonic()) > 0:
                time.sleep(wait)
                more, going = self._gather(wait=False)
                batch += more
            last = time.monotonic()
            keys = frozenset(spec.key(a.fields) for a in batch)
            alone = all(stands_alone(a.fields) for a in batch) and not any(keys & b.keys for b in begun)
            while begun and not (alone and going):
                begun.popleft().answered.wait()
            if batch:
                begun.append(_Begun(keys, self._begin(batch)))
            self._mend(begun)
        self._mend(begun, last=True)

    def _mend(self, begun: deque[_Begun], *, last: bool = False) -> None:
        """Whatever failed is asked for again, when nothing else is on its way."""
        while begun and (last or self._failed):
            begun.popleft().answered.wait()
        if last:
            self._gather(wait=False)
        while self._failed:
            self._singly(self._failed.pop())

    def _gather(self, *, wait: bool = True) -> tuple[list[_Asked], bool]:
        """What was asked since, and whether more may come; it waits for the first."""
        batch: list[_Asked] = []
        with contextlib.suppress(queue.Empty):
            while len(batch) < MOST:
                found = self._queue.get(block=wait and not batch and not self._failed)
                if found is None:
                    return batch, False
                if isinstance(found, _Failed):
                    self._failed.append(found)
                else:
                    batch.append(found)
        return batch, True

    def _begin(self, batch: Sequence[_Asked]) -> threading.Event:
        """Begins a batch; the event is set when its answers went out, or wait to be asked for one by one."""
        answered = threading.Event()

        def answer(given: Future[list[dict[str, str]]]) -> None:
            try:
                self._send(batch, [spec.encode(reply) for reply in given.result()])
            except Exception as error:
                self._queue.put(_Failed(batch, error))  # for the thread that may ask the host
            answered.set()

        try:
            self._host.begin([asked.fields for asked in batch]).add_done_callback(answer)
        except Exception as error:
            self._failed.append(_Failed(batch, error))
            answered.set()
        return answered

    def _singly(self, failed: _Failed) -> None:
        """The fault of one message is not the others'."""
        log.error("a batch of %d messages was not settled", len(failed.batch), exc_info=failed.error)
        for asked in failed.batch:
            try:
                raw = spec.encode(self._host.handle([asked.fields])[0])
            except Exception:
                log.exception("a message was not settled")
                raw = spec.encode(spec.answer(asked.fields, spec.FAULT))
            self._send([asked], [raw])

    def _send(self, batch: Sequence[_Asked], answers: Sequence[bytes]) -> None:
        answered = [(a.line, raw) for a, raw in zip(batch, answers, strict=True)]
        with contextlib.suppress(RuntimeError):  # the server was closed meanwhile
            self._loop.call_soon_threadsafe(_give, answered)


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
