"""What a person, or a row of theirs, states in so many words: law's columns take it over by its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from salyq.records.person import Account
from salyq.rulebook.rows import kind_of


def of_account(kind: Any, account: Account) -> dict[str, Any]:
    """The columns of a row that its account states (`fact(…, stated="account")`)."""
    return of_table(kind, "account", account.facts)


def of_table(kind: Any, table: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row that a table of person.toml states; what is not written is what the fact says then."""
    return {column: written.get(key, otherwise) for column, key, otherwise in _keys(kind, table)}


@cache
def _keys(kind: Any, table: str) -> tuple[tuple[str, str, object], ...]:
    """(column, key of the table, what it is where nothing is written)."""
    found = ((name, said.key(name, table), said.otherwise) for name, said in kind_of(kind).facts.items())
    return tuple(one for one in found if one[1])


@cache
def shared(kind: Any, told: Any) -> tuple[str, ...]:
    """The columns of a kind of rows that a neutral row (a class of records/model.py) tells under the same name."""
    return tuple(name for name in kind_of(kind).columns if name in told._fields)
