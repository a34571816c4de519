"""Asking the National Bank for the official rates of a day: the only place of the house that goes to the network.

One connection, a rest after every few answers, time-outs, retries with back-off, and a name of our own in every
request. HTTPS only, but for a server on this same machine; an answer that leads to another host is refused.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from socket import SHUT_RDWR, socket
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.prices.fetch_xml import LARGEST

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager
    from urllib3.connectionpool import HTTPConnectionPool
    from urllib3.util import Retry

BANK = "https://nationalbank.kz"
_PATH = "/rss/get_rates.cfm"
_HERE = ("127.0.0.1", "::1", "localhost")
_REDIRECTS = (301, 302, 303, 307, 308)
_FOLLOWED = 3  # within the same host
_AGAIN = (429, 500, 502, 503, 504)  # the server says that it may go better later
_CHUNK = 1 << 16
_LONGEST_HEADER = 64  # characters of a Retry-After that can mean anything


@dataclass(frozen=True, slots=True)
class Manners:
    """Patience and politeness; times in whole seconds.

    `connect` and `read` bound each wait, `whole` one answer from its first byte to its last: status line, headers,
    body and trailers together, whatever arrives. After a failure up to `again` more tries, the
    second of them after 2 · `backoff`, then 4 · `backoff`; a server's Retry-After is heeded up to `longest`.
    After every `burst` answers one second of rest, unless the server is on this machine.
    """

    connect: int = 10
    read: int = 20
    whole: int = 60
    again: int = 3
    backoff: int = 1
    longest: int = 30
    burst: int = 3


def check_address(text: str) -> str:
    """A base address as it is used, without its last slash: https, or http on this machine. UsageError otherwise."""
    try:
        parts = urlsplit(text)
        fine = bool(parts.hostname) and text.isascii() and text.isprintable() and " " not in text and (parts.port or 1)
    except ValueError:
        fine = False
    if not fine or parts.username is not None or parts.query or parts.fragment:
        raise UsageError(Message("fetch_bad_address"), column="--base-url", value=text)
    if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)):
        raise UsageError(Message("fetch_not_https"), column="--base-url", value=text)
    return text.rstrip("/")


def dotted(day: date) -> str:
    """DD.MM.YYYY, as the bank writes a day."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


@dataclass(slots=True)
class _Watch:
    """Ends an answer that drips for ever: at the deadline the socket is shut, wherever the reading stands."""

    seconds: int
    sockets: list[socket] = field(default_factory=list)
    rang: bool = False

    def _ring(self) -> None:
        self.rang = True
        for sock in self.sockets:
            with suppress(OSError):  # closed already
                sock.shutdown(SHUT_RDWR)

    @contextmanager
    def over_one_answer(self) -> Iterator[None]:
        timer = threading.Timer(self.seconds, self._ring)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def slow(self, url: str) -> InputError:
        slow = Message("fetch_timeout", {"seconds": self.seconds})
        return InputError(Message("fetch_failed", {"reason": slow}), file=url)


class Bank:
    """`with Bank() as bank: bank.answer(day)`. The connection opens with the first question."""

    def __init__(self, base: str = BANK, manners: Manners | None = None) -> None:
        self.base = check_address(base)
        self.manners = manners or Manners()
        self.host = urlsplit(self.base).netloc.lower()
        self._here = urlsplit(self.base).hostname in _HERE
        self._pool: PoolManager | None = None
        self._watch = _Watch(self.manners.whole)
        self._answers = 0

    def __enter__(self) -> Bank:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.clear()

    def address(self, day: date) -> str:
        """What is asked for `day`."""
        return f"{self.base}{_PATH}?fdate={dotted(day)}"

    def origin(self, day: date) -> str:
        """How a rate names its source; a mirror of the feed is named too."""
        told = f"nationalbank.kz get_rates {dotted(day)}"
        return told if _plain_host(urlsplit(self.base)) == "nationalbank.kz" else f"{told} ({self.host})"

    def answer(self, day: date) -> bytes:
        """The raw answer for `day`. InputError, one line with the address, where there is none."""
        from urllib3.exceptions import HTTPError

        if self._answers and not self._here and self._answers % self.manners.burst == 0:
            time.sleep(1)
        url = self.address(day)
        try:
            if self._pool is None:
                self._pool = _open(self.base, self._here, self.manners, self._watch)
            raw = self._ask(self._pool, url)
        except HTTPError as error:
            raise InputError(Message("fetch_failed", {"reason": _reason(error)}), file=url) from error
        self._answers += 1
        return raw

    def _ask(self, pool: PoolManager, first: str) -> bytes:
        """Asks until there is an answer or patience ends; follows redirects within the host."""
        from urllib3.exceptions import HTTPError

        url, followed = first, 0
        retries = _retries(self.manners)
        while True:
            response = None
            try:
                # urllib3's own retries would read the whole body of an error page, however long: we count ourselves.
                with self._watch.over_one_answer():
                    response = pool.request("GET", url, retries=False, redirect=False, preload_content=False)
                    if response.status == 200:
                        return self._body(first, response)
                if response.status in _REDIRECTS:
                    url, followed = self._next(first, url, response, followed), followed + 1
                    continue
                if response.status not in _AGAIN or retries.total == 0:
                    raise InputError(Message("fetch_status", {"status": response.status}), file=first)
                retries = retries.increment("GET", url, response=response)
            except HTTPError as error:
                if self._watch.rang:
                    raise self._watch.slow(first) from None
                retries = retries.increment("GET", url, error=error)
            finally:
                if response is not None:
                    response.close()
                    response.release_conn()
            sane = response is not None and len(response.headers.get("Retry-After", "")) <= _LONGEST_HEADER
            retries.sleep(response if sane else None)

    def _next(self, first: str, url: str, response: BaseHTTPResponse, followed: int) -> str:
        if followed == _FOLLOWED:
            raise InputError(Message("fetch_many_redirects"), file=first)
        target = response.headers.get("Location", "")
        try:
            target = urljoin(url, target)
            new, old = urlsplit(target), urlsplit(first)
            same = (new.scheme, _plain_host(new), new.port) == (old.scheme, _plain_host(old), old.port)
        except ValueError:
            same = False
        if not same or new.username is not None:
            raise InputError(Message("fetch_redirected", {"target": _shown(target)}), file=first)
        return target

    def _body(self, url: str, response: BaseHTTPResponse) -> bytes:
        """Reads as it comes, so that no size can hold us; against a slow drip the watch stands outside."""
        from urllib3.exceptions import DecodeError

        parts: list[bytes] = []
        size = 0
        try:
            while chunk := response.read1(_CHUNK):
                parts.append(chunk)
                size += len(chunk)
                if size > LARGEST:
                    raise InputError(Message("fetch_failed", {"reason": _too_large()}), file=url)
        except DecodeError:
            raise InputError(Message("fetch_failed", {"reason": Message("fetch_not_xml")}), file=url) from None
        if self._watch.rang:  # a body without a length ends as if it were whole when its socket is shut
            raise self._watch.slow(url)
        return b"".join(parts)


def _too_large() -> Message:
    return Message("fetch_too_large", {"limit": LARGEST})


def _plain_host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:120])


def _retries(manners: Manners) -> Retry:
    from urllib3.util import Retry

    # A connection that is refused is refused at once: fewer tries than for a server that is only busy.
    return Retry(
        total=manners.again,
        connect=min(2, manners.again),
        other=0,
        allowed_methods=("GET",),
        backoff_factor=manners.backoff,
        retry_after_max=manners.longest,
    )


def _open(base: str, here: bool, manners: Manners, watch: _Watch) -> PoolManager:
    """One connection; through the proxy of the environment, unless the server is on this machine."""
    from importlib.metadata import version
    from urllib.request import getproxies, proxy_bypass

    from urllib3 import PoolManager, ProxyManager, Timeout, make_headers
    from urllib3.util import parse_url

    headers = {
        "User-Agent": f"salyq/{version('salyq')} (official exchange rates for a tax assessment)",
        "Accept": "application/xml, text/xml",
    }
    timeout = Timeout(connect=manners.connect, read=manners.read)
    parts = urlsplit(base)
    proxy = None if here or proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    if proxy:
        auth = parse_url(proxy).auth
        via = make_headers(proxy_basic_auth=auth) if auth else None
        pool: PoolManager = ProxyManager(
            proxy, num_pools=1, headers=headers, proxy_headers=via, maxsize=1, timeout=timeout
        )
    else:
        pool = PoolManager(num_pools=1, headers=headers, maxsize=1, timeout=timeout)
    pool.pool_classes_by_scheme = _watched(watch)
    return pool


def _watched(watch: _Watch) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools whose connections show the watch their socket."""
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            watch.sockets[:] = [self.sock]

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            watch.sockets[:] = [self.sock]

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _reason(error: Exception) -> Message:
    """urllib3's error in our words; the cause stands inside."""
    from urllib3 import exceptions as faults

    cause = error.reason if isinstance(error, faults.MaxRetryError) and error.reason is not None else error
    if isinstance(cause, faults.ProxyError | faults.ProxySchemeUnknown):
        return Message("fetch_proxy")
    # urllib3 counts these among its time-outs, so they come first.
    if isinstance(cause, faults.NameResolutionError | faults.NewConnectionError):
        return Message("fetch_no_network")
    if isinstance(cause, faults.TimeoutError):
        return Message("fetch_no_answer")
    if isinstance(cause, faults.SSLError):
        return Message("fetch_certificate", {"detail": _shown(str(cause))})
    return Message("fetch_broke_off")
