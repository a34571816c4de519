"""Keys for programs: whoever has one asks as its account, for one organisation where it says so.

A key is one factor. An official works with two (ASVS 6.3.3), so his key is good only where it was made in a session
that a passkey had opened, for a month, and it reads: what changes something is an act of a person, who signs in for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from salyq.office.people.accounts import SQL, Account, access_of, account, hashed
from salyq.office.store.errors import StoreError
from salyq.office.store.ids import secret
from salyq.office.store.store import Access, Transaction

LASTS, OFFICIAL_LASTS = timedelta(days=365), timedelta(days=30)
SECOND_FACTOR = ("officer", "second_officer", "head", "auditor", "administrator")
MOST = 20


class Key(NamedTuple):
    """A key as its owner sees it; the secret is shown once, when it is made."""

    id: UUID
    name: str
    organisation: str | None
    made_at: datetime
    expires_at: datetime


class Caller(NamedTuple):
    account: Account
    access: Access
    second_factor: bool


def make_key(
    tx: Transaction, who: Account, name: str, organisation: str | None = None, *, second_factor: bool = False
) -> str:
    """The secret of a new key. StoreError where there are MOST already."""
    if len(keys_of(tx, who)) >= MOST:
        raise StoreError("people_many_keys", most=MOST)
    made = "salyq_" + secret()
    lasts = OFFICIAL_LASTS if who.role in SECOND_FACTOR else LASTS
    row = {"secret": hashed(made), "account": who.id, "organisation": organisation, "name": name[:60] or "API"}
    times = {"at": tx.now, "expires_at": tx.now + lasts}
    tx.run(SQL["add_key"], {**row, **times, "id": tx.store.ids.uuid(tx.now), "second_factor": second_factor})
    return made


def keys_of(tx: Transaction, who: Account) -> list[Key]:
    """Those that still hold, the newest first."""
    return tx.all(Key, SQL["keys_of"], {"account": who.id, "at": tx.now})


def end_key(tx: Transaction, who: Account, id_: UUID) -> bool:
    """Whether there was such a key of this account; it holds no more."""
    return tx.run(SQL["end_key"], {"account": who.id, "id": id_, "at": tx.now}) == 1


def by_key(tx: Transaction, given: str) -> Caller | None:
    """Who asks with this key, and what he may see."""
    rows = tx.dicts(SQL["key"], {"secret": hashed(given), "at": tx.now})
    who = account(tx, rows[0]["account"]) if rows else None
    if who is None:
        return None
    only = None if rows[0]["organisation"] is None else [rows[0]["organisation"]]
    return Caller(who, access_of(tx, who, only), rows[0]["second_factor"])
