"""What a person, or a row of theirs, states in so many words: law's columns take it over by its name."""

from __future__ import annotations

from functools import cache
from typing import Any

from salyq.records.person import Account
from salyq.rulebook.rows import kind_of


def of_account(kind: Any, account: Account) -> dict[str, Any]:
    """The columns of a row that its account states (`fact(…, stated="account")`)."""
    return {column: account.facts.get(key, otherwise) for column, key, otherwise in _of_accounts(kind)}


@cache
def _of_accounts(kind: Any) -> tuple[tuple[str, str, object], ...]:
    """(column, key of the account, what it is where nothing is written)."""
    found = ((name, said.key(name, "account"), said.otherwise) for name, said in kind_of(kind).facts.items())
    return tuple(one for one in found if one[1])


@cache
def shared(kind: Any, told: Any) -> tuple[str, ...]:
    """The columns of a kind of rows that a neutral row (a class of records/model.py) tells under the same name."""
    return tuple(name for name in kind_of(kind).columns if name in told._fields)
