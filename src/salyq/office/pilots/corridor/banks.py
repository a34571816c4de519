"""A customers' bank speaks for the accounts that it keeps and for no others."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple


class Bank(NamedTuple):
    """`accounts` are patterns of account numbers (`KZ??125*`: any two characters, the bank's code, anything)."""

    name: str
    accounts: tuple[str, ...] = ()

    def keeps(self, number: str) -> bool:
        return any(fnmatchcase(number, pattern) for pattern in self.accounts)
