"""A request that may come twice gets one answer (Idempotency-Key): same key and content, same answer; other content,
409.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from salyq.office.store.errors import Conflict, StoreError
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.store", "answers")
LONGEST_KEY = 200


class Answer(NamedTuple):
    digest: str
    status: int
    body: str


def once(tx: Transaction, key: str, content: bytes, work: Callable[[], tuple[int, str]]) -> tuple[int, str]:
    """(status, body) of `work`, done once for a key of this user; the answer is kept in the same transaction."""
    if not key:
        return work()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise StoreError("store_bad_key_of_request")
    who, digest = tx.access.user or "public", hashlib.sha256(content).hexdigest()
    tx.run(SQL["lock"], {"what": f"{who}\n{key}"})
    had = tx.one(Answer, SQL["find"], {"who": who, "key": key})
    if had is not None:
        if had.digest != digest:
            raise Conflict("store_key_used")
        return had.status, had.body
    status, body = work()
    tx.run(SQL["keep"], {"who": who, "key": key, "digest": digest, "status": status, "body": body, "at": tx.now})
    return status, body
