"""Passwords: argon2id with OWASP's parameters (19 MiB, two passes), and a lock after too many failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from salyq.office.people.accounts import SQL, Account, named
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Transaction

SHORTEST, LONGEST = 12, 200
FAILURES, LOCKED = 5, timedelta(minutes=15)
# Words that everybody tries first; longer lists belong to a service, not to a repository.
_COMMON = ("password", "qwerty", "123456", "құпиясөз", "пароль", "salyq", "kazakhstan", "qazaqstan")


class _Kept(NamedTuple):
    account: UUID
    hash: str
    failures: int
    locked_until: datetime | None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _of_nobody() -> str:
    """A hash to check against where there is no account, so that both take the same time."""
    return _hasher().hash("nobody's password")


def set_password(tx: Transaction, who: Account, password: str) -> None:
    """Keeps the hash; StoreError where the password is too short, too long or a common word."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise StoreError("people_password_length", shortest=SHORTEST, longest=LONGEST)
    plain = password.casefold()
    if who.name in plain or any(w in plain and len(plain) < len(w) + 6 for w in _COMMON) or len(set(plain)) < 5:
        raise StoreError("people_password_common")
    tx.run(SQL["set_password"], {"account": who.id, "hash": _hasher().hash(password), "at": tx.now})


def check_password(tx: Transaction, name: str, password: str) -> Account | None:
    """The account, or None: no such name, wrong password, or locked. The answer takes the same time in each case.

    Run it in a transaction of its own that is kept: a failure is counted.
    """
    who = named(tx, name.strip().lower()[:60])
    kept = tx.one(_Kept, SQL["password"], {"account": who.id}) if who is not None else None
    locked = kept is not None and kept.locked_until is not None and kept.locked_until > tx.now
    good = len(password) <= LONGEST and _verify(kept.hash if kept is not None else _of_nobody(), password)
    if who is None or kept is None or locked:
        return None
    if not good:
        tx.run(SQL["failed"], {"account": who.id, "limit": FAILURES, "until": tx.now + LOCKED})
        return None
    tx.run(SQL["not_failed"], {"account": who.id})
    if _hasher().check_needs_rehash(kept.hash):
        set_password(tx, who, password)
    return who


def has_password(tx: Transaction, who: Account) -> bool:
    return tx.one(_Kept, SQL["password"], {"account": who.id}) is not None


def _verify(kept: str, password: str) -> bool:
    try:
        return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
