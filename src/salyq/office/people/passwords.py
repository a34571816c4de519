"""Passwords: argon2id with OWASP's parameters (19 MiB, two passes), and a lock after too many failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from salyq.office.people import breached
from salyq.office.people.accounts import SQL, Account, named
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Transaction

SHORTEST, LONGEST = 12, 200
FAILURES, LOCKED = 5, timedelta(minutes=15)
# No list of breached passwords is shipped: those that are public have no licence, and asking a service would tell it.
# An operator's own file is asked (`breached.py`). What such lists are made of is refused by rule: common words and the
# names of this place (also with digits for letters), runs, walks over keys, repeats.
_COMMON = (
    *("password", "passw0rd", "qwerty", "123456", "letmein", "welcome", "iloveyou", "monkey", "dragon", "sunshine"),
    *("princess", "football", "admin", "login", "master", "secret", "abc123", "changeme", "bitcoin", "crypto"),
    *("құпиясөз", "пароль", "йцукен", "любовь", "наташа", "қазақстан", "казахстан", "астана", "алматы"),
    *("salyq", "kazakhstan", "qazaqstan", "astana", "almaty", "kuanysh", "zhanibek"),
    *("ministry", "министерство", "министрлік", "officer", "applicant", "representative", "auditor", "registry"),
    *("trustno1", "superman", "batman", "whatever", "starwars", "michael", "jordan", "ashley", "charlie", "hello"),
    *("солнышко", "привет", "приветик", "сәлем", "алтынай", "айгерим", "nursultan", "aigerim", "summer", "winter"),
)
_WALKS = (
    "qwertyuiopasdfghjklzxcvbnm",
    "йцукенгшщзхъфывапролджэячсмитьбю",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "0123456789",
)
_LEET = str.maketrans("013457@$!", "oieastasi")
_RUN = 5  # keys in a row that make a walk


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
    if who.name in plain or _of_his_own(who, plain) or easy(plain):
        raise StoreError("people_password_common")
    if breached.known(password):
        raise StoreError("people_password_breached")
    tx.run(SQL["set_password"], {"account": who.id, "hash": _hasher().hash(password), "at": tx.now})


def _of_his_own(who: Account, plain: str) -> bool:
    """Whether his own number or the office that he works for stands in it."""
    return any(word and word.casefold() in plain for word in (who.iin, who.office))


def easy(plain: str) -> bool:
    """Whether little is left of it without common words, runs, walks over keys and repeats."""
    if len(set(plain)) < 5:
        return True
    left = plain.translate(_LEET) if any(c.isalpha() for c in plain) else plain
    for text in (plain, left):
        rest = text
        for word in sorted(_COMMON, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(_without_runs(rest).strip("0123456789!@#$%^&*._- ")) < 6:
            return True
    half = len(plain) // 2
    return any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, half + 1))


def _without_runs(text: str) -> str:
    """The text without pieces that lie on the keyboard, or count up or down, in a row."""
    rows = [*_WALKS, *(w[::-1] for w in _WALKS), "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщ"]
    kept, n = [], 0
    while n < len(text):
        run = next((k for k in range(len(text) - n, _RUN - 1, -1) if any(text[n : n + k] in r for r in rows)), 0)
        if not run:
            kept.append(text[n])
        n += run or 1
    return "".join(kept)


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
