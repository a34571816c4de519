"""How often one address may ask (ASVS 2.4.1, 6.3.1): four buckets that fill again by themselves.

Kept in the memory of one process: behind several, each counts for itself, and a proxy sets the limits of the whole.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

MOST_ADDRESSES = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then `minute` a minute."""

    burst: int
    minute: int


READ, WRITE, SIGN_IN, LINK = "read", "write", "sign_in", "link"
LIMITS = {READ: Limit(2000, 12_000), WRITE: Limit(300, 600), SIGN_IN: Limit(20, 20), LINK: Limit(60, 60)}


@dataclass
class Limits:
    """`wait` answers 0, or the whole seconds until the address may ask again."""

    limits: dict[str, Limit] = field(default_factory=lambda: dict(LIMITS))
    _kept: OrderedDict[tuple[str, str], tuple[int, int]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, address: str, kind: str, now: int | None = None) -> int:
        """Takes one token. `now`: milliseconds of a clock that only goes forward. Tokens are counted in 60,000ths."""
        limit = self.limits[kind]
        moment = time.monotonic_ns() // 1_000_000 if now is None else now
        one, full = 60_000, limit.burst * 60_000
        with self._lock:
            left, at = self._kept.pop((address, kind), (full, moment))
            left = min(full, left + (moment - at) * limit.minute)
            allowed = left >= one
            self._kept[address, kind] = (left - one if allowed else left, moment)
            while len(self._kept) > MOST_ADDRESSES:
                self._kept.popitem(last=False)
        return 0 if allowed else -(-(one - left) // (limit.minute * 1000))


def kind_of(method: str, path: str, query: bytes = b"") -> str:
    """Which bucket a request is of; a one-time link is tried by GET."""
    if "/sign-in" in path and b"token=" in query:
        return LINK
    if method in ("GET", "HEAD", "OPTIONS"):
        return READ
    return SIGN_IN if "/sign-in" in path else WRITE
