"""The host on a TCP port: two bytes of length, then the message, any number of connections and of messages on each.

What arrives while a batch is being settled goes into the next one. A message that cannot be read ends its connection,
for nobody knows where the next one begins.
"""

from __future__ import annotations

import logging
import queue
import socketserver
import threading
from collections.abc import Mapping
from typing import NamedTuple

from salyq.office.pilots.card import spec
from salyq.office.pilots.card.host import Host

log = logging.getLogger("salyq.card")
MOST = 200  # messages of one batch
_IDLE = 300  # seconds that a connection may say nothing


class _Asked(NamedTuple):
    fields: Mapping[str, str]
    line: _Line


class Desk:
    """Gathers messages of all connections and lets the host settle them, a batch after the other."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="salyq-card", daemon=True)
        self._thread.start()

    def ask(self, fields: Mapping[str, str], line: _Line) -> None:
        self._queue.put(_Asked(fields, line))

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
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
                    self._settle(batch)
                    return
                batch.append(further)
            self._settle(batch)

    def _settle(self, batch: list[_Asked]) -> None:
        try:
            replies = self._host.handle([asked.fields for asked in batch])
        except Exception:
            log.exception("a batch of %d messages was not settled", len(batch))
            replies = [spec.answer(asked.fields, spec.FAULT) for asked in batch]
        for asked, reply in zip(batch, replies, strict=True):
            asked.line.reply(reply)


class _Line(socketserver.BaseRequestHandler):
    """One connection."""

    server: CardServer

    def setup(self) -> None:
        self.request.settimeout(_IDLE)
        self._writing = threading.Lock()

    def handle(self) -> None:
        while True:
            head = self._read(2)
            raw = self._read(int.from_bytes(head, "big")) if head else b""
            if not raw:
                return
            try:
                fields = spec.decode(raw)
            except spec.FormatError as error:
                log.warning("a message that cannot be read from %s: %s", self.client_address, error)
                return
            self.server.desk.ask(fields, self)

    def _read(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            try:
                more = self.request.recv(count - len(got))
            except OSError:
                return b""
            if not more:
                return b""
            got += more
        return got

    def reply(self, fields: Mapping[str, str]) -> None:
        try:
            with self._writing:
                self.request.sendall(spec.encode(fields))
        except OSError:
            log.warning("an answer could not be given to %s", self.client_address)


class CardServer(socketserver.ThreadingTCPServer):
    """Listens; `port` is the one that was given out."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, host: Host, address: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((address, port), _Line)
        self.desk = Desk(host)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def server_close(self) -> None:
        super().server_close()
        self.desk.close()
