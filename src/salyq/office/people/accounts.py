"""Accounts, the organisations that they may speak for, and what that comes to when they ask the database (Access)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from salyq.civil.days import kz_day
from salyq.civil.ids import check_id, check_person
from salyq.office.store import entries
from salyq.office.store.errors import StoreError
from salyq.office.store.ids import secret
from salyq.office.store.statements import Statements
from salyq.office.store.store import PUBLIC, Access, Transaction

SQL = Statements("salyq.office.people", "people")
ROLES = ("applicant", "representative", "officer", "second_officer", "head", "auditor", "administrator")
OFFICIAL = ("officer", "second_officer", "head")
LINK_LASTS = timedelta(hours=24)


class Account(NamedTuple):
    """`office` is the authority that an official works for; `iin` tells a person apart (nobody decides his own
    case).
    """

    id: UUID
    name: str
    shown: str
    role: str
    office: str
    iin: str | None


class Organisation(NamedTuple):
    """An organisation for which an account may speak, from `first` to `last`; own or delegated."""

    bin: str
    name: str
    capacity: str
    first: date
    last: date | None
    id: UUID


def hashed(text: str) -> bytes:
    """What is kept of a secret of 256 bits."""
    return hashlib.sha256(text.encode()).digest()


def add_account(
    tx: Transaction, name: str, role: str, *, shown: str = "", office: str = "", iin: str | None = None
) -> Account:
    """A new account; StoreError where the name is taken or something is wrong with it."""
    if role not in ROLES:
        raise StoreError("people_bad_role", role=role, roles=", ".join(ROLES))
    if not re.fullmatch(r"[a-z0-9_.-]{1,60}", name):
        raise StoreError("people_bad_name", name=name)
    if role in OFFICIAL and not office:
        raise StoreError("people_no_office", role=role)
    if iin is not None and (wrong := check_person(iin)):
        raise StoreError("people_bad_id", value=iin, why=wrong)
    if tx.value(SQL["name_taken"], {"name": name}):
        raise StoreError("people_name_taken", name=name)
    made = Account(tx.store.ids.uuid(tx.now), name, shown or name, role, office, iin)
    tx.run(SQL["add_account"], {**made._asdict(), "at": tx.now})
    return made


def named(tx: Transaction, name: str) -> Account | None:
    return tx.one(Account, SQL["account_named"], {"name": name})


def ever_named(tx: Transaction, name: str) -> Account | None:
    """The same, also where it was closed."""
    return tx.one(Account, SQL["account_ever_named"], {"name": name})


class Listed(NamedTuple):
    """An account as its administrator sees it."""

    id: UUID
    name: str
    shown: str
    role: str
    office: str
    seen_at: datetime | None
    sessions: int
    organisations: list[str]


def every(tx: Transaction, idle: timedelta, after: str = "", limit: int = 100) -> list[Listed]:
    """The accounts that are not closed, by name; a session rests no longer than `idle`."""
    asked = {"after": after, "limit": limit, "at": tx.now, "idle": tx.now - idle, "day": kz_day(tx.now)}
    return tx.all(Listed, SQL["every"], asked)


def close(tx: Transaction, who: Account) -> None:
    """Ends an account for good: from now on it is nobody's, whatever session, key or passkey there is. Its name stays
    taken, for what it did stands under it. An entry of the log says who closed it.
    """
    if not tx.run(SQL["close"], {"id": who.id, "at": tx.now}):
        raise StoreError("people_no_user", name=who.name)
    tx.run(SQL["end_sessions"], {"account": who.id, "at": tx.now})
    _say(tx, who.name, {"done": "closed", "role": who.role}, office=who.office.partition(",")[0] or None)


def same_person(tx: Transaction, one: str, other: str) -> bool | None:
    """Whether two accounts are one person's: the same account, or the same IIN; None where the IIN of one of them is
    not known. A name that is no account's is the office's own work, and nobody's second account.
    """
    if one == other:
        return True
    iins = [row["iin"] for row in tx.dicts(SQL["iins_of"], {"names": [one, other]})]
    if len(iins) < 2:
        return False
    return None if None in iins else iins[0] == iins[1]


def check_known(tx: Transaction, name: str) -> None:
    """StoreError where the account has no IIN: nobody could tell whether it is a second one of somebody else here."""
    if [row["iin"] for row in tx.dicts(SQL["iins_of"], {"names": [name]})] == [None]:
        raise StoreError("people_iin_unknown", name=name)


def check_other_person(tx: Transaction, one: str, other: str) -> None:
    """E4: StoreError unless these accounts are known to be of two persons."""
    for name in (one, other):
        check_known(tx, name)
    if same_person(tx, one, other):
        raise StoreError("procedures_same_person")


def state_iin(tx: Transaction, who: Account, iin: str) -> None:
    """Says whose account it is, once: an account never becomes another person's. An entry of the log says that it was
    said, not which IIN. Of a closed account too: what it proposed waits for a second person.
    """
    if wrong := check_person(iin):
        raise StoreError("people_bad_id", value=iin, why=wrong)
    if not tx.run(SQL["state_iin"], {"id": who.id, "iin": iin}):
        raise StoreError("people_iin_stands", name=who.name)
    _say(tx, who.name, {"done": "iin_stated", "role": who.role}, office=who.office.partition(",")[0] or None)


def account(tx: Transaction, id_: UUID) -> Account | None:
    return tx.one(Account, SQL["account"], {"id": id_})


def add_organisation(tx: Transaction, bin_: str, name: str) -> None:
    """Known from now on by this name; a second time changes nothing."""
    if wrong := check_id(bin_):
        raise StoreError("people_bad_id", value=bin_, why=wrong)
    tx.run(SQL["add_organisation"], {"bin": bin_, "name": name or bin_, "at": tx.now})


def delegate(
    tx: Transaction,
    who: Account,
    organisation: str,
    *,
    first: date,
    last: date | None = None,
    given_by: UUID | None = None,
) -> UUID:
    """Lets `who` speak for the organisation between two days; without `given_by` it is his own. Of a delegation an
    entry of the log says who gave it to whom."""
    if last is not None and last < first:
        raise StoreError("people_bad_days")
    id_ = tx.store.ids.uuid(tx.now)
    capacity = "own" if given_by is None else "delegated"
    days = {"first": first, "last": last, "given_by": given_by, "at": tx.now}
    tx.run(SQL["delegate"], {"id": id_, "account": who.id, "organisation": organisation, "capacity": capacity, **days})
    if given_by is not None:
        until = {} if last is None else {"last": last.isoformat()}
        _say(tx, who.name, {"done": "delegated", "first": first.isoformat(), **until}, organisation=organisation)
    return id_


def end_delegation(tx: Transaction, id_: UUID, mine: Sequence[str]) -> bool:
    """Ends a delegation of one of these organisations, with an entry of the log; False where there is none."""
    rows = tx.dicts(SQL["end_delegation"], {"id": id_, "at": tx.now, "mine": list(mine)})
    for row in rows:
        _say(tx, row["name"], {"done": "delegation_ended"}, organisation=row["organisation"])
    return bool(rows)


def _say(
    tx: Transaction, name: str, what: dict[str, str], *, organisation: str | None = None, office: str | None = None
) -> None:
    """An entry about what was done with an account; seen by this organisation or office, and by auditors."""
    said = {"name": name, "by": tx.access.user, **what}
    if organisation is not None:
        said["organisation"] = organisation
    entries.append(tx, [entries.Act("account", f"account/{name}", said, office=office, organisation=organisation)])


def organisations_of(tx: Transaction, who: Account) -> list[Organisation]:
    """For whom the account may speak today."""
    return tx.all(Organisation, SQL["organisations_of"], {"account": who.id, "day": kz_day(tx.now)})


def access_of(tx: Transaction, who: Account | None, only: Sequence[str] | None = None) -> Access:
    """What the database lets this account see; `only` narrows its organisations (a key of one of them)."""
    if who is None:
        return PUBLIC
    mine = [o.bin for o in organisations_of(tx, who)] + ([who.iin] if who.iin else [])  # everybody speaks for himself
    if only is not None:
        mine = [b for b in mine if b in only]
    return Access(user=who.name, role=who.role, office=who.office, organisations=tuple(dict.fromkeys(mine)))


def make_link(tx: Transaction, who: Account, *, many: bool = False, lasts: timedelta = LINK_LASTS) -> str:
    """The secret of a sign-in link; `many`: it may be used again (the demonstration only)."""
    made = secret()
    tx.run(SQL["add_link"], {"secret": hashed(made), "account": who.id, "many": many, "expires_at": tx.now + lasts})
    return made


def use_link(tx: Transaction, given: str) -> Account | None:
    """The account of a link that still holds; it holds no more after that."""
    found = tx.value(SQL["use_link"], {"secret": hashed(given), "at": tx.now})
    return None if found is None else account(tx, found)
