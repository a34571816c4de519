"""What can go wrong with the database, as one line that a person can act on."""

from __future__ import annotations

import psycopg
from psycopg import errors as pg

from salyq.civil.errors import SalyqError
from salyq.civil.messages import Message


class StoreError(SalyqError):
    """The database cannot be had, or refused; nothing of the transaction was kept."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(Message(code, params))
        self.code = code


class Conflict(StoreError):
    """Somebody else was faster, or the same key was used for other content."""


def as_ours(error: psycopg.Error) -> Exception:
    """A database error in our words where a person can do something about it, else the error itself (our defect)."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if isinstance(error, pg.DiskFull):
        return StoreError("store_disk_full")
    if isinstance(error, pg.ReadOnlySqlTransaction):
        return StoreError("store_read_only")
    if isinstance(error, pg.UniqueViolation | pg.ExclusionViolation | pg.SerializationFailure | pg.DeadlockDetected):
        return Conflict("store_conflict")
    if isinstance(error, pg.QueryCanceled):
        return StoreError("store_too_slow")
    if isinstance(error, psycopg.OperationalError):
        return StoreError("store_unreachable", reason=first)
    return error
