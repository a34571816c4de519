"""Connections that must ask in time: whoever opens one and sends the head of a request drop by drop, or nothing at
all, is let go, and one address holds only so many of them at once (ASVS 15.2.2; uvicorn itself waits for ever).

Neither a connection that is kept between two requests waits here, nor a request whose head has come. Many may come at
once, and a busy process reads them late: a proxy's burst is one address too. So a connection counts only from
`grace_seconds` on: by then what was sent has been read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

GRACE_SECONDS = 1.0
HEAD_SECONDS = 20.0
MOST_WAITING = 100  # of one address; a proxy sends heads whole
log = logging.getLogger("salyq.portal")
_waiting: Counter[str] = Counter()


class Prompt(H11Protocol):
    """uvicorn's protocol with a time for the head of each request: it runs from the first byte that is owed."""

    grace_seconds: float = GRACE_SECONDS
    head_seconds: float = HEAD_SECONDS
    most_waiting: int = MOST_WAITING
    _timer: asyncio.TimerHandle | None = None
    _counted: str | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._owed()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        asked = self.cycle is not None and not self.cycle.response_complete
        if asked:
            self._asked()
        elif self._timer is None and not self.transport.is_closing():
            self._owed()

    def connection_lost(self, exc: Exception | None) -> None:
        self._asked()
        super().connection_lost(exc)

    def _owed(self) -> None:
        self._timer = self.loop.call_later(self.grace_seconds, self._count)

    def _count(self) -> None:
        address = self.client[0] if self.client else ""
        if _waiting[address] >= self.most_waiting:
            log.warning("too many connections that ask nothing: from %s", address)
            self.transport.abort()
            return
        _waiting[address] += 1
        self._counted = address
        self._timer = self.loop.call_later(self.head_seconds, self._late)

    def _asked(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._counted is not None:
            _waiting[self._counted] -= 1
            if _waiting[self._counted] <= 0:
                del _waiting[self._counted]
            self._counted = None

    def _late(self) -> None:
        log.warning("no request in %s seconds: from %s", self.head_seconds, self._counted)
        self._asked()
        self.transport.abort()
