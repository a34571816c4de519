"""What the books say: balances and statements at (effective, known), and the transfers of a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.office.ledger.model import Limit
from salyq.office.ledger.standing import Kind
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.ledger", "books")
_LIMITS = (Limit.NONE, Limit.DEBITS, Limit.CREDITS)
_KINDS = {k.value: k.name.lower() for k in Kind}


class AccountRow(NamedTuple):
    """An account as it stands now."""

    no: int
    id: str
    asset: str
    code: str
    limited: int
    rounding: bool
    closed: bool
    debits: int
    credits: int
    debits_held: int
    credits_held: int
    position: int
    recorded: datetime

    @property
    def limit(self) -> Limit:
        return _LIMITS[self.limited]


@dataclass(frozen=True, slots=True)
class Balance:
    """Totals in whole units of the asset. `available` is what a debit may still take where credits limit debits."""

    account: str
    asset: str
    debits: int
    credits: int
    debits_held: int
    credits_held: int
    closed: bool = False

    @property
    def available(self) -> int:
        return self.credits - self.debits - self.debits_held

    def as_json(self) -> dict[str, str]:
        """The contract's form: amounts as text."""
        return {
            "account": self.account,
            "asset": self.asset,
            "debits": str(self.debits),
            "credits": str(self.credits),
            "debits_held": str(self.debits_held),
            "credits_held": str(self.credits_held),
        }


class Line(NamedTuple):
    """A line of a statement. `amount` is signed: credits above zero; `held` counts the debit side, `balance` is
    credits less debits after the line."""

    position: int
    n: int
    request: str | None  # None: the clock ended a hold
    kind: str
    other: str
    amount: int
    held: int
    balance: int
    held_after: int
    code: str
    effective: datetime
    recorded: datetime


class Moved(NamedTuple):
    """One transfer of a request, with the names of its accounts."""

    position: int
    n: int
    kind: int
    debit: str
    credit: str
    asset: str
    amount: int
    released: int
    hold: int | None
    expires: datetime | None
    code: str
    effective: datetime
    recorded: datetime


def account(tx: Transaction, name: str) -> AccountRow | None:
    """The account as it stands, or None."""
    return tx.one(AccountRow, SQL["account"], {"id": name})


def accounts(tx: Transaction, prefix: str = "", *, after: int = 0, limit: int = 1000) -> list[AccountRow]:
    """Accounts whose id begins with `prefix`, in the order in which they were made."""
    like = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return tx.all(AccountRow, SQL["accounts"], {"like": like, "after": after, "limit": limit})


def balance(tx: Transaction, name: str, *, at: datetime | None = None, known: datetime | None = None) -> Balance:
    """The balance effective at `at` as known at `known`; without either, as it stands now. A hold whose time is up
    does not count, whether or not the clock's job has ended it yet. InputError where there is no such account."""
    found = account(tx, name)
    if found is None:
        raise InputError(Message("ledger_no_account", {}), column="ACCOUNT", value=name)
    now = max(tx.now, tx.value(SQL["latest"]))
    if at is None and known is None:
        debit, credit = tx.values(SQL["lapsed"], {"no": found.no, "now": now})[0]
        held = int(found.debits_held) - int(debit), int(found.credits_held) - int(credit)
        return Balance(name, found.asset, int(found.debits), int(found.credits), *held, found.closed)
    known = known or now
    if at is None:  # everything known then, whenever effective; a hold counts until its time
        debits, credits, debits_held, credits_held = _folded(tx, found.no, None, known)
    else:
        debits, credits, debits_held, credits_held = _folded(tx, found.no, at, known)
    switches = tx.values(SQL["closed_then"], {"no": found.no, "then": known if at is None else min(at, known)})
    closed = bool(switches and switches[0][0])  # an account is made open
    return Balance(name, found.asset, debits, credits, debits_held, credits_held, closed)


def taken(tx: Transaction, names: list[str]) -> dict[str, int]:
    """What was debited or is held for debits, by account, as the books stand."""
    return {name: int(units) for name, units in tx.values(SQL["taken"], {"ids": names})}


def taken_before(tx: Transaction, name: str, position: int, n: int) -> tuple[int, int]:
    """(debited, held for debits) of an account before a transfer of the books."""
    row = tx.values(SQL["taken_before"], {"id": name, "position": position, "n": n})[0]
    return int(row[0]), int(row[1])


def _folded(tx: Transaction, no: int, at: datetime | None, known: datetime) -> tuple[int, int, int, int]:
    params = {"no": no, "at": at or "infinity", "known": known, "open_at": at or known}
    debits, credits, debits_held, credits_held = map(int, tx.values(SQL["folded"], params)[0])
    return debits, credits, debits_held, credits_held


def statement(
    tx: Transaction, name: str, *, after: int = 0, known: datetime | None = None, limit: int = 1000
) -> list[Line]:
    """Up to `limit` lines in the order of the books after position `after`, with running totals."""
    found = account(tx, name)
    if found is None:
        raise InputError(Message("ledger_no_account", {}), column="ACCOUNT", value=name)
    params = {"no": found.no, "after": after, "known": known or max(tx.now, tx.value(SQL["latest"])), "limit": limit}
    rows = tx.dicts(SQL["lines"], params)
    total, held, _ = map(int, tx.values(SQL["before"], params)[0])
    names = dict(tx.values(SQL["names"], {"nos": list({r["other"] for r in rows})}))
    asked = dict(tx.values(SQL["requests"], {"positions": list({r["position"] for r in rows})}))
    lines: list[Line] = []
    for r in rows:
        kind, amount, released = r["kind"], int(r["amount"]), int(r["released"])
        posted = 0 if kind == Kind.HOLD else amount if not r["is_debit"] else -amount
        kept = (amount if kind == Kind.HOLD else -released) if r["is_debit"] else 0
        total, held = total + posted, held + kept
        lines.append(
            Line(
                r["position"],
                r["n"],
                asked.get(r["position"]),
                _KINDS[kind],
                names[r["other"]],
                posted,
                kept,
                total,
                held,
                r["code"],
                r["effective"],
                r["recorded"],
            )
        )
    return lines


def transfers_of(tx: Transaction, requests: list[str]) -> list[Moved]:
    """What accepted requests moved, and how their holds ended, in the order of the books."""
    made = tx.all(Moved, SQL["of_request"], {"ids": requests})
    ends = tx.all(Moved, SQL["ends_of"], {"positions": [m.position for m in made if m.kind == Kind.HOLD]})
    seen = {(m.position, m.n) for m in made}
    both = made + [e for e in ends if (e.position, e.n) not in seen]
    return sorted((_whole(m) for m in both), key=lambda m: (m.position, m.n))


def _whole(m: Moved) -> Moved:
    return m._replace(amount=int(m.amount), released=int(m.released))
