"""Accounts at digital-asset exchanges: the readers of their exports know it, so that the person need not say it."""

from __future__ import annotations

from dataclasses import replace

from salyq.records.neutral import read_origin
from salyq.records.person import Account, Person
from salyq.records.reading import Reading


def with_exchanges(person: Person, reading: Reading) -> Person:
    """The person, with the accounts that exports of exchanges tell and person.toml does not describe: they are at one
    (semantics 32). An account that person.toml describes is as it says there."""
    readers = {report.file: report.reader for report in reading.files}
    told: set[str] = set()
    for said, file, account in set(reading.records.rows("origin", "file", "account")):
        origin = read_origin(said) if said else None
        reader = origin.reader if origin and origin.reader else readers.get(file, "")
        if reader in reading.exchanges:
            told.add(account)
    strangers = sorted(told - set(person.accounts))
    if not strangers:
        return person
    added = {name: Account(name, facts={"exchange": True}) for name in strangers}
    return replace(person, accounts={**person.accounts, **added})
