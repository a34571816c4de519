"""A contract and its state on a day: in force, stopped, ended. The regime's terms are law's, the amounts its own.

Law on the National Bank, chapter 8-2: the special conditions and the contract (51-5.2), the end (51-5.5 to 51-5.8). No
list of limits was published: each limit stands in its contract, and a refusal names that clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from salyq.civil.days import kz_day
from salyq.office.pilots import events, permission
from salyq.office.pilots.permission import Permission
from salyq.office.store.statements import Statements
from salyq.office.store.store import Transaction

SQL = Statements("salyq.office.pilots", "sandbox")
ARTICLE = "nbk-law:51-5.2"
ENDS = "nbk-law:51-5.7"
LIMITS = ("payment", "client_day", "client_month", "client_total", "day", "month", "total", "clients")


class Contract(NamedTuple):
    id: str
    pilot: str
    participant: str
    name: str
    first_day: date
    last_day: date
    terms: Mapping[str, Any]


class Limit(NamedTuple):
    """`amount` in tiyn, of `clients` a number; `cite` its place; `before` the amounts of earlier days."""

    name: str
    amount: int
    cite: str
    from_day: date
    before: tuple[tuple[date, int], ...] = ()


class _LimitRow(NamedTuple):
    name: str
    amount: int
    cite: str
    from_day: date


class State(NamedTuple):
    """not_begun, active, stopped or ended; since when, and why. Where the register does not hold the participant as
    active: register_none, register_suspended, register_revoked …; `register` is what it said."""

    name: str
    since: datetime | None = None
    ground: str = ""
    register: Permission | None = None


class _Said(NamedTuple):
    kind: str
    at: datetime
    body: Mapping[str, Any]


def sign(tx: Transaction, contract: Contract, limits: Mapping[str, int], clause: str = "contract") -> None:
    """Keeps a contract and its limits (tiyn). Signing the same again changes nothing."""
    values = {**contract._asdict(), "terms": Jsonb(dict(contract.terms)), "recorded_at": tx.now}
    if not tx.run(SQL["add_contract"], values):
        return
    for name, amount in limits.items():
        amend(tx, contract.id, name, amount, f"{clause}; {ARTICLE}", contract.first_day)
    body = {"limits": {k: str(v) for k, v in limits.items()}, "cite": ARTICLE}
    about = {"contract": contract.id, "holder": contract.participant}
    events.add(tx, [events.New(f"contract/{contract.id}", "sandbox", "signed", contract.id, tx.now, body, **about)])


def amend(tx: Transaction, contract: str, name: str, amount: int, cite: str, from_day: date) -> None:
    """A limit from a day on, not before that of the amount it changes."""
    had = limits(tx, contract, date.max).get(name)
    if name not in LIMITS or (had is not None and from_day < had.from_day):
        raise ValueError(name)
    row = {"contract": contract, "name": name, "amount": amount, "cite": cite, "from_day": from_day}
    tx.run(SQL["add_limit"], {**row, "recorded_at": tx.now})


def contract(tx: Transaction, number: str) -> Contract | None:
    return tx.one(Contract, SQL["contract"], {"id": number})


def contracts(tx: Transaction, pilot: str | None = None) -> list[Contract]:
    return tx.all(Contract, SQL["contracts"], {"pilot": pilot})


def limits(tx: Transaction, number: str, day: date) -> dict[str, Limit]:
    """The limits in force on a day, by name."""
    found: dict[str, Limit] = {}
    for row in tx.all(_LimitRow, SQL["limits"], {"contract": number, "day": day}):
        old = found.get(row.name)
        before = () if old is None else (*old.before, (old.from_day, old.amount))
        found[row.name] = Limit(row.name, int(row.amount), row.cite, row.from_day, before)
    return found


def state(tx: Transaction, found: Contract, now: datetime) -> State:
    """What the contract is at a moment: its own days and stops first, then what the register says of it."""
    day = kz_day(now)
    if day < found.first_day:
        return State("not_begun")
    said = tx.all(_Said, SQL["states"], {"contract": found.id, "now": now})
    last = said[-1] if said else None
    if last is not None and last.kind == "ended":
        return State("ended", last.at, str(last.body.get("ground", "")))
    if day > found.last_day:
        return State("ended", None, "term")
    if last is not None and last.kind == "stopped":
        return State("stopped", last.at, str(last.body.get("ground", "")))
    said_there = permission.asked(tx, permission.SANDBOX, found.id, day)
    if said_there.status != permission.ACTIVE:
        return State(f"register_{said_there.status}", None, said_there.status, said_there)
    return State("active", register=said_there)


def say(tx: Transaction, number: str, kind: str, ground: str, cite: str = ARTICLE) -> None:
    """Stops, resumes or ends a contract, with its ground."""
    if kind not in ("stopped", "resumed", "ended"):
        raise ValueError(kind)
    body = {"ground": ground, "cite": cite}
    name = f"contract/{number}/{kind}/{tx.now.isoformat()}"
    events.add(tx, [events.New(name, "sandbox", kind, number, tx.now, body, contract=number)])
