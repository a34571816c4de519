"""What a contract owes the National Bank: the month in figures made from the ledger, the stop when its total is used
up or the books differ, and the way out.

Consumers are told that the service runs in the special regime (51-5.2): the words are in `notice`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from salyq.civil.days import kz_day, kz_midnight
from salyq.civil.messages import Message
from salyq.office.ledger import books
from salyq.office.ledger.assets import shown
from salyq.office.ledger.recount import Recount, last
from salyq.office.pilots import events
from salyq.office.pilots.corridor import ivms
from salyq.office.pilots.events import Event
from salyq.office.pilots.sandbox import contracts, limits
from salyq.office.pilots.sandbox.contracts import Limit
from salyq.office.store.store import Transaction

_RECOUNTS = 60  # more than two days of them
_MOMENT = timedelta(microseconds=1)  # up to now and with it


def notice() -> dict[str, str]:
    """What a consumer is told before anything else, in kk, ru and en."""
    return Message("sandbox_notice").texts()


def months(day: date) -> tuple[datetime, datetime]:
    """The first moments of the month of a day and of the next one."""
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return kz_midnight(first), kz_midnight(following)


@dataclass(slots=True)
class _Month:
    """What a month's events add up to: amounts in tiyn. A payment of which several rows or attempts were cleared is
    one; what was given back is none, and lowers the volume."""

    clients: set[str] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)
    payments: set[str] = field(default_factory=set)
    settled: int = 0
    fees: int = 0
    covered: int = 0

    def add(self, e: Event, begun: Mapping[str, Any]) -> None:
        """`begun`: of a payment abroad, what it began with."""
        b = e.body
        if e.kind == "answer" and b["code"] not in ("00", "10"):
            self.refusals[str(b.get("reason") or b["code"])] += 1
        elif e.kind == "decision" and b["state"] in ("rejected", "expired"):
            self.refusals[str(b.get("reason") or b["state"])] += 1
        elif e.kind == "payment_done" and b["result"] != "ok":
            self.refusals[str(b["reason"])] += 1
        elif e.kind in ("clearing_done", "paid") and b.get("result") != "rejected":
            self._paid(e.subject, int(b["settled"]), int(b["fee"]))
            self.covered += int(b["covered"])
        elif e.kind == "done" and b.get("state") == "fulfilled":
            self._paid(e.subject, int(begun["send_amount"]), int(begun["fee"]))
        if e.holder and e.kind in ("authorisation", "clearing_done", "bought", "paid"):
            self.clients.add(e.holder)
        if e.kind == "payment":
            self.clients.add(ivms.client_of(b["sender"]))

    def _paid(self, subject: str, tiyn: int, fee: int) -> None:
        if tiyn >= 0:
            self.payments.add(subject)
        self.settled += tiyn
        self.fees += fee


def monthly(tx: Transaction, number: str, day: date) -> dict[str, Any]:
    """A contract's month: clients, volume, refusals by reason, limits used, alarms of the books."""
    first, until = months(day)
    found = events.of_contract(tx, number, first, until)
    sent = [e.subject for e in found if e.kind == "done" and e.pilot == "corridor"]
    begun = {k: v[0].body for k, v in events.of_subjects(tx, sent).items() if v}
    month = _Month()
    for e in found:
        month.add(e, begun.get(e.subject, {}))
    alarms = [r for r in last(tx) if r.differences and first <= r.at < until]
    return {
        "contract": number,
        "month": f"{day:%Y-%m}",
        "clients": len(month.clients),
        "payments": len(month.payments),
        "settled_kzt": shown(month.settled, "KZT"),
        "fees_kzt": shown(month.fees, "KZT"),
        "paid_by_issuer_kzt": shown(month.covered, "KZT"),
        "refusals": dict(sorted(month.refusals.items())),
        "limits": _used(tx, number, day),
        "alarms": len(alarms),
        "cite": contracts.ARTICLE,
    }


def _left(tx: Transaction, number: str, day: date) -> list[tuple[Limit, int]]:
    """Each limit of the contract as a whole, and how much of it is left (tiyn)."""
    told = []
    for use in limits.uses(number, "", day, contracts.limits(tx, number, day)):
        if not use.limit.name.startswith("client"):
            account = books.account(tx, use.account)
            left = use.limit.amount if account is None else int(books.balance(tx, use.account).available)
            told.append((use.limit, left))
    return told


def _used(tx: Transaction, number: str, day: date) -> list[dict[str, str]]:
    """Each limit of the contract as a whole: granted, left."""
    return [
        {
            "limit": limit.name,
            "granted_kzt": shown(limit.amount, "KZT"),
            "left_kzt": shown(left, "KZT"),
            "cite": limit.cite,
        }
        for limit, left in _left(tx, number, day)
    ]


def alarmed(tx: Transaction) -> bool:
    """Whether the last count of the whole books or the last sample found a difference: a sample that looks elsewhere
    does not take the alarm of a whole count back."""
    newest: dict[str, Recount] = {}
    for r in last(tx, _RECOUNTS):
        newest.setdefault(r.scope, r)
    return any(r.differences for r in newest.values())


def stands_against(tx: Transaction, number: str) -> str:
    """Why a contract may not run now: its total is used up, or the books differ; empty where it may."""
    if any(limit.name == "total" and left <= 0 for limit, left in _left(tx, number, kz_day(tx.now))):
        return "total"
    return "books_differ" if alarmed(tx) else ""


def stop_where_due(tx: Transaction) -> list[str]:
    """Stops every contract whose total is used up, or whose books raised an alarm; names them. Called by the clock."""
    stopped = []
    for contract in contracts.contracts(tx):
        if contracts.state(tx, contract, tx.now).name != "active":
            continue
        why = stands_against(tx, contract.id)
        if why:
            contracts.say(tx, contract.id, "stopped", why)
            stopped.append(contract.id)
    return stopped


def exit_report(tx: Transaction, number: str, outcome: str) -> dict[str, Any]:
    """The end of a contract: `graduate`, `extend` or `end`, with what clients still have (the list of winding down)."""
    if outcome not in ("graduate", "extend", "end"):
        raise ValueError(outcome)
    found = contracts.contract(tx, number)
    if found is None:
        raise ValueError(number)
    happened = events.of_contract(tx, number, kz_midnight(found.first_day), tx.now + _MOMENT)
    holders = {e.holder for e in happened if e.holder}
    places = [f"{place}/{holder}/" for holder in sorted(holders) for place in ("card", "city")]
    senders = {ivms.account_of(e.body["sender"]) for e in happened if e.kind == "payment"}
    places += [f"corridor/sender/{sender}/" for sender in sorted(senders)]
    owed = [
        {"account": a.id, "asset": a.asset, "left": shown(left, a.asset), "held": shown(int(a.debits_held), a.asset)}
        for place in places
        for a in books.accounts(tx, place)
        if (left := int(a.credits) - int(a.debits)) > 0
    ]
    state = contracts.state(tx, found, tx.now)
    return {
        "contract": number,
        "outcome": outcome,
        "state": state.name,
        "since": state.since.isoformat() if state.since else "",
        "wind_down": owed if outcome == "end" else [],
        "cites": ["nbk-law:51-5.5", contracts.ENDS, "nbk-law:51-5.8"],
    }
