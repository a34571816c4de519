"""Sessions in the database: the browser holds a secret, the database its hash.

A session ends after LASTS, or after IDLE without a request, or when its owner signs out. A sign-in always makes a new
one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from salyq.office.people.accounts import SQL, Account, hashed
from salyq.office.store.ids import secret
from salyq.office.store.store import Transaction

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=1)
FRESH = timedelta(minutes=10)
_SEEN_EVERY = timedelta(minutes=1)


class Session(NamedTuple):
    secret: bytes
    account: UUID | None
    csrf: str
    challenge: bytes | None
    second_factor: bool
    seen_at: datetime
    expires_at: datetime


def start(tx: Transaction, who: Account | None, *, second_factor: bool = False) -> tuple[str, Session]:
    """A new session and the secret for the cookie."""
    made = secret()
    session = Session(hashed(made), who.id if who else None, secret(), None, second_factor, tx.now, tx.now + LASTS)
    row = {"secret": session.secret, "account": session.account, "csrf": session.csrf, "at": tx.now}
    tx.run(SQL["add_session"], {**row, "second_factor": second_factor, "expires_at": session.expires_at})
    return made, session


def find(tx: Transaction, given: str) -> Session | None:
    """The living session of a cookie."""
    session = tx.one(Session, SQL["session"], {"secret": hashed(given), "at": tx.now})
    if session is None or tx.now - session.seen_at > IDLE:
        return None
    if tx.now - session.seen_at > _SEEN_EVERY:
        tx.run(SQL["saw_session"], {"secret": session.secret, "at": tx.now, "expires_at": session.expires_at})
    return session


def fresh(session: Session, now: datetime) -> bool:
    """Whether its account signed in at most FRESH ago."""
    return session.account is not None and now - (session.expires_at - LASTS) <= FRESH


def end(tx: Transaction, session: Session) -> None:
    tx.run(SQL["end_session"], {"secret": session.secret, "at": tx.now})


class Open(NamedTuple):
    """A living session as its owner sees it; `id` opens nothing."""

    id: str
    made_at: datetime
    seen_at: datetime


def open_of(tx: Transaction, who: Account) -> list[Open]:
    """The newest first."""
    return tx.all(Open, SQL["open_sessions"], {"account": who.id, "at": tx.now, "idle": tx.now - IDLE})


def end_own(tx: Transaction, who: Account, id_: str) -> bool:
    """Ends one of his sessions; False where it is none of his."""
    return bool(tx.run(SQL["end_own"], {"account": who.id, "id": id_[:16].replace("\x00", ""), "at": tx.now}))


def end_all(tx: Transaction, who: Account) -> int:
    """Every session of the account; how many there were."""
    return tx.run(SQL["end_sessions"], {"account": who.id, "at": tx.now})
