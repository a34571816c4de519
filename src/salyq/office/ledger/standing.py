"""How the books stand for the judge: accounts, holds and answers in memory, and the rows that a batch adds to them."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple, Protocol

from salyq.office.ledger.model import Limit, Result


class Kind(IntEnum):
    """What a transfer does. The numbers stand in the database."""

    PLAIN = 0
    HOLD = 1
    POST = 2
    VOID = 3
    EXPIRE = 4


@dataclass(slots=True)
class Account:
    """An account as it stands: totals of what was posted and of what is held, in whole units."""

    no: int
    id: str
    asset: str
    code: str
    limit: Limit
    rounding: bool
    position: int  # of the request that made it
    closed: bool = False
    debits_held: int = 0
    debits: int = 0
    credits_held: int = 0
    credits: int = 0


@dataclass(slots=True)
class Held:
    """A hold of the request `name`; `open` until it was posted, voided or expired."""

    name: str
    n: int
    position: int
    debit: Account
    credit: Account
    amount: int
    expires: datetime
    open: bool = True


class Given(NamedTuple):
    """An answer given before."""

    digest: bytes
    result: Result
    position: int | None
    moved: int | None
    step: int | None = None


class TransferRow(NamedTuple):
    """A row of `transfer`, in the order of its columns."""

    position: int
    n: int
    kind: int
    debit: int
    credit: int
    amount: int
    released: int
    hold: int | None
    hold_n: int | None
    expires: datetime | None
    code: str
    effective: datetime
    recorded: datetime


class RequestRow(NamedTuple):
    """A row of `request`."""

    id: str
    digest: bytes
    result: str
    position: int | None
    moved: int | None
    step: int | None
    recorded: datetime


class Known(Protocol):
    """What the judge may ask: accounts by id, holds by the request that made them and their
    number in it, answers by id."""

    accounts: MutableMapping[str, Account]
    holds: MutableMapping[tuple[str, int], Held]
    answers: MutableMapping[str, Given]


@dataclass(slots=True)
class Rows:
    """What a judged batch adds to the books."""

    requests: list[RequestRow] = field(default_factory=list)
    transfers: list[TransferRow] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    switches: list[tuple[int, int, int, bool, datetime]] = field(default_factory=list)  # position, n, account, closed
    ended: list[Held] = field(default_factory=list)
