"""The one source of ids and of chance: UUIDs that sort by time (RFC 9562, version 7), secrets, salts.

`Ids()` draws from the system; `Ids(seed)` replays a run byte for byte (demonstration, simulator), and is never used
where a secret must be one.
"""

from __future__ import annotations

import random
import secrets
from datetime import datetime
from uuid import UUID


class Ids:
    def __init__(self, seed: int | None = None) -> None:
        self._chance = None if seed is None else random.Random(seed)  # noqa: S311

    def bytes(self, count: int) -> bytes:
        """`count` bytes of chance."""
        return secrets.token_bytes(count) if self._chance is None else self._chance.randbytes(count)

    def uuid(self, moment: datetime) -> UUID:
        """A version 7 UUID of `moment` (aware)."""
        milliseconds = int(moment.timestamp() * 1000)
        value = (milliseconds << 80) | int.from_bytes(self.bytes(10), "big")
        value = value & ~(0xF << 76) | (0x7 << 76)
        value = value & ~(0x3 << 62) | (0x2 << 62)
        return UUID(int=value)

    def salt(self) -> str:
        """Sixteen bytes as hex: what hides a value behind its hash."""
        return self.bytes(16).hex()


def secret() -> str:
    """A secret for a link or a session: 256 bits of the system's chance, whatever the seed."""
    return secrets.token_urlsafe(32)
