"""What a request to the ledger is, and what it is answered. Amounts are whole units of an asset (tiyn, satoshi)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from salyq.civil.errors import SalyqError
from salyq.civil.messages import Message


class Result(StrEnum):
    """The words of an answer (a contract: other programs compare them)."""

    OK = "ok"
    EXISTS = "exists"
    DIFFERENT_CONTENT = "different_content"
    ACCOUNT_NOT_FOUND = "account_not_found"
    SAME_ACCOUNT = "same_account"
    DIFFERENT_ASSETS = "different_assets"
    EXCEEDS_CREDITS = "exceeds_credits"
    EXCEEDS_DEBITS = "exceeds_debits"
    ACCOUNT_CLOSED = "account_closed"
    HOLD_NOT_FOUND = "hold_not_found"
    HOLD_ALREADY_ENDED = "hold_already_ended"
    EXCEEDS_HOLD = "exceeds_hold"
    INVALID = "invalid"


class Limit(StrEnum):
    """What may never happen to an account. What is held counts on the side that is limited, never on the other."""

    NONE = "none"
    DEBITS = "debits_must_not_exceed_credits"
    CREDITS = "credits_must_not_exceed_debits"


class Balancing(StrEnum):
    """Move at most the amount: as much as the limit of this side would let pass, were it limited."""

    NONE = ""
    DEBIT = "debit"
    CREDIT = "credit"


class NewAccount(NamedTuple):
    """An account to be made. A rounding account takes at most one unit a transfer (L8)."""

    id: str
    asset: str
    code: str = ""
    limit: Limit = Limit.NONE
    rounding: bool = False


class Move(NamedTuple):
    """`amount` whole units from the account `debit` to the account `credit`."""

    debit: str
    credit: str
    amount: int
    code: str = ""
    balancing: Balancing = Balancing.NONE


class Opening(NamedTuple):
    """Makes accounts, all or none."""

    accounts: tuple[NewAccount, ...]


class Chain(NamedTuple):
    """Moves one after the other, all or none."""

    moves: tuple[Move, ...]


class Hold(NamedTuple):
    """Keeps an amount for `seconds`; the hold is named by its request."""

    move: Move
    seconds: int


class End(NamedTuple):
    """Ends a hold: posts `amount` of it (None: all) and releases the rest, or voids it. `n` is the hold's number in a
    request of several steps."""

    hold: str
    post: bool
    amount: int | None = None
    n: int = 0


class Linked(NamedTuple):
    """Moves, holds and ends of holds, one after the other, all or none."""

    steps: tuple[Move | Hold | End, ...]


class Switch(NamedTuple):
    """Closes accounts, or opens them again."""

    accounts: tuple[str, ...]
    closed: bool


class Fault(NamedTuple):
    """Content that is no request: where, what stands there, what would be right."""

    column: str
    value: str
    message: Message


Content = Opening | Chain | Hold | End | Linked | Switch | Fault


class Request(NamedTuple):
    """One request. `digest` is the SHA-256 of its whole content in canonical JSON; `effective` None means now."""

    id: str
    digest: bytes
    content: Content
    effective: datetime | None = None


class Answer(NamedTuple):
    """The answer to a request, for ever. `position` numbers accepted requests without a gap; `moved` is what a
    balancing move came to; `step` is the one that failed, of a request of several."""

    request: str
    result: Result
    position: int | None = None
    moved: int | None = None
    step: int | None = None

    @property
    def accepted(self) -> bool:
        """True where the books hold this request, made now or before."""
        return self.position is not None and self.result in (Result.OK, Result.EXISTS)

    def as_json(self) -> dict[str, object]:
        """The line of a results file."""
        line: dict[str, object] = {"request": self.request, "result": self.result.value}
        if self.position is not None:
            line["position"] = self.position
        if self.step is not None:
            line["step"] = self.step
        if self.moved is not None:
            line["moved"] = str(self.moved)
        return line


class Written(NamedTuple):
    """A statement that is kept with the books or not at all; the database's `role` must allow it."""

    role: str
    statement: bytes
    params: Mapping[str, Any]


class Standing(NamedTuple):
    """The books after a task was judged: `now` is the time that is recorded, `taken` what an account was debited and
    what of it is held for debits, by its id."""

    now: datetime
    taken: Callable[[str], int]


# Told the answers to a task's requests, it says what is to be kept with them. Asked again when a batch is repeated.
Along = Callable[[Sequence[Answer], Standing], Sequence[Written]]


class Task(NamedTuple):
    """Requests that are judged one after the other, and what is kept in the same transaction as they are."""

    requests: Sequence[Request]
    along: Along | None = None


class FencedError(SalyqError):
    """Another sequencer took over: this one may never write again."""

    exit_code = 1

    def __init__(self) -> None:
        super().__init__(Message("ledger_fenced", {}))
